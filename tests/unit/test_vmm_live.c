/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's live trace: the file as `sdei trace --vm` will read it.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <kvm/vmm/vmm.h>

#define SLOTS 320u /* (65536 - 4096) / 64, for 3 rings */

static struct vmm vmm = { .options = { .vcpus = 2, .trace_size = 64 } };
static uint64_t ticks;
static unsigned begun;
static char path[] = "/tmp/opensdei-live-XXXXXX";
static uint8_t file[64 * 1024];

uint64_t trace_ticks(void)
{
	return ++ticks;
}

uint64_t trace_hz(void)
{
	return 1000;
}

void records_trace(void)
{
	begun++;
}

/* The answer to `trace live` or `trace off`. */
static const char *ask(bool on)
{
	static char text[256];
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	live_answer(out, on);
	fclose(out);
	return text;
}

static void look(void)
{
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	assert_int_equal(fread(file, 1, sizeof(file), in), sizeof(file));
	assert_int_equal(fgetc(in), EOF);
	fclose(in);
}

static uint64_t head(unsigned ring)
{
	return ((const uint64_t *)file)[ring];
}

static const struct trace_slot *slot(unsigned ring, unsigned n)
{
	return (const struct trace_slot *)(file + TRACE_HEADS) + SLOTS * ring +
	       n;
}

static void without_a_file(void **state)
{
	(void)state;
	live_open(&vmm, "/nonexistent/folder/steps");
	assert_memory_equal(ask(true), "error there is no memory", 24);
	assert_false(live_on);
}

static void begins_off(void **state)
{
	struct stat st;
	int fd = mkstemp(path);

	(void)state;
	/* What a guest of that name has left. */
	assert_int_equal(write(fd, "\377\377\377\377\377\377\377", 8), 8);
	close(fd);
	live_open(&vmm, path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	live_note(TRACE_POWER, 1, 0, 0, 0);
	look();
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(head(i), 0);
	assert_string_equal(
		ask(true),
		"ok format=1 base=0x0 slots=320 pes=3 hz=1000 was=off own=2\n");
	assert_int_equal(begun, 1);
	assert_non_null(strstr(ask(true), " was=live "));
	assert_int_equal(begun, 1);
}

static void whose_ring(void **state)
{
	(void)state;
	live_note(TRACE_REPORTED, 0x40000100, 7, 2, 0);
	live_attach(1);
	live_note(TRACE_COMPLETED, 0x40000101, SDEI_RESUMED, 0, 0);
	look();
	assert_int_equal(head(0), 0);
	assert_int_equal(head(1), 1);
	assert_int_equal(head(2), 1);
	assert_int_equal(slot(2, 0)->time, 2); /* the stamp was first */
	assert_int_equal(slot(2, 0)->kind, TRACE_REPORTED);
	assert_int_equal(slot(2, 0)->code, 0x40000100);
	assert_int_equal(slot(2, 0)->value[0], 7);
	assert_int_equal(slot(2, 0)->value[1], 2);
	assert_int_equal(slot(1, 0)->kind, TRACE_COMPLETED);
	assert_int_equal(slot(1, 0)->time, 3);
	assert_int_equal(head(TRACE_STAMP), 1);
}

static void a_vcpu(void **state)
{
	(void)state;
	live_attach(0);
	live_watch(&vmm, 0, SDEI_KVM_CALLED,
		   (const uint64_t[6]){ SDEI_FID_EVENT_GET_INFO, 4, 5 });
	live_watch(&vmm, 0, SDEI_KVM_ANSWERED, (const uint64_t[6]){ 9 });
	live_watch(&vmm, 0, SDEI_KVM_ENTERED,
		   (const uint64_t[6]){ 0x40000100, 1, 0x1234, 0x3c5 });
	live_watch(&vmm, 0, SDEI_KVM_CALLED, (const uint64_t[6]){ 0x84000002 });
	live_watch(&vmm, 0, SDEI_KVM_OFF, (const uint64_t[6]){ 0 });
	look();
	assert_int_equal(head(0), 5);
	assert_int_equal(slot(0, 0)->kind, TRACE_CALL);
	assert_int_equal(slot(0, 0)->code, SDEI_FID_EVENT_GET_INFO);
	assert_int_equal(slot(0, 0)->value[0], 0); /* where from: not known */
	assert_int_equal(slot(0, 0)->value[1], 4);
	assert_int_equal(slot(0, 0)->value[2], 5);
	assert_int_equal(slot(0, 1)->kind, TRACE_RESULT);
	assert_int_equal(slot(0, 1)->code, SDEI_FID_EVENT_GET_INFO);
	assert_int_equal(slot(0, 1)->value[0], 9);
	assert_int_equal(slot(0, 2)->kind, TRACE_ENTERED);
	assert_int_equal(slot(0, 2)->code, 0x40000100);
	assert_int_equal(slot(0, 2)->value[0], 0x1234);
	assert_int_equal(slot(0, 2)->value[1], 0x3c5);
	assert_int_equal(slot(0, 3)->kind, TRACE_CALL);
	assert_int_equal(slot(0, 4)->kind, TRACE_POWER);
	assert_int_equal(slot(0, 4)->code, TRACE_POWER_OFF);
}

/* The latest stay, the number tells how many there were; no other ring is touched. */
static void around(void **state)
{
	(void)state;
	live_attach(1);
	for (unsigned i = 0; i < 1000; i++)
		live_note(TRACE_POWER, i, 0, 0, 0);
	look();
	assert_int_equal(head(1), 1001);
	assert_int_equal(slot(1, 1000 % SLOTS)->code, 999);
	assert_int_equal(slot(1, 1001 % SLOTS)->code, 999 + 1 - SLOTS);
	assert_int_equal(slot(0, 0)->kind, TRACE_CALL);
	assert_int_equal(slot(2, 0)->kind, TRACE_REPORTED);
	assert_int_equal(slot(2, 1)->kind, TRACE_NONE);
}

static void off_again(void **state)
{
	(void)state;
	assert_non_null(strstr(ask(false), " was=live "));
	live_note(TRACE_POWER, 1, 0, 0, 0);
	live_watch(&vmm, 0, SDEI_KVM_ENTERED, (const uint64_t[6]){ 1 });
	look();
	assert_int_equal(head(0), 5);
	assert_int_equal(head(1), 1001);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file), cmocka_unit_test(begins_off),
		cmocka_unit_test(whose_ring),     cmocka_unit_test(a_vcpu),
		cmocka_unit_test(around),         cmocka_unit_test(off_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
