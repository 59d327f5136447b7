# SPDX-License-Identifier: BSD-2-Clause
"""What `sdei inject` sends, and what it says of wrong values, without a machine: a
socket in a run folder takes the firmware's place.

The sections expected here are worked out from UEFI 2.10, appendix N, and CXL 3.1,
8.2.9.2.1; how they are wrapped up says include/sdei/cper.h.
"""

import fcntl
import itertools
import os
import socket
import struct
import subprocess
import threading
import uuid

import pytest

import patience
from machine import BUILD

SDEI = os.path.join(BUILD, "sdei")
GUID = "01234567-89ab-cdef-0123-456789abcdef"
GUID_BYTES = uuid.UUID(GUID).bytes_le
RECOVERABLE, FATAL, CORRECTED, INFORMATIONAL = range(4)
MEMORY, MEMORY2, PROCESSOR, PCIE, FIRMWARE, CXL, MEDIA, DRAM, MODULE, VENDOR = range(10)


class Firmware:
    """Answers on a control line; `requests` is what it was asked. It takes so many
    lines a connection."""

    def __init__(self, folder, base="opensdei", lines=None):
        self.folder = folder
        self.lines = lines
        run = folder / base / "default"
        run.mkdir(mode=0o700, parents=True)
        (folder / base).chmod(0o700)
        self.lock = open(run / "lock", "w", encoding="ascii")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        self.requests = []
        self.greetings = 1      # what it says to each `version`, a line each
        self.answer = self.deliver
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(run / "control.sock"))
        self.socket.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def deliver(self, request):
        return (f"ok sequence={len(self.requests)} event=0x805 "
                "disposition=delivered time=5")

    def serve(self):
        while True:
            line, _ = self.socket.accept()
            with line, line.makefile("rw", encoding="ascii") as lines:
                for text in itertools.islice(lines, self.lines):
                    text = text.strip()
                    if text == "version":
                        text = "\n".join(self.greetings * (
                            "ok opensdei=0.2.0 sdei=1.1 protocol=1",))
                    elif text:
                        self.requests.append(text)
                        text = self.answer(text)
                    if text:
                        lines.write(text + "\n")
                        lines.flush()

    def sdei(self, *args, stdin=None, **more):
        return subprocess.run(
            [SDEI, "inject", *args], input=stdin, capture_output=True,
            env=patience.environment(XDG_RUNTIME_DIR=str(self.folder), **more),
            timeout=patience.seconds(60), check=False)

    def sends(self, *args, stdin=None):
        """The one request that becomes of the arguments."""
        self.requests.clear()
        done = self.sdei(*args, stdin=stdin)
        assert done.returncode == 0, done.stderr
        assert len(self.requests) == 1
        return self.requests[0]


@pytest.fixture(name="firmware")
def fixture_firmware(short_path):
    return Firmware(short_path)


def test_a_late_greeting(firmware):
    """An answer to a `version` of before, asked twice on a busy host, is no answer."""
    firmware.greetings = 2
    assert firmware.sends("memory", "--severity=corrected", "--address=0x50000000")


def padded(data):
    return data + bytes(-len(data) % 8)


def section(kind, body, severity=CORRECTED, flags=1, fru=b"", fru_valid=0):
    return struct.pack("<HBBBBH", len(body), kind, severity, flags, fru_valid,
                       0) + fru + padded(body)


def record(*sections, severity=CORRECTED, pe=0, time=bytes(8), count=None):
    data = b"".join(sections)
    count = len(sections) if count is None else count
    return struct.pack("<HHI8sHBBI", 24 + len(data), pe, 0, time, 0, severity,
                       count, 0) + data


def place(size, *fields):
    """`size` zeros but for (offset, format, value)."""
    data = bytearray(size)
    for offset, form, value in fields:
        struct.pack_into("<" + form, data, offset, value)
    return bytes(data)


@pytest.mark.parametrize("args, request_", (
    ("memory --severity corrected --address 0x50005000",
     "inject memory severity=corrected address=0x50005000"),
    ("--severity=fatal memory --type 3 --column 7 --row 6 --bank 5 --module 4 "
     "--card 3 --node 0x2 --mask 0xfff --address 4096",
     "inject memory severity=fatal address=0x1000 mask=0xfff node=2 card=3 "
     "module=4 bank=5 row=6 column=7 type=3"),
    ("processor --severity recoverable --cpu 2 --address 64",
     "inject processor severity=recoverable address=0x40 cpu=2"),
    ("dump", "inject dump"),
))
def test_old_words(firmware, args, request_):
    """What could always be said is said as it always was."""
    assert firmware.sends(*args.split()) == request_


# N.2.5: all fields. The bits of `extended`: the row's 16 and 17, and the chip's.
MEMORY_ARGS = (
    "--address 0x50001000 --mask 0xffffff00 --node 1 --card 2 --module 3 --device 5 "
    "--row 6 --column 7 --bit-position 8 --rank 9 --card-handle 0x11 "
    "--module-handle 0x12 --extended-row 2 --chip 5 --error-status 0x40400 "
    "--requestor 0x21 --responder 0x22 --target 0x23 --bank-group 0xa "
    "--bank-address 0xb --type 4")
MEMORY_BODY = place(
    80, (0, "Q", 0x3fffff & ~(1 << 6)), (8, "Q", 0x40400), (16, "Q", 0x50001000),
    (24, "Q", 0xffffff00), (32, "H", 1), (34, "H", 2), (36, "H", 3), (38, "H", 0xa0b),
    (40, "H", 5), (42, "H", 6), (44, "H", 7), (46, "H", 8), (48, "Q", 0x21),
    (56, "Q", 0x22), (64, "Q", 0x23), (72, "B", 4), (73, "B", 5 << 5 | 2),
    (74, "H", 9), (76, "H", 0x11), (78, "H", 0x12))
# N.2.6
MEMORY2_ARGS = MEMORY_ARGS.replace("--extended-row 2", "--status uncorrected").replace(
    "--row 6", "--row 0x12345").replace("--bank-group 0xa --bank-address 0xb",
                                        "--bank 0x1234")
MEMORY2_BODY = place(
    96, (0, "Q", 0xfffff), (8, "Q", 0x40400), (16, "Q", 0x50001000),
    (24, "Q", 0xffffff00), (32, "H", 1), (34, "H", 2), (36, "H", 3), (38, "H", 0x1234),
    (40, "I", 5), (44, "I", 0x12345), (48, "I", 7), (52, "I", 9), (56, "I", 8),
    (60, "B", 5), (61, "B", 4), (62, "B", 1), (64, "Q", 0x21), (72, "Q", 0x22),
    (80, "Q", 0x23), (88, "I", 0x11), (92, "I", 0x12))
# N.2.4.4: a TLB's error and a bus's, a context, and a vendor's words.
PROCESSOR_ARGS = (
    "--error tlb --transaction data --operation local-management --level 2 "
    "--virtual-address 0xffff000012345678 --error bus --operation data-read "
    "--participation local-observed --timeout yes --address-space device "
    "--access-mode normal --access-attributes 0x103 --address 0x9000000 --multiple 3 "
    "--flags first,overflow --precise-pc yes --restartable-pc no --context-corrupt yes "
    f"--context aarch64-el1:{'5a' * 16} --context 8:01 --vendor-info aabbccdd "
    "--mpidr 0x80000102 --affinity-level 1 --midr 0x410fd0c1 --psci-state 0x10000")
TLB = (1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 16 | 7 << 18 | 2 << 22 |
       1 << 26)
BUS_INFO = (1 << 1 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 |
            1 << 10 | 1 << 11 | 3 << 18 | 1 << 25 | 1 << 26 | 1 << 27 | 2 << 29 |
            1 << 31 | 3 << 32 | 0x103 << 34 | 1 << 43)
PROCESSOR_BODY = (
    struct.pack("<IHHIB3xQQII", 0xf, 2, 2, 40 + 64 + 24 + 9 + 4, 1, 0x80000102,
                0x410fd0c1, 0, 0x10000)
    + struct.pack("<BBHBHBQQQ", 0, 32, 0b01101, 1 << 2, 0, 0, TLB,
                  0xffff000012345678, 0)
    + struct.pack("<BBHBHBQQQ", 0, 32, 0b10111, 1 << 3, 3, 0b1001, BUS_INFO, 0,
                  0x9000000)
    + struct.pack("<HHI", 0, 5, 16) + b"\x5a" * 16
    + struct.pack("<HHI", 0, 8, 1) + b"\1" + b"\xaa\xbb\xcc\xdd")
# N.2.7, with an AER capability of which only the statuses are known.
PCIE_ARGS = (
    "--device 0001:02:1f.7 --port-type root-port --pcie-version 0x0301 "
    "--vendor-id 0x1b36 --device-id 0xc --class 0x060400 --command 0x507 --status 0x10 "
    "--aer-correctable 0x40 --aer-uncorrectable 0x4000 --serial 0x1122334455667788 "
    "--slot 3 --secondary-bus 4 --bridge-control 2 --bridge-status 0x2000 "
    "--capability 10aa")
PCIE_BODY = place(
    208, (0, "Q", 0xff), (8, "I", 4), (12, "B", 1), (13, "B", 3), (16, "H", 0x507),
    (18, "H", 0x10), (24, "H", 0x1b36), (26, "H", 0xc), (28, "H", 0x0400), (30, "B", 6),
    (31, "B", 7), (32, "B", 0x1f), (33, "H", 1), (35, "B", 2), (36, "B", 4),
    (37, "H", 3 << 3), (40, "Q", 0x1122334455667788), (48, "H", 0x2000), (50, "H", 2),
    (52, "H", 0xaa10), (112, "I", 0x00020001), (116, "I", 0x4000), (128, "I", 0x40))
# N.2.13: the DVSEC, and a RAS capability of which only the statuses are known.
CXL_ARGS = (
    "--agent device --device 0001:02:1f.7 --vendor-id 0x8086 --device-id 0xd93 "
    "--subsystem-vendor-id 1 --subsystem-id 2 --class 0x0502 --slot 5 --serial 0x5566 "
    "--capability 10 --dvsec 230001 --ras-uncorrectable 0x10 --ras-correctable 1")
CXL_BODY = place(
    116 + 3 + 88, (0, "Q", 0x7f), (8, "B", 2), (16, "B", 7), (17, "B", 0x1f),
    (18, "B", 2), (19, "H", 1), (24, "H", 0x8086), (26, "H", 0xd93), (28, "H", 1),
    (30, "H", 2), (32, "H", 0x502), (34, "H", 5 << 3), (40, "Q", 0x5566), (48, "B", 0x10),
    (108, "H", 3), (110, "H", 88), (116, "B", 0x23), (118, "B", 1), (119, "I", 0x10),
    (119 + 12, "I", 1))
# N.2.14; the event record (CXL 3.1, tables 8-43 to 8-47) begins at 32.
EVENT_ARGS = ("--device 0001:02:1f.7 --vendor-id 0x8086 --device-id 0xd93 --slot 5 "
              "--serial 0x5566 --event-flags 2 --handle 3 --related-handle 4 "
              "--timestamp 5 --maintenance-class 6 ")
EVENT_FIELDS = (
    (0, "I", 144), (4, "Q", 7), (12, "H", 0x8086), (14, "H", 0xd93), (16, "B", 7),
    (17, "B", 0x1f), (18, "B", 2), (19, "H", 1), (21, "H", 5 << 3), (24, "Q", 0x5566),
    (32, "B", 128), (33, "B", 2), (36, "H", 3), (38, "H", 4), (40, "Q", 5), (48, "B", 6))
MEDIA_ARGS = EVENT_ARGS + (
    "--event general-media --dpa 0x1041 --descriptor 1 --type 2 --transaction-type 3 "
    "--channel 4 --rank 5 --device-mask 0x060708 --component-id 09 --subtype 10")
MEDIA_BODY = place(
    144, *EVENT_FIELDS, (64, "Q", 0x1041), (72, "B", 1), (73, "B", 2), (74, "B", 3),
    (75, "H", 0xf), (77, "B", 4), (78, "B", 5), (79, "H", 0x0708), (81, "B", 6),
    (82, "B", 9), (102, "B", 10))
DRAM_ARGS = EVENT_ARGS + (
    "--event dram --dpa 0x1041 --channel 4 --rank 5 --nibble-mask 0x060708 "
    "--bank-group 9 --bank 10 --row 0x0b0c0d --column 0x0e0f --correction-mask 11 "
    "--component-id 12 --sub-channel 13 --subtype 14")
DRAM_BODY = place(
    144, *EVENT_FIELDS, (64, "Q", 0x1041), (75, "H", 0x5ff), (77, "B", 4), (78, "B", 5),
    (79, "H", 0x0708), (81, "B", 6), (82, "B", 9), (83, "B", 10), (84, "H", 0x0c0d),
    (86, "B", 0xb), (87, "H", 0xe0f), (89, "B", 0x11), (121, "B", 0x12), (137, "B", 13),
    (142, "B", 14))
MODULE_ARGS = EVENT_ARGS + (
    "--event module --type 1 --health-status 2 --media-status 3 --additional-status 4 "
    "--life-used 5 --temperature -6 --dirty-shutdowns 7 --corrected-volatile 8 "
    "--corrected-persistent 9 --component-id 10 --subtype 11")
MODULE_BODY = place(
    144, *EVENT_FIELDS, (64, "B", 1), (65, "B", 2), (66, "B", 3), (67, "B", 4),
    (68, "B", 5), (69, "h", -6), (71, "I", 7), (75, "I", 8), (79, "I", 9), (83, "H", 1),
    (85, "B", 0x10), (101, "B", 11))


@pytest.mark.parametrize("args, kind, body", (
    ("memory " + MEMORY_ARGS, MEMORY, MEMORY_BODY),
    ("memory --memory2 " + MEMORY2_ARGS, MEMORY2, MEMORY2_BODY),
    # Single-bit ECC, unless said otherwise.
    ("memory --memory2 --address 64", MEMORY2,
     place(96, (0, "Q", 1 << 13 | 2), (16, "Q", 64), (61, "B", 2))),
    ("processor " + PROCESSOR_ARGS, PROCESSOR, PROCESSOR_BODY),
    # A vendor's information is nobody else's to make up, and is kept.
    ("processor --information 0x1122334455667788 --error vendor", PROCESSOR,
     struct.pack("<IHHIB3xQQII", 0, 1, 0, 72, 0, 0, 0, 0, 0)
     + struct.pack("<BBHBHBQQQ", 0, 32, 0b101, 1 << 4, 0, 0, 0x1122334455667788, 0, 0)),
    ("processor --running yes --error vendor", PROCESSOR,
     struct.pack("<IHHIB3xQQII", 4, 1, 0, 72, 0, 0, 0, 1, 0)
     + struct.pack("<BBHBHBQQQ", 0, 32, 1, 1 << 4, 0, 0, 0, 0, 0)),
    ("pcie " + PCIE_ARGS, PCIE, PCIE_BODY),
    ("pcie --device 0000:00:01.0 --aer 0100", PCIE,
     place(208, (0, "Q", 1 << 3 | 1 << 7), (32, "B", 1), (112, "B", 1))),
    ("cxl " + CXL_ARGS, CXL, CXL_BODY),
    ("cxl --agent rch-port --rcrb 0x123456789", CXL,
     place(116, (0, "Q", 3), (8, "B", 1), (16, "Q", 0x123456789))),
    ("cxl " + MEDIA_ARGS, MEDIA, MEDIA_BODY),
    ("cxl " + DRAM_ARGS, DRAM, DRAM_BODY),
    ("cxl " + MODULE_ARGS, MODULE, MODULE_BODY),
    (f"platform --guid {GUID} --data 0102", FIRMWARE,
     bytes((2, 2)) + bytes(14) + GUID_BYTES + b"\1\2"),
    ("platform --record-id 0x77 --record-type ipf-sal", FIRMWARE,
     bytes(8) + struct.pack("<Q", 0x77) + bytes(16)),
    (f"vendor --guid {GUID} --data 00112233", VENDOR, GUID_BYTES + b"\0\x11\x22\x33"),
))
def test_section(firmware, args, kind, body):
    got = firmware.sends("--severity=corrected", *args.split())
    assert got == "inject record " + record(section(kind, body)).hex()


def test_several_sections(firmware, short_path):
    """With severities, FRUs and flags of their own."""
    (short_path / "data").write_bytes(b"\0\1\2\3\4\5\6\7\x08")
    got = firmware.sends(
        "memory", "--severity=recoverable", "--address=64", "--fru-text=DIMM A1",
        "--cpu=3", "--time=2026-01-31T23:59:58", "--section=vendor", "--guid", GUID,
        f"--data=@{short_path}/data", "--severity=informational", "--fru-id", GUID,
        "--section-flags=reset,latent", "--section=platform", "--record-id=1")
    memory = place(80, (0, "Q", 1 << 14 | 2), (16, "Q", 64), (72, "B", 3))
    wanted = record(
        section(MEMORY, memory, RECOVERABLE, fru_valid=2,
                fru=bytes(16) + b"DIMM A1".ljust(24, b"\0")),
        section(VENDOR, GUID_BYTES + bytes(range(9)), INFORMATIONAL, flags=0x24,
                fru_valid=1, fru=GUID_BYTES + bytes(24)),
        section(FIRMWARE, place(32, (0, "B", 2), (8, "Q", 1)), RECOVERABLE,
                flags=0),
        # Two decimal digits a byte: seconds, minutes, hours, precise (N.2.1).
        severity=RECOVERABLE, pe=3, time=bytes.fromhex("5859230131012620"))
    assert got == "inject record " + wanted.hex()


def test_more_than_ever_of_the_old(firmware):
    """One thing more than could always be said, and it is a record."""
    memory = place(80, (0, "Q", 1 << 14 | 2), (16, "Q", 64), (72, "B", 2))
    for more, wanted in (("--cpu=1", {"pe": 1}),
                         ("--severity=informational", {"severity": INFORMATIONAL})):
        severity = wanted.get("severity", CORRECTED)
        body = memory if severity == CORRECTED else memory[:72] + b"\3" + memory[73:]
        assert firmware.sends(
            "memory", "--severity=corrected", "--address=64", more) == (
            "inject record " + record(section(MEMORY, body, severity), **wanted).hex())


@pytest.mark.parametrize("size", (20, 2016))
def test_raw(firmware, short_path, size):
    block = bytes(range(256)) * 8
    path = short_path / "block"
    path.write_bytes(block[:size])
    wanted = "inject record " + record(
        section(0xff, block[:size], 0, flags=0), severity=FATAL, count=0).hex()
    assert firmware.sends("record", str(path), "--severity=fatal") == wanted
    assert firmware.sends("record", "--severity=fatal", "-",
                          stdin=block[:size]) == wanted


MEMORY_OK = "memory --severity corrected --address 64 "
CPU_OK = "processor --severity corrected "
PCIE_OK = "pcie --severity corrected --device 0000:00:01.0 "


@pytest.mark.parametrize("args, words", (
    ("", ("memory, processor, pcie, cxl, platform, vendor, record, dump or stop",)),
    ("disk --severity fatal", ("'disk'", "pcie")),
    ("memory pcie", ("'pcie'", "too many")),
    ("memory --address 64", ("--severity", "informational")),
    (MEMORY_OK + "--severity mild", ("'mild'", "recoverable")),
    ("memory --severity fatal", ("needs --address",)),
    ("memory --severity fatal --memory2", ("needs --address",)),
    (MEMORY_OK + "--node 0x10000", ("--node", "'0x10000'", "0xffff")),
    (MEMORY_OK + "--rank -1", ("--rank", "'-1'", "0xffff")),
    (MEMORY_OK + "--extended-row 4", ("'4'", "0 to 0x3")),
    (MEMORY_OK + "--type 16", ("--type", "'16'", "0xf")),
    (MEMORY_OK + "--status uncorrected", ("without --memory2", "--status")),
    (MEMORY_OK + "--memory2 --extended-row 1", ("with --memory2", "--extended-row")),
    (MEMORY_OK + "--memory2 --status 2", ("'2'", "corrected, uncorrected", "0x1")),
    (MEMORY_OK + "--virtual-address 5", ("memory error has no --virtual-address",)),
    ("--guid x memory", ("memory error has no --guid",)),
    (MEMORY_OK + "--cpu 65536", ("--cpu", "0xffff")),
    (MEMORY_OK + "--time noon", ("--time", "'noon'", "2026-01-31T23:59:59")),
    (MEMORY_OK + "--time 2026-02-30T00:00:00x", ("--time",)),
    (MEMORY_OK + "--fru-id 7", ("--fru-id", "'7'", GUID)),
    (MEMORY_OK + "--fru-text " + 21 * "x", ("21 characters", "20")),
    (MEMORY_OK + "--section-flags hot", ("'hot'", "latent", "0xff")),
    (MEMORY_OK + "--section disk", ("'disk'", "vendor")),
    (MEMORY_OK + "--section record", ("'record'", "platform")),
    ("--section memory", ("before",)),
    (MEMORY_OK + 8 * "--section memory --address 1 ", ("8 sections",)),
    (MEMORY_OK + "--count 0", ("--count", "1 to 4294967295")),
    (MEMORY_OK + "--count 4294967296", ("--count", "4294967296")),
    (MEMORY_OK + "--count many", ("--count", "'many'")),
    (MEMORY_OK + "--rate 5", ("--count",)),
    (MEMORY_OK + "--count 1 --rate 10001", ("--rate", "0x2710")),
    (MEMORY_OK + 97 * "--row 1 ", ("96",)),
    (CPU_OK + "--error heat", ("'heat'", "cache, tlb, bus, vendor")),
    (CPU_OK + "--error tlb --operation snooped", ("'snooped'", "external-management")),
    (CPU_OK + "--timeout yes", ("cache error", "--timeout")),
    (CPU_OK + "--error vendor --level 1", ("vendor error", "--level")),
    (CPU_OK + "--flags first,second", ("'second'", "first, last")),
    (CPU_OK + "--context 5", ("'5'", "TYPE:HEX")),
    (CPU_OK + "--context el5:00", ("'el5'", "aarch64-el3")),
    (CPU_OK + "--context 5:0", ("'0'", "hexadecimal")),
    (CPU_OK + 33 * "--error bus ", ("--error", "too many")),
    ("pcie --severity corrected", ("needs --device",)),
    (PCIE_OK + "--device 00:01.0", ("'00:01.0'", "0000:00:1f.7")),
    (PCIE_OK + "--device 0000:00:20.0", ("0000:00:20.0", "to 1f")),
    (PCIE_OK + "--port-type hub", ("'hub'", "root-port", "0xffffffff")),
    (PCIE_OK + "--class 0x1000000", ("0xffffff",)),
    (PCIE_OK + "--aer " + 97 * "00", ("--aer", "96")),
    (PCIE_OK + "--capability @/nowhere/file", ("/nowhere/file",)),
    ("cxl --severity fatal --event flood", ("'flood'", "general-media")),
    ("cxl --severity fatal --dpa 5", ("--dpa", "--event")),
    ("cxl --severity fatal --event dram --agent ld", ("--agent", "--event")),
    ("cxl --severity fatal --event module --temperature 40000",
     ("'40000'", "-32768 to 32767")),
    ("platform --severity fatal", ("needs --record-id",)),
    ("vendor --severity fatal", ("needs --guid",)),
    ("vendor --severity fatal --guid " + GUID + " --data " + 2040 * "00", ("2048",)),
    ("record --severity fatal", ("FILE",)),
    ("record /nowhere/file --severity fatal", ("/nowhere/file",)),
    ("record /dev/zero --severity fatal", ("2016",)),
    ("record /dev/null --severity fatal", ("20 to 2016", "not 0")),
    ("record - --severity fatal --section memory", ("no --section",)),
    ("record - --severity fatal --node 1", ("no --node",)),
    ("dump --severity fatal", ("no --severity",)),
    ("dump --count 5", ("no --count",)),
    ("stop --rate 5", ("no --rate",)),
))
def test_wrong_values(firmware, args, words):
    done = firmware.sdei(*args.split())
    said = done.stderr.decode()
    assert done.returncode == 2, said
    for word in words:
        assert word in said
    assert not firmware.requests


def test_help_is_of_the_kind(firmware):
    said = firmware.sdei("cxl", "--help").stdout.decode()
    assert "--dvsec" in said and "downstream-port" in said
    assert "--virtual-address" not in said
    assert "--dvsec" not in firmware.sdei("--help").stdout.decode()


def test_refused(firmware):
    firmware.answer = lambda request: "error no such luck"
    done = firmware.sdei(*MEMORY_OK.split(), "--count=5")
    assert done.returncode == 1 and b"no such luck" in done.stderr
    assert len(firmware.requests) == 1 and not done.stdout
