#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""follow.py DOCUMENT FOLDER: do what a document says, to the letter, in an empty folder.

Three comments before a block of code mark it:
  <!-- file: NAME -->  it goes to the end of that file
  <!-- run -->         commands, with SDEI naming the built tree; one that fails ends it
  <!-- prints -->      lines that the last commands printed, in this order
What is marked otherwise ("run in the guest") is for the test that asks for it.
"""

import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BLOCK = re.compile(r"^<!-- (?P<mark>[^\n]*?) -->\n+```\w*\n(?P<text>.*?)^```$",
                   re.M | re.S)
BUILD = os.path.abspath(os.environ.get("BUILD") or os.path.join(ROOT, "build"))
LIMIT = 300     # seconds of one block of commands


def blocks(document):
    """(mark, text) of each marked block, in order."""
    with open(os.path.join(ROOT, document), encoding="utf-8") as file:
        return [(found["mark"], found["text"]) for found in BLOCK.finditer(file.read())]


def tree(folder):
    """The tree, or, if it was built elsewhere, one that has that for its build/."""
    if BUILD == os.path.join(ROOT, "build"):
        return ROOT
    links = folder.rstrip("/") + ".tree"
    os.makedirs(links, exist_ok=True)
    for name, target in (("build", BUILD), *((name, os.path.join(ROOT, name))
                                             for name in ("include", "examples"))):
        if not os.path.lexists(os.path.join(links, name)):
            os.symlink(target, os.path.join(links, name))
    return os.path.abspath(links)


def run(commands, folder):
    """What they print; they end with the first that fails."""
    done = subprocess.run(["timeout", str(LIMIT), "sh", "-eu", "-c", commands],
                          cwd=folder, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=dict(os.environ, SDEI=tree(folder)), check=False)
    if done.returncode:
        raise SystemExit(f"follow: this fails:\n{commands}\n{done.stdout}")
    return done.stdout


def check_prints(wanted, printed):
    """Each line that is wanted is one that was printed, behind the one before."""
    rest = iter(line.strip() for line in printed.splitlines())
    for line in wanted.splitlines():
        if line.strip() not in rest:
            raise SystemExit(f"follow: not printed: {line.strip()}\n{printed}")


def follow(document, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    printed = ""
    counts = {"file": 0, "run": 0, "prints": 0}
    for mark, text in blocks(document):
        kind, _, name = mark.partition(": ")
        if kind == "file":
            with open(os.path.join(folder, name), "a", encoding="utf-8") as file:
                file.write(text)
        elif mark == "run":
            printed = run(text, folder)
        elif mark == "prints":
            check_prints(text, printed)
        else:
            continue
        counts[kind] += 1
    if not counts["file"] or not counts["run"]:
        raise SystemExit(f"follow: {document} marks no files, or no commands")


if __name__ == "__main__":
    follow(sys.argv[1], sys.argv[2])
