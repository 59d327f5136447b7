/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The events that tests raise, and their handler. Who raises them is found once
 * (raise.c).
 */
#include "test.h"

struct seen seen[2][MAX_CPUS];
uint32_t events[2] = { NO_EVENT, NO_EVENT };
const struct raiser *raiser;

bool raise_after(unsigned priority, uint64_t ticks)
{
	return raiser->raise(priority, ticks);
}

/* What holds in every handler, whoever was interrupted. */
static const char *look(const struct sdei_interrupted *at)
{
	uint64_t number = read_sysreg(mpidr_el1) & (MAX_CPUS - 1);
	uint64_t pan;

	if (this_cpu() != &cpus[number])
		return "per-CPU data are not this CPU's";
	if (at->cpu != number)
		return "the client takes it for another CPU";
	if ((read_sysreg(daif) & P_DAIF) != P_DAIF)
		return "an exception is not masked";
	if (has_pan()) {
		pan = read_sysreg(S3_0_C4_C2_3);
		if (!pan)
			return "PAN is off";
	}
	return NULL;
}

static bool is_guest(const struct sdei_interrupted *at)
{
#if HOST_VHE
	return !(read_sysreg(hcr_el2) & HCR_TGE) &&
	       (at->pstate & P_MODE) <= P_EL1H;
#else
	return at->from == SDEI_FROM_GUEST;
#endif
}

static int on_event(const struct sdei_interrupted *at, void *argument)
{
	struct seen *s = (struct seen *)argument + at->cpu;

	s->time = read_sysreg(cntpct_el0);
	s->wrong = look(at);
	s->at = *at;
	s->guest = is_guest(at);
	if (raiser->came)
		raiser->came(argument == seen[SDEI_PRIORITY_CRITICAL]);
	if (s->action)
		s->action(s);
	s->count++;
	return SDEI_HANDLED;
}

void event_enable(unsigned priority, uint32_t number)
{
	int result = sdei_client_register(client, number, on_event,
					  seen[priority]);

	if (!result)
		result = sdei_client_enable(client, number);
	if (result)
		panic("event 0x%x: %d", number, result);
	events[priority] = number;
}

void event_route(unsigned priority, unsigned cpu)
{
	uint32_t number = events[priority];
	int result;

	if (sdei_client_info(client, number, SDEI_INFO_TYPE) !=
	    SDEI_TYPE_SHARED)
		return;
	result = sdei_client_disable(client, number);
	if (!result)
		result = sdei_client_route(client, number, (int)cpu);
	if (!result)
		result = sdei_client_enable(client, number);
	check(!result, "event 0x%x to CPU %u: %d", number, cpu, result);
}

void events_again(void)
{
	for (unsigned priority = 0; priority < 2; priority++)
		if (events[priority] != NO_EVENT)
			event_enable(priority, events[priority]);
}
