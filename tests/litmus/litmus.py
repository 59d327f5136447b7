#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""litmus.py [-k TEXT] [--show] ELF... - may a PE see what must not be?

Each of a program's tests (litmus.h) is traced, made a litmus test for AArch64
and judged by herd7. Prints TAP; fails unless herd7 says Never of all.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import tracer

HERD = os.environ.get("HERD", "build/arm64/backports/herd7")
OBJDUMP, NM = "aarch64-linux-gnu-objdump", "aarch64-linux-gnu-nm"
THREADS, BEFORE, TURN = 3, 0, 4              # litmus.h
SECONDS = "60"          # herd7 takes two at most, on a machine of its own
VALUE = 30              # the register that a value is stored from


def thinned(accesses, locks):
    """Without barriers at the end, taking a lock but the last time, plain loads
    that say nothing new: what was stored just before, or is loaded again next.
    What is left out could only forbid more, so Never is Never."""
    while accesses and not accesses[-1].size:
        accesses.pop()
    last = {a.at: i for i, a in enumerate(accesses) if a.exclusive}
    accesses = [a for i, a in enumerate(accesses)
                if a.at not in locks or i >= last.get(a.at, 0) - 1]
    kept, own = [], {}
    for a, following in zip(accesses, accesses[1:] + [None]):
        if a.what == "load" and not a.order and not a.exclusive and (
                own.get(a.at) == a.value or following and following.at == a.at
                and following.what == "load" and following.value == a.value):
            continue
        if a.what == "store":
            own[a.at] = a.value
        kept.append(a)
    return kept


class Test:
    """One of a program's tests, traced."""

    def __init__(self, traced, at):
        words = traced.words(at, 2 + 2 * THREADS)
        self.program, self.name = traced, traced.text(words[0])
        self.before = words[1]
        self.functions = [f for f in words[2:2 + THREADS] if f]
        self.begins = words[2 + THREADS:][:len(self.functions)]
        self.traces = [[] for _ in self.functions]
        self.start = {}

    def run(self):
        """Trace the threads. Leaves the program as it was."""
        clean = self.program.state()
        self.program.call(self.before)
        self.read_outcome()
        ends = {BEFORE: self.program.state()}       # by who begins there
        while len(ends) <= len(self.functions) - self.begins.count(TURN):
            n = next(n for n, begin in enumerate(self.begins)
                     if begin in ends and n + 1 not in ends)
            self.program.restore(ends[self.begins[n]])
            self.trace(n, self.begins.index(TURN)
                       if not n and TURN in self.begins else None)
            ends[n + 1] = self.program.state()
        self.program.restore(ends[BEFORE])
        self.start = {a.at: self.program.value(a.at, a.size)
                      for t in self.traces for a in t if a.size}
        self.program.restore(clean)
        if self.odd[0]:
            self.make_odd()
        self.cut()
        return self

    def trace(self, n, other=None):
        """Run a thread, and another where it calls turn()."""
        self.program.call(self.functions[n], n, self.traces[n],
                          other and (lambda: self.trace(other)))

    def read_outcome(self):
        def pairs(symbol, n):
            at = self.program.symbols[symbol]
            return [self.program.words(at + 16 * i, 2) for i in range(n)]
        self.names = self.read_names()
        self.odd, = pairs("odd", 1)
        self.odd_thread, = self.program.words(
            self.program.symbols["odd_thread"], 1)
        self.finals = [f for f in pairs("finals", 4) if f[0]]
        self.only = self.program.words(self.program.symbols["only"], 4)

    def read_names(self):
        names, at = {}, self.program.symbols["names"]
        while True:
            place, text, number = self.program.words(at, 3)
            if not place:
                return names
            names[place] = f"{self.program.text(text)}_{number}"
            at += 24

    def make_odd(self):
        """Its thread loads another value. What follows may be another way; not so
        where another thread goes on from."""
        at, value = self.odd
        accesses = self.traces[self.odd_thread]
        for n, a in enumerate(accesses):
            if a.what == "load" and a.at == at:
                a.value = value
                if self.odd_thread + 1 not in self.begins:
                    del accesses[n + 1:]
                return
        raise ValueError(f"{self.name}: nobody loads the odd one")

    def cut(self):
        """Who is followed by another is of no interest after its last store."""
        for i, t in enumerate(self.traces):
            if i + 1 in self.begins:
                while t and t[-1].what != "store":
                    t.pop()

    def shared(self):
        """The places that matter: what one thread stores and another touches."""
        stored, touched = {}, {}
        for i, t in enumerate(self.traces):
            for a in t:
                if a.size:
                    touched.setdefault(a.at, set()).add(i)
                if a.what == "store":
                    stored.setdefault(a.at, set()).add(i)
        places = {at for at in stored if len(touched[at]) > 1}
        if any(self.only):
            places = {at for at in self.only if at in touched}
        return places | {at for at, _ in self.finals}

    def locks(self):
        return {at for at, name in self.names.items() if "lock" in name}

    def name_of(self, at):
        return self.names.get(at, f"x{at:x}")

    def litmus(self):
        """The test as herd7 reads it."""
        places = sorted(self.shared())
        ends, columns = [], []
        for i, t in enumerate(self.traces):
            lines, loaded = column(t, places, self.locks())
            columns.append(lines)
            ends += [f"{i}:X{n}={value}" for n, value in loaded]
        rows = max(map(len, columns))
        for i, lines in enumerate(columns):
            lines[:0] = [f"P{i}"]
            lines.extend([""] * (rows + 1 - len(lines)))
            width = max(map(len, lines))
            columns[i] = [line.ljust(width) for line in lines]
        start = [f"{self.name_of(at)}={self.start.get(at, 0)};" for at in places]
        start += [f"{i}:X{n}={self.name_of(at)};" for i in range(len(columns))
                  for n, at in enumerate(places)]
        ends += [f"[{self.name_of(at)}]={value}" for at, value in self.finals]
        return "\n".join([f"AArch64 {self.name}", "{", *start, "}",
                          *(f" {' | '.join(row)} ;" for row in zip(*columns)),
                          "exists (" + " /\\ ".join(ends) + ")", ""])


def column(accesses, places, locks):
    """A thread's instructions, and what its registers hold in the end. A pair of
    exclusive accesses is one that succeeds: as SWP, which herd7 is quicker with,
    unless it both acquires and releases, since then SWP is more than the pair."""
    lines, loaded = [], []
    free = iter(range(len(places), VALUE))
    accesses = thinned([a for a in accesses if not a.size or a.at in places], locks)
    for i, a in enumerate(accesses):
        if a.what == "barrier":
            lines.append(a.order)
            continue
        at = f"[X{places.index(a.at)}]"
        if a.what == "load":
            was = next(free)
            loaded.append((was, a.value))
            store = next((s for s in accesses[i + 1:i + 2]
                          if s.what == "store" and s.exclusive), None)
            if not store or a.order and store.order:
                lines.append(f"LD{a.order}{a.exclusive if store else ''}R "
                             f"W{was},{at}")
                continue
            lines += [f"MOV W{VALUE},#{store.value}",
                      f"SWP{a.order}{store.order} W{VALUE},W{was},{at}"]
        elif not a.exclusive:
            lines += [f"MOV W{VALUE},#{a.value}",
                      f"ST{a.order}R W{VALUE},{at}"]
        elif a.order and accesses[i - 1].order:
            status = next(free)
            loaded.append((status, 0))
            lines += [f"MOV W{VALUE},#{a.value}",
                      f"STLXR W{status},W{VALUE},{at}"]
    return lines, loaded


def read(traced):
    """All tests of a program."""
    at = traced.symbols["tests"]
    while traced.words(at, 1)[0]:
        yield Test(traced, at)
        at += 8 * (2 + 2 * THREADS)


def program(elf):
    return tracer.Program(elf, OBJDUMP, NM)


def judge(text):
    """What herd7 says: Never, Sometimes, Always, or what is wrong."""
    with tempfile.NamedTemporaryFile("w", suffix=".litmus") as file:
        file.write(text)
        file.flush()
        done = subprocess.run(
            ["timeout", SECONDS, HERD, "-speedcheck", "true", "-variant",
             "success", file.name], check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for line in done.stdout.splitlines():
        if line.startswith("Observation"):
            return line.split()[2]
    return done.stderr.strip() or "herd7 says nothing"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", "--only", default="")
    parser.add_argument("--show", action="store_true", help="print the tests")
    parser.add_argument("elf", nargs="+")
    options = parser.parse_args()
    bad = 0
    for elf in options.elf:
        for test in read(program(elf)):
            if options.only not in test.name:
                continue
            text = test.run().litmus()
            if options.show:
                print(text)
            says = judge(text)
            bad += says != "Never"
            print(f"{'ok' if says == 'Never' else 'not ok'} - {test.name}: "
                  f"{says}", flush=True)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
