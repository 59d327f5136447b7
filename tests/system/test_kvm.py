# SPDX-License-Identifier: BSD-2-Clause
"""Guests of sdei-vmm, on an unmodified Linux host on our firmware: unmodified
kernels find SDEI, error records reach them, no register is lost; the conformance
payload passes at EL1 by HVC."""

import json
import os
import re
import subprocess

import pytest

import follow
import patience
from guest import LINUX
from patience import wait_for
from test_trace import SDEI, followed, perfetto, read

INJECTIONS = 500
RECORDS = 64        # of a source that the guest has room for: its HEST
BURST = 25          # the queue has 33 beside the one that is shown
STORM_CALLS = 20000
# The same guest with what only tests run in it, and with a second kernel, too.
LINUX_MORE = LINUX.replace("/boot/initrd", "/more.cpio")
LINUX_SECOND = LINUX.replace("/boot/initrd", "/second.cpio")
# The same VMM, with address and undefined-behaviour sanitizers (kvm/rules.mk).
SANITIZED = "sdei-vmm-san"
# What one handler may cost: docs/kvm.md.
DISPATCH_MOST, COMPLETE_MOST = 27, 24

SKIPPED_IN_A_GUEST = (
    "the dispatcher offers relative mode",
    "not on this CPU, or not below this client",
    "this CPU does not have the feature",
    "there are slots",
    "one PE",
    "no EL2",
    "the client is at EL1: EL0 has no SMC",
    "no private event of this platform is known",
    "no critical event of this platform is known",
    "nobody here can raise a critical event: `sdei conformance` can, on "
    "OpenSDEI's firmware",
    "PSCI offers no power-down state 0x10000",
    "PSCI offers no SYSTEM_SUSPEND",
    "PSCI refuses no power state, whatever its bits",
    "no Secure world behind a hypervisor",
    "a hypervisor keeps the timer's interrupt to itself",
    "a hypervisor offers no interrupt without a device",
    "INTID 40 is the client's here",
    "INTID 32 is not the client's",
    "one PE and no timer to bind: nothing can raise an event while it is there",
)


def check_date(host, machine):
    """The kernel has begun with the host's date, to the second or two that it
    takes to ask."""
    before = int(host.run("date +%s"))
    asked = machine.count("^@date ")
    machine.type("echo @date $(date +%s) .")
    date = int(machine.wait("^@date [0-9]+ [.]", times=asked + 1).split()[1])
    assert before - 2 <= date <= int(host.run("date +%s")) + 2


def test_device_tree(host, guest):
    machine = guest(LINUX + " -s 2")
    machine.wait("guest#")
    check_date(host, machine)
    machine.type("dmesg | grep sdei:")
    machine.wait(r"sdei: SDEIv1\.1 \(0x0\) detected in firmware")
    assert [pe["masked"] for pe in machine.status("pe")] == ["0", "0"]


def test_example(host):
    """examples/vmm with examples/kernel for its guest, at EL1: a handler that is left
    by COMPLETE, one by COMPLETE_AND_RESUME."""
    said = host.run("vmm /bin/kernel.bin")
    assert re.findall("PSTATE was 0{8}[0-9a-f]0{4}(.*)", said) == ["3c5", "345"]
    assert said.split()[-2:] == ["kernel:", "done"]


def test_document(host):
    """The VMM that docs/kvm.md makes, and what it says that this prints."""
    marked = dict(follow.blocks("docs/kvm.md"))
    follow.check_prints(marked["prints on the host"],
                        host.run(marked["run on the host"].strip()))


def check_records(machine, vcpus):
    """Each error is delivered and acknowledged once, nothing is lost, and no
    register of who was interrupted changes, AArch64 or AArch32."""
    assert [e["enabled"] for e in machine.status("event")][:2] == ["1", "1"]
    machine.type(" ".join(f"taskset {1 << cpu:x} burn32 until /tmp/injected &"
                          for cpu in range(vcpus))
                 + " burn until /tmp/injected &")
    machine.host.run(
        f"i=0; while [ $i -lt {INJECTIONS} ]; do "
        f"sdei-vmm -c {machine.socket} --ask \"inject memory severity="
        f"corrected address=$((0x48000000+i*4096)) count={BURST}\" "
        f">/dev/null || break; i=$((i+{BURST})); while sdei-vmm -c "
        f"{machine.socket} --ask status | grep -q queued=[1-9]; do sleep 0.1; "
        "done; done")
    machine.ask("inject memory severity=recoverable address=0x4a000000")
    assert machine.acknowledged(1, source=1)
    machine.ask(f"inject processor severity=recoverable cpu={vcpus - 1}")
    assert machine.acknowledged(1, source=3)
    machine.type("touch /tmp/injected; wait; echo @burn $?")
    machine.wait("@burn 0")
    assert machine.count("rounds, 0 mismatches") == 2 * vcpus
    corrected, recoverable = machine.status("source")[:2]
    assert corrected["injected"] == corrected["published"] \
        == corrected["acknowledged"] == str(INJECTIONS)
    assert recoverable["acknowledged"] == "1"
    assert corrected["dropped"] == corrected["queued"] == "0"
    pes = machine.status("pe")
    assert sum(int(pe["dispatches"]) for pe in pes) == INJECTIONS + 2
    assert sum(int(pe["completions"]) for pe in pes) == INJECTIONS + 2
    assert max(int(pe["dispatch_most"]) for pe in pes) <= DISPATCH_MOST
    assert max(int(pe["completion_most"]) for pe in pes) <= COMPLETE_MOST
    machine.type("dmesg | grep -A5 Hardware.Error")
    machine.wait(r"\[Hardware Error\]: .*fru_text: seq [0-9]+")
    machine.wait(r"\[Hardware Error\]: .*physical_address: 0x00000000480")
    machine.wait(rf"\[Hardware Error\]: .*Multiprocessor.*MPIDR.*: 0x0*{vcpus - 1}")


@pytest.mark.parametrize("vcpus", (1, 2, 4))
def test_records(host, guest, vcpus):
    if host.mode != "vhe" and vcpus != 2:
        pytest.skip("one number of vcpus is enough for the second host mode")
    machine = guest(f"{LINUX_MORE} -A -s {vcpus}")
    machine.wait("guest#")
    check_records(machine, vcpus)


def test_kexec(guest):
    """A guest's kernel starts another: that finds SDEI as after a reset."""
    machine = guest(f"{LINUX_SECOND} -m 640 -A -s 2")
    machine.wait("guest#")
    machine.type("kexec load /boot/vmlinuz /boot/initrd quiet && kexec run")
    machine.wait("opensdei-guest: ready", times=2)
    assert [e["enabled"] for e in machine.status("event")][:2] == ["1", "1"]
    assert [pe["masked"] for pe in machine.status("pe")] == ["0", "0"]
    machine.ask("inject memory severity=corrected address=0x48000000 count=3")
    machine.type("until dmesg | grep -q physical_address; do sleep 1; done; "
                 "dmesg | grep Hardware.Error")
    machine.wait("physical_address: 0x0*48000000")
    assert machine.acknowledged(3)


def test_crash_in_a_handler(host, guest):
    """A fatal error: the guest's kernel panics in the handler. Its kdump kernel
    finds SDEI on the vcpu it runs on, and the other vcpu is off."""
    if host.mode != "vhe":
        pytest.skip("one host mode is enough: the other tests take both")
    machine = guest(LINUX_SECOND.replace("-a quiet",
                                         "-a 'quiet crashkernel=256M'")
                    + " -m 768 -A -s 2")
    machine.wait("guest#")
    machine.type("kexec crash /boot/vmlinuz /boot/initrd \"quiet nr_cpus=1\" && "
                 "echo @kept")
    machine.wait("^@kept")
    machine.ask("inject memory severity=fatal address=0x48000000")
    machine.wait("opensdei-guest: ready", times=2)
    assert [e["enabled"] for e in machine.status("event")][:2] == ["1", "1"]
    assert sorted(pe["masked"] for pe in machine.status("pe")) == ["0", "1"]
    machine.ask("inject memory severity=corrected address=0x48000000 count=3")
    machine.type("until dmesg | grep -q physical_address; do sleep 1; done; "
                 "dmesg | grep Hardware.Error")
    machine.wait("physical_address: 0x0*48000000")
    assert machine.acknowledged(3)


def test_full_queue(booted):
    """More errors than the queue holds: what is not delivered is counted."""
    machine = booted(LINUX + " -A -s 4")
    machine.ask("inject memory severity=corrected address=0x48000000 count=200")

    def drained():
        source = machine.status("source")[0]
        return source["acknowledged"] == source["published"] and \
            source["queued"] == "0" and source

    source = wait_for(drained)
    assert int(source["published"]) + int(source["dropped"]) == 200
    assert source["acknowledged"] == source["published"]
    assert int(source["published"]) == sum(int(pe["completions"])
                                           for pe in machine.status("pe"))
    assert int(source["published"]) >= 34


def test_bad_requests(booted):
    machine = booted(LINUX + " -A -s 4")
    for request in ("inject memory severity=corrected address=0x1000",
                    "inject memory address=0x48000000",
                    "inject memory severity=corrected address=0x48000000 "
                    "count=1001",
                    "inject processor severity=corrected cpu=4",
                    "inject memory severity=corrected address=0x48000000 row=7",
                    "raise event=0x77", "raise event=0 vcpu=4", "nonsense"):
        assert machine.ask(request, check=False)[-1]["is"] == "error"


def test_client_that_hangs_up(booted):
    """It asks and is gone before the answer: the guest is not the worse for it."""
    machine = booted(LINUX + " -A -s 4")
    machine.host.run("vmm=$(pidof sdei-vmm); kill -STOP $vmm; "
                     f"sdei-vmm -c {machine.socket} --ask status & "
                     "sleep 1; kill -9 $!; kill -CONT $vmm; sleep 1")
    assert machine.status("pe")[0]["masked"] == "0"


def test_cpu_hotplug(booted):
    """A vcpu that went off and came back has its SDEI again."""
    machine = booted(LINUX + " -A -s 4")
    machine.type("echo 0 > /sys/devices/system/cpu/cpu1/online; echo @off")
    machine.wait("^@off")
    assert machine.status("pe")[1]["masked"] == "1"
    assert machine.ask("inject memory severity=corrected address=0x48000000")
    machine.type("echo 1 > /sys/devices/system/cpu/cpu1/online; echo @on")
    machine.wait("^@on")
    assert machine.status("pe")[1]["masked"] == "0"
    assert machine.acknowledged(1)


def test_reboot(host, guest):
    """Twice the same, and what is printed of an error has its time."""
    machine = guest(LINUX + " -A -s 2")
    machine.wait("guest#")
    check_date(host, machine)
    machine.type("echo @first; reboot -f")
    machine.wait("^@first")
    machine.wait("opensdei-guest: ready", times=2)
    assert [e["enabled"] for e in machine.status("event")][:2] == ["1", "1"]
    check_date(host, machine)
    machine.ask("inject memory severity=corrected address=0x48000000")
    machine.type("until dmesg | grep -q physical_address; do sleep 1; done; "
                 "dmesg | grep Hardware.Error")
    machine.wait("physical_address: 0x0*48000000")
    stamp = machine.wait("precise tstamp: ")
    assert host.run("date -u +%Y-%m-%d").strip() in stamp
    assert machine.acknowledged(1)


def test_masked_interrupts(host, guest):
    """All vcpus mask interrupts: corrected errors take no room from a recoverable
    one, the source lives again when the vcpus do, and a fatal one panics at once."""
    if host.mode != "vhe":
        pytest.skip("one host mode is enough: the other tests take both")
    if os.environ.get("KERNEL"):
        pytest.skip("the module is for Debian's kernel")
    machine = guest(LINUX_MORE.replace("quiet", "'quiet nowatchdog'") + " -A -s 2")
    machine.wait("guest#")

    def mask(seconds, times):
        machine.type(f"insmod /bin/mask.ko cpus=0,1 ms={1000 * seconds}; "
                     "usleep 100000; echo @unmasked")
        machine.wait("mask: CPU [01] masks interrupts", times=times)

    def storm():
        for _ in range(3):
            machine.ask("inject memory severity=corrected address=0x48000000 "
                        "count=1000")

    mask(patience.seconds(5), 2)
    # A storm is over before the guest has emptied the queue that it filled.
    wait_for(lambda: storm() or machine.status("source")[0]["acknowledged"]
             == str(RECORDS))
    storm()
    corrected = machine.status("source")[0]
    assert (corrected["queued"], corrected["held"]) == ("34", "34")
    assert int(corrected["dropped"]) == int(corrected["injected"]) - RECORDS - 34
    machine.ask("inject memory severity=recoverable address=0x4a000000")
    assert machine.acknowledged(1, source=1)
    assert not machine.count("^@unmasked")

    machine.wait("^@unmasked")
    assert machine.acknowledged(RECORDS + 34)
    machine.ask("inject memory severity=corrected address=0x48000000")
    assert machine.acknowledged(RECORDS + 35)
    machine.type("rmmod mask; echo @again")
    machine.wait("^@again")
    mask(86400, 4)
    storm()
    machine.ask("inject memory severity=fatal address=0x4b000000")
    machine.wait("Kernel panic - not syncing: .*Fatal hardware error")


@pytest.mark.parametrize("vcpus, vmm", (
    (1, "sdei-vmm"), (2, "sdei-vmm"), (4, "sdei-vmm"), (2, SANITIZED)))
def test_conformance(host, guest, vcpus, vmm):
    if host.mode != "vhe":
        pytest.skip("one host mode is enough: the other tests take both")
    machine = guest(f"-p /boot/conformance.bin -m 1024 -s {vcpus}", vmm=vmm)
    machine.wait("@exit", 600)
    report = machine.host.run(f"cat {machine.console}")
    failed = re.findall(r"^not ok .*(?:\n  .*)*", report, re.MULTILINE)
    assert not failed, "\n".join(failed)
    passed = re.findall(r"^ok \d+", report, re.MULTILINE)
    assert f"1..{len(passed)}" in report.splitlines()
    assert len(passed) >= 500
    assert set(re.findall(r"# SKIP (.*)", report)) \
        - set(SKIPPED_IN_A_GUEST) == set()


@pytest.mark.parametrize("vmm", ("sdei-vmm", SANITIZED))
def test_hostile_guest(host, guest, booted, vmm):
    """The payload that calls at random, on two vcpus. (Its own judgement of the
    answers is for firmware, that gives it the timers.) Afterwards everything can
    be reset and works, the VMM lives and has not grown, the guest beside it is
    not disturbed."""
    if host.mode != "vhe" and vmm == SANITIZED:
        pytest.skip("one host mode is enough: the other tests take both")
    beside = booted(LINUX + " -A -s 4")
    machine = guest("-p $(hostile=$(mktemp); cp /boot/storm.bin $hostile; "
                    "printf '\\005\\0\\0\\0\\0\\0\\0\\0\\040\\116' | dd "
                    "of=$hostile bs=1 seek=$((0x300000)) conv=notrunc "
                    "2>/dev/null; echo $hostile) -m 1024 -s 2", vmm=vmm)
    machine.wait("# storm: seed")
    sizes = machine.watch_memory() if vmm != SANITIZED else None
    beside.ask("inject memory severity=corrected address=0x48000000 count=20")
    machine.wait("@exit 0", 300)
    for good in (3, 4, 5, 7):
        assert machine.seen(f"^ok {good} "), machine.tail()
    total = machine.seen("^# total: ")
    assert int(re.search(r"(\d+) calls", total).group(1)) >= STORM_CALLS
    assert beside.acknowledged(20)
    if sizes:
        seen = host.run(f"cat {sizes}").split()
        assert len(seen) > 5 and len(set(seen)) == 1, seen


def test_the_whole_chain(host, booted):
    """An error of the host's memory that is a guest's: from the firmware to the
    host, to the VMM, to the guest, to the process that owns the page there; and
    to nobody else."""
    if host.mode != "vhe":
        pytest.skip("Linux at EL2 without VHE refuses SDEI: no error reaches it")
    machine = booted(LINUX + " -A -s 4")
    address, physical = machine.page_of_a_process()
    outcome = host.inject("memory", "recoverable", address=physical)
    assert outcome["disposition"] == "delivered"
    assert "BUS_MCEERR" in machine.wait("memhog: SIGBUS")
    machine.wait("@hog 0")
    assert machine.acknowledged(1, source=1)
    source = machine.status("source")[1]
    assert source["injected"] == source["acknowledged"] == "1"
    machine.type("dmesg | grep Hardware.Error")
    machine.wait(rf"Hardware Error.*physical_address: 0x0*{address:x}")
    assert "Memory failure" in host.run("dmesg | grep 'Memory failure'")


def follow_guest(host, machine, path):
    """`sdei trace --vm` on the host; what is to be done goes here; its lines in a
    file here."""
    def begun():
        machine.ask("inject memory severity=corrected address=0x48000000")
        return host.run("wc -c < /tmp/steps").strip() != "0"

    host.run("sdei trace --vm traced --follow --json > /tmp/steps & "
             "echo $! > /tmp/follower")
    assert wait_for(begun)
    yield
    host.run("kill -INT $(cat /tmp/follower); while kill -0 $(cat /tmp/follower) "
             "2>/dev/null; do sleep 0.1; done")
    path.write_text(host.run("cat /tmp/steps"))


def test_one_clock(host, booted, tmp_path):
    """An error of a guest's memory, from the firmware through the host and its VMM into
    the guest's log, on one clock: both are traced, and put together."""
    if host.mode != "vhe":
        pytest.skip("Linux at EL2 without VHE refuses SDEI: no error reaches it")
    machine = booted(LINUX + " -A -s 4", name="traced", more="--trace-size 64")
    outer, inner, out = tmp_path / "outer", tmp_path / "inner", tmp_path / "out"
    logs = tmp_path / "host.log", tmp_path / "guest.log"
    _, physical = machine.page_of_a_process()
    following = follow_guest(host, machine, inner)
    with followed(host, outer, begun=False):
        next(following)
        error = host.inject("memory", "recoverable", address=physical)
        assert machine.acknowledged(1, source=1)
        machine.wait("memhog: SIGBUS")
        next(following, None)
    assert machine.ask("trace off")[-1]["was"] == "off"     # as it was found
    logs[0].write_text(host.run("dmesg"))
    machine.type("clear; dmesg; echo @log .")
    machine.wait("^@log [.]")
    logs[1].write_text(host.run(f"cat {machine.console}").split("clear; dmesg")[-1])

    steps, lost = read(inner)
    assert not lost and {step["vm"] for step in steps} == {"traced"}
    files = [f"--from={outer}", f"--log={logs[0]}", f"--from={inner}",
             f"--log={logs[1]}"]
    out.write_text(subprocess.run(
        [SDEI, "trace", "--json", files[0], files[2]], check=True, text=True,
        stdout=subprocess.PIPE).stdout)
    steps, _ = read(out)
    way, of_guest = [], None
    for step in (s for s in steps if s["name"] == "memory-uncorrected"):
        vm, kind = step.get("vm"), step["kind"]
        if kind == "reported":
            of_guest = step["value"][0] if vm else of_guest
            assert vm or step["value"][0] == error["sequence"]
        way.append((vm, kind))
    kinds = "reported", "entered", "completed", "acknowledged"
    assert [step for step in way if step[1] in kinds] == [
        (vm, kind) for vm in (None, "traced") for kind in kinds]
    subprocess.run([SDEI, "trace", *files, f"--perfetto={out}",
                    f"--svg={tmp_path / 'svg'}"], check=True)
    flow = [(re.sub(r" \d+", "", track), when)
            for track, _, when, _, flows, last in perfetto(out)
            if 1 << 32 | of_guest in flows + last]
    # A vcpu may have met it before the VMM's own thread has heard of it.
    assert flow[0][0] in ("sdei-vmm", "vcpu else")
    assert [track for track, _ in flow[1:]] == ["vcpu handlers", "kernel's log"]
    assert flow[0][1] < flow[1][1] < flow[2][1] < flow[0][1] + 60e9
    assert "guest traced" in (tmp_path / "svg").read_text()


def test_corrected_errors_stay_with_the_host(host, booted):
    """Unless the guest's owner wants them: then they are passed on."""
    if host.mode != "vhe":
        pytest.skip("Linux at EL2 without VHE refuses SDEI: no error reaches it")
    wanted = {True: booted(LINUX + " -A -s 4", "--forward corrected"),
              False: booted(LINUX + " -A -s 4")}
    for forward, machine in wanted.items():
        _, physical = machine.page_of_a_process()
        host.inject("memory", "corrected", address=physical)
        host.run("sleep 6")             # Linux prints two records in 5 s
        assert machine.acknowledged(int(forward))
        assert machine.status("source")[0]["injected"] == str(int(forward))
    assert "forward" in [e["what"] for e in wanted[True].trace()]


def test_by_name(host, booted):
    """The sdei command finds a guest by its name, as it finds a machine."""
    if host.mode != "vhe":
        pytest.skip("one host mode is enough: the other tests take both")
    machine = booted(LINUX + " -A -s 4", name="one")
    answer = json.loads(host.run("sdei inject memory --vm one --severity "
                                 "corrected --address 0x48000000 --json"))
    assert (answer["disposition"], answer["event"]) == ("delivered",
                                                        "0x40000100")
    answer = json.loads(host.run(
        "sdei inject memory --vm one --severity corrected --address 0x48001000 "
        "--count 20 --json 2>/dev/null"))       # no progress line
    assert answer["injected"] == 20 and not answer["dropped"]
    assert machine.acknowledged(21)
    answer = json.loads(host.run(
        "sdei inject vendor --vm one --severity corrected --guid "
        "00112233-4455-6677-8899-aabbccddeeff --data 0011223344556677 --json"))
    assert answer["event"] == "0x40000109"
    assert machine.acknowledged(1, source=9)
    status = json.loads(host.run("sdei status --vm one --json"))
    assert [pe["masked"] for pe in status["pe"]] == 4 * [0]
    assert status["source"][0]["acknowledged"] == 21
    assert status["machine"]["ram"] == "0x40000000+0x10000000"
    assert "memory-corrected" in host.run("sdei status --vm one")
    assert "enter" in host.run("sdei trace --vm one")
    for command, status, message in (
            ("inject memory --vm one --severity corrected --address 0x1000", 1,
             "VMM refused: the address is outside the guest's RAM"),
            ("inject processor --vm one --severity corrected --cpu 4", 1,
             "VMM refused: there is no such vcpu"),
            ("status --vm two", 3, "no guest 'two' is running; these are: one"),
            ("status --vm ../one", 2, "cannot name a machine")):
        output = host.run(f"sdei {command} 2>&1; echo =$?")
        assert message in output and output.endswith(f"={status}\n"), output
    assert "a guest named 'one' runs already" in host.run(
        "sdei-vmm --name one -p /boot/conformance.bin 2>&1; true")
    host.run("sdei stop --vm one")
    machine.wait("@exit 0")
    assert "no guest 'one' is running; start one" in host.run(
        "sdei status --vm one 2>&1; true")


def test_unprivileged(host, guest):
    """Whoever may open /dev/kvm needs no other right; events are kicks, which go
    to the VMM's own threads."""
    if host.mode != "vhe":
        pytest.skip("one host mode is enough: the other tests take both")
    host.run("mkdir -p /etc; echo nobody:x:1000:1000::/:/bin/sh > /etc/passwd; "
             "chmod 666 /dev/kvm; chmod 755 / /boot; chmod 644 /boot/*")
    machine = guest(LINUX + " -A -s 2", vmm="start-stop-daemon "
                    "-S -c nobody -x /bin/sdei-vmm --")
    machine.wait("guest#")
    machine.ask("inject memory severity=corrected address=0x48000000 count=3")
    assert machine.acknowledged(3)
    status = host.run("cat /proc/$(pidof sdei-vmm | cut -d' ' -f1)/status")
    assert re.search(r"^Uid:\s1000\s1000", status, re.MULTILINE)
    assert re.search(r"^CapEff:\s0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s1$", status, re.MULTILINE)
    assert re.search(r"^Seccomp:\s2$", status, re.MULTILINE)


def test_no_kvm(host):
    assert "/dev/kvm: " in host.run(
        "mv /dev/kvm /dev/gone; sdei-vmm -p /boot/conformance.bin 2>&1; "
        "mv /dev/gone /dev/kvm")
