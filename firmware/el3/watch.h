/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live trace's look at what passes through EL3 (watch.c). Its other functions are
 * the vectors' own. All are of the calling PE.
 */
#ifndef EL3_WATCH_H
#define EL3_WATCH_H

#include "context.h"

/* An interrupt was acknowledged, and is served next. */
void watch_interrupt(unsigned intid, const struct sdei_context *frame);
/* It masks events from now on, by that call of the client's at `at`. */
void watch_masked(uint32_t call, uint64_t at);
/* It goes off, or another client begins: its handlers will not end otherwise. */
void watch_off(void);
/* A live trace begins: what is acknowledged already is not news. */
void watch_begin(void);

#endif
