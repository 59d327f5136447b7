# SPDX-License-Identifier: BSD-2-Clause
"""Each unit test of each cmocka program as a test of its own.

The programs are run once, while pytest collects; a program that dies half-way
fails the tests that it did not get to, because TAP announces how many there are.
"""

import os
import re
import subprocess

import pytest

PROGRAMS = os.environ["UNIT_TESTS"].split()


def run(program):
    """Yields (name, passed, output) for each test of a program."""
    done = subprocess.run([program], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=120, check=False,
                          env=dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP"))
    base = os.path.basename(program)
    planned = re.search(r"^1\.\.(\d+)$", done.stdout, re.MULTILINE)
    results = re.findall(r"^(ok|not ok) (\d+) - (\S+)", done.stdout,
                         re.MULTILINE)
    for result, _, name in results:
        yield f"{base}:{name}", result == "ok", done.stdout
    whole = (planned and int(planned.group(1)) == len(results)
             and len(results) > 0
             and (done.returncode == 0) == all(r[0] == "ok" for r in results))
    yield f"{base}:ran to its end", bool(whole), done.stdout


RESULTS = [result for program in PROGRAMS for result in run(program)]


@pytest.mark.parametrize("passed, output", [r[1:] for r in RESULTS],
                         ids=[r[0] for r in RESULTS])
def test_unit(passed, output):
    assert passed, output
