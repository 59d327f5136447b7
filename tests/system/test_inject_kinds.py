# SPDX-License-Identifier: BSD-2-Clause
"""Every kind of record that `sdei inject` makes, as Linux prints it. What it prints
wrongly, or leaves out, is in docs/ras.md, and no test here asks for it.
"""

import re

GUID = "01234567-89ab-cdef-0123-456789abcdef"
# Linux prints at most 2 records in 5 s, corrected and uncorrected apart.
APART = 3

KINDS = (
    ("memory --address 0x50001000 --mask 0xffffffffffffff00 --node 1 --card 2 "
     "--module 3 --bank-group 1 --bank-address 4 --device 5 --row 6 --extended-row 1 "
     "--column 7 --bit-position 8 --rank 9 --chip 2 --requestor 0x21 --responder 0x22 "
     "--target 0x23 --error-status 0x40400 --card-handle 0x11 --module-handle 0x12 "
     "--type 4",
     ("section_type: memory error",
      "error_status: Storage error in DRAM memory (0x0000000000040400)",
      "physical_address: 0x0000000050001000",
      "physical_address_mask: 0xffffffffffffff00",
      "node:1 card:2 module:3 rank:9", "bank_group:1 bank_address:4", "device:5",
      "row:65542", "column:7", "bit_position:8", "requestor_id:0x0000000000000021",
      "responder_id:0x0000000000000022", "target_id:0x0000000000000023", "chip_id:2",
      "error_type: 4, single-symbol chipkill ECC", "DMI handle: 0x0012")),
    # Linux knows nothing of the second version: its bytes.
    ("memory --memory2 --address 0x50402000 --rank 0x10002 --row 0x12345",
     ("section type: unknown, 61ec04fc-48e6-d813-25c9-8daa44750b12",
      "section length: 0x60", "00000010: 50402000 00000000", "00012345",
      "00000030: 00000000 00010002")),
    # With its header the context has 32 bytes: Linux 7.3 rounds up to a multiple of 16.
    ("processor --cpu 1 --error tlb --transaction data --operation local-management "
     "--level 2 --virtual-address 0xffff000012345678 --error bus --operation data-read "
     "--participation local-origin --timeout yes --address-space device "
     "--access-mode normal --access-attributes 3 --address 0x9000000 "
     "--flags first,overflow --precise-pc yes --restartable-pc yes "
     f"--context aarch64-el1:{'11' * 24} --vendor-info aabbccdd",
     ("section_type: ARM processor error",
      "Multiprocessor Affinity Register (MPIDR): 0x0000000000000001",
      "error affinity level: 0", "running state: 0x1",
      "error_type: 0x04: TLB error", "transaction type: Data Access",
      "TLB error, operation type: Local management operation", "TLB level: 2",
      "the error has been corrected", "virtual fault address: 0xffff000012345678",
      "Error info structure 1:", "first error captured", "overflow occurred",
      "error_type: 0x08: bus error", "bus error, operation type: Data read",
      "PC is precise", "Program execution can be restarted reliably at the PC",
      "participation type: Local processor originated request", "request timed out",
      "address space: Device Memory Access", "memory access attributes:0x3",
      "access mode: normal", "physical fault address: 0x0000000009000000",
      "register context type: AArch64 EL1 context registers",
      "11111111 11111111 11111111 11111111",
      "Vendor specific error info has 4 bytes:", "ddccbbaa")),
    ("pcie --device 0000:00:00.0 --port-type root-port --pcie-version 0x0301 "
     "--vendor-id 0x1b36 --device-id 8 --class 0x060000 --command 0x507 --status 0x10 "
     "--serial 0x1122334455667788 --slot 3 --secondary-bus 1 --bridge-status 0x2000 "
     "--bridge-control 2 --aer-correctable 0x40 --aer-uncorrectable 0x4000",
     ("section_type: PCIe error", "port_type: 4, root port", "version: 3.1",
      "command: 0x0507, status: 0x0010", "device_id: 0000:00:00.0", "slot: 3",
      "secondary_bus: 0x01", "vendor_id: 0x1b36, device_id: 0x0008",
      "class_code: 060000", "serial number: 0x55667788, 0x11223344",
      "bridge: secondary_status: 0x2000, control: 0x0002",
      "aer_cor_status: 0x00000040", "aer_uncor_status: 0x00004000")),
    # Of a function of which no more is said than where it is the firmware says the rest:
    # QEMU's host bridge.
    ("pcie --device 0000:00:00.0",
     ("device_id: 0000:00:00.0", "vendor_id: 0x1b36, device_id: 0x0008",
      "class_code: 060000")),
    ("cxl --agent device --device 0000:01:00.0 --vendor-id 0x8086 --device-id 0xd93 "
     "--subsystem-vendor-id 1 --subsystem-id 2 --class 0x0502 --slot 5 "
     f"--serial 0x5566 --dvsec {'23' * 60} --ras-correctable 1 --ras-uncorrectable 16",
     ("section_type: CXL Protocol Error", "agent_type: 2, CXL Device",
      "agent_address: 0000:01:00.0", "slot: 5", "vendor_id: 0x8086, device_id: 0x0d93",
      "sub_vendor_id: 0x0001, sub_device_id: 0x0002", "class_code: 0502",
      "lower_dw: 0x00005566, upper_dw: 0x00000000", "DVSEC length: 0x003c",
      "00000030: 23232323 23232323 23232323", "Error log length: 0x0058",
      "cxl_ras_cor_status: 0x00000001", "cxl_ras_uncor_status: 0x00000010")),
    # Of a component's event Linux prints the name, and gives it to its CXL driver.
    ("cxl --event general-media --device 0000:01:00.0 --dpa 0x1000 --channel 1",
     ("section_type: CXL General Media Event",)),
    ("cxl --event dram --device 0000:01:00.0 --dpa 0x1000 --row 2",
     ("section_type: CXL DRAM Event",)),
    ("cxl --event module --device 0000:01:00.0 --temperature 40",
     ("section_type: CXL Memory Module Event",)),
    (f"platform --guid {GUID}",
     ("section_type: Firmware Error Record Reference",
      "Firmware Error Record Type: SOC Firmware Error Record Type2", "Revision: 2",
      f"Record Identifier: {GUID}")),
    ("platform --record-id 0x77 --record-type ipf-sal",
     ("Firmware Error Record Type: IPF SAL Error Record", "Revision: 0",
      "Record Identifier: 00000077")),
    (f"vendor --guid {GUID} --data 00112233445566778899",
     (f"section type: unknown, {GUID}", "section length: 0xa",
      "00 11 22 33 44 55 66 77 88 99")),
    # Several, each with its severity and its unit; no sequence number in the first.
    ("memory --address 0x50801000 --fru-text DIMM-A1 --time 2026-01-31T23:59:58 "
     f"--section vendor --guid {GUID} --data 01020304 --severity informational "
     f"--fru-id {GUID}",
     ("precise tstamp: 2026-01-31 23:59:58", "fru_text: DIMM-A1",
      "physical_address: 0x0000000050801000", "error_type: 2, single-bit ECC",
      "Error 1, type: info", f"fru_id: {GUID}", "04030201")),
)


def test_each_kind(boot, short_path):
    machine = boot(smp=2, exact=True)
    for args, _ in KINDS:
        kind, *options = args.split()
        machine.control("inject", kind, "--severity=corrected", *options)
        machine.run(f"sleep {APART}")
    errors = machine.wait_errors(len(KINDS))
    assert len(errors) == len(KINDS)
    for (args, lines), error in zip(KINDS, errors):
        text = "\n".join(error["text"])
        assert error["severity"] == "corrected"
        for line in lines:
            assert line in text, f"{args}: no '{line}' in\n{text}"
    assert injected(machine) == len(KINDS)
    # Linux has no driver for AGDI: the event waits for one.
    dump = machine.control("inject", "dump")
    assert dump["disposition"] == "pending" and "registered" in dump["reason"]
    # Any bytes: here a block without entries, which Linux takes and prints no error of.
    block = short_path / "block"
    block.write_bytes(b"\1" + bytes(19))
    machine.control("inject", "record", str(block), "--severity=recoverable")
    # A burst of the one kind, and nothing of it is lost or twice.
    storm = machine.control("inject", "memory", "--severity=corrected",
                            "--address=0x50c01000", "--count=50", "--rate=0")
    assert storm["injected"] == 50
    assert storm["last"] - storm["first"] == 49
    assert injected(machine) == len(KINDS) + 51 - storm["dropped"]


def test_together(boot):
    """Eight sections to a record: another kernel prints all kinds for a boot's price."""
    machine = boot(smp=2)
    kinds = KINDS[:-1]          # the last is of several sections itself
    for start in range(0, len(kinds), 8):
        sections = " --section ".join(args for args, _ in kinds[start:start + 8])
        machine.control("inject", "--severity=corrected", *sections.split())
    parts = [part for error in machine.wait_errors(2) for part in re.split(
        r"^Error \d, type: corrected$", "\n".join(error["text"]), flags=re.MULTILINE)[1:]]
    assert len(parts) == len(kinds)
    for (args, lines), part in zip(kinds, parts):
        for line in lines:
            assert line in part, f"{args}: no '{line}' in\n{part}"


def injected(machine):
    """As many as were acknowledged, after all that are not dropped are."""
    sources = machine.wait_handled()["source"]
    assert all(s["injected"] == s["acknowledged"] + s["dropped"] for s in sources)
    return sum(s["acknowledged"] for s in sources)
