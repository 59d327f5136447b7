# SPDX-License-Identifier: BSD-2-Clause
"""Guests of sdei-vmm on hosts of their own: one that is too old, and one that
has VHE for its hypervisor only (hVHE)."""

import os

from conftest import GUEST_INITRDS, HOST_INITRD
from guest import Guest
from machine import ARM64
from test_kvm import LINUX_MORE, check_records

# The hypervisor at EL2 with E2H, the kernel at EL1.
HVHE = "arm64_sw.hvhe=1 id_aa64mmfr1.vh=0"


def test_old_kernel(boot):
    """Debian 12's 6.1: KVM has no SMCCC filter. One message, not a guest."""
    host = boot(kernel=os.path.join(ARM64, "vmlinuz-old"), initrd=HOST_INITRD,
                smp=1, memory="1G")
    assert host.run("uname -r").startswith("6.1.")
    said = host.run("sdei-vmm -k /boot/vmlinuz -i /boot/initrd < /dev/null 2>&1; "
                    "echo $?").splitlines()
    assert len(said) == 2 and said[1] == "1"
    assert said[0].startswith("sdei-vmm: no SDEI for the guest: this kernel")
    assert said[0].endswith("needs Linux 6.4 or later")


def test_hvhe(boot):
    """With a guest whose page tables are apart from its processes' (KPTI): its
    handlers begin on a trampoline."""
    host = boot(initrd=HOST_INITRD, smp=2, memory="1536M", append=HVHE)
    assert "Hyp hVHE mode initialized" in host.run("dmesg | grep kvm")
    host.run(GUEST_INITRDS)
    guest = Guest(host, LINUX_MORE.replace("-a quiet", "-a 'quiet kpti=1'")
                  + " -A -s 2")
    guest.wait("guest#")
    guest.type("dmesg | grep -i page.table.isolation")
    guest.wait("detected: Kernel page table isolation")
    check_records(guest, 2)
    guest.finish()
