# SPDX-License-Identifier: BSD-2-Clause
"""The live trace: all that passes through EL3, in order, nothing lost that is not
counted; nothing is disturbed by it; and what is made of it (JSON, Perfetto, SVG)."""

import contextlib
import json
import os
import re
import socket
import struct
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import pytest

import patience
from machine import BUILD, SdeiError
from test_host import NO_EL2, VHE, results, start

AT_ONCE = True

SDEI = os.path.join(BUILD, "sdei")
ON = ("-fw_cfg", "name=opt/opensdei/trace,string=on")
VERSION, REGISTER, MASK = 0xC4000020, 0xC4000021, 0xC400002B
COMPLETE, RESUME = 0xC4000025, 0xC4000026
OFF = 2             # enum sdei_ending
SVG = "{http://www.w3.org/2000/svg}"


def wait_for(process, path, machine):
    """Until it has seen something: an interrupt of our asking, if nothing else."""
    wait = patience.Patience(30)
    while not path.stat().st_size:
        assert process.poll() is None and not wait.over()
        machine.status()


@contextlib.contextmanager
def followed(machine, path, *args, begun=True):
    """`sdei trace --follow --json` of a machine goes into a file, till we end it."""
    if "control line" not in machine.console:
        machine.expect("control line")
    command, environment = machine.control_command(("trace", "--follow", *args))
    with open(path, "w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE,
                                   env=environment)
        try:
            if begun:
                wait_for(process, path, machine)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(subprocess.signal.SIGINT)
            said = process.communicate(timeout=patience.seconds(20))[1]
    assert process.returncode == 0, said


def read(path):
    """(steps, lost); codes and values as numbers."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lost = [line["lost"] for line in lines if "lost" in line]
    steps = [line for line in lines if "lost" not in line]
    for step in steps:
        step["code"] = int(step["code"], 16)
        step["value"] = [int(value, 16) for value in step["value"]]
    return steps, sum(lost)


def check_order(steps):
    """Each PE's calls are answered in turn, and its handlers nest."""
    calling, handlers, seen = {}, {}, set()
    for step in steps:
        pe, kind = step["pe"], step["kind"]
        if kind == "call":
            assert not calling.get(pe), step
            calling[pe] = step["code"]
        elif kind == "result":
            # The first may have been called before.
            assert calling.get(pe) == step["code"] or pe not in seen, step
            calling[pe] = None
        elif kind == "entered":
            handlers.setdefault(pe, []).append(step["code"])
        elif kind == "completed":
            if handlers.get(pe) or pe in seen:
                assert handlers[pe].pop() == step["code"], step
            calling[pe] = None
        elif kind == "power":
            calling[pe] = None
        seen.add(pe)
    assert not any(handlers.values())


def fields(data):
    """The fields of a protobuf message: (number, value)."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            value = varint()
        elif key & 7 == 1:
            value, = struct.unpack_from("<Q", data, at)
            at += 8
        else:
            assert key & 7 == 2
            size = varint()
            value, at = data[at:at + size], at + size
            assert len(value) == size
        yield key >> 3, value


def perfetto(path):
    """(track, type, time, name, flows, last flows) of each event: the numbers are
    those of perfetto.protos.TracePacket, TrackDescriptor and TrackEvent."""
    tracks, events = {}, []
    for number, packet in fields(path.read_bytes()):
        assert number == 1
        packet = dict(fields(packet))
        if 60 in packet:
            track = dict(fields(packet[60]))
            tracks[track[1]] = track[2].decode()
            continue
        event = {}
        for number, value in fields(packet[11]):
            event.setdefault(number, []).append(value)
        events.append((tracks[event[11][0]], event[9][0], packet[8],
                       event.get(23, [b""])[0].decode(), event.get(47, []),
                       event.get(48, [])))
    return events


def test_linux(boot, tmp_path):
    """From the kernel's first call to its panic."""
    machine = boot(wait=False, smp=3, append="panic=0", qemu_args=ON)
    steps_file, log = tmp_path / "steps", tmp_path / "log"
    with followed(machine, steps_file, begun=False):
        machine.wait_ready()
        machine.run("echo 0 > /sys/devices/system/cpu/cpu2/online")
        machine.run("inject 0x8 0x60101000 0xfffffffffffff000")
        first = machine.inject("memory", "recoverable", address=0x50001000)
        machine.wait_handled()
        log.write_text(machine.run("dmesg"))
        machine.inject("memory", "fatal", address=0x50001000)
        machine.expect("---. end Kernel panic")
        machine.control("explain", "memory-corrected")
        time.sleep(1)
    # It was on by the option, and is on still.
    causes = machine.control("explain", "memory-corrected")["found"]
    steps, lost = read(steps_file)
    assert lost == 0

    # The kernel's life: it asks for the version, registers each error's event with
    # success, CPUs come and go, the rest of its errors are handled.
    calls = [s["code"] for s in steps if s["kind"] == "call"]
    assert calls.index(VERSION) < calls.index(REGISTER)
    registered = {s["value"][1] for s in steps if s["code"] == REGISTER
                  and s["kind"] == "call"}
    assert registered == set(range(0x40000100, 0x4000010c))
    assert {s["value"][0] for s in steps
            if s["code"] == REGISTER and s["kind"] == "result"} == {0}
    power = [(s["pe"], s["text"]) for s in steps if s["kind"] == "power"]
    assert power == [(1, "power: on"), (2, "power: on"), (2, "power: off")]

    # Each error's story, in order: the injection from inside, and ours.
    story = {}
    for step in steps:
        if step["name"] in ("memory-corrected", "memory-uncorrected"):
            if step["kind"] not in ("call", "result"):
                story.setdefault(step["name"], []).append(step["kind"])
    for kinds in story.values():
        assert kinds[0] == "reported" and "disposed" in kinds
        assert [k for k in kinds if k in ("entered", "completed",
                                          "acknowledged")] == \
            ["entered", "completed", "acknowledged"]
    told = [s for s in steps if s["kind"] == "disposed"
            and s["name"] == "memory-uncorrected"]
    assert told[0]["value"][0] == first["sequence"]

    # What a panic does to the other CPU, and that explain can say so.
    masked = {c["pe"][0]: c["text"] for c in causes if c["cause"] == "masked"}
    assert masked and all(re.search(
        r"masks events since \d+\.\d{3} s: SDEI_PE_MASK \(5.1.12\) at 0x[0-9a-f]{16}",
        text) for text in masked.values()), causes
    assert {s["pe"] for s in steps if s["kind"] == "call" and s["code"] == MASK} \
        >= set(masked)

    trace, picture = tmp_path / "trace", tmp_path / "svg"
    subprocess.run([SDEI, "trace", f"--from={steps_file}", f"--log={log}",
                    f"--perfetto={trace}", f"--svg={picture}"], check=True,
                   timeout=patience.seconds(30))
    events = perfetto(trace)
    check_pictures(events, ElementTree.parse(picture), steps)
    # From each report to its handler, and to the log, which comes after it.
    for sequence in (1, 2):
        flow = [(track, when) for track, _, when, _, flows, last in events
                if sequence in flows + last]
        assert [re.sub(r"PE \d+ ", "", track) for track, _ in flow] == \
            ["EL3", "handlers", "kernel's log"]
        assert flow[1][1] - flow[0][1] < 1e9
        assert 0 < flow[2][1] - flow[1][1] < 1e9


def check_pictures(events, picture, steps):
    """Slices nest and end, in time; each step has a mark in the picture."""
    depth = {}
    for track, kind, *_ in events:
        depth[track] = depth.get(track, 0) + {1: 1, 2: -1, 3: 0}[kind]
        assert depth[track] >= 0
    # What never ends: the handler that panicked, and calls that do not return.
    assert sum(n for track, n in depth.items() if "handlers" in track) == 1
    marks = [e for e in picture.iter() if e.tag in (SVG + "circle", SVG + "rect")
             and e.find(SVG + "title") is not None]
    drawn = [s for s in steps if s["kind"] not in ("completed", "result")]
    log = sum("[Hardware Error]" in m.find(SVG + "title").text for m in marks)
    assert log >= 4
    assert len(marks) >= len(drawn)


def test_storm(boot, tmp_path):
    """10,000 errors a second on two CPUs: what was not read in time is counted."""
    machine = boot(smp=2)
    steps_file = tmp_path / "steps"
    with followed(machine, steps_file):
        storm = machine.control("inject", "memory", "--count=20000", "--rate=10000",
                                "--severity=corrected", "--address=0x50005000",
                                timeout=120)
        machine.wait_handled()
    steps, lost = read(steps_file)
    reported = [s["value"][0] for s in steps if s["kind"] == "reported"]
    assert len(set(reported)) == len(reported)
    injected = storm["injected"]
    assert injected
    assert injected - lost <= len(reported) <= injected, storm
    if not lost:
        check_order(steps)

    # It is off again. What comes meanwhile is not of the next one, nor lost to it.
    assert asked(machine, "trace off")["was"] == "off"
    machine.inject("memory", "corrected", address=0x50005000)
    machine.wait_handled()
    with followed(machine, tmp_path / "one"):
        with pytest.raises(SdeiError, match="another sdei follows"):
            machine.control("trace", "--follow", "--seconds=1")
        machine.inject("processor", "corrected", cpu=1)
        machine.wait_handled()
    steps, lost = read(tmp_path / "one")
    assert lost == 0
    assert [s["name"] for s in steps if s["kind"] == "reported"] == \
        ["processor-corrected"]
    check_order(steps)

    # A reboot: the new kernel is followed from its first call on.
    with followed(machine, tmp_path / "two"):
        machine.start_command("reboot -f")
        machine.wait_ready()
    steps, _ = read(tmp_path / "two")
    assert VERSION in [s["code"] for s in steps if s["kind"] == "call"]


def asked(machine, request):
    """The words of the last line of an answer on the control line."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(patience.seconds(20))
        line.connect(machine.control_socket())
        line.sendall(f"\n{request}\n".encode())
        answer = b""
        while b"\nok " not in b"\n" + answer or not answer.endswith(b"\n"):
            answer += line.recv(4096)
    return dict(word.split("=") for word in answer.decode().split() if "=" in word)


def test_nothing_is_disturbed(boot, tmp_path):
    """Every context, exception and power test of the host's while it is traced."""
    machine = start(boot, VHE, smp=2, args=ON)
    with followed(machine, tmp_path / "steps"):
        results(machine, skipped=(NO_EL2,), timeout=200)
    steps, _ = read(tmp_path / "steps")
    assert {"call", "result", "interrupt", "entered", "completed", "pending",
            "power"} <= {s["kind"] for s in steps}
    assert {0, 1} <= {s["value"][0] for s in steps if s["kind"] == "completed"}
    assert 0 in {s["code"] for s in steps if s["kind"] == "entered"}


def test_handlers_that_power_off(boot, tmp_path):
    """6.5.4: CPU_OFF ends a handler; it is told how, before the PE is off."""
    machine = start(boot, os.path.join(BUILD, "conformance.bin"), smp=2, args=ON,
                    service=False)
    with followed(machine, tmp_path / "steps"):
        machine.expect(r"^1\.\.\d+\n", 200)
    steps, _ = read(tmp_path / "steps")
    # So many calls that some are lost; not from there, where the PE makes few.
    ways = set()
    for pe in (0, 1):
        mine = [(s["kind"], s["value"][0], s["text"]) for s in steps if s["pe"] == pe]
        ways |= {(one[:2], two[2]) for one, two in zip(mine, mine[1:])}
    assert (("completed", OFF), "power: off") in ways
    assert all(what == "power: off" or "its PE went off" in what
               for how, what in ways if how == ("completed", OFF))


def test_no_memory_for_it(boot):
    """A payload's memory is its own, unless the option says otherwise."""
    machine = start(boot, VHE, smp=1)
    machine.expect(r"^ok 1 ")
    with pytest.raises(SdeiError, match="a payload's is its own"):
        machine.control("trace", "--follow", "--seconds=1")


LINES = """\
{"time":1000,"pe":0,"kind":"call","code":"0xc400002f","name":"","value":["0x10","0x0","0x1","0x0","0x0","0x0"],"text":""}
{"time":1200,"pe":1,"kind":"entered","code":"0x0","name":"signalled","value":["0x20","0x3c9","0x0","0x0","0x0","0x0"],"text":""}
{"time":1300,"pe":0,"kind":"result","code":"0xc400002f","name":"","value":["0xfffffffffffffffe","0x0","0x0","0x0","0x0","0x0"],"text":""}
{"time":1400,"pe":0,"kind":"pending","code":"0x0","name":"signalled","value":["0x1","0x5","0x0","0x0","0x0","0x0"],"text":""}
{"lost":3}
"""


def trace(*args, text=LINES):
    return subprocess.run([SDEI, "trace", "--from=-", *args], input=text, text=True,
                          capture_output=True, check=False,
                          timeout=patience.seconds(20))


def test_flow_of_a_private_event(tmp_path):
    """Two reports for two PEs: each is its own PE's, whoever comes first."""
    def line(time_, pe, kind, *value):
        value = [hex(v) for v in (*value, *[0] * (6 - len(value)))]
        return json.dumps({"time": time_, "pe": pe, "kind": kind, "code": "0x40000102",
                           "name": "processor-corrected", "value": value, "text": ""})

    text = "\n".join((
        line(1, 0, "reported", 1, 2), line(2, 0, "pending", 1, 5),
        line(3, 0, "disposed", 1, 1, 2**64 - 1), line(4, 0, "reported", 2, 2),
        line(5, 0, "entered"), line(6, 0, "disposed", 2, 0, 0), line(7, 0, "completed"),
        line(8, 1, "entered"), line(9, 1, "completed")))
    out = tmp_path / "out"
    assert trace(f"--perfetto={out}", text=text + "\n").returncode == 0
    assert [(track, flows) for track, kind, _, _, flows, _ in perfetto(out)
            if "handlers" in track and kind == 1] == \
        [("PE 0 handlers", [2]), ("PE 1 handlers", [1])]


def test_words():
    assert trace().stdout.splitlines() == [
        "     0.000001000  PE 0    SDEI_EVENT_SIGNAL(0x0, 0x1) at 0x10",
        "     0.000001200  PE 1    event 0x0 (signalled): handler entered; interrupted "
        "0x20, PSTATE 0x3c9",
        "     0.000001300  PE 0    SDEI_EVENT_SIGNAL: INVALID_PARAMETERS",
        "     0.000001400  PE 0    event 0x0 (signalled): waits for PE 1: its PE masks "
        "events"]


def test_two_files(tmp_path):
    """A machine and a guest: each with its own PEs, events' names and log."""
    def line(when, vm, pe, kind, name, value="0x1"):
        return json.dumps({"time": when, **vm, "pe": pe, "kind": kind, "code": "0x4",
                           "name": name, "value": [value, *5 * ["0x0"]],
                           "text": ""}) + "\n"

    machine, guest, out = tmp_path / "machine", tmp_path / "guest", tmp_path / "out"
    host_log, guest_log = tmp_path / "host.log", tmp_path / "guest.log"
    machine.write_text(line(1000, {}, 0, "reported", "one")
                       + line(3000, {}, 0, "entered", "one"))
    guest.write_text(line(2000, {"vm": "g"}, None, "reported", "other")
                     + line(4000, {"vm": "g"}, 0, "entered", "other"))
    host_log.write_text("[ 1.000000] fru_text: seq 1\n")
    guest_log.write_text("[ 0.000001] fru_text: seq 1\n")
    assert trace(f"--from={machine}", f"--from={guest}",
                 text="").stdout.splitlines() == [
        "     0.000001000  machine    PE 0    event 0x4 (one): recoverable error 1 is "
        "reported",
        "     0.000002000  g          VMM  event 0x4 (other): recoverable error 1 is "
        "reported",
        "     0.000003000  machine    PE 0    event 0x4 (one): handler entered; "
        "interrupted 0x1, PSTATE 0x0",
        "     0.000004000  g          vcpu 0    event 0x4 (other): handler entered; "
        "interrupted 0x1, PSTATE 0x0"]
    assert trace(f"--from={machine}", f"--log={host_log}", f"--from={guest}",
                 f"--log={guest_log}", f"--perfetto={out}", text="").returncode == 2
    # 1 s in its log, 3 us on the counter: no kernel's clock begins below 0.
    host_log.write_text("[ 0.000002] fru_text: seq 1\n")
    assert trace(f"--from={machine}", f"--log={host_log}", f"--from={guest}",
                 f"--log={guest_log}", f"--perfetto={out}",
                 f"--svg={tmp_path / 'svg'}", text="").returncode == 0
    assert [(track, when, flows + last)
            for track, _, when, _, flows, last in perfetto(out)] == [
        ("PE 0 EL3", 1000, [1]), ("sdei-vmm", 2000, [1 << 32 | 1]),
        ("PE 0 handlers", 3000, [1]), ("vcpu 0 handlers", 4000, [1 << 32 | 1]),
        ("kernel's log", 3000, [1]), ("kernel's log", 4000, [1 << 32 | 1])]
    assert "guest g" in (tmp_path / "svg").read_text()


@pytest.mark.parametrize("args, text, status, sentence", (
    ((), "nonsense\n", 2, "-:1: not a line that 'sdei trace --follow --json' prints"),
    ((), LINES.replace('"0x20"', '"20"'), 2, "-:2: not a line"),
    ((), LINES.replace('"pe":1', '"pe":-1'), 2, "-:2: not a line"),
    (("--svg=-",), LINES.replace('"pe":1', '"pe":4000000000'), 2, "-:2: not a line"),
    ((), LINES.replace("signalled", 300 * "A"), 2, "-:2: not a line"),
    ((), LINES.replace("signalled", "\\u001b[2J"), 2, "-:2: not a line"),
    (("--svg=/nowhere/x",), LINES, 2, "/nowhere/x: No such file or directory"),
    (("--perfetto=/dev/full",), LINES, 2, "/dev/full: No space left on device"),
    (("--svg=/dev/full",), LINES, 2, "/dev/full: No space left on device"),
    (("--log=/dev/null", "--svg=-"), LINES, 2, "nothing in it tells when the kernel's"),
    (("--log=/dev/null",), LINES, 2, "--log goes into a picture"),
    (("--log=/dev/null", "--log=/dev/null", "--svg=-"), LINES, 2,
     "one log for each --from, which it follows"),
    (8 * ("--from=/dev/null",), LINES, 2, "at most 8 times --from"),
    ((), LINES.replace('"pe":1', '"vm":"\\u001b[2J","pe":1'), 2, "-:2: not a line"),
    (("--seconds=0",), LINES, 2, "it can be a number above 0"),
))
def test_bad_input(args, text, status, sentence):
    done = trace(*args, text=text)
    assert done.returncode == status
    assert sentence in done.stderr, done.stderr


def test_counter_in_the_log(tmp_path):
    """A line with the counter tells where the kernel's clock began."""
    log, out = tmp_path / "log", tmp_path / "out"
    log.write_text("[    0.000100] counter=101000\n[    0.000200] later\n")
    assert trace(f"--log={log}", f"--perfetto={out}").returncode == 0
    assert [(when, name) for track, _, when, name, *_ in perfetto(out)
            if track == "kernel's log"] == [(101000, "counter=101000"),
                                            (201000, "later")]
