#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""picture.py FOLDER - what docs/tracing.md shows, from a real run: two errors, one
injected from inside Linux and one from outside, as the live trace has them. Writes
FOLDER/trace.svg and the transcript in FOLDER/tracing.md."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from machine import BUILD, INITRD, KERNEL, Machine

SDEI = os.path.join(BUILD, "sdei")


def run(log, steps):
    """Boot, follow, two errors; the kernel's log and the steps go into files."""
    with Machine(kernel=KERNEL, initrd=INITRD, smp=2) as machine:
        machine.wait_ready()
        command, environment = machine.control_command(("trace", "--follow"))
        with open(steps, "w") as out:
            follower = subprocess.Popen(command, env=environment, stdout=out)
            # Nothing that comes before it has begun is in the picture.
            while not os.path.getsize(steps) and follower.poll() is None:
                machine.status()
            machine.run("inject 0x8 0x60101000 0xfffffffffffff000")
            machine.inject("processor", "recoverable", cpu=1)
            machine.wait_handled()
            follower.send_signal(subprocess.signal.SIGINT)
            follower.wait(20)
        with open(log, "w") as out:
            out.write(machine.run("dmesg"))


def shorten(steps, shown):
    """The errors' part: without the questions before and after it."""
    lines = [json.loads(line) for line in open(steps)]
    kinds = [line.get("kind") for line in lines]
    first = kinds.index("reported") - 1
    last = len(kinds) - kinds[::-1].index("acknowledged")
    with open(shown, "w") as out:
        for line in lines[first:last]:
            out.write(json.dumps(line) + "\n")


def main():
    folder = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as path:
        log, steps, shown = (os.path.join(path, name)
                             for name in ("log", "steps", "shown"))
        run(log, steps)
        shorten(steps, shown)
        with open(log) as f:
            lines = [line for line in f if "[Hardware Error]" in line]
        with open(log, "w") as f:
            f.writelines(lines)
        subprocess.run([SDEI, "trace", f"--from={shown}", f"--log={log}",
                        f"--svg={folder / 'trace.svg'}"], check=True)
        text = subprocess.run([SDEI, "trace", f"--from={shown}"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
    page = folder / "tracing.md"
    page.write_text(re.sub(r"```\n.*?```", lambda _: f"```\n{text}```",
                           page.read_text(), count=1, flags=re.S))


main()
