#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""orders.py [-k TEXT] [--every N] TABLE - take a barrier away, see who notices.

Each fault of TABLE is put alone into a copy of lib/ and kvm/ and the litmus test
that the table names is made of it: herd7 must say Sometimes or Always. Of one that
names none all are tried. Prints TAP.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/faults"))

import faults  # noqa: E402  (after sys.path)
import litmus  # noqa: E402

COPIED = ("lib", "kvm")
# Which programs are made of what, the first that fits; of the rest, the dispatcher's.
PROGRAMS = {"kvm/vmm/": ["vmm"], "kvm/": ["kvm"], "lib/ras/": ["ras", "apei"],
            "lib/client/": ["client"]}


def plant_tree(folder):
    """The tree, with copies of what faults are put into."""
    for path in ROOT.iterdir():
        if path.name in COPIED:
            shutil.copytree(path, folder / path.name)
        elif path.name not in ("build", ".git"):
            (folder / path.name).symlink_to(path)


def build(folder, elf):
    arm64 = ROOT / os.environ.get("ARM64", "build/arm64")
    done = subprocess.run(
        ["make", "-s", "-j2", "BUILD=build", f"ARM64={arm64}", elf], cwd=folder,
        check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.exit(done.stdout)
    return folder / elf


def notices(folder, fault):
    """The test that notices, and what herd7 says; "" if none."""
    programs = next((names for part, names in PROGRAMS.items()
                     if fault.file.startswith(part)), ["dispatcher"])
    for name in programs:
        elf = build(folder, f"build/litmus/{name}.elf")
        for test in litmus.read(litmus.program(elf)):
            if fault.hidden in ("", test.name):
                says = litmus.judge(test.run().litmus())
                if says in ("Sometimes", "Always"):
                    return test.name, says
    return "", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", "--only", default="", help="what has this text")
    parser.add_argument("--every", type=int, default=1, help="each Nth fault")
    parser.add_argument("table", type=pathlib.Path)
    options = parser.parse_args()
    table = faults.read_table(options.table)
    faults.check_table(table)
    table = [f for f in table if options.only in f.file + f.what]
    table = table[::options.every]
    bad = 0
    print(f"1..{len(table)}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        plant_tree(folder)
        for n, fault in enumerate(table, 1):
            path = folder / fault.file
            text = path.read_text()
            path.write_text(fault.planted(text))
            test, says = notices(folder, fault)
            path.write_text(text)
            bad += not test
            print(f"{'ok' if test else 'not ok'} {n} - {fault.file}: "
                  f"{fault.what}: {test or 'nobody'} {says or 'notices'}",
                  flush=True)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
