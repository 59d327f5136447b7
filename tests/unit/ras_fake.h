/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fake machine and dispatcher for the tests of firmware/ras, each of which
 * includes this file once.
 *
 * The memory that firmware and kernel share is an array here, and the kernel's
 * part is played by writing into it.
 */
#ifndef RAS_FAKE_H
#define RAS_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <el3/live.h>
#include <el3/machine.h>
#include <platform.h>
#include <ras/ras.h>
#include <sdei/sections.h>
/* Included, not linked, to reach what it keeps. */
#include "../../firmware/ras/bert.c"

#define PES      4
#define RAM_SIZE 0x20000000ull
#define ADDRESS  0x50005040ull
/* Memory errors of 112 bytes that wait behind one that is out; processor errors
 * of 104 bytes that wait while none is. */
#define QUEUED     (PLAT_RAS_QUEUE_SIZE / 112 - 1)
#define QUEUED_CPU (PLAT_RAS_QUEUE_SIZE / 104)

/* The fake machine. */
static _Alignas(16) uint8_t shared[PLAT_RAS_SIZE];
static uint32_t rtc[8];
static bool shared_is_off_limits;
static bool pe_on[PES];
static unsigned self;
static unsigned polls;
static uint64_t now, poll_at; /* in us; poll_at is 0: never */
static unsigned poll_pe;
static bool sgi[PES];
static unsigned locks;
static void (*on_self)(void);

void *ras_memory(uint64_t address)
{
	if (address == PLAT_RTC_BASE && !shared_is_off_limits)
		return rtc;
	assert_false(shared_is_off_limits);
	assert_in_range(address, PLAT_RAS_BASE,
			PLAT_RAS_BASE + PLAT_RAS_SIZE - 1);
	return shared + (address - PLAT_RAS_BASE);
}

uint64_t ras_midr(void)
{
	return 0x413fd0c1;
}
/* 2028-02-29 23:59:58 UTC, unless a test sets the clock. */
#define SOME_TIME 1835481598u
static uint32_t clock_now;
uint32_t ras_time(void)
{
	return clock_now;
}
unsigned machine_pe_count(void)
{
	return PES;
}
bool machine_pe_is_on(unsigned pe)
{
	assert_true(pe < PES);
	return pe_on[pe];
}
/* What is not on is off, unless it is on its way. */
static bool pe_coming[PES];
unsigned machine_psci_state(unsigned pe)
{
	assert_true(pe < PES);
	return pe_on[pe] ? 0 : pe_coming[pe] ? 2 : 1;
}

/* One function, 00:01.0, with an id and nothing else. */
uint32_t machine_pcie_read(uint32_t sbdf, unsigned offset)
{
	if (sbdf != 1 << 11)
		return UINT32_MAX;
	return offset ? 0 : 0x12345678;
}

bool machine_is_ram(uint64_t address)
{
	return address - PLAT_RAM_BASE < RAM_SIZE;
}

uint64_t machine_affinity(unsigned pe)
{
	return 0x100000000 + pe;
}

unsigned machine_self(void)
{
	if (on_self)
		on_self();
	return self;
}

uint64_t machine_time(void)
{
	return now;
}
uint64_t machine_time_hz(void)
{
	return 1000000;
}
bool machine_pe_has_sgi(unsigned pe)
{
	assert_true(pe < PES);
	return sgi[pe];
}
void machine_poll_after(uint64_t ticks)
{
	assert_in_range(ticks, 1, 1000000);
	poll_at = now + ticks;
	poll_pe = self;
	polls++;
}

void spin_lock(spinlock *lock)
{
	assert_false(lock->taken);
	lock->taken = 1;
	locks++;
}

void spin_unlock(spinlock *lock)
{
	assert_true(lock->taken);
	lock->taken = 0;
	locks--;
}

void panic(const char *format, ...)
{
	fail_msg("panic: %s", format);
	abort();
}

/* The live trace: what came last, and how many. */
bool live_on;
static unsigned noted;
static struct trace_slot note[8];

void live_add(uint64_t time, enum trace_kind kind, uint32_t code,
	      const uint64_t value[TRACE_VALUES])
{
	struct trace_slot *slot = &note[noted++ % 8];

	*slot = (struct trace_slot){ time, kind, code, { 0 } };
	memcpy(slot->value, value, sizeof(slot->value));
}

/* The fake dispatcher. */
static const struct sdei_event_info infos[] = {
	{ .number = 0 },
	{ .number = PLAT_EVENT_CPU_UE },
	{ .number = PLAT_EVENT_CPU_FATAL },
	{ .number = PLAT_EVENT_MEMORY_FATAL },
	{ .number = PLAT_EVENT_CPU_CE },
	{ .number = PLAT_EVENT_MEMORY_UE },
	{ .number = PLAT_EVENT_MEMORY_CE },
	{ .number = PLAT_EVENT_PCIE_CE },
	{ .number = PLAT_EVENT_PCIE_UE },
	{ .number = PLAT_EVENT_PCIE_FATAL },
	{ .number = PLAT_EVENT_PLATFORM_CE },
	{ .number = PLAT_EVENT_PLATFORM_UE },
	{ .number = PLAT_EVENT_PLATFORM_FATAL },
	{ .number = PLAT_EVENT_DUMP },
};
static unsigned raises, raised_target;
static uint32_t raised_event;
static bool nobody_takes, taken_since, masked, pending, busy_pe[PES],
	masked_pe[PES];
static int runs_on;
static unsigned status;
/* A dispatcher of the test's own, in the place of these answers. */
static int (*on_raise)(uint32_t number, unsigned target);
static void (*on_query)(uint32_t number, unsigned pe,
			struct sdei_report *report);
static unsigned routing;

int sdei_raise(struct sdei_dispatcher *d, unsigned from, uint32_t number,
	       unsigned target)
{
	assert_ptr_equal(d, shared);
	assert_int_equal(from, self);
	assert_true(target < PES);
	raises++;
	raised_event = number;
	raised_target = target;
	if (on_raise)
		return on_raise(number, target);
	return nobody_takes ? SDEI_RAISE_PENDING : (int)target;
}

bool sdei_query(const struct sdei_dispatcher *d, unsigned pe, unsigned index,
		struct sdei_report *report)
{
	(void)d;
	if (pe >= PES || index >= sizeof(infos) / sizeof(infos[0]))
		return false;
	*report = (struct sdei_report){
		.info = &infos[index],
		.status = status,
		.pending = pending || (nobody_takes && !taken_since),
		.running_on = runs_on,
		.routing_mode = routing,
	};
	if (on_query)
		on_query(infos[index].number, pe, report);
	return true;
}

bool sdei_pe_masked(const struct sdei_dispatcher *d, unsigned pe)
{
	(void)d;
	return masked || masked_pe[pe];
}

bool sdei_pe_in_handler(const struct sdei_dispatcher *d, unsigned pe)
{
	(void)d;
	return busy_pe[pe];
}

/* What the kernel sees and does. */
static uint64_t get(uint64_t address, unsigned size)
{
	uint64_t value = 0;

	memcpy(&value, shared + (address - PLAT_RAS_BASE), size);
	return value;
}

static void put(uint64_t address, uint64_t value, unsigned size)
{
	memcpy(shared + (address - PLAT_RAS_BASE), &value, size);
}

static uint64_t block(unsigned source)
{
	return get(0x40100000 + 16 * source, 8);
}

static inline const char *text(uint64_t at)
{
	return (const char *)shared + (at - PLAT_RAS_BASE) + 20 + 44;
}

static inline void acknowledge(unsigned source)
{
	put(block(source), 0, 4);
	put(0x40100008 + 16 * source, 1, 8);
}

static void boot(bool publish)
{
	shared_is_off_limits = !publish;
	ras_start((struct sdei_dispatcher *)(void *)shared, publish);
}

static int setup(void **state)
{
	(void)state;
	memset(shared, 0xa5, sizeof(shared));
	memset(store, 0xa5, sizeof(store));
	memset(rtc, 0, sizeof(rtc));
	rtc[0] = 1234;
	rtc[4] = 1;
	rtc[5] = 1;
	for (unsigned pe = 0; pe < PES; pe++)
		pe_on[pe] = true, pe_coming[pe] = false;
	clock_now = SOME_TIME;
	self = polls = raises = routing = locks = 0;
	now = 1000;
	poll_at = 0;
	memset(sgi, 0, sizeof(sgi));
	memset(busy_pe, 0, sizeof(busy_pe));
	memset(masked_pe, 0, sizeof(masked_pe));
	pending = taken_since = false;
	runs_on = -1;
	status = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	nobody_takes = masked = false;
	on_self = NULL;
	on_raise = NULL;
	on_query = NULL;
	boot(true);
	return 0;
}

/* An error as a person says it. `has`: SDEI_MEMORY_HAS_*; address of either kind. */
struct error {
	bool memory;
	unsigned severity, pe;
	uint64_t has;
	struct sdei_cper_memory given;
};

static inline struct error memory_error(unsigned severity)
{
	return (struct error){
		.memory = true,
		.severity = severity,
		.has = SDEI_MEMORY_HAS_ADDRESS,
		.given.physical_address = ADDRESS,
	};
}

static inline struct error processor_error(unsigned severity, unsigned pe)
{
	return (struct error){ .severity = severity, .pe = pe };
}

/* Its record, and what comes of it. */
static const char *try_to_inject(const struct error *e, struct ras_outcome *o)
{
	static uint64_t memory[64];
	struct sdei_record *record = (struct sdei_record *)memory;
	struct sdei_cper_memory *m;
	struct sdei_cper_arm_error *a;

	sdei_record_start(record, e->severity, e->pe);
	if (e->memory) {
		m = sdei_record_memory(record, sizeof(memory), e->severity);
		*m = (struct sdei_cper_memory){
			.valid = m->valid | e->has,
			.physical_address = e->given.physical_address,
			.physical_address_mask = e->given.physical_address_mask,
			.node = e->given.node,
			.card = e->given.card,
			.module = e->given.module,
			.bank = e->given.bank,
			.row = e->given.row,
			.column = e->given.column,
			.error_type = e->has & SDEI_MEMORY_HAS_ERROR_TYPE
					      ? e->given.error_type
					      : m->error_type,
		};
	} else {
		a = sdei_record_processor(record, sizeof(memory), e->severity);
		if (e->has & SDEI_MEMORY_HAS_ADDRESS) {
			a->valid |= SDEI_ARM_HAS_PHYSICAL;
			a->physical_address = e->given.physical_address;
		}
	}
	assert_null(sdei_record_wrong(record, record->size));
	return ras_report(record, o);
}

static inline struct sdei_ras_outcome inject(struct error error)
{
	struct ras_outcome outcome;
	const char *wrong = try_to_inject(&error, &outcome);

	if (wrong)
		fail_msg("%s", wrong);
	assert_int_equal(locks, 0);
	return outcome.report;
}

static inline uint32_t event_of(struct error error)
{
	struct ras_outcome outcome;

	assert_null(try_to_inject(&error, &outcome));
	return outcome.event;
}

/* A handler comes and goes, on this PE. */
static inline void handled(uint32_t event)
{
	ras_entered(event, self);
	ras_completed(event, self);
}

/* Time passes until the poll that was asked for. */
static inline void next_poll(void)
{
	assert_true(poll_at >= now);
	now = poll_at;
	poll_at = 0;
	self = poll_pe;
	ras_poll();
}

static inline struct sdei_ras_counters counters(unsigned source)
{
	struct sdei_ras_counters c;

	assert_true(ras_source(source, &c));
	return c;
}

static inline bool busy(unsigned source)
{
	return counters(source).state != SDEI_RAS_IS_FREE;
}

#endif
