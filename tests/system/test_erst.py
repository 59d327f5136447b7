# SPDX-License-Identifier: BSD-2-Clause
"""ERST: Linux's pstore keeps a panic's log over a reset, and lets it be deleted."""

import re

LIST = "ls /sys/fs/pstore"


def wait_reset(machine):
    machine.expect("Booting Linux")
    machine.wait_ready()


def records(machine):
    machine.run("mkdir -p /sys/fs/pstore; mount -t pstore pstore /sys/fs/pstore "
                "2>/dev/null; true")
    return machine.run(LIST).split()


def test_pstore(boot):
    machine = boot(append="panic=1", smp=2)
    log = "\n".join(text for _, text in machine.read_log())
    assert "ERST: Error Record Serialization Table (ERST) support is initialized" \
        in log
    assert "pstore: Registered erst as persistent store backend" in log
    assert records(machine) == []
    machine.run("echo 'the mark of this boot: 4711' > /dev/kmsg")
    machine.send("echo c > /proc/sysrq-trigger\n")
    wait_reset(machine)
    kept = records(machine)
    assert kept and all(re.match(r"dmesg-erst-\d+", name) for name in kept)
    text = machine.run("cat /sys/fs/pstore/*")
    assert "the mark of this boot: 4711" in text
    assert "sysrq: Trigger a crash" in text
    # Another one comes beside it, from within the handler of a fatal error.
    machine.inject("memory", "fatal", address=0x50123040)
    wait_reset(machine)
    more = set(records(machine)) - set(kept)
    assert more and set(kept) < set(records(machine))
    text = machine.run("cat" + "".join(f" /sys/fs/pstore/{name}"
                                       for name in more))
    assert re.search("Kernel panic - not syncing: .*[Ff]atal hardware error", text)
    # A deleted one is gone from the store.
    machine.run("rm /sys/fs/pstore/*; umount /sys/fs/pstore")
    assert records(machine) == []
