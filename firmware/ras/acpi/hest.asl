/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HEST: the error sources (ACPI 6.5, 18.3.2). Their order is that of source.c.
 *
 * In all of these sources iasl reads a number without 0x as hexadecimal.
 */
#include "platform.h"
#include "../registers.h"

[0004]                          Signature : "HEST"    [Hardware Error Source Table]
#include "header.asl"

[0004]                 Error Source Count : PLAT_RAS_SOURCES

#define SOURCE 0
#define EVENT PLAT_EVENT_MEMORY_CE
#include "hest-source.asl"

#define SOURCE 1
#define EVENT PLAT_EVENT_MEMORY_UE
#include "hest-source.asl"

#define SOURCE 2
#define EVENT PLAT_EVENT_CPU_CE
#include "hest-source.asl"

#define SOURCE 3
#define EVENT PLAT_EVENT_CPU_UE
#include "hest-source.asl"

#define SOURCE 4
#define EVENT PLAT_EVENT_MEMORY_FATAL
#include "hest-source.asl"

#define SOURCE 5
#define EVENT PLAT_EVENT_CPU_FATAL
#include "hest-source.asl"

#define SOURCE 6
#define EVENT PLAT_EVENT_PCIE_CE
#include "hest-source.asl"

#define SOURCE 7
#define EVENT PLAT_EVENT_PCIE_UE
#include "hest-source.asl"

#define SOURCE 8
#define EVENT PLAT_EVENT_PCIE_FATAL
#include "hest-source.asl"

#define SOURCE 9
#define EVENT PLAT_EVENT_PLATFORM_CE
#include "hest-source.asl"

#define SOURCE 10
#define EVENT PLAT_EVENT_PLATFORM_UE
#include "hest-source.asl"

#define SOURCE 11
#define EVENT PLAT_EVENT_PLATFORM_FATAL
#include "hest-source.asl"
