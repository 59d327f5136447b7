/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hibernation: freeze() is shutdown(), but for what the table of events
 * remembers, and only when no handler runs; thaw() is probe(), with a table
 * that is not empty.
 */
#include "internal.h"

/* SDEI_PENDING if a handler of `e` runs here, or, if it is shared, anywhere. */
static int running(struct sdei_client *c, struct event *e, unsigned call)
{
	int status = client_step(c, e, call);

	return status > 0 && status & SDEI_STATUS_RUNNING ? SDEI_PENDING
							  : status;
}

/* The step for events of freeze(): nothing of them runs any more. */
static int quiet(struct sdei_client *c, struct event *e, unsigned value)
{
	int result = client_each(c, e, running, CALL_OF(SDEI_FID_EVENT_STATUS));

	(void)value;
	if (result >= 0)
		e->leaving = false;
	return result;
}

/* While everything is masked no handler can begin: what is seen stays so. */
static int freeze(struct sdei_client *c, struct event *e, uintptr_t value)
{
	int result = client_step_each(c, NULL, CALL_OF(SDEI_FID_PE_MASK));

	if (!result)
		result = client_walk(c, quiet, 0);
	if (!result)
		return client_end(c, e, value);
	client_step_each(c, NULL, CALL_OF(SDEI_FID_PE_UNMASK));
	return result;
}

int sdei_client_freeze(struct sdei_client *c)
{
	return client_task(c, NO_EVENT, freeze, FROZEN);
}

int sdei_client_thaw(struct sdei_client *c)
{
	return client_task_in(c, NO_EVENT, client_start, 0, FROZEN);
}
