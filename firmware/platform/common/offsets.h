/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is put into a machine's RAM before it starts, from where RAM begins: for the
 * firmware, for conformance/ and for the `sdei` command alike, on every platform. Plain
 * numbers only.
 */
#ifndef PLATFORM_OFFSETS_H
#define PLATFORM_OFFSETS_H

/* The list of what is given (given_list.h), where the machine has no fw_cfg. */
#define GIVEN_OFFSET 0x10000000
/* What is started if no kernel is given. */
#define PAYLOAD_OFFSET 0x20000000

#endif
