/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handler state machine (Table 13) in full: every call in every state, its
 * answer and the state after it. In states without a running handler the PE is
 * masked; the others are seen from inside the handler.
 */
#include "check.h"
#include "event.h"
#include "suites.h"

/* A state is what STATUS returns for it. */
enum { U = 0, R = 1, E = 3, R_RUN = 5, E_RUN = 7, P = 4 };
#define RUNNING SDEI_STATUS_RUNNING

static const uint64_t states[] = { U, R, E, R_RUN, E_RUN, P };
static const char *const state_names[] = {
	"unregistered", "registered",          "enabled",
	"running",      "running and enabled", "unregister-pending",
};

#define STATES COUNT(states)
#define SAME   0xff

struct cell {
	unsigned allowed;
	uint8_t next;
};

/* clang-format off */
#define ALWAYS(allowed) { { allowed, SAME }, { allowed, SAME }, \
	{ allowed, SAME }, { allowed, SAME }, { allowed, SAME }, \
	{ allowed, SAME } }
/* clang-format on */

struct row {
	const char *section;
	uint64_t call[6];
	struct cell in[STATES];
	const char *remark;
};

/* clang-format off */
static const struct row rows[] = {
	{ "5.1.2", { REGISTER, 0, ENTRY },
	  { { OK, R }, { DENIED, SAME }, { DENIED, SAME }, { DENIED, SAME },
	    { DENIED, SAME }, { DENIED, SAME } }, "" },
	{ "5.1.3", { ENABLE, 0 },
	  { { DENIED, SAME }, { OK, E }, { OK, SAME }, { OK, E_RUN },
	    { OK, SAME }, { DENIED, SAME } }, "" },
	{ "5.1.4", { DISABLE, 0 },
	  { { DENIED, SAME }, { OK, SAME }, { OK, R }, { OK, SAME },
	    { OK, R_RUN }, { DENIED, SAME } }, "" },
	{ "5.1.8", { UNREGISTER, 0 },
	  { { DENIED, SAME }, { OK, U }, { OK, U }, { PENDING, P },
	    { PENDING, P }, { PENDING, SAME } }, "" },
	{ "5.1.11", { ROUTING_SET, 0 }, ALWAYS(INVALID), "" },
	{ "5.1.10", { GET_INFO, 0, SDEI_INFO_TYPE }, ALWAYS(OK), " (type)" },
	{ "5.1.10", { GET_INFO, 0, SDEI_INFO_SIGNALED }, ALWAYS(OK),
	  " (signalable)" },
	{ "5.1.10", { GET_INFO, 0, SDEI_INFO_PRIORITY }, ALWAYS(OK),
	  " (priority)" },
	{ "5.1.10", { GET_INFO, 0, SDEI_INFO_ROUTING_MODE }, ALWAYS(INVALID),
	  " (routing mode)" },
	{ "5.1.10", { GET_INFO, 0, SDEI_INFO_ROUTING_AFF }, ALWAYS(INVALID),
	  " (affinity)" },
	{ "5.1.15", { RELEASE, 0 }, ALWAYS(INVALID), "" },
	{ "5.1.18", { PRIVATE_RESET },
	  { { OK, SAME }, { OK, U }, { OK, U }, { DENIED, P }, { DENIED, P },
	    { DENIED, SAME } }, "" },
	{ "5.1.19", { SHARED_RESET }, ALWAYS(OK), "" },
};
/* clang-format on */

/* What `try` does, with the answer in it. */
static const struct row *row;
static unsigned in_state;

static void try(void)
{
	uint64_t before = states[in_state];
	const struct cell *cell = &row->in[in_state];

	ASK_VALUE((int64_t)before, STATUS, 0);
	ask(cell->allowed, row->call);
	ASK_VALUE((int64_t)(cell->next == SAME ? before : cell->next), STATUS,
		  0);
}

/* Bring event 0 from where the handler finds it to `state`. */
static void to_running_state(uint64_t state)
{
	if (state == R_RUN)
		ASK(OK, DISABLE, 0);
	if (state == P)
		ASK(PENDING, UNREGISTER, 0);
}

static void try_in_handler(struct pe *pe, struct record *r)
{
	(void)r;
	if (pe->runs)
		return;
	to_running_state(states[in_state]);
	try();
}

static void cell(uint64_t argument)
{
	row = &rows[argument / STATES];
	in_state = argument % STATES;
	if (states[in_state] & RUNNING) {
		listen(0, try_in_handler);
		signal(0);
		ran(0, 1);
		return;
	}
	if (states[in_state] != U)
		ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	if (states[in_state] == E)
		ASK(OK, ENABLE, 0);
	try();
}

/* How a handler ends: COMPLETE, or COMPLETE_AND_RESUME to `resumed`. */
static uint64_t completed_from;
extern char abandoned[];

static void complete_in_state(struct pe *pe, struct record *r)
{
	(void)pe;
	to_running_state(completed_from & ~(UINT64_C(1) << 63));
	if (completed_from >> 63) {
		r->fid = COMPLETE_AND_RESUME;
		r->argument = (uint64_t)abandoned;
	}
}

static void complete(uint64_t argument)
{
	static const uint8_t after[] = { [R_RUN] = R, [E_RUN] = E, [P] = U };

	completed_from = argument;
	if (!context_save(&this_pe()->back)) {
		listen(0, complete_in_state);
		signal(0);
		ran(0, 1);
		if (argument >> 63)
			fail("the handler resumed, and yet the interrupted code went on");
	}
	irq_unmask();
	expect(load(pes[0].runs), 1, "handlers that ran");
	ASK_VALUE(after[argument & 7], STATUS, 0);
	ASK(DENIED, COMPLETE, 0);
}

/* A signal in each state: accepted, and no state but by its handler. */
static void signal_in_handler(struct pe *pe, struct record *r)
{
	(void)r;
	if (pe->runs)
		return;
	to_running_state(states[in_state]);
	signal(0);
	signal(0);
	ASK_VALUE((int64_t)states[in_state], STATUS, 0);
}

/* Signals coalesce: from a running, enabled handler one more comes of two. */
static void signal_while_running(uint64_t state)
{
	in_state = (unsigned)state;
	listen(0, signal_in_handler);
	signal(0);
	ran(0, states[state] == E_RUN ? 2 : 1);
}

static void signal_while_masked(uint64_t state)
{
	if (states[state] != U)
		ASK(OK, REGISTER, 0, ENTRY, 0, 0, 0);
	if (states[state] == E)
		ASK(OK, ENABLE, 0);
	signal(0);
	ASK_VALUE((int64_t)states[state], STATUS, 0);
	ran_not(0, 0);
}

/* After U-P-U, everything starts again. */
static void unregister_in_handler(struct pe *pe, struct record *r)
{
	(void)pe, (void)r;
	ASK(PENDING, UNREGISTER, 0);
}

static void register_after_pending(uint64_t unused)
{
	(void)unused;
	listen(0, unregister_in_handler);
	signal(0);
	ran(0, 1);
	ASK_VALUE(U, STATUS, 0);
	ASK(DENIED, ENABLE, 0);
	listen(0, NULL);
	signal(0);
	ran(0, 2);
}

void suite_state(void)
{
	for (unsigned i = 0; i < COUNT(rows) * STATES; i++)
		check(rows[i / STATES].section, cell, i, "%s%s while %s",
		      function_name(rows[i / STATES].call[0]),
		      rows[i / STATES].remark, state_names[i % STATES]);
	for (unsigned i = 3; i < STATES; i++) {
		check("5.1.6", complete, states[i], "COMPLETE from %s",
		      state_names[i]);
		check("5.1.7", complete, states[i] | UINT64_C(1) << 63,
		      "COMPLETE_AND_RESUME from %s", state_names[i]);
	}
	check("5.1.8", register_after_pending, 0,
	      "REGISTER, ENABLE and delivery after unregister-pending");
}

void suite_state_waiting(void)
{
	for (unsigned i = 0; i < STATES; i++)
		check("5.1.16",
		      states[i] & RUNNING ? signal_while_running
					  : signal_while_masked,
		      i, "%s while %s", function_name(SIGNAL), state_names[i]);
}
