#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Has the libraries' interface changed as its version says?

    abi.py BUILT 'BASELINE' VERSION     compare, and say what differs
    abi.py --write BUILT BASELINE       write the baseline of a release

BUILT is a shared object with debugging information, BASELINE abi/opensdei-VERSION.abi,
the interface of the last release. What docs/packages.md promises decides: what was there
stays as long as the first number, and while that is 0 the second one; something new
needs a higher version of any kind.
"""

import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "../..")
SUPPRESSIONS = os.path.join(ROOT, "abi/suppressions")
HEADERS = os.path.join(ROOT, "include/sdei")
# Bits of abidiff's exit status (its manual page).
ERROR, CHANGED = 1 | 2, 4 | 8
# What a summary counts, "0 Removed, 1 Changed (2 filtered out), 3 Added functions".
COUNTS = re.compile(r"(\d+) (Removed|Changed|Added)")


def fail(text):
    sys.exit(f"abi: {text}")


def numbers(version):
    return tuple(int(part) for part in version.split("."))


def write(built, to):
    subprocess.run(["abidw", "--headers-dir", HEADERS, "--drop-private-types",
                    "--drop-undefined-syms", "--no-show-locs", "--no-corpus-path",
                    "--no-comp-dir-path", "--no-elf-needed", "--type-id-style",
                    "hash", "--out-file", to, built], check=True)
    with open(macros_beside(to), "w", encoding="ascii") as out:
        out.writelines(f"{name} {value}\n" for name, value in
                       sorted(read_macros().items()))


def macros_beside(abi):
    return os.path.splitext(abi)[0] + ".macros"


def read_macros():
    """Public constants, which no compiler leaves in an object; not the version. And
    the names of enumerators: of their values abidiff takes care, but one more is
    harmless to it, as are differences between two of its own versions."""
    headers = "".join(f"#include <sdei/{name}>\n"
                      for name in sorted(os.listdir(HEADERS)))
    done = subprocess.run(["gcc", "-E", "-dM", "-I", os.path.dirname(HEADERS), "-"],
                          input=headers, text=True, check=True,
                          stdout=subprocess.PIPE)
    found = re.findall(r"^#define ((?:SDEI|sdei)_\w+(?:\(.*?\))?) (.+)$",
                       done.stdout, re.M)
    # Blanks are the formatter's business.
    names = {name: re.sub(r"\s+", "", value) for name, value in found
             if not name.startswith("SDEI_LIBRARY_")}
    for header in os.listdir(HEADERS):
        with open(os.path.join(HEADERS, header), encoding="ascii") as text:
            names.update({name: "enumerator" for name in re.findall(
                r"^\t(SDEI_[A-Z0-9_]+)(?:,| =)", text.read(), re.M)})
    return names


def compare_macros(baseline):
    with open(macros_beside(baseline), encoding="ascii") as lines:
        old = dict(line.rstrip("\n").split(" ", 1) for line in lines)
    new = read_macros()
    report = [f"  {name}: {old.get(name, 'not there')} -> {new.get(name, 'gone')}"
              for name in sorted(old.keys() | new.keys())
              if old.get(name) != new.get(name)]
    broken = any(new.get(name) != value for name, value in old.items())
    return "\n".join(report), broken


def abidiff(old, new):
    done = subprocess.run(["abidiff", "--suppressions", SUPPRESSIONS,
                           "--no-show-locs", old, new], text=True,
                          check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode & ERROR or done.returncode < 0:
        fail(f"abidiff failed ({done.returncode}):\n{done.stdout}")
    return done.stdout if done.returncode & CHANGED else ""


def compare(baseline, built):
    """What differs, and whether something is gone or not as it was.

    Both are written down in the same way first: abidiff 2.2 crashes if it is to
    drop private types of one that is and one that is not.
    """
    now = os.path.splitext(built)[0] + ".abi"
    write(built, now)
    report = abidiff(baseline, now)
    summary = [line for line in report.splitlines() if "summary:" in line]
    broken = any(int(n) and what != "Added" for line in summary
                 for n, what in COUNTS.findall(line))
    macros, macros_broken = compare_macros(baseline)
    return report + macros, broken or macros_broken


def check(built, baseline, version):
    if not baseline or " " in baseline:
        fail("abi/ must have exactly one baseline, opensdei-VERSION.abi; it has "
             f"'{baseline}'")
    was = re.fullmatch(r"opensdei-(\d+\.\d+\.\d+)\.abi",
                       os.path.basename(baseline))
    if not was:
        fail(f"{baseline} is not named opensdei-VERSION.abi")
    old, new = numbers(was[1]), numbers(version)
    if new < old:
        fail(f"version {version} is below that of the last release, {was[1]}")
    report, broken = compare(baseline, built)
    same = old[:2] == new[:2] if old[0] == 0 else old[0] == new[0]
    if broken and same:
        wanted = f"0.{old[1] + 1}.0" if old[0] == 0 else f"{old[0] + 1}.0.0"
        fail(f"what was public in {was[1]} is gone or has changed; that is version "
             f"{wanted} or higher, but include/sdei/version.h says {version}:\n"
             f"{report}")
    if report and new == old:
        fail(f"there is something public that {was[1]} did not have; that needs a "
             f"version above it in include/sdei/version.h:\n{report}")
    print(f"abi: {version} beside {was[1]}: "
          f"{'incompatible' if broken else 'more' if report else 'the same'}")


def main():
    if len(sys.argv) != 4:
        fail("usage: abi.py BUILT BASELINE VERSION | abi.py --write BUILT BASELINE")
    if sys.argv[1] == "--write":
        write(sys.argv[2], sys.argv[3])
        print(f"abi: wrote {os.path.relpath(sys.argv[3])}")
    else:
        check(sys.argv[1], sys.argv[2], sys.argv[3])


if __name__ == "__main__":
    main()
