#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What a guest's calls and events cost its host: bench_guest.bin in sdei-vmm on
an unmodified Linux on our firmware. Counted is every instruction from the
guest's to the guest's next: the host's KVM, its way to user space, the VMM.
Exit status: 0, or 2 if it could not be measured.

The machine is a single PE under -icount shift=0: an instruction takes a
nanosecond. The host's own interrupts are in the averages. In some runs each
round of a row costs 63,000 more, in the next one of another row: what the host
does then is not known. So the least of several runs is shown.
"""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../tools"))

from machine import ARM64, BUILD, Machine, MachineError   # noqa: E402

INITRD = os.path.join(BUILD, "initrd-bench.cpio")


RUNS = 6


def run_guest(machine):
    """A row's average, by name."""
    output = machine.run("sdei-vmm -p /boot/bench_guest.bin -m 1024 </dev/null")
    if not re.search("^end", output, re.MULTILINE):
        raise MachineError("the payload did not end:\n" + output)
    return dict(re.findall(r"^row (\S+) (\S+)", output, re.MULTILINE))


def main():
    with Machine(kernel=os.path.join(ARM64, "vmlinuz"), initrd=INITRD, smp=1,
                 memory="1G", exact=True) as machine:
        machine.wait_ready()
        runs = [run_guest(machine) for _ in range(RUNS)]
    print(f"sdei-vmm: instructions of the host, least of {RUNS} runs")
    for name in runs[0]:
        print(f"  {name:<32}{min(float(run[name]) for run in runs):>8.0f}")


if __name__ == "__main__":
    try:
        main()
    except MachineError as error:
        print(f"bench-kvm: {error}", file=sys.stderr)
        sys.exit(2)
