/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake.h"

#include <stdlib.h>
#include <string.h>

static const struct sdei_event_info events[] = {
	{ .number = SHARED_CRIT, .type = 1, .priority = 1, .watched = true },
	{ .number = SIGNALLED, .signalable = true },
	{ .number = PRIVATE, .watched = true },
	{ .number = SHARED, .type = 1, .watched = true },
	{ .number = PRIVATE_CRIT, .priority = 1, .watched = true },
	{ .number = SHARED_2, .type = 1 },
	{ .number = WATCHDOG, .interrupt = WATCHDOG_PPI },
};

static uint64_t fake_read(void *context, unsigned pe,
			  enum sdei_client_register reg)
{
	struct machine *m = context;

	assert_true(pe < PES);
	return reg == SDEI_SCTLR_ELC  ? m->sctlr
	       : reg == SDEI_HCR_EL2  ? m->hcr
	       : reg == SDEI_VBAR_ELC ? m->vbar
				      : m->gcscr;
}

static void fake_resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	struct machine *m = context;

	assert_true(pe < PES);
	m->elr = elr;
	m->spsr = spsr;
	m->resumed++;
}

static void fake_kick(void *context, unsigned target)
{
	struct machine *m = context;

	assert_true(target < PES);
	m->kicks[target]++;
	if (m->overtaker)
		target = m->overtaker;
	if (m->quick && deliver(m, target) && m->ends)
		CALL(m, target, SDEI_FID_EVENT_COMPLETE, 0);
}

/* PE n has affinity 0x100 + n. */
static int fake_pe_of_affinity(void *context, uint64_t affinity)
{
	(void)context;
	return affinity >= 0x100 && affinity < 0x100 + PES
		       ? (int)(affinity - 0x100)
		       : -1;
}

static int fake_check(void *context, uint32_t interrupt)
{
	struct machine *m = context;

	assert_true(interrupt >= 16 && interrupt < INTERRUPTS);
	assert_false(m->taken >> interrupt & 1);
	if (interrupt == SECURE_SPI)
		return SDEI_INVALID_PARAMETERS;
	return m->active >> interrupt & 1 ? SDEI_DENIED : SDEI_SUCCESS;
}

static void fake_take(void *context, unsigned pe, uint32_t interrupt)
{
	struct machine *m = context;

	assert_true(pe < PES);
	assert_false(m->taken >> interrupt & 1);
	m->taken |= 1ull << interrupt;
}

/* Only what is active can be deactivated, and only what is the dispatcher's. */
static void fake_end(void *context, unsigned pe, uint32_t interrupt)
{
	struct machine *m = context;

	assert_true(pe < PES);
	assert_true(m->taken >> interrupt & 1);
	m->active &= ~(1ull << interrupt);
	m->ended[interrupt]++;
}

static void fake_give(void *context, uint32_t interrupt)
{
	struct machine *m = context;

	assert_true(m->taken >> interrupt & 1);
	m->taken &= ~(1ull << interrupt);
	m->active &= ~(1ull << interrupt);
}

int fire(struct machine *m, unsigned pe, uint32_t interrupt)
{
	m->active |= 1ull << interrupt;
	return sdei_interrupt(m->d, pe, interrupt);
}

static void fake_entered(void *context, unsigned pe, uint32_t number,
			 const struct sdei_context *interrupted)
{
	struct machine *m = context;

	(void)number;
	assert_ptr_equal(interrupted, &m->frame[pe]);
	m->entered++;
}

static void fake_completed(void *context, unsigned pe, uint32_t number,
			   enum sdei_ending how, uint32_t status)
{
	struct machine *m = context;

	assert_true(pe < PES);
	m->completed++;
	m->last_completed = number;
	m->last_how = how;
	m->last_status = status;
}

int start_machine(void **state)
{
	struct machine *m = aligned_alloc(16, sizeof(*m));

	memset(m, 0, sizeof(*m));
	m->taken = 1ull << WATCHDOG_PPI;
	memset(m->memory, 0xA5, sizeof(m->memory));
	m->ops = (struct sdei_ops){
		.read = fake_read,
		.resume = fake_resume,
		.kick = fake_kick,
		.pe_of_affinity = fake_pe_of_affinity,
		.interrupt_check = fake_check,
		.interrupt_take = fake_take,
		.interrupt_end = fake_end,
		.interrupt_give = fake_give,
		.entered = fake_entered,
		.completed = fake_completed,
	};
	m->config = (struct sdei_config){
		.events = events,
		.event_count = sizeof(events) / sizeof(events[0]),
		.private_slots = PRIVATE_SLOTS,
		.shared_slots = SHARED_SLOTS,
		.interrupt_count = INTERRUPTS,
		.pe_count = PES,
		.client_el = 2,
		.version_minor = 1,
		.vendor_version = 0x12345678,
		.ops = &m->ops,
		.context = m,
	};
	m->d = sdei_dispatcher_init(m->memory, sizeof(m->memory), &m->config,
				    NULL);
	assert_non_null(m->d);
	for (unsigned pe = 0; pe < PES; pe++) {
		sdei_pe_on(m->d, pe);
		fill_frame(m, pe);
		CALL(m, pe, SDEI_FID_PE_UNMASK, 0);
	}
	*state = m;
	return 0;
}

int stop_machine(void **state)
{
	free(*state);
	return 0;
}

void fill_frame(struct machine *m, unsigned pe)
{
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		m->frame[pe].x[i] = 0xAB00000000000000u | pe << 8 | i;
	m->frame[pe].pc = 0xffff800000400000u + pe * 0x1000;
	m->frame[pe].pstate = EL2H;
}

int64_t call5(struct machine *m, unsigned pe, uint32_t fid, const uint64_t x[5])
{
	m->frame[pe].x[0] = fid;
	memcpy(&m->frame[pe].x[1], x, 5 * sizeof(x[0]));
	sdei_call(m->d, pe, &m->frame[pe]);
	return (int64_t)m->frame[pe].x[0];
}

void listen(struct machine *m, unsigned pe, uint32_t event)
{
	assert_int_equal(CALL(m, pe, SDEI_FID_EVENT_REGISTER, event, ENTRY,
			      ARGUMENT, 0, 0),
			 SDEI_SUCCESS);
	/* If the event was waiting, its handler is entered right away. */
	assert_true(CALL(m, pe, SDEI_FID_EVENT_ENABLE, event) == SDEI_SUCCESS ||
		    at_handler(m, pe, event));
}

int deliver(struct machine *m, unsigned pe)
{
	return sdei_deliver(m->d, pe, &m->frame[pe]);
}

int at_handler(struct machine *m, unsigned pe, uint32_t event)
{
	return m->frame[pe].pc == ENTRY && m->frame[pe].x[0] == event &&
	       m->frame[pe].x[1] == ARGUMENT;
}
