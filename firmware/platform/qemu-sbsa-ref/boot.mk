# SPDX-License-Identifier: BSD-2-Clause
# The boot stage: `sdei run` leaves the kernel and the options in memory; QEMU has no
# ACPI tables for this machine.
BOOT_PLATFORM := given_list.o platform/tables.o platform/cpus.o dsdt.o
