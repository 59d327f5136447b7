# SPDX-License-Identifier: BSD-2-Clause
"""Other shapes of the machine than the usual one: what fits works, what does not is
told in a sentence."""

import os

import pytest

import patience
from machine import BUILD


def run(machine, *more):
    """A bare machine until it ends, or the time does."""
    return patience.run(
        ["timeout", "--kill-after=5", str(patience.seconds(60)), "qemu-system-aarch64",
         "-machine", machine, "-m", "1G",
         "-bios", os.path.join(BUILD, "opensdei-qemu-virt.bin"), "-display",
         "none", "-serial", "stdio", "-monitor", "none", "-net", "none", *more])


NO_EL3 = ("this machine does not start at EL3: "
          "give QEMU -machine virt,secure=on,gic-version=3")
NO_GIC = ("this machine has no GICv3: "
          "give QEMU -machine virt,secure=on,gic-version=3")


@pytest.mark.parametrize("machine, more, sentence", (
    ("virt", (), NO_EL3),
    ("virt,gic-version=3", (), NO_EL3),
    ("virt,virtualization=on,gic-version=3", (), NO_EL3),
    ("virt,virtualization=on", (), NO_EL3),
    ("virt,secure=on", (), NO_GIC),
    ("virt,secure=on,virtualization=on,gic-version=2", ("-smp", "4"), NO_GIC),
    ("virt,secure=on,gic-version=3", ("-m", "2M"),
     "RAM ends before 0x40400000: give QEMU -m 1G")))
def test_does_not_fit(machine, more, sentence):
    """One sentence, and the machine ends."""
    done = run(machine, "-cpu", "cortex-a57", *more)
    assert done.returncode == 0, done.stdout
    told = [line for line in done.stdout.splitlines()
            if "no kernel, and" not in line]
    assert told == ["opensdei: " + sentence], done.stdout
