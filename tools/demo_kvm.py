#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The whole chain: an error in memory that a process in a guest owns, injected at
the firmware; the firmware tells the host, the host's kernel the VMM, the VMM the
guest, and the guest's kernel the process. Ends with a timeline of the hops, all by
the system counter. Exits 1 if a hop did not happen.
"""

import os
import re
import sys
import time

from guest import HOST_INITRD, LINUX, Guest
from machine import KERNEL, Machine, MachineError

HOPS = {
    "enter": "handler of {event} entered",
    "complete": "handler of {event} completed",
    "resume": "handler of {event} completed, and resumed as an interrupt",
    "sigbus": "the kernel's SIGBUS: guest address {address} is bad",
    "abort": "an abort for the access to {address}",
}


class Demo:
    def __init__(self, machine):
        self.machine = machine
        self.began = time.monotonic()

    def say(self, text):
        print(f"[{time.monotonic() - self.began:5.1f}] {text}", flush=True)

    def boot(self):
        self.say("starting the host: " + " ".join(self.machine.command[3:]))
        self.machine.wait_ready()
        self.say("host: Linux is up, on our firmware")
        guest = Guest(self.machine, LINUX + " -A -s 2")
        guest.wait("guest#")
        guest.type("dmesg | grep sdei:")
        self.say("guest: " + guest.wait("sdei: .*detected"))
        return guest

    def break_memory(self, guest):
        """The rows of the timeline: time in ns, who, what."""
        guest.type("memhog 86400; echo @hog $?")
        line = guest.wait("physical 0x")
        address = int(re.search(r"physical (0x[0-9a-f]+)", line).group(1), 16)
        physical = int(guest.ask(f"where address=0x{address:x}")[-1]["physical"],
                       16)
        self.say(f"guest: a process owns the page at 0x{address:x}; in the "
                 f"host that is 0x{physical:x}")
        outcome = self.machine.inject("memory", "recoverable", address=physical)
        self.say(f"firmware: recoverable memory error injected at 0x{physical:x}")
        self.say("guest: " + guest.wait("memhog: SIGBUS"))
        guest.wait("@hog 0")
        rows = [(int(outcome["time"]), "firmware", "error injected")]
        rows += [(int(row["time"]), "host",
                  HOPS[row.get("how", "enter")].format(**row))
                 for row in self.machine.trace()]
        rows += [(int(row["time"]), "VMM" if row["what"] in ("sigbus", "abort")
                  else "guest", HOPS[row["what"]].format(**row))
                 for row in guest.trace()]
        return sorted(row for row in rows if row[0] >= rows[0][0])

    def run(self):
        guest = self.boot()
        rows = self.break_memory(guest)
        log = self.machine.run("dmesg | grep 'Memory failure' | tail -n 1")
        self.say("host: " + log.strip())
        self.say("guest: " + guest.wait("Memory failure"))
        print("\n      ms  where     what")
        for when, who, what in rows:
            print(f"{(when - rows[0][0]) / 1e6:8.3f}  {who:8}  {what}")
        who = {row[1] for row in rows}
        if who != {"firmware", "host", "VMM", "guest"}:
            raise MachineError("a hop is missing: only " + ", ".join(who))
        guest.finish()
        print("\nThe host, the VMM and the guest went on; the process that "
              "owned the page did not.")


def main():
    try:
        with Machine(kernel=KERNEL, initrd=HOST_INITRD, memory="1536M",
                     smp=int(os.environ.get("SMP") or 2),
                     cpu=os.environ.get("CPU") or "neoverse-n1",
                     qemu=os.environ.get("QEMU")) as machine:
            Demo(machine).run()
    except MachineError as error:
        print(f"demo-kvm: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
