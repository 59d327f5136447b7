#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""faults.py [-j JOBS] [-k TEXT] [--every N] [--first] TABLE - plant faults, see who
notices.

Each fault of TABLE is put alone into a copy of the tree, which is built and
taken through the levels of tests in order until one notices; the conformance
payload judges every one but those of error reporting, which is not the interface's,
because what a client could see it must see without help: but not with --first, which is
content with whoever notices, and asks the quick ones first. Prints TAP; fails if a
fault goes unnoticed, if an entry does not fit the sources any more, or if a level fails
without any fault.

A worker has one copy of the tree and puts one fault after the other into it. What
a fault has changed in it is put back as it was built before, so only what depends
on that fault is built, and of the unit tests only those are run.
"""

import argparse
import concurrent.futures
import dataclasses
import itertools
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import patience  # noqa: E402  (after sys.path)

BUILD = ROOT / os.environ.get("BUILD", "build")
ARM64 = os.environ.get("ARM64") or str(ROOT / "build/arm64")
# Machines that conformance runs on: EL2, CPU, PEs.
MACHINES = (("on", "neoverse-n1", 4), ("on", "max", 2), ("off", "max", 2))
CONFORMANCE = "conformance"
# Of this conformance knows nothing.
RAS = "lib/ras/"
# Instead of the warnings that the sources are built with: a fault may leave a function
# that nobody calls.
WARNINGS = "-Werror=implicit-function-declaration"
# What may stand between two words of C: a macro's lines end in a backslash.
SPACE = r"(?:\s|\\\n)*"


@dataclasses.dataclass
class Fault:
    """One entry: `old` stands once in `file`; `new` is what is wrong. White
    space and where lines end make no difference, as they make none in C: the
    table need not know how the sources are formatted."""
    file: str
    what: str
    hidden: str         # why no client can see it, or ""
    old: str = ""
    new: str = ""

    def fits(self, text):
        """The places of `old`, each as (start, end)."""
        tokens = re.findall(r"\w+|[^\w\s]", self.old)
        words = (fr"\b{t}\b" if t[0].isalnum() or t[0] == "_" else re.escape(t)
                 for t in tokens)
        return [m.span() for m in re.finditer(SPACE.join(words), text)]

    def planted(self, text):
        """The text with the fault in it."""
        start, end = self.fits(text)[0]
        return text[:start] + self.new.strip() + text[end:]


class TableError(Exception):
    """An entry does not fit the sources."""


def read_table(path):
    """The faults: "@ file | what | why hidden", then lines as in a diff."""
    faults = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("@ "):
            fields = [f.strip() for f in line[2:].split(" | ")]
            faults.append(Fault(fields[0], fields[1],
                                fields[2] if len(fields) > 2 else ""))
        elif line[:1] in (" ", "-", "+") and faults:
            if line[0] != "+":
                faults[-1].old += line[1:] + "\n"
            if line[0] != "-":
                faults[-1].new += line[1:] + "\n"
        elif line and not line.startswith("#"):
            raise TableError(f"{path}:{number}: what is this?")
    for fault in faults:
        if fault.file.startswith(RAS):
            fault.hidden = fault.hidden or "errors are not the interface's"
    return faults


def check_table(faults):
    """Every entry must fit exactly one place."""
    for fault in faults:
        text = (ROOT / fault.file).read_text()
        found = len(fault.fits(text))
        if found != 1 or fault.old == fault.new:
            raise TableError(f"{fault.file}: {fault.what}: found {found} times")


def does_not_compile(fault, compiler):
    """What the compiler says of the file with the fault in it, or "": what does not
    compile, no test judges."""
    path = ROOT / fault.file
    language = (["assembler-with-cpp", "-c", "-o", os.devnull]
                if path.suffix == ".S" else ["c", "-fsyntax-only"])
    done = subprocess.run(
        [*compiler, WARNINGS, "-iquote", path.parent, "-x", *language, "-"],
        cwd=ROOT, input=fault.planted(path.read_text()),
        text=True, capture_output=True)
    return done.returncode and (f"{fault.file}: {fault.what}: does not compile\n"
                                + "\n".join(done.stderr.splitlines()[-8:]))


def check_compiles(faults, compiler):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        errors = pool.map(does_not_compile, faults, itertools.repeat(compiler))
    if errors := "\n".join(filter(None, errors)):
        raise TableError(errors)


def run(command, folder, idle=300, **settings):
    """Exit status and output; status None when the patience ended. Leaves
    nobody."""
    try:
        done = patience.run(command, idle, cwd=folder, errors="replace",
                            start_new_session=True,
                            env=patience.environment(**settings))
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        return None, ""


def times(folder):
    """When each file in a folder was changed, and its size, by name."""
    found = {}
    for path in folder.rglob("*"):
        status = path.lstat()
        if not path.is_dir():
            found[path.relative_to(folder)] = (status.st_mtime_ns,
                                               status.st_size)
    return found


class Tree:
    """A worker's copy of the sources and of what was built from them."""

    def __init__(self, number):
        self.folder = BUILD / "faults" / str(number)
        shutil.rmtree(self.folder, ignore_errors=True)
        # Without history, and the build apart: it may lie elsewhere, and has
        # downloads, other builds and whole systems in it, and what tests that run
        # beside this one write there. Times are kept, for make.
        shutil.copytree(ROOT, self.folder, symlinks=True,
                        ignore=lambda folder, names:
                        {".git", "build"} if folder == str(ROOT)
                        else {"__pycache__"})
        shutil.copytree(BUILD, self.folder / "build", symlinks=True,
                        ignore=lambda folder, names:
                        {"arm64", "faults", "kernel", "llvm", "coverage",
                         "packages", "campaign-system", "bench.json"}
                        if folder == str(BUILD) else {"fuzz"})
        self.make_variables = [f"ARM64={ARM64}", "BUILD=build", "KERNEL=",
                               f"WARNINGS={WARNINGS}"]

    def keep(self):
        """No fault is in it, and all levels pass: undo() comes back here."""
        self.make("-t", "unit")
        self.kept = self.folder / "kept"
        shutil.copytree(self.folder / "build", self.kept, symlinks=True)

    def undo(self):
        build = self.folder / "build"
        now, before = times(build), times(self.kept)
        for name in now.keys() - before.keys():
            (build / name).unlink()
        for name, status in before.items():
            if now.get(name) != status:
                shutil.copy2(self.kept / name, build / name,
                             follow_symlinks=False)

    def make(self, *targets, idle=300):
        return run(["make", "-s", *self.make_variables, *targets], self.folder,
                   idle, THREADS_SECONDS="3")

    def has(self, path):
        return (self.folder / path).exists()

    def unit(self):
        return self.make("unit")[0] == 0

    def model(self):
        return self.make("model", idle=900)[0] == 0

    def model_of_sources(self):
        return self.make("model-ras")[0] == 0

    def fuzz_seeds(self):
        return self.make("fuzz-seeds-ras")[0] == 0

    def threads(self):
        return self.make("threads")[0] == 0

    def threads_of_sources(self):
        return self.make("threads-ras")[0] == 0

    def conformance(self):
        """True if every check passes on every machine."""
        for el2, cpu, pes in MACHINES:
            # This way critical events are raised, too.
            status, _ = run(
                ["build/sdei", "conformance", f"--cpu={cpu}", f"--smp={pes}",
                 f"--el2={el2}", "--timeout=30"], self.folder)
            if status != 0:
                return False
        return True

    def system(self):
        return run(["make", "-s", *self.make_variables, "all",
                    "build/initrd.cpio.gz"], self.folder)[0] == 0 and \
            run(["pytest-3", "-q", "-x", "-p", "no:cacheprovider",
                 "tests/system"], self.folder, 900, BUILD="build",
                ARM64=ARM64, KERNEL="", GUEST="")[0] == 0

    def levels(self, file):
        """The levels that look at this file, in order."""
        if file.startswith(RAS):
            yield "unit", self.unit
            yield "model", self.model_of_sources
            yield "threads", self.threads_of_sources
            yield "fuzz", self.fuzz_seeds
            yield "system", self.system
            return
        if file.startswith("lib/"):
            yield "unit", self.unit
            if self.has("tests/model/rules.mk"):
                yield "model", self.model
        yield CONFORMANCE, self.conformance
        if file.startswith("lib/"):
            yield "threads", self.threads
        yield "system", self.system

    def build(self):
        return self.make("build/opensdei-qemu-virt.bin",
                         "build/conformance.bin")

    def judge(self, fault, first):
        """First level that notices ("" if none), does conformance notice; None: it was
        not asked."""
        path = self.folder / fault.file
        text = path.read_text()
        status = path.stat()
        path.write_text(fault.planted(text))
        try:
            built, output = self.build()
            if built != 0:
                raise TableError("does not build\n# " + "\n# ".join(
                    output.splitlines()[-8:]))
            seen = None if first else (not fault.file.startswith(RAS)
                                       and not self.conformance())
            levels = self.levels(fault.file)
            for name, passes in sorted(levels, key=cost) if first else levels:
                if seen if name == CONFORMANCE and not first else not passes():
                    return name, seen
            return "", seen
        finally:
            path.write_text(text)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
            self.undo()


def sound(tree):
    """Do all levels pass without a fault? Says which do not."""
    status, output = tree.build()
    if status != 0:
        print(f"Bail out! it does not build\n{output}")
        return False
    for name, passes in (*tree.levels("lib/"), *tree.levels(RAS)):
        if name != "system" and not passes():
            print(f"Bail out! {name} fails without a fault")
            return False
    return True


def cost(level):
    """The walk of all states takes minutes, and all tests of machines more."""
    return {"model": 1, "system": 2}.get(level[0], 0)


class Report:
    """The TAP lines, in the order of the table whoever is ready first."""

    def __init__(self, faults):
        self.faults, self.rows = faults, {}
        self.printed = self.bad = 0
        self.lock = threading.Lock()

    def add(self, index, row):
        with self.lock:
            self.rows[index] = row
            while self.printed in self.rows:
                self.show(self.printed)
                self.printed += 1

    def show(self, index):
        first, seen, error = self.rows[index]
        fault = self.faults[index]
        bad = error or not first
        self.bad += bool(bad)
        print(f"{'not ok' if bad else 'ok'} {index + 1} - {fault.file}: "
              f"{fault.what}: "
              + (error or (f"{first} notices" if first else "nobody notices"))
              + ("" if error or seen is None else
                 ", conformance alone: " + ("yes" if seen else "no"))
              + (f" ({fault.hidden})" if fault.hidden and seen is False else ""),
              flush=True)

    def summary(self):
        unseen = [i for i, r in self.rows.items() if r[1] is False and not r[2]]
        unexplained = [i + 1 for i in unseen if not self.faults[i].hidden]
        alone = sum(1 for r in self.rows.values() if r[1])
        asked = any(r[1] is not None for r in self.rows.values())
        print(f"# {len(self.rows)} faults, {self.bad} unnoticed or in error"
              + (f"; conformance alone notices {alone}" if asked else ""))
        if unexplained:
            print("# conformance does not notice, and nothing says why: "
                  f"{sorted(unexplained)}")


def work(tree, faults, first, todo, report):
    while True:
        try:
            index = todo.get_nowait()
        except queue.Empty:
            return
        try:
            report.add(index, (*tree.judge(faults[index], first), ""))
        except TableError as error:
            report.add(index, ("", None, str(error)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    parser.add_argument("-k", "--only", default="", help="what has this text")
    parser.add_argument("--every", type=int, default=1, help="each Nth fault")
    parser.add_argument("--first", action="store_true",
                        help="who notices first, and nobody else")
    parser.add_argument("--check", action="store_true", help="the table only")
    parser.add_argument("table", type=pathlib.Path)
    parser.add_argument("compiler", nargs="*",
                        help="see whether each fault compiles by this command")
    options = parser.parse_args()
    try:
        faults = read_table(options.table)
        check_table(faults)
        if options.compiler:
            check_compiles(faults, options.compiler)
    except TableError as error:
        sys.exit(f"faults: {error}")
    faults = [f for f in faults if options.only in f.file + f.what]
    faults = faults[::options.every]
    print(f"1..{len(faults)}", flush=True)
    if options.check:
        return
    trees = [Tree(0)]
    # Of a sample the levels' own tests have said so in the same run.
    if options.every == 1 and not sound(trees[0]):
        sys.exit(1)
    trees += [Tree(n) for n in range(1, options.jobs)]
    for tree in trees:
        tree.keep()
    todo, report = queue.Queue(), Report(faults)
    for index in range(len(faults)):
        todo.put(index)
    threads = [threading.Thread(target=work,
                                args=(t, faults, options.first, todo, report))
               for t in trees]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.summary()
    sys.exit(bool(report.bad))


if __name__ == "__main__":
    main()
