/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rest of the library, but for what saves and loads a guest's dispatcher; and for
 * the judge of a configuration, unless TF-A is built to be debugged: a map that breaks a
 * rule has stopped the boot by then (libsdei_map.c), and the rest is constant.
 */
#include <bind.c>
#if DEBUG
#include <check.c>
#else
#include <internal.h>

const char disp_twice[] = "twice";

const char *disp_check_config(struct sdei_dispatcher *d)
{
	const struct sdei_config *c = &d->config;
	unsigned shared = 0;

	for (unsigned i = 0; i < c->event_count; i++)
		shared += c->events[i].type;
	d->slot_count = c->private_slots + c->shared_slots;
	d->privates = c->event_count - shared + c->private_slots;
	d->shareds = shared + c->shared_slots;
	return NULL;
}
#endif
#include <dispatch_now.c>
#include <events.c>
#include <init.c>
#include <pending.c>
#include <pstate.c>
#include <reset.c>
