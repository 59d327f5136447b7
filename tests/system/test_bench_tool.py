# SPDX-License-Identifier: BSD-2-Clause
"""`sdei bench`: the same numbers as `make bench`, which judges them, for any firmware."""

import json
import os
import subprocess

import pytest

import patience
from machine import BUILD, ROOT

SDEI = os.path.join(BUILD, "sdei")


def bench(*args):
    done = subprocess.run([SDEI, "bench", *args], capture_output=True, text=True,
                          check=False, timeout=patience.seconds(90))
    return done.returncode, done.stdout, done.stderr


def limits():
    """name: limit of the rows that bench/limits has of a firmware."""
    with open(os.path.join(ROOT, "bench", "limits")) as lines:
        text = lines.read().split("# bench_lib.bin")[0]
    words = [line.split() for line in text.splitlines()
             if line and not line.startswith("#")]
    return {name: int(limit) for name, limit, *_ in words}


def test_ours():
    status, said, _ = bench("--json")
    rows = {row["name"]: row for row in json.loads(said)["row"]}
    assert status == 0
    assert {name: row["limit"] for name, row in rows.items()} == limits()
    assert all(40 <= row["instructions"] <= row["limit"] for row in rows.values())
    # A round trip is its halves.
    assert rows["signal"]["instructions"] + rows["complete"]["instructions"] == \
        pytest.approx(rows["round_trip"]["instructions"], abs=2)

    status, said, _ = bench()
    assert status == 0
    assert said.splitlines()[3].split()[0] == "SDEI_VERSION"
    assert len(said.splitlines()) == 3 + len(rows)


@pytest.mark.parametrize("args, status, sentence", (
    (("--firmware=/nowhere/x",), 2, "firmware /nowhere/x: No such file"),
    (("--qemu=true",), 4, "the payload did not come to its end on "),
    (("--qemu=/nowhere/x",), 4, "cannot start /nowhere/x: No such file"),
    (("more",), 2, "'more' is one argument too many"),
))
def test_bad_input(args, status, sentence):
    done = bench(*args)
    assert done[0] == status
    assert sentence in done[2]
