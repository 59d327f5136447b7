/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What arrives at EL3 as FIQ: a kick from another PE, a request on the control
 * line, EINJ's doorbell, the poll timer. Each is served to its end here; what
 * it made deliverable is delivered afterwards, into the frame.
 */
#include "interrupt.h"

#include "control.h"
#include "dispatch.h"
#include "gic.h"
#include "live.h"
#include "machine.h"
#include "pe.h"
#include "psci.h"
#include "test.h"
#include "timer.h"
#include "watch.h"

#include <platform.h>
#include <ras.h>

void el3_fiq(struct sdei_context *frame);
void el3_live_fiq(struct sdei_context *frame); /* the same, traced */

/* One of the firmware's own. False if it is not. */
static bool serve_own(unsigned intid)
{
	switch (intid) {
	case PLAT_SGI_KICK:
		live_switch();
		return true;
	case PLAT_IRQ_UART1:
		control_interrupt();
		return true;
	case PLAT_IRQ_RTC:
		if (!dispatch_owns_rtc())
			return false;
		ras_doorbell();
		return true;
	case PLAT_IRQ_SECURE_TIMER:
		if (timer_take(TIMER_TEST))
			test_timer();
		if (timer_take(TIMER_POLL))
			ras_poll();
		if (timer_take(TIMER_ANSWER))
			control_answer();
		if (timer_take(TIMER_STORM))
			control_storm();
		return true;
	default:
		return false;
	}
}

/*
 * A bound interrupt stays active until its handler is done. One that is nobody's
 * was released while it was on its way.
 */
void interrupt_serve(void)
{
	struct pe *pe = this_pe();
	unsigned intid;

	while ((intid = gic_acknowledge()) < 1020) {
		gic_drop(intid);
		if (serve_own(intid) || !pe->dispatcher ||
		    !sdei_interrupt(pe->dispatcher, pe->index, intid))
			gic_deactivate(intid, pe->index);
	}
}

/* One that is no event's, or just not any more. */
static __attribute__((noinline)) void
take_own(struct pe *pe, struct sdei_context *frame, unsigned intid)
{
	serve_own(intid);
	gic_deactivate(intid, pe->index);
	psci_leave();
	if (pe->dispatcher)
		sdei_deliver(pe->dispatcher, pe->index, frame);
}

static inline void take(unsigned intid, struct sdei_context *frame)
{
	struct pe *pe = this_pe();

	if (intid >= 1020)
		return;
	gic_drop(intid);
	if (!pe->sdei || !sdei_pe_take_interrupt(pe->sdei, intid, frame))
		take_own(pe, frame, intid);
}

/*
 * One interrupt: if there are more, the next FIQ comes as soon as this one's
 * exception returns, even in a handler.
 */
void el3_fiq(struct sdei_context *frame)
{
	take(gic_acknowledge(), frame);
}

void el3_live_fiq(struct sdei_context *frame)
{
	const unsigned intid = gic_acknowledge();

	watch_interrupt(intid, frame);
	take(intid, frame);
}
