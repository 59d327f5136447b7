# SPDX-License-Identifier: BSD-2-Clause
"""Each unit test of each cmocka program as a test of its own.

The programs are run once, while pytest collects: by the first of its workers, for
the others too. A program that dies half-way fails the tests that it did not get
to, because TAP announces how many there are.
"""

import concurrent.futures
import fcntl
import json
import os
import re

import pytest

import patience

PROGRAMS = os.environ["UNIT_TESTS"].split()
RUN = os.environ["OPENSDEI_RUN"]


def run(program):
    """(name, passed, output) of each test of a program."""
    done = patience.run([program],
                        env=patience.environment(CMOCKA_MESSAGE_OUTPUT="TAP"))
    base = os.path.basename(program)
    planned = re.search(r"^1\.\.(\d+)$", done.stdout, re.MULTILINE)
    results = re.findall(r"^(ok|not ok) (\d+) - (\S+)", done.stdout,
                         re.MULTILINE)
    whole = (planned and int(planned.group(1)) == len(results)
             and len(results) > 0
             and (done.returncode == 0) == all(r[0] == "ok" for r in results))
    return [(f"{base}:{name}", result == "ok", done.stdout)
            for result, _, name in results] + [
                (f"{base}:ran to its end", bool(whole), done.stdout)]


def run_all():
    with concurrent.futures.ThreadPoolExecutor(patience.CPUS) as pool:
        return [row for rows in pool.map(run, PROGRAMS) for row in rows]


def results():
    path = os.path.join(RUN, "unit.json")
    with open(path + ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as file:
                json.dump(run_all(), file)
        with open(path, encoding="utf-8") as file:
            return json.load(file)


RESULTS = results()


@pytest.mark.parametrize("passed, output", [r[1:] for r in RESULTS],
                         ids=[r[0] for r in RESULTS])
def test_unit(passed, output):
    assert passed, output
