# SPDX-License-Identifier: BSD-2-Clause
"""Guests of sdei-vmm whose memory goes bad where it hurts: under what the VMM
writes, under their own kernel, where nobody hears of it. Nothing spins, the VMM
answers at all times, and what cannot go on ends with a sentence.

Linux at EL2 without VHE refuses SDEI, so no error reaches such a host."""

import re

import pytest

from guest import LINUX

pytestmark = pytest.mark.parametrize("host", ("vhe",), indirect=True,
                                     scope="module")

RAS_BASE = 0x40100000       # kvm/vmm/vmm.h
SOURCES = 0, 1, 4           # of memory errors: kvm/vmm/sources.c
KERNEL_BASE = 0x40200000


def go_bad(host, machine, address):
    """The host's page under the guest's `address`, as the firmware tells it."""
    where = machine.ask(f"where address=0x{address:x}")[-1]
    before = host.run("dmesg | grep -c 'Memory failure.*recovery'", check=False)
    outcome = host.inject("memory", "recoverable",
                          address=int(where["physical"], 16))
    assert outcome["disposition"] == "delivered"
    host.run("until [ $(dmesg | grep -c 'Memory failure.*recovery') -gt "
             f"{int(before)} ]; do sleep 0.1; done")


def symbol(machine, name):
    """Where a symbol of the guest's kernel lies in its memory."""
    machine.type(f"grep -w -e _text -e {name} /proc/kallsyms; echo @symbols")
    machine.wait("^@symbols")
    at = {found: int(machine.seen(rf"^[0-9a-f]+ . {found}[^a-z_]*$").split()[0], 16)
          for found in ("_text", name)}
    return at[name] - at["_text"] + KERNEL_BASE


def alive(machine):
    machine.type("echo @al\"\"ive")
    machine.wait("^@alive")


def test_memory_of_the_vmm(host, booted):
    """The page with the sources' registers, and those with their blocks: the VMM
    makes them new, the guest does not notice, errors go on."""
    machine = booted(LINUX + " -A -s 2")
    pages = [0] + [1 + source for source in SOURCES]
    for count, page in enumerate(pages, 1):
        go_bad(host, machine, RAS_BASE + 0x1000 * page)
        machine.ask("inject memory severity=corrected address=0x48000000")
        machine.ask("inject memory severity=recoverable address=0x4a000000")
        assert machine.acknowledged(count, source=0)
        assert machine.acknowledged(count, source=1)
    alive(machine)


def test_vectors(host, guest):
    """The page under the kernel's exception vectors: no abort can be taken. The
    VMM says so, and ends."""
    machine = guest(LINUX.replace("quiet", "'quiet mitigations=off'") +
                    " -A -s 2")
    machine.wait("guest#")
    machine.status_at_end = 1
    go_bad(host, machine, symbol(machine, "vectors"))
    machine.wait("@exit 1")
    assert re.search("sdei-vmm: the guest cannot go on: memory at 0x40[0-9a-f]*, "
                     "which vcpu [01] needs, went bad, and its handler of aborts",
                     machine.seen("sdei-vmm: "))


def test_kernel(host, booted):
    """A page of the kernel's own: it is told, which helps nothing, so the access
    aborts, and the kernel says so."""
    machine = booted(LINUX + " -A -s 2")
    go_bad(host, machine, symbol(machine, "version_proc_show"))
    machine.type("cat /proc/version")
    machine.wait("Internal error: synchronous external abort")
    what = [row["what"] for row in machine.trace()]
    assert what.index("sigbus") < what.index("enter") < what.index("abort")
    assert machine.status("source")[1]["acknowledged"] == "1"


def test_without_news(host, guest):
    """Without error sources nobody can be told: the process that touches the
    page gets the abort, and the guest goes on."""
    machine = guest(LINUX + " -s 2")
    machine.wait("guest#")
    address, _ = machine.page_of_a_process()
    go_bad(host, machine, address)
    assert "SIGBUS other" in machine.wait("memhog: SIGBUS")
    alive(machine)
