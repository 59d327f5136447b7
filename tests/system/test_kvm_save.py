# SPDX-License-Identifier: BSD-2-Clause
"""Guests of sdei-vmm that are saved and go on in a fresh process: no event is
lost or doubled, no register changes, and the guest does not notice."""

import os
import re
import time

import pytest

import patience
from guest import LINUX
from patience import Patience
from test_kvm import LINUX_MORE

SAVES = 60
BURST = 3  # errors at once: some wait in the queue while a guest is saved
STALLS = "stall|lockup|hung|unstable|BUG|WARNING|Call trace"


def inject_until(machine, stop):
    """Errors one after the other, until there is the file `stop`. A request that
    no process takes is repeated; those that were carried out are counted."""
    machine.host.run(
        f"{{ (n=0; while [ ! -e {stop} ]; do sdei-vmm -c {machine.socket} "
        "--ask \"inject memory severity=corrected "
        f"address=$((0x48000000+n*4096)) count={BURST}\" >> {stop}.ok 2>/dev/null && "
        f"n=$(((n+{BURST})%4096)); usleep 50000; done; touch {stop}.end) & }}")


def test_every_second(host, booted):
    """A minute and more of errors and of checked registers, saved and resumed
    every second."""
    if host.mode != "vhe":
        pytest.skip("one host mode is enough: the other tests take both")
    machine = booted(LINUX + " -A -s 2 -m 160")
    stop = machine.folder + "/stop"
    machine.type("burn until /tmp/saved &")
    inject_until(machine, stop)
    for _ in range(SAVES):
        time.sleep(1)
        assert machine.save("/tmp/guest")
        machine.resume("/tmp/guest")
    machine.host.run(f"touch {stop}; while [ ! -e {stop}.end ]; do "
                     "usleep 100000; done")
    machine.type("touch /tmp/saved; wait $!; echo @burn $?")
    machine.wait("@burn 0")
    assert not machine.seen("[1-9][0-9]* mismatches")
    answers = machine.host.run(f"cat {stop}.ok")
    sequence = [int(n) for n in re.findall(r"^ok sequence=(\d+)", answers,
                                           re.MULTILINE)]
    errors = BURST * len(sequence)
    assert sequence == list(range(BURST, errors + 1, BURST))
    assert machine.acknowledged(errors)
    source = machine.status("source")[0]
    assert source["injected"] == source["published"] \
        == source["acknowledged"] == str(errors)
    assert source["dropped"] == source["queued"] == "0"
    pes = machine.status("pe")
    assert sum(int(pe["dispatches"]) for pe in pes) == errors
    assert sum(int(pe["completions"]) for pe in pes) == errors
    machine.type(f"dmesg | grep -i -E \"{STALLS}\"; echo @stalls $?")
    machine.wait("@stalls 1")


def test_conformance(host, guest):
    """The payload that judges a dispatcher does not find out that it moves."""
    if host.mode != "vhe":
        pytest.skip("one host mode is enough: the other tests take both")
    machine = guest("-p /boot/conformance.bin -m 576 -s 2")
    judging = Patience(300)
    saves = 0
    while not judging.over():
        time.sleep(1)
        if machine.seen("@exit") or not machine.save("/tmp/guest"):
            break
        machine.resume("/tmp/guest")
        saves += 1
    machine.wait("@exit 0")
    report = host.run(f"cat {machine.console}")
    assert not re.findall(r"^not ok .*(?:\n  .*)*", report, re.MULTILINE)
    passed = re.findall(r"^ok \d+", report, re.MULTILINE)
    assert f"1..{len(passed)}" in report.splitlines()
    assert len(passed) >= 500
    assert saves >= 10


def test_pending_interrupt(host, guest):
    """A device's interrupt that the guest has not taken is there when it goes on."""
    if host.mode != "vhe":
        pytest.skip("one host mode is enough: the other tests take both")
    if os.environ.get("KERNEL"):
        pytest.skip("the module is for Debian's kernel")
    machine = guest(LINUX_MORE + " -A -s 1 -m 256")
    machine.wait("guest#")
    machine.type(f"insmod /bin/mask.ko cpus=0 ms={1000 * patience.seconds(5)}; "
                 "usleep 100000; echo @unmasked")
    machine.wait("mask: CPU 0 masks interrupts")
    machine.type("echo @typed")
    time.sleep(1)
    assert machine.save("/tmp/guest")
    assert not machine.count("^@unmasked")
    machine.resume("/tmp/guest")
    machine.wait("^@unmasked")
    machine.wait("^@typed")


def test_devices_and_power(booted):
    """A vcpu that is off stays off and comes on; the clock stood still; the
    guest can be reset when its kernel is named."""
    machine = booted(LINUX + " -A -s 2 -m 160")
    began = time.monotonic()
    machine.type("echo 0 > /sys/devices/system/cpu/cpu1/online; "
                 "cat /proc/uptime; echo @off")
    machine.wait("^@off")
    before = float(machine.seen("^[0-9]+[.][0-9]+ [0-9]+[.]").split()[0])
    assert machine.save("/tmp/guest")
    saved = time.monotonic()
    time.sleep(10)
    ran = saved - began
    resumed = time.monotonic()
    machine.resume("/tmp/guest", LINUX)
    machine.type("cat /proc/uptime; echo @again")
    machine.wait("^@again")
    ran += time.monotonic() - resumed
    after = float(machine.seen("^[0-9]+[.][0-9]+ [0-9]+[.]").split()[0])
    assert after < before + ran + 1
    assert machine.status("pe")[1]["masked"] == "1"
    machine.type("echo 1 > /sys/devices/system/cpu/cpu1/online; echo @on")
    machine.wait("^@on")
    assert machine.status("pe")[1]["masked"] == "0"
    machine.ask("inject memory severity=corrected address=0x48000000")
    machine.type("until dmesg | grep -q physical_address; do sleep 1; done; "
                 "dmesg | grep Hardware.Error; reboot -f")
    machine.wait("physical_address: 0x0*48000000")
    machine.wait("opensdei-guest: ready")


def test_a_save_that_fails(host, booted):
    """The guest just goes on, and no part of a file is left."""
    machine = booted(LINUX + " -A -s 2 -m 160")
    small = machine.folder + "/small"
    host.run(f"mkdir {small}; mount -t tmpfs -o size=4m none {small}")
    for request, why in ((f"save file={small}/guest", "No space left"),
                         ("save file=/nowhere/guest", "No such file"),
                         ("save file=" + "x" * 241, "longer than 240"),
                         ("save file=", "save needs file=PATH")):
        answer = host.run(f"sdei-vmm -c {machine.socket} --ask '{request}'",
                          check=False)
        assert answer.startswith("error ") and why in answer
    assert host.run(f"ls -A {small}") == ""
    machine.ask("inject memory severity=corrected address=0x48000000")
    assert machine.acknowledged(1)
    machine.type("echo @alive")
    machine.wait("^@alive")
    host.run(f"umount {small}")


def test_wrong_files(host, booted):
    """What is no saved guest, or one of another format, is refused with a
    sentence."""
    machine = booted(LINUX + " -A -s 2 -m 160")
    assert machine.save("/tmp/good")
    assert "-rw-------" in host.run("ls -l /tmp/good")
    host.run("cp /tmp/good /tmp/other; printf '\\1' | "
             "dd of=/tmp/other bs=1 seek=8 conv=notrunc 2>/dev/null; "
             "head -c 1000000 /tmp/good > /tmp/short; "
             "cp /tmp/good /tmp/bad; printf 'x' | "
             "dd of=/tmp/bad bs=1 seek=3000000 conv=notrunc 2>/dev/null")
    for name, why in (("other", "its format is version 1, and this sdei-vmm "
                                "reads version 5 only"),
                      ("short", "it ends early"),
                      ("bad", "its checksum is wrong"),
                      ("none", "No such file or directory")):
        answer = host.run(f"sdei-vmm --resume /tmp/{name} < /dev/null 2>&1; "
                          "echo @$?")
        assert f"sdei-vmm: /tmp/{name}: {why}" in answer
        assert "@1" in answer
    host.run("rm -f /tmp/other /tmp/short /tmp/bad")
    machine.resume("/tmp/good")
    machine.type("echo @well")
    machine.wait("^@well")


def test_bad_memory(host, booted):
    """A guest with a page that went bad is not saved, and goes on."""
    if host.mode != "vhe":
        pytest.skip("Linux at EL2 without VHE refuses SDEI: no error reaches it")
    machine = booted(LINUX + " -A -s 2 -m 160")
    _, physical = machine.page_of_a_process()
    host.inject("memory", "recoverable", address=physical)
    machine.wait("@hog 0")
    assert "error some of the guest's memory went bad" in host.run(
        f"sdei-vmm -c {machine.socket} --ask 'save file=/tmp/bad'; ls /tmp/bad*",
        check=False)
    machine.type("echo @alive")
    machine.wait("^@alive")


def test_confined(host, guest):
    """No thread has a system call that it does not need."""
    machine = guest("-p /boot/conformance.bin -m 1024 -s 2")
    machine.wait("^ok 1 ")
    threads = host.run("grep -h Seccomp: /proc/$(pidof sdei-vmm)/task/*/status")
    assert threads.split() == 3 * ["Seccomp:", "2"]
