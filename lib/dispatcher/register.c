/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registration (5.1.2) and routing (5.1.10, 5.1.11).
 *
 * What is registered changes only while its event is neither ready nor running,
 * so whoever enters a handler reads it without the lock.
 */
#include "internal.h"

/*
 * REGISTER and ROUTING_SET: the event is not ready before nor after, the step a
 * quiet one. A slot's way out of "unregistered" is under the bind lock, or
 * RELEASE could not trust what it sees of other PEs' private handlers; here it
 * may turn out to have been released just now.
 */
static void set_up(struct sdei_pe *p, struct sdei_context *frame,
		   struct event *e, enum input input, uint64_t mode,
		   uint64_t affinity)
{
	int16_t routed_to = -1;
	int64_t result = SDEI_INVALID_PARAMETERS;
	uint8_t *bind_lock = NULL;

	if (is_shared(e) && mode != SDEI_RM_ANY) {
		if (mode == SDEI_RM_PE)
			routed_to = (int16_t)pe_with(p, affinity);
		if (routed_to < 0) {
			answer(frame, result);
			return;
		}
	}
	if (is_slot(e)) {
		bind_lock = &p->d->bind_lock;
		spin_acquire(bind_lock);
	}
	lock_event(e);
	if (!bind_lock || e->info->interrupt)
		result = step_quietly(e, input);
	if (result == SDEI_SUCCESS) {
		if (input == IN_REGISTER) {
			uint64_t argument = sdei_x(frame, 3),
				 flags = sdei_x(frame, 4);

			store(&e->entry_point, sdei_x(frame, 2));
			e->argument = argument;
			e->relative = flags & SDEI_REGISTER_RELATIVE;
		}
		if (is_shared(e))
			store(&of_shared(e)->affinity, pack_affinity(affinity));
		store(&e->routed_to, routed_to);
	}
	unlock_event(e);
	if (bind_lock)
		spin_release(bind_lock);
	answer(frame, result);
}

#define REGISTER_FLAGS \
	((uint64_t)(SDEI_REGISTER_RM_PE | SDEI_REGISTER_RELATIVE))

/* 5.1.2. Routing is a shared event's; a private one ignores mode and affinity. */
void disp_register(struct sdei_pe *p, struct sdei_context *frame,
		   struct event *e)
{
	uint64_t entry_point = sdei_x(frame, 2), flags = sdei_x(frame, 4);

	if (flags & ~REGISTER_FLAGS || entry_point % 4 != 0 ||
	    (!entry_point && !(flags & SDEI_REGISTER_RELATIVE)))
		answer(frame, SDEI_INVALID_PARAMETERS);
	else
		set_up(p, frame, e, IN_REGISTER, flags & SDEI_REGISTER_RM_PE,
		       sdei_x(frame, 5));
}

/* 5.1.11 */
void disp_routing_set(struct sdei_pe *p, struct sdei_context *frame,
		      struct event *e)
{
	if (is_shared(e))
		set_up(p, frame, e, IN_ROUTING_SET, sdei_x(frame, 2),
		       sdei_x(frame, 3));
	else
		answer(frame, SDEI_INVALID_PARAMETERS);
}

/* Routing of a registered shared event: one consistent answer of the two. */
void disp_routing_get(struct sdei_pe *p, struct sdei_context *frame,
		      struct event *e)
{
	int64_t result = SDEI_INVALID_PARAMETERS;

	(void)p;
	lock_event(e);
	if (!(e->state & SDEI_STATUS_REGISTERED))
		result = SDEI_DENIED;
	else if ((uint32_t)sdei_x(frame, 2) == SDEI_INFO_ROUTING_MODE)
		result = e->routed_to < 0 ? SDEI_RM_ANY : SDEI_RM_PE;
	else if (e->routed_to >= 0)
		result = (int64_t)unpack_affinity(of_shared(e)->affinity);
	unlock_event(e);
	answer(frame, result);
}
