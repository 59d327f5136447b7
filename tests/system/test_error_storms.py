# SPDX-License-Identifier: BSD-2-Clause
"""Storms of corrected errors at all sources at once, uncorrected ones between them. One
instruction is one nanosecond of the machine's time, so what is early and what is late
does not depend on this one.

Judged by what Linux counts: a probe where its GHES driver takes a record from its queue
(with the source's number in the HEST, and the record's FRU text), the ras tracepoints,
its log. STORM_SECONDS is how long all last (make storms: 60); the suite has a minute for
one number of PEs.
"""

import collections
import json
import os
import re
import socket

import pytest

import patience
from machine import BUILD
from test_pcie import ROOT_PORT

AT_ONCE = True

SECONDS = os.environ.get("STORM_SECONDS")
RATE = 1000
TRACED = 6      # as many uncorrected errors are in a PE's trace, with ends and room
# Linux prints 2 uncorrected records in 5 s: one each 2.6 s.
APART_MS = 2600
MASKED_MS = 300
STAY_NS = 2200    # at EL3, for the end of a handler and the next record (make bench-ras)
CALM = 8      # without a storm: two of each kind
# Pages of different blocks of Linux's free memory: what lies beside one that it has put
# out of use is handed out next (findings/linux-offline-neighbours.sh).
MEMORY, APART, PAGE = 0x52000000, 0x401000, 4096
GUID = "01234567-89ab-cdef-0123-456789abcdef"
VENDOR = ("vendor", f"--guid={GUID}")
PCIE = ("pcie", "--device=0000:00:04.0")
INITRD = os.path.join(BUILD, "initrd-mask.cpio")
# Linux says three lines of each corrected PCI Express error.
APPEND = "nowatchdog rcupdate.rcu_cpu_stall_suppress=1 log_buf_len=128M"

TRACING = "/sys/kernel/tracing"
# struct ghes begins with a pointer to its HEST entry; a status block's first entry has
# its FRU text at 20 + 44 (ACPI 6.5, tables 18.11 and 18.12).
PROBE = "p:record ghes_do_proc source=+2(+0($arg1)):u16 fru=+64($arg2):string"
COUNTED = {
    "kprobes/record": "source", "ras/arm_event": "sev", "ras/aer_event": "severity",
    "ras/non_standard_event": "sev", "ras/memory_failure_event": "pfn"}
# The numbers of the sources in the HEST (docs/ras.md): corrected, uncorrected.
SOURCES = {"memory": (0, 1), "processor": (2, 3), "pcie": (6, 7), "platform": (9, 10)}
UNCORRECTED = {more for _, more in SOURCES.values()}
FIRST_EVENT = 0x40000100


def corrected():
    """An error for each source."""
    return {"memory": ("memory", "--address=0x50001000"),
            "processor": ("processor",),
            "pcie": (*PCIE, "--aer-correctable=0x40"),
            "platform": (*VENDOR, "--data=00112233")}


def uncorrected(n, smp):
    """The n-th: its kind, what it is, what Linux's log says of it alone."""
    kind = list(SOURCES)[n % len(SOURCES)]
    what, says = {
        "memory": (("memory", f"--address={MEMORY + n * APART:#x}"),
                   f"physical_address: 0x{MEMORY + n * APART:016x}"),
        "processor": (("processor", f"--cpu={n // len(SOURCES) % smp}", "--error=cache",
                       f"--virtual-address={0xffff0000c0de0000 + n:#x}"),
                      f"virtual fault address: 0x{0xffff0000c0de0000 + n:016x}"),
        "pcie": ((*PCIE, "--aer-uncorrectable=0x4000", f"--serial={0x7700000000 + n}"),
                 f"serial number: 0x{n:04x}, 0x0077"),
        "platform": ((*VENDOR, f"--data={0xabcd0000 + n:08x}"),
                     # As a word, of little-endian bytes.
                     f"00000000: {n:02x}00cdab"),
    }[kind]
    return kind, what, says


def count_in_kernel(machine):
    commands = [f"mount -t tracefs tracefs {TRACING}", f"cd {TRACING}",
                f"echo '{PROBE}' > kprobe_events"]
    commands += [f"echo 'hist:keys={key}' > events/{event}/trigger"
                 for event, key in COUNTED.items()]
    commands += ["echo 'hist:keys=source,fru if fru ~ \"*lost*\"' >> "
                 "events/kprobes/record/trigger", "cd /"]
    machine.run("; ".join(commands))


def counted(machine):
    """Of each event how often, by its key; and what records told of losses, by their
    source."""
    hits, lost = {}, collections.Counter()
    for event in COUNTED:
        text = machine.run(f"cat {TRACING}/events/{event}/hist")
        hits[event] = {int(key, 0): int(n) for key, n in re.findall(
            r"^\{ \w+: +(\w+) +\} hitcount: +(\d+)", text, re.M)}
        for source, more in re.findall(
                r"\{ source: +(\d+), fru: seq \d+ lost (\d+)", text):
            lost[int(source)] += int(more)
        assert re.findall(r"Dropped: (\d+)", text).count("0") == text.count("Dropped:")
    return hits, lost


class Uncorrected:
    """Those that were injected."""

    def __init__(self, machine, smp):
        self.machine, self.smp = machine, smp
        self.injected = []
        self.entered = {}

    def inject(self):
        n = len(self.injected)
        kind, what, says = uncorrected(n, self.smp)
        answer = self.machine.control("inject", *what, "--severity=recoverable")
        assert answer["disposition"] == "delivered", answer
        self.injected.append((kind, says, answer))
        if len(self.injected) % TRACED == 0:
            self.read_trace()

    def read_trace(self):
        """What is new in it: it keeps less than there is in all."""
        for entry in self.machine.trace():
            if entry["what"] == "enter":
                self.entered[entry["time"], entry["pe"]] = entry["event"]

    def numbers(self, kind):
        return [n for n, error in enumerate(self.injected) if error[0] == kind]

    def count(self, kind):
        return len(self.numbers(kind))

    def times(self):
        """From injection to handler, for each kind; ns. Without and within a storm."""
        entered = collections.defaultdict(list)
        self.read_trace()
        for (time, _), event in sorted(self.entered.items()):
            entered[event].append(time)
        calm, stormy = ({kind: [] for kind in SOURCES} for _ in range(2))
        for n, (kind, _, answer) in enumerate(self.injected):
            time = entered[answer["event"]].pop(0) - answer["time"]
            (calm if n < CALM else stormy)[kind].append(time)
        # No handler of an uncorrected error was entered for nothing.
        assert not any(times for event, times in entered.items()
                       if int(event, 0) - FIRST_EVENT in UNCORRECTED)
        return calm, stormy


def start_storms(machine, smp, seconds):
    """RATE errors a second at each source, those of processors over all of them."""
    storms = collections.defaultdict(list)
    for kind, what in corrected().items():
        each = [(*what, f"--cpu={pe}") for pe in range(smp)] \
            if kind == "processor" else [what]
        for one in each:
            storms[kind].append(machine.start_control(
                "inject", *one, "--severity=corrected",
                f"--count={seconds * RATE // len(each)}",
                f"--rate={RATE // len(each)}"))
    return storms


def finish(processes, seconds):
    """How many were injected, and how many skipped, as `sdei` says at the end."""
    injected = skipped = 0
    for process in processes:
        said, wrong = process.communicate(timeout=patience.seconds(20 * seconds))
        assert process.returncode == 0, wrong
        sums = json.loads(said)
        injected += sums["injected"]
        skipped += sums["skipped"]
    return injected, skipped


def pause(machine):
    machine.run(f"usleep {APART_MS}000")


def mask(machine, errors, smp):
    """For a moment no CPU works on anything, and one more uncorrected error comes."""
    cpus = ",".join(str(cpu) for cpu in range(smp))
    command = machine.start_command(f"insmod /mask.ko ms={MASKED_MS} cpus={cpus}")
    errors.inject()
    machine.finish(command)
    pause(machine)


def check_sources(machine, errors, sent):
    """The firmware's sums, and Linux's beside them, to the last one."""
    sources = machine.wait_handled()["source"]
    hits, lost = counted(machine)
    log = machine.run("dmesg | grep -e 'Hardware Error' -e 'buffer overflow'")
    for kind, (less, more) in SOURCES.items():
        c, u = sources[less], sources[more]
        assert c["injected"] == sent[kind] == c["acknowledged"] + c["dropped"]
        assert u["injected"] == u["acknowledged"] == errors.count(kind)
        assert not any(s["queued"] or s["busy"] or s["again"] for s in (c, u))
        assert (hits["kprobes/record"][less], hits["kprobes/record"][more]) == (
            c["acknowledged"], u["acknowledged"])
        # Each that was lost is told of by a record that Linux took.
        assert lost[less] == c["dropped"] > 0 and not u["dropped"]
    # Linux's own queue for AER has 16 places: it says each time that there is none.
    unrecovered = log.count("AER: buffer overflow in recovery")
    for event, kind, (less, more), missing in (
            ("ras/arm_event", "processor", (1, 2), 0),
            ("ras/non_standard_event", "platform", (1, 2), 0),
            ("ras/aer_event", "pcie", (2, 0), unrecovered)):
        c, u = (sources[n] for n in SOURCES[kind])
        assert hits[event] == {less: c["acknowledged"] - missing,
                               more: u["acknowledged"]}
    assert hits["ras/memory_failure_event"] == {
        (MEMORY + n * APART) // PAGE: 1 for n in errors.numbers("memory")}
    for _, says, _ in errors.injected:
        assert log.count(says) == 1, says
    return sources


@pytest.mark.skipif("KERNEL" in os.environ, reason="the module is for Debian's kernel")
@pytest.mark.parametrize("smp, seconds", ((1, 60), (4, 12), (8, 12)))
def test_storms(boot, smp, seconds):
    seconds = int(SECONDS or seconds)
    machine = boot(smp=smp, exact=True, initrd=INITRD, append=APPEND,
                   qemu_args=ROOT_PORT)
    count_in_kernel(machine)
    errors = Uncorrected(machine, smp)
    while len(errors.injected) < CALM:
        errors.inject()
        pause(machine)
    storms = start_storms(machine, smp, seconds)
    for _ in range(seconds * 1000 // APART_MS - 1):
        errors.inject()
        pause(machine)
        if len(errors.injected) == CALM + 2:
            mask(machine, errors, smp)
    sent = {}
    for kind, processes in storms.items():
        sent[kind], skipped = finish(processes, seconds)
        assert sent[kind] + skipped == seconds * RATE
        # QEMU runs PEs in turn: while all of them burn, one may have none for long.
        assert skipped < seconds * RATE / 100
    # They tell of the last losses.
    for kind, what in corrected().items():
        machine.control("inject", *what, "--severity=corrected")
        sent[kind] += 1
    sources = check_sources(machine, errors, sent)
    calm, stormy = errors.times()
    for kind, (less, more) in SOURCES.items():
        c, u = sources[less], sources[more]
        print(f"{smp} PEs, {seconds} s, {kind}: {c['injected']} corrected, "
              f"{c['acknowledged']} acknowledged, {c['dropped']} lost and told of; "
              f"{u['acknowledged']} uncorrected, in their handlers after "
              f"{max(calm[kind])} ns at most, in the storm {max(stormy[kind])}")
        # Its PE may be at EL3 just now, for a corrected one. And QEMU runs PEs in turn:
        # what another does meanwhile is in the time.
        stay = STAY_NS if smp > 1 else 0
        assert max(stormy[kind]) <= 2 * max(calm[kind]) + stay


def ask(line, request):
    """All of the answer, by lines."""
    line.write(request + "\n")
    line.flush()
    answer = []
    while not answer or answer[-1].split()[0] not in ("ok", "error"):
        answer.append(line.readline().strip() or "-")
    return answer


def test_too_many(boot):
    """More than a PE can do: it is not kept from its work, and what it could not do is
    counted."""
    machine = boot(smp=1, exact=True)
    storm = ("inject count=4294967295 rate=10000 memory severity=corrected "
             "address=0x50001000")
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(machine.control_socket())
        with link.makefile("rw", encoding="ascii") as line:
            answers = [ask(line, storm)[-1] for _ in range(17)]
            assert all(f"storm={n + 1}" in answers[n] for n in range(16))
            assert answers[16].startswith("error 16 storms run")
            machine.run("i=0; while [ $i -lt 10000 ]; do i=$((i+1)); done; usleep 300000")
            assert ask(line, "inject stop storm=3")[-1] == "ok stopped=1"
            assert ask(line, "inject stop")[-1] == "ok stopped=15"
    status = machine.wait_handled()
    storms = status["storm"]
    assert len(storms) == 16 and not any(s["running"] for s in storms)
    for s in storms:
        assert s["injected"] + s["skipped"] + s["left"] == s["count"] == 4294967295
        assert s["injected"] == sum(s[fate] for fate in (
            "delivered", "pending", "queued", "dropped"))
    assert sum(s["skipped"] for s in storms) > 0
    source = status["source"][0]
    assert source["injected"] == sum(s["injected"] for s in storms)
    assert source["injected"] == source["acknowledged"] + source["dropped"]
    # The sums of the oldest make room for another one.
    done = machine.control("inject", "memory", "--severity=corrected",
                           "--address=0x50001000", "--count=3", "--rate=10")
    assert (done["injected"], done["skipped"]) == (3, 0)
    assert [s["id"] for s in machine.status()["storm"]][:2] == [17, 2]


def test_without_its_pe(boot):
    """It goes on by the timer of a PE that has gone off, and ends with a reset."""
    machine = boot(smp=2, exact=True)
    process = machine.start_control(
        "inject", "memory", "--severity=corrected", "--address=0x50001000",
        "--count=1000000", "--rate=100")
    assert patience.wait_for(lambda: machine.status()["storm"])
    machine.run("echo 0 > /sys/devices/system/cpu/cpu0/online")
    before, = machine.status()["storm"]
    machine.run("usleep 500000")
    after, = machine.status()["storm"]
    assert after["injected"] >= before["injected"] + 50 and not after["skipped"]
    machine.send("reboot -f\n")
    machine.wait_ready()
    assert machine.status()["storm"] == []
    _, said = process.communicate(timeout=patience.seconds(60))
    # On a busy host it may ask in vain while the machine starts again.
    assert process.returncode == 4 and re.search(
        b"nothing is known of the storm|no answer from the firmware", said)
