/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One step of the machine: the library and the model do the same thing, and
 * the answer, the frame and what the operations were asked for are compared.
 *
 * Most is decided by the model alone. Where the specification leaves freedom
 * (which of two events of one priority, which of two PEs, now or after the kick
 * that is under way) the model follows the library, if it may do that.
 */
#include "machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PSTATE_CLIENT  0x60000009u /* EL2h, interrupts open */
#define PSTATE_HANDLER 0x600003C9u /* EL2h, DAIF; flags as they were */
#define PSTATE_GUEST   0x60000005u /* EL1h */

struct machine machine;
size_t machine_bytes;
char difference[512];

static struct sdei_event_info table[EVENTS];
static struct sdei_config kept;

bool differs(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(difference, sizeof(difference), format, arguments);
	va_end(arguments);
	return false;
}

static struct sdei_dispatcher *library(void)
{
	return (struct sdei_dispatcher *)machine.library;
}

void machine_library(void)
{
	const char *why = "";

	memset(machine.library, 0xA5, LIBRARY_BYTES);
	if (sdei_dispatcher_init(library(), LIBRARY_BYTES, &kept, &why))
		return;
	printf("sdei_dispatcher_init: %s\n", why);
	exit(1);
}

void machine_start(unsigned pes)
{
	struct sdei_config config = {
		.events = table,
		.private_slots = 1,
		.shared_slots = 1,
		.interrupt_count = INTERRUPTS,
		.pe_count = pes,
		.client_el = 2,
		.version_minor = 1,
		.vendor_version = 0x12345678,
		.ops = &machine_ops,
	};

	for (unsigned e = 0; e < EVENTS && !kinds[e].slot; e++)
		table[config.event_count++] = (struct sdei_event_info){
			.number = kinds[e].number,
			.type = kinds[e].shared,
			.priority = kinds[e].critical,
			.signalable = e == SIGNALLED,
			.interrupt = kinds[e].interrupt,
			.watched = kinds[e].watched,
		};
	kept = config;
	memset(&machine, 0, sizeof(machine));
	machine.pes = pes;
	model_reset(&machine.model);
	machine_bytes = offsetof(struct machine, library) +
			sdei_dispatcher_size(&kept);
	machine_library();
}

/* The same registers whenever a PE is at the same place: states stay few. */
static struct sdei_context frame_of(unsigned pe, uint64_t outside)
{
	const struct model *m = &machine.model;
	unsigned depth = model_running(m, pe, true) >= 0    ? 2
			 : model_running(m, pe, false) >= 0 ? 1
							    : 0;
	struct sdei_context frame;

	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		frame.x[i] = 0xAB00000000000000 | pe << 16 | depth << 8 | i;
	frame.pc = 0xffff800000400000 + pe * 0x1000 + depth * 0x100;
	frame.pstate = depth ? PSTATE_HANDLER : outside;
	return frame;
}

static bool same_frame(const struct sdei_context *is,
		       const struct sdei_context *should, const char *when)
{
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		if (is->x[i] != should->x[i])
			return differs("%s, x%u is %#llx; the model says %#llx",
				       when, i, (unsigned long long)is->x[i],
				       (unsigned long long)should->x[i]);
	if (is->pc != should->pc)
		return differs("%s, pc is %#llx; the model says %#llx", when,
			       (unsigned long long)is->pc,
			       (unsigned long long)should->pc);
	if (is->pstate != should->pstate)
		return differs("%s, pstate is %#llx; the model says %#llx",
			       when, (unsigned long long)is->pstate,
			       (unsigned long long)should->pstate);
	return true;
}

/* May another PE, already on its way, enter this event instead? */
static bool another_comes(const bool *owed, unsigned e, unsigned except)
{
	for (unsigned pe = 0; pe < machine.pes; pe++)
		if (pe != except && owed[pe] &&
		    model_may_enter(&machine.model, e, pe))
			return true;
	return false;
}

/* What a handler of `e` finds (5.2.1), given what it interrupts. */
static void enter(unsigned e, unsigned pe, struct sdei_context *frame)
{
	bool relative = model_handler(&machine.model, e, pe)->relative;

	machine.saved[pe][kinds[e].critical] = *frame;
	frame->x[0] = kinds[e].number;
	frame->x[1] = 0xA000 + e * 16 + (kinds[e].shared ? 15 : pe);
	frame->x[2] = frame->pc;
	frame->x[3] = frame->pstate;
	frame->pc = relative ? VBAR(pe) + e * 0x1000
			     : 0xffff800010000000 + e * 0x1000;
	frame->pstate = PSTATE_HANDLER;
	model_enter(&machine.model, e, pe);
}

/* Only handlers have such addresses. */
static bool at_entry(const struct sdei_context *frame)
{
	return (frame->pc >= 0xffff800010000000 &&
		frame->pc < 0xffff800010000000 + EVENTS * 0x1000) ||
	       (frame->pc >= VBAR(0) && frame->pc < VBAR(MAX_PES));
}

/*
 * `pe` goes on with *frame, says the model, unless the library entered a
 * handler: then it must be one that may be entered, and a critical one comes
 * before a normal one. `frame` becomes what the library's must be.
 */
static bool follow_entry(unsigned pe, const struct sdei_context *is,
			 struct sdei_context *frame)
{
	int entered = model_find(&machine.model, (uint32_t)is->x[0]);

	if (!at_entry(is))
		return happened.entered ? differs("ops->entered without entry")
					: true;
	if (entered < 0)
		return differs("entered %#llx, which is not there",
			       (unsigned long long)is->x[0]);
	if (happened.entered != kinds[entered].watched ||
	    (happened.entered && (happened.entered_on != pe ||
				  happened.entered_number != is->x[0])))
		return differs(
			"entered %s, but ops->entered was told %u times, of %#x on PE %u",
			kinds[entered].name, happened.entered,
			happened.entered_number, happened.entered_on);
	if (!model_may_enter(&machine.model, (unsigned)entered, pe))
		return differs("entered %s, which the model does not allow",
			       kinds[entered].name);
	for (unsigned e = 0; e < EVENTS; e++)
		if (kinds[e].critical && !kinds[entered].critical &&
		    model_may_enter(&machine.model, e, pe) &&
		    !another_comes(machine.owed, e, pe))
			return differs("entered %s although %s is pending",
				       kinds[entered].name, kinds[e].name);
	if (happened.entered &&
	    !same_frame(&happened.interrupted, frame, "in ops->entered"))
		return false;
	enter((unsigned)entered, pe, frame);
	return true;
}

/* Every event that some PE can take now has a PE on its way that can. */
static bool nobody_forgotten(const bool *owed, unsigned except)
{
	for (unsigned e = 0; e < EVENTS; e++)
		for (unsigned pe = 0; pe < machine.pes; pe++)
			if (model_may_enter(&machine.model, e, pe) &&
			    !another_comes(owed, e, except))
				return differs(
					"%s is pending and PE %u can take it, but nobody is on the way",
					kinds[e].name, pe);
	return true;
}

/* The `i`th time that ops->completed was told: of this? */
static bool told(unsigned i, unsigned e, unsigned pe, enum sdei_ending how,
		 uint32_t status)
{
	return i < happened.completed &&
	       happened.completion[i].number == kinds[e].number &&
	       happened.completion[i].pe == pe &&
	       happened.completion[i].how == how &&
	       happened.completion[i].status == status;
}

/* Handlers ended: watchers were told, interrupts were ended. */
static bool in_outcome(const struct outcome *o, enum sdei_ending how,
		       uint32_t status, unsigned pe)
{
	unsigned ends = 0, completed = 0;

	for (unsigned i = 0; i < o->ends; i++) {
		unsigned e = o->ended[i];
		uint32_t its = kinds[e].slot ? machine.model.event[e].interrupt
					     : kinds[e].interrupt;

		if (kinds[e].watched && !told(completed++, e, pe, how, status))
			return differs(
				"%s ended; ops->completed was not told so",
				kinds[e].name);
		if (!its)
			continue;
		if (ends >= happened.ends ||
		    happened.end[ends].interrupt != its ||
		    happened.end[ends].pe != pe)
			return differs("%s ended, but not its interrupt %u",
				       kinds[e].name, its);
		ends++;
	}
	if (happened.completed != completed)
		return differs(
			"ops->completed told %u times; the model says %u",
			happened.completed, completed);
	if (!o->given && happened.ends != ends)
		return differs("interrupt %u ended without a handler",
			       happened.end[ends].interrupt);
	return true;
}

/* The interrupts that were taken and given back. */
static bool bindings(const struct model *before, const struct outcome *o)
{
	uint64_t taken = 0, given = 0;

	for (unsigned e = 0; e < EVENTS; e++) {
		if (o->taken & 1 << e)
			taken |= (uint64_t)1
				 << machine.model.event[e].interrupt;
		if (o->given & 1 << e)
			given |= (uint64_t)1 << before->event[e].interrupt;
	}
	for (unsigned i = 0; o->given && i < happened.ends; i++)
		if (!(given & (uint64_t)1 << happened.end[i].interrupt))
			return differs(
				"interrupt %u ended, another was released",
				happened.end[i].interrupt);
	if (taken != happened.taken || given != happened.given)
		return differs(
			"interrupts taken %#llx and given back %#llx; the model says %#llx and %#llx",
			(unsigned long long)happened.taken,
			(unsigned long long)happened.given,
			(unsigned long long)taken, (unsigned long long)given);
	return true;
}

/* The context that EVENT_COMPLETE* gives back (5.1.6, 5.1.7). */
static bool left_handler(const struct action *a, const struct outcome *o,
			 struct sdei_context *frame)
{
	bool resume = (uint32_t)a->x[0] == SDEI_FID_EVENT_COMPLETE_RESUME;

	*frame = machine.saved[a->pe][kinds[o->ended[0]].critical];
	if (happened.resumed != resume)
		return differs("ops->resume asked %u times", happened.resumed);
	if (resume) {
		if (happened.elr != frame->pc || happened.spsr != frame->pstate)
			return differs(
				"ELR %#llx and SPSR %#llx are not what was interrupted",
				(unsigned long long)happened.elr,
				(unsigned long long)happened.spsr);
		frame->pc = a->x[1];
		frame->pstate = PSTATE_HANDLER;
	}
	return true;
}

/* EVENT_CONTEXT's answer is a register of the innermost handler's context. */
static void fill_context(const struct action *a, struct outcome *o)
{
	const struct model *m = &machine.model;

	if (a->x[0] == SDEI_FID_EVENT_CONTEXT && o->x0 == SDEI_SUCCESS)
		o->x0 = (int64_t)machine
				.saved[a->pe]
				      [model_running(m, a->pe, true) >= 0]
				.x[a->x[1]];
}

static bool step_call(const struct action *a)
{
	struct sdei_context should = frame_of(a->pe, PSTATE_CLIENT), frame;
	struct model before = machine.model;
	struct outcome o = { .x0 = SDEI_NOT_SUPPORTED };
	bool resume = (uint32_t)a->x[0] == SDEI_FID_EVENT_COMPLETE_RESUME;

	memcpy(should.x, a->x, sizeof(a->x));
	if (a->stranger)
		should.pstate = PSTATE_GUEST;
	frame = should;
	sdei_call(library(), a->pe, &frame);
	if (!a->stranger)
		o = model_call(&machine.model, machine.pes, a->pe, a->x);
	fill_context(a, &o);
	if (!o.left)
		should.x[0] = (uint64_t)o.x0;
	else if (!left_handler(a, &o, &should))
		return false;
	return in_outcome(&o, resume ? SDEI_RESUMED : SDEI_COMPLETED,
			  resume ? 0 : (uint32_t)a->x[1], a->pe) &&
	       bindings(&before, &o) && follow_entry(a->pe, &frame, &should) &&
	       same_frame(&frame, &should, "after the call");
}

/*
 * The PE has delivered, and goes on with *frame. It may refuse only what
 * another PE was coming for before.
 */
static bool delivered(unsigned pe, const struct sdei_context *frame,
		      const bool *owed)
{
	struct sdei_context should = frame_of(pe, PSTATE_GUEST);

	if (!follow_entry(pe, frame, &should) ||
	    !same_frame(frame, &should, "after the delivery"))
		return false;
	return at_entry(frame) || nobody_forgotten(owed, pe);
}

static bool deliver(unsigned pe)
{
	struct sdei_context frame = frame_of(pe, PSTATE_GUEST);
	bool owed[MAX_PES], entered;

	memcpy(owed, machine.owed, sizeof(owed));
	machine.owed[pe] = false;
	entered = sdei_deliver(library(), pe, &frame);
	if (entered != at_entry(&frame))
		return differs("sdei_deliver() says %d", entered);
	return delivered(pe, &frame, owed);
}

/* Who should take the event now: this PE before the others, or -1. */
static int first_able(unsigned e, unsigned self, unsigned target)
{
	for (unsigned i = 0; i < machine.pes; i++) {
		unsigned pe = (self + i) % machine.pes;

		if (!kinds[e].shared && pe != target)
			continue;
		if (model_may_enter(&machine.model, e, pe))
			return (int)pe;
	}
	return SDEI_RAISE_PENDING;
}

static bool step_raise(const struct action *a)
{
	uint32_t number = (uint32_t)a->x[0];
	unsigned target = (unsigned)a->x[1];
	int who, should = SDEI_RAISE_UNKNOWN;

	if (model_raise(&machine.model, machine.pes, number, target))
		should =
			first_able((unsigned)model_find(&machine.model, number),
				   a->pe, target);
	who = sdei_raise(library(), a->pe, number, target);
	if (who != should)
		return differs("sdei_raise() says %d; the model says %d", who,
			       should);
	if (who == (int)a->pe)
		machine.owed[who] = true;
	return true;
}

/* As a vector does it: which event, then deliver; in two steps or in one. */
static bool step_interrupt(const struct action *a)
{
	struct sdei_context frame = frame_of(a->pe, PSTATE_GUEST);
	uint32_t interrupt = (uint32_t)a->x[0];
	bool known = model_interrupt(&machine.model, a->pe, interrupt);

	if (a->x[1]) {
		machine.owed[a->pe] = false;
		if (sdei_take_interrupt(library(), a->pe, interrupt, &frame) !=
		    known)
			return differs("sdei_take_interrupt() says %d", !known);
		return delivered(a->pe, &frame, machine.owed);
	}
	if (sdei_interrupt(library(), a->pe, interrupt) != known)
		return differs("sdei_interrupt() says %d", !known);
	machine.owed[a->pe] = true;
	return nobody_forgotten(machine.owed, MAX_PES) && deliver(a->pe);
}

static bool step_power(const struct action *a)
{
	struct outcome o = { 0 };

	if (a->doing == PE_OFF) {
		o = model_pe_off(&machine.model, a->pe);
		machine.owed[a->pe] = false;
		sdei_pe_off(library(), a->pe);
	} else if (a->doing == PE_ON) {
		sdei_pe_on(library(), a->pe);
		model_pe_on(&machine.model, a->pe);
	} else {
		o = model_suspend(&machine.model, a->pe);
		sdei_pe_suspend(library(), a->pe);
	}
	return in_outcome(&o, SDEI_POWERED_OFF, 0, a->pe);
}

/*
 * A kick arrives at any moment. It may find nothing to do, and is no promise
 * for what comes later: so it is forgotten as soon as it would find nothing.
 */
static void forget_kicks(void)
{
	for (unsigned pe = 0; pe < machine.pes; pe++) {
		bool useful = false;

		for (unsigned e = 0; e < EVENTS; e++)
			useful |= model_may_enter(&machine.model, e, pe);
		machine.owed[pe] &= useful;
	}
}

/* Note where a trigger came from, while it is pending. */
static void note_origin(const struct action *a)
{
	uint32_t number = (uint32_t)a->x[a->doing == CALL];
	uint64_t named = a->x[2] & ~(uint64_t)SDEI_MPIDR_OTHER;
	uint64_t target = a->doing == CALL ? named - AFFINITY(0) : a->x[1];
	bool signal = a->doing == CALL && a->x[0] == SDEI_FID_EVENT_SIGNAL;

	for (unsigned e = 0; e < EVENTS; e++)
		for (unsigned pe = 0; pe < machine.pes; pe++) {
			uint8_t *origin = &machine.origin[e][pe];

			if (kinds[e].shared ||
			    !model_pending(&machine.model, e, pe))
				*origin = 0;
			else if (a->doing == INTERRUPT && !*origin)
				*origin = 1;
			else if ((signal || a->doing == RAISE) &&
				 number == kinds[e].number && target == pe)
				*origin |= pe == a->pe ? 1 : 2;
		}
}

bool step(const struct action *a)
{
	bool same;

	memset(&happened, 0, offsetof(struct log, completion));
	happened.taken = happened.given = 0;
	happened.wrong = false;
	same = a->doing == CALL        ? step_call(a)
	       : a->doing == RAISE     ? step_raise(a)
	       : a->doing == INTERRUPT ? step_interrupt(a)
	       : a->doing == DELIVER   ? deliver(a->pe)
				       : step_power(a);
	if (same && happened.wrong)
		return differs("an operation was asked for what must never be");
	if (same && happened.entered && a->doing != CALL &&
	    a->doing != DELIVER && a->doing != INTERRUPT)
		return differs("a handler was entered without a frame");
	return same;
}

bool settle(const struct action *a)
{
	if (!nobody_forgotten(machine.owed, MAX_PES) || !same_state())
		return false;
	note_origin(a);
	forget_kicks();
	return true;
}
