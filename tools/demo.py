#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The demonstration: an unmodified Linux on the firmware, errors injected from
inside and from outside, and what Linux made of each. Exits 1 and says which if
any step did not happen. KERNEL, INITRD, MACHINE, CPU, SMP, MEM and QEMU in the
environment replace the defaults (`./run help`).
"""

import os
import re
import shlex
import sys
import time

from machine import BUILD, INITRD, KERNEL, Machine, MachineError

# Linux prints at most 2 corrected and 2 uncorrected errors in 5 s. So two
# batches, the second one after that time. (Of the machine's time, which flies
# while it is idle.)
LIMIT_SECONDS = 6
# einj's type numbers: ACPI 6.5 table 18.30.
STEPS = (
    ("inside", "memory", "corrected", 0x8),
    ("inside", "memory", "recoverable", 0x10),
    ("inside", "processor", "corrected", 0x1),
    ("inside", "processor", "recoverable", 0x2),
    ("outside", "memory", "corrected", None),
    ("outside", "memory", "recoverable", None),
    ("outside", "processor", "corrected", None),
    ("outside", "processor", "recoverable", None),
)

COLOURS = {"good": "32", "bad": "31", "bold": "1"}


def paint(text, colour):
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{COLOURS[colour]}m{text}\033[0m"


def ghes_events(status):
    """The sources' events that Linux listens to, on each PE if they are private. A
    kernel may use others too: event 0, with ARM_SDEI_NMI."""
    listens = {}
    for event in status["event"]:
        listens.setdefault(event["number"], set()).add(
            bool(event["registered"] and event["enabled"]))
    return sorted(source["event"] for source in status["source"]
                  if listens.get(source["event"]) == {True})


class Demo:
    def __init__(self, machine):
        self.machine = machine
        self.began = time.monotonic()
        self.failures = []
        self.rows = []
        self.clock = 0      # counter when the kernel's log was at 0, ns

    def say(self, text):
        print(f"[{time.monotonic() - self.began:5.1f}] {text}", flush=True)

    def check(self, good, text):
        mark = paint("ok", "good") if good else paint("FAILED", "bad")
        self.say(f"{text}: {mark}")
        if not good:
            self.failures.append(text)
        return good

    def boot(self):
        self.machine.wait_ready()
        log = [text for _, text in self.machine.read_log()]
        for text in log:
            if re.match(r"sdei: |Linux version|GHES: |EINJ: |DMI: ", text):
                self.say("  " + paint(text[:90], "bold"))
        self.check(any("detected in firmware" in text for text in log),
                   "Linux found the SDEI dispatcher")
        status = self.machine.status()
        base, size = status["machine"]["ram"].split("+")
        self.base, self.size = int(base, 16), int(size, 16)
        self.pes = int(status["machine"]["pes"])
        ready = ghes_events(status)
        if not self.check(len(ready) == len(status["source"]),
                          "Linux registered and enabled the GHES events "
                          + (", ".join(ready) or "(none)")):
            # Without VHE, a Linux at EL2 refuses SDEI, and says so above.
            raise MachineError("so no error can reach it. If its CPU is too "
                               "old for SDEI at EL2, try EL2=off")

    def address(self, step):
        """A page of its own for every step, well away from the kernel."""
        page = self.base + self.size // 2 + (step + 1) * 0x101000
        return page + (0 if STEPS[step][0] == "inside" else step * 0x40)

    def inject(self, step):
        """Injects; the counter at that moment, in ns."""
        origin, kind, severity, einj = STEPS[step]
        address = self.address(step)
        if origin == "inside":
            where = address if kind == "memory" else self.pes // 2
            printed = self.machine.run(f"inject {einj:#x} {where:#x}")
            return int(re.search(r"inject: time=(\d+)", printed).group(1))
        if kind == "memory":
            fields = {"address": hex(address), "node": 0, "bank": step}
        else:
            fields = {"cpu": self.pes - 1}
        return self.machine.inject(kind, severity, **fields)["time"]

    def logged(self, step, known):
        """Waits for the one new record in the log; None if it is not there."""
        _, kind, severity, _ = STEPS[step]
        new = [error for error in self.machine.wait_errors(len(known) + 1, 10)
               if error["number"] not in known]
        if len(new) != 1:
            return None
        right = (new[0]["kind"], new[0]["severity"]) == (kind, severity)
        if kind == "memory" and new[0]["address"] != self.address(step):
            right = False
        if new[0]["sequence"] != step + 1:
            right = False
        return new[0] if right else None

    def learn_clock(self):
        """The guest's inject leaves a counter value in the log, read a moment
        before: the shortest such moment is the best."""
        for when, text in self.machine.log:
            match = re.search(r"opensdei-guest: inject counter=(\d+)", text)
            if match:
                self.clock = max(self.clock, int(match.group(1)) - when * 1e9)

    def step(self, step):
        origin, kind, severity, _ = STEPS[step]
        known = {error["number"] for error in self.machine.errors()}
        injected = self.inject(step)
        error = self.logged(step, known)
        self.learn_clock()
        what = f"{severity} {kind}"
        if kind == "memory":
            what += f" {self.address(step):#x}"
        if self.check(error, f"{origin}: {what} error is in Linux's log, once"):
            self.rows.append(self.row(what, origin, injected, error))

    def row(self, what, origin, injected, error):
        """A line of the last table, with times from the firmware's trace."""
        trace = [entry for entry in self.machine.trace()
                 if entry["time"] >= injected]
        entered = next((e for e in trace if e["what"] == "enter"), None)
        completed = next((e for e in trace if e["what"] == "complete"), None)
        if not entered or not completed:
            self.check(False, f"{origin}: {what}'s handler completed")
            return None
        return {"what": what, "origin": origin, "event": entered["event"],
                "pe": entered["pe"], "logged": describe(error),
                "enter": entered["time"] - injected,
                "handle": completed["time"] - entered["time"],
                "log": error["time"] * 1e9 - injected}

    def all_steps(self):
        for step, (origin, *_) in enumerate(STEPS):
            if step and origin != STEPS[step - 1][0]:
                self.machine.run(f"sleep {LIMIT_SECONDS}")
            self.step(step)

    def check_totals(self):
        """Nothing came twice or late, and the firmware is done with all."""
        sources = self.machine.wait_handled(10)["source"]
        done = sum(source["acknowledged"] for source in sources)
        self.check(len(self.machine.errors()) == done == len(STEPS),
                   f"{len(STEPS)} errors logged, {done} acknowledged")

    def summary(self):
        if not self.rows:
            return
        table = [("injected", "from", "event", "PE", "Linux logged",
                  "to handler", "in it", "to log")]
        for row in filter(None, self.rows):
            table.append((row["what"], row["origin"], row["event"],
                          str(row["pe"]), row["logged"], micro(row["enter"]),
                          micro(row["handle"]),
                          micro(row["log"] + self.clock)))
        widths = [max(len(row[i]) for row in table) for i in range(8)]
        print()
        for row in table:
            cells = [cell.rjust(width) if i > 4 else cell.ljust(width)
                     for i, (cell, width) in enumerate(zip(row, widths))]
            print("  ".join(cells).rstrip())
        print("\nTimes are virtual, in microseconds; in one the machine's CPUs "
              "together execute\na thousand instructions. They run from the "
              "injection to the start of Linux's\nhandler, from its start to "
              "its end, and from the injection to Linux's log.")


def describe(error):
    text = f"{{{error['number']}}} {error['severity']} {error['kind']}"
    if error["address"] is not None:
        text += f" {error['address']:#x}"
    return text


def micro(ns):
    return f"{ns / 1000:.1f}"


def main():
    def setting(name, default):
        return os.environ.get(name) or default

    machine = Machine(
        kernel=KERNEL, initrd=INITRD,
        cpu=setting("CPU", "neoverse-n1"), smp=setting("SMP", "4"),
        memory=setting("MEM", "1G"), qemu=setting("QEMU", None),
        machine=setting("MACHINE", None), exact=True,
        el2={"on": True, "off": False}.get(setting("EL2", None)))
    demo = Demo(machine)
    demo.say("starting: " + shlex.join(machine.command[3:]))
    try:
        with machine:
            demo.boot()
            demo.all_steps()
            demo.check_totals()
    except (MachineError, KeyboardInterrupt) as error:
        demo.failures.append(str(error) or "interrupted")
    with open(os.path.join(BUILD, "demo.log"), "w", encoding="ascii",
              errors="replace") as log:
        log.write(machine.console)
    demo.summary()
    if demo.failures:
        print("\n" + paint("This did not happen:", "bad"))
        for failure in demo.failures:
            print("  " + failure)
        print(f"The console's output is in {log.name}")
        return 1
    print("\n" + paint(f"All {len(STEPS)} errors reached Linux, each once.",
                       "good"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
