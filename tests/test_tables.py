# SPDX-License-Identifier: BSD-2-Clause
"""The ACPI tables that lib/ras builds, by the judgement of others. iasl, this
Debian's and forky's, reads each one without a complaint, and what it has read compiles
to the same bytes; forky's fwts finds nothing."""

import os
import re
import shutil
import subprocess

import pytest

import patience

PROGRAM, = (p for p in os.environ["UNIT_TESTS"].split()
            if os.path.basename(p) == "test_tables")
FORKYS = os.path.abspath(f"{os.environ.get('ARM64', 'build/arm64')}/backports")
IASLS = {"this": "iasl", "forky": f"{FORKYS}/iasl"}
FWTS = f"{FORKYS}/fwts"
TABLES = ("hest", "sdei", "agdi", "agdi-gsiv", "bert", "einj", "einj2", "erst")
# Checksum; creator and its revision, which are the compiler's.
DIFFERS = {9, *range(28, 36)}
# An iasl that does not know a table says so, and shows its header alone.
UNKNOWN = "Unknown ACPI table signature"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("tables")
    subprocess.run([PROGRAM], env={**os.environ, "TABLES": str(path)},
                   check=True, capture_output=True, timeout=patience.seconds(60))
    return path


def run(program, folder, *arguments):
    done = subprocess.run([program, *arguments], cwd=folder, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=patience.seconds(60), check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("release", IASLS)
@pytest.mark.parametrize("name", TABLES)
def test_iasl(folder, tmp_path, name, release):
    iasl = IASLS[release]
    shutil.copy(folder / f"{name}.aml", tmp_path)
    said = run(iasl, tmp_path, "-d", f"{name}.aml")
    if UNKNOWN in said:
        assert name.startswith("agdi") and release == "this"   # Debian 12's, of 2020
        return
    assert not re.search("warning|error", said, re.IGNORECASE), said
    assert not re.search("warning|error:|invalid",
                         (tmp_path / f"{name}.dsl").read_text(), re.IGNORECASE)
    said = run(iasl, tmp_path, "-we", "-p", "again", f"{name}.dsl")
    assert "0 Errors, 0 Warnings, 0 Remarks" in said
    first, again = ((tmp_path / f"{what}.aml").read_bytes()
                    for what in (name, "again"))
    assert len(first) == len(again)
    assert {n for n, (a, b) in enumerate(zip(first, again)) if a != b} <= DIFFERS


def test_fwts(folder, tmp_path):
    names = ("hest", "sdei", "bert", "einj", "erst")
    for name in names:
        shutil.copy(folder / f"{name}.aml", tmp_path / f"{name}.dat")
    done = subprocess.run([FWTS, f"--table-path={tmp_path}", "-q", "-r", "stdout",
                           "checksum", *names], text=True, cwd=tmp_path,
                          capture_output=True, check=False,
                          timeout=patience.seconds(120))
    assert done.stdout.count("\nPASSED: ") == 2 * len(names), done.stdout
    assert "FAILED" not in done.stdout and "ABORT" not in done.stdout
