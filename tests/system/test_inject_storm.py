# SPDX-License-Identifier: BSD-2-Clause
"""`sdei inject --count`: one request, and then what becomes of the storm, without a
machine: a socket takes the firmware's place, as in test_inject_tool.py."""

import json
import os
import subprocess

import patience
from test_inject_tool import (  # noqa: F401  (a fixture, too)
    GUID, MEMORY_OK, SDEI, Firmware, fixture_firmware)


class Storm:
    """Answers what becomes of a storm: so many more each time that it is asked."""

    def __init__(self, count, each):
        self.count, self.each = count, each
        self.injected, self.running = 1, 1

    def __call__(self, request):
        if request.startswith("inject count="):
            return ("ok sequence=7 event=0x40000100 disposition=delivered time=5 "
                    "storm=3")
        if request == "inject stop storm=3":
            self.running = 0
            return "ok stopped=1"
        if request != "storms storm=3":
            return "ok sequence=1 event=0x805 disposition=pending time=5"
        if self.running:
            self.injected = min(self.count - 2, self.injected + self.each)
            self.running = int(self.injected < self.count - 2)
        return (
            f"storm id=3 event=0x40000100 running={self.running} "
            f"count={self.count} rate=0 injected={self.injected} skipped=2 left=0 "
            f"delivered={self.injected - 6} pending=1 queued=2 dropped=3 first=7 "
            f"last={6 + self.injected}\nok")


def test_count(firmware):
    """One request, whatever the count; then how it stands, until it is over."""
    firmware.answer = Storm(1002, 400)
    done = firmware.sdei(*MEMORY_OK.split(), "--count=1002", "--rate=10000", "--json")
    summary = json.loads(done.stdout)
    assert 0 <= summary.pop("seconds") < patience.seconds(30)
    assert summary == {"injected": 1000, "delivered": 994, "pending": 1, "queued": 2,
                       "dropped": 3, "skipped": 2, "first": 7, "last": 1006}
    assert firmware.requests == [
        "inject count=1002 rate=10000 memory severity=corrected "
        "address=0x40"] + 3 * ["storms storm=3"]
    firmware.answer = Storm(1002, 1000)
    done = firmware.sdei(*MEMORY_OK.split(), "--count=1002")
    assert firmware.requests[4].startswith("inject count=1002 rate=0 memory ")
    assert b"1000 injected in " in done.stdout and b"#7 to #1006: 994 " in done.stdout
    assert b"2 skipped" in done.stdout
    assert not done.stderr                  # no terminal, no progress


def test_count_of_a_record(firmware):
    """Any record; the largest is not too long for the line."""
    firmware.answer = Storm(4294967295, 4294967295)
    done = firmware.sdei("vendor", "--severity=corrected", f"--guid={GUID}",
                         "--data=" + 2000 * "77", "--count=4294967295",
                         "--rate=10000")
    assert done.returncode == 0, done.stderr
    begins = "inject count=4294967295 rate=10000 record "
    assert firmware.requests[0].startswith(begins)
    assert len(firmware.requests[0]) == len(begins) + 4096 <= 4159


def test_count_in_a_guest(short_path):
    """sdei-vmm serves eight lines a connection (docs/kvm.md)."""
    vmm = Firmware(short_path, "opensdei-vm", lines=8)
    vmm.answer = Storm(22, 2)
    done = vmm.sdei(*MEMORY_OK.split(), "--vm=default", "--count=22", "--json")
    assert json.loads(done.stdout)["injected"] == 20
    assert len(vmm.requests) == 11


def test_storm_is_gone(firmware):
    """Others had its place, or the machine was reset."""
    firmware.answer = lambda request: "ok" if request == "storms storm=3" else \
        "ok sequence=7 event=0x805 disposition=delivered time=5 storm=3"
    done = firmware.sdei(*MEMORY_OK.split(), "--count=9")
    assert done.returncode == 4 and b"nothing is known" in done.stderr
    assert not done.stdout


def test_stop(firmware):
    firmware.answer = lambda request: "ok stopped=2"
    assert b"storms ended: 2" in firmware.sdei("stop").stdout
    assert firmware.requests == ["inject stop"]


def test_progress_and_interrupt(firmware):
    """On a terminal; others can ask in the midst of it; and whoever has seen enough
    ends the storm and is told what there was."""
    firmware.answer = Storm(100000, 1)
    terminal, ours = os.openpty()
    with subprocess.Popen(
            [SDEI, "inject", *MEMORY_OK.split(), "--count=100000", "--rate=100"],
            env=patience.environment(XDG_RUNTIME_DIR=str(firmware.folder)),
            stdout=subprocess.PIPE, stderr=ours) as process:
        os.close(ours)
        seen = b""
        while b" of 100000, " not in seen:
            seen += os.read(terminal, 4096)
        assert firmware.sdei("dump").returncode == 0
        process.send_signal(2)
        said = process.communicate(timeout=patience.seconds(30))[0]
    os.close(terminal)
    assert process.returncode == 0
    assert firmware.requests[-2:] == ["inject stop storm=3", "storms storm=3"]
    assert f"{firmware.answer.injected} injected".encode() in said
