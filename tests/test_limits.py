# SPDX-License-Identifier: BSD-2-Clause
"""What is judged by a number: instructions and bytes within their limits, every
line and branch of the dispatcher reached, planted faults noticed (here each
sixteenth; `make faults` takes all of them, for half an hour)."""

import os

import pytest

import patience


@pytest.mark.parametrize("target, seconds", (
    ("bench", 300), ("bench-ras", 300), ("bench-kvm", 300), ("bench-memory", 60),
    ("coverage", 300), ("faults-check", 60),
    ("faults-quick", 1500)))
def test_target(target, seconds):
    done = patience.run(["make", "-s", target, f"BUILD={os.environ['BUILD']}"],
                        seconds)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
