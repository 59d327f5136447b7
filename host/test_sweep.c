/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sweep: an event at every single instruction of a path. Each run of a path
 * is the same up to its event, which comes one instruction later than in the
 * run before; what the path leaves behind must be what it leaves without one.
 *
 * That none is skipped is seen from where the events came: from one to the next
 * there is one step of the program. It needs one instruction to be one tick.
 */
#include "sweep.h"

#define RANGE   0x40000 /* of code, that is looked at */
#define VECTOR  0x80
#define VECTORS 0x800

extern uint8_t user_text[], guest_text[];
extern char host_vectors[], hyp_vectors[], entry_begin[], entry_end[],
	guest_begin[], guest_end[];

unsigned sweep_priority;
uint64_t sweep_position;
static uint8_t hit[RANGE / 4 / 8];
static unsigned hits, steps;
static struct outcome outcome, reference;
static struct seen took; /* the event of this position */
static unsigned total_positions, total_steps;

/* Called by a path where its first position is. */
void sweep_arm(void)
{
	raise_after(sweep_priority, sweep_position);
}

void sweep_took(unsigned cpu)
{
	took = seen[sweep_priority][cpu];
}

/* The interrupted instruction, as the kernel can read it; or NULL. */
static const uint32_t *code(const struct seen *s)
{
	uint64_t pc = s->at.pc, at = pc;

	if (s->at.from == SDEI_FROM_EL2)
		at = pc - phys((void *)IMAGE_BASE) + IMAGE_BASE;
	else if (s->guest)
		at = pc - GUEST_TEXT + (uint64_t)guest_text;
	else if (!(s->at.pstate & P_MODE))
		at = pc - USER_TEXT + (uint64_t)user_text;
	return at - IMAGE_BASE < RANGE ? (const uint32_t *)at : NULL;
}

static bool is(const uint32_t *at, uint32_t mask, uint32_t value)
{
	return (*at & mask) == value;
}

static bool is_call_up(const uint32_t *at)
{
	return is(at, 0xff000000, 0xd4000000); /* SVC, HVC, SMC, BRK */
}

static bool may_jump(const uint32_t *at)
{
	return is(at, 0x7c000000, 0x14000000) || /* B, BL */
	       is(at, 0xff000010, 0x54000000) || /* B.cond */
	       is(at, 0x7c000000, 0x34000000) || /* CBZ, TBZ and so on */
	       is(at, 0xfe000000, 0xd6000000) || /* BR, RET, ERET */
	       is_call_up(at);
}

static bool is_vector(const uint32_t *at)
{
	uint64_t host = (uint64_t)at - (uint64_t)host_vectors;
	uint64_t hyp = (uint64_t)at - (uint64_t)hyp_vectors;

	return (host < VECTORS && host % VECTOR == 0) ||
	       (hyp < VECTORS && hyp % VECTOR == 0);
}

/* At EL2 or at EL1, the code is in one image. */
static bool is_entry(uint64_t at)
{
#if !HOST_VHE
	if (at_el2 && at == (uint64_t)sdei_stub_entry)
		return true;
#endif
	return at == (uint64_t)sdei_entry;
}

/*
 * Where an event comes that had to wait: time passes, and the program is still
 * there. It waits for the firmware to be done with a call, for the CPU to wake,
 * and for the handler of another event to begin or to end.
 */
static bool waited(const uint32_t *at)
{
	return is_call_up(at - 1) || is(at - 1, ~0u, 0xd503207f) ||
	       is_vector(at) || is_entry((uint64_t)at);
}

/*
 * Can the program have gone from one to the other in one step? An exception
 * leads from anywhere to a vector.
 */
static bool one_step(const uint32_t *from, const uint32_t *to)
{
	if (from == to)
		return waited(to);
	return to == from + 1 || may_jump(from) || is_vector(to);
}

static bool was_hit(const uint32_t *at)
{
	size_t n = (size_t)((uint64_t)at - IMAGE_BASE) / 4;

	return hit[n / 8] >> n % 8 & 1;
}

static void note(const uint32_t *at)
{
	size_t n = (size_t)((uint64_t)at - IMAGE_BASE) / 4;

	hits += !was_hit(at);
	hit[n / 8] |= (uint8_t)(1u << n % 8);
}

static void run_path(const struct path *p)
{
	memset(&outcome, 0, sizeof(outcome));
	for (unsigned i = 0; i < 2; i++)
		for (unsigned cpu = 0; cpu < cpu_count; cpu++)
			seen[i][cpu].count = 0;
	p->run(&outcome);
	if (!p->span)
		sweep_took(this_cpu()->index);
}

static void compare(const struct path *p, uint64_t pc)
{
	const uint64_t *want = (const uint64_t *)&reference;
	const uint64_t *got = (const uint64_t *)&outcome;

	for (size_t i = 0; i < sizeof(outcome) / 8; i++)
		check(want[i] == got[i],
		      "%s: event at position %lu, PC 0x%lx: word %lu is 0x%lx instead of 0x%lx",
		      p->name, sweep_position, pc, i, got[i], want[i]);
}

/* Where this position's event came, and whether that is one step further. */
static void judge(const struct path *p, const uint32_t **last)
{
	const uint32_t *at = code(&took);

	check(took.count == 1, "%s: %u events at position %lu", p->name,
	      took.count, sweep_position);
	check(!took.wrong, "%s: position %lu: %s", p->name, sweep_position,
	      took.wrong);
	check(at != NULL, "%s: position %lu is at 0x%lx, which is no code",
	      p->name, sweep_position, took.at.pc);
	if (!at)
		return;
	check(!*last || one_step(*last, at),
	      "%s: position %lu is at 0x%lx, not one step from 0x%lx", p->name,
	      sweep_position, (uint64_t)at, (uint64_t)*last);
	note(at);
	steps += *last != at;
	*last = at;
}

/* One position. False if the path was over before. */
static bool one(const struct path *p, const uint32_t **last)
{
	run_path(p);
	compare(p, took.at.pc);
	if (took.count)
		judge(p, last);
	if (p->span)
		return sweep_position < p->span;
	if (!took.count)
		raise_after(p->priority, 0);
	return took.count;
}

void sweep(const struct path *p)
{
	const uint32_t *last = NULL;
	uint64_t start = now();
	unsigned before = hits;

	steps = 0;
	sweep_priority = p->priority;
	sweep_position = 0;
	run_path(p);
	reference = outcome;
	run_path(p);
	compare(p, 0);
	for (sweep_position = 1; one(p, &last); sweep_position++)
		;
	check(steps >= p->least, "%s: only %u steps", p->name, steps);
	print("# %s: %lu positions, %u steps, %u new instructions, %lu ms of its time\n",
	      p->name, sweep_position, steps, hits - before,
	      (now() - start) / microseconds(1000));
	total_positions += (unsigned)sweep_position;
	total_steps += steps;
	tap("sweep: an event at every instruction of %s", p->name);
}

/* Behind an ERET are two barriers that nobody comes to. */
static bool behind_eret(const uint32_t *at)
{
	return is(at - 1, ~0u, 0xd69f03e0) ||
	       (is(at - 1, ~0u, 0xd503379f) && is(at - 2, ~0u, 0xd69f03e0));
}

static void covered(const char *name, const char *from, const char *to)
{
	const uint32_t *end = (const uint32_t *)to;
	unsigned n = 0;

	for (const uint32_t *at = (const uint32_t *)from; at < end; at++) {
		if (behind_eret(at))
			continue;
		n++;
		check(was_hit(at), "no event came at 0x%lx", (uint64_t)at);
	}
	tap("sweep: every one of the %u instructions of %s was interrupted", n,
	    name);
}

void sweep_covered(void)
{
	print("# sweep: in all %u positions, %u steps, %u different instructions\n",
	      total_positions, total_steps, hits);
	covered("the vectors' entry and exit", entry_begin, entry_end);
	if (at_el2)
		covered("guest entry and exit", guest_begin, guest_end);
}
