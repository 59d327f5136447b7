# SPDX-License-Identifier: BSD-2-Clause
"""`./run lab` (tools/lab.py) as a person or a script starts it. What its rasdaemon makes of
errors of each kind: test_rasdaemon.py.
"""

import calendar
import os
import re
import subprocess
import time

import patience
from machine import GUEST, ROOT
from test_clock import SLACK


def lab(**settings):
    """What it prints, and its exit status."""
    done = patience.run(["python3", "-B", os.path.join(ROOT, "tools/lab.py")], 240,
                        stderr=subprocess.PIPE, env=dict(os.environ, **settings))
    return done.stdout, done.stderr, done.returncode


def test_by_hand(short_path):
    """The command line, on which a QEMU that is none says what it was asked."""
    asked, _, status = lab(QEMU="echo", NAME="two", CPU="cortex-a76", SMP="3", MEM="2G",
                           XDG_RUNTIME_DIR=str(short_path))
    assert status == 0
    for words in ("-cpu cortex-a76 -smp 3 -m 2G", "-name opensdei-two", "LAB_NAME=two",
                  f"-initrd {os.path.join(GUEST, 'lab.cpio')}"):
        assert words in asked


def test_without_a_shell():
    """Two errors from outside, one from inside, and a command's own end."""
    began = time.time()
    printed, _, status = lab(
        SMP="2", INJECT="processor --severity corrected --cpu 1; "
        "memory --severity recoverable --address 0x60002000",
        RUN="""inject 0x1 0 > /dev/null
            for n in $(seq 100); do
                [ "$(sqlite3 $DB 'SELECT (SELECT count(*) FROM arm_event) +
                     (SELECT count(*) FROM memory_failure_event)')" = 3 ] && break
                sleep 0.2
            done
            sqlite3 $DB "SELECT mpidr FROM arm_event ORDER BY mpidr"
            ras-mc-ctl --errors; exit 7""")
    assert status == 7
    assert printed.startswith("0\n1\n")
    assert "pfn=0x60002," in printed
    times = re.findall(r"^\d (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) \+0000 error: ", printed,
                       re.MULTILINE)
    assert len(times) == 3
    for text in times:
        when = calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S"))
        assert began - SLACK <= when <= time.time() + SLACK


def test_a_quote_that_is_open():
    printed, said, status = lab(INJECT='memory "--severity', RUN="true")
    assert (printed, said, status) == ("", "lab: INJECT: No closing quotation\n", 2)


def test_memory_that_it_does_not_fit_in():
    _, said, status = lab(MEM="256M", RUN="true")
    least = re.fullmatch(r"lab: MEM=256M is too little for \S+: (\d+)M or more\n", said)
    assert status == 1 and least
    printed, _, status = lab(MEM=f"{least[1]}M", SMP="1", RUN="echo fits")
    assert (printed, status) == ("fits\n", 0)


def test_a_system_that_there_is_not():
    _, said, status = lab(INITRD="/nowhere", RUN="true")
    assert status == 1
    assert "initrd /nowhere: No such file or directory" in said
