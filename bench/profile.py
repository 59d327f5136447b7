#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Where the firmware's instructions go: runs bench_short.bin on our firmware
with every instruction logged, and prints for each kind of stay at EL3 how many
instructions each function took. A stay that took the same path as an earlier
one is counted, not printed again.

The names are those of build/opensdei.elf; what was inlined belongs to the
function it is in. With --lines, source lines instead.
"""

import argparse
import bisect
import collections
import os
import re
import subprocess
import tempfile

from bench import BUILD, LOAD, SECONDS, patience

CLIENT = int(LOAD, 16)
LEAST = 3               # a path taken less often is not a row's
LONGEST = 3000          # boot and resets of everything are longer


def trace(log):
    """Run the payload; `log` gets a line for each instruction."""
    payload = os.path.join(BUILD, "bench_short.bin")
    subprocess.run(
        ["timeout", "--kill-after=5", str(patience.seconds(SECONDS)),
         "qemu-system-aarch64",
         "-machine", "virt,secure=on,virtualization=on,gic-version=3",
         "-cpu", "neoverse-n1", "-icount", "shift=0,sleep=off", "-smp", "1",
         "-m", "1G", "-display", "none", "-serial", "null", "-monitor",
         "none", "-net", "none", "-bios",
         os.path.join(BUILD, "opensdei-qemu-virt.bin"), "-device",
         f"loader,file={payload},addr={LOAD},force-raw=on", "-singlestep",
         "-d", "exec,nochain", "-D", log, "-dfilter",
         "0+0x4000000,0xe000000+0x1000000,0x60000000+0x400000"],
        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def executed(log):
    """Addresses in the order of execution. QEMU logs an instruction twice when
    it starts, notices an interrupt or an access to a device, and starts again.
    """
    last = None
    with open(log, encoding="ascii", errors="replace") as lines:
        for line in lines:
            match = re.match(r"Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/", line)
            address = int(match[1], 16) if match else last
            if address != last:
                yield address
            last = address


def stays(addresses):
    """(path, times) of each different stay at EL3, in order."""
    found, path = collections.OrderedDict(), []
    for address in addresses:
        if address < CLIENT:
            path.append(address)
        elif path:
            found[tuple(path)] = found.get(tuple(path), 0) + 1
            path = []
    return found.items()


class Names:
    """Function or source line of an address."""

    def __init__(self, elf, lines):
        self.elf = elf
        self.lines = {} if lines else None
        listing = subprocess.run(["nm", "-n", elf], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout.split("\n")
        symbols = [line.split() for line in listing if " t " in line.lower()]
        self.symbols = [(int(a, 16), n) for a, _, n in symbols
                        if not n.startswith("$")]

    def look_up(self, addresses):
        """Lines of many addresses with one addr2line."""
        out = subprocess.run(
            ["addr2line", "-e", self.elf], check=True, text=True,
            stdout=subprocess.PIPE,
            input="\n".join(f"{a:x}" for a in addresses)).stdout.split("\n")
        for address, line in zip(addresses, out):
            self.lines[address] = (os.path.relpath(line.split(" ")[0]) + " in "
                                   + self.function(address))

    def function(self, address):
        at = bisect.bisect_right(self.symbols, (address, "~")) - 1
        return self.symbols[at][1]

    def __call__(self, address):
        return self.lines[address] if self.lines else self.function(address)


def print_stay(names, path, times):
    functions = [names.function(address) for address in path]
    way = [f for i, f in enumerate(functions) if not i or f != functions[i - 1]]
    print(f"\n{len(path)} instructions at EL3, {times} times: {' '.join(way)}")
    counts = collections.Counter(names(address) for address in path)
    for name, count in counts.most_common():
        print(f"{count:7} {name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", action="store_true",
                        help="by source line (of what was inlined, too)")
    args = parser.parse_args()
    names = Names(os.path.join(BUILD, "opensdei.elf"), args.lines)
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        trace(log)
        rows = [(path, times) for path, times in stays(executed(log))
                if times >= LEAST and len(path) <= LONGEST]
    if args.lines:
        names.look_up(sorted({a for path, _ in rows for a in path}))
    for path, times in rows:
        print_stay(names, path, times)


if __name__ == "__main__":
    main()
