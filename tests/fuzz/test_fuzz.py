# SPDX-License-Identifier: BSD-2-Clause
"""The fuzzers, each for a while: no finding."""

import os
import re

import pytest

import patience


@pytest.mark.parametrize("target", ("calls", "raw", "state", "decode", "record",
                                    "apei", "client", "ras_state"))
def test_fuzz(target):
    done = patience.run(["make", "-s", f"fuzz-{target}",
                         f"BUILD={os.environ['BUILD']}"])
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"no finding in (\d+) executions",
                         done.stdout).group(1)) > 1000
