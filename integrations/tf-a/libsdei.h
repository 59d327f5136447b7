/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this embedding share: the dispatcher, and each PE as TF-A knows it.
 */
#ifndef LIBSDEI_H
#define LIBSDEI_H

#include <arch_helpers.h>
#include <bl31/interrupt_mgmt.h>
#include <common/debug.h>
#include <lib/spinlock.h>
#include <plat/common/platform.h>
#include <services/sdei.h>

#include <setjmp.h>

/* A handler that a caller at EL3 waits for: libsdei_calls.c. */
struct libsdei_wait {
	jmp_buf back;
	struct libsdei_wait
		*outer;    /* it has interrupted one that is waited for */
	unsigned handlers; /* that ran before: so many are left at its end */
	int priority;      /* of the innermost of those, or -1 */
};

struct libsdei_pe {
	struct libsdei_wait *wait; /* the innermost, or NULL */
	uint64_t mpidr; /* affinity; TF-A has no way to another PE's */
};

/*
 * In mpidr, under libsdei_gic.c's lock: it is on; or it sleeps in power-down. No bits
 * of an affinity's.
 */
#define LIBSDEI_ON     (UINT64_C(1) << 63)
#define LIBSDEI_ASLEEP (UINT64_C(1) << 62)

extern struct libsdei_pe libsdei_pes[PLATFORM_CORE_COUNT];
extern struct sdei_dispatcher *libsdei;
extern unsigned libsdei_client_el;
/* Each PE's part of it, for calls that need no care; NULL while somebody waits. */
extern struct sdei_pe *libsdei_fast[PLATFORM_CORE_COUNT];

static inline struct libsdei_pe *libsdei_this_pe(void)
{
	return &libsdei_pes[plat_my_core_pos()];
}

static inline unsigned libsdei_index(const struct libsdei_pe *pe)
{
	return (unsigned)(pe - libsdei_pes);
}

/*
 * libsdei_map.c: fill the table of events, and what of the configuration is counted.
 * Panics if the map breaks a rule. Returns event 0's SGI.
 */
unsigned libsdei_read_map(struct sdei_config *config);

/* libsdei_calls.c: from now on this is waited for on a PE, or nothing (NULL). */
void libsdei_set_wait(struct libsdei_pe *pe, struct libsdei_wait *wait);
/* An interrupt of EHF's, of either priority. */
int libsdei_interrupt(uint32_t raw, uint32_t flags, void *handle, void *cookie);

/* libsdei_gic.c: the dispatcher's operations; the interrupts' part of a PE. */
void libsdei_kick(void *context, unsigned target);
int libsdei_interrupt_check(void *context, uint32_t interrupt);
void libsdei_interrupt_take(void *context, unsigned pe, uint32_t interrupt);
void libsdei_interrupt_end(void *context, unsigned pe, uint32_t interrupt);
void libsdei_interrupt_give(void *context, uint32_t interrupt);
/* One more than the highest interrupt of this GIC's. */
unsigned libsdei_gic_count(void);
/* This PE comes on: its CPU interface, the kick, PPIs that are events'. */
void libsdei_gic_on(struct libsdei_pe *pe);
/* It goes off, or to sleep: another PE that is on gets the SPIs that it had. */
void libsdei_gic_off(struct libsdei_pe *pe, bool sleeps);
/* A PPI or an SPI has fired at EL3, here, and is no event's: it must not for ever. */
void libsdei_gic_stray(unsigned pe, unsigned interrupt);
/* The boot PE: that, and all SPIs that are events'. The kick is event 0's SGI. */
void libsdei_gic_init(unsigned sgi);

static inline void libsdei_drop_priority(unsigned interrupt)
{
	/* ICC_EOIR0_EL1: with EOImode 1 it stays active. */
	__asm__ volatile("msr S3_0_C12_C8_1, %0"
			 :
			 : "r"((uint64_t)interrupt)
			 : "memory");
}

static inline void libsdei_deactivate(unsigned interrupt)
{
	/* ICC_DIR_EL1 */
	__asm__ volatile("msr S3_0_C12_C11_1, %0"
			 :
			 : "r"((uint64_t)interrupt)
			 : "memory");
}

/* libsdei_power.c: have PSCI tell of PEs that go off. */
void libsdei_watch_power(void);
/* This PE comes on or wakes. */
void libsdei_start_pe(struct libsdei_pe *pe);

#endif
