/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process in AArch32: its registers are some of the kernel's, its PSTATE has
 * bits that ours has not, and the way out of a handler is another vector.
 */
#include "test.h"

#define APSR_Q    (1u << 27)
#define APSR_Q_GE (APSR_Q | 0xfu << 16)
#define APSR_ZC   (3u << 29) /* what R12 ends with */
#define COUNTER   12

/* user_probe_32's data. */
struct state_32 {
	uint32_t r[16]; /* R15 is none of them */
	uint32_t apsr, unused;
	uint64_t d[32];
};

_Static_assert(offsetof(struct state_32, apsr) == 64, "user_probe_32");
_Static_assert(offsetof(struct state_32, d) == 72, "user_probe_32");

extern char user_probe_32[], user_probe_32_wait[], user_probe_32_end[];

static bool has_aarch32(void)
{
	return (read_sysreg(id_aa64pfr0_el1) & 0xf) == 2;
}

static void fill(struct state_32 *load)
{
	struct state s;

	fill_state(&s, new_seed());
	for (unsigned i = 0; i < 15; i++)
		load->r[i] = (uint32_t)s.x[i];
	load->r[COUNTER] = wait_spins() < UINT32_MAX ? (uint32_t)wait_spins()
						     : UINT32_MAX;
	load->apsr = ((uint32_t)s.x[20] & APSR_Q_GE) | APSR_Q;
	for (unsigned i = 0; i < 32; i++)
		load->d[i] = s.fp.v[i];
}

static void same(const struct state_32 *load, const struct state_32 *found)
{
	for (unsigned i = 0; i < 15; i++)
		if (i != COUNTER)
			check(found->r[i] == load->r[i],
			      "R%u is 0x%x and was 0x%x", i, found->r[i],
			      load->r[i]);
	check((found->apsr & (APSR_Q_GE | P_NZCV)) == (load->apsr | APSR_ZC),
	      "APSR is 0x%x and was 0x%x", found->apsr, load->apsr);
	for (unsigned i = 0; i < 32; i++)
		check(found->d[i] == load->d[i], "D%u is 0x%lx and was 0x%lx",
		      i, found->d[i], load->d[i]);
}

/* And what the handler was told. */
static void same_told(const struct state_32 *load, const struct seen *s)
{
	for (unsigned i = 0; i < 15; i++)
		if (i != COUNTER)
			check((uint32_t)s->at.x[i] == load->r[i],
			      "in the handler R%u is 0x%x and was 0x%x", i,
			      (uint32_t)s->at.x[i], load->r[i]);
	check((s->at.pstate & 0x1f) == P_EL0_32, "PSTATE is 0x%lx",
	      s->at.pstate);
	check(!s->wrong, "%s", s->wrong);
}

/* Once; did the event come while it waited? */
static bool once(unsigned priority, struct seen *s)
{
	struct thread *t = process_new_32(user_probe_32, this_cpu()->index);
	struct state_32 load = { 0 }, found;

	fill(&load);
	*(struct state_32 *)t->data = load;
	s->count = 0;
	raise_after(priority, raise_ticks());
	process_run(t);
	found = *(struct state_32 *)(t->data + PROBE_FOUND);
	process_free(t);
	same(&load, &found);
	if (s->count != 1 || s->at.pc < user_address(user_probe_32_wait) ||
	    s->at.pc >= user_address(user_probe_32_end))
		return false;
	same_told(&load, s);
	return true;
}

void aarch32_here(unsigned priority)
{
	struct seen *s = &seen[priority][this_cpu()->index];
	bool met = false;

	for (attempt = 0; attempt < ATTEMPTS && !met; attempt++) {
		outside_settle();
		met = once(priority, s);
	}
	attempt = 0;
	check(met, "no event came while it waited, %u came, PC 0x%lx", s->count,
	      s->at.pc);
}

void test_aarch32(void)
{
	static const char *const priorities[] = { "a normal", "a critical" };

	for (unsigned priority = 0; priority < 2; priority++) {
		if (events[priority] == NO_EVENT || !has_aarch32()) {
			tap_skip(has_aarch32() ? "no such event" : "no AArch32",
				 "a process in AArch32");
			continue;
		}
		aarch32_here(priority);
		tap("%s event finds and leaves a process in AArch32 as it was",
		    priorities[priority]);
	}
}
