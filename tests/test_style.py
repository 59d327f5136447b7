# SPDX-License-Identifier: BSD-2-Clause
"""Every C source is as `make format` leaves it, and nothing is said of it."""

import os
import subprocess

import pytest


@pytest.mark.parametrize("target", ("format-check", "lint"))
def test_style(target):
    done = subprocess.run(["make", "-s", target,
                           f"BUILD={os.environ['BUILD']}"],
                          text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
