# SPDX-License-Identifier: BSD-2-Clause
"""What was built: what clang made is as good as what gcc made, each archive tells its
version."""

import os
import subprocess

import pytest

from machine import BUILD


@pytest.mark.parametrize("archive", ("lib/libsdei.a", "lib/libsdei-ras.a",
                                     "kvm/libsdei-kvm.a", "package/libsdei-ras-native.a"))
def test_version(archive):
    """Who links one of the tree's own archives can ask it, as those that are installed."""
    symbols = subprocess.run(["aarch64-linux-gnu-nm", os.path.join(BUILD, archive)],
                             text=True, capture_output=True, check=True).stdout
    assert " T sdei_library_version\n" in symbols


def test_clang_firmware(boot):
    machine = boot(firmware=os.path.join(BUILD, "llvm/opensdei-qemu-virt.bin"))
    machine.inject("memory", "corrected", address=0x50001000)
    machine.inject("processor", "recoverable", cpu=3)
    machine.run("inject 0x8 0x50002000")
    assert sorted(e["sequence"] for e in machine.wait_errors(3)) == [1, 2, 3]
