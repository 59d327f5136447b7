/* SPDX-License-Identifier: BSD-2-Clause */
/* A register in memory, 64 bits wide: the includer defines GAS_ADDRESS. */
[0001]                           Space ID : 00 [SystemMemory]
[0001]                          Bit Width : 40
[0001]                         Bit Offset : 00
[0001]               Encoded Access Width : 04 [QWord Access:64]
[0008]                            Address : GAS_ADDRESS
#undef GAS_ADDRESS
