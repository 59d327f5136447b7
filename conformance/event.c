/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The C side of the event handler, and the clean slate between checks.
 */
#include "event.h"

#include "arch.h"
#include "check.h"
#include "source.h"

void event_arrived(struct pe *pe, struct record *r);
void event_not_completed(struct pe *pe, int64_t result)
	__attribute__((noreturn));
extern char abandoned[];

void event_arrived(struct pe *pe, struct record *r)
{
	if (pe->level == LEVELS - 1)
		bail_out("more than two handlers run on PE %u at once",
			 pe->index);
	pe->level++;
	r->fid = COMPLETE;
	r->argument = SDEI_HANDLED;
	if (pe->handler)
		pe->handler(pe, r);
	store(pe->runs, pe->runs + 1);
	pe->level--;
}

void event_not_completed(struct pe *pe, int64_t result)
{
	bail_out("a handler's last call on PE %u was refused: %ld", pe->index,
		 result);
}

/* Handlers that a check left behind: out of them, refused if there is none. */
static void abandon(struct pe *pe)
{
	for (unsigned i = 0; i < 2; i++)
		if (!context_save(&pe->back))
			CALL(COMPLETE_AND_RESUME, (uint64_t)abandoned);
}

static void listen_well(struct pe *pe)
{
	CALL(SIGNAL, 0, pe->mpidr);
	if (wait_until(load(pe->runs), SOON)) {
		pe->heard = true;
	} else if (pe->heard) {
		pe->deaf_since = check_number();
		fail("after this check PE %u takes no event any more",
		     pe->index);
	}
}

static uint64_t reset_job(struct pe *pe, uint64_t argument)
{
	(void)argument;
	sources_quiet();
	abandon(pe);
	CALL(PE_MASK);
	CALL(PRIVATE_RESET);
	CALL(SHARED_RESET);
	pe->level = 0;
	pe->record = (struct record *)(pe->levels + LEVELS) - 1;
	pe->handler = NULL;
	/* A signal may have been kept: let it run out, and another come. */
	store(pe->runs, 0);
	CALL(REGISTER, 0, ENTRY, 0, 0, 0);
	CALL(ENABLE, 0);
	CALL(PE_UNMASK);
	if (!pe->deaf_since)
		listen_well(pe);
	delay(5);
	CALL(PE_MASK);
	CALL(UNREGISTER, 0);
	store(pe->runs, 0);
	return 0;
}

void events_reset(unsigned pe)
{
	pe_run(pe, reset_job, 0);
	pes[pe].used = false;
}

void events_start(void)
{
	for (unsigned i = 0; i < pe_count; i++)
		store(pes[i].runs, 0);
}

void events_end(void)
{
	for (unsigned i = 0; i < pe_count; i++)
		if (i == 0 || (pes[i].used && load(pes[i].online)))
			events_reset(i);
	CALL(SHARED_RESET);
}

static uint64_t listen_job(struct pe *pe, uint64_t handler)
{
	pe->handler = (on_event *)handler;
	ASK(OK, REGISTER, 0, ENTRY, ARGUMENT(pe->index), 0, 0);
	ASK(OK, ENABLE, 0);
	ASK(OK, PE_UNMASK);
	return 0;
}

void listen(unsigned pe, on_event *handler)
{
	static char why[80];
	struct text t;

	if (pes[pe].deaf_since) {
		text_start(&t, why, sizeof(why));
		text_add(&t, "PE %u takes no events since check %u", pe,
			 pes[pe].deaf_since);
		skip(why);
	}
	pe_run(pe, listen_job, (uint64_t)handler);
}

void signal(unsigned target)
{
	pes[target].used = true;
	ASK(OK, SIGNAL, 0, pes[target].mpidr);
}

bool ran(unsigned pe, unsigned n)
{
	wait_until(load(pes[pe].runs) >= n, SOON);
	delay(A_WHILE);
	return expect(load(pes[pe].runs), n, "handlers that ran on PE %u", pe);
}

bool ran_not(unsigned pe, unsigned n)
{
	delay(A_WHILE);
	return expect(load(pes[pe].runs), n, "handlers that ran on PE %u", pe);
}
