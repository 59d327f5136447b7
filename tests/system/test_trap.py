# SPDX-License-Identifier: BSD-2-Clause
"""Nobody stops a PE: whatever a lower exception level uses, it is its own mistake."""

import os
import re

import pytest

import patience
from machine import BUILD

# Each has AArch32 at EL0, these two also at EL1.
CPUS = ("cortex-a57", "neoverse-n1", "max,pauth-impdef=on")
AARCH32_AT_EL1 = ("cortex-a57", "max,pauth-impdef=on")


def levels(cpu, el2):
    """What trap.bin says on its way: "2", "1" and "0" are AArch64."""
    if el2 == "off":
        return ["1", "32-bit EL0 of EL1", "0", "e"]
    below_el2 = ["32-bit EL1", "32-bit EL0 of a 32-bit EL1"]
    return ["2", *(below_el2 if cpu in AARCH32_AT_EL1 else []), "32-bit EL0 of EL2",
            *levels(cpu, "off")]


@pytest.mark.parametrize("el2", ("on", "off"))
@pytest.mark.parametrize("cpu", CPUS)
def test_every_register_at_every_level(cpu, el2):
    """Each encoding of a system register, in AArch32 of the coprocessors 10, 11, 14 and
    15, is read and written at EL2, EL1, EL0; the PE lives on and calls SYSTEM_OFF."""
    done = patience.run(
        ["timeout", "--kill-after=5", str(patience.seconds(60)), "qemu-system-aarch64", "-machine",
         f"virt,secure=on,virtualization={el2},gic-version=3", "-cpu", cpu,
         "-m", "1G", "-bios", os.path.join(BUILD, "opensdei-qemu-virt.bin"),
         "-device", f"loader,file={os.path.join(BUILD, 'trap.bin')},"
         "addr=0x60000000,force-raw=on", "-display", "none", "-serial",
         "stdio", "-monitor", "none", "-net", "none"])
    said = re.findall(r"^trap: (.*?)(?:, (\d+) of \d+ ran)?$", done.stdout, re.MULTILINE)
    assert [level for level, _ in said] == levels(cpu, el2), done.stdout
    assert done.returncode == 0
    assert "is stopped" not in done.stdout
    # The registers of floating point alone are more.
    assert all(int(ran) > 1000 for _, ran in said if ran), done.stdout
    # Group 0 of the GIC is EL3's, and traps. Not a line for each.
    told = re.findall(r"what trapped at .* PSTATE 0x(.*)\) is Undefined at EL([12]); "
                      r"(\d+) so far", done.stdout)
    assert 1 <= len(told) < 20, done.stdout
    # From AArch32, too; at EL0 there is nothing that EL3 has. All of them are counted.
    assert {el for pstate, el, _ in told if int(pstate, 16) & 1 << 4} == \
        ({"2"} if "32-bit EL1" in levels(cpu, el2) else set())
    counts = [int(count) for _, _, count in told]
    assert counts == sorted(set(counts))
