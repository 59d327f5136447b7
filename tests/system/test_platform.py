# SPDX-License-Identifier: BSD-2-Clause
"""A new platform is a new folder and nothing else: one that this test makes is built
by name, the command knows it, and its payload passes."""

import os
import re
import shutil
import subprocess

import pytest

import patience
from machine import ARM64, BUILD

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PLATFORMS = os.path.join(ROOT, "firmware/platform")
SDEI = os.path.join(BUILD, "sdei")


@pytest.fixture(name="tree")
def tree_of_two(tmp_path):
    """A copy of the tree whose second platform is called my-board: sbsa-ref, copied and
    renamed."""
    for part in ("Makefile", "bench", "conformance", "docs", "examples", "firmware", "host",
                 "include", "kvm", "lib", "mk", "tests", "tools"):
        source = os.path.join(ROOT, part)
        copy = shutil.copytree if os.path.isdir(source) else shutil.copy
        copy(source, tmp_path / part)
    platforms = tmp_path / "firmware/platform"
    (platforms / "qemu-sbsa-ref").rename(platforms / "my-board")
    line = platforms / "my-board/run.h"
    text = line.read_text()
    assert text.count('RUN("sbsa-ref", "qemu-sbsa-ref"') == 1
    line.write_text(text.replace('RUN("sbsa-ref", "qemu-sbsa-ref"',
                                 'RUN("my-board", "my-board"'))
    return tmp_path


def make(tree, *arguments):
    done = patience.run(["make", "-s", "-C", str(tree), f"ARM64={os.path.abspath(ARM64)}",
                         *arguments], 300, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_folder(tree):
    make(tree, "PLATFORM=my-board", "images")
    make(tree, "build/sdei")
    done = patience.run([tree / "build/sdei", "conformance", "--machine=my-board",
                         "--smp=2"], 120, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^all +[1-9]\d+ +0 +\d+$", done.stdout, re.MULTILINE), done.stdout


def change(tree, header, name, value):
    """Another number for a platform."""
    path = tree / "firmware/platform" / header
    text, count = re.subn(rf"(#define {name} +)\S+", rf"\g<1>{value}", path.read_text())
    assert count == 1
    path.write_text(text)


def test_one_region(tree):
    """A payload for a machine with RAM below 512 GiB that has no second region of
    redistributors."""
    change(tree, "qemu-virt/hardware.h", "PLAT_GICR2_BASE", 0)
    make(tree, "build/conformance.bin")
    done = patience.run([SDEI, "conformance", "--smp=2",
                         f"--payload={tree / 'build/conformance.bin'}"], 120,
                        stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout


EL3, PAYLOAD, BOOT = "firmware/el3/mmu.o", "conformance/start.o", "boot/main.o"


@pytest.mark.parametrize("target, header, name, value, why", (
    (BOOT, "my-board/hardware.h", "PLAT_RAM_BASE", "0x20000000000", "run.h: where RAM"),
    (BOOT, "my-board/platform.h", "PLAT_GIVEN_BASE", "(PLAT_RAM_BASE+0x11000000) //",
     "offsets.h"),
    (EL3, "qemu-virt/platform.h", "PLAT_PES_WINDOW", "0x03E00000",
     "PLAT_FLASH and PLAT_PES overlap"),
    (EL3, "qemu-virt/platform.h", "PLAT_PES_WINDOW", "0x0E800000",
     "PLAT_SRAM and PLAT_PES overlap"),
    (EL3, "qemu-virt/platform.h", "PLAT_PES_WINDOW", "0x07E00000",
     "PLAT_DEVICE and PLAT_PES overlap"),
    (EL3, "qemu-virt/platform.h", "PLAT_PCIE_WINDOW", "0x40000000", "taken, PLAT_RAM_BASE"),
    (EL3, "my-board/platform.h", "PLAT_PCIE_WINDOW", "0x40000000", "taken, PLAT_DEVICE_BASE"),
    (EL3, "qemu-virt/hardware.h", "PLAT_FLASH_SIZE", "0x40000000",
     "PLAT_FLASH and PLAT_DEVICE overlap"),
    (EL3, "my-board/hardware.h", "PLAT_FLASH_SIZE", "0x40200000", "FLASH: in the first GiB"),
    (EL3, "qemu-virt/hardware.h", "PLAT_GICR2_BASE", "0x8000000000", "below 512 GiB"),
    (EL3, "qemu-virt/hardware.h", "PLAT_DEVICE_BASE", "0x07F00000", "a multiple of 2 MiB"),
    (PAYLOAD, "qemu-virt/hardware.h", "PLAT_GICR2_BASE", "0x8000000000", "below 512 GiB"),
    (PAYLOAD, "qemu-virt/hardware.h", "PLAT_GICR2_BASE", "0x40000000", "in this order"),
    (PAYLOAD, "qemu-virt/hardware.h", "PLAT_DEVICE_BASE", "0x48000000", "in this order")))
def test_refused(tree, target, header, name, value, why):
    """What does not fit is told when it is built."""
    change(tree, header, name, value)
    platform = os.path.dirname(header)
    build = "build" if platform == "qemu-virt" else f"build/{platform}"
    done = patience.run(["make", "-s", "-C", str(tree), f"ARM64={os.path.abspath(ARM64)}",
                         f"PLATFORM={platform}", f"{build}/{target}"], 60,
                        stderr=subprocess.STDOUT)
    assert done.returncode == 2
    assert why in done.stdout


def test_name(tree):
    done = patience.run(["make", "-s", "-C", str(tree), "PLATFORM=board"], 30,
                        stderr=subprocess.STDOUT)
    assert done.returncode == 2
    assert "PLATFORM=board: it can be one of: qemu-virt my-board" in done.stdout
