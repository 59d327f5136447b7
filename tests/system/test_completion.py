# SPDX-License-Identifier: BSD-2-Clause
"""bash completes `sdei` with what its --help offers."""

import os
import subprocess

import pytest

import patience
from machine import BUILD, ROOT
from test_inject_tool import Firmware

SDEI = os.path.join(BUILD, "sdei")
FILE = os.path.join(ROOT, "tools", "completion", "sdei")


def complete(*words, **environment):
    """What is offered for the last of the words."""
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ' \
             '_sdei "$1"; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", script, "bash", FILE, SDEI, *words],
                          capture_output=True, text=True, check=True,
                          env=patience.environment(**environment),
                          timeout=patience.seconds(20))
    assert not done.stderr
    return done.stdout.split()


def test_commands():
    said = subprocess.run([SDEI, "--help"], capture_output=True, text=True,
                          check=True).stdout
    listed = said.split("Commands (each has --help):\n")[1].split("\n\n")[0]
    assert complete("") == [line.split()[0] for line in listed.splitlines()]
    assert complete("sta") == ["status"]


@pytest.mark.parametrize("words, offered", (
    (("run", "--ker"), ["--kernel="]),
    (("run", "--sn"), ["--snapshot"]),
    (("trace", "--fo"), ["--follow"]),
    (("inject", "mem"), ["memory"]),
    (("inject", "memory", "--addr"), ["--address="]),
    (("inject", "memory", "--severity", "=", "f"), ["fatal"]),
    (("inject", "memory", "--severity", "cor"), ["corrected"]),
))
def test_options(words, offered):
    assert complete(*words) == offered


def test_files(tmp_path):
    (tmp_path / "Image").touch()
    assert complete("run", "--kernel", "=", f"{tmp_path}/Im") == [f"{tmp_path}/Image"]
    assert complete("decode", f"{tmp_path}/Im") == [f"{tmp_path}/Image"]


def test_names(short_path):
    """Those of machines that run."""
    Firmware(short_path)
    assert complete("status", "--name", "=", "",
                    XDG_RUNTIME_DIR=str(short_path)) == ["default"]
