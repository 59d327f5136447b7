/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One event, between entry.S and the handler: make the interrupted context
 * whole, call, look whether the handler kept its limits, choose the door.
 *
 * A handler that took an exception has overwritten ELR and SPSR, which the
 * interrupted code may need: they are put back. ESR and FAR are lost.
 */
#include "arch.h"
#include "internal.h"

#define PSTATE_M  0x1fu
#define PSTATE_EL 0xcu
#define PSTATE_SP 0x1u /* SP_ELx, not SP_EL0 */
#define PSTATE_32 0x10u
#define PSTATE_I  (1u << 7)

/* Vector entries of an interrupt, from VBAR. */
#define IRQ_SP_EL0   0x080
#define IRQ_SP_ELX   0x280
#define IRQ_LOWER_64 0x480
#define IRQ_LOWER_32 0x680

#define rarely(condition) __builtin_expect(!!(condition), 0)

static void trouble(const struct level *l, enum sdei_trouble what,
		    int64_t detail)
{
	const struct sdei_client_config *config = &l->client->config;

	config->ops->trouble(config->context, what, l->interrupted.cpu,
			     l->interrupted.number, detail);
}

/* Not SP_ELx of the handler's own level, which entry.S has saved. */
static __attribute__((noinline, cold)) uint64_t other_sp(const struct level *l)
{
	const struct sdei_interrupted *i = &l->interrupted;

	if (i->from == SDEI_FROM_EL2)
		return l->stub.sp;
	if (i->pstate & PSTATE_32)
		return i->x[13];
	return i->pstate & PSTATE_SP ? arch_sp_el1() : arch_sp_el0();
}

/*
 * The handler's base registers for the interrupted code's, and back. PAN and
 * x18 come back with the interrupted context.
 */
static __attribute__((noinline, cold)) void
swap_bases(struct level *l, const struct sdei_client_cpu *with)
{
	uint32_t recreate = l->recreate;

	if (recreate & SDEI_RECREATE_X18)
		arch_set_x18(l->cpu->x18);
	if (recreate & SDEI_RECREATE_TPIDR_EL1)
		l->kept.tpidr_el1 = arch_swap_tpidr_el1(with->tpidr_el1);
	if (recreate & SDEI_RECREATE_TPIDR_EL2)
		l->kept.tpidr_el2 = arch_swap_tpidr_el2(with->tpidr_el2);
	if (recreate & SDEI_RECREATE_SP_EL0)
		l->kept.sp_el0 = arch_swap_sp_el0(with->sp_el0);
}

static bool canary_lives(const struct level *l)
{
	return *l->canary == (uintptr_t)l->canary;
}

static __attribute__((noinline, cold)) void limits_broken(struct level *l,
							  uint64_t elr)
{
	uint32_t nested = l->nested;

	if (elr != l->elr) {
		arch_set_elr_spsr(l->elr, l->spsr);
		trouble(l, SDEI_TROUBLE_EXCEPTION, (int64_t)elr);
	}
	if (!canary_lives(l)) {
		*l->canary = (uintptr_t)l->canary;
		trouble(l, SDEI_TROUBLE_STACK, 0);
	}
	if (nested) {
		l->nested = 0;
		trouble(l, SDEI_TROUBLE_NESTED, nested);
	}
}

static struct door complete(uint64_t status)
{
	return (struct door){ SDEI_FID_EVENT_COMPLETE, status };
}

static struct door resume(uint64_t address)
{
	return (struct door){ SDEI_FID_EVENT_COMPLETE_RESUME, address };
}

/*
 * As if an interrupt had come, if one could have: its vector entry then finds
 * what the handler left to do. At the client's own level ELR and SPSR may be in
 * use exactly while interrupts are masked; lower ones do not depend on them. A
 * guest of a non-VHE host leaves through EL2's vectors, which stub.S knows.
 */
static struct door choose(const struct level *l)
{
	uint32_t pstate = (uint32_t)l->interrupted.pstate;
	uint32_t from = l->interrupted.from;
	uint64_t vbar = arch_vbar();

	if (rarely(from != SDEI_FROM_PSTATE)) {
		if (from == SDEI_FROM_GUEST)
			return resume(0);
		if (from == SDEI_FROM_EL2)
			return complete(SDEI_HANDLED);
		/* The live one has been put aside. */
		vbar = l->stub.live[WORLD_VBAR];
	}
	if (pstate & PSTATE_32)
		return resume(vbar + IRQ_LOWER_32);
	if ((pstate ^ l->mode) & PSTATE_EL)
		return resume(vbar + IRQ_LOWER_64);
	if (pstate & PSTATE_I)
		return complete(SDEI_HANDLED);
	return resume(vbar + (pstate & PSTATE_SP ? IRQ_SP_ELX : IRQ_SP_EL0));
}

struct door client_event(struct level *l, const struct registration *r)
{
	struct sdei_interrupted *i = &l->interrupted;
	const struct event *e = r->event;
	uint64_t elr;
	int status;

	i->x[0] = l->call(SDEI_FID_EVENT_CONTEXT, 0);
	i->x[1] = l->call(SDEI_FID_EVENT_CONTEXT, 1);
	i->x[2] = l->call(SDEI_FID_EVENT_CONTEXT, 2);
	i->x[3] = l->call(SDEI_FID_EVENT_CONTEXT, 3);
	i->number = e->number;
	arch_save_elr_spsr(&l->elr, &l->spsr);
	if ((i->pstate & PSTATE_M) != l->mode)
		i->sp = other_sp(l);
	if (l->recreate & SDEI_RECREATE_PAN)
		arch_set_pan();
	if (rarely(l->recreate & ~SDEI_RECREATE_PAN))
		swap_bases(l, l->cpu);
	status = e->handler(i, e->argument);
	elr = arch_elr();
	if (rarely(elr != l->elr || !canary_lives(l) || l->nested))
		limits_broken(l, elr);
	if (rarely(l->recreate & ~SDEI_RECREATE_PAN))
		swap_bases(l, &l->kept);
	l->refusals = 0;
	return status == SDEI_HANDLED ? choose(l) : complete(SDEI_FAILED);
}

/* The other door is one more chance; then there is none. */
struct door client_refused(struct level *l, int64_t answer)
{
	trouble(l, SDEI_TROUBLE_REFUSED, answer);
	if (l->refusals++)
		return (struct door){ 0, 0 };
	return complete(SDEI_HANDLED);
}
