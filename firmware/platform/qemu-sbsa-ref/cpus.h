/* SPDX-License-Identifier: BSD-2-Clause */
/* The processors of the machine's device tree as ACPI tables, sealed, in the area. */
#ifndef PLATFORM_CPUS_H
#define PLATFORM_CPUS_H

struct table *cpus_madt(void); /* the GIC's interrupt controllers, too */
struct table *cpus_ssdt(void); /* their devices in \_SB */

#endif
