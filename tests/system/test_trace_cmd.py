# SPDX-License-Identifier: BSD-2-Clause
"""Linux's own trace beside the firmware's: a trace.dat that trace-cmd recorded in the
machine, and read here."""

import base64
import re

import pytest

import lab
from test_trace import followed, perfetto, read, trace

PES = (0, 1, 0)


@pytest.fixture
def recorded(boot, tmp_path):
    """(steps, trace.dat) of three processors' errors in the lab."""
    machine = boot(smp=2, initrd="lab.cpio", append=lab.APPEND)
    errors = "; ".join(f"inject 0x1 {pe} 0" for pe in PES)
    # A trace.dat has all symbols; without their addresses it is the smaller.
    machine.run("echo 2 > /proc/sys/kernel/kptr_restrict")
    with followed(machine, tmp_path / "steps", begun=False):
        machine.run("trace-cmd record -q -o /tmp/t.dat -e ras:arm_event -e printk:console "
                    f"bash -c '{errors}; sleep 1' > /dev/null", 120)
    packed = machine.run("base64 /tmp/t.dat", 300)
    (tmp_path / "t.dat").write_bytes(base64.b64decode(packed))
    return tmp_path / "steps", tmp_path / "t.dat"


def test_trace_dat(recorded, tmp_path):
    """Each error's tracepoint is where it belongs, between its report and the next
    one: `inject` has told the kernel's log the counter."""
    path, dat = recorded
    done = trace(f"--from={path}", f"--log={dat}", f"--perfetto={tmp_path / 'out'}",
                 text="")
    assert done.returncode == 0, done.stderr
    steps, lost = read(path)
    assert not lost
    reports = [s["time"] for s in steps if s["kind"] == "reported"]
    assert len(reports) == len(PES)
    marks = [(when, name) for track, _, when, name, *_ in perfetto(tmp_path / "out")
             if track == "kernel's log" and "arm_event" in name]
    assert [int(re.search(r"MPIDR: (\w+)", name)[1], 16) & 0xff for _, name in marks] == \
        list(PES)
    for n, (when, _) in enumerate(marks):
        assert reports[n] <= when < (reports[n + 1:] or [1 << 63])[0]
