# SPDX-License-Identifier: BSD-2-Clause
"""PEs as threads, under ThreadSanitizer and at full speed: counts add up."""

import os

import pytest

import patience

PROGRAMS = os.environ["THREAD_TESTS"].split()


@pytest.mark.parametrize("program", PROGRAMS, ids=os.path.basename)
def test_threads(program):
    done = patience.run([program],
                        env=patience.environment(TSAN_OPTIONS="halt_on_error=1"))
    assert done.returncode == 0, done.stdout
