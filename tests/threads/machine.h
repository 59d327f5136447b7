/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A machine whose PEs are host threads: kicks are flags that a PE polls,
 * interrupts are words that say whether one is active. Around the dispatcher
 * nothing is locked, so that what the sanitizer finds is the library's.
 */
#ifndef THREADS_MACHINE_H
#define THREADS_MACHINE_H

#include <sdei/dispatcher.h>

#include <stdatomic.h>

#define PES           4u
#define SIGNALLED     SDEI_EVENT_SIGNALLED
#define PRIVATE_MAIL  0x40000010u /* private, from the PE before */
#define PRIVATE_CRIT  0x40000011u /* private, critical, from all */
#define SHARED        0x40000020u /* three shared ones, from all */
#define SHARED_2      0x40000021u
#define SHARED_CRIT   0x40000022u
#define SHARED_MAIL   0x40000030u /* and up: from one PE each */
#define OWN_SPI       40u         /* and up: one PE's each */
#define FOUGHT_SPI    50u         /* and up: bound by all */
#define FOUGHT_PPI    20u
#define FOUGHT        3u /* of each, for two slots of each */
#define INTERRUPTS    64u
#define HANDLER_ENTRY 0xffff800010080000u
#define CLIENT_EL     2u

/*
 * What one event, or a private one on one PE, has been through. Counted in no order,
 * and a kick has none: what orders one PE's memory with another's is the library's
 * alone, so that the sanitizer sees where that fails.
 */
#define load_any(p)     atomic_load_explicit((p), memory_order_relaxed)
#define store_any(p, v) atomic_store_explicit((p), (v), memory_order_relaxed)
#define exchange_any(p, v) \
	atomic_exchange_explicit((p), (v), memory_order_relaxed)
#define add_any(p, v) atomic_fetch_add_explicit((p), (v), memory_order_relaxed)
#define swap_any(p, old, v) \
	atomic_compare_exchange_strong_explicit((p), (old), (v), \
						memory_order_relaxed, \
						memory_order_relaxed)
struct counter {
	atomic_ulong triggers; /* begun; also the last one's number */
	atomic_ulong seen;     /* the last trigger that a handler came after */
	atomic_ulong entries;
	atomic_int running;
};

struct thread {
	struct sdei_context frame;
	atomic_bool kicked;
	unsigned index;
	uint64_t random;
	/* Handlers that run here, outermost first. */
	unsigned depth;
	uint32_t number[2];
	/* The interrupt of its own: its event's number; fired so often. */
	uint32_t own_event;
	unsigned long own_fired;
};

extern struct sdei_dispatcher *dispatcher;
extern struct thread threads[PES];
/* Set when a handler has taken what a mail event's data said. */
extern atomic_bool mail_taken[2][PES];
/* Plain memory, written before a trigger, read by its handler. */
extern unsigned long mail[2][PES];
extern atomic_bool own_handled[PES];

void make_machine(void);
void wrong(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* The counter of an event on a PE; of a bound one, of its interrupt. */
struct counter *counter_of(uint32_t number, unsigned pe);
struct counter *counter_of_interrupt(uint32_t interrupt, unsigned pe);

/* A call by the thread's client; the frame may become a handler's. */
int64_t call(struct thread *t, uint32_t fid, uint64_t x1, uint64_t x2,
	     uint64_t x3);
int64_t register_event(struct thread *t, uint32_t number);
/* What a kick, or an interrupt of EL3's, leads to. */
void deliver(struct thread *t);
/* Trigger an event from this thread. */
void raise_event(struct thread *t, uint32_t number, unsigned target);
/* The interrupt fires on this PE, unless it is active. True if it did. */
bool fire(struct thread *t, uint32_t interrupt);
/* End the innermost handler. */
void leave(struct thread *t);
/* The PE goes off, and all handlers on it end. */
void power_off(struct thread *t);
bool interrupt_is_active(uint32_t interrupt, unsigned pe);

#endif
