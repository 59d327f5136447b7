# SPDX-License-Identifier: BSD-2-Clause
"""Payloads that put the firmware under load: one calls at random and then wants
everything to work, one counts what it triggers and what is handled.

STRESS_SECONDS is how long the counting one runs: a minute if nothing is said."""

import os
import re

import pytest

from patience import Patience
from machine import BUILD, SdeiError

AT_ONCE = True

SECONDS = int(os.environ.get("STRESS_SECONDS", "60"))
CALLS = 200_000
# Where the payloads look for what they are told: tests/storm/base.h.
SEED, QUOTA, DURATION = 0x60300000, 0x60300008, 0x60300010


def start(boot, name, words, **options):
    """A machine that runs the payload, each address of `words` set."""
    path = os.path.join(BUILD, name + ".bin")
    args = ["-no-reboot", "-device",
            f"loader,file={path},addr=0x60000000,force-raw=on"]
    for address, value in words.items():
        args += ["-device",
                 f"loader,addr={address:#x},data={value:#x},data-len=8"]
    return boot(wait=False, kernel=None, initrd=None, qemu_args=args,
                **options)


def all_ok(machine, timeout):
    """The payload comes to its end, and every line of its TAP is ok."""
    machine.expect(r"^# done$|^Bail out!.*\n", timeout)
    results = re.findall(r"^(not ok|ok) (\d+) - (.*)$", machine.console, re.M)
    assert "Bail out!" not in machine.console
    assert [r for r in results if r[0] != "ok"] == []
    assert f"1..{len(results)}\n" in machine.console and results
    return [name for _, _, name in results]


def storm(boot, seed, **options):
    machine = start(boot, "storm", {SEED: seed, QUOTA: CALLS}, **options)
    all_ok(machine, 60)
    assert machine.wait_end() == 0
    total = re.search(r"^# total: (\d+) calls, (\d+) handlers, (\d+) of bound",
                      machine.console, re.M)
    calls, handlers, bound = map(int, total.groups())
    assert calls >= CALLS and handlers > 1000 and bound > 100


@pytest.mark.parametrize("seed", (1, 0x5de1, 0xfeedface))
@pytest.mark.parametrize("cpu, smp", (
    ("neoverse-n1", 1), ("neoverse-n1", 4), ("neoverse-n1", 8),
    ("max,pauth-impdef=on", 4)))
def test_storm(boot, cpu, smp, seed):
    storm(boot, seed, cpu=cpu, smp=smp)


def test_storm_at_el1(boot):
    storm(boot, 2, smp=4, el2=False)


def test_storm_with_errors(boot):
    """Errors from outside all the while: critical events among the others. They
    stay pending while nobody has registered, so nothing else is asked for."""
    machine = start(boot, "storm", {SEED: 3, QUOTA: 5 * CALLS}, smp=4)
    machine.expect("^ok 1 ")
    injected, storming = 0, Patience(60)
    while "# total:" not in machine.console and not storming.over():
        try:
            machine.inject("processor", "fatal", cpu=injected % 4)
            machine.inject("memory", "fatal", address=0x50000000)
        except SdeiError:       # it has just ended
            break
        injected += 2
    all_ok(machine, 60)
    assert injected > 10


def test_counts_add_up(boot):
    machine = start(boot, "stress", {DURATION: SECONDS}, smp=8)
    said = all_ok(machine, SECONDS + 90)
    assert machine.wait_end() == 0
    counts = [int(n) for line in said for n in re.findall(r"\d+", line)]
    # Signals and handlers, timers, two lines: all of them were at work.
    assert len(counts) == 8 and min(counts) > 10
