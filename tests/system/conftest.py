# SPDX-License-Identifier: BSD-2-Clause
"""System tests: real boots. A machine is made by the `boot` fixture, which
ends every machine a test has started and shows its console if the test fails.
"""

import os
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

from machine import BUILD, Machine  # noqa: E402  (after sys.path)

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
