/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an event to its handler and out again: what the handler sees, which door
 * is taken, what is noticed, and a dispatcher that does not let us go.
 */
#include "client_rig.h"

#include <string.h>

#define RESUME SDEI_FID_EVENT_COMPLETE_RESUME
#define DONE   SDEI_FID_EVENT_COMPLETE

static void listen_to(uint32_t event)
{
	assert_int_equal(sdei_client_register(rig->c, event, rig_handler, rig),
			 SDEI_SUCCESS);
	assert_int_equal(sdei_client_enable(rig->c, event), SDEI_SUCCESS);
}

static void interrupted_registers(void **state)
{
	struct sdei_context before;

	(void)state;
	listen_to(PRIVATE);
	fill_frame(rig->m, 1);
	rig->m->frame[1].pstate = EL2H_MASKED;
	before = rig->m->frame[1];
	raise_on(1, PRIVATE);
	assert_int_equal(rig->handled[1], 1);
	/* x0 to x3 were the event's by then: they are asked for. */
	for (unsigned i = 0; i < SDEI_CONTEXT_REGISTERS; i++)
		assert_true(rig->seen.x[i] == before.x[i]);
	assert_true(rig->seen.pc == before.pc);
	assert_true(rig->seen.pstate == EL2H_MASKED);
	assert_true(rig->seen.sp == 0x5b5b0);
	assert_int_equal(rig->seen.number, PRIVATE);
	assert_memory_equal(&rig->m->frame[1], &before, sizeof(before));
}

static void doors(void **state)
{
	static const struct {
		uint32_t mode, pstate, from;
		uint64_t fid, argument;
	} row[] = {
		/* The client at EL2: its own code masked, open; SP_EL0. */
		{ 9, 0x3c9, 0, DONE, SDEI_HANDLED },
		{ 9, 0x089, 0, DONE, SDEI_HANDLED },
		{ 9, 0x088, 0, DONE, SDEI_HANDLED },
		{ 9, 0x349, 0, RESUME, 0x10280 },
		{ 9, 0x008, 0, RESUME, 0x10080 },
		/* Guest or host below it: whatever is masked there. */
		{ 9, 0x3c5, 0, RESUME, 0x10480 },
		{ 9, 0x004, 0, RESUME, 0x10480 },
		{ 9, 0x000, 0, RESUME, 0x10480 },
		{ 9, 0x010, 0, RESUME, 0x10680 },
		{ 9, 0x1d3, 0, RESUME, 0x10680 },
		/* The client at EL1. */
		{ 5, 0x3c5, 0, DONE, SDEI_HANDLED },
		{ 5, 0x085, 0, DONE, SDEI_HANDLED },
		{ 5, 0x005, 0, RESUME, 0x10280 },
		{ 5, 0x004, 0, RESUME, 0x10080 },
		{ 5, 0x000, 0, RESUME, 0x10480 },
		{ 5, 0x010, 0, RESUME, 0x10680 },
		/* By a stub: it says who was there. */
		{ 5, 0x085, SDEI_FROM_HOST, DONE, SDEI_HANDLED },
		{ 5, 0x005, SDEI_FROM_HOST, RESUME, 0x20280 },
		{ 5, 0x000, SDEI_FROM_HOST, RESUME, 0x20480 },
		{ 5, 0x3c5, SDEI_FROM_GUEST, RESUME, 0 },
		{ 5, 0x1d3, SDEI_FROM_GUEST, RESUME, 0 },
		{ 5, 0x009, SDEI_FROM_EL2, DONE, SDEI_HANDLED },
	};
	struct level *l = &rig->c->cpus[0].level[0];
	const struct registration *r = rig->c->registrations;

	(void)state;
	listen_to(PRIVATE);
	/* A stub has loaded another than the live VBAR_EL1. */
	l->stub.live[WORLD_VBAR] = 0x20000;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		for (int failed = 0; failed < 2; failed++) {
			struct door door;

			l->mode = row[i].mode;
			l->interrupted.pstate = row[i].pstate;
			l->interrupted.from = row[i].from;
			rig->handler_result = failed;
			door = client_event(l, r);
			assert_true(door.fid == (failed ? DONE : row[i].fid));
			assert_true(door.argument ==
				    (failed ? SDEI_FAILED : row[i].argument));
		}
}

static void stack_pointers(void **state)
{
	static const struct {
		uint32_t mode, pstate, from;
		uint64_t sp;
	} row[] = {
		{ 9, 0x009, 0, 0x5b5b0 }, /* the level's own */
		{ 9, 0x008, 0, 0xe10 },   /* SP_EL0 */
		{ 9, 0x005, 0, 0xe11 },   /* SP_EL1 */
		{ 9, 0x004, 0, 0xe10 },
		{ 9, 0x000, 0, 0xe10 },
		{ 9, 0x010, 0, 0xd13 }, /* AArch32: x13 */
		{ 5, 0x005, 0, 0x5b5b0 },
		{ 5, 0x000, 0, 0xe10 },
		{ 5, 0x009, SDEI_FROM_EL2, 0xe12 },
		{ 5, 0x005, SDEI_FROM_GUEST, 0x5b5b0 },
	};
	struct level *l = &rig->c->cpus[0].level[0];

	(void)state;
	listen_to(PRIVATE);
	arch.sp_el0 = 0xe10;
	arch.sp_el1 = 0xe11;
	l->stub.sp = 0xe12;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		l->mode = row[i].mode;
		l->interrupted.pstate = row[i].pstate;
		l->interrupted.from = row[i].from;
		l->interrupted.sp = 0x5b5b0;
		l->interrupted.x[13] = 0xd13;
		client_event(l, rig->c->registrations);
		assert_true(rig->seen.sp == row[i].sp);
	}
}

static void look_at_registers(struct rig *r)
{
	const struct sdei_client_cpu *cpu = &r->cpus[r->pe];

	assert_true(arch.tpidr_el1 == cpu->tpidr_el1);
	assert_true(arch.tpidr_el2 == cpu->tpidr_el2);
	assert_true(arch.sp_el0 == cpu->sp_el0);
	assert_true(arch.x18 == cpu->x18);
	assert_int_equal(arch.pan, 1);
}

static void take_exception(struct rig *r)
{
	(void)r;
	arch.elr = 0xbad0;
	arch.spsr = 0x3c9;
}

static void recreated(void **state)
{
	start_rig(state);
	rig->c->config.recreate = SDEI_RECREATE_TPIDR_EL1 |
				  SDEI_RECREATE_TPIDR_EL2 |
				  SDEI_RECREATE_SP_EL0 | SDEI_RECREATE_X18 |
				  SDEI_RECREATE_PAN;
	rig->cpus[2].tpidr_el1 = 0x21;
	rig->cpus[2].tpidr_el2 = 0x22;
	rig->cpus[2].sp_el0 = 0x20;
	rig->cpus[2].x18 = 0x18;
	assert_int_equal(sdei_client_probe(rig->c), SDEI_SUCCESS);
	listen_to(PRIVATE);
	arch.tpidr_el1 = 0x6e57;
	arch.tpidr_el2 = 0x6e58;
	arch.sp_el0 = 0x6e59;
	rig->in_handler = look_at_registers;
	raise_on(2, PRIVATE);
	assert_int_equal(rig->handled[2], 1);
	assert_true(arch.tpidr_el1 == 0x6e57);
	assert_true(arch.tpidr_el2 == 0x6e58);
	assert_true(arch.sp_el0 == 0x6e59);
	/* Who is told of trouble needs them as the handler does. */
	rig->in_handler = take_exception;
	raise_on(2, PRIVATE);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_EXCEPTION], 1);
	assert_true(rig->trouble_tpidr_el1 == 0x21);
	assert_true(arch.tpidr_el1 == 0x6e57);
	stop_rig(state);
}

static void exception_inside(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	rig->in_handler = take_exception;
	for (unsigned i = 1; i < 3; i++) {
		raise_on(0, PRIVATE);
		assert_int_equal(rig->troubles[SDEI_TROUBLE_EXCEPTION], i);
		assert_int_equal(rig->trouble_event, PRIVATE);
		assert_int_equal(rig->trouble_detail, 0xbad0);
		/* What the interrupted code may need is there again. */
		assert_true(arch.elr == 0xe1 && arch.spsr == 0x59);
	}
}

static void overrun_stack(struct rig *r)
{
	r->stacks[r->pe][0][0] ^= 1;
}

static void stack_overflow(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	raise_on(1, PRIVATE);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_STACK], 0);
	rig->in_handler = overrun_stack;
	raise_on(1, PRIVATE);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_STACK], 1);
	rig->in_handler = NULL;
	raise_on(1, PRIVATE);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_STACK], 1);
}

/* entry.S counts them. */
static void count_nested(struct rig *r)
{
	r->c->cpus[r->pe].level[0].nested += 2;
}

static void nested(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	rig->in_handler = count_nested;
	raise_on(3, PRIVATE);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_NESTED], 1);
	assert_int_equal(rig->trouble_detail, 2);
	rig->in_handler = NULL;
	raise_on(3, PRIVATE);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_NESTED], 1);
}

static void critical_inside(struct rig *r)
{
	const struct sdei_interrupted *normal, *critical;

	if (r->seen.number == PRIVATE_CRIT) {
		normal = sdei_client_interrupted(r->c, r->pe, 0);
		critical = sdei_client_interrupted(r->c, r->pe, 1);
		assert_int_equal(normal->number, PRIVATE);
		assert_int_equal(critical->number, PRIVATE_CRIT);
		assert_true(critical->pc == IN_HANDLER);
		assert_true(critical->pstate == EL2H_DAIF);
		return;
	}
	assert_null(sdei_client_interrupted(r->c, r->pe, 1));
	sdei_raise(r->m->d, r->pe, PRIVATE_CRIT, r->pe);
	run_here();
	/* It interrupted a context with interrupts masked: ours. */
	assert_true(r->last_door[r->pe] == DONE);
}

static void two_levels(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	listen_to(PRIVATE_CRIT);
	rig->in_handler = critical_inside;
	raise_on(1, PRIVATE);
	assert_int_equal(rig->handled[1], 2);
	assert_true(rig->last_door[1] == RESUME);
	assert_null(sdei_client_interrupted(rig->c, 1, 0));
	assert_null(sdei_client_interrupted(rig->c, PES, 0));
	assert_null(sdei_client_interrupted(rig->c, 0, 2));
	assert_int_equal(rig->troubles[SDEI_TROUBLE_NESTED], 0);
}

/* The dispatcher has no way back by COMPLETE_AND_RESUME; by COMPLETE it has. */
static void resume_refused(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	lie_about(RESUME, -1, SDEI_NOT_SUPPORTED);
	raise_on(1, PRIVATE);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_REFUSED], 1);
	assert_int_equal(rig->trouble_event, PRIVATE);
	assert_int_equal(rig->trouble_detail, SDEI_NOT_SUPPORTED);
	assert_true(rig->last_door[1] == DONE);
	assert_false(rig->stopped[1]);
	assert_int_equal(status_on(1, PRIVATE), 3);
	/* And again: each event has both chances. */
	raise_on(1, PRIVATE);
	assert_int_equal(rig->troubles[SDEI_TROUBLE_REFUSED], 2);
	assert_false(rig->stopped[1]);
}

static void both_doors_refused(void **state)
{
	static const int64_t answers[] = { SDEI_DENIED, SDEI_NOT_SUPPORTED, 0,
					   INT64_MIN };

	for (unsigned i = 0; i < 4; i++) {
		start_probed(state);
		listen_to(PRIVATE);
		rig->m->frame[1].pstate = EL2H_MASKED;
		lie_about(DONE, -1, answers[i]);
		raise_on(1, PRIVATE);
		assert_int_equal(rig->troubles[SDEI_TROUBLE_REFUSED], 2);
		assert_true(rig->stopped[1]);
		stop_rig(state);
	}
}

/* CONTEXT answers errors: they are values (5.1.5), and all goes on. */
static void context_refused(void **state)
{
	(void)state;
	listen_to(PRIVATE);
	lie_about(SDEI_FID_EVENT_CONTEXT, -1, SDEI_DENIED);
	raise_on(0, PRIVATE);
	assert_int_equal(rig->handled[0], 1);
	assert_true((int64_t)rig->seen.x[2] == SDEI_DENIED);
	assert_true(rig->last_door[0] == RESUME);
}

int main(void)
{
#define WITH(set_up, test) \
	cmocka_unit_test_setup_teardown(test, set_up, stop_rig)
	const struct CMUnitTest tests[] = {
		WITH(start_probed, interrupted_registers),
		WITH(start_probed, doors),
		WITH(start_probed, stack_pointers),
		cmocka_unit_test(recreated),
		WITH(start_probed, exception_inside),
		WITH(start_probed, stack_overflow),
		WITH(start_probed, nested),
		WITH(start_probed, two_levels),
		WITH(start_probed, resume_refused),
		cmocka_unit_test(both_doors_refused),
		WITH(start_probed, context_refused),
	};

	return cmocka_run_group_tests_name("client_deliver", tests, NULL, NULL);
}
