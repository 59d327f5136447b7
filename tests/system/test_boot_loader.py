# SPDX-License-Identifier: BSD-2-Clause
"""A boot loader of other people's, which starts the Linux of a disk by EFI."""

import re
import struct
import subprocess

import pytest

import test_trace
import test_trace_size
from conftest import INITRD, KERNEL

U_BOOT = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"
SECTOR = 512
FIRST = 2048                            # sector of the partition
SECTORS = 96 << 11


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    """One EFI system partition: the kernel, where EFI looks for a program, and
    the initial file system."""
    path = str(tmp_path_factory.mktemp("disk") / "disk")
    partition = f"{path}@@{FIRST * SECTOR}"
    with open(path, "wb") as image:
        image.truncate(SECTORS * SECTOR)
        image.seek(446)
        image.write(struct.pack("<B3sB3sII", 0, bytes(3), 0xEF, bytes(3),
                                FIRST, SECTORS - FIRST))
        image.seek(510)
        image.write(b"\x55\xaa")
    run("/usr/sbin/mkfs.vfat", "--offset", str(FIRST), path,
        str((SECTORS - FIRST) * SECTOR // 1024))
    run("mmd", "-i", partition, "::/EFI", "::/EFI/BOOT")
    run("mcopy", "-i", partition, KERNEL, "::/EFI/BOOT/BOOTAA64.EFI")
    run("mcopy", "-i", partition, INITRD, "::/initrd")
    return path


def boot_loader(boot, disk, *options):
    """U-Boot, at its prompt."""
    machine = boot(wait=False, kernel=None, initrd=None, qemu_args=(
        "-device", f"loader,file={U_BOOT},addr=0x60000000,force-raw=on",
        "-drive", f"file={disk},format=raw,if=none,id=disk,readonly=on",
        "-device", "virtio-blk-pci,drive=disk", *options))
    # A key that waits for it when it comes up.
    machine.expect("opensdei: payload at 0x60000000")
    machine.send("\n")
    machine.expect("autoboot")
    machine.expect("^=> ")
    return machine


def test_linux_of_a_disk(boot, disk):
    machine = boot_loader(boot, disk, "-fw_cfg", "name=opt/opensdei/tree,string=sdei",
                          *test_trace.ON)
    machine.send("setenv bootargs initrd=initrd console=ttyAMA0\n")
    # What boots a disk that has nothing else on it, with these arguments.
    machine.send("load virtio 0:1 ${kernel_addr_r} EFI/BOOT/BOOTAA64.EFI && "
                 "bootefi ${kernel_addr_r} ${fdtcontroladdr}\n")
    machine.expect("EFI stub: Booting Linux Kernel")
    machine.wait_ready()
    log = "\n".join(text for _, text in machine.read_log())
    assert re.search(r"^efi: EFI v[\d.]+ by Das U-Boot$", log, re.MULTILINE)
    assert re.search(r"^sdei: SDEIv1\.1 \(0x0\) detected in firmware\.$", log,
                     re.MULTILINE)
    assert machine.run("grep -c ^processor /proc/cpuinfo").strip() == "4"
    assert [(pe["power"], pe["masked"])
            for pe in machine.status()["pe"]] == [("on", False)] * 4
    # Traced, and not in the kernel's memory.
    assert test_trace.asked(machine, "trace live")["was"] == "live"
    assert any(first <= test_trace_size.TRACE <= last - 0x3ffff
               for first, last in test_trace_size.reserved(machine))


def test_disk(boot, disk):
    """`sdei run --disk` and nothing else: the boot loader finds what is on it."""
    machine = boot(wait=False, kernel=None, initrd=None, disk=disk)
    machine.expect("EFI stub: Booting Linux Kernel", 120)
    machine.expect(r"efi: EFI v[\d.]+ by Das U-Boot", 120)
    machine.expect(r"sdei: SDEIv1\.1 \(0x0\) detected in firmware\.")


def test_untouched_by_default(boot, disk):
    """A payload that asked for nothing finds QEMU's device tree."""
    machine = boot_loader(boot, disk)
    machine.send("fdt addr ${fdt_addr}; fdt list /psci; "
                 "fdt list /firmware/sdei; echo en''d\n")
    said = machine.expect(r"(?s).*^end$").group()
    assert said.count("FDT_ERR_NOTFOUND") == 2
