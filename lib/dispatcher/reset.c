/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resets (5.1.18, 5.1.19) and the PE's power (6.5).
 */
#include "internal.h"

/*
 * Only private handlers count as running in a private reset: the text of 5.1.18
 * speaks of them. Signals that came before it go with it.
 *
 * In a shared one, bindings are released only if no shared handler runs; then all
 * that can be are, whatever holds one of them back (5.1.19, the text rather than
 * its table of results).
 */
int64_t disp_reset(struct sdei_pe *p, bool shared)
{
	struct sdei_dispatcher *d = p->d;
	const unsigned n = shared ? d->shareds : d->privates;
	int64_t result = SDEI_SUCCESS;

	collect(p);
	for (unsigned i = 0; i < n; i++) /* 0 or DENIED */
		result |= step(p, nth_event(p, shared, i), IN_RESET);
	if (shared && result == SDEI_SUCCESS)
		for (unsigned i = 0; i < d->slot_count; i++)
			if (disp_release(d, SDEI_EVENT_BOUND + i) ==
			    SDEI_DENIED)
				result = SDEI_DENIED;
	return result;
}

void sdei_pe_on(struct sdei_dispatcher *d, unsigned pe)
{
	sdei_pe_off(d, pe);
}

void sdei_pe_off(struct sdei_dispatcher *d, unsigned pe)
{
	sdei_pe_suspend(d, pe);
	disp_reset(pe_at(d, pe), false);
}

void sdei_pe_suspend(struct sdei_dispatcher *d, unsigned pe)
{
	struct sdei_pe *p = pe_at(d, pe);

	p->masked = true;
	p->held = NOT_HELD;
	update_closed(p, true);
	disp_abandon(p);
	pass_on(p);
}
