# SPDX-License-Identifier: BSD-2-Clause
"""Unmodified Linux boots, finds SDEI, and registers for our events."""

import re

import pytest

from test_clock import check_date

GHES_SHARED = tuple(f"0x{number:08x}" for number in
                    (0x40000100, 0x40000101, 0x40000104, *range(0x40000106, 0x4000010c)))
GHES_PRIVATE = ("0x40000102", "0x40000103", "0x40000105")
VHE = ("neoverse-n1", "cortex-a76", "max,pauth-impdef=on")
CPUS = (1, 2, 4, 8)


def listening(status):
    """(event, PE) of every registered and enabled handler; PE None: shared."""
    return {(event["number"],
             event.get("pe") if event["type"] == "private" else None)
            for event in status["event"]
            if event["registered"] and event["enabled"]}


def check_cpus(machine, smp):
    assert machine.run("grep -c ^processor /proc/cpuinfo").strip() == str(smp)
    status = machine.status()
    assert len(status["pe"]) == smp
    assert all(pe["power"] == "on" for pe in status["pe"])
    return status


def check_sdei(machine, smp, boot):
    """Linux's driver found us, unmasked, and GHES registered where it must."""
    log = "\n".join(text for _, text in machine.read_log())
    assert re.search(r"^sdei: SDEIv1\.1 \(0x0\) detected in firmware\.$", log,
                     re.MULTILINE)
    status = check_cpus(machine, smp)
    assert not any(pe["masked"] for pe in status["pe"])
    expected = set()
    if boot == "acpi":
        expected |= {(event, None) for event in GHES_SHARED}
        expected |= {(event, pe) for event in GHES_PRIVATE
                     for pe in range(smp)}
        assert "GHES: APEI firmware first mode is enabled" in log
    assert listening(status) == expected
    check_date(machine)


@pytest.mark.parametrize("boot_by", ("acpi", "dt"))
@pytest.mark.parametrize("smp", CPUS)
@pytest.mark.parametrize("cpu", VHE)
def test_boot_at_el2(boot, cpu, smp, boot_by):
    """On all but one type they take turns."""
    machine = boot(cpu=cpu, smp=smp, boot=boot_by, in_turn=cpu != VHE[0],
                   exact=smp == 8 and cpu != VHE[0])
    check_sdei(machine, smp, boot_by)
    assert machine.status()["machine"]["client"] == "EL2"


@pytest.mark.parametrize("boot_by", ("acpi", "dt"))
@pytest.mark.parametrize("smp", CPUS)
def test_linux_refuses_without_vhe(boot, smp, boot_by):
    """A kernel that was entered at EL2 and runs at EL1 must not use SDEI: the
    events would arrive at EL2. Linux says so and does without."""
    machine = boot(cpu="cortex-a57", smp=smp, boot=boot_by)
    log = "\n".join(text for _, text in machine.read_log())
    assert "CPU: All CPU(s) started at EL2" in log
    assert "sdei: Failed to get SDEI version: -95" in log   # -EOPNOTSUPP
    assert "sdei: disabling SDEI firmware interface" in log
    assert "SDEIv" not in log
    assert listening(check_cpus(machine, smp)) == set()


@pytest.mark.parametrize("boot_by", ("acpi", "dt"))
@pytest.mark.parametrize("smp", (1, 4))
def test_boot_at_el1(boot, smp, boot_by, cpu="cortex-a57"):
    """The same CPU without EL2 has its client at EL1, and everything works."""
    machine = boot(cpu=cpu, smp=smp, boot=boot_by, el2=False)
    check_sdei(machine, smp, boot_by)
    assert machine.status()["machine"]["client"] == "EL1"
    if boot_by == "acpi":
        machine.inject("memory", "corrected", address=0x50005040)
        machine.inject("processor", "recoverable", cpu=smp - 1)
        errors = {(e["kind"], e["severity"], e["address"])
                  for e in machine.wait_errors(2)}
        assert errors == {("memory", "corrected", 0x50005040),
                          ("processor", "recoverable", None)}


@pytest.mark.parametrize("boot_by, devices", (
    ("acpi", "pxb-pcie,id=more,bus_nr=128,bus=pcie.0"),
    ("dt", "pxb-pcie,id=more,bus_nr=128,bus=pcie.0"),
    ("acpi", "pcie-root-port,id=more,chassis=1,bus=pcie.0")),
    ids=("acpi", "dt", "root-port"))
def test_more_root_buses(boot, boot_by, devices):
    """Nobody assigns BARs behind them: that is said, and only then."""
    machine = boot(wait=False, smp=1, boot=boot_by,
                   qemu_args=("-device", devices))
    machine.expect("opensdei: kernel ")
    said = re.findall("^opensdei: devices behind the 1 pxb bus.*$",
                      machine.console, re.MULTILINE)
    assert len(said) == ("pxb" in devices)


def test_abi_option(boot):
    machine = boot(qemu_args=("-fw_cfg",
                              "name=opt/opensdei/abi,string=1.0"))
    assert any("sdei: SDEIv1.0 (0x0) detected" in text
               for _, text in machine.read_log())


@pytest.mark.parametrize("command, ending", (
    ("poweroff -f", "reboot: Power down"),
    ("reboot -f", "reboot: Restarting system"),
))
def test_power(boot, command, ending):
    """SYSTEM_OFF ends QEMU; SYSTEM_RESET boots again, as often as wanted."""
    machine = boot(smp=2)
    for _ in range(2 if "reboot" in command else 1):
        machine.send(command + "\n")
        machine.expect(re.escape(ending))
        if "reboot" in command:
            machine.wait_ready()
            check_sdei(machine, 2, "acpi")
    if "poweroff" in command:
        assert machine.wait_end() == 0


def test_log_without_times(boot):
    """Kernels without PRINTK_TIME are read as well."""
    check_sdei(boot(smp=1, append="printk.time=0"), 1, "acpi")
