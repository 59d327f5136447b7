# SPDX-License-Identifier: BSD-2-Clause
"""The host kernel as a guest: the same image as on firmware, now the client of
the dispatcher in sdei-vmm, on an unmodified KVM on our firmware. What it is to
find, an event at a moment of its choice, is raised outside (host/outside.c)."""

import pytest

from test_host import NO_EL2, has, passed


@pytest.mark.parametrize("vcpus", (1, 2, 4))
def test_guest(host, guest, vcpus):
    if host.mode != "vhe" and vcpus != 2:
        pytest.skip("the number of vcpus is nothing to the host's mode")
    machine = guest(f"-p /boot/host-el1.bin -m 1024 -s {vcpus}", answer=True)
    machine.wait("@exit", 400)
    tap = host.run(f"cat {machine.console}")
    names = passed(tap, [NO_EL2])
    assert len(names) == (34 if vcpus == 1 else 40)
    assert has(names, f"504 events on {vcpus} CPUs")
    assert "# SDEI is in the device tree" in tap
    assert f"# host at EL1, {vcpus} CPUs, SDEI 1.1" in tap
    for place in ("masked", "unmasked", "SP nonsense", "a process",
                  "AArch32"):
        assert has(names, "a normal event finds", place)
        assert has(names, "a critical event finds", place)
    assert has(names, "kexec") and has(names, "a crash 2 handlers deep")
    assert has(names, "the console's interrupt, bound")
