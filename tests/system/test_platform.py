# SPDX-License-Identifier: BSD-2-Clause
"""A new platform is a new folder and nothing else: one that this test makes is built
by name, the command knows it, and its payload passes."""

import os
import re
import shutil
import subprocess

import pytest

import patience
from machine import ARM64

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PLATFORMS = os.path.join(ROOT, "firmware/platform")


@pytest.fixture(name="tree")
def tree_of_two(tmp_path):
    """A copy of the tree whose second platform is called my-board: sbsa-ref, copied and
    renamed."""
    for part in ("Makefile", "bench", "conformance", "examples", "firmware", "host",
                 "include", "kvm", "lib", "mk", "tests", "tools"):
        source = os.path.join(ROOT, part)
        copy = shutil.copytree if os.path.isdir(source) else shutil.copy
        copy(source, tmp_path / part)
    platforms = tmp_path / "firmware/platform"
    (platforms / "qemu-sbsa-ref").rename(platforms / "my-board")
    line = platforms / "my-board/run.h"
    text = line.read_text()
    assert text.count('RUN("sbsa-ref", "qemu-sbsa-ref"') == 1
    line.write_text(text.replace('RUN("sbsa-ref", "qemu-sbsa-ref"',
                                 'RUN("my-board", "my-board"'))
    return tmp_path


def make(tree, *arguments):
    done = patience.run(["make", "-s", "-C", str(tree), f"ARM64={os.path.abspath(ARM64)}",
                         *arguments], 300, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_folder(tree):
    make(tree, "PLATFORM=my-board", "images")
    make(tree, "build/sdei")
    done = patience.run([tree / "build/sdei", "conformance", "--machine=my-board",
                         "--smp=2"], 120, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^all +[1-9]\d+ +0 +\d+$", done.stdout, re.MULTILINE), done.stdout


def test_name(tree):
    done = patience.run(["make", "-s", "-C", str(tree), "PLATFORM=board"], 30,
                        stderr=subprocess.STDOUT)
    assert done.returncode == 2
    assert "PLATFORM=board: it can be one of: qemu-virt my-board" in done.stdout
