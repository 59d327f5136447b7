# SPDX-License-Identifier: BSD-2-Clause
"""The libraries beside their models, in every state of a small machine."""

import os
import re

import pytest

import patience

WALK, RAS_WALK = os.environ["MODEL_TESTS"].split()
WALKS = ("one event in use", "one event in use, saved and loaded",
         "shared events on three PEs", "two events in use",
         "all events enabled", "registrations")
RAS_WALKS = ("a corrected source", "an uncorrected source", "a private event",
             "a PE goes off", "a fatal source", "bad memory",
             "saved and loaded", "two sources", "at random, private",
             "at random, shared")


@pytest.mark.parametrize("name", WALKS)
def test_walk(name):
    done = patience.run([WALK, name], 900)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    walked = re.search(r"(\d+) states, (\d+) transitions, 0 differences",
                       done.stdout)
    assert walked and int(walked.group(1)) > 1000


@pytest.mark.parametrize("name", RAS_WALKS)
def test_sources(name):
    done = patience.run([RAS_WALK, name], 300)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    walked = re.search(r"(\d+) (?:states|way), (\d+) transitions, 0 differences",
                       done.stdout)
    assert walked and int(walked.group(2)) > 1000
