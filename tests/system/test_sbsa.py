# SPDX-License-Identifier: BSD-2-Clause
"""The second platform, QEMU's sbsa-ref, on both releases of QEMU: the payload passes,
and unmodified Linux starts by our ACPI tables, finds SDEI and logs injected errors."""

import base64
import re
import struct
import subprocess

import pytest

import patience
from machine import KERNEL, SdeiError
from releases import BACKPORTS, STABLE
from test_boot import check_sdei
from test_conformance import SDEI, check_passes

RAM = 0x100_0000_0000       # where the machine has it
SBSA = {"machine": "sbsa-ref"}
EINJ_MEMORY_CORRECTED = 0x8
# The machine's own, of which QEMU has none; the errors' are tests/test_tables.py's.
TABLES = ("FACP", "DSDT", "APIC", "GTDT", "SPCR", "MCFG", "SSDT1", "SSDT2")


@pytest.fixture
def release(request):
    return getattr(request, "param", STABLE)


@pytest.mark.parametrize("cpu, smp, release", (
    ("neoverse-n1", 1, STABLE), ("neoverse-n1", 4, BACKPORTS),
    ("max,pauth-impdef=on", 8, STABLE)), indirect=("release",),
    ids=lambda value: getattr(value, "name", value))
def test_conformance(cpu, smp, release):
    qemu = release.options().get("qemu")
    report = check_passes("--machine=sbsa-ref", f"--cpu={cpu}", f"--smp={smp}",
                          *([f"--qemu={qemu}"] if qemu else []))
    # The critical ones are injected by the machine's own control line.
    critical = {c["result"] for c in report["check"] if "critical" in c["name"]}
    assert "passed" in critical


# Debian 13's iasl (20250404) compiles no revision of a table that is older than the
# latest it knows, though it has read it: SPCR's 2.
OLDER = "Internal compiler error Found NULL field"


def check_tables(machine, folder):
    """iasl reads each without a complaint, and what it has read compiles."""
    for name in TABLES:
        text = machine.run(f"base64 /sys/firmware/acpi/tables/{name}")
        (folder / f"{name}.aml").write_bytes(base64.b64decode(text))
        for arguments in (("-d", f"{name}.aml"), ("-we", f"{name}.dsl")):
            done = subprocess.run(["iasl", *arguments], cwd=folder, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  timeout=patience.seconds(60), check=False)
            assert done.returncode == 0 or (
                (name, arguments[0]) == ("SPCR", "-we")
                and OLDER in done.stdout), done.stdout
        assert not re.search("warning|error:|invalid",
                             (folder / f"{name}.dsl").read_text(), re.IGNORECASE)


@pytest.mark.parametrize("release", (STABLE, BACKPORTS), indirect=True,
                         ids=lambda release: release.name)
def test_linux(boot, tmp_path):
    """Errors from outside and from inside arrive in its log, CPUs come and go, and it
    starts again after a reset."""
    machine = boot(**SBSA)
    check_sdei(machine, 4, "acpi")
    check_tables(machine, tmp_path)
    machine.inject("memory", "corrected", address=hex(RAM + 0x10005000))
    machine.inject("processor", "recoverable", cpu=2)
    machine.run(f"inject {EINJ_MEMORY_CORRECTED:#x} {RAM + 0x10405000:#x}")
    logged = sorted(machine.wait_errors(3), key=lambda e: e["sequence"])
    assert [(e["kind"], e["severity"], e["address"]) for e in logged] == [
        ("memory", "corrected", RAM + 0x10005000),
        ("processor", "recoverable", None),
        ("memory", "corrected", RAM + 0x10405000)]
    machine.wait_handled()
    machine.run("echo 0 > /sys/devices/system/cpu/cpu3/online")
    assert machine.status()["pe"][3]["power"] == "off"
    machine.run("echo 1 > /sys/devices/system/cpu/cpu3/online")
    machine.inject("processor", "recoverable", cpu=3)
    assert len(machine.wait_errors(4)) == 4
    with pytest.raises(SdeiError, match="outside memory, which is 0x10000000000 to"):
        machine.inject("memory", "corrected", address="0x50005000")
    machine.send("reboot -f\n")
    machine.wait_ready()
    check_sdei(machine, 4, "acpi")


@pytest.mark.parametrize("arguments, sentence", (
    (("--el2=on",), "--el2 and --gic: a sbsa-ref has EL2 and a GICv3"),
    (("--machine=sbsa",), "--machine: 'sbsa' is none of virt, sbsa-ref"),
    (("--option=boot",), "--option: 'boot' is not NAME=VALUE"),
    ((f"--kernel={KERNEL}", "--append=" + "x" * 70000), "too much is given"),
    (tuple(f"--option=a{i}=b" for i in range(17)), "too much is given: at most 16 files and options"),
    (("--option=" + 35 * "x" + "=y",), "with names of 34 bytes"),
    (("--kernel=/dev/null",), "kernel /dev/null: is no regular file")),
    ids=("el2", "machine", "option", "long", "many", "name", "device"))
def test_usage(short_path, arguments, sentence):
    done = patience.run([SDEI, "run", "--machine=sbsa-ref", *arguments], 20,
                        stderr=subprocess.PIPE,
                        env=patience.environment(XDG_RUNTIME_DIR=str(short_path)))
    assert done.returncode != 0
    assert sentence in done.stderr


def test_large_kernel(boot, tmp_path):
    """Moved to its place, it lies over the list that says where the initrd is."""
    size = 260 << 20
    header = struct.pack("<2I3Q24x2I", 0x14000000, 0, 0, size, 0, 0x644d5241, 0)
    with open(tmp_path / "kernel", "wb") as kernel:
        kernel.write(header)
        kernel.truncate(size)
    (tmp_path / "initrd").write_bytes(bytes(4096))
    machine = boot(wait=False, **SBSA, kernel=str(tmp_path / "kernel"),
                   initrd=str(tmp_path / "initrd"), memory="1G")
    machine.expect("opensdei: kernel 266240 KiB, initrd 4 KiB")


@pytest.mark.parametrize("options, sentence", (
    ({"boot": "dt"}, "this machine's device tree is not one for kernels"),
    ({"kernel": None, "initrd": None}, "give sdei run --machine sbsa-ref --kernel IMAGE"),
    ({"memory": "128M"}, "no kernel, and RAM ends at 0x10008000000")))
def test_cannot_boot(boot, options, sentence):
    machine = boot(wait=False, **SBSA, **options)
    machine.expect("opensdei: error: .*" + sentence)
