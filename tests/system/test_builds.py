# SPDX-License-Identifier: BSD-2-Clause
"""What clang built is as good as what gcc built."""

import os

from machine import BUILD


def test_clang_firmware(boot):
    machine = boot(firmware=os.path.join(BUILD, "llvm/opensdei-qemu-virt.bin"))
    machine.inject("memory", "corrected", address=0x50001000)
    machine.inject("processor", "recoverable", cpu=3)
    machine.run("inject 0x8 0x50002000")
    assert sorted(e["sequence"] for e in machine.wait_errors(3)) == [1, 2, 3]
