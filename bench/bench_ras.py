#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What error reporting costs at EL3, in instructions: Linux asks for memory errors
by EINJ, and the control line does, while every instruction at EL3 is logged.

A stay at EL3 begins with an exception and ends with its return. Those that matter
return to Linux's SDEI handler; which of them is which follows from how they began
and what was asked for. With --firmware another build's are counted.
"""

import argparse
import collections
import json
import os
import re
import socket
import statistics
import sys
import tempfile

from bench import BUILD, Table

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "tools"))

from machine import INITRD, KERNEL, Machine  # noqa: E402  (after sys.path)

TIMES = 8
AT_ONCE = 4
EINJ = "/sys/kernel/debug/apei/einj"
# Errors by EINJ, one after the other.
INSIDE = (f"cd {EINJ}; echo 0x8 > error_type; echo 2 > flags; "
          "echo 0xfffffffffffff000 > param2; i=0; "
          f"while [ $i -lt {TIMES} ]; do echo 0x5${{i}}000000 > param1; "
          "echo 1 > error_inject; i=$((i + 1)); done; cd /")


class Monitor:
    """QEMU's, by QMP: to have instructions logged, and no longer."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(path)
        self._file = self._socket.makefile("rw")
        self._file.readline()
        self._ask("qmp_capabilities")

    def _ask(self, command, **arguments):
        self._file.write(json.dumps(
            {"execute": command, "arguments": arguments}) + "\n")
        self._file.flush()
        while True:
            answer = json.loads(self._file.readline())
            if "return" in answer or "error" in answer:
                return answer.get("return")

    def _type(self, line):
        return self._ask("human-monitor-command", **{"command-line": line})

    def log(self, on):
        """QEMU 8.1 has renamed what makes each instruction a block."""
        word = "on" if on else "off"
        if self._type(f"one-insn-per-tb {word}"):
            self._type(f"singlestep {word}")
        self._type("log exec,nochain,int" if on else "log none")


Stay = collections.namedtuple("Stay", "cause length back")


def stays(path, start):
    """Each stay at EL3 in the log from `start` on: its exception's number, its
    instructions, the PC that it returned to."""
    cause, length, last, number = None, 0, None, None
    with open(path, encoding="ascii", errors="replace") as lines:
        lines.seek(start)
        for line in lines:
            if line.startswith("Trace"):
                address = re.match(r"Trace \d+: \S+ \[[0-9a-f]+/([0-9a-f]+)/",
                                   line)[1]
                # Logged twice if it is started once more.
                length += cause is not None and address != last
                last = address
            elif match := re.match(r"Taking exception (\d+) ", line):
                number = int(match[1])
            elif re.match(r"\.\.\.to EL3 PC", line):
                cause, length, last = number, 0, None
            elif match := re.match(
                    r"Exception return from AArch64 EL3 to .* PC 0x([0-9a-f]+)",
                    line):
                if cause is not None:
                    yield Stay(cause, length, int(match[1], 16))
                cause = None


FIQ, SMC = 6, 13


def entering(found):
    """Of these stays those that return to where most return: a handler."""
    backs = collections.Counter(s.back for s in found if s.cause == FIQ)
    handler = backs.most_common(1)[0][0]
    return [s for s in found if s.back == handler]


def usual(values):
    return statistics.median_low(values) if values else None


def outside(machine):
    """The same errors by the control line, several at once: a later one finds an
    earlier one's record in the block."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(60)
        line.connect(machine.control_socket())
        for i in range(TIMES):
            request = f"inject memory severity=corrected address=0x5{i}000000\n"
            line.sendall(AT_ONCE * request.encode())
            answers = b""
            while answers.count(b"\n") < AT_ONCE:
                answers += line.recv(4096)
            machine.run("usleep 20000")


def measure(firmware, smp):
    """Instructions by row: ras_doorbell, ras_line, ras_next."""
    folder = tempfile.mkdtemp(prefix="opensdei-bench-")
    qmp, log = os.path.join(folder, "qmp"), os.path.join(folder, "log")
    rows = {}
    with Machine(kernel=KERNEL, initrd=INITRD, smp=smp, exact=True,
                 firmware=firmware, qemu_args=(
                     "-qmp", f"unix:{qmp},server=on,wait=off", "-D", log,
                     "-dfilter", "0+0x4000000,0xe000000+0x1000000")) as machine:
        machine.wait_ready()
        monitor = Monitor(qmp)

        def logged(work):
            start = os.path.getsize(log) if os.path.exists(log) else 0
            monitor.log(True)
            work()
            monitor.log(False)
            return entering(list(stays(log, start)))

        inside = logged(lambda: machine.run(INSIDE))
        rows["ras_doorbell"] = usual(
            [s.length for s in inside if s.cause == FIQ])
        if smp == 1:
            both = logged(lambda: outside(machine))
            rows["ras_next"] = usual(
                [s.length for s in both if s.cause == SMC])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firmware", help="measure this one")
    args = parser.parse_args()
    firmware = args.firmware or os.path.join(BUILD, "opensdei-qemu-virt.bin")
    print(f"{firmware}: instructions at EL3 for an error\n")
    table = Table()
    one, eight = measure(firmware, 1), measure(firmware, 8)
    for name, value in one.items():
        table.add(name, [value])
    table.add_growth("ras_doorbell_pes", {
        (1, 1): one["ras_doorbell"], (1, 8): eight["ras_doorbell"]})
    print(f"\n{len(table.rows)} rows, {table.over} over the limit")
    return 1 if table.over else 0


if __name__ == "__main__":
    sys.exit(main())
