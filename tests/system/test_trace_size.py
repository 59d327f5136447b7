# SPDX-License-Identifier: BSD-2-Clause
"""The live trace's memory: as much as is asked for, and nobody's else."""

import re

import pytest

from machine import BUILD
from test_trace import ON, VERSION, asked, check_order, followed, read

TRACE, KERNEL = 0x401B0000, 0x40400000     # areas.h
SLOT, HEADS = 64, 4096                                      # trace_format.h
ERRORS = 500


def size(kib):
    return "-fw_cfg", f"name=opt/opensdei/trace-size,string={kib}"


def live(machine):
    answer = asked(machine, "trace live")
    return {key: int(answer[key], 0) for key in ("base", "slots", "pes")}


def reserved(machine):
    """What Linux calls reserved: (first, last)."""
    return [(int(first, 16), int(last, 16)) for first, last in re.findall(
        r"([0-9a-f]+)-([0-9a-f]+) : reserved", machine.run("cat /proc/iomem"))]


@pytest.mark.parametrize("kib, base, taken, boot_by", (
    (256, TRACE, 256, "dt"), (256, TRACE, 256, "acpi"), (257, KERNEL, 2048, "dt"),
    (2048, KERNEL, 2048, "acpi"), (65536, KERNEL, 65536, "acpi")))
def test_size(boot, kib, base, taken, boot_by):
    machine = boot(smp=2, boot=boot_by, qemu_args=(*ON, *size(kib)))
    assert live(machine) == {"base": base, "pes": 2,
                             "slots": (taken * 1024 - HEADS) // (2 * SLOT)}
    last = base + taken * 1024 - 1
    assert any(first <= base and last <= end for first, end in reserved(machine))


def test_more_is_kept(boot, tmp_path):
    """Nobody reads while 500 errors come: a small trace has the last of them then, a
    larger one has all."""
    told = {}
    for kib in 256, 4096:
        machine = boot(smp=1, qemu_args=(*ON, *size(kib)))
        machine.run(f"inject 0x8 0x60000000 0xfffffffffffff000 {ERRORS}")
        machine.wait_handled()
        path = tmp_path / f"{kib}.json"
        with followed(machine, path):
            pass
        steps, lost = read(path)
        if kib == 4096:
            check_order(steps)
            assert not lost
        told[kib] = [s["value"][0] for s in steps if s["kind"] == "acknowledged"]
        machine.stop()
    assert told[4096] == list(range(1, ERRORS + 1))
    assert 0 < len(told[256]) < ERRORS and told[256] == told[4096][-len(told[256]):]


@pytest.mark.parametrize("value", ("255", "65537", "256k", "0x100", "-1"))
def test_refused(boot, value):
    machine = boot(wait=False, smp=1, qemu_args=size(value))
    machine.expect(f'the option opt/opensdei/trace-size is "{re.escape(value)}": it can '
                   r"be a number of KiB from 256 \(the default\) to 65536")


def test_payload(boot):
    """A payload's memory is its own."""
    machine = boot(wait=False, kernel=None, initrd=None, smp=1, qemu_args=(
        "-device", f"loader,file={BUILD}/bench.bin,addr=0x60000000,force-raw=on",
        *ON, *size(257)))
    machine.expect("the option opt/opensdei/trace-size is 2048: without a kernel it can "
                   "be 256 only")


def test_no_room(boot):
    machine = boot(wait=False, smp=1, memory="64M", qemu_args=size(65536))
    machine.expect("the kernel does not fit into memory")


def test_asked_early(boot, tmp_path):
    """Before the hand-off nobody knows the size: it is asked again."""
    machine = boot(wait=False, smp=2, qemu_args=size(2048))
    with followed(machine, tmp_path / "steps", begun=False):
        machine.wait_ready()
    steps, lost = read(tmp_path / "steps")
    assert not lost
    check_order(steps)
    assert VERSION in [s["code"] for s in steps if s["kind"] == "call"]
    assert live(machine)["base"] == KERNEL
