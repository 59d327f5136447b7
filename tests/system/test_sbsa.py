# SPDX-License-Identifier: BSD-2-Clause
"""The second platform, QEMU's sbsa-ref, on both releases of QEMU: the payload passes,
and unmodified Linux starts by our ACPI tables, finds SDEI and logs injected errors."""

import subprocess

import pytest

import patience
from machine import SdeiError
from releases import BACKPORTS, STABLE
from test_boot import check_sdei
from test_conformance import SDEI, check_passes

RAM = 0x100_0000_0000       # where the machine has it
SBSA = {"machine": "sbsa-ref"}
EINJ_MEMORY_CORRECTED = 0x8


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


@pytest.mark.parametrize("release", (STABLE, BACKPORTS), indirect=True,
                         ids=lambda release: release.name)
def test_linux(boot):
    """Errors from outside and from inside arrive in its log, CPUs come and go, and it
    starts again after a reset."""
    machine = boot(**SBSA)
    check_sdei(machine, 4, "acpi")
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
    (("--option=boot",), "--option: 'boot' is not NAME=VALUE")))
def test_usage(arguments, sentence):
    done = patience.run([SDEI, "run", "--machine=sbsa-ref", *arguments], 20,
                        stderr=subprocess.PIPE)
    assert done.returncode != 0
    assert sentence in done.stderr


@pytest.mark.parametrize("options, sentence", (
    ({"boot": "dt"}, "this machine's device tree is not one for kernels"),
    ({"kernel": None, "initrd": None}, "give sdei run --machine sbsa-ref --kernel IMAGE"),
    ({"memory": "128M"}, "no kernel, and RAM ends at 0x10008000000")))
def test_cannot_boot(boot, options, sentence):
    machine = boot(wait=False, **SBSA, **options)
    machine.expect("opensdei: error: .*" + sentence)
