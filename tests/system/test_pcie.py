# SPDX-License-Identifier: BSD-2-Clause
"""Errors of a PCI Express function that the machine has: the record says what the
function's configuration space says, and Linux's AER recovery is for that function.
"""

ROOT_PORT = ("-device", "pcie-root-port,id=rp,chassis=1,slot=1,addr=4",
             "-device", "virtio-rng-pci,bus=rp")
# Bits 31:24 segment, 23:16 bus, 15:11 device, 10:8 function (ACPI 6.5, 18.6.4).
SBDF, NOBODY = 4 << 11, 5 << 11


def einj(machine, error, sbdf):
    """Its exit status."""
    return machine.run(
        "cd /sys/kernel/debug/apei/einj; echo 4 > flags; "
        f"echo {sbdf:#x} > param4; echo {error:#x} > error_type; "
        "echo 1 > error_inject 2>/dev/null; echo $?; cd /").split()[-1]


def test_root_port(boot):
    machine = boot(smp=2, exact=True, qemu_args=ROOT_PORT)
    assert einj(machine, 0x40, SBDF) == "0"
    assert einj(machine, 0x80, SBDF) == "0"
    corrected, recoverable = (
        "\n".join(error["text"]) for error in machine.wait_errors(2))
    for text in (corrected, recoverable):
        assert "device_id: 0000:00:04.0" in text
        assert "port_type: 4, root port" in text
        assert "vendor_id: 0x1b36, device_id: 0x000c" in text   # QEMU's root port
        assert "class_code: 060400" in text
        assert "secondary_bus: 0x01" in text and "slot: 1" in text
    assert "aer_cor_status: 0x00000001" in corrected
    assert "aer_uncor_status: 0x00004000" in recoverable
    log = "\n".join(text for _, text in machine.read_log())
    assert "pcieport 0000:00:04.0: AER: aer_status: 0x00000001" in log
    assert "pcieport 0000:00:04.0: AER: aer_status: 0x00004000" in log
    # Recovery goes down to what is behind the port.
    assert "0000:01:00.0: AER:" in log
    # There is no such function: refused, and nothing is told.
    assert einj(machine, 0x80, NOBODY) != "0"
    done = machine.wait_handled()["source"]
    assert [s["injected"] for s in done if s["name"].startswith("pcie")] \
        == [1, 1, 0]

