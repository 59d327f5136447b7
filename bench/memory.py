#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What the firmware occupies in Secure RAM: what it has once, and a page for each
PE; and how deep a PE's stack gets, from gcc's call graph (-fcallgraph-info=su), so
that nothing of a page is reserved by guess. Exit status: 0, or 1 if one is over.

A call through a pointer can lead to each function that an initialiser gives to a
member of that name, in the folder that embeds the caller's; what is in TABLES is
given to no member."""

import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(HERE)
BUILD = os.environ.get("BUILD") or os.path.join(TREE, "build")
PE_LIMIT = 4096
# Whose pointers lead where: the first that fits the caller's file.
EMBEDDERS = (
    ("lib/dispatcher/", ("firmware/el3/dispatch.c",)),
    ("lib/ras/storm.c", ("firmware/el3/storm.c",)),
    ("lib/ras/", ("firmware/ras/",)),
)
# (file, what is called): the array that has the functions, or they themselves.
TABLES = {
    ("lib/dispatcher/calls.c", "serve"): "calls[CALLS] = {",
    ("firmware/el3/control.c", "serve"): "requests[] = {",
    ("lib/ras/einj.c", "add_of"): "const uint32_t *id) = {",
    ("lib/ras/record.c", "put"): ("is_there", "write_at", "put"),
}
# Where a PE comes in from its client with a stack of frames; and those that have
# none below: the calls that a handler cannot make, and the start.
ENTRIES = ("sdei_pe_call", "el3_smc", "el3_other_sync", "el3_fiq")
ALONE = ("el3_main", "psci_wait_off", "power_down", "dispatch_handoff")
# The end of a PE, with a report: if that overflows, it is told so.
LAST_WORDS = ("panic", "refuse", "report_exception")


def source(path):
    with open(os.path.join(TREE, path), encoding="ascii") as text:
        return text.read()


def constants():
    """FRAME_ROOM, STACK_SIZE and others, as the firmware's headers have them."""
    names = ("FRAME_ROOM", "STACK_SIZE", "PE_PAGE", "EMERGENCY_STACK",
             "PLAT_MAX_PES", "PLAT_RAS_ERST_STORE")
    text = ('#define __ASSEMBLER__\n#include "firmware/el3/context.h"\n'
            '#include "firmware/el3/layout.h"\n#include <platform.h>\n'
            + "".join(f"VALUE {n} = {n}\n" for n in names).replace("VALUE ", "@"))
    text = re.sub(r"@(\w+) = ", r'@"\1" ', text)
    out = subprocess.run(
        ["gcc", "-E", "-P", "-I", os.path.join(TREE, "firmware/platform/qemu-virt"),
         "-I", TREE, "-x", "c", "-"], input=text, check=True,
        stdout=subprocess.PIPE, text=True).stdout
    return {name: eval(value, {"__builtins__": {}})  # numbers and operators
            for name, value in re.findall(r'@"(\w+)" (.*)', out)}


class Graph:
    """Functions by title (static ones have their file in front)."""

    def __init__(self, files):
        self.size, self.calls, self.pointers = {}, {}, []
        for path in files:
            with open(path, encoding="ascii") as lines:
                for line in lines:
                    self._take(line)
        for caller, where in self.pointers:
            self.calls.setdefault(caller, set()).update(self._behind(where))
        self.known = {}

    def _take(self, line):
        node = re.match(r'node: { title: "([^"]+)" label: "[^"]*?(\d+) bytes', line)
        edge = re.match(r'edge: { sourcename: "([^"]+)" targetname: "([^"]+)"'
                        r'(?: label: "([^"]+)")?', line)
        if node:
            self.size[node[1]] = int(node[2])
        elif edge and edge[2] == "__indirect_call":
            self.pointers.append((edge[1], edge[3]))
        elif edge:
            self.calls.setdefault(edge[1], set()).add(edge[2])

    def titles(self, name, folders=("",)):
        """Functions of this name, or whose name a macro ends by a number."""
        return {t for t in self.size
                if re.fullmatch(re.escape(name) + r"\d?", t.split(":")[-1])
                and (":" not in t or t.startswith(tuple(folders)))}

    def _behind(self, where):
        """The functions that a call through a pointer can lead to."""
        path, line, _ = where.rsplit(":", 2)
        text = "".join(source(path).splitlines(True)[int(line) - 1:][:3])
        found = set()
        for (file, called), table in TABLES.items():
            if file != path or not re.search(rf"\b{called}[\[(]", text):
                continue
            if isinstance(table, str):
                table = re.findall(r"\w+", source(path).split(table)[1].split("};")[0])
            for name in table:
                found |= self.titles(name, ("lib/", "firmware/"))
        if not found:
            found = self._given(path, re.findall(r"->(\w+)\s*\(", text))
        if not found:
            sys.exit(f"{where}: where does this call lead?\n{text}")
        return found

    def _given(self, path, members):
        """What initialisers give to these members, where the caller is embedded."""
        found = set()
        for folder in next(f for p, f in EMBEDDERS if path.startswith(p)):
            for file in glob.glob(os.path.join(TREE, folder) + ("*.c" if folder.endswith("/") else "")):
                text = source(os.path.relpath(file, TREE))
                for member in members:
                    for name in re.findall(rf"\.{member} = (\w+?)(?:##el)?\b", text):
                        found |= self.titles(name, (folder,))
        return found

    def deepest(self, title, path=()):
        """(bytes, functions) of the deepest way down from here."""
        if title in path:
            sys.exit("recursion: " + " > ".join((*path, title)))
        if title not in self.known:
            ways = [self.deepest(t, (*path, title))
                    for t in self.calls.get(title, ())
                    if t.split(":")[-1] not in (*LAST_WORDS, *ALONE)]
            below = max(ways, default=(0, []))
            self.known[title] = (self.size.get(title, 0) + below[0],
                                 [title.split(":")[-1], *below[1]])
        return self.known[title]


def sections():
    listing = subprocess.run(
        ["size", "-A", "-d", os.path.join(BUILD, "opensdei.elf")], check=True,
        stdout=subprocess.PIPE, text=True).stdout
    rows = dict(line.split()[:2] for line in listing.splitlines()
                if line.startswith("."))
    return {name: int(rows.get(name, 0)) for name in (".data", ".bss", ".noinit")}


def main():
    c = constants()
    graph = Graph(f for folder in ("firmware/el3", "firmware/ras", "firmware/*.ci")
                  for f in (glob.glob(os.path.join(BUILD, folder))
                            if folder.endswith(".ci") else
                            glob.glob(os.path.join(BUILD, folder, "**/*.ci"),
                                      recursive=True)))
    frames = 3 * c["FRAME_ROOM"]
    ways = [(frames, graph.deepest(n)) for n in ENTRIES]
    # One frame: a handler may not do these.
    ways += [(c["FRAME_ROOM"], graph.deepest(t)) for n in ALONE
             for t in graph.titles(n)]
    need, way = max((base + way[0], way[1]) for base, way in ways)
    report = max(graph.deepest(t)[0] for t in graph.titles("report_exception"))
    report += c["FRAME_ROOM"] + 96      # vectors.S: and x18 to x29
    once = sections()
    store = c["PLAT_RAS_ERST_STORE"]
    fixed = sum(once.values()) - store
    print("Secure RAM of the firmware, in bytes\n")
    print(f"  once: {fixed} (" + ", ".join(f"{v} {n}" for n, v in once.items())
          + f"), less ERST's store of {store}")
    print(f"  a PE: {c['PE_PAGE']}, of which {c['STACK_SIZE']} stack")
    for pes in (1, 8, 64, 512):
        total = fixed + pes * c["PE_PAGE"]
        print(f"  {pes:4} PEs: {total}, {total / pes:.0f} a PE")
    print(f"  stack: {need} at most, with 3 frames or 1: {' > '.join(way)}")
    print(f"  emergency stack: {report} of {c['EMERGENCY_STACK']}")
    over = (c["PE_PAGE"] > PE_LIMIT or need > c["STACK_SIZE"]
            or report > c["EMERGENCY_STACK"] or once[".bss"] == 0)
    print("OVER" if over else "")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
