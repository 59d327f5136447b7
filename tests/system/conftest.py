# SPDX-License-Identifier: BSD-2-Clause
"""System tests: real boots. A machine is made by the `boot` fixture, which
ends every machine a test has started and shows its console if the test fails.

A KVM `host` boots once for each of its modes (VHE, nVHE); a `guest` is a process
in it, its console a file there.

All of these start what `release` says: kernel, file systems made for it, QEMU. A
module with another `release` runs its tests on that: test_backports.py.
"""

import contextlib
import os
import pathlib
import sys
import tempfile

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tools"))

from guest import Guest  # noqa: E402  (after sys.path)
from machine import INITRD, KERNEL, LIMIT, Machine  # noqa: E402
from releases import STABLE  # noqa: E402

__all__ = ["INITRD", "KERNEL"]      # what tests that want no fixture start


@pytest.fixture(scope="module")
def release():
    return STABLE


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    for machine in getattr(item, "machines", ()):
        if report.failed:
            report.sections.append(("console", machine.console[-6000:]))


@pytest.fixture
def short_path():
    """An empty folder; a socket's path may have no more than 107 characters."""
    with tempfile.TemporaryDirectory(prefix="opensdei-") as path:
        yield pathlib.Path(path)


@pytest.fixture
def boot(request, release):
    """boot(cpu=..., ...) starts a machine; boot(wait=False) does not wait for
    the guest's shell. `initrd` may be the name of one that the release has.
    Its CPUs take turns, which is cheaper (tools/machine.py), but for modules that say
    AT_ONCE: what CPUs do to each other is their subject."""
    machines = request.node.machines = []
    in_turn = not getattr(request.module, "AT_ONCE", False)

    def start(wait=True, **options):
        options.setdefault("in_turn", in_turn)
        machine = Machine(**release.options(**options))
        machines.append(machine)
        machine.start()
        if wait:
            machine.wait_ready()
        return machine

    yield start
    for machine in machines:
        machine.stop()


HOST_INITRD = "initrd-kvm-tests.cpio"
# What guests of tests boot from: with more programs, with a second kernel, too.
GUEST_INITRDS = (
    "cat /boot/more.cpio /boot/initrd > /more.cpio; mkdir -p /second/boot; "
    "cd /second; cp /boot/vmlinuz /boot/initrd boot/; "
    "find . | cpio -o -H newc | cat - /more.cpio > /second.cpio; cd /")


@contextlib.contextmanager
def kvm_host(release, mode, memory):
    """A KVM host in its `mode`; `booted` has what the fixture of that name saved.
    One mode's CPUs take turns, which is cheaper; the other's run at once."""
    append = None if mode == "vhe" else "kvm-arm.mode=nvhe"
    with Machine(**release.options(initrd=HOST_INITRD, smp=2, memory=memory,
                                   append=append, in_turn=mode == "vhe",
                                   limit=4 * LIMIT)) as machine:
        machine.mode = mode
        machine.booted = {}
        machine.wait_ready()
        machine.run(GUEST_INITRDS)
        yield machine


@pytest.fixture(scope="module", params=("vhe", "nvhe"))
def host(request, release):
    with kvm_host(release, request.param, "1536M") as machine:
        yield machine


@pytest.fixture
def booted(host, guest):
    """booted(options) is an unmodified Linux at its shell: it boots once a host, and
    each test has it as it was saved then. `more` goes to the process that takes it."""
    def start(options, more="", **how):
        if options not in host.booted:
            first = Guest(host, options)
            first.wait("guest#")
            path = f"/booted{len(host.booted)}"
            assert first.save(path)
            host.booted[options] = path
        one = guest(f"--resume {host.booted[options]} {more}", **how)
        one.type("")
        one.wait("guest#")
        return one

    return start


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
