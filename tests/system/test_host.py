# SPDX-License-Identifier: BSD-2-Clause
"""The host kernel, a small hypervisor that has the client built in, says of
itself that every claim of docs/mission.md holds: on real exception levels, on
one to eight CPUs, with and without VHE."""

import os
import re

import pytest

import patience
from machine import BUILD

AT_ONCE = True

VHE = os.path.join(BUILD, "host.bin")
EL1 = os.path.join(BUILD, "host-el1.bin")
CLANG = os.path.join(BUILD, "llvm", "host.bin")
# Where the host looks for what to do, and the value for it: host/test.h.
MODE, SWEEP, PANIC = 0x5ff00000, 1, 2
# One instruction is one tick of 16 ns, on one CPU: no run differs from another.
EXACT = ("-icount", "shift=4,sleep=off")
# What a machine may lack; anything else that is skipped is a failure.
NO_EL2 = "no EL2 for guests"


def start(boot, image, mode=0, exact=False, service=True, args=(), **options):
    args = ["-no-reboot", *(EXACT if exact else ()), *args,
            "-device", f"loader,file={image},addr=0x60000000,force-raw=on",
            "-device", f"loader,addr={MODE:#x},data={mode},data-len=8"]
    if service:
        args += ["-fw_cfg", "name=opt/opensdei/test,string=timer"]
    return boot(wait=False, kernel=None, initrd=None, qemu_args=args,
                **options)


def passed(tap, skipped=()):
    """All of this TAP is ok, and complete; the names of what was not skipped."""
    lines = re.findall(r"^(not ok|ok) (\d+) - (.*?)(?: # SKIP (.*))?$", tap,
                       re.M)
    assert "Bail out!" not in tap
    assert [line for line in lines if line[0] != "ok"] == []
    assert [int(line[1]) for line in lines] == list(range(1, len(lines) + 1))
    assert f"1..{len(lines)}\n" in tap
    assert {line[3] for line in lines if line[3]} <= set(skipped)
    return [line[2] for line in lines if not line[3]]


def results(machine, skipped=(), timeout=100):
    """The host comes to its end, as it should: see passed()."""
    machine.expect(r"^# done$|^Bail out!.*\n", timeout)
    names = passed(machine.console, skipped)
    assert machine.wait_end() == 0
    return names


def has(names, *words):
    """Some of the names has all of the words."""
    return any(all(word in name for word in words) for name in names)


@pytest.mark.parametrize("cpu, smp", (
    ("neoverse-n1", 1), ("neoverse-n1", 2), ("neoverse-n1", 4),
    ("neoverse-n1", 8), ("cortex-a76", 4), ("max,pauth-impdef=on", 4)))
def test_vhe(boot, cpu, smp):
    names = results(start(boot, VHE, cpu=cpu, smp=smp))
    assert len(names) == (47 if smp == 1 else 53)
    for place in ("masked", "unmasked", "a process", "a guest's EL1",
                  "a guest's EL0"):
        assert has(names, "a normal event finds", place)
        assert has(names, "a critical event finds", place)
    assert has(names, "kexec") and has(names, "a crash 2 handlers deep")


def test_gic_v4(boot):
    machine = start(boot, VHE, smp=2, args=("-machine", "gic-version=4"))
    assert len(results(machine)) == 53


def test_vhe_exact(boot):
    """The same with a clock that counts instructions."""
    assert len(results(start(boot, VHE, exact=True, smp=1))) == 47


@pytest.mark.parametrize("cpu, smp", (
    ("cortex-a57", 1), ("cortex-a57", 4), ("cortex-a57", 8),
    ("neoverse-n1", 4)))
def test_without_vhe(boot, cpu, smp):
    """The kernel at EL1, its stub at EL2: the same list, all of it."""
    machine = start(boot, EL1, cpu=cpu, smp=smp)
    assert len(results(machine)) == (47 if smp == 1 else 53)
    assert "host at EL1 with a stub at EL2" in machine.console


@pytest.mark.parametrize("cpu", ("cortex-a57", "neoverse-n1"))
@pytest.mark.parametrize("smp", (1, 4))
def test_plain_el1(boot, cpu, smp):
    names = results(start(boot, EL1, cpu=cpu, smp=smp, el2=False), [NO_EL2])
    assert has(names, "a critical event finds", "a process")
    assert has(names, "kexec") and has(names, "a crash 2 handlers deep")


def test_abi_1_0(boot):
    machine = start(boot, VHE, smp=2, args=(
        "-fw_cfg", "name=opt/opensdei/abi,string=1.0"))
    results(machine)
    assert "SDEI 1.0" in machine.console


def test_without_the_test_service(boot):
    """As on any other firmware: events come from a timer that the host binds.
    The service is refused, or there would be critical events."""
    names = results(start(boot, VHE, smp=4, service=False), [
        "no such event", "its timer raises the tests' events"])
    assert has(names, "a normal event finds", "a guest's EL0")
    assert not has(names, "a critical event finds")


def test_panic_needs_nothing(boot):
    """With a guest loaded and TPIDR lost, it still says where it was."""
    machine = start(boot, VHE, mode=PANIC, exact=True, smp=1)
    machine.expect(r"^Bail out! CPU 0: exception 5: ESR 0x\w+, ELR 0xffffff80")
    assert machine.wait_end() == 0


@pytest.fixture
def tree(tmp_path):
    """tree(method) is QEMU's device tree with /firmware/sdei in it."""
    def make(method):
        path = str(tmp_path / "tree.dtb")
        patience.run(
            ["qemu-system-aarch64", "-cpu", "neoverse-n1", "-smp", "2", "-m",
             "1G", "-nic", "none", "-display", "none", "-machine", "virt,"
             "secure=on,virtualization=on,gic-version=3,dumpdtb=" + path],
            check=True)
        for node in ("/firmware", "/firmware/sdei"):
            patience.run(["fdtput", "-p", "-c", path, node], check=True)
        for name, value in (("compatible", "arm,sdei-1.0"),
                            ("method", method)):
            patience.run(["fdtput", "-t", "s", path, "/firmware/sdei", name,
                            value], check=True)
        return path
    return make


def test_device_tree(boot, tree):
    machine = start(boot, VHE, exact=True, smp=1, args=("-dtb", tree("smc")))
    results(machine)
    assert "# SDEI is in the device tree" in machine.console


def test_malformed_device_tree(boot, tree):
    machine = start(boot, VHE, exact=True, smp=1, args=("-dtb", tree("fax")))
    machine.expect("^Bail out!.*/firmware/sdei: method is neither smc nor hvc")
    assert machine.wait_end() == 0


SWEPT = r"^# (.*): (\d+) positions, (\d+) steps"


@pytest.mark.parametrize("image, cpu, el2, most", (
    (VHE, "neoverse-n1", True, 10_000),
    (VHE, "max,pauth-impdef=on,cntfrq=62500000", True, 10_000),
    (EL1, "cortex-a57", True, 10_000),
    (EL1, "cortex-a57", False, 6_000),
    (CLANG, "neoverse-n1", True, 9_000),
), ids=("vhe", "vhe-max", "non-vhe", "el1", "clang"))
def test_sweep(boot, image, cpu, el2, most):
    """An event at every instruction of each path; the host compares and sees
    to it that none is skipped."""
    machine = start(boot, image, mode=SWEEP, exact=True, cpu=cpu, smp=1,
                    el2=el2)
    names = results(machine, [NO_EL2])
    assert has(names, "every one of the", "vectors' entry and exit")
    assert has(names, "guest entry and exit was interrupted") or not el2
    swept = re.findall(SWEPT, machine.console, re.M)
    assert sum(int(steps) for _, _, steps in swept) > most, swept
    assert len(swept) == (9 if el2 else 7)


@pytest.mark.parametrize("image, cpu", (
    (VHE, "neoverse-n1"), (EL1, "cortex-a57")), ids=("vhe", "non-vhe"))
def test_sweep_of_hotplug(boot, image, cpu):
    """The same for a CPU that goes off and one that comes up, while the other
    sleeps; wherever the event was, the next one comes."""
    machine = start(boot, image, mode=SWEEP, exact=True, cpu=cpu, smp=2)
    assert len(results(machine)) == 2
    assert len(re.findall(SWEPT, machine.console, re.M)) == 2


def test_built_by_clang(boot):
    assert len(results(start(boot, CLANG, smp=4))) == 53
