/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine that the dispatcher's litmus tests are about: three PEs, all on, of which
 * only PE 1 is unmasked at first.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "litmus.h"

#include "internal.h"

#define PES 3u

enum { PRIVATE, ANY, ROUTED_TO_1, SPI_EVENT, EVENTS };
enum { SPI = 40, BOUND_PPI = 20, BOUND_SPI = 41, INTERRUPTS = 64 };

#define ENTRY    UINT64_C(0x1000)
#define SLOT_PPI SDEI_EVENT_BOUND

extern struct sdei_dispatcher *d;
extern uint64_t data;   /* the embedder's own */
extern uint64_t device; /* 1 once the interrupt is deactivated */

void start(void);

/* A call on a PE; returns x0. */
uint64_t call(unsigned pe, uint32_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
	      uint64_t x4, uint64_t x5);

#define CALL0(pe, what)    call(pe, SDEI_FID_##what, 0, 0, 0, 0, 0)
#define CALL1(pe, what, a) call(pe, SDEI_FID_##what, a, 0, 0, 0, 0)

void deliver(unsigned pe);
uint32_t number(unsigned event);
/* The event as this PE sees it. */
struct event *at(unsigned pe, uint32_t its_number);
void register_event(unsigned pe, uint32_t its_number);
/* Register and enable. */
void enable(unsigned pe, unsigned event);

/* The outcome: what memory holds in the end; a thread's one load that is odd. */
void last(const void *place, uint64_t value);
void but(uint64_t thread, const void *place, uint64_t value);
/* The places that the test is about, if not all. */
void count_only(const void *one, const void *other);

#endif
