/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fake machine around a real dispatcher: PEs that are arrays of registers,
 * kicks that are counted. The unit tests play all of the PEs, one at a time.
 */
#ifndef UNIT_FAKE_H
#define UNIT_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sdei/dispatcher.h>

#define PES           4u
#define SIGNALLED     0x00000000u
#define PRIVATE       0x40000010u /* private, normal */
#define PRIVATE_CRIT  0x40000011u /* private, critical */
#define SHARED        0x40000020u /* shared, normal */
#define SHARED_2      0x40000021u /* shared, normal */
#define SHARED_CRIT   0x40000022u /* shared, critical */
#define WATCHDOG      0x40000030u /* private, normal, by PPI 20 */
#define UNKNOWN       0x40000077u
#define WATCHDOG_PPI  20u
#define INTERRUPTS    64u /* INTIDs below are the machine's */
#define SECURE_SPI    50u /* not the client's */
#define BOUND(slot)   (SDEI_EVENT_BOUND + (slot))
#define PRIVATE_SLOTS 2u
#define SHARED_SLOTS  3u

#define ENTRY     0xffff800010080000u
#define ARGUMENT  0xffff000012345678u
#define EL2H      0x9u
#define EL2H_DAIF 0x3c9u

struct machine {
	struct sdei_dispatcher *d;
	struct sdei_config config;
	struct sdei_ops ops;
	struct sdei_context frame[PES];
	uint64_t sctlr, hcr, gcscr;
	uint64_t elr, spsr; /* written by resume() */
	unsigned resumed, kicks[PES];
	bool quick;         /* a kick delivers at once */
	unsigned overtaker; /* on this PE, if it is not 0 */
	bool ends;          /* and the handler ends at once */
	unsigned entered, completed;
	uint32_t last_completed, last_status;
	enum sdei_ending last_how;
	uint64_t vbar;
	uint64_t active; /* INTIDs that the GIC has as active */
	uint64_t taken;  /* INTIDs that are the dispatcher's */
	unsigned ended[INTERRUPTS];
	_Alignas(16) unsigned char memory[16384];
};

/* cmocka set-up and tear-down: all PEs on and unmasked, at EL2. */
int start_machine(void **state);
int stop_machine(void **state);

/* Give a PE's frame recognisable values; it is at EL2, interrupts open. */
void fill_frame(struct machine *m, unsigned pe);

/* Make a call on a PE with arguments x1 to x5; returns x0. */
#define CALL(m, pe, fid, ...) \
	call5(m, pe, fid, (const uint64_t[5]){ __VA_ARGS__ })
int64_t call5(struct machine *m, unsigned pe, uint32_t fid,
	      const uint64_t x[5]);

/* REGISTER and ENABLE with ENTRY and ARGUMENT; shared: RM_ANY. */
void listen(struct machine *m, unsigned pe, uint32_t event);
/* An interrupt fires on a PE and is acknowledged. False: it is nobody's. */
int fire(struct machine *m, unsigned pe, uint32_t interrupt);
/* What a kick leads to. True if a handler was entered. */
int deliver(struct machine *m, unsigned pe);
/* Is PE `pe` at the entry of the handler of `event`? */
int at_handler(struct machine *m, unsigned pe, uint32_t event);

#endif
