/* SPDX-License-Identifier: BSD-2-Clause */
/* For `sdei run --machine virt`: tools/platform.c. */
RUN("virt", "qemu-virt", "virt,secure=on", true, 0x40000000, false, NULL, NULL)
