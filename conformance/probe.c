/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Running a probe: PE 0 goes into it, another PE signals event 0 until the
 * handler has found the probe waiting, and ends the wait if no event comes. The
 * only PE of a machine signals itself, by the call that the probe makes; at a
 * lower exception level it needs a timer that it can bind.
 */
#include "probe.h"

#include "arch.h"
#include "check.h"
#include "event.h"
#include "source.h"
#include "suites.h"

#define NZCV_LAUNCH   (UINT64_C(9) << 28)
#define TRIES         100
#define TIMER_DELAY   200 /* microseconds until it fires */
#define SCTLR_EL1_A64 UINT64_C(0x30d00800)
#define SCTLR_EL1_A32 UINT64_C(0x00c50838)

#define A64_BRK  (0xd4200000 | BRK_LEAVE << 5)
#define A64_B    0x14000000
#define A32_BKPT (0xe1200070 | (BRK_LEAVE >> 4) << 8)

extern char probe_code_end[], probe_exit[];
extern char probe_el2[], probe_el2_wait[], probe_el2_smc[],
	probe_el2_smc_wait[], probe_el1[], probe_el1_wait[], probe_el1_smc[],
	probe_el1_smc_wait[], probe_el1_hvc[], probe_el1_hvc_wait[],
	probe_lower[], probe_lower_wait[], probe_lower_smc[],
	probe_lower_smc_wait[], probe_lower32[], probe_lower32_wait[];
void __attribute__((noreturn)) launch_client(const struct state *s);
void __attribute__((noreturn)) launch_lower(const struct state *s);

const char no_event_there[] =
	"one PE and no timer to bind: nothing can raise an event while it is there";

static struct probe *current;
static bool launching;
static unsigned early;

static void write_code(uint64_t place, const uint32_t *words, size_t n)
{
	uint64_t address = place - PROBE_BASE + PROBE_ALIAS;
	volatile uint32_t *to = (volatile uint32_t *)address;

	for (size_t i = 0; i < n; i++) {
		to[i] = words[i];
		/* To memory: a lower exception level runs without caches. */
		__asm__ volatile("dc civac, %0" : : "r"(&to[i]) : "memory");
	}
	dsb();
	__asm__ volatile("ic ialluis; dsb sy; isb" : : : "memory");
}

void probe_install(void)
{
	write_code(PROBE_BASE, (const uint32_t *)probe_code,
		   (size_t)(probe_code_end - probe_code) / 4);
}

/* End the wait: the branch to itself becomes the way out. */
static void open_way(const struct probe *p)
{
	uint64_t distance = (uint64_t)probe_exit - p->wait;
	uint32_t word = A64_BRK;

	if (p->place == AT_LOWER_32)
		word = A32_BKPT;
	else if (p->way_out == BY_BRANCH && p->place < AT_LOWER)
		word = A64_B | (uint32_t)(distance >> 2 & 0x3ffffff);
	write_code(p->wait, &word, 1);
}

/*
 * The handler came too early, by a BRK, which took the exception registers of what it
 * interrupted: code that was about to load them, or had. Before and behind that they
 * may have their values as well.
 */
static void put_back(const struct probe *p, uint64_t interrupted)
{
	const struct state *s = &p->start;
	bool inside = p->place < AT_LOWER && interrupted >= s->pc &&
		      interrupted < p->wait;

	if (p->entry != event_entry_brk)
		return;
	write_client(elr, inside ? s->elr : s->pc);
	write_client(spsr, inside ? s->spsr : s->pstate);
	write_client(esr, s->esr);
	write_client(far, s->far);
}

static void probe_handler(struct pe *pe, struct record *r)
{
	struct probe *p = current;

	if (!p || p->handled)
		return;
	if (p->event)
		timer_source.quiet();
	if (r->at.x[2] != p->wait && early < TRIES) {
		store(early, early + 1);
		if (p->event)
			timer_fire_in(TIMER_DELAY);
		put_back(p, r->at.x[2]);
		return;
	}
	p->handler = r->at;
	p->entry_pstate = pe->entry_spsr;
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		p->context[i] = (uint64_t)CALL(CONTEXT, i);
	if (p->in_handler)
		p->in_handler(pe, r);
	if (p->fid) {
		r->fid = p->fid;
		r->argument = p->argument;
	}
	open_way(p);
	store(p->handled, true);
}

/* PE 1's part. A signal can come before the probe waits: then once more. */
static uint64_t interrupt_probe(struct pe *pe, uint64_t argument)
{
	struct probe *p = (struct probe *)argument;
	unsigned seen;

	(void)pe;
	wait_until(load(launching), SOON);
	for (unsigned i = 0; i <= TRIES && !load(p->handled); i++) {
		seen = load(early);
		delay(20);
		CALL(SIGNAL, 0, pes[0].mpidr);
		if (!wait_until(load(p->handled) || load(early) != seen, SOON))
			break;
	}
	if (!load(p->handled))
		open_way(p);
	return 0;
}

struct code {
	char *start, *wait;
};

static struct code code_at(enum place place)
{
	static const struct code client[3][2] = {
		{ { probe_el2, probe_el2_wait },
		  { probe_el2_smc, probe_el2_smc_wait } },
		{ { probe_el1, probe_el1_wait },
		  { probe_el1_smc, probe_el1_smc_wait } },
		{ { probe_el1, probe_el1_wait },
		  { probe_el1_hvc, probe_el1_hvc_wait } },
	};
	static const struct code lower[] = {
		[AT_LOWER] = { probe_lower, probe_lower_wait },
		[AT_LOWER_CALL] = { probe_lower_smc, probe_lower_smc_wait },
		[AT_LOWER_32] = { probe_lower32, probe_lower32_wait },
	};

	if (place >= AT_LOWER)
		return lower[place];
	return client[client_el == 2   ? 0
		      : conduit_is_hvc ? 2
				       : 1][place == AT_CLIENT_CALL];
}

static void fill(struct probe *p)
{
	uint64_t high = p->place == AT_LOWER_32 ? 0
						: UINT64_C(0x5dea000000000000);
	struct state *s = &p->start;

	for (unsigned i = 0; i < 31; i++)
		s->x[i] = high | 0x1000 * (i + 1) | 0xa00 | i;
	for (unsigned i = 0; i < 64; i++)
		s->v[i] = UINT64_C(0xf10a7000f10a7000) + i;
	if (p->place == AT_CLIENT_CALL || p->place == AT_LOWER_CALL)
		for (unsigned i = 0; i < 4; i++)
			s->x[i] = p->x[i];
	s->sp = UINT64_C(0x0badbadbadbad000);
	s->pc = IN_PROBE(code_at(p->place).start);
	p->wait = IN_PROBE(code_at(p->place).wait);
	s->pstate = p->pstate;
	if (p->place >= AT_LOWER && !(p->pstate & P_NZCV))
		s->pstate |= NZCV_LAUNCH;
	s->elr = UINT64_C(0x00e1e1e1e1e1e1e0);
	s->spsr = UINT64_C(0x80000004);
	s->esr = UINT64_C(0x5e1234);
	s->far = UINT64_C(0x00fa0fa0fa0fa0fa);
	s->sp_el0 = UINT64_C(0x0e105e105e105e10);
	s->sp_el1 = UINT64_C(0x0e115e115e115e10);
	s->fpcr = UINT64_C(0x03000000);
	s->fpsr = UINT64_C(0x08000095);
}

/* The event, as the probe wants it to arrive. */
static void prepare_event(struct probe *p)
{
	p->handled = false;
	p->event = 0;
	pes[0].handler = probe_handler;
	if (!p->entry)
		return;
	if (!probe_possible(p->place))
		skip(no_event_there);
	if (pe_count == 1 && p->place >= AT_LOWER) {
		p->event = bind(&timer_source);
	}
	ASK(OK, REGISTER, p->event, (uint64_t)p->entry, ARGUMENT(0), 0, 0);
	if (p->place == AT_CLIENT_CALL && p->x[0] != SIGNAL)
		signal(0);
	if (p->x[0] != ENABLE)
		ASK(OK, ENABLE, p->event);
	if (p->x[0] != PE_UNMASK)
		ASK(OK, PE_UNMASK);
}

static void launch(struct probe *p)
{
	bool a32_el1 = (p->pstate & P_MODE) == P32_SUPERVISOR;

	if (client_el == 2) {
		uint64_t hcr = read_sysreg(hcr_el2) | HCR_RW;

		write_sysreg(hcr_el2, a32_el1 ? hcr & ~HCR_RW : hcr);
		write_sysreg(sctlr_el1,
			     a32_el1 ? SCTLR_EL1_A32 : SCTLR_EL1_A64);
		isb();
	}
	store(launching, true);
	if (context_save(&this_pe()->back))
		return;
	irq_mask();
	if (p->place < AT_LOWER)
		launch_client(&p->start);
	launch_lower(&p->start);
}

bool probe_possible(enum place place)
{
	return pe_count > 1 || place < AT_LOWER ||
	       (bind_slots_private() && can_bind_timer());
}

void probe_run(struct probe *p)
{
	bool by_other = p->entry && p->place != AT_CLIENT_CALL && pe_count > 1;
	uint64_t ignored;

	if (p->entry && pe_count == 1 && p->place == AT_CLIENT) {
		p->place = AT_CLIENT_CALL;
		p->x[0] = SIGNAL;
		p->x[1] = 0;
		p->x[2] = pes[0].mpidr;
	}
	probe_install();
	fill(p);
	current = p;
	early = 0;
	launching = false;
	p->returned = false;
	prepare_event(p);
	if (!p->entry)
		open_way(p);
	if (by_other)
		pe_begin(1, interrupt_probe, (uint64_t)p);
	if (p->event)
		timer_fire_in(TIMER_DELAY);
	launch(p);
	irq_unmask();
	current = NULL;
	/* What the call before the wait returned is what was interrupted. */
	if (p->entry && p->place == AT_CLIENT_CALL)
		p->start.x[0] = 0;
	if (p->place < AT_LOWER)
		p->start.pc = p->wait;
	if (by_other)
		pe_wait(1, &ignored);
}

void probe_left(const struct state *s)
{
	if (current) {
		current->end = *s;
		current->returned = true;
	}
}
