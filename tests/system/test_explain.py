# SPDX-License-Identifier: BSD-2-Clause
"""`sdei explain`: each reason that a machine can be brought to have; `sdei list`, `sdei
doctor`.
What a kernel cannot be brought to, a socket in a run folder says in the firmware's
place; the lines are docs/control.md's."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import patience
from machine import BUILD
from test_inject_tool import Firmware
from test_ras import MASK_INITRD, PROCESSOR, QUEUE, fill

SDEI = os.path.join(BUILD, "sdei")


def found(machine, event, *args):
    """{cause: [PEs]} of an event, and all sentences."""
    answer = machine.control("explain", event, *args)
    return ({f["cause"]: f.get("pe") for f in answer["found"]},
            " ".join(f["text"] for f in answer["found"]))


def test_reasons(boot):
    """Of a kernel that runs, with a CPU off, and that has panicked in a handler."""
    machine = boot(smp=4, append="panic=0")
    assert found(machine, "memory-corrected")[0] == {"none": [0, 1, 2, 3], "free": None}
    assert found(machine, "0")[0] == {"unregistered": [0, 1, 2, 3]}

    machine.run("echo 0 > /sys/devices/system/cpu/cpu2/online")
    assert found(machine, "memory-corrected")[0] == \
        {"none": [0, 1, 3], "off": [2], "free": None}
    assert found(machine, "0", "--pe=2")[0] == {"off": [2]}

    pe = machine.inject("memory", "fatal", address=0x50001000)["pe"]
    machine.expect("---. end Kernel panic")
    causes, text = found(machine, "memory-fatal")
    assert causes == {"running": None, "free": None}   # acknowledged, then panic
    assert re.search(rf"its handler at 0x[0-9a-f]{{16}} runs on PE {pe}, for "
                     r"\d+\.\d{3} s: it interrupted 0x[0-9a-f]{16}, PSTATE 0x\w+", text)
    # A fatal event is critical, so it is in the way of all others.
    causes, text = found(machine, "memory-corrected", f"--pe={pe}")
    assert "is registered" not in text
    assert set(causes) & {"busy", "masked"}


def test_kernel_without_room(boot):
    """A CPU masks interrupts, and so never works on the errors that it took."""
    if os.environ.get("KERNEL"):
        pytest.skip("the module is for Debian's kernel")
    machine = boot(smp=2, initrd=MASK_INITRD,
                   append="nowatchdog rcupdate.rcu_cpu_stall_suppress=1")
    machine.run("insmod /mask.ko ms=1000000000 cpus=1; sleep 1")
    refused, _ = fill(machine, "processor-corrected", PROCESSOR, 200)
    causes, text = found(machine, "processor-corrected")
    assert {"held", "dropped"} <= set(causes)
    assert f"{QUEUE} records are held back until the kernel has worked" in text
    assert f"{refused} records were dropped" in text


EVENT = ("event number=0x40000100 name=memory-corrected type=shared priority=normal "
         "routing={routing} registered={r} enabled={e} running=0 pending={p} entry=0x1230")
PRIVATE = ("event number=0x0 name=signalled type=private priority=normal routing=pe "
           "pe={pe} registered=1 enabled={e} running={run} pending=0 entry=0x4560")
SOURCE = ("source name=memory-corrected event=0x40000100 injected=9 published=4 "
          "acknowledged=3 queued=5 held=0 dropped=0 again=7 withdrawn=0 busy=1 "
          "state=overdue since=2000000000")


def lines(*events, masked="000", source=()):
    return "\n".join((
        "machine pes=3 time=5500000000 ram=0x40000000+0x1000 tables=acpi client=EL2",
        *(f"pe index={n} affinity={n:#x} power=on masked={m} undefined=0"
          for n, m in enumerate(masked)), *events, *source, "ok"))


def explained(folder, event, status, trace="ok lost=0"):
    firmware = Firmware(folder)
    firmware.answer = lambda request: status if request == "status" else trace
    done = subprocess.run(
        [SDEI, "explain", event], capture_output=True, text=True, check=False,
        env=patience.environment(XDG_RUNTIME_DIR=str(folder)),
        timeout=patience.seconds(60))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_disabled(short_path):
    assert explained(short_path, "0x40000100", lines(
        EVENT.format(routing="any", r=1, e=0, p=1))) == [
            "event 0x40000100 (memory-corrected): shared, normal priority, pending",
            "- a handler is registered and not enabled (EVENT_ENABLE, 5.1.3)."]


def test_routed_to_a_masked_pe(short_path):
    assert explained(short_path, "memory-corrected", lines(
        EVENT.format(routing="pe pe=1", r=1, e=1, p=1), masked="010"))[1:] == [
            "- it is routed to PE 1 alone (ROUTING_SET, 5.1.11).",
            "- PE 1: masks events (PE_MASK, 5.1.12, or not unmasked since it came on; "
            "since when, only a traced machine tells: 'sdei run --trace')."]


def test_masked_and_busy(short_path):
    """One masks events, on one a handler of the same priority runs since 1.5 s."""
    status = lines(
        EVENT.format(routing="any", r=1, e=1, p=0),
        PRIVATE.format(pe=0, e=1, run=0), PRIVATE.format(pe=1, e=1, run=1),
        PRIVATE.format(pe=2, e=0, run=0), masked="101")
    trace = ("trace time=3000000000 pe=1 enter event=0x0 pc=0xfff0 pstate=0x3c9\n"
             "trace time=3100000000 pe=1 complete event=0x0 how=complete\n"
             "trace time=4000000000 pe=1 enter event=0x0 pc=0xffff pstate=0x3c5\n"
             "ok lost=0")
    runs = "for 1.500 s: it interrupted 0xffff, PSTATE 0x3c5"
    assert explained(short_path, "memory-corrected", status, trace)[1:] == [
        "- PEs 0, 2: mask events (PE_MASK, 5.1.12, or not unmasked since it came on; "
            "since when, only a traced machine tells: 'sdei run --trace').",
        "- PE 1: the handler of event 0x0 (signalled), of normal priority, runs at "
        f"0x4560, {runs}."]


def test_private_in_its_handler(short_path):
    status = lines(PRIVATE.format(pe=0, e=1, run=0), PRIVATE.format(pe=1, e=1, run=1),
                   PRIVATE.format(pe=2, e=0, run=0))
    assert explained(short_path, "0", status)[1:] == [
        "- PE 0: nothing keeps it; it is delivered there at once.",
        "- PE 1: its handler at 0x4560 runs. The next one begins when that completes.",
        "- PE 2: a handler is registered and not enabled (EVENT_ENABLE, 5.1.3)."]


def test_overdue(short_path):
    said = explained(short_path, "memory-corrected", lines(
        EVENT.format(routing="any", r=1, e=1, p=0), source=(SOURCE,)))
    assert said[2:] == [
        "- source memory-corrected: handlers have ended and nobody acknowledged the "
        "record that is shown since 3.500 s; its events were raised again 7 times. A "
        "kernel without room for a record drops it so.",
        "- source memory-corrected: 5 more records wait behind it."]


@pytest.mark.parametrize("word", ("state=overdue", "since=2000000000", "again=7"))
def test_another_version(short_path, word):
    """A line without a word that is wanted: a sentence, not a crash."""
    firmware = Firmware(short_path)
    status = lines(EVENT.format(routing="any", r=1, e=1, p=0),
                   source=(SOURCE.replace(word, ""),))
    firmware.answer = lambda request: status if request == "status" else "ok lost=0"
    done = subprocess.run(
        [SDEI, "explain", "memory-corrected"], capture_output=True, text=True, check=False,
        env=patience.environment(XDG_RUNTIME_DIR=str(short_path)),
        timeout=patience.seconds(60))
    assert done.returncode == 4
    assert "of another version" in done.stderr


@pytest.mark.parametrize("args, why", (
    (["explain"], "which EVENT? 'sdei status' lists them"),
    (["explain", "5"], "machine 'default' has no event '5': 'sdei status' lists"),
    (["explain", "0", "--pe=3"], "machine 'default' has no PE '3'"),
    (["explain", "0", "1"], "'1' is one argument too many"),
    (["list", "x"], "'x' is one argument too many"),
    (["doctor", "x"], "'x' is one argument too many")))
def test_wrong(short_path, args, why):
    firmware = Firmware(short_path)
    firmware.answer = lambda request: lines(PRIVATE.format(pe=0, e=1, run=0))
    done = subprocess.run(
        [SDEI, *args], capture_output=True, text=True, check=False,
        env=patience.environment(XDG_RUNTIME_DIR=str(short_path)),
        timeout=patience.seconds(60))
    assert done.returncode == 2
    assert why in done.stderr


def test_list(short_path):
    """Machines and guests; what does not run any more is not named."""
    def listed(*args):
        return subprocess.run(
            [SDEI, "list", *args], capture_output=True, text=True, check=True,
            env=patience.environment(XDG_RUNTIME_DIR=str(short_path)),
            timeout=patience.seconds(60)).stdout

    assert listed() == ""
    Firmware(short_path)
    (short_path / "opensdei" / "stray").write_text("no machine's", encoding="ascii")
    guest = Firmware(short_path, base="opensdei-vm")
    control = f"{short_path}/opensdei{{}}/default/control.sock"
    assert listed().split() == ["machine", "default", control.format(""),
                                "guest", "default", control.format("-vm")]
    guest.lock.close()
    assert json.loads(listed("--json")) == [
        {"kind": "machine", "name": "default", "control": control.format("")}]


def doctor(path, *args):
    return subprocess.run(
        [SDEI, "doctor", *args], capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path}, timeout=patience.seconds(60))


OLD = ": too old, 7.2 is the oldest that serves"


def machines():
    """Names and images of the platforms, as their run.h say."""
    lines = [(path.parent.name, path.read_text(encoding="ascii"))
             for path in Path("firmware/platform").glob("*/run.h")]
    named = [re.search(r'RUN\("([^"]+)", "([^"]+)"', text).groups()
             for _, text in lines]
    return sorted(named, key=lambda pair: pair[0] != "virt")


@pytest.mark.parametrize("says, found, mend", (
    (None, "qemu-system-aarch64 is not installed", "apt-get install qemu-system-arm"),
    *((f"QEMU emulator version {n}", f"QEMU emulator version {n}{OLD}",
       "apt-get install qemu-system-arm") for n in ("6.2.0", "7.1.0")),
    *((f"QEMU emulator version {n}", f"QEMU emulator version {n}", None)
      for n in ("7.2.22 (Debian 1:7.2)", "8.0.0", "11.1.3 (Debian 1:11.1.3+ds-1)"))))
def test_doctor(tmp_path, says, found, mend):
    """Of a QEMU that is missing, too old, and good; the firmware is built, and whether
    there is a KVM is nothing to `sdei run`."""
    if says:
        qemu = tmp_path / "qemu-system-aarch64"
        qemu.write_text(f"#!/bin/sh\necho '{says}'\necho more\n", encoding="ascii")
        qemu.chmod(0o755)
    done = doctor(str(tmp_path), "--json")
    qemu, *firmware, kvm, python = json.loads(done.stdout)
    assert (qemu["ok"], qemu["found"], qemu.get("mend")) == (mend is None, found, mend)
    assert [(f["what"], f["found"].split(":")[0], f["required"]) for f in firmware] == [
        (f"firmware for {name}", os.path.abspath(f"{BUILD}/opensdei-{images}.bin"),
         name == "virt") for name, images in machines()]
    assert firmware[0]["ok"]
    assert not kvm["required"]
    assert not python["required"] and python["ok"]      # the tests' packages bring it
    assert done.returncode == (0 if mend is None else 1)
    words = doctor(str(tmp_path)).stdout
    assert words.startswith("ok " if mend is None else "MISSING ")
    assert mend is None or f"sdei run, sdei conformance needs it: {mend}" in words


def test_doctor_of_an_installed_one(tmp_path):
    """What is missing beside an installed program no `make` in its folder brings."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = shutil.copy(SDEI, folder)
    done = subprocess.run([program, "doctor", "--json"], capture_output=True, text=True,
                          check=False, timeout=patience.seconds(60))
    firmware = json.loads(done.stdout)[1]
    assert done.returncode == 1
    assert firmware["found"].startswith(f"{folder}/../share/opensdei/opensdei-qemu-virt.bin: ")
    assert firmware["mend"].startswith("'make install PARTS=firmware'")
