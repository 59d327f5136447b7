# SPDX-License-Identifier: BSD-2-Clause
"""What an administrator finds: Debian's rasdaemon in the lab (tools/lab), errors of each
kind that Linux has a trace event for, and then the rows of rasdaemon's database, by SQL
and by ras-mc-ctl. What it stores wrongly is in docs/ras.md, and no test here asks for it.
"""

import datetime
import json
import re
import struct
import time
import uuid

import lab
import patience
import test_clock
import test_pcie
from patience import Patience

INITRD = "initrd-rasdaemon.cpio"        # the least that it runs in
PROMPT_SECONDS = 60
DATABASE = "/var/lib/rasdaemon/ras-mc_event.db"
GUID = uuid.UUID("01234567-89ab-cdef-0123-456789abcdef")
FIRMWARE_RECORD = uuid.UUID("81212a96-09ed-4996-9471-8d729c8e69ed")     # N.2.10
PORT = "0000:00:04.0"
# Of error_type and error_flags rasdaemon keeps seven characters, and of sec_type it does
# not know the end. Linux 6.12 loses the header log of what APEI reports.
EVENT = ("memdev, host, serial, log_type, hdr_flags, hdr_handle, hdr_related_handle, "
         "hdr_ts, hdr_length, hdr_maint_op_class, ")
COLUMNS = {
    "arm_event":
        "error_count, affinity, mpidr, running_state, psci_state, hex(err_info) AS info, "
        "hex(context_info) || hex(vendor_info) AS more, "
        "substr(error_type, 1, 6) AS type, substr(error_flags, 1, 6) AS flags, "
        "error_info, virt_fault_addr, phy_fault_addr",
    "memory_failure_event": "pfn, page_type, action_result",
    "aer_event": "dev_name, err_type, "
        "substr(err_msg, 1, instr(err_msg || ' TLP H', ' TLP H') - 1) AS err_msg",
    "non_standard_event":
        "hex(substr(sec_type, 1, 16)) AS sec_type, hex(fru_id) AS fru_id, fru_text, "
        "severity, hex(error) AS error",
    "cxl_general_media_event": EVENT +
        "dpa, dpa_flags, descriptor, type, sub_type, transaction_type, channel, rank, "
        "device, hex(comp_id) AS comp_id",
    "cxl_dram_event": EVENT +
        "dpa, dpa_flags, descriptor, type, sub_type, transaction_type, channel, "
        "sub_channel, rank, nibble_mask, bank_group, bank, row, column, "
        "hex(cor_mask) AS cor_mask, hex(comp_id) AS comp_id",
    "cxl_memory_module_event": EVENT +
        "event_type, event_sub_type, health_status, media_status, add_status, life_used, "
        "device_temp, dirty_shutdown_cnt, cor_vol_err_cnt, cor_per_err_cnt",
}


def arm(*errors, mpidr=1, affinity=0, psci_state=None, more=b""):
    """A row of arm_event. Each error is its information structure (UEFI 2.10, table
    N.17): type, multiple errors, flags, information, virtual and physical address, or
    None for what is not valid. The other columns have the last that is valid."""
    info, last = b"", {}
    for kind, *fields in errors:
        valid = sum(1 << n for n, field in enumerate(fields) if field is not None)
        last |= {n: field for n, field in enumerate(fields) if field is not None}
        multiple, flags, *numbers = (field or 0 for field in fields)
        info += struct.pack("<BBHBHB3Q", 0, 32, valid, 1 << kind, multiple, flags,
                            *numbers)
    names = (" cache", " TLB e", " bus e", " micro")
    return {"error_count": last[0] + 1,         # so Linux counts, too
            "affinity": affinity, "mpidr": mpidr,
            "running_state": int(psci_state is None), "psci_state": psci_state or 0,
            "info": info.hex().upper(), "more": more.hex().upper(),
            "type": names[errors[0][0] - 1],
            "flags": " first" if last.get(1, 0) & 1 else "",
            **{name: struct.unpack("<q", struct.pack("<Q", last.get(n, 0)))[0]
               for n, name in ((2, "error_info"), (3, "virt_fault_addr"),
                               (4, "phy_fault_addr"))}}


def non_standard(guid, severity, error, fru_id=uuid.UUID(int=0), fru_text=""):
    return {"sec_type": guid.bytes_le.hex().upper(), "severity": severity,
            "fru_id": fru_id.bytes_le.hex().upper(), "fru_text": fru_text,
            "error": error.hex().upper()}


def aer_capability(uncorrectable, header_log):
    """PCI Express 6.0, 7.8.4, as N.2.7 has it: 96 bytes."""
    return struct.pack("<12I", 0x20001, uncorrectable, 0, 0, 0, 0, 0, *header_log,
                       0).ljust(96, b"\0").hex()


CACHE, TLB, BUS = 1, 2, 3
HEADER_LOG = (0x40000001, 0xf, 0xfebf0000, 0x1020304)
# The context has a header (N.2.4.4.2): version, type, bytes. Linux divides what follows
# the errors otherwise than the record does: here it is one.
CONTEXT = struct.pack("<HHI", 0, 5, 24) + 24 * b"\x11"
# What `sdei inject` is told, and the rows that come of it.
OUTSIDE = (
    ("processor --severity corrected --cpu 1 --error cache --multiple 5 "
     "--flags first,last --information 0x4c1003f --virtual-address 0xffff000012345678 "
     "--address 0x9000040",
     {"arm_event": arm((CACHE, 5, 3, 0x4c1003f, 0xffff000012345678, 0x9000040))}),
    ("processor --severity recoverable --cpu 1 --error tlb --multiple 2 --flags first "
     "--information 0x80001c --virtual-address 0x1234 --error bus --multiple 0 "
     "--information 0xc8000880000fff --address 0x9000000 --mpidr 0x80000103 "
     "--affinity-level 1 --running no --psci-state 1 "
     f"--context aarch64-el1:{'11' * 24} --vendor-info aabbccdd",
     {"arm_event": arm((TLB, 2, 1, 0x80001c, 0x1234, None),
                       (BUS, 0, None, 0xc8000880000fff, None, 0x9000000),
                       mpidr=0x80000103, affinity=1, psci_state=1,
                       more=CONTEXT + bytes.fromhex("aabbccdd"))}),
    (f"pcie --severity corrected --device {PORT} --aer-correctable 0x1040",
     {"aer_event": {"dev_name": PORT, "err_type": "Corrected",
                    "err_msg": "Bad TLP, Replay Timer Timeout"}}),
    (f"pcie --severity recoverable --device {PORT} "
     f"--aer {aer_capability(0x101000, HEADER_LOG)}",
     {"aer_event": {"dev_name": PORT, "err_type": "Uncorrected (Non-Fatal)",
                    "err_msg": "Poisoned TLP, Unsupported Request"}}),
    (f"vendor --severity recoverable --guid {GUID} --data 00112233445566778899 "
     f"--fru-id {GUID} --fru-text BOARD-7",
     {"non_standard_event": non_standard(
         GUID, "Recoverable", bytes.fromhex("00112233445566778899"), GUID, "BOARD-7")}),
    # A corrected memory error is for EDAC, whose GHES driver Debian leaves out: no row.
    # The section behind it has one.
    ("memory --severity corrected --address 0x50007000 --section platform "
     f"--severity informational --guid {GUID} --fru-text SP-1",
     {"non_standard_event": non_standard(
         FIRMWARE_RECORD, "Informational",
         struct.pack("<BB6xQ", 2, 2, 0) + GUID.bytes_le, fru_text="SP-1")}),
)
# A cache error of which no more is said than whether it is corrected, bits 4 and 26, and
# that the context is not corrupt, bit 3 (N.2.4.4.1).
INSIDE = (
    ("inject 0x1 1", {"arm_event": arm((CACHE, 0, None, 0x4000018, None, None))}),
    ("inject 0x2 0",
     {"arm_event": arm((CACHE, 0, None, 0x18, None, None), mpidr=0)}),
)

# A CXL device: Linux's driver tells of its events. (Of its protocol errors 7.3 tells
# nobody.)
CXL_DEVICE = ("-device", "pcie-root-port,id=cxl,chassis=2,slot=2,addr=5",
              "-object", "memory-backend-ram,id=media,size=256M",
              "-device", "cxl-type3,bus=cxl,volatile-memdev=media,sn=0x1234567")
CXL = "0000:02:00.0"
COMPONENT = bytes(range(1, 17))


def event(**columns):
    return {"memdev": "mem0", "host": CXL, "serial": 0x1234567, "log_type": "Warning",
            "hdr_flags": 1, "hdr_handle": 0x21, "hdr_related_handle": 0x22,
            "hdr_ts": "2026-01-31 23:59:58 +0000", "hdr_length": 128,
            "hdr_maint_op_class": 3, **columns}


EVENT_ARGS = (f"--severity corrected --device {CXL} --event-flags 1 --handle 0x21 "
              "--related-handle 0x22 --timestamp 1769903998000000001 "
              "--maintenance-class 3")
MEDIA_ARGS = ("--dpa 0x12345642 --descriptor 2 --type 1 --subtype 4 --transaction-type 5 "
              f"--channel 6 --rank 7 --component-id {COMPONENT.hex()}")
MEDIA = {"dpa": 0x12345640, "dpa_flags": 2, "descriptor": 2, "type": 1, "sub_type": 4,
         "transaction_type": 5, "channel": 6, "rank": 7,
         "comp_id": COMPONENT.hex().upper()}
CXL_EVENTS = (
    (f"cxl --event general-media {EVENT_ARGS} {MEDIA_ARGS} --device-mask 0x80401",
     {"cxl_general_media_event": event(**MEDIA, device=0x80401)}),
    (f"cxl --event dram {EVENT_ARGS} {MEDIA_ARGS} --sub-channel 1 --nibble-mask 0x10203 "
     "--bank-group 8 --bank 9 --row 0x30201 --column 0x405 "
     f"--correction-mask {'5a' * 32}",
     {"cxl_dram_event": event(
         **MEDIA, sub_channel=1, nibble_mask=0x10203, bank_group=8, bank=9, row=0x30201,
         column=0x405, cor_mask="5A" * 32)}),
    (f"cxl --event module {EVENT_ARGS} --type 2 --subtype 1 --health-status 1 "
     "--media-status 2 --additional-status 0x11 --life-used 42 --temperature -5 "
     "--dirty-shutdowns 6 --corrected-volatile 7 --corrected-persistent 8",
     {"cxl_memory_module_event": event(
         event_type=2, event_sub_type=1, health_status=1, media_status=2,
         add_status=0x11, life_used=42, device_temp=-5, dirty_shutdown_cnt=6,
         cor_vol_err_cnt=7, cor_per_err_cnt=8)}),
)


def text(row):
    return json.dumps(row, sort_keys=True)


class Rasdaemon:
    """It, in a machine, and everything that has been told of since."""

    def __init__(self, machine):
        self.machine = machine
        self.rows = {table: [] for table in COLUMNS}
        # Before it listens it waits 30 s for an event that there is on x86 alone. In the
        # lab it runs already.
        listens = ("grep -Eq 'Recording memory_failure_event|"
                   "Can.t get .*ras:memory_failure_event' /rasdaemon.log")
        if machine.run("pidof rasdaemon", check=False) == "":
            machine.run("mkdir -p /var/lib/rasdaemon; "
                        "/usr/sbin/rasdaemon -f -r > /rasdaemon.log 2>&1 & "
                        f"for n in $(seq 150); do {listens} && break; kill -0 $! || break; "
                        f"sleep 1; done; {listens} || {{ tail -n 1 /rasdaemon.log; false; }}",
                        timeout=180)
        self.since = self.now()

    def now(self):
        """An exact machine's date goes on by its own time."""
        return int(self.machine.run("date +%s")) if self.machine.exact else time.time()

    def expect(self, rows):
        for table, row in rows.items():
            self.rows[table].append(row)

    def sql(self, command):
        """Its answer in JSON, which is nothing if there are no rows."""
        return self.machine.run(f'/usr/bin/sqlite3 -json {DATABASE} "{command}"')

    def select(self, table):
        """Times and rows."""
        rows = json.loads(
            self.sql(f"SELECT timestamp, {COLUMNS[table]} FROM {table}") or "[]")
        return [row.pop("timestamp") for row in rows], rows

    def check(self):
        """There are these rows, no others, and their times are right. Which CPU's
        come first rasdaemon does not say."""
        self.machine.wait_handled()
        for table, expected in self.rows.items():
            wait = Patience(20)
            times, rows = self.select(table)
            while len(rows) < len(expected) and not wait.over():
                self.machine.run("usleep 200000")
                times, rows = self.select(table)
            assert sorted(rows, key=text) == sorted(expected, key=text)
            for one in times:
                when = datetime.datetime.strptime(one, "%Y-%m-%d %H:%M:%S %z")
                assert (self.since - test_clock.SLACK <= when.timestamp()
                        <= self.now() + test_clock.SLACK)


def lose_pages(machine, rasdaemon):
    """Of processes that have written to them: by a memory error from outside and
    from inside, and by a cache line that nobody else has."""
    for n in range(3):
        machine.run(f"(memhog > /tmp/hog{n} &); until grep -q physical /tmp/hog{n}; "
                    "do usleep 50000; done")
        page = int(machine.run(f"cat /tmp/hog{n}").split()[2], 16)
        if n == 0:
            machine.inject("memory", "recoverable", address=hex(page))
        elif n == 1:
            machine.run(f"inject 0x10 {page:#x}")
        else:
            machine.inject("processor", "recoverable", cpu=0, error="cache", multiple=0,
                           information=3, address=hex(page))
            rasdaemon.expect(
                {"arm_event": arm((CACHE, 0, None, 3, None, page), mpidr=0)})
        rasdaemon.expect({"memory_failure_event": {
            "pfn": hex(page >> 12), "page_type": "dirty LRU page",
            "action_result": "Recovered"}})


def check_rows(machine, more=()):
    test_clock.check_date(machine)
    rasdaemon = Rasdaemon(machine)
    for args, rows in (*OUTSIDE, *more):
        machine.control("inject", *args.split())
        rasdaemon.expect(rows)
    for command, rows in INSIDE:
        machine.run(command)
        rasdaemon.expect(rows)
    for error, kind, name in ((0x40, "Corrected", "Receiver Error"),
                              (0x80, "Uncorrected (Non-Fatal)", "Completion Timeout")):
        assert test_pcie.einj(machine, error, test_pcie.SBDF) == "0"
        rasdaemon.expect({"aer_event": {"dev_name": PORT, "err_type": kind,
                                        "err_msg": name}})
    lose_pages(machine, rasdaemon)
    rasdaemon.check()
    if "mc0" not in machine.run("ls /sys/devices/system/edac/mc"):
        assert not rasdaemon.sql("SELECT * FROM mc_event")
    return rasdaemon


# Where ras-mc-ctl shows a table's rows, and what it says of one, of each that is asked.
SECTIONS = {"arm_event": "ARM processor events", "aer_event": "PCIe AER events",
            "memory_failure_event": "Memory failure events"}
SHOWN = {"arm_event": ("affinity_level={affinity}", "mpidr={mpidr:#x}",
                       "error_count={error_count}"),
         "aer_event": ("{err_type} error: {err_msg}",),
         "memory_failure_event": ("pfn={pfn}", "page_type={page_type}",
                                  "action_result={action_result}")}


def check_shown(rasdaemon):
    """`ras-mc-ctl --errors` shows the same rows, with the times of SQL."""
    shown = rasdaemon.machine.run("ras-mc-ctl --errors")
    for table, title in SECTIONS.items():
        section = re.search(rf"^{title}:\n((?:\d+ .*\n)+)", shown, re.MULTILINE).group(1)
        times, rows = rasdaemon.select(table)
        lines = section.splitlines()
        assert len(lines) == len(rows) == len(rasdaemon.rows[table])
        for line, when, row in zip(lines, times, rows):
            assert when in line
            for words in SHOWN[table]:
                assert words.format(**row) in line


def test_lab(boot):
    """As `./run lab` starts it, on fewer CPUs."""
    machine = boot(wait=False, smp=2, initrd="lab.cpio", append=lab.APPEND,
                   qemu_args=test_pcie.ROOT_PORT)
    began = time.monotonic()
    machine.wait_ready()
    assert time.monotonic() - began < patience.seconds(PROMPT_SECONDS)
    check_shown(check_rows(machine))
