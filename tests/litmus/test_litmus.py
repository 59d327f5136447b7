# SPDX-License-Identifier: BSD-2-Clause
"""What must not be is not, under Arm's memory model; and without a barrier it is
(here with each eighth taken away; `make litmus-faults` takes all)."""

import os

import pytest

import patience


@pytest.mark.parametrize("target, every", (("litmus", 1), ("litmus-faults", 8)))
def test_target(target, every):
    done = patience.run(["make", "-s", target, f"EVERY={every}",
                         f"BUILD={os.environ['BUILD']}"], 300)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
