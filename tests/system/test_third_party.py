# SPDX-License-Identifier: BSD-2-Clause
"""Firmware that is not ours: TF-A from Debian, with event 0 and nothing else.
The host is the image that runs on our firmware, byte for byte. What conformance
finds is TF-A's; docs/conformance.md says of each where it comes from."""

import json
import os

import pytest

from machine import BUILD
from test_conformance import conformance
from test_host import EL1, VHE, has, results, start

AT_ONCE = True  # CPUs signal each other

TFA = os.path.join(BUILD, "third_party", "tfa.bin")
NOT_OFFERED = (
    "no such event",                    # critical
    "the dispatcher has no slot",       # to bind a device's interrupt
    "there is no event for it",         # the watchdog's timer
    "PSCI has no such state",           # power-down
)


def host(boot, image, skipped=(), **options):
    return results(start(boot, image, service=False, firmware=TFA, **options),
                   (*NOT_OFFERED, *skipped))


@pytest.mark.parametrize("image, cpu", (
    (VHE, "max,pauth-impdef=on"), (EL1, "cortex-a57")))
def test_host(boot, image, cpu):
    """With VHE and without: on three CPUs, the fourth signals to them."""
    names = host(boot, image, cpu=cpu, smp=4)
    for place in ("the host, masked", "SP nonsense", "the host, unmasked",
                  "a process", "a process in AArch32", "a guest's EL1",
                  "a guest's EL0"):
        assert has(names, "a normal event finds", place)
    for place in ("the host, masked", "a process", "a guest"):
        assert has(names, "an exception in a handler is reported", place)
    assert has(names, "50 signals", "reach the VMM")
    assert has(names, "signals from each of 3 CPUs to each")
    assert has(names, "private events", "3 rounds of hotplug")
    assert has(names, "kexec") and has(names, "a crash", "over a guest")


def test_host_without_el2(boot):
    names = host(boot, EL1, ["no EL2 for guests"], cpu="cortex-a57", smp=4,
                 el2=False)
    assert has(names, "a normal event finds", "a process")
    assert has(names, "a crash")


# As judged up to here, in this order. The first signal to a masked PE is the
# last thing that the PE does.
DEVIATIONS = (
    "REGISTER: routing and affinity of a private event are ignored",
    "REGISTER: unaligned entry point",
    "resume: an unaligned address is refused, the handler goes on",
    "within a handler: COMPLETE_AND_RESUME: unaligned by 1",
    "within a handler: COMPLETE_AND_RESUME: unaligned by 2",
)
LAST = "to a masked PE: arrives at its UNMASK"


def test_conformance():
    """A payload that judges any dispatcher survives one with faults."""
    status, output, _ = conformance(
        "--json", "--firmware", TFA, "--cpu", "max,pauth-impdef=on", "--smp",
        "2", "--timeout", "10")
    checks = json.loads(output)["check"]
    names = [c["name"] for c in checks]
    failed = [c["name"] for c in checks if c["result"] == "failed"]

    assert status == 1
    judged = checks[:names.index(LAST)]
    assert failed[:len(DEVIATIONS) + 1] == [*DEVIATIONS, LAST]
    assert len([c for c in judged if c["result"] == "passed"]) > 390
