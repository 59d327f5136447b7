/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live trace's look at what passes through EL3 (watch.c). Its other functions are
 * the vectors' own.
 */
#ifndef EL3_WATCH_H
#define EL3_WATCH_H

#include "context.h"

/* An interrupt was acknowledged, and is served next. */
void watch_interrupt(unsigned intid, const struct sdei_context *frame);

#endif
