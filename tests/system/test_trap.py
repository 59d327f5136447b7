# SPDX-License-Identifier: BSD-2-Clause
"""Nobody stops a PE: whatever a lower exception level uses, it is its own mistake."""

import os
import re

import pytest

import patience
from machine import BUILD

CPUS = ("cortex-a57", "neoverse-n1", "max,pauth-impdef=on")


@pytest.mark.parametrize("el2", ("on", "off"))
@pytest.mark.parametrize("cpu", CPUS)
def test_every_register_at_every_level(cpu, el2):
    """Each encoding of a system register is read and written at EL2, EL1, EL0."""
    done = patience.run(
        ["timeout", "--kill-after=5", str(patience.seconds(60)), "qemu-system-aarch64", "-machine",
         f"virt,secure=on,virtualization={el2},gic-version=3", "-cpu", cpu,
         "-m", "1G", "-bios", os.path.join(BUILD, "opensdei-qemu-virt.bin"),
         "-device", f"loader,file={os.path.join(BUILD, 'trap.bin')},"
         "addr=0x60000000,force-raw=on", "-display", "none", "-serial",
         "stdio", "-monitor", "none", "-net", "none"])
    reached = re.findall(r"^trap: (.)$", done.stdout, re.MULTILINE)
    assert reached == (["2"] if el2 == "on" else []) + ["1", "0", "e"], done.stdout
    assert "is stopped" not in done.stdout
    # Group 0 of the GIC is EL3's, and traps. Not a line for each.
    told = re.findall(r"what trapped at .* is Undefined at EL([12]);",
                      done.stdout)
    assert 1 <= len(told) < 20, done.stdout
