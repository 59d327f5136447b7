# SPDX-License-Identifier: BSD-2-Clause
"""The kernel has the host's date, and so have the records of errors. That it is
right after kexec, in a crash kernel, by device tree and at EL1 is looked at where
such machines are booted anyway: check_date()."""

import calendar
import os
import re
import time

from machine import ARM64

OLD_KERNEL = os.path.join(ARM64, "vmlinuz-old")
# The kernel takes whole seconds from its clock.
SLACK = 2


def check_date(machine):
    """An exact machine takes the host's date when it boots, and goes on by its
    own time, which stands still while a busy host does not run it and leaps where
    nothing is to do: it is looked at what it began with."""
    before = machine.started if machine.exact else time.time()
    now = int(machine.run("date +%s"))
    if machine.exact:
        now -= int(machine.run("cut -d. -f1 /proc/uptime"))
    assert before - SLACK <= now <= time.time() + SLACK


def check_record(machine, address):
    """The record of an error says when it came."""
    before = time.time()
    machine.inject("memory", "corrected", address=hex(address))
    after = time.time()
    text = "\n".join(machine.wait_errors(1)[-1]["text"])
    stamp, = re.findall(r"^precise tstamp: (.*)$", text, re.MULTILINE)
    when = calendar.timegm(time.strptime(stamp, "%Y-%m-%d %H:%M:%S"))
    assert before - SLACK <= when <= after + SLACK


def test_date(boot):
    """It is the host's, until somebody sets another."""
    machine = boot(smp=1)
    check_date(machine)
    check_record(machine, 0x50001000)
    machine.run("date -s '2028-02-29 23:59:58'; hwclock -u -w")
    assert re.search(r"Feb 29 23:59:5\d 2028|Mar  1 00:00:\d\d 2028",
                     machine.run("hwclock -u -r"))
    # The doorbell is the same device's: it still rings.
    machine.run("inject 0x8 0x50003000")
    assert machine.wait_errors(2)[-1]["address"] == 0x50003000


def test_date_of_an_old_kernel(boot):
    check_date(boot(smp=1, kernel=OLD_KERNEL))


def test_date_of_the_machine(boot):
    """QEMU may be told another one than the host's."""
    machine = boot(smp=1, exact=True, qemu_args=(
        "-rtc", "base=2028-02-28T23:59:50"))
    assert re.search("Feb 2[89] .* 2028", machine.run("date"))
    machine.inject("memory", "corrected", address=0x50001000)
    assert "tstamp: 2028-02-2" in "\n".join(
        machine.wait_errors(1)[-1]["text"])


def test_no_runtime_services(boot):
    """A kernel that is to call no firmware boots, without a date."""
    machine = boot(smp=1, append="efi=noruntime")
    assert " 1970" in machine.run("date")
