# SPDX-License-Identifier: BSD-2-Clause
"""`ras=on`: QEMU's own error sources beside ours, in one HEST."""

import base64
import json
import os
import re
import socket
import struct

import patience
from machine import ARM64

NEW_QEMU = os.path.join(ARM64, "backports/qemu-system-aarch64")
MEMORY_SECTION = bytes.fromhex("1411bca5646fde4eb8633e83ed7c83b1")


def memory_block(address):
    """A status block with a corrected memory error (ACPI 6.5, 18.3.2.7.1)."""
    section = struct.pack("<QQQ56x", 2, 0, address)
    entry = struct.pack("<16sIHBBI44x", MEMORY_SECTION, 2, 0x300, 0, 0,
                        len(section))
    return struct.pack("<IIIII", 0x12, 0, 0, len(entry + section),
                       2) + entry + section


class Monitor:
    """QEMU's, in JSON."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(patience.seconds(60))
        self.socket.connect(path)
        self.file = self.socket.makefile("rw")
        self.file.readline()
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        self.file.write(json.dumps({"execute": command,
                                    "arguments": arguments}) + "\n")
        self.file.flush()
        while True:
            answer = json.loads(self.file.readline())
            if "event" not in answer:
                return answer

    def inject(self, address):
        cper = base64.b64encode(memory_block(address)).decode()
        assert self.ask("inject-ghes-v2-error", cper=cper) == {"return": {}}


def sources(machine):
    """(number, notification) of each error source in the kernel's HEST."""
    table = bytes.fromhex("".join(machine.run(
        "hexdump -v -e '1/1 \"%02x\"' /sys/firmware/acpi/tables/HEST").split()))
    assert sum(table) % 256 == 0
    count, = struct.unpack_from("<I", table, 36)
    assert len(table) == 40 + 92 * count
    found = [struct.unpack_from("<HH28xB", table, at)
             for at in range(40, len(table), 92)]
    assert all(kind == 10 for kind, _, _ in found)
    return [(number, notify) for _, number, notify in found]


def test_both_in_one_table(boot, tmp_path):
    path = str(tmp_path / "qmp")
    machine = boot(smp=1, qemu=NEW_QEMU, qemu_args=(
        "-machine", "ras=on", "-qmp", f"unix:{path},server=on,wait=off"))
    both = sources(machine)
    # Ours by SDEI; QEMU's by an exception and by a device.
    ours = [number for number, notify in both if notify == 11]
    qemus = [number for number, notify in both if notify != 11]
    assert len(qemus) == 2
    assert ours + qemus == list(range(len(both)))
    monitor = Monitor(path)
    machine.inject("memory", "corrected", address=0x50001000)
    monitor.inject(0x50002000)
    machine.run("sleep 6")
    monitor.inject(0x50003000)          # QEMU refuses it if the last one is open
    machine.inject("memory", "corrected", address=0x50004000)
    machine.run("sleep 1")
    assert {(e["address"], e["sequence"]) for e in machine.errors()} == {
        (0x50001000, 1), (0x50002000, None),
        (0x50003000, None), (0x50004000, 2)}
    log = "\n".join(text for _, text in machine.log)
    assert len(re.findall(f"Generic Hardware Error Source: {qemus[-1]}$", log,
                          re.MULTILINE)) == 2


def test_with_an_older_qemu(boot):
    """That has one source of its own, which only KVM's guests raise."""
    machine = boot(smp=1, qemu_args=("-machine", "ras=on"))
    assert any(notify != 11 for _, notify in sources(machine))
    machine.inject("memory", "corrected", address=0x50001000)
    machine.run("sleep 1")
    assert machine.errors()[-1]["address"] == 0x50001000
