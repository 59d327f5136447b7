/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resets (5.1.18, 5.1.19) and the PE's power (6.5).
 */
#include "internal.h"

static int reset_events(struct sdei_dispatcher *d, struct pe *p,
			struct event *events, unsigned count)
{
	int result = SDEI_SUCCESS;

	for (unsigned i = 0; i < count; i++) {
		disp_lock(&events[i]);
		if (disp_step(d, p, &events[i], IN_RESET) != SDEI_SUCCESS)
			result = SDEI_DENIED;
		disp_unlock(&events[i]);
	}
	return result;
}

/* Only private handlers count as running: the text of 5.1.18 speaks of them. */
int disp_private_reset(struct sdei_dispatcher *d, struct pe *p)
{
	/* Signals that came before the reset go with it. */
	disp_collect(d, p);
	for (unsigned i = 0; i < d->private_count; i++)
		if (p->events[i].state == UNREGISTERED &&
		    is_signalable(&p->events[i]))
			disp_set_pending(d, p, &p->events[i], false);
	return reset_events(d, p, p->events, d->privates);
}

/*
 * Bindings are released only if no shared handler runs; then all that can be
 * are, whatever holds one of them back (5.1.19, the text rather than its table
 * of results).
 */
int disp_shared_reset(struct sdei_dispatcher *d, struct pe *p)
{
	int result = reset_events(d, p, d->shared, d->shareds);

	return result == SDEI_SUCCESS ? disp_release_all(d) : result;
}

static void mask(struct pe *p)
{
	store(&p->masked, true);
	update_able(p);
}

void sdei_pe_on(struct sdei_dispatcher *d, unsigned pe)
{
	mask(&d->pes[pe]);
	disp_private_reset(d, &d->pes[pe]);
}

void sdei_pe_off(struct sdei_dispatcher *d, unsigned pe)
{
	struct pe *p = &d->pes[pe];

	mask(p);
	disp_abandon(d, p);
	disp_private_reset(d, p);
	disp_pass_on(d, p);
}

void sdei_pe_suspend(struct sdei_dispatcher *d, unsigned pe)
{
	struct pe *p = &d->pes[pe];

	mask(p);
	disp_abandon(d, p);
	disp_pass_on(d, p);
}
