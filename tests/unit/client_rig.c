/* SPDX-License-Identifier: BSD-2-Clause */
#include "client_rig.h"

#include <stdlib.h>
#include <string.h>

struct arch arch;
struct rig *rig;

static struct sdei_context *frame(void)
{
	return &rig->m->frame[rig->pe];
}

static void serve(uint64_t fid, const uint64_t x[5])
{
	frame()->x[0] = fid;
	memcpy(&frame()->x[1], x, 5 * sizeof(x[0]));
	sdei_call(rig->m->d, rig->pe, frame());
}

/* Is this call to be lied about? */
static bool lying(uint64_t fid)
{
	struct lie *l = &rig->lie;

	if (!l->armed || (l->fid && l->fid != fid) ||
	    (l->pe >= 0 && (unsigned)l->pe != rig->pe))
		return false;
	if (l->at) {
		l->at--;
		return false;
	}
	l->armed = l->for_ever;
	return true;
}

/* Where a PE is while a handler of a level runs. */
static uint64_t handler_pc(const struct level *l)
{
	return IN_HANDLER + 4 * (l == &rig->c->cpus[rig->pe].level[1]);
}

/* Leave the handler by a door; true if the dispatcher let us. */
static bool leave_by(const struct level *l, struct door door)
{
	bool lie = lying(door.fid);

	rig->calls++;
	rig->last_door[rig->pe] = door.fid;
	rig->last_argument[rig->pe] = door.argument;
	if (!lie || rig->lie.served)
		serve(door.fid, (const uint64_t[5]){ door.argument });
	if (frame()->pc != handler_pc(l)) {
		/* The vector returns to what was interrupted. */
		if (door.fid == SDEI_FID_EVENT_COMPLETE_RESUME &&
		    frame()->pc == door.argument) {
			frame()->pc = rig->m->elr;
			frame()->pstate = rig->m->spsr;
		}
		return true;
	}
	if (lie)
		frame()->x[0] = (uint64_t)rig->lie.answer;
	return false;
}

static struct level *level_of(const struct registration *r)
{
	if (r->level)
		return r->level;
	return (struct level *)((char *)&rig->c->cpus[rig->pe] +
				r->event->level_offset);
}

/* What entry.S does; x4 up are whatever they are. */
static void enter_handler(void)
{
	struct registration *r = (void *)(uintptr_t)frame()->x[1];
	struct level *l = level_of(r);
	struct door door;

	assert_null(l->running);
	l->arrived = l->running = r;
	memcpy(l->interrupted.x, frame()->x, sizeof(frame()->x));
	l->interrupted.pc = frame()->x[2];
	l->interrupted.pstate = frame()->x[3];
	l->interrupted.sp = 0x5b5b0;
	frame()->pc = handler_pc(l);
	frame()->pstate = EL2H_DAIF;
	door = client_event(l, r);
	/* Ended by sdei_client_crash(). */
	if (frame()->pc == ABANDONED)
		return;
	l->running = NULL;
	while (!leave_by(l, door)) {
		l->running = l->arrived;
		door = client_refused(l, (int64_t)frame()->x[0]);
		l->running = NULL;
		if (door.fid)
			continue;
		/* It would stop; the test goes on. */
		rig->stopped[rig->pe] = true;
		serve(SDEI_FID_EVENT_COMPLETE, (const uint64_t[5]){ 0 });
		break;
	}
}

static void run_handlers(void)
{
	while (frame()->pc == ENTRY)
		enter_handler();
}

int64_t rig_call(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		 uint64_t x4, uint64_t x5)
{
	serve(fid, (const uint64_t[5]){ x1, x2, x3, x4, x5 });
	run_handlers();
	return (int64_t)frame()->x[0];
}

static int64_t conduit(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		       uint64_t x4, uint64_t x5)
{
	int64_t answer = 0;
	bool lie;

	if (rig->before_call)
		rig->before_call(rig, fid);
	rig->calls++;
	lie = lying(fid);
	if (!lie || rig->lie.served)
		answer = rig_call(fid, x1, x2, x3, x4, x5);
	return lie ? rig->lie.answer : answer;
}

/* The assembly of the client. */
int64_t sdei_smc(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		 uint64_t x4, uint64_t x5)
{
	return conduit(fid, x1, x2, x3, x4, x5);
}

int64_t sdei_hvc(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		 uint64_t x4, uint64_t x5)
{
	(void)fid, (void)x1, (void)x2, (void)x3, (void)x4, (void)x5;
	fail_msg("the conduit is SMC");
	return 0;
}

uint64_t client_smc(uint64_t fid, uint64_t x1)
{
	return (uint64_t)conduit(fid, x1, 0, 0, 0, 0);
}

uint64_t client_hvc(uint64_t fid, uint64_t x1)
{
	return (uint64_t)sdei_hvc(fid, x1, 0, 0, 0, 0);
}

unsigned client_abandon(uint64_t fid, uint32_t hvc, uint64_t world_el2)
{
	uint64_t pc = frame()->pc;

	(void)world_el2;
	assert_int_equal(fid, SDEI_FID_EVENT_COMPLETE_RESUME);
	assert_int_equal(hvc, 0);
	rig->calls++;
	if (lying(fid))
		return 0;
	/* An earlier one may have left it there. */
	frame()->pc = 0;
	serve(fid, (const uint64_t[5]){ ABANDONED });
	if (frame()->pc == ABANDONED)
		return 1;
	frame()->pc = pc;
	return 0;
}

void sdei_entry(void)
{
}

static unsigned op_cpu(void *context)
{
	return ((struct rig *)context)->pe;
}

static bool op_run_on(void *context, unsigned cpu, void (*function)(void *),
		      void *argument)
{
	struct rig *r = context;
	unsigned self = r->pe;

	assert_true(cpu < PES);
	if (!r->online[cpu])
		return false;
	r->pe = cpu;
	function(argument);
	r->pe = self;
	return true;
}

static void op_lock(void *context)
{
	assert_int_equal(((struct rig *)context)->locked++, 0);
}

static void op_unlock(void *context)
{
	assert_int_equal(--((struct rig *)context)->locked, 0);
}

static void op_trouble(void *context, enum sdei_trouble what, unsigned cpu,
		       uint32_t event, int64_t detail)
{
	struct rig *r = context;

	assert_true(what <= SDEI_TROUBLE_REFUSED && cpu == r->pe);
	assert_string_not_equal(sdei_trouble_text(what), "unknown");
	r->troubles[what]++;
	r->trouble_event = event;
	r->trouble_detail = detail;
	r->trouble_tpidr_el1 = arch.tpidr_el1;
}

int rig_handler(const struct sdei_interrupted *interrupted, void *argument)
{
	assert_ptr_equal(argument, rig);
	assert_int_equal(interrupted->cpu, rig->pe);
	rig->handled[rig->pe]++;
	rig->seen = *interrupted;
	if (rig->in_handler)
		rig->in_handler(rig);
	return rig->handler_result;
}

static void configure(struct rig *r)
{
	r->ops = (struct sdei_client_ops){
		.cpu = op_cpu,
		.run_on = op_run_on,
		.lock = op_lock,
		.unlock = op_unlock,
		.trouble = op_trouble,
	};
	r->config = (struct sdei_client_config){
		.cpus = r->cpus,
		.ops = &r->ops,
		.context = r,
		.cpu_count = PES,
		.event_count = EVENT_SLOTS,
		.stack_size = STACK_SIZE,
		.conduit = SDEI_CONDUIT_SMC,
		.entry_point = ENTRY,
	};
	for (unsigned pe = 0; pe < PES; pe++) {
		r->cpus[pe] = (struct sdei_client_cpu){
			.affinity = 0x100 + pe,
			.stack = { r->stacks[pe][0], r->stacks[pe][1] },
		};
		r->online[pe] = true;
	}
}

int start_rig(void **state)
{
	void *machine;

	start_machine(&machine);
	rig = aligned_alloc(16, sizeof(*rig));
	memset(rig, 0, sizeof(*rig));
	memset(rig->memory, 0xA5, sizeof(rig->memory));
	rig->m = machine;
	arch = (struct arch){
		.mode = 9, .vbar = 0x10000, .elr = 0xe1, .spsr = 0x59
	};
	configure(rig);
	for (unsigned pe = 0; pe < PES; pe++)
		CALL(rig->m, pe, SDEI_FID_PE_MASK, 0);
	rig->c = sdei_client_init(rig->memory, sizeof(rig->memory),
				  &rig->config, NULL);
	assert_non_null(rig->c);
	*state = rig;
	return 0;
}

int start_probed(void **state)
{
	start_rig(state);
	assert_int_equal(sdei_client_probe(rig->c), SDEI_SUCCESS);
	return 0;
}

int stop_rig(void **state)
{
	void *machine = rig->m;

	assert_int_equal(rig->locked, 0);
	stop_machine(&machine);
	free(*state);
	return 0;
}

int status_on(unsigned pe, uint32_t event)
{
	struct sdei_context saved = rig->m->frame[pe];
	int status = (int)CALL(rig->m, pe, SDEI_FID_EVENT_STATUS, event);

	rig->m->frame[pe] = saved;
	return status;
}

void run_here(void)
{
	if (sdei_deliver(rig->m->d, rig->pe, frame()))
		run_handlers();
}

/* This PE first, then those that it may have passed something on to. */
static void pump(void)
{
	unsigned self = rig->pe;

	run_here();
	for (rig->pe = 0; rig->pe < PES; rig->pe++)
		run_here();
	rig->pe = self;
}

void raise_on(unsigned pe, uint32_t event)
{
	sdei_raise(rig->m->d, rig->pe, event, pe);
	pump();
}

void lie_about(uint64_t fid, int pe, int64_t answer)
{
	rig->lie = (struct lie){ .fid = fid,
				 .pe = pe,
				 .armed = true,
				 .for_ever = true,
				 .answer = answer };
}
