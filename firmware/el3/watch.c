/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live trace's look at what passes through EL3: before it is served, and when it is
 * done. Deliveries and ends are what the PE's short trace (trace.h) got in between,
 * which is always kept.
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

/* From here on, until live_end(): what came to EL3 and what is made of it. */
static void begin(uint32_t call)
{
	struct pe *pe = this_pe();

	pe->live_call = call;
	pe->live_masked = sdei_pe_masked(pe->dispatcher, pe->index);
	for (unsigned i = 0; i < TRACE_RINGS; i++)
		pe->live_seen[i] = (uint8_t)pe->trace[i].written;
}

/* A synchronous exception; from the vectors. */
void live_call(const struct sdei_context *frame)
{
	uint64_t esr;

	__asm__ volatile("mrs %0, esr_el3" : "=r"(esr));
	if (ESR_CLASS(esr) != CLASS_SMC64 && ESR_CLASS(esr) != CLASS_SMC32) {
		begin(NO_CALL);
		live_note(TRACE_TRAP, (uint32_t)esr, frame->pc);
		return;
	}
	begin((uint32_t)frame->x[0]);
	live_note(TRACE_CALL, (uint32_t)frame->x[0], frame->pc, frame->x[1],
		  frame->x[2], frame->x[3], frame->x[4], frame->x[5]);
}

void watch_interrupt(unsigned intid, const struct sdei_context *frame)
{
	begin(NO_CALL);
	live_note(TRACE_INTERRUPT, intid, frame->pc, frame->pstate);
}

/* Did what was served make the PE mask events? `explain` tells of it. */
static void note_mask(struct pe *pe, const struct sdei_context *frame)
{
	const bool masked = sdei_pe_masked(pe->dispatcher, pe->index);

	if (masked == pe->live_masked)
		return;
	live_masks[pe->index] = masked ? (struct live_mask){ machine_time(),
							     frame->pc,
							     pe->live_call }
				       : (struct live_mask){ 0 };
}

/* At a handler's end: was its record acknowledged, and is the next one shown? */
static void note_source(uint32_t event)
{
	static uint64_t acknowledged[PLAT_RAS_SOURCES];
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

/* The deliveries and ends that the PE's own short trace has got meanwhile. */
static bool note_handlers(struct pe *pe)
{
	bool entered = false;

	for (unsigned i = 0; i < TRACE_RINGS; i++) {
		struct trace_ring *ring = &pe->trace[i];

		for (; pe->live_seen[i] != (uint8_t)ring->written;
		     pe->live_seen[i]++) {
			const struct trace_entry *e =
				&ring->entry[pe->live_seen[i] % TRACE_ENTRIES];

			if (e->kind == TRACE_ENTER) {
				entered = true;
				live_add(e->time, TRACE_ENTERED, e->event,
					 (const uint64_t[TRACE_VALUES]){
						 e->pc, e->pstate });
			} else {
				live_add(e->time, TRACE_COMPLETED, e->event,
					 (const uint64_t[TRACE_VALUES]){
						 e->kind });
				note_source(e->event);
			}
		}
	}
	return entered;
}

static bool ends_handler(uint32_t call)
{
	return call == SDEI_FID_EVENT_COMPLETE ||
	       call == SDEI_FID_EVENT_COMPLETE_RESUME;
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
	struct pe *pe = this_pe();
	const uint32_t call = pe->live_call;
	const bool gone = frame->go_on && frame->go_on != frame + 1;
	const bool entered = note_handlers(pe);

	note_mask(pe, frame);
	if (call != NO_CALL && !(ends_handler(call) && gone))
		live_note(TRACE_RESULT, call, frame->x[0], frame->x[1],
			  frame->x[2], frame->x[3]);
	if (!entered && call == SDEI_FID_EVENT_SIGNAL &&
	    frame->x[0] == SDEI_SUCCESS)
		note_signal(frame->x[2]);
}
