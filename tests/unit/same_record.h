/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An error that is asked for in words, and what its kernel then sees: the firmware's
 * (same_firmware.c), and a guest's (test_same_record.c). Apart, for each has a world of
 * its own, with the same names in it.
 */
#ifndef SAME_RECORD_H
#define SAME_RECORD_H

#include <stdint.h>

/* 2028-02-29 23:59:58 UTC, which the guest's host does not have. */
void firmware_begin(void);
/* A line of the control line, without its `inject`; what was answered. */
const char *firmware_inject(const char *words);
/* The status block that a source shows. */
const uint8_t *firmware_shows(unsigned source);

#endif
