# SPDX-License-Identifier: BSD-2-Clause
"""Machines of many PEs. QEMU's GIC has room for 123 of them in its first region of
redistributors (61 with a GICv4); the next ones' are elsewhere, and from the 17th on a
PE's affinity has two parts.

WIDE=1, as `make wide` sets it, adds what takes minutes."""

import json
import os

import pytest

from test_conformance import conformance
from test_storm import DURATION, all_ok, start

AT_ONCE = True

WIDE = bool(os.environ.get("WIDE"))
slow = pytest.mark.skipif(not WIDE, reason="make wide")


@pytest.mark.parametrize("smp, gic", (
    (124, 3), (62, 4), pytest.param(64, 3, marks=slow),
    pytest.param(128, 3, marks=slow), pytest.param(512, 3, marks=slow)))
def test_conformance(smp, gic):
    """Every check, with signals from and to each PE."""
    status, output, console = conformance("--json", "--verbose", "--smp", str(smp),
                                          "--gic", str(gic))
    report = json.loads(output)
    assert status == 0 and report["problem"] is None, output
    assert report["checks"] == report["plan"]
    assert f", {smp} PEs\n" in console.replace("\r", "")


@slow
def test_counts_add_up(boot):
    """A minute of signals between 128 PEs, and of all the rest."""
    machine = start(boot, "stress", {DURATION: 60}, smp=128)
    all_ok(machine, 600)
    assert machine.wait_end() == 0


@slow
def test_linux(boot):
    """As wide as Debian's kernel starts in QEMU: docs/firmware.md."""
    machine = boot(smp=64)
    assert machine.run("nproc").strip() == "64"
