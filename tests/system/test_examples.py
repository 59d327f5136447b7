# SPDX-License-Identifier: BSD-2-Clause
"""examples/: small, built by their own Makefiles with headers and archives alone
(`make examples`), and each does what it says. The VMM runs in test_kvm.py."""

import json
import os
import re
import subprocess

import pytest

import patience
from machine import BUILD, ROOT

EXAMPLES = os.path.join(BUILD, "examples")
# What the kernel prints: SDEI 1.1 by OpenSDEI, then a handler with everything masked
# (it is left by COMPLETE), and one with IRQs open (by COMPLETE_AND_RESUME); PSTATE's
# flags are whatever they were.
KERNEL_SAYS = re.compile(
    r"kernel: at EL 0{15}2\r?\n"
    r"kernel: SDEI version 00010001[0-9a-f]{8}\r?\n"
    r"kernel: a handler; PSTATE was 0{8}[0-9a-f]0{4}3c9\r?\n"
    r"kernel: a handler; PSTATE was 0{8}[0-9a-f]0{4}349\r?\n"
    r"kernel: handlers that ran 0{15}2\r?\n"
    r"kernel: done\r?\n")
PAYLOAD = "loader,file={},addr=0x60000000,force-raw=on"


def sources(folder):
    path = os.path.join(ROOT, "examples", folder)
    return [os.path.join(path, name) for name in sorted(os.listdir(path))
            if name.endswith((".c", ".h", ".S", ".ld"))]


@pytest.mark.parametrize("folder, below", (
    ("firmware", 400), ("kernel", 250), ("vmm", 200), ("record", 250)))
def test_small(folder, below):
    """As small as README says, and small enough."""
    lines = 0
    for path in sources(folder):
        with open(path, encoding="utf-8") as file:
            lines += len(file.readlines())
    assert 0 < lines < below
    with open(os.path.join(ROOT, "examples/README.md"), encoding="utf-8") as file:
        row = re.search(rf"^\| \[{folder}\].*", file.read(), re.M).group()
    assert int(row.split("|")[3]) == lines


@pytest.mark.parametrize("folder", ("firmware", "kernel", "vmm", "record"))
def test_knows_public_headers_only(folder):
    for path in sources(folder):
        with open(path, encoding="utf-8") as file:
            included = re.findall(r'^#include "(.*)"', file.read(), re.M)
        assert set(included) <= set(os.listdir(os.path.dirname(path)))


@pytest.mark.parametrize("folder", ("firmware", "kernel", "vmm", "record"))
def test_without_a_built_tree(folder):
    done = subprocess.run(["make", "-C", os.path.join(ROOT, "examples", folder),
                           "SDEI=/nowhere"], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode != 0
    assert re.search(r"^no /nowhere/build/\S+\.a: run 'make all examples' in "
                     "OpenSDEI's tree, or name another: SDEI=$", done.stdout, re.M)


def run_until(last, *arguments):
    """A machine's console until that line, which is the end of it: not every
    machine can turn itself off."""
    command = [os.environ.get("QEMU") or "qemu-system-aarch64", "-display", "none",
               "-nic", "none", "-serial", "stdio", *arguments]
    console = ""
    with subprocess.Popen(
            ["timeout", str(patience.seconds(30)), *command],
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL) as machine:
        for line in machine.stdout:
            console += line
            if line.startswith(last):
                break
        machine.terminate()
    return console


def test_kernel_on_reference_firmware():
    console = run_until(
        "kernel: done",
        "-M", "virt,secure=on,virtualization=on,gic-version=3", "-m", "1G",
        "-cpu", "neoverse-n1", "-bios", os.path.join(BUILD, "opensdei-qemu-virt.bin"),
        "-device", PAYLOAD.format(os.path.join(EXAMPLES, "kernel/kernel.bin")))
    assert KERNEL_SAYS.search(console), console


def test_kernel_on_example_firmware():
    firmware = os.path.join(EXAMPLES, "firmware/firmware.elf")
    kernel = os.path.join(EXAMPLES, "kernel-versal/kernel.bin")
    console = run_until(
        "firmware: off", "-M", "xlnx-versal-virt", "-m", "2G",
        "-device", f"loader,file={firmware},cpu-num=0",
        "-device", PAYLOAD.format(kernel))
    assert KERNEL_SAYS.search(console), console
    assert console.endswith("kernel: done\nfirmware: off\n"), console


def record(*arguments):
    done = subprocess.run([os.path.join(EXAMPLES, "record/record"), *arguments],
                          text=True, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    assert done.stderr == "record: event 0x40000100 is raised\n"
    return done.stdout


# ACPI 6.5, table 18.11; UEFI 2.10, N.2.5 and table N.5. Bit 1 of the status word: corrected.
# 72 bytes of data entry and 80 of
# memory section; the date is 1796000000 s after 1970, two decimal digits a byte, the
# third bit 0: precise.
RECORD = {
    "record0.block_status": "0x2", "record0.entry_count": 1,
    "record0.data_length": 72 + 80, "record0.severity": 2,
    "record0.section0.section_type": "1411bca5646fde4eb8633e83ed7c83b1",
    "record0.section0.severity": 2, "record0.section0.length": 80,
    "record0.section0.fru_text": "DIMM B1",
    "record0.section0.time": "2053000130112620",
    "record0.section0.body.validation_bits": "0x4002",
    "record0.section0.body.physical_address": "0x48001040",
    "record0.section0.body.error_type": 2,
}


def test_record_in_json():
    told = json.loads(record("--json"))
    assert {name: told.get(name) for name in RECORD} == RECORD


def test_record_in_words():
    lines = [line.strip() for line in record().splitlines()]
    assert "severity: 2 (corrected)" in lines
    assert 'fru_text: "DIMM B1"' in lines
    assert "physical_address: 0x48001040" in lines
    assert "error_type: 2 (single-bit ECC)" in lines
