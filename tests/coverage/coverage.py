#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""coverage.py OBJECTS EXCEPTIONS - line and branch coverage of lib/dispatcher and of
the error sources in lib/ras.

OBJECTS is the folder where gcc --coverage left *.gcda. Prints a table; fails if
a line or branch was not reached that EXCEPTIONS does not explain, or if one of
the exceptions explains nothing any more. An exception names a source line by
its text, not by its number, so that it does not rot; the line may be broken into
several anywhere:

    file | text of the line | reason
"""

import collections
import json
import pathlib
import subprocess
import sys

FOLDERS = ("lib/dispatcher/", "lib/ras/")


class Line:
    """How often a source line ran, and each branch that leaves it."""

    def __init__(self):
        self.count = 0
        self.branches = []

    def add(self, entry):
        """Take in what one translation unit says: headers are in several."""
        self.count += entry["count"]
        counts = [b["count"] for b in entry["branches"]]
        missing = len(counts) - len(self.branches)
        self.branches += [0] * missing
        for i, count in enumerate(counts):
            self.branches[i] += count

    def missed(self):
        return not self.count or not all(self.branches)


def gcov(data):
    """What gcov says of one object file, by source file."""
    done = subprocess.run(["gcov", "--json-format", "--branch-probabilities",
                           "--stdout", str(data)], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout)["files"]


def collect(objects):
    """{file: {line number: Line}} of the library's sources."""
    files = collections.defaultdict(lambda: collections.defaultdict(Line))
    for data in sorted(pathlib.Path(objects).rglob("*.gcda")):
        for file in gcov(data):
            if not file["file"].startswith(FOLDERS):
                continue
            for entry in file["lines"]:
                files[file["file"]][entry["line_number"]].add(entry)
    return files


def read_exceptions(path):
    """{(file, text): reason}"""
    exceptions = {}
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        # A C line may have "|" in it, the name and the reason have not.
        name, rest = line.split(" | ", 1)
        text, reason = rest.rsplit(" | ", 1)
        exceptions["lib/" + name.strip(), text.strip()] = reason.strip()
    return exceptions


def squeezed(text):
    return "".join(text.split())


def places(name, text, exceptions):
    """{line number: exception} of those lines of a file that have one."""
    found = {}
    for exception in (e for e in exceptions if e[0] == name):
        wanted = squeezed(exception[1])
        for first in range(len(text)):
            line, last = squeezed(text[first]), first + 1
            while line and line != wanted and wanted.startswith(line) and \
                    last < len(text):
                line, last = line + squeezed(text[last]), last + 1
            if line == wanted:
                found |= {n + 1: exception for n in range(first, last)}
    return found


def judge(name, lines, exceptions, used):
    """Print a file's row. Returns what is not reached and not explained."""
    text = pathlib.Path(name).read_text(encoding="utf-8").splitlines()
    excepted = places(name, text, exceptions)
    findings, explained = [], 0
    for number in sorted(lines):
        line = lines[number]
        if not line.missed():
            continue
        source = text[number - 1].strip()
        if number in excepted:
            used.add(excepted[number])
            explained += 1
            continue
        what = "line" if not line.count else "branch " + " ".join(
            str(i) for i, n in enumerate(line.branches) if not n)
        findings.append(f"{name}:{number}: {what} not reached: {source}")
    branches = [n for line in lines.values() for n in line.branches]
    hit = sum(1 for line in lines.values() if line.count)
    print(f"{name.removeprefix('lib/'):24} {hit:5} {len(lines):6} "
          f"{sum(1 for n in branches if n):8} {len(branches):6} "
          f"{explained:9} {len(findings):11}")
    return findings


def main():
    objects, path = sys.argv[1:]
    exceptions, used, findings = read_exceptions(path), set(), []
    files = collect(objects)
    if not files:
        sys.exit("coverage: nothing was measured")
    print(f"{'file':24} {'lines':>5} {'of':>6} {'branches':>8} {'of':>6} "
          f"{'explained':>9} {'unexplained':>11}")
    for name in sorted(files):
        findings += judge(name, files[name], exceptions, used)
    findings += [f"{path}: explains nothing: {name} | {text}"
                 for name, text in exceptions if (name, text) not in used]
    for finding in findings:
        print(finding)
    sys.exit(bool(findings))


main()
