/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whatever an event interrupts, it finds intact afterwards: every register that
 * can be named, at each exception level, interrupts masked or not.
 */
#include "test.h"

typedef void probe_function(struct state *load, struct state *found);

extern char probe_x27_wait[], probe_x27_end[], probe_x1_wait[], probe_x1_end[],
	probe_no_stack_wait[], probe_no_stack_end[], user_probe_x27[],
	user_probe_x27_wait[], user_probe_x27_end[], user_probe_x1[],
	user_probe_x1_wait[], user_probe_x1_end[], guest_probe_x27[],
	guest_probe_x27_wait[], guest_probe_x27_end[], guest_probe_x1[],
	guest_probe_x1_wait[], guest_probe_x1_end[], guest_user_probe_x27[],
	guest_user_probe_x27_wait[], guest_user_probe_x27_end[],
	guest_user_probe_x1[], guest_user_probe_x1_wait[],
	guest_user_probe_x1_end[], user_vmm[];
probe_function probe_x27, probe_x1, probe_no_stack;

enum where { HOST_MASKED, HOST_UNMASKED, HOST_EL0, GUEST_EL1, GUEST_EL0 };

struct place {
	const char *name;
	enum where where;
	unsigned counter; /* the register that counts */
	probe_function *probe;
	char *program, *wait, *end;
};

/* clang-format off */
#define HOST_PROBE(text, where, n, name) \
	{ text, where, n, name, NULL, name##_wait, name##_end }
#define PROGRAM(text, where, n, name) \
	{ text, where, n, NULL, name, name##_wait, name##_end }
/* clang-format on */

static const struct place places[] = {
	HOST_PROBE("the host, masked", HOST_MASKED, 27, probe_x27),
	HOST_PROBE("the host, masked, the other half", HOST_MASKED, 1,
		   probe_x1),
	HOST_PROBE("the host, masked, SP nonsense", HOST_MASKED, 27,
		   probe_no_stack),
	HOST_PROBE("the host, unmasked", HOST_UNMASKED, 27, probe_x27),
	HOST_PROBE("the host, unmasked, the other half", HOST_UNMASKED, 1,
		   probe_x1),
	PROGRAM("a process", HOST_EL0, 27, user_probe_x27),
	PROGRAM("a process, the other half", HOST_EL0, 1, user_probe_x1),
	PROGRAM("a guest's EL1", GUEST_EL1, 27, guest_probe_x27),
	PROGRAM("a guest's EL1, the other half", GUEST_EL1, 1, guest_probe_x1),
	PROGRAM("a guest's EL0", GUEST_EL0, 27, guest_user_probe_x27),
	PROGRAM("a guest's EL0, the other half", GUEST_EL0, 1,
		guest_user_probe_x1),
};

static uint8_t area[MAX_CPUS][0x4000] __attribute__((aligned(16)));

static void same(const char *place, const char *what, unsigned n, uint64_t want,
		 uint64_t got)
{
	check(want == got, "%s: %s%u is 0x%lx and was 0x%lx", place, what, n,
	      got, want);
}

static void same_registers(const struct place *p, const struct state *load,
			   const struct state *found)
{
	const uint64_t *v = load->fp.v, *w = found->fp.v;

	for (unsigned i = 0; i < 31; i++)
		same(p->name, "x", i, i == p->counter ? 0 : load->x[i],
		     found->x[i]);
	for (unsigned i = 0; i < 64; i++)
		same(p->name, "half v", i, v[i], w[i]);
	same(p->name, "FPCR", 0, load->fp.fpcr, found->fp.fpcr);
	same(p->name, "FPSR", 0, load->fp.fpsr, found->fp.fpsr);
	same(p->name, "SP", 0, load->sp, found->sp);
	same(p->name, "NZCV", 0, load->nzcv, found->nzcv);
	same(p->name, "TPIDR_EL0", 0, load->tpidr_el0, found->tpidr_el0);
}

static void same_system(const struct place *p, const struct state *load,
			const struct state *found)
{
	if (p->where == HOST_MASKED || p->where == GUEST_EL1) {
		same(p->name, "ELR", 0, load->elr, found->elr);
		same(p->name, "SPSR", 0, load->spsr, found->spsr);
		same(p->name, "ESR", 0, load->esr, found->esr);
	}
	same(p->name, "FAR", 0, load->far, found->far);
	if (p->where != GUEST_EL0)
		same(p->name, "SP_EL", 0, load->sp_el0, found->sp_el0);
	if (p->probe != probe_no_stack)
		same(p->name, "TPIDRRO_EL", 0, load->tpidrro_el0,
		     found->tpidrro_el0);
	same(p->name, "TPIDR_EL", 1, load->tpidr_el1, found->tpidr_el1);
	if (p->where != GUEST_EL0)
		same(p->name, "VBAR", 0, load->vbar, found->vbar);
	same(p->name, "MDSCR_EL", 1, load->mdscr, found->mdscr);
}

/* And what the handler was told of it. */
static void same_told(const struct place *p, const struct state *load,
		      const struct seen *s)
{
	for (unsigned i = 0; i < 31; i++)
		if (i != p->counter)
			same(p->name, "in the handler x", i, load->x[i],
			     s->at.x[i]);
	same(p->name, "in the handler SP", 0, load->sp, s->at.sp);
	check(!s->wrong, "%s: %s", p->name, s->wrong);
}

/* Where the wait is, as the interrupted PC would show it. */
static uint64_t address(const struct place *p, const char *code)
{
	switch (p->where) {
	case HOST_EL0:
		return user_address(code);
	case GUEST_EL1:
	case GUEST_EL0:
		return guest_address(code);
	default:
		return (uint64_t)code;
	}
}

static void at_host(const struct place *p, unsigned priority,
		    struct state *load, struct state *found)
{
	load->sp = p->probe == probe_no_stack ? 0xdead0000cafe0000
					      : (uint64_t)found;
	load->tpidr_el1 = read_sysreg(tpidr_el1);
	load->vbar = read_sysreg(vbar_el1);
	load->mdscr = read_sysreg(mdscr_el1);
	irq_off();
	raise_after(priority, raise_ticks());
	if (p->where == HOST_UNMASKED)
		irq_on();
	p->probe(load, found);
	irq_on();
}

static void at_process(const struct place *p, unsigned priority,
		       const struct state *load, struct state *found)
{
	struct thread *t = process_new(p->program, this_cpu()->index);

	*(struct state *)t->data = *load;
	((struct state *)t->data)->sp = USER_DATA + PROBE_FOUND;
	raise_after(priority, raise_ticks());
	process_run(t);
	*found = *(struct state *)(t->data + PROBE_FOUND);
	process_free(t);
}

static void at_guest(const struct place *p, unsigned priority,
		     const struct state *load, struct state *found)
{
	struct thread *t = process_new(user_vmm, this_cpu()->index);

	t->vcpu = guest_new(p->program);
	*(struct state *)t->vcpu->data = *load;
	raise_after(priority, raise_ticks());
	process_run(t);
	*found = *(struct state *)(t->vcpu->data + PROBE_FOUND);
	found->mdscr = t->vcpu->el1.mdscr; /* its own reads would trap */
	guest_free(t->vcpu);
	process_free(t);
}

static bool interrupted_there(const struct place *p, const struct seen *s)
{
	return s->count == 1 && s->at.pc >= address(p, p->wait) &&
	       s->at.pc < address(p, p->end);
}

static void once(const struct place *p, unsigned priority, uint64_t seed,
		 struct state *load, struct state *found)
{
	fill_state(load, seed);
	load->x[p->counter] = wait_spins();
	load->sp = p->where == HOST_EL0 ? USER_DATA + PROBE_FOUND
					: GUEST_DATA + PROBE_FOUND;
	if (p->where >= GUEST_EL1)
		load->mdscr = 1u << 15 | 1u << 13 | 1u << 12;
	if (p->where <= HOST_UNMASKED)
		at_host(p, priority, load, found);
	else if (p->where == HOST_EL0)
		at_process(p, priority, load, found);
	else
		at_guest(p, priority, load, found);
}

static void at_place(const struct place *p, unsigned priority)
{
	struct seen *s = &seen[priority][this_cpu()->index];
	struct state *load = (struct state *)area[this_cpu()->index];
	struct state *found = (struct state *)((uint8_t *)load + PROBE_FOUND);

	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		outside_settle();
		s->count = 0;
		once(p, priority, new_seed(), load, found);
		same_registers(p, load, found);
		if (p->where != HOST_EL0 && p->where != HOST_UNMASKED)
			same_system(p, load, found);
		if (interrupted_there(p, s)) {
			same_told(p, load, s);
			attempt = 0;
			return;
		}
	}
	attempt = 0;
	check(false, "%s: no event came while it waited, %u came, PC 0x%lx",
	      p->name, s->count, s->at.pc);
}

void contexts_here(unsigned priority)
{
	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].where < GUEST_EL1)
			at_place(&places[i], priority);
}

void test_context(void)
{
	static const char *const priorities[] = { "a normal", "a critical" };

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (unsigned priority = 0; priority < 2; priority++) {
			const struct place *p = &places[i];

			if (events[priority] == NO_EVENT) {
				tap_skip("no such event", p->name);
				continue;
			}
			if (!at_el2 && p->where >= GUEST_EL1) {
				tap_skip("no EL2 for guests", p->name);
				continue;
			}
			at_place(p, priority);
			tap("%s event finds and leaves %s as it was",
			    priorities[priority], p->name);
		}
}
