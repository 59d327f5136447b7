/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random calls. Most arguments make sense, so that most calls get far enough to
 * do harm; each kind of nonsense comes, too.
 */
#include "storm.h"

#define RECENT       8
#define SECURE_TIMER 29
#define SECURE_UART  40

/* Numbers that BIND gave of late. */
static uint32_t recent[RECENT];
static unsigned recent_next;

/* clang-format off */
static const uint64_t usual[] = {
	REGISTER, REGISTER, REGISTER, REGISTER, ENABLE, ENABLE, ENABLE, ENABLE,
	PE_UNMASK, PE_UNMASK, PE_UNMASK, SIGNAL, SIGNAL, SIGNAL, BIND, BIND,
	UNREGISTER, DISABLE, STATUS, ROUTING_SET, RELEASE, CONTEXT, GET_INFO,
	PE_MASK,
};
/* clang-format on */

static uint64_t nonsense(struct client *c)
{
	static const uint64_t values[] = {
		1,
		2,
		0x00ffffff,
		0x01000000,
		0x3fffffff,
		0x40000000,
		0x40f00000,
		0x40ffffff,
		0x41000000,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		UINT64_C(1) << 63,
		~UINT64_C(0),
	};

	if (one_in(c, 2))
		return next_random(&c->random);
	return values[below(c, sizeof(values) / sizeof(values[0]))];
}

static uint64_t random_event(struct client *c)
{
	uint64_t event;

	switch (below(c, 16)) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
		event = 0;
		break;
	case 5:
	case 6:
		event = numbers[below(c, number_count)].number;
		break;
	case 7:
	case 8:
		event = numbers[below(c, number_count < 5 ? number_count : 5)]
				.number;
		break;
	case 9:
		return nonsense(c);
	default:
		event = load(recent[below(c, RECENT)]);
		break;
	}
	if (one_in(c, 16))
		event |= next_random(&c->random) << 32;
	return event;
}

static uint64_t random_affinity(struct client *c)
{
	uint64_t affinity = one_in(c, 2) ? this_pe()->mpidr
					 : pes[below(c, pe_count)].mpidr;

	switch (below(c, 16)) {
	case 0:
		return affinity | UINT64_C(1) << below(c, 64);
	case 1:
		return nonsense(c);
	default:
		return affinity;
	}
}

static uint64_t random_interrupt(struct client *c)
{
	static const unsigned devices[] = { IRQ_EL1_TIMER, IRQ_EL2_TIMER,
					    IRQ_EL1_VIRTUAL_TIMER, IRQ_RTC,
					    IRQ_UART };
	unsigned intid = devices[below(c, 5)];

	switch (below(c, 10)) {
	case 0:
		return below(c, 32);
	case 1:
		return spare_interrupt(one_in(c, 2), below(c, 7));
	case 2:
		return one_in(c, 2) ? SECURE_TIMER : SECURE_UART;
	case 3:
		return 1016 + below(c, 16);
	case 4:
		return nonsense(c);
	default:
		if (!one_in(c, 4))
			quiet_timer(intid);
		return intid;
	}
}

static void random_entry(struct client *c, uint64_t x[18])
{
	x[4] = one_in(c, 4) ? SDEI_REGISTER_RM_PE : 0;
	x[5] = random_affinity(c);
	if (one_in(c, 8))
		x[4] |= SDEI_REGISTER_RELATIVE;
	if (one_in(c, 16))
		x[4] |= nonsense(c) & ~UINT64_C(2);
	x[2] = x[4] & SDEI_REGISTER_RELATIVE
		       ? (uint64_t)(event_entry_relative - vectors)
		       : ENTRY;
	if (one_in(c, 16))
		x[2] = one_in(c, 2) && !(x[4] & SDEI_REGISTER_RELATIVE)
			       ? 0
			       : x[2] | (1 + below(c, 3));
	x[3] = argument_for(this_pe()->index, (uint32_t)x[1]);
}

/* Arguments that fit the function. */
static void random_arguments(struct client *c, uint64_t x[18])
{
	x[1] = random_event(c);
	switch (x[0]) {
	case REGISTER:
		random_entry(c, x);
		break;
	case CONTEXT:
		x[1] = one_in(c, 8) ? nonsense(c) : below(c, 20);
		break;
	case COMPLETE_AND_RESUME:
		/* In a handler it would be more than a call: see handle.c. */
		x[1] = c->level || one_in(c, 2) ? ENTRY | 1 : ENTRY;
		break;
	case GET_INFO:
		x[2] = one_in(c, 16) ? nonsense(c) : below(c, 6);
		break;
	case ROUTING_SET:
		x[2] = one_in(c, 8) ? nonsense(c) : below(c, 2);
		x[3] = random_affinity(c);
		break;
	case BIND:
		x[1] = random_interrupt(c);
		break;
	case SIGNAL:
		if (!one_in(c, 8))
			x[1] = 0;
		x[2] = random_affinity(c);
		break;
	case FEATURES:
		x[1] = one_in(c, 8) ? nonsense(c) : below(c, 4);
		break;
	}
}

static uint64_t random_function(struct client *c)
{
	uint64_t fid;

	do {
		if (one_in(c, 8))
			fid = SDEI_FID_FIRST + below(c, 32);
		else
			fid = usual[below(c, sizeof(usual) / sizeof(usual[0]))];
	} while (fid == COMPLETE && c->level);
	return fid;
}

static void note_results(struct client *c, const struct made *m)
{
	unsigned f = m->before[0] & 31;
	int64_t result = (int64_t)m->after[0];

	c->calls++;
	c->counts[f][result >= 0]++;
	if ((uint32_t)m->before[0] == BIND && result >= 0)
		store(recent[__atomic_fetch_add(&recent_next, 1,
						__ATOMIC_RELAXED) %
			     RECENT],
		      (uint32_t)result);
}

/* What the call may change of what this PE knows: before it. */
static void prepare(struct client *c, struct made *m, struct touch *t)
{
	m->number = number_find((uint32_t)m->before[1]);
	m->registered = UNKNOWN;
	if (m->number >= 0 && kind_is_private(numbers[m->number].kind))
		m->registered = known(c, (unsigned)m->number);
	m->masked = c->masked;
	m->level = c->level;
	switch ((uint32_t)m->before[0]) {
	case REGISTER:
	case UNREGISTER:
		if (m->number >= 0)
			t[0] = touch_begin(c, (unsigned)m->number);
		break;
	case PRIVATE_RESET:
		for (unsigned i = 0; i < number_count; i++)
			t[i] = touch_begin(c, i);
		break;
	case PE_UNMASK:
		c->masked = false;
		c->unmasking++;
		break;
	}
}

/* And after it. A refusal leaves the registration as it was. */
static void conclude(struct client *c, const struct made *m,
		     const struct touch *t)
{
	int64_t result = (int64_t)m->after[0];
	enum knowledge was = t[0].before & 0xff;

	switch ((uint32_t)m->before[0]) {
	case REGISTER:
		if (m->number >= 0)
			touch_end(c, (unsigned)m->number, t[0],
				  result == 0 ? YES : was);
		break;
	case UNREGISTER:
		if (m->number >= 0)
			touch_end(c, (unsigned)m->number, t[0],
				  result == 0 || result == SDEI_PENDING ||
						  result == SDEI_DENIED
					  ? NO
					  : was);
		break;
	case PRIVATE_RESET:
		for (unsigned i = 0; i < number_count; i++)
			touch_end(c, i, t[i], NO);
		break;
	case PE_MASK:
		/* In a handler, it may have come just before an UNMASK. */
		c->masked = !c->unmasking;
		break;
	case PE_UNMASK:
		c->unmasking--;
		break;
	}
}

void random_call(struct client *c)
{
	struct touch t[MAX_NUMBERS];
	struct made m;
	uint64_t *x = m.after, runs;

	for (unsigned i = 0; i < 18; i++)
		x[i] = next_random(&c->random);
	x[0] = random_function(c);
	random_arguments(c, x);
	if (one_in(c, 64))
		x[0] ^= UINT64_C(1) << 30; /* SMC32: not SDEI's */
	else if (one_in(c, 64))
		x[0] |= next_random(&c->random) << 32;
	for (unsigned i = 0; i < 18; i++)
		m.before[i] = x[i];
	runs = load(c->runs);
	prepare(c, &m, t);
	conduit_call(x);
	conclude(c, &m, t);
	m.alone = load(c->runs) == runs;
	note_results(c, &m);
	judge(c, &m);
}
