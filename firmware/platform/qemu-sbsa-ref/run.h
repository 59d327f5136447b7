/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For `sdei run --machine sbsa-ref`: tools/platform.c. Its display would want a ROM,
 * which not every installation of QEMU has.
 */
RUN("sbsa-ref", "qemu-sbsa-ref", "sbsa-ref", false, 0x10000000000, true,
    "-global", "pci-device.romfile=")
