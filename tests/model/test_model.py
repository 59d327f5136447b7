# SPDX-License-Identifier: BSD-2-Clause
"""The library beside the model, in every state of a small machine."""

import os
import re

import pytest

import patience

WALK = os.environ["MODEL_TESTS"].split()[0]
WALKS = ("one event in use", "one event in use, saved and loaded",
         "shared events on three PEs", "two events in use",
         "all events enabled", "registrations")


@pytest.mark.parametrize("name", WALKS)
def test_walk(name):
    done = patience.run([WALK, name], 900)
    print(done.stdout)
    assert done.returncode == 0, done.stdout
    walked = re.search(r"(\d+) states, (\d+) transitions, 0 differences",
                       done.stdout)
    assert walked and int(walked.group(1)) > 1000
