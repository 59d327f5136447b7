/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher compiled with an embedder's context (own_context.h, by
 * SDEI_CONTEXT_H): another layout, a word beside it, SCTLR at hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sdei/dispatcher.h>

#include <string.h>

#define ENTRY 0xffff800010080000u
#define EVENT 0x40000001u
#define SSBS  (1u << 12)

static uint64_t no_read(void *context, unsigned pe,
			enum sdei_client_register reg)
{
	(void)context, (void)pe;
	/* PAN and GCS are off: nothing but SCTLR is needed. */
	fail_msg("register %u was read by the operation", reg);
	return 0;
}

static void no_resume(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	(void)context, (void)pe;
	assert_int_equal(elr, 0x1234);
	assert_int_equal(spsr, 0x9);
}

static void no_kick(void *context, unsigned target)
{
	(void)context, (void)target;
}

static int one_pe(void *context, uint64_t affinity)
{
	(void)context;
	return affinity ? -1 : 0;
}

static const struct sdei_ops ops = {
	.read = no_read,
	.resume = no_resume,
	.kick = no_kick,
	.pe_of_affinity = one_pe,
};

static const struct sdei_event_info events[] = {
	{ .number = SDEI_EVENT_SIGNALLED, .signalable = true },
	{ .number = EVENT, .priority = SDEI_PRIORITY_CRITICAL },
};

static uint64_t call(struct sdei_dispatcher *d, struct sdei_context *frame,
		     uint32_t fid, uint64_t x1, uint64_t x2)
{
	frame->general[0] = fid;
	frame->general[1] = x1;
	frame->general[2] = x2;
	frame->general[3] = frame->general[4] = frame->general[5] = 0;
	sdei_call(d, 0, frame);
	return frame->general[0];
}

static void fill(struct sdei_context *frame)
{
	for (unsigned i = 0; i < 31; i++)
		frame->general[i] = 0x1000 + i;
	frame->sp = 0x2000;
	frame->elr = 0x1234;
	frame->spsr = 0x9;
	frame->mitigation = 0x77;
}

static void comes_back_whole(void **state)
{
	static _Alignas(64) unsigned char memory[4096];
	const struct sdei_config config = {
		.events = events,
		.event_count = 2,
		.pe_count = 1,
		.client_el = 2,
		.version_minor = 1,
		.features = SDEI_FEAT_SSBS,
		.ops = &ops,
	};
	struct sdei_dispatcher *d = sdei_dispatcher_init(memory, sizeof(memory),
							 &config, NULL);
	struct sdei_context frame, before;

	(void)state;
	assert_non_null(d);
	sdei_pe_on(d, 0);
	fill(&frame);
	call(d, &frame, SDEI_FID_PE_UNMASK, 0, 0);
	call(d, &frame, SDEI_FID_EVENT_REGISTER, EVENT, ENTRY);
	assert_int_equal(call(d, &frame, SDEI_FID_EVENT_ENABLE, EVENT, 0), 0);

	fill(&frame);
	before = frame;
	assert_int_equal(sdei_raise(d, 0, EVENT, 0), 0);
	assert_true(sdei_deliver(d, 0, &frame));
	assert_int_equal(frame.general[0], EVENT);
	assert_int_equal(frame.general[2], 0x1234);
	assert_int_equal(frame.general[3], 0x9);
	assert_int_equal(frame.general[17], before.general[17]);
	assert_int_equal(frame.elr, ENTRY);
	assert_int_equal(frame.spsr, SSBS | 0x3c9);
	assert_int_equal(frame.mitigation, 0);

	frame.mitigation = 0x55; /* the handler's own */
	assert_int_equal(call(d, &frame, SDEI_FID_EVENT_CONTEXT, 17, 0),
			 before.general[17]);
	call(d, &frame, SDEI_FID_EVENT_COMPLETE, 0, 0);
	assert_memory_equal(&frame, &before, sizeof(frame));

	sdei_raise(d, 0, EVENT, 0);
	sdei_deliver(d, 0, &frame);
	call(d, &frame, SDEI_FID_EVENT_COMPLETE_RESUME, ENTRY + 4, 0);
	assert_int_equal(frame.elr, ENTRY + 4);
	assert_int_equal(frame.spsr, SSBS | 0x3c9);
	assert_int_equal(frame.mitigation, 0x77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_whole),
	};

	return cmocka_run_group_tests_name("own context", tests, NULL, NULL);
}
