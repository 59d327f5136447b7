# SPDX-License-Identifier: BSD-2-Clause
"""The client library on real exception levels, in its smallest embeddings; the
host in host/ is where it is really put to use."""

import os
import re

import pytest

import patience
from machine import BUILD

CPUS = ("cortex-a57", "neoverse-n1", "max,pauth-impdef=on")


@pytest.mark.parametrize("build", ("", "llvm"))
@pytest.mark.parametrize("cpu", CPUS)
def test_without_vhe(cpu, build):
    """A kernel at EL1 behind the stub at EL2; its TAP, complete and passed."""
    folder = os.path.join(BUILD, build)
    done = patience.run(
        ["timeout", "--kill-after=5", str(patience.seconds(60)), "qemu-system-aarch64", "-machine",
         "virt,secure=on,virtualization=on,gic-version=3", "-cpu", cpu,
         "-m", "1G", "-bios", os.path.join(folder, "opensdei-qemu-virt.bin"),
         "-device", f"loader,file={os.path.join(folder, 'nvhe.bin')},"
         "addr=0x60000000,force-raw=on", "-display", "none", "-serial",
         "stdio", "-monitor", "none", "-net", "none"])
    results = re.findall(r"^(ok|not ok) \d+ - (.*)$", done.stdout, re.MULTILINE)
    plan = re.search(r"^1\.\.(\d+)$", done.stdout, re.MULTILINE)
    assert plan and int(plan.group(1)) == len(results) > 30, done.stdout
    assert all(result == "ok" for result, _ in results), done.stdout
