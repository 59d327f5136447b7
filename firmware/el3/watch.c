/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live trace's look at what passes through EL3: before it is served, and when it is
 * done. What became of it stands in the frames (context.h): with which one the PE goes
 * on, and whether a handler is entered on top of that.
 */
#include "watch.h"

#include "dispatch.h"
#include "live.h"
#include "pe.h"

#include <platform.h>
#include <ras.h>
#include <sources.h>

#define ESR_CLASS(esr) ((esr) >> 26 & 0x3f)
#define CLASS_SMC32    0x13
#define CLASS_SMC64    0x17
#define NO_CALL        0

void live_call(const struct sdei_context *frame);
void live_end(const struct sdei_context *frame);

static bool ends_handler(uint32_t call)
{
	return call == SDEI_FID_EVENT_COMPLETE ||
	       call == SDEI_FID_EVENT_COMPLETE_RESUME;
}

/* From here on, until live_end(): what came to EL3 and what is made of it. */
static void begin(uint32_t call, const struct sdei_context *frame)
{
	struct pe *pe = this_pe();

	pe->live_call = call;
	pe->live_masked = sdei_pe_masked(pe->dispatcher, pe->index);
	/* Which handler that is stands in what it began with, until the next one
	 * begins: behind this frame and its room is what it interrupted. */
	if (ends_handler(call) && sdei_pe_in_handler(pe->dispatcher, pe->index))
		pe->live_event = (uint32_t)frame[3].x[0];
}

/* A synchronous exception; from the vectors. */
void live_call(const struct sdei_context *frame)
{
	uint64_t esr;

	__asm__ volatile("mrs %0, esr_el3" : "=r"(esr));
	if (ESR_CLASS(esr) != CLASS_SMC64 && ESR_CLASS(esr) != CLASS_SMC32) {
		begin(NO_CALL, frame);
		live_note(TRACE_TRAP, (uint32_t)esr, frame->pc);
		return;
	}
	begin((uint32_t)frame->x[0], frame);
	live_note(TRACE_CALL, (uint32_t)frame->x[0], frame->pc, frame->x[1],
		  frame->x[2], frame->x[3], frame->x[4], frame->x[5]);
}

void watch_interrupt(unsigned intid, const struct sdei_context *frame)
{
	begin(NO_CALL, frame);
	live_note(TRACE_INTERRUPT, intid, frame->pc, frame->pstate);
}

void watch_masked(uint32_t call, uint64_t at)
{
	live_masks[machine_self()] =
		live_on ? (struct live_mask){ machine_time(), at, call }
			: (struct live_mask){ 0 };
}

/* Did what was served make the PE mask events? `explain` tells of it. */
static void note_mask(const struct pe *pe, const struct sdei_context *frame)
{
	const bool masked = sdei_pe_masked(pe->dispatcher, pe->index);

	if (masked && !pe->live_masked)
		watch_masked(pe->live_call, frame->pc);
	else if (!masked && pe->live_masked)
		live_masks[pe->index] = (struct live_mask){ 0 };
}

/* Of each source, how many acknowledged records the trace knows of. */
static uint64_t acknowledged[PLAT_RAS_SOURCES];

void watch_begin(void)
{
	struct sdei_ras_counters c;

	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
		if (ras_source(i, &c))
			__atomic_store_n(&acknowledged[i], c.acknowledged,
					 __ATOMIC_RELAXED);
}

/* At a handler's end: was its record acknowledged, and is the next one shown? */
static void note_source(uint32_t event)
{
	const uint32_t source = event - platform_sources[0].vector;
	struct sdei_ras_counters c;

	if (source >= PLAT_RAS_SOURCES || !ras_source(source, &c))
		return;
	/* Of two PEs that come at once one says it. */
	if (__atomic_exchange_n(&acknowledged[source], c.acknowledged,
				__ATOMIC_RELAXED) == c.acknowledged)
		return;
	live_note(TRACE_ACKNOWLEDGED, event, c.acknowledged);
	if (c.state != SDEI_RAS_IS_FREE)
		live_note(TRACE_PUBLISHED, event, c.published);
}

static void note_end(uint32_t event, enum sdei_ending how)
{
	live_note(TRACE_COMPLETED, event, how);
	note_source(event);
}

/* Event 0 that was signalled and not delivered here: to whom, and why not yet. */
static void note_signal(uint64_t affinity)
{
	const struct sdei_dispatcher *d = dispatch_instance();
	const int pe = dispatch_pe_of_affinity(affinity);
	struct sdei_report report;

	for (unsigned i = 0; pe >= 0 && sdei_query(d, (unsigned)pe, i, &report);
	     i++)
		if (report.info && report.info->number == 0)
			live_note(TRACE_PENDING, 0, (uint64_t)pe,
				  live_why(d, &report, pe));
}

/* Whatever came is done; the frame is as it will be left with. From the vectors. */
void live_end(const struct sdei_context *frame)
{
	const struct pe *pe = this_pe();
	const uint32_t call = pe->live_call;
	const bool elsewhere = frame->go_on && frame->go_on != frame + 1 &&
			       frame->go_on !=
				       (struct sdei_context *)FRAME_RESTART;
	const struct sdei_context *next = elsewhere ? frame->go_on : frame;
	const bool enters = next->go_on == next + 1;

	note_mask(pe, frame);
	if (ends_handler(call) && elsewhere)
		note_end(pe->live_event, call == SDEI_FID_EVENT_COMPLETE
						 ? SDEI_COMPLETED
						 : SDEI_RESUMED);
	else if (call != NO_CALL)
		live_note(TRACE_RESULT, call, frame->x[0], frame->x[1],
			  frame->x[2], frame->x[3]);
	if (enters)
		live_note(TRACE_ENTERED, (uint32_t)next[1].x[0], next[1].x[2],
			  next[1].x[3]);
	else if (call == SDEI_FID_EVENT_SIGNAL && frame->x[0] == SDEI_SUCCESS)
		note_signal(frame->x[2]);
}

void watch_off(void)
{
	const struct sdei_dispatcher *d = dispatch_instance();
	const unsigned self = machine_self();
	struct sdei_report report;

	if (!d || !live_on)
		return;
	for (unsigned i = 0; sdei_query(d, self, i, &report); i++)
		if (report.info && report.running_on == (int)self)
			live_note(TRACE_COMPLETED, report.info->number,
				  SDEI_POWERED_OFF);
}
