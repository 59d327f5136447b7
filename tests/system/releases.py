# SPDX-License-Identifier: BSD-2-Clause
"""What a test's machines start: a kernel, the file systems that were made for it, and
a QEMU. STABLE is this machine's QEMU and Debian's stable kernel, or what the user gave;
BACKPORTS the kernel and QEMU of Debian 13's backports."""

import os
import subprocess
from typing import NamedTuple, Optional

from machine import ARM64, BUILD, GUEST, INITRD, KERNEL


class Release(NamedTuple):
    name: str
    kernel: str
    initrd: str
    folder: str             # of more initrds
    qemu: Optional[str]     # None: the one in PATH

    def options(self, **options):
        """For Machine(): those, and what they leave open."""
        options.setdefault("kernel", self.kernel)
        options.setdefault("initrd", self.initrd)
        options.setdefault("qemu", self.qemu)
        if os.path.basename(options["initrd"] or "/") == options["initrd"]:
            options["initrd"] = os.path.join(self.folder, options["initrd"])
        return options

    def versions(self):
        """One line: what this is."""
        qemu = subprocess.run([self.qemu or "qemu-system-aarch64", "--version"],
                              text=True, stdout=subprocess.PIPE, check=True)
        with open(self.kernel, "rb") as file:
            image = file.read()
        start = image.index(b"Linux version ") + len("Linux version ")
        return (f"{self.name}: Linux {image[start:].split(None, 1)[0].decode()}, "
                + qemu.stdout.splitlines()[0].replace(" emulator", ""))


STABLE = Release("stable", KERNEL, INITRD, GUEST, os.environ.get("QEMU") or None)
BACKPORTS = Release("backports", os.path.join(ARM64, "backports/vmlinuz"),
                    os.path.join(BUILD, "backports/initrd.cpio.gz"),
                    os.path.join(BUILD, "backports"),
                    os.path.join(ARM64, "backports/qemu-system-aarch64"))
