/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside a handler: per-CPU data and debug exceptions while a hostile guest is
 * loaded, exceptions of the handler's own, and a critical event over a normal
 * one.
 */
#include "test.h"

#define NOWHERE       (LINEAR_BASE + 0x100000000) /* not mapped */
#define MDSCR_KDE_MDE (UINT64_C(1) << 13 | UINT64_C(1) << 15)
/* Enabled, all four bytes, at EL2 alone or at EL1 alone. */
#define BCR ((HOST_EL == 2 ? 7u << 13 : 1u << 1) | 0xfu << 5 | 1u)

extern char guest_debug[], guest_spin[], guest_spin_wait[], guest_spin_end[],
	user_vmm[], user_spin[], user_spin_end[], probe_x27_wait[],
	probe_x27_end[];
void fault_at(uint64_t address); /* probe.S */
extern char fault_fixup[];
void probe_x27(struct state *load, struct state *found);
void debug_trap(void);
extern char debug_fixup[];

/* This attempt: reports before it, and whether the handler did its part. */
static unsigned troubles_before;
static bool acted;

static unsigned here(void)
{
	return this_cpu()->index;
}

static struct seen *expect(unsigned priority, void (*action)(struct seen *))
{
	struct seen *s = &seen[priority][here()];

	s->count = 0;
	s->wrong = NULL;
	s->action = action;
	s->guest = false;
	return s;
}

/* A VMM and its guest; the guest's data begin with the given words. */
static struct vcpu *run_guest(const char *program, unsigned priority,
			      const uint64_t *words, unsigned n)
{
	struct thread *t = process_new(user_vmm, here());
	struct vcpu *v = t->vcpu = guest_new(program);

	memcpy(v->data, words, 8 * n);
	raise_after(priority, raise_ticks());
	process_run(t);
	process_free(t);
	return v;
}

static void run_process(unsigned priority)
{
	struct thread *t = process_new(user_spin, here());

	*(uint64_t *)t->data = wait_spins();
	raise_after(priority, raise_ticks());
	process_run(t);
	process_free(t);
}

/* With everything in registers, ELR and SPSR too; not ESR, not FAR. */
static void run_host(unsigned priority)
{
	static uint8_t area[0x4000] __attribute__((aligned(16)));
	struct state *load = (struct state *)area;
	struct state *found = (struct state *)(area + PROBE_FOUND);

	fill_state(load, 0xfa17);
	load->x[27] = wait_spins();
	irq_off();
	raise_after(priority, raise_ticks());
	probe_x27(load, found);
	irq_on();
	load->x[27] = 0;
	for (unsigned i = 0; i < 31; i++)
		check(found->x[i] == load->x[i], "x%u is 0x%lx and was 0x%lx",
		      i, found->x[i], load->x[i]);
	check(found->elr == load->elr && found->spsr == load->spsr,
	      "ELR and SPSR are 0x%lx, 0x%lx and were 0x%lx, 0x%lx", found->elr,
	      found->spsr, load->elr, load->spsr);
}

/* Until the event came over a guest, or over none, as wanted. */
static void run_until(struct seen *s, bool guest, unsigned priority,
		      void (*run)(unsigned priority))
{
	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		outside_settle();
		for (unsigned i = 0; i < 2; i++)
			seen[i][here()].count = 0;
		troubles_before = trouble.count;
		acted = true;
		run(priority);
		if (s->count && s->guest == guest && acted)
			break;
	}
	attempt = 0;
	s->action = NULL;
	check(s->count == 1 && s->guest == guest && acted,
	      "%u events, guest %u, in its place %u", s->count, s->guest,
	      acted);
}

static bool in(uint64_t pc, uint64_t from, uint64_t to)
{
	return pc >= from && pc < to;
}

/* A guest first sets its registers: it is as hostile as it will be in its loop. */
static void guest_ready(struct seen *s)
{
	acted = in(s->at.pc, guest_address(guest_spin_wait),
		   guest_address(guest_spin_end));
}

/* ---- Per-CPU data. */

static uint64_t tpidr_found;

static void run_hostile(unsigned priority)
{
	uint64_t words[] = { wait_spins(), (uint64_t)&cpus[here() ^ 1] };
	struct vcpu *v = run_guest(guest_spin, priority, words, 2);

	tpidr_found = v->el1.tpidr_el1;
	guest_free(v);
}

static void test_tpidr(void)
{
	struct seen *s = expect(SDEI_PRIORITY_NORMAL, guest_ready);

	run_until(s, true, SDEI_PRIORITY_NORMAL, run_hostile);
	check(!s->wrong, "%s", s->wrong);
	check(tpidr_found == (uint64_t)&cpus[here() ^ 1],
	      "the guest's TPIDR_EL1 is 0x%lx", tpidr_found);
	tap("a handler's per-CPU data are the host's, though the guest's TPIDR_EL1 points to another CPU's");
}

/* ---- Debug exceptions. */

static struct {
	uint64_t mdscr, bvr, bcr;
	unsigned masked, unmasked; /* exceptions taken in debug_trap() */
} debug;

/* The guest's breakpoint is on debug_trap(): masked, then on purpose not. */
static void step_on_it(struct seen *s)
{
	struct cpu *cpu = this_cpu();

	guest_ready(s);
	if (!acted)
		return;
	debug.mdscr = read_sysreg(mdscr_el1);
	debug.bvr = read_sysreg(dbgbvr0_el1);
	debug.bcr = read_sysreg(dbgbcr0_el1);
	cpu->fixup = (uint64_t)debug_fixup;
	debug_trap();
	debug.masked = !cpu->fixup;
	cpu->fixup = (uint64_t)debug_fixup;
	__asm__ volatile("msr daifclr, #8; isb" : : : "memory");
	debug_trap();
	__asm__ volatile("msr daifset, #8; isb" : : : "memory");
	debug.unmasked = !cpu->fixup;
	cpu->fixup = 0;
}

static void run_debugged(unsigned priority)
{
	uint64_t words[] = { wait_spins(), (uint64_t)debug_trap, BCR,
			     MDSCR_KDE_MDE };

	guest_free(run_guest(guest_debug, priority, words, 4));
	write_sysreg(dbgbcr0_el1, 0);
}

static void test_debug(void)
{
	struct seen *s = expect(SDEI_PRIORITY_NORMAL, step_on_it);

	run_until(s, true, SDEI_PRIORITY_NORMAL, run_debugged);
	check(debug.bvr == (uint64_t)debug_trap && debug.bcr == BCR,
	      "the guest's breakpoint is at 0x%lx, 0x%lx", debug.bvr,
	      debug.bcr);
	if (HOST_VHE)
		check((debug.mdscr & MDSCR_KDE_MDE) == MDSCR_KDE_MDE,
		      "MDSCR_EL1 is 0x%lx", debug.mdscr);
	check(!debug.masked, "the guest's breakpoint fired in the handler");
	if (HOST_VHE)
		check(debug.unmasked, "it would not have fired anyway");
	tap("a guest's breakpoint in a handler's path does not fire%s",
	    HOST_VHE ? ", and does once the handler unmasks debug exceptions"
		     : "");
}

/* ---- Exceptions. */

/*
 * Not while the kernel itself comes in or goes out: ESR and FAR, which it may
 * be about to read, are lost in an exception of a handler's.
 */
static void go_wrong(struct seen *s)
{
	uint64_t pc = s->at.pc;

	if (!s->guest &&
	    !in(pc, user_address(user_spin), user_address(user_spin_end)) &&
	    !in(pc, (uint64_t)probe_x27_wait, (uint64_t)probe_x27_end)) {
		acted = false;
		return;
	}
	this_cpu()->fixup = (uint64_t)fault_fixup;
	fault_at(NOWHERE);
}

static void fault_from(const char *place, unsigned priority,
		       void (*run)(unsigned priority), bool guest)
{
	struct seen *s = expect(priority, go_wrong);

	run_until(s, guest, priority, run);
	check(trouble.count == troubles_before + 1 &&
		      trouble.what == SDEI_TROUBLE_EXCEPTION,
	      "%u reports, the last is %u", trouble.count - troubles_before,
	      trouble.what);
	check(trouble.event == events[priority] && trouble.cpu == here(),
	      "reported of event 0x%x on CPU %u", trouble.event, trouble.cpu);
	check(this_cpu()->fault.far == NOWHERE, "it faulted at 0x%lx",
	      this_cpu()->fault.far);
	tap("an exception in a handler is reported, and the PE goes on: over %s",
	    place);
}

static void run_spinning_guest(unsigned priority)
{
	uint64_t words[] = { wait_spins(), 0 };

	guest_free(run_guest(guest_spin, priority, words, 2));
}

static void test_faults(unsigned priority)
{
	fault_from("the host, masked", priority, run_host, false);
	fault_from("a process", priority, run_process, false);
	if (at_el2)
		fault_from("a guest", priority, run_spinning_guest, true);
	else
		tap_skip("no EL2 for guests", "an exception over a guest");
}

/*
 * The end of everything: an interrupt where none may be, with a guest loaded
 * and no per-CPU data. What there is to say must be said all the same.
 */
static void lose_everything(struct seen *s)
{
	if (!s->guest)
		return;
	gic_send(this_cpu(), SGI_WAKE);
	write_sysreg(TPIDR_HOST, 0);
	irq_on();
}

void test_panic(void)
{
	run_until(expect(SDEI_PRIORITY_NORMAL, lose_everything), true,
		  SDEI_PRIORITY_NORMAL, run_spinning_guest);
	panic("it went on");
}

/* ---- Two deep. */

static struct {
	unsigned inside, after; /* critical handlers that ran */
	bool told;
} nested;

static void critical_inside(struct seen *s)
{
	const struct seen *critical = &seen[SDEI_PRIORITY_CRITICAL][here()];
	const struct sdei_interrupted *at;

	nested.inside = critical->count;
	raise_after(SDEI_PRIORITY_CRITICAL, 50);
	nested.after = wait_until(load(critical->count), patience(SECONDS(1)));
	at = sdei_client_interrupted(client, here(), SDEI_PRIORITY_NORMAL);
	nested.told = at && at->pc == s->at.pc && at->x[5] == s->at.x[5];
}

static void test_nested(const char *place, void (*run)(unsigned), bool guest)
{
	struct seen *critical = expect(SDEI_PRIORITY_CRITICAL, NULL);
	struct seen *s = expect(SDEI_PRIORITY_NORMAL, critical_inside);

	run_until(s, guest, SDEI_PRIORITY_NORMAL, run);
	check(critical->count == 1, "%u critical events", critical->count);
	check(!nested.inside && nested.after,
	      "the critical one did not come inside the normal one");
	check(critical->at.pc >= IMAGE_BASE ||
		      critical->at.from == SDEI_FROM_EL2,
	      "it interrupted 0x%lx", critical->at.pc);
	check(nested.told, "the outer context is no longer told");
	check(!s->wrong, "%s", s->wrong);
	check(!critical->wrong, "%s", critical->wrong);
	tap("a critical event over a normal one over %s", place);
}

void test_handler(void)
{
	if (at_el2) {
		test_tpidr();
		test_debug();
	}
	test_faults(SDEI_PRIORITY_NORMAL);
	if (events[SDEI_PRIORITY_CRITICAL] == NO_EVENT)
		return;
	test_faults(SDEI_PRIORITY_CRITICAL);
	test_nested("the host, masked", run_host, false);
	test_nested("a process", run_process, false);
	if (at_el2)
		test_nested("a guest", run_spinning_guest, true);
}
