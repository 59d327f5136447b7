# SPDX-License-Identifier: BSD-2-Clause
"""System tests: real boots. A machine is made by the `boot` fixture, which
ends every machine a test has started and shows its console if the test fails.

A KVM `host` boots once for each of its modes (VHE, nVHE); a `guest` is a process
in it, its console a file there.
"""

import os
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

from guest import Guest  # noqa: E402  (after sys.path)
from machine import BUILD, LIMIT, Machine  # noqa: E402

KERNEL = os.environ.get("KERNEL") or os.path.join(BUILD, "arm64/vmlinuz")
INITRD = os.environ.get("INITRD") or os.path.join(BUILD, "initrd.cpio.gz")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    for machine in getattr(item, "machines", ()):
        if report.failed:
            report.sections.append(("console", machine.console[-6000:]))


@pytest.fixture
def boot(request):
    """boot(cpu=..., ...) starts a machine; boot(wait=False) does not wait for
    the guest's shell."""
    machines = request.node.machines = []

    def start(wait=True, **options):
        options.setdefault("kernel", KERNEL)
        options.setdefault("initrd", INITRD)
        machine = Machine(**options)
        machines.append(machine)
        machine.start()
        if wait:
            machine.wait_ready()
        return machine

    yield start
    for machine in machines:
        machine.stop()


HOST_INITRD = os.path.join(BUILD, "initrd-kvm-tests.cpio")
# What guests of tests boot from: with more programs, with a second kernel, too.
GUEST_INITRDS = (
    "cat /boot/more.cpio /boot/initrd > /more.cpio; mkdir -p /second/boot; "
    "cd /second; cp /boot/vmlinuz /boot/initrd boot/; "
    "find . | cpio -o -H newc | cat - /more.cpio > /second.cpio; cd /")


@pytest.fixture(scope="module", params=("vhe", "nvhe"))
def host(request):
    append = None if request.param == "vhe" else "kvm-arm.mode=nvhe"
    with Machine(kernel=KERNEL, initrd=HOST_INITRD, smp=2, memory="1536M",
                 append=append, limit=4 * LIMIT) as machine:
        machine.mode = request.param
        machine.wait_ready()
        machine.run(GUEST_INITRDS)
        yield machine


@pytest.fixture
def guest(host):
    """guest(options) starts sdei-vmm; see tools/guest.py."""
    guests = []

    def start(options, **how):
        guests.append(Guest(host, options, **how))
        return guests[-1]

    yield start
    for one in guests:
        one.finish()
