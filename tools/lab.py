#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The lab: a Debian system on the firmware, in it rasdaemon and a shell on this
terminal. KERNEL, INITRD, NAME, MACHINE, CPU, SMP, MEM, EL2 and QEMU in the environment
replace the defaults (`./run help`).

With RUN=COMMAND nobody need type: the system boots, what INJECT names is injected from
outside (what follows `sdei inject`; several with ";" between them), the command runs,
what it prints is printed. Exits with its status, 2 if INJECT cannot be read, or 1 if
something else fails.
"""

import base64
import os
import re
import shlex
import shutil
import sys

import patience
from machine import GUEST, KERNEL, Machine, MachineError

LAB = os.environ.get("INITRD") or os.path.join(GUEST, "lab.cpio")
# Warnings are shown: errors are among them.
APPEND = "loglevel=5"
FOR_LINUX = 160             # MiB: its image, CMA, what runs


def setting(name, default=None):
    return os.environ.get(name) or default


def check_memory():
    """A system that does not fit would stop without a word: Linux unpacks it, into half
    of the memory that the file leaves."""
    memory = setting("MEM", "1G")
    number = re.match(r"(?:size=)?(\d+)([KMGT]?)(?:,|$)", memory, re.I)
    if not number or not os.path.exists(LAB):
        return                              # who boots it has words for that
    scale = {"": 2**20, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
    least = 3 * os.path.getsize(LAB) // 2**20 + FOR_LINUX
    if int(number[1]) * scale[number[2].upper()] < least * 2**20:
        raise MachineError(f"MEM={memory} is too little for {LAB}: {least}M or more")


def options():
    """For Machine()."""
    return {"kernel": KERNEL, "initrd": LAB, "append": APPEND,
            "cpu": setting("CPU", "neoverse-n1"), "smp": setting("SMP", "4"),
            "memory": setting("MEM", "1G"), "qemu": setting("QEMU"),
            "machine": setting("MACHINE"),
            "el2": {"on": True, "off": False}.get(setting("EL2")),
            "in_turn": True}


def type_by_hand():
    """This process becomes the machine."""
    name = setting("NAME", "default")
    append = f"{APPEND} LAB_NAME={name}"
    if sys.stdout.isatty():
        columns, rows = shutil.get_terminal_size()
        append += f" LAB_ROWS={rows} LAB_COLUMNS={columns}"
    command = Machine(**{**options(), "append": append}).command
    command = command[command.index("run") - 1:] + [f"--name={name}"]
    print("lab: Debian starts; its prompt comes in a quarter of a minute (Ctrl-A x ends it)",
          flush=True)
    os.execv(command[0], command)


def whole(command):
    """So that it is one line to type, whatever is in it, and does not end the system."""
    packed = base64.b64encode(command.encode()).decode()
    return f'(eval "$(echo {packed} | base64 -d)")'


def run(command, errors):
    """Its exit status."""
    with Machine(**options()) as machine:
        machine.wait_ready()
        for error in errors:
            machine.control("inject", *error)
        if errors:
            machine.wait_handled()
            machine.run(f"sleep {patience.seconds(1)}")     # rasdaemon's, to store them
        printed = machine.run(f'{whole(command)}; echo "@status $?"')
    printed, _, status = printed.rpartition("@status ")
    print(printed, end="")
    return int(status)


def main():
    command = setting("RUN")
    try:
        errors = [shlex.split(one) for one in setting("INJECT", "").split(";")
                  if one.strip()]
    except ValueError as error:
        print(f"lab: INJECT: {error}", file=sys.stderr)
        sys.exit(2)
    try:
        check_memory()
        if command or errors:
            sys.exit(run(command or "ras-mc-ctl --errors", errors))
        else:
            type_by_hand()
    except MachineError as error:
        sys.exit(f"lab: {error}")
    except KeyboardInterrupt:
        sys.exit("lab: stopped by ^C")


if __name__ == "__main__":
    main()
