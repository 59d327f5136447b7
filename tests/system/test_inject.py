# SPDX-License-Identifier: BSD-2-Clause
"""Errors from inside and outside: each in the kernel's log, once, right."""

import re

import pytest

from machine import SdeiError

PAGE = 0x1000
# Free memory in one piece. Linux takes a bad page out of it, and gives what is left
# of the piece to whoever wants memory next: each error has a piece of its own.
BLOCK = 0x400000
COUNT = 50
# Linux prints at most 2 records in 5 s, corrected and uncorrected apart.
BATCH_SECONDS = 6
EINJ = {("processor", "corrected"): 0x1, ("processor", "recoverable"): 0x2,
        ("memory", "corrected"): 0x8, ("memory", "recoverable"): 0x10}


def plan(count, first_page):
    """`count` errors, no two alike: (kind, severity, address or None, cpu)."""
    errors = []
    for n in range(count):
        kind = "processor" if n % 8 in (2, 5) else "memory"
        severity = "corrected" if n % 2 == 0 else "recoverable"
        address = first_page + n * (BLOCK + 17 * PAGE) if kind == "memory" else None
        errors.append((kind, severity, address, n % 4))
    return errors


def inject_inside(machine, kind, severity, address, cpu):
    where = address if kind == "memory" else cpu
    machine.run(f"inject {EINJ[kind, severity]:#x} {where:#x}")


def inject_outside(machine, kind, severity, address, cpu):
    if kind == "memory":
        machine.inject(kind, severity, address=hex(address + 0x40))
    else:
        machine.inject(kind, severity, cpu=cpu)


@pytest.mark.parametrize("inject, offset", (
    (inject_inside, 0), (inject_outside, 0x40)))
def test_fifty(boot, inject, offset, cpu="neoverse-n1", count=COUNT):
    machine = boot(cpu=cpu, exact=True)
    errors = plan(count, 0x50000000)
    for n, error in enumerate(errors):
        if n % 4 == 0:
            machine.run(f"sleep {BATCH_SECONDS}")
        inject(machine, *error)
    logged = sorted(machine.wait_errors(count), key=lambda e: e["sequence"])
    assert [e["sequence"] for e in logged] == list(range(1, count + 1))
    for (kind, severity, address, cpu), seen in zip(errors, logged):
        assert (seen["kind"], seen["severity"]) == (kind, severity)
        if kind == "memory":
            assert seen["address"] == address + offset
        else:
            assert re.search(rf"Affinity.*: 0x0*{cpu:x}$",
                             "\n".join(seen["text"]), re.MULTILINE)
    sources = machine.status()["source"]
    assert sum(s["acknowledged"] for s in sources) == count
    assert not any(s["dropped"] or s["queued"] or s["busy"] for s in sources)


def test_while_computing(boot, cpu="neoverse-n1"):
    """Programs with known values in all registers on every CPU: not one bit
    changes while events interrupt them."""
    machine = boot(cpu=cpu, smp=4, in_turn=False)
    machine.run("{ burn until /tmp/injected > /tmp/burned & }")
    for n in range(40):
        machine.inject("memory", "corrected", address=hex(0x50000000 + n * 64))
        machine.inject("processor", "corrected", cpu=n % 4)
        machine.inject("processor", "recoverable", cpu=(n + 1) % 4)
    trace = numbers(machine.trace())
    output = machine.run("touch /tmp/injected; wait; cat /tmp/burned")
    assert len(re.findall(r"burn: cpu \d: \d+ rounds, 0 mismatches",
                          output)) == 4
    sources = machine.wait_handled()["source"]
    assert sum(s["acknowledged"] for s in sources) == 120
    # Many of them did interrupt user space: EL0t.
    entered = [entry for entry in trace if entry["what"] == "enter"]
    assert sum(entry["pstate"] & 0xf == 0 for entry in entered) > 10


def numbers(trace):
    """The trace with its hexadecimal strings as numbers."""
    return [{key: int(value, 16) if str(value).startswith("0x") else value
             for key, value in entry.items()} for entry in trace]


def test_interrupts_masked(boot):
    """The kernel prints a long dump with interrupts off; the error reaches it
    there, at once, and the handler is left by COMPLETE, not by RESUME."""
    machine = boot(smp=1, exact=True)
    machine.run("dmesg -n 8")
    # More of it than a busy host injects errors in.
    dump = machine.start_command("for i in $(seq 20); do echo t > /proc/sysrq-trigger; "
                                 "done")
    machine.expect("Showing busy workqueues")
    answers = [machine.inject("memory", "corrected",
                              address=hex(0x50000000 + n * PAGE))
               for n in range(20)]
    machine.finish(dump)
    trace = numbers(machine.trace())
    idle = idle_pcs(machine)
    masked = [n for n, entry in enumerate(trace) if entry["what"] == "enter"
              and entry["pstate"] & 0x8F == 0x89    # I set, EL2h
              and entry["pc"] not in idle]
    assert masked, "no event interrupted a kernel that had interrupts masked"
    for n in masked:
        assert trace[n + 1]["what"] == "complete"
        assert trace[n + 1]["how"] == "complete"
        injected = max(a["time"] for a in answers
                       if a["time"] <= trace[n]["time"])
        assert trace[n]["time"] - injected < 5_000_000   # 5 ms of virtual time


def idle_pcs(machine):
    """Addresses behind WFI, where an idle kernel is, with interrupts masked."""
    symbols = machine.run("grep -wE 'cpu_do_idle|arch_cpu_idle' /proc/kallsyms")
    return {start + offset for start in
            (int(line.split()[0], 16) for line in symbols.splitlines())
            for offset in range(0, 0x80, 4)}


def boot_early(boot):
    """A machine whose kernel has just begun. It prints every function that it
    initialises with on a slow console, so it takes its time; what it prints is more
    than a kernel of today keeps unasked."""
    machine = boot(wait=False, smp=2, append="earlycon=pl011,0x9000000 "
                   "initcall_debug ignore_loglevel log_buf_len=8M")
    machine.expect("Booting Linux")
    return machine


def test_before_linux_is_ready(boot):
    """Errors that come before anybody has registered wait, and arrive."""
    machine = boot_early(boot)
    answers = [machine.inject("memory", "corrected", address=0x50001000),
               machine.inject("processor", "recoverable", cpu=1),
               machine.inject("memory", "recoverable", address=0x50002000)]
    assert "registered" not in machine.console
    assert all(a["disposition"] == "pending" for a in answers)
    machine.wait_ready()
    assert sorted((e["sequence"], e["kind"], e["severity"], e["address"])
                  for e in machine.errors()) == [
        (1, "memory", "corrected", 0x50001000),
        (2, "processor", "recoverable", None),
        (3, "memory", "recoverable", 0x50002000)]


def test_burst_overflows_openly(boot):
    """More errors than the queue holds before anybody listens: the first are
    kept in order, and the next record says how many were lost."""
    machine = boot_early(boot)
    answers = [machine.inject("memory", "corrected",
                              address=hex(0x50000000 + n * 64))
               for n in range(40)]
    kept = sum(a["disposition"] != "dropped" for a in answers)
    lost = len(answers) - kept
    assert 0 < lost < 40
    machine.wait_ready()
    source = machine.wait_handled()["source"][0]
    assert source["acknowledged"] == source["published"] == kept
    assert source["dropped"] == lost
    assert f"lost {lost}" in "\n".join(t for _, t in machine.read_log())


def test_fatal_and_its_record(boot, release):
    """A fatal error panics Linux, and nothing else would reset it; the next boot
    of the machine shows it in its boot error record, once."""
    machine = boot(append="panic=1")
    machine.run("dmesg -n 8")
    first = len(machine.console)
    machine.inject("memory", "fatal", address=0x50123040)
    again = machine.expect("Booting Linux")
    # Linux 7.3 was once seen to reset before its last words were on the console.
    if release.name == "stable":
        said = machine.console[first:again.start()]
        assert "event severity: fatal" in said
        assert re.search("Kernel panic - not syncing: .*[Ff]atal hardware error",
                         said)
    machine.wait_ready()
    log = "\n".join(text for _, text in machine.read_log())
    assert "BERT: Error records from previous boot:" in log
    assert "event severity: fatal" in log
    assert "physical_address: 0x0000000050123040" in log
    machine.send("reboot -f\n")
    machine.wait_ready()
    machine.log.clear()
    assert "BERT: Error records" not in "\n".join(
        text for _, text in machine.read_log())


def test_gic_v4(boot):
    """Redistributors of 256 KiB: every CPU comes up, each takes its own errors."""
    machine = boot(qemu_args=("-machine", "gic-version=4"))
    assert [pe["power"] for pe in machine.status()["pe"]] == ["on"] * 4
    log = "\n".join(text for _, text in machine.read_log())
    assert "found redistributor 3 region 0:0x0000000008160000" in log
    answers = []
    for cpu in 4 * list(range(4)):
        answers.append(machine.inject("processor", "corrected", cpu=cpu))
        assert (answers[-1]["disposition"],
                int(answers[-1]["pe"])) == ("delivered", cpu)
        status = machine.wait_handled()
    with pytest.raises(SdeiError):
        machine.inject("processor", "corrected", cpu=4)
    source, = (s for s in status["source"] if s["name"] == "processor-corrected")
    assert (source["published"], source["acknowledged"]) == (16, 16)
    # The time that it answers is the error's: before any PE's handler of it.
    entered = [e["time"] for e in machine.trace() if e["what"] == "enter"]
    assert len(entered) == 16
    for answer, at in zip(answers, entered):
        assert answer["time"] <= at
    machine.inject("processor", "recoverable", cpu=3)
    assert "recoverable" in [e["severity"] for e in machine.wait_errors(3)]
