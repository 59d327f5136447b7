/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One error source (GHESv2; ACPI 6.5, 18.3.2.8): the includer defines SOURCE,
 * its index, and EVENT, the SDEI event that announces its records.
 */
[0002]                      Subtable Type : 000A [Generic Hardware Error Source V2]
[0002]                          Source Id : SOURCE
[0002]                  Related Source Id : FFFF
[0001]                           Reserved : 00
[0001]                            Enabled : 01
[0004]             Records To Preallocate : PLAT_RAS_PREALLOCATED
[0004]            Max Sections Per Record : 00000001
[0004]                Max Raw Data Length : PLAT_RAS_BLOCK_SIZE

[0012]               Error Status Address : [Generic Address Structure]
#define GAS_ADDRESS PLAT_RAS_REGISTERS + SOURCE * RAS_PAIR_SIZE + RAS_PAIR_BLOCK
#include "gas.asl"

[0028]                             Notify : [Hardware Error Notification Structure]
[0001]                        Notify Type : 0B [Software Delegated Exception]
[0001]                      Notify Length : 1C
[0002]         Configuration Write Enable : 0000
[0004]                       PollInterval : 00000000
[0004]                             Vector : EVENT
[0004]            Polling Threshold Value : 00000000
[0004]           Polling Threshold Window : 00000000
[0004]              Error Threshold Value : 00000000
[0004]             Error Threshold Window : 00000000

[0004]          Error Status Block Length : PLAT_RAS_BLOCK_SIZE

[0012]                  Read Ack Register : [Generic Address Structure]
#define GAS_ADDRESS PLAT_RAS_REGISTERS + SOURCE * RAS_PAIR_SIZE + RAS_PAIR_ACK
#include "gas.asl"
[0008]                  Read Ack Preserve : FFFFFFFFFFFFFFFE
[0008]                     Read Ack Write : 0000000000000001
#undef SOURCE
#undef EVENT
