/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One call of a client: make it, judge its answer and what it did to the frame,
 * keep the shadow. Which error comes first is the model's business; here an
 * answer must be one that the specification has for the call, and what follows
 * from the shadow alone must be exact.
 */
#include "world.h"

#define NS   (1u << -SDEI_NOT_SUPPORTED)
#define INV  (1u << -SDEI_INVALID_PARAMETERS)
#define DEN  (1u << -SDEI_DENIED)
#define PEND (1u << -SDEI_PENDING)
#define FULL (1u << -SDEI_OUT_OF_RESOURCE)

/* Errors that each call may answer with (5.1), and the largest value. */
static const struct {
	uint32_t errors;
	int64_t most;
} answers[SDEI_FID_LAST - SDEI_FID_FIRST + 1] = {
	{ 0, INT64_MAX },                 /* VERSION */
	{ INV | DEN, 0 },                 /* REGISTER */
	{ INV | DEN, 0 },                 /* ENABLE */
	{ INV | DEN, 0 },                 /* DISABLE */
	{ INV | DEN, INT64_MAX },         /* CONTEXT: checked apart */
	{ DEN, -1 },                      /* COMPLETE: returns errors only */
	{ INV | DEN, -1 },                /* COMPLETE_AND_RESUME */
	{ INV | DEN | PEND, 0 },          /* UNREGISTER */
	{ INV, 7 },                       /* STATUS */
	{ INV | DEN, INT64_MAX },         /* GET_INFO */
	{ INV | DEN, 0 },                 /* ROUTING_SET */
	{ 0, 1 },                         /* MASK */
	{ 0, 0 },                         /* UNMASK */
	{ INV | DEN | FULL, 0x40ffffff }, /* BIND */
	{ INV | DEN, 0 },                 /* RELEASE */
	{ INV, 0 },                       /* SIGNAL */
	{ INV, UINT32_MAX },              /* FEATURES */
	{ DEN, 0 },                       /* PRIVATE_RESET */
	{ DEN, 0 },                       /* SHARED_RESET */
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
	{ NS, -1 },
};

static bool from_client(const struct world *w, unsigned pe)
{
	return (w->pe[pe].frame.pstate & 0x1c) == w->config.client_el << 2;
}

static bool completes(uint32_t fid)
{
	return fid == SDEI_FID_EVENT_COMPLETE ||
	       fid == SDEI_FID_EVENT_COMPLETE_RESUME;
}

/* PE of an affinity, or -1. */
static int pe_of(const struct world *w, uint64_t affinity)
{
	affinity &= ~(uint64_t)SDEI_MPIDR_OTHER;
	return affinity & ~SDEI_AFFINITY_MASK
		       ? -1
		       : w->config.ops->pe_of_affinity(NULL, affinity);
}

/* What must be in the shadow before the call: it may enter a handler. */
static void before(struct world *w, unsigned pe, uint32_t fid,
		   const uint64_t x[5])
{
	int target;

	if (fid == SDEI_FID_PE_UNMASK)
		w->pe[pe].masked = false;
	if (fid == SDEI_FID_EVENT_SIGNAL &&
	    (uint32_t)x[0] == SDEI_EVENT_SIGNALLED) {
		target = pe_of(w, x[1]);
		if (target >= 0)
			w->pending[target][index_of(w, 0)] = true;
	}
	w->resets = fid == SDEI_FID_PRIVATE_RESET;
}

static void after_register(struct world *w, unsigned pe, const uint64_t x[5])
{
	unsigned e = (unsigned)index_of(w, (uint32_t)x[0]);

	w->registered[home(w, pe, e)][e] = (struct registration){
		.entry = x[1],
		.argument = x[2],
		.flags = x[3],
		.known = true,
	};
	if (is_shared_index(w, e))
		w->routed[e] = x[3] & SDEI_REGISTER_RM_PE ? pe_of(w, x[4]) : -1;
}

/* A success that changes the shadow. */
static void after(struct world *w, unsigned pe, uint32_t fid,
		  const uint64_t x[5])
{
	if (fid == SDEI_FID_EVENT_REGISTER)
		after_register(w, pe, x);
	if (fid == SDEI_FID_EVENT_ROUTING_SET)
		w->routed[index_of(w, (uint32_t)x[0])] =
			x[1] == SDEI_RM_PE ? pe_of(w, x[2]) : -1;
}

static bool all_slots_taken(const struct world *w, uint32_t interrupt)
{
	unsigned first = interrupt < 32 ? TABLE : TABLE + PRIVATE_SLOTS;
	unsigned last = interrupt < 32 ? TABLE + PRIVATE_SLOTS : EVENTS;

	for (unsigned e = first; e < last; e++)
		if (!w->bound[e])
			return false;
	return true;
}

static void check_bind(struct world *w, uint32_t interrupt, int64_t result)
{
	int e = -1;

	for (unsigned i = TABLE; i < EVENTS; i++)
		if (interrupt && w->bound[i] == interrupt)
			e = (int)i;
	if (result < 0) {
		if (e >= 0)
			fail(w, "BIND of %u again: %ld", interrupt, result);
		if (result == SDEI_OUT_OF_RESOURCE &&
		    !all_slots_taken(w, interrupt))
			fail(w, "BIND of %u: there are slots", interrupt);
		return;
	}
	if (interrupt < 16 || interrupt >= INTERRUPTS || !w->owned[interrupt] ||
	    interrupt == 20 || interrupt == 40)
		fail(w, "BIND of %u: %lx", interrupt, result);
	if (e >= 0 && w->now[0][e].info->number != result)
		fail(w, "BIND of %u again: %lx", interrupt, result);
}

static bool was_bound(const struct world *w, uint32_t number)
{
	for (unsigned e = TABLE; e < EVENTS; e++)
		if (w->was[0][e].info && w->was[0][e].info->number == number)
			return true;
	return false;
}

/* Answers that the shadow knows. */
static void check_value(struct world *w, unsigned pe, uint32_t fid,
			const uint64_t x[5], int64_t result)
{
	int e = index_of(w, (uint32_t)x[0]);
	int64_t expected = result;

	switch (fid) {
	case SDEI_FID_VERSION:
		expected = 0x0001000112345678;
		break;
	case SDEI_FID_EVENT_STATUS:
		expected = e < 0 ? SDEI_INVALID_PARAMETERS
				 : (int64_t)w->now[pe][e].status;
		break;
	case SDEI_FID_EVENT_GET_INFO:
		if (e >= 0 && (uint32_t)x[1] == SDEI_INFO_TYPE)
			expected = is_shared_index(w, (unsigned)e);
		if (result >= 0 && (uint32_t)x[1] == SDEI_INFO_ROUTING_MODE)
			expected = w->routed[e] >= 0;
		if (result >= 0 && (uint32_t)x[1] == SDEI_INFO_ROUTING_AFF)
			expected = w->routed[e] + 0x100;
		break;
	case SDEI_FID_PE_MASK:
		expected = !w->pe[pe].masked;
		w->pe[pe].masked = true;
		break;
	case SDEI_FID_EVENT_SIGNAL:
		expected = (uint32_t)x[0] == 0 && pe_of(w, x[1]) >= 0
				   ? SDEI_SUCCESS
				   : SDEI_INVALID_PARAMETERS;
		break;
	case SDEI_FID_INTERRUPT_BIND:
		check_bind(w, (uint32_t)x[0], result);
		break;
	case SDEI_FID_INTERRUPT_RELEASE:
		if (!was_bound(w, (uint32_t)x[0]))
			expected = SDEI_INVALID_PARAMETERS;
		else if (result == SDEI_SUCCESS && e >= 0)
			fail(w, "event %lx is still there", x[0]);
		break;
	}
	if (result != expected)
		fail(w, "call %x on PE %u: %ld, not %ld", fid, pe, result,
		     expected);
}

/* 5.1.5: what the innermost handler interrupted; may look like an error. */
static void check_context(struct world *w, unsigned pe, uint64_t parameter,
			  int64_t result)
{
	int priority = innermost_of(&w->pe[pe]);
	uint32_t n = (uint32_t)parameter;
	const struct handler *h;

	if (n >= SDEI_CONTEXT_REGISTERS || priority < 0) {
		if (result != (n >= SDEI_CONTEXT_REGISTERS
				       ? SDEI_INVALID_PARAMETERS
				       : SDEI_DENIED))
			fail(w, "CONTEXT of %u: %ld", n, result);
		return;
	}
	h = &w->pe[pe].running[priority];
	if (h->known && h->interrupted.x[n] != (uint64_t)result)
		fail(w, "CONTEXT of x%u: %lx, not %lx", n, result,
		     h->interrupted.x[n]);
}

static void check_result(struct world *w, unsigned pe, uint32_t fid,
			 const uint64_t x[5], int64_t result)
{
	unsigned n = fid - SDEI_FID_FIRST;

	if (fid == SDEI_FID_EVENT_CONTEXT) {
		check_context(w, pe, x[0], result);
		return;
	}
	if (result < 0 ? result < -10 || !(answers[n].errors >> -result & 1)
		       : result > answers[n].most)
		fail(w, "call %x on PE %u: %ld", fid, pe, result);
	check_value(w, pe, fid, x, result);
	if (result >= 0)
		after(w, pe, fid, x);
}

/* The frame is what the handler interrupted (5.1.6), or as after an exception. */
static void check_completion(struct world *w, unsigned pe, bool resume,
			     uint64_t address)
{
	struct sdei_context expected = w->popped.interrupted;
	uint64_t pstate = w->entered_now ? w->pe[pe].frame.x[3]
					 : w->pe[pe].frame.pstate;

	if (w->resumed != resume)
		fail(w, "resumed %u times", w->resumed);
	/* A loaded handler: what it interrupted shows only now. */
	if (!w->popped.known) {
		if (!w->entered_now)
			return;
		for (unsigned i = 4; i < SDEI_CONTEXT_REGISTERS; i++)
			expected.x[i] = w->pe[pe].frame.x[i];
		expected.pc = w->pe[pe].frame.x[2];
		w->told = expected;
	} else if (resume &&
		   (w->elr != expected.pc || w->spsr != expected.pstate)) {
		fail(w, "resumed with ELR %lx", w->elr);
	}
	if (resume) {
		expected.pc = address;
		if ((pstate & 0xFDF) != (w->config.client_el << 2 | 1 | 0x3c0))
			fail(w, "resumed with PSTATE %lx", pstate);
	}
	if (resume || !w->popped.known)
		expected.pstate = w->told.pstate = pstate;
	check_frame(w, pe, &expected);
	if (!w->popped.known)
		w->pe[pe].running[innermost_of(&w->pe[pe])].known = false;
}

static bool ends_handler(const struct world *w, unsigned pe, uint32_t fid,
			 const uint64_t x[5])
{
	return from_client(w, pe) && completes(fid) &&
	       innermost_of(&w->pe[pe]) >= 0 &&
	       (fid == SDEI_FID_EVENT_COMPLETE || x[0] % 4 == 0);
}

/* The call, and what it entered. Returns the answer, if it is one that answers. */
static int64_t make(struct world *w, unsigned pe, uint32_t fid,
		    const uint64_t x[5])
{
	struct sdei_context *frame = &w->pe[pe].frame;

	trace(w, "PE %u: %x(%lx, %lx, %lx, %lx, %lx)\n", pe, fid, x[0], x[1],
	      x[2], x[3], x[4]);
	sdei_call(w->d, pe, frame);
	find_entered(w);
	return (int64_t)(w->entered_now ? interrupted_x0(w, pe) : frame->x[0]);
}

void call(struct world *w, unsigned pe, uint32_t fid, const uint64_t x[5])
{
	struct sdei_context *frame = &w->pe[pe].frame, expected;
	bool client = from_client(w, pe), ends = ends_handler(w, pe, fid, x);
	int64_t result;

	begin(w, pe);
	frame->x[0] = fid;
	for (unsigned i = 0; i < 5; i++)
		frame->x[i + 1] = x[i];
	frame->pc += 4;
	expected = *frame;
	if (client)
		before(w, pe, fid, x);
	if (ends)
		pop(w, pe);
	result = make(w, pe, fid, x);
	if (ends) {
		check_completion(w, pe, fid == SDEI_FID_EVENT_COMPLETE_RESUME,
				 x[0]);
	} else {
		trace(w, "\t= %ld\n", result);
		expected.x[0] = (uint64_t)result;
		if (client)
			check_result(w, pe, fid, x, result);
		else if (result != SDEI_NOT_SUPPORTED)
			fail(w, "call %x from elsewhere: %lx", fid, result);
		check_frame(w, pe, &expected);
	}
	look(w);
}
