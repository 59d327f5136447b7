/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields that every table opens with, after its signature. Lengths and
 * checksums are the compiler's to fill in.
 */
[0004]                       Table Length : 00000000
[0001]                           Revision : 01
[0001]                           Checksum : 00
[0006]                             Oem ID : "OSDEI "
[0008]                       Oem Table ID : "OPENSDEI"
[0004]                       Oem Revision : 00000001
[0004]                    Asl Compiler ID : "INTL"
[0004]              Asl Compiler Revision : 00000000
