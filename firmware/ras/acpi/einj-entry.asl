/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One EINJ action (ACPI 6.5, 18.6.2). The includer defines ACTION, INSTRUCTION
 * and, unless that is NOOP, REGISTER; also VALUE and MASK where they matter.
 */
#ifndef VALUE
#define VALUE 0
#endif
#ifndef MASK
#define MASK 0xFFFFFFFFFFFFFFFF
#endif
#ifndef REGISTER
#define REGISTER PLAT_RAS_EINJ + EINJ_BUSY
#endif
#ifndef WIDTH
#define WIDTH 0x40
#define ACCESS 4
#endif
[0001]                             Action : ACTION
[0001]                        Instruction : INSTRUCTION
[0001]              Flags (decoded below) : 00
                   Preserve Register Bits : 0
[0001]                           Reserved : 00

[0012]                    Register Region : [Generic Address Structure]
[0001]                           Space ID : 00 [SystemMemory]
[0001]                          Bit Width : WIDTH
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : ACCESS
[0008]                            Address : REGISTER

[0008]                              Value : VALUE
[0008]                               Mask : MASK

#undef ACTION
#undef INSTRUCTION
#undef REGISTER
#undef VALUE
#undef MASK
#undef WIDTH
#undef ACCESS
