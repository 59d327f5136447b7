/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PEs, their interrupts and time. PE 0 runs the checks and gives jobs to the
 * others, which sleep in between; all PEs can take events at any moment.
 */
#ifndef CONFORMANCE_MACHINE_H
#define CONFORMANCE_MACHINE_H

#include "state.h"

#define SECONDS(n) (UINT64_C(1000000) * (n))

/*
 * Patience: with what must come; with what must not. In microseconds. Behind a
 * hypervisor the machine may be an emulated one, and shared.
 */
#define SOON    SECONDS(conduit_is_hvc ? 20 : 2)
#define A_WHILE 2000

extern unsigned pe_count;

void machine_start(void);         /* once, on the first PE */
void gic_start_pe(struct pe *pe); /* on each, also after power-down */
void gic_wake(const struct pe *pe);
void pe_start_others(void);
bool pe_power_on(unsigned pe);
/* The PE is off, and PSCI says so. */
bool pe_wait_off(unsigned pe);

/* Run `job` on another PE: start it; wait for it; both. */
void pe_begin(unsigned pe, work *job, uint64_t argument);
bool pe_wait(unsigned pe, uint64_t *answer);
uint64_t pe_run(unsigned pe, work *job, uint64_t argument);

/* Jobs, and the same on any PE, PE 0 included. */
int64_t call_on(unsigned pe, const uint64_t c[6]);
#define CALL_ON(pe, ...) call_on(pe, (const uint64_t[6]){ __VA_ARGS__ })

/* Timer interrupt of the client's exception level. */
void timer_set(uint64_t us);
void timer_stop(void);
/* Let the timer's and the wake-up SGI's interrupt through (or not). */
void irq_unmask(void);
void irq_mask(void);
/* Acknowledge and end what is pending; returns the INTID. */
unsigned irq_take(void);
unsigned timer_intid(void);

/* True if the condition came true within the time. */
#define wait_until(condition, us) \
	({ \
		uint64_t end_ = now() + microseconds(us); \
		bool met_; \
		while (!(met_ = (condition)) && now() < end_) \
			__asm__ volatile("yield" : : : "memory"); \
		met_ || (condition); \
	})

#define load(variable) __atomic_load_n(&(variable), __ATOMIC_ACQUIRE)
#define store(variable, value) \
	__atomic_store_n(&(variable), value, __ATOMIC_RELEASE)

/* When a check should have ended: other PEs watch it, too. */
extern uint64_t watchdog_deadline;

/* Sleep with power-down; true if it woke through the entry point. */
int64_t suspend(uint64_t fid, uint64_t power_state, uint64_t context_id);

void __attribute__((noreturn)) pe_main(struct pe *pe, uint64_t argument);

#endif
