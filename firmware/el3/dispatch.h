/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher's place in the firmware: it is made when the boot stage hands
 * over, and lives in Secure RAM.
 */
#ifndef EL3_DISPATCH_H
#define EL3_DISPATCH_H

#include <sdei/dispatcher.h>

/* What the boot stage said (handoff.h). */
struct handoff {
	uint64_t ram_base, ram_size, flags;
};

/* BOOT_FID_HANDOFF: makes the dispatcher. 0, or -1: see there. */
int64_t dispatch_handoff(const struct handoff *handoff);
/* The dispatcher, or NULL before the hand-off. */
struct sdei_dispatcher *dispatch_instance(void);
/* What was handed over; all zero before. */
const struct handoff *dispatch_handed_over(void);
/* Minor version that SDEI_VERSION reports: 0 or 1. */
unsigned dispatch_minor(void);
/* The PE that a client's affinity value names, or -1. */
int dispatch_pe_of_affinity(uint64_t affinity);
/* Is the RTC's interrupt EINJ's doorbell? Else the client may bind it. */
bool dispatch_owns_rtc(void);
/* May the client execute at this address? Before the hand-off: anywhere. */
bool dispatch_in_ram(uint64_t address);

/* Power changes of the calling PE; nothing to do before the hand-off. */
void dispatch_on(unsigned pe);
void dispatch_off(unsigned pe);
void dispatch_suspend(unsigned pe);
/* As dispatch_off() in a call that goes on afterwards. */
void dispatch_abandon(unsigned pe);
bool dispatch_in_handler(unsigned pe);

#endif
