#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Runs the benchmark payloads on QEMU, prints one table, judges it by the file
`limits` beside this one. Exit status: 0, or 1 if something is over its limit,
or 2 if something could not be measured.

Under -icount shift=0 an instruction takes a nanosecond, on any host: the
numbers are exact and the same everywhere.
"""

import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../tools"))

import patience  # noqa: E402  (after sys.path)

BUILD = os.environ.get("BUILD") or os.path.join(HERE, "../build")
CPUS = ("neoverse-n1", "max,pauth-impdef=on")
LOAD = "0x60000000"
# Objects of lib/client that no other object of it needs.
CLIENT_OPTIONS = ("acpi", "bind", "fdt", "freeze", "query", "stub")
SECONDS = 60


class Failure(Exception):
    """Something could not be measured."""


def run_payload(machine, payload, options):
    """(rows, notes) that a payload prints, by name."""
    command = ["timeout", "--kill-after=5", str(patience.seconds(SECONDS)), "qemu-system-aarch64",
               "-machine", f"virt,virtualization=on,gic-version=3,{machine}",
               "-icount", "shift=0,sleep=off", "-smp", "1", "-m", "1G",
               "-display", "none", "-serial", "stdio", "-monitor", "none",
               "-net", "none", *options]
    qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            errors="replace")
    rows, notes, output = {}, {}, []
    for line in qemu.stdout:
        output.append(line)
        words = line.split(maxsplit=2)
        if words[:1] == ["end"]:
            break
        if words[:1] == ["row"]:
            rows[words[1]] = float(words[2])
        if words[:1] == ["note"]:
            notes[words[1]] = words[2].strip()
    ended = output and output[-1].startswith("end")
    qemu.terminate()        # timeout(1) passes it on
    qemu.stdout.close()
    qemu.wait()
    if not ended:
        raise Failure(f"{payload} did not end; its output:\n"
                      + "".join(output[-20:]))
    return rows, notes


def run_on_firmware(firmware, cpu):
    payload = os.path.join(BUILD, "bench.bin")
    return run_payload("secure=on", payload, [
        "-cpu", cpu, "-bios", firmware, "-device",
        f"loader,file={payload},addr={LOAD},force-raw=on"])


def run_library():
    payload = os.path.join(BUILD, "bench_lib.bin")
    return run_payload("secure=off", payload, [
        "-cpu", CPUS[0], "-device",
        f"loader,file={payload},addr={LOAD},force-raw=on,cpu-num=0"])[0]


def run_client():
    payload = os.path.join(BUILD, "bench_client.bin")
    firmware = os.path.join(BUILD, "opensdei-qemu-virt.bin")
    return [run_payload("secure=on", payload, [
        "-cpu", cpu, "-bios", firmware, "-device",
        f"loader,file={payload},addr={LOAD},force-raw=on"])[0] for cpu in CPUS]


def section_bytes(tool, objects, *prefixes):
    """Bytes of some sections of objects, as size(1) counts them."""
    listing = subprocess.run([tool, "-A", "-d", *objects], check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    lines = [line.split() for line in listing.splitlines()]
    return sum(int(words[1]) for words in lines
               if words and words[0].startswith(prefixes))


def objects_of(folder):
    folder = os.path.join(BUILD, "lib", folder)
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder))
            if name.endswith(".o")]


def sizes(tool):
    """The dispatcher's text: what serves a client, and all of it."""
    objects = objects_of("dispatcher")
    serving = [o for o in objects if not o.endswith("/migrate.o")]
    return {"text_core": section_bytes(tool, serving, ".text", ".rodata"),
            "text_migrate": section_bytes(tool, set(objects) - set(serving),
                                          ".text", ".rodata"),
            "text": section_bytes(tool, objects, ".text", ".rodata"),
            "code": section_bytes(tool, objects, ".text")}


def client_sizes(tool):
    """The client's text: all of it, and what not every embedder links."""
    objects = objects_of("client") + objects_of("client/aarch64")
    rows = {"client_text": 0, "client_core": 0}
    for path in objects:
        size = section_bytes(tool, [path], ".text", ".rodata")
        name = os.path.basename(path)[:-len(".o")]
        rows["client_text"] += size
        if name in CLIENT_OPTIONS:
            rows["client_" + name] = size
        else:
            rows["client_core"] += size
    return rows


def read_limits():
    """name -> (limit, what it is), in the file's order."""
    limits = {}
    with open(os.path.join(HERE, "limits"), encoding="ascii") as lines:
        for line in lines:
            words = line.split(maxsplit=2)
            if words and not line.startswith("#"):
                limits[words[0]] = (words[1], words[2].strip())
    return limits


def print_row(what, limit, cells, over):
    cells = "".join(f" {cell:>15}" for cell in cells)
    print(f"  {what:<50}{limit:>8}{cells}{'   OVER' if over else ''}")


class Table:
    """Prints rows as they are judged and keeps them for the JSON file."""

    def __init__(self):
        self.limits = read_limits()
        self.rows = []
        self.over = 0

    def add(self, name, values, notes=()):
        limit, what = self.limits[name]
        cells = [f"{v:g}" if v is not None else "-" for v in values]
        known = [v for v in values if v is not None]
        over = limit.isdigit() and any(v > int(limit) for v in known)
        self._keep(name, what, limit, values, over, list(notes))
        print_row(what, limit, cells, over)
        for note in notes:
            print(f"      not measured: {note}")

    def add_growth(self, name, sizes_to_values):
        """Values by (events, PEs)."""
        limit, what = self.limits[name]
        values = list(sizes_to_values.values())
        apart, _, most = limit.removeprefix("grow").partition(",")
        over = (limit.startswith("grow")
                and (max(values) - min(values) > int(apart)
                     or bool(most) and max(values) > int(most)))
        self._keep(name, what, limit,
                   {f"{e} events, {p} PEs": v
                    for (e, p), v in sizes_to_values.items()}, over, [])
        low, high = min(values), max(values)
        print_row(what, limit, [f"{low:g}" if low == high
                                else f"{low:g} to {high:g}"], over)
        if high - low <= 2:
            return
        columns = sorted({p for _, p in sizes_to_values})
        print_row("    PEs:", "", columns, False)
        for events in sorted({e for e, _ in sizes_to_values}):
            print_row(f"      {events} events", "",
                      [f"{sizes_to_values[events, p]:g}"
                       if (events, p) in sizes_to_values else "-"
                       for p in columns], False)

    def _keep(self, name, what, limit, values, over, notes):
        self.over += over
        self.rows.append({"name": name, "what": what, "limit": limit,
                          "values": values, "over": over, "notes": notes})


def firmware_rows(table, firmware, cpus):
    runs = {cpu: run_on_firmware(firmware, cpu) for cpu in cpus}
    print(f"{firmware}: instructions of the PE\n")
    print_row("", "limit", [cpu.split(",")[0] for cpu in cpus], False)
    for name in table.limits:
        values = [rows.get(name) for rows, _ in runs.values()]
        notes = {n[name] for _, n in runs.values() if name in n}
        if notes or any(v is not None for v in values):
            table.add(name, values, sorted(notes))


def library_rows(table, size_tool):
    rows = run_library()
    print("\nlib/dispatcher alone: instructions with 8, 512, 4096 events on "
          "1, 8, 64 PEs, 8 on 512\n")
    print_row("", "limit", ["all sizes"], False)
    for name in table.limits:
        sized = {}
        for row, value in rows.items():
            if row.startswith(name + "."):
                _, events, pes = row.split(".")
                sized[int(events), int(pes)] = value
        if sized:
            table.add_growth(name, sized)
    rows.update(sizes(size_tool))
    print("\nlib/dispatcher: bytes\n")
    for name in table.limits:
        if name in rows:
            table.add(name, [rows[name]])


def client_rows(table, size_tool):
    runs = run_client()
    print("\nlib/client at EL2: its own instructions\n")
    print_row("", "limit", [cpu.split(",")[0] for cpu in CPUS], False)
    for name in table.limits:
        if name in runs[0]:
            table.add(name, [rows.get(name) for rows in runs])
    rows = client_sizes(size_tool)
    print("\nlib/client: bytes\n")
    for name in table.limits:
        if name in rows:
            table.add(name, [rows[name]])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firmware", help="measure this one, alone")
    parser.add_argument("--cpu", help="and on this CPU model only")
    parser.add_argument("--compiler", default="aarch64-linux-gnu-gcc")
    parser.add_argument("--size", default="aarch64-linux-gnu-size")
    parser.add_argument("--json", metavar="FILE", help="write the table there")
    args = parser.parse_args()
    ours = os.path.join(BUILD, "opensdei-qemu-virt.bin")
    table = Table()
    try:
        firmware_rows(table, args.firmware or ours,
                      [args.cpu] if args.cpu else CPUS)
        if not args.firmware:
            library_rows(table, args.size)
            client_rows(table, args.size)
    except Failure as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 2
    if args.json:
        with open(args.json, "w", encoding="ascii") as out:
            json.dump({"firmware": args.firmware or ours,
                       "compiler": args.compiler, "cpus": CPUS,
                       "rows": table.rows}, out, indent=1)
    print(f"\n{len(table.rows)} rows, {table.over} over the limit")
    return 1 if table.over else 0


if __name__ == "__main__":
    sys.exit(main())
