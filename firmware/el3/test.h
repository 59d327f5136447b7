/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A service for tests alone: an event at a chosen moment. Refused unless QEMU
 * is given -fw_cfg name=opt/opensdei/test,string=timer (docs/firmware.md).
 *
 *   x0 = TEST_FID_RAISE, x1 = event, x2 = ticks of the system counter
 *   returns 0, or -1 (NOT_SUPPORTED) without the option
 *
 * The event is raised on the calling PE that many ticks later, once; 0 ticks
 * takes back what has not fired yet. There is one such moment a PE: asking
 * again moves it.
 */
#ifndef EL3_TEST_H
#define EL3_TEST_H

#include <stdint.h>

#define TEST_FID_RAISE 0xC2000002

int64_t test_raise(uint64_t event, uint64_t ticks);
/* The Secure timer of this PE has fired. */
void test_timer(void);

#endif
