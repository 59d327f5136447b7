# SPDX-License-Identifier: BSD-2-Clause
# The boot stage: QEMU's fw_cfg has the kernel and the options, and QEMU's ACPI tables.
BOOT_PLATFORM := fwcfg.o given_fwcfg.o acpi_loader.o
