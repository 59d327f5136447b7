# SPDX-License-Identifier: BSD-2-Clause
"""Following a guest whose VMM ends, is killed, is another one under the same name: the
VMM is this test's, its file and its control line are as sdei-vmm has them."""

import fcntl
import json
import os
import select
import struct
import subprocess
import time

import pytest

import patience
from machine import BUILD
from test_inject_tool import Firmware

SDEI = os.path.join(BUILD, "sdei")
HEADS, SLOTS, RINGS, STAMP = 4096, 16, 2, 511
POWER = 8           # enum trace_kind


class Vmm(Firmware):
    """`live` is told when `sdei` has asked for a trace."""

    def __init__(self, folder):
        self.asked = 0
        super().__init__(folder, base="opensdei-vm")
        self.path = folder / "opensdei-vm/default/steps"
        self.answer = self.live
        self.start(1)

    def live(self, request):
        if request == "trace live":
            self.asked += 1
        return ("ok format=1 base=0x0 slots=16 pes=2 hz=1000000000 was=off own=1"
                if request.startswith("trace") else "ok")

    def start(self, stamp):
        """A VMM begins with it, whatever there was."""
        with open(self.path, "wb") as file:
            file.write(bytes(HEADS + RINGS * SLOTS * 64))
        self.heads = [0] * RINGS
        self.write(8 * STAMP, struct.pack("<Q", stamp))

    def write(self, at, data):
        with open(self.path, "r+b") as file:
            file.seek(at)
            file.write(data)

    def step(self, code, ring=0):
        n = self.heads[ring]
        self.write(HEADS + 64 * (ring * SLOTS + n % SLOTS),
                   struct.pack("<QII6Q", 1000 + n, POWER, code, *6 * [0]))
        self.heads[ring] += 1
        self.write(8 * ring, struct.pack("<Q", self.heads[ring]))

    def follow(self):
        return subprocess.Popen(
            [SDEI, "trace", "--vm", "default", "--follow", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=patience.environment(XDG_RUNTIME_DIR=str(self.folder)))

    def ends(self):
        fcntl.flock(self.lock, fcntl.LOCK_UN)


def rest(process):
    """(steps, lost) up to its end, which must be a good one."""
    out, said = process.communicate(timeout=patience.seconds(20))
    assert process.returncode == 0, said
    lines = [json.loads(line) for line in out.splitlines()]
    return ([(line["pe"], int(line["code"], 16)) for line in lines if "code" in line],
            sum(line.get("lost", 0) for line in lines))


@pytest.fixture(name="vmm")
def fixture_vmm(short_path):
    return Vmm(short_path)


def begun(vmm):
    """It follows: what was there when it began is old."""
    process = vmm.follow()
    assert patience.wait_for(lambda: vmm.asked)
    wait = patience.Patience(20)
    while not select.select([process.stdout], [], [], 0.1)[0]:
        assert not wait.over()
        vmm.step(0)
    return process


def test_its_end(vmm):
    """What it did last is shown, though it ends at once."""
    process = begun(vmm)
    for code in (1, 2, 3):
        vmm.step(code)
    vmm.step(1, ring=1)
    os.unlink(vmm.path)
    vmm.ends()
    steps, lost = rest(process)
    assert {(0, 1), (0, 2), (0, 3), (None, 1)} <= set(steps)
    assert not lost


def test_its_file_is_another_ones(vmm):
    """It has ended, and the next of that name runs already."""
    process = begun(vmm)
    vmm.step(3)
    os.unlink(vmm.path)
    vmm.start(5)
    vmm.step(7)
    steps, _ = rest(process)
    assert (0, 3) in steps and (0, 7) not in steps


def test_it_was_killed(vmm):
    """The next one has its file, and wants to be asked, though nothing was done."""
    process, stamp = vmm.follow(), 1
    assert patience.wait_for(lambda: vmm.asked)
    wait = patience.Patience(20)
    while vmm.asked == 1:
        assert not wait.over()
        stamp += 1
        vmm.write(8 * STAMP, struct.pack("<Q", stamp))
        time.sleep(0.1)
    vmm.step(3)
    assert select.select([process.stdout], [], [], patience.seconds(20))[0]
    vmm.ends()
    assert rest(process)[0] == [(0, 3)]
