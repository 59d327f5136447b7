# SPDX-License-Identifier: BSD-2-Clause
"""EINJ by a kernel that knows version 2: what its driver offers, and what arrives."""

import re

import pytest

from releases import BACKPORTS

FOLDER = "/sys/kernel/debug/apei/einj"
SECTION = r"Error (\d), type: (\w+)"


@pytest.fixture(scope="module")
def release():
    return BACKPORTS


def inject(machine, error_type, expected=0, **files):
    """Returns the text of the record that comes of it; None if it is refused."""
    before = len(machine.errors())
    commands = [f"cd {FOLDER}"]
    commands += [f"echo '{value}' > {name}" for name, value in files.items()]
    commands += [f"echo {error_type} > error_type",
                 "echo 1 > error_inject 2>/dev/null; echo answer=$?"]
    output = machine.run("; ".join(commands))
    assert int(re.search(r"answer=(\d+)", output).group(1)) == expected
    if expected:
        return None
    errors = machine.wait_errors(before + 1)
    assert len(errors) == before + 1
    return "\n".join(errors[-1]["text"])


def components(*pairs):
    """The files of component_id and syndrome; an empty identifier ends the list."""
    files = {}
    for n, (identifier, syndrome) in enumerate(pairs):
        files[f"component_id{n}"] = hex(identifier)
        files[f"component_syndrome{n}"] = hex(syndrome)
    files[f"component_id{len(pairs)}"] = ""
    return files


def check_version_1(machine):
    offered = machine.run(f"cat {FOLDER}/available_error_type")
    assert [int(line.split()[0].removeprefix("V2_"), 16)
            for line in offered.splitlines()] == [
                *(1 << bit for bit in range(12)), 1 << 31, 1, 2, 4]
    assert "vendor_id=1b36 device_id=8" in machine.run(f"cat {FOLDER}/vendor")

    text = inject(machine, "0x400", flags=0)
    assert "event severity: recoverable" in text
    assert "Firmware Error Record Reference" in text

    machine.run(f"printf 'four words of it' > {FOLDER}/oem_error")
    text = inject(machine, "0x80000000", flags=0, vendor_flags=0)
    assert "section type: unknown, 7d1f3e0a-5c2b-4f6e-9a41-0d8c6b2e7f53" in text
    assert "section length: 0x40" in text and "four words of it" in text

    # A function that there is not; one that there is, the host bridge.
    inject(machine, "0x40", 1, flags=4, param4=0xff0800)
    text = inject(machine, "0x40", flags=4, param4=0)
    assert "PCIe error" in text and "device_id: 0000:00:00.0" in text


def check_cxl(machine):
    """Of a port: the host bridge stands for one. Linux does not list these types in
    this folder (its CXL driver's would, with CONFIG_ACPI_APEI_EINJ_CXL, which Debian's
    kernels have not), and takes them here with the function's number."""
    inject(machine, "0x8000", 1, flags=4, param4=0xff0800)
    for error_type, severity, status in (
            ("0x1000", "corrected", "cxl_ras_cor_status: 0x00000001"),
            ("0x10000", "recoverable", "cxl_ras_uncor_status: 0x00000080")):
        text = inject(machine, error_type, flags=4, param4=0)
        assert f"event severity: {severity}" in text
        for line in ("section_type: CXL Protocol Error", "agent_type: 5, CXL Root Port",
                     "agent_address: 0000:00:00.0", "vendor_id: 0x1b36, device_id: 0x0008",
                     "class_code: 0600", "Error log length: 0x0058", status):
            assert line in text, line
    # What a restricted host's port would be: an address. Linux refuses it here.
    inject(machine, "0x8000", 1, flags=2, param1=0x50005000, param2=0xfffffffffffff000)


def check_version_2(machine):
    """Several components, each a section; as severe as the worst."""
    text = inject(machine, "V2_0x2", flags=0xa, param1=0x50005000,
                  param2=0xfffffffffffff000,
                  **components((4, 0), (5, 0), (0x1234, 0)))
    assert re.findall(SECTION, text) == [
        (str(n), "corrected") for n in range(3)]
    assert re.findall(r"device:\s*(\d+)", text) == ["4", "5", str(0x1234)]
    assert text.count("physical_address: 0x0000000050005000") == 3

    text = inject(machine, "V2_0x1", flags=8, **components((3, 0), (0, 1)))
    assert "event severity: recoverable" in text
    assert re.findall(SECTION, text) == [("0", "corrected"), ("1", "recoverable")]
    assert [int(n, 16) for n in re.findall(r"\(MPIDR\): (0x\w+)", text)] == [3, 0]

    # A syndrome that says nothing; a processor that there is not.
    inject(machine, "V2_0x1", 1, flags=8, **components((3, 4)))
    inject(machine, "V2_0x1", 1, flags=8, **components((9, 0)))


def test_einj(boot):
    machine = boot(smp=4)
    check_version_1(machine)
    machine.run("sleep 6")  # Linux prints two of a kind in 5 s
    check_cxl(machine)
    machine.run("sleep 6")
    check_version_2(machine)
