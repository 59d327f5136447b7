# SPDX-License-Identifier: BSD-2-Clause
"""The releases of tomorrow: the tests of the other files, each kind by one or a few, on
Debian 13's backports' kernel and QEMU, and on CPUs that a stable QEMU does not have.
What these tests want is said where they stand; here stands what runs again."""

import os
import re

import pytest

import patience
import test_boot
import test_conformance
import test_host
import test_inject
import test_inject_kinds
import test_kvm
import test_pcie
import test_power
import test_rasdaemon
from conftest import kvm_host
from machine import BUILD, ROOT
from releases import BACKPORTS

AT_ONCE = True

# Armv8.4 with SVE, Armv9.0 with SVE2, and all that QEMU has, SME2 among it.
NEW_CPUS = ("neoverse-v1", "neoverse-n2", "max")


@pytest.fixture(scope="module")
def release():
    return BACKPORTS


@pytest.fixture(scope="module", params=("vhe",))
def host(request, release):
    with kvm_host(release, request.param, "2G") as machine:
        yield machine


def test_versions(boot, release):
    """It is the kernel and the QEMU that were asked for, and new enough."""
    running = boot(smp=1).run("uname -r").strip()
    linux, qemu = re.fullmatch(r"backports: Linux (\S+), QEMU version (\S+) .*",
                               release.versions()).groups()
    assert running == linux
    assert [int(n) for n in linux.split(".")[:2]] >= [7, 3]
    assert [int(n) for n in qemu.split(".")[:2]] >= [11, 1]


@pytest.mark.parametrize("cpu, smp, boot_by", (
    ("neoverse-n1", 8, "acpi"), ("neoverse-v1", 4, "acpi"), ("neoverse-v1", 2, "dt"),
    ("neoverse-n2", 4, "acpi"), ("max", 4, "acpi"), ("max,pauth-impdef=on", 1, "dt")))
def test_boots(boot, cpu, smp, boot_by):
    test_boot.test_boot_at_el2(boot, cpu, smp, boot_by)


def test_without_vhe(boot):
    test_boot.test_linux_refuses_without_vhe(boot, 2, "acpi")


@pytest.mark.parametrize("cpu", ("cortex-a57", "neoverse-n2"))
def test_boots_at_el1(boot, cpu):
    test_boot.test_boot_at_el1(boot, 4, "acpi", cpu)


@pytest.mark.parametrize("inject, offset", (
    (test_inject.inject_inside, 0), (test_inject.inject_outside, 0x40)))
@pytest.mark.parametrize("cpu", NEW_CPUS)
def test_injections(boot, cpu, inject, offset):
    test_inject.test_fifty(boot, inject, offset, cpu=cpu, count=16)


def test_registers(boot):
    test_inject.test_while_computing(boot, cpu="neoverse-n2")


# As they are, on this module's release.
test_interrupts_masked = test_inject.test_interrupts_masked
test_before_linux_is_ready = test_inject.test_before_linux_is_ready
test_fatal_and_its_record = test_inject.test_fatal_and_its_record
test_each_kind = test_inject_kinds.test_together
test_hotplug = test_power.test_hotplug
test_errors_of_a_cpu_that_is_off = test_power.test_errors_of_a_cpu_that_is_off
test_sleep = test_power.test_sleep
test_kexec = test_power.test_kexec
test_whole_chain = test_kvm.test_the_whole_chain


def test_crash(boot):
    test_power.test_crash(boot, 4)


def test_crash_in_a_handler(boot):
    test_power.test_crash_in_a_handler(boot, 4, "processor", {"cpu": 2})


def test_zt0(boot):
    """An unprivileged program uses what has come last, SME2's ZT0, on each CPU."""
    machine = boot(cpu="max", smp=2)
    for cpu in range(2):
        machine.send(f"taskset {1 << cpu:x} zt0\n")
        said = machine.expect(r"^(zt0: .*|opensdei: this PE is stopped)\n").group(1)
        assert said == "zt0: kept"
    machine.run("taskset 1 true && taskset 2 true")
    assert "is Undefined at" not in machine.console     # and EL3 had no part in it


def test_rows_of_rasdaemon(boot):
    """With what Linux's CXL driver tells of a device, which needs this QEMU, and the
    header log, which needs this kernel. The date is the host's all the time."""
    machine = boot(smp=2, initrd=test_rasdaemon.INITRD,
                   qemu_args=test_pcie.ROOT_PORT + test_rasdaemon.CXL_DEVICE)
    rasdaemon = test_rasdaemon.check_rows(machine, test_rasdaemon.CXL_EVENTS)
    log = " ".join(f"{word:08x}" for word in test_rasdaemon.HEADER_LOG)
    assert log in rasdaemon.sql("SELECT err_msg FROM aer_event")


# Guests.


def test_records(host, guest):
    test_kvm.test_records(host, guest, 2)


def test_guest_conformance(host, guest):
    test_kvm.test_conformance(host, guest, 2, "sdei-vmm")


# Payloads.


@pytest.mark.parametrize("cpu, smp, el2", (
    ("neoverse-n1", 2, "on"), ("neoverse-v1", 4, "on"), ("neoverse-n2", 8, "on"),
    ("max", 4, "on"), ("max,pauth-impdef=on", 2, "off")))
def test_firmware_conformance(release, cpu, smp, el2):
    test_conformance.check_passes("--qemu", release.qemu, "--cpu", cpu, "--smp",
                                  str(smp), "--el2", el2)


@pytest.mark.parametrize("cpu", NEW_CPUS)
def test_hypervisor(boot, cpu):
    test_host.test_vhe(boot, cpu, 4)


# What a user types.


@pytest.mark.parametrize("demo, words", (
    ("demo", "All 8 errors reached Linux, each once."),
    ("demo-kvm", "The host, the VMM and the guest went on")))
def test_demo(release, tmp_path, demo, words):
    """KERNEL= alone: its modules are found."""
    done = patience.run(
        ["make", "-s", demo, f"BUILD={BUILD}", f"KERNEL={release.kernel}",
         f"GUEST={tmp_path}/kernel", f"GUEST_KERNEL={tmp_path}/kernel",
         f"QEMU={release.qemu}"], cwd=ROOT)
    assert done.returncode == 0, done.stdout
    assert words in done.stdout
    assert os.path.basename(os.path.dirname(os.path.realpath(release.kernel))) \
        in done.stdout
