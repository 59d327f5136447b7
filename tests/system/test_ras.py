# SPDX-License-Identifier: BSD-2-Clause
"""What is guaranteed to an error (docs/ras.md), with a kernel that cannot work:
CPUs that mask interrupts for as long as the test wants (tests/guest/module), and
machines that are reset at the wrong moment."""

import os
import re
import socket

import pytest

from machine import BUILD

AT_ONCE = True

MASK_INITRD = os.path.join(BUILD, "initrd-mask.cpio")
# A masked CPU is what is wanted: no watchdog says a word.
QUIET = "panic=1 nowatchdog rcupdate.rcu_cpu_stall_suppress=1"
PREALLOCATED = 64
QUEUE = 3904 // 104    # processor errors that a queue has room for
PROCESSOR = "inject 0x1 {cpu} 0 {n}"
MEMORY = "inject 0x8 0x60000000 0xfffffffffffff000 {n}"


@pytest.fixture
def masked(boot):
    """masked(smp, cpus) boots a machine and masks interrupts on some CPUs."""
    if os.environ.get("KERNEL"):
        pytest.skip("the module is for Debian's kernel")

    def start(smp, cpus):
        machine = boot(smp=smp, initrd=MASK_INITRD, append=QUIET)
        machine.run(f"insmod /mask.ko ms=1000000000 cpus={cpus}; sleep 1")
        return machine

    return start


def sources(machine):
    return {source["name"]: source for source in machine.status()["source"]}


def storm(machine, command, n, cpu=1):
    """`n` corrected errors as fast as CPU 0 can; how many were refused."""
    printed = machine.run("taskset 1 " + command.format(cpu=cpu, n=n), 300)
    return int(re.search(r"inject: (\d+) refused", printed).group(1))


def fill(machine, name, command, n):
    """`n` corrected errors, and more until the source has shown all that a kernel has
    room for and its queue is full. On a busy host the PE that takes them may get no
    turn in a whole storm. Returns how many were refused, and the source."""
    refused = storm(machine, command, n)
    for _ in range(100):
        shown = sources(machine)[name]["acknowledged"]
        refused += storm(machine, command, 200)
        if shown == PREALLOCATED:
            return refused, sources(machine)[name]
    pytest.fail(f"{name}: {shown} of {PREALLOCATED} records were acknowledged")


def test_masked_interrupts(masked):
    """1,400 corrected errors for a CPU that masks interrupts take no room from a
    recoverable one, and their source lives again when the CPU does."""
    machine = masked(2, "1")
    refused, source = fill(machine, "processor-corrected", PROCESSOR, 1400)
    assert source["acknowledged"] == PREALLOCATED
    assert (source["queued"], source["held"]) == (QUEUE, QUEUE)
    assert source["dropped"] == refused == source["injected"] - PREALLOCATED - QUEUE
    answer = machine.inject("memory", "recoverable", address=0x60001000)
    assert answer["disposition"] in ("delivered", "pending")
    fill(machine, "memory-corrected", MEMORY, 200)
    now = sources(machine)
    assert now["memory-uncorrected"]["acknowledged"] == 1
    assert now["memory-corrected"]["acknowledged"] == PREALLOCATED
    assert now["processor-corrected"]["acknowledged"] == PREALLOCATED

    machine.run("echo 1 > /sys/module/mask/parameters/stop; sleep 6")
    machine.wait_handled()
    last = machine.inject("processor", "corrected", cpu=1)["sequence"]
    now = {s["name"]: s for s in machine.wait_handled()["source"]}
    assert now["processor-corrected"]["acknowledged"] == \
        PREALLOCATED + QUEUE + 1
    logged = {e["sequence"]: e for e in machine.errors()}
    assert logged[last]["kind"] == "processor"
    assert logged[answer["sequence"]]["address"] == 0x60001000
    # None was raised again in vain: the kernel acknowledged all it was given.
    assert not any(s["withdrawn"] or s["busy"] for s in now.values())
    # An idle machine, which masks interrupts while it waits, is not held back.
    before = now["memory-corrected"]["held"]
    for n in range(2 * PREALLOCATED):
        machine.inject("memory", "corrected", address=0x60000000 + 64 * n)
    now = sources(machine)
    assert now["memory-corrected"]["held"] == before


@pytest.mark.parametrize("storms, fatal", (
    ((PROCESSOR,), {"kind": "memory", "address": 0x60002000}),
    ((MEMORY, PROCESSOR), {"kind": "processor", "cpu": 2})),
    ids=("memory", "processor"))
def test_fatal_in_a_storm(masked, storms, fatal):
    """It panics at once in the midst of it, on a CPU that masks interrupts or on
    another one; and the next kernel reads of it."""
    machine = masked(4, "1,2")
    for command in storms:
        storm(machine, command, 2000)
    machine.send(f"taskset 1 {PROCESSOR.format(cpu=2, n=1000000)}\n")
    before = sources(machine)["processor-corrected"]["injected"]
    while sources(machine)["processor-corrected"]["injected"] == before:
        pass
    answer = machine.inject(severity="fatal", **fatal)
    assert answer["disposition"] == "delivered", answer
    machine.expect(r"event severity: fatal")
    machine.expect(r"Kernel panic - not syncing: .*Fatal hardware error", 180)
    machine.wait_ready()
    log = "\n".join(text for _, text in machine.read_log())
    assert "BERT: Error records from previous boot:" in log
    assert f"fru_text: seq {answer['sequence']}" in log


# Boot error records


def reset(monitor):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(monitor))
        line.recv(4096)
        line.sendall(b"system_reset\n")
        while b"(qemu)" not in line.recv(4096):
            pass


def boot_record(machine):
    """What the kernel that runs now has read of earlier ones: lines."""
    machine.log.clear()
    log = [text for _, text in machine.read_log()]
    begins = [n for n, text in enumerate(log)
              if text.startswith("BERT: Error records from previous boot")]
    return log[begins[0]:] if begins else []


def test_boot_record_until_consumed(boot, tmp_path):
    """A machine that is reset before its kernel has looked; the kernel after that
    reads of both errors, the one after finds nothing."""
    monitor = tmp_path / "monitor"
    machine = boot(smp=1, append="panic=1 earlycon=pl011,0x9000000", qemu_args=(
        "-monitor", f"unix:{monitor},server=on,wait=off"))
    machine.inject("memory", "fatal", address=0x50123040)
    machine.expect("Kernel panic - not syncing")
    machine.expect("Booting Linux")
    assert machine.status()["bert"] == {"kept": 1, "lost": 0}
    machine.inject("memory", "fatal", address=0x50456040)
    reset(monitor)
    machine.expect("Booting Linux")
    assert machine.status()["bert"] == {"kept": 2, "lost": 0}
    machine.wait_ready()
    record = "\n".join(boot_record(machine))
    assert "physical_address: 0x0000000050123040" in record
    assert "physical_address: 0x0000000050456040" in record
    assert machine.status()["bert"] == {"kept": 0, "lost": 0}
    machine.send("reboot -f\n")
    machine.wait_ready()
    assert boot_record(machine) == []
