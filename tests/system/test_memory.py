# SPDX-License-Identifier: BSD-2-Clause
"""All that can be RAM takes errors, whatever device brings it, and nothing else."""

import pytest

from machine import SdeiError

MIB = 1 << 20
GIB = 1 << 30
RAM = 1 << 30
LENT = ("-object", "memory-backend-ram,id=m,size=1G",
        "-device", "virtio-mem-pci,memdev=m,requested-size=512M")
# -m, the ranges of what can be RAM, and the devices. QEMU has a GiB of addresses
# more for each slot, to align what is plugged in.
MACHINES = {
    "lent": ("1536M,maxmem=4G", ((RAM, RAM + 1536 * MIB),
                                 (3 * GIB, 5 * GIB + 512 * MIB)), LENT),
    "plugged": ("1536M,slots=1,maxmem=2G", ((RAM, RAM + 1536 * MIB),
                                            (3 * GIB, 4 * GIB + 512 * MIB)), (
        "-object", "memory-backend-ram,id=m,size=512M",
        "-device", "pc-dimm,memdev=m")),
    "nodes": ("1G", ((RAM, RAM + GIB),), (
        "-object", "memory-backend-ram,id=a,size=768M",
        "-object", "memory-backend-ram,id=b,size=256M",
        "-numa", "node,memdev=a", "-numa", "node,memdev=b")),
}


@pytest.mark.parametrize("name, boot_by", (
    ("plugged", "acpi"), ("nodes", "acpi"), ("lent", "dt")))
def test_all_that_can_be_ram(boot, name, boot_by):
    memory, ranges, qemu_args = MACHINES[name]
    machine = boot(smp=1, memory=memory, boot=boot_by, qemu_args=qemu_args)
    assert [(int(m["start"], 16), int(m["end"], 16))
            for m in machine.status()["memory"]] == list(ranges)
    for start, end in ranges:
        for address in (start - 64, end):
            with pytest.raises(SdeiError) as refused:
                machine.inject("memory", "corrected", address=hex(address))
            for first, behind in ranges:
                assert f"{first:#x} to {behind - 1:#x}" in str(refused.value)
        for address in (start, end - 64):
            machine.inject("memory", "corrected", address=hex(address))


def test_lent_memory(boot):
    """A virtio-mem device's, which the kernel uses: from outside and by EINJ.
    With 1 GiB it lies right behind the first block."""
    machine = boot(smp=1, memory="1G,maxmem=4G", qemu_args=LENT,
                   append="memhp_default_state=online")
    machine.run("while ! grep -q '80000000-.*System RAM (virtio_mem)' "
                "/proc/iomem; do sleep 0.1; done")
    machine.inject("memory", "corrected", address=0x80000040)
    machine.run("inject 0x8 0x80001000")
    assert [e["address"] for e in machine.wait_errors(2)] == [0x80000040, 0x80001000]
