# SPDX-License-Identifier: BSD-2-Clause
"""Guests of sdei-vmm that are saved and go on in a fresh process: no event is
lost or doubled, no register changes, and the guest does not notice."""

import re
import time

import pytest

from guest import HOST_INITRD, LINUX, Guest
from machine import Machine
from test_kvm import KERNEL

SAVES = 60
BURST = 3  # errors at once: some wait in the queue while a guest is saved
STALLS = "stall|lockup|hung|unstable|BUG|WARNING|Call trace"


@pytest.fixture(scope="module")
def host():
    with Machine(kernel=KERNEL, initrd=HOST_INITRD, smp=2, memory="1536M",
                 limit=900) as machine:
        machine.wait_ready(120)
        yield machine


@pytest.fixture
def guest(host):
    guests = []

    def start(options):
        guests.append(Guest(host, options))
        return guests[-1]

    yield start
    for one in guests:
        one.finish()


def inject_until(machine, stop):
    """Errors one after the other, until there is the file `stop`. A request that
    no process takes is repeated; those that were carried out are counted."""
    machine.host.run(
        f"{{ (n=0; while [ ! -e {stop} ]; do sdei-vmm -c {machine.socket} "
        "--ask \"inject memory severity=corrected "
        f"address=$((0x48000000+n*4096)) count={BURST}\" >> {stop}.ok 2>/dev/null && "
        f"n=$(((n+{BURST})%4096)); usleep 50000; done; touch {stop}.end) & }}")


def test_every_second(guest):
    """A minute and more of errors and of checked registers, saved and resumed
    every second."""
    machine = guest(LINUX + " -A -s 2 -m 160")
    stop = machine.folder + "/stop"
    machine.wait("guest#", 120)
    machine.type(f"burn {SAVES * 5 // 4}; echo @burn $?")
    inject_until(machine, stop)
    for _ in range(SAVES):
        time.sleep(1)
        machine.save("/tmp/guest")
        machine.resume("/tmp/guest")
    machine.host.run(f"touch {stop}; while [ ! -e {stop}.end ]; do "
                     "usleep 100000; done")
    machine.wait("@burn 0", 180)
    assert not machine.seen("[1-9][0-9]* mismatches")
    answers = machine.host.run(f"cat {stop}.ok", timeout=60)
    sequence = [int(n) for n in re.findall(r"^ok sequence=(\d+)", answers,
                                           re.MULTILINE)]
    errors = BURST * len(sequence)
    assert sequence == list(range(BURST, errors + 1, BURST))
    source = machine.status("source")[0]
    assert source["injected"] == source["published"] \
        == source["acknowledged"] == str(errors)
    assert source["dropped"] == source["queued"] == "0"
    pes = machine.status("pe")
    assert sum(int(pe["dispatches"]) for pe in pes) == errors
    assert sum(int(pe["completions"]) for pe in pes) == errors
    machine.type(f"dmesg | grep -i -E \"{STALLS}\"; echo @stalls $?")
    machine.wait("@stalls 1")
