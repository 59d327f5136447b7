/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's handshakes: between its threads, and with who follows its live trace.
 * Vcpu 1's thread is the one that something happens to. Files are included whose
 * functions and variables are their own alone; the others are linked.
 */
#include "vmm_world.h"

#include <lib/ras/internal.h>

#include <kvm/vmm/main.c>
#include <kvm/vmm/records.c>
#include <kvm/vmm/records_event.c>
#include <kvm/vmm/records_memory.c>

static uint64_t data, seen;

static void begin(void)
{
	start();
	name(&poll_due, "poll_due", 0);
	name(&entered[1], "entered", 1);
	name(&clean[1], "clean", 1);
	name(&traced[CE], "traced", CE);
	name(&raised[PE_CE], "raised", PE_CE);
	name(&wanted[0], "wanted", 0);
	name(&filled[0], "filled", 0);
	name(&live_on, "live_on", 0);
	name(&data, "data", 0);
	name(&source_at(ras, CE)->state, "state", CE);
	name(&source_at(ras, CE)->queued, "queued", CE);
	name(&source_at(ras, PE_CE)->lock, "taken", PE_CE);
	name(&ras->pes[1].entered, "began", 1);
	name(&ras->pes[1].inside, "inside", 1);
}

/* The live trace: a reader takes what is whole, and knows what is not. */

#define HEAD  ((uint64_t *)live)
#define SLOTS ((sizeof(live) - TRACE_HEADS) / sizeof(struct trace_slot) / 3)

static struct trace_slot *slot(void)
{
	return (struct trace_slot *)(live + TRACE_HEADS);
}

static void t0_step(void)
{
	live_attach(0);
	live_add(TRACE_CALL, 1, 0, 0, 0);
}

static void t0_steps(void)
{
	t0_step();
	live_add(TRACE_CALL, 2, 0, 0, 0);
}

/* As look() of tools/trace_live.c does. */
static void look_at(const uint32_t *word)
{
	seen = *(const volatile uint32_t *)word;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

static void t1_follow(void)
{
	look_at((const uint32_t *)HEAD);
	look_at(&slot()->code);
}

static void t1_look_again(void)
{
	look_at(&slot()->code);
	look_at((const uint32_t *)HEAD);
}

static void b_step(void)
{
	begin();
	but(1, &slot()->code, 0);
	count_only(HEAD, &slot()->code, NULL);
}

/* The next one but one takes the place of the first. */
static void b_overwritten(void)
{
	begin();
	for (unsigned i = 1; i < SLOTS; i++)
		t0_step();
	but(1, HEAD, SLOTS - 1);
	count_only(HEAD, &slot()->code, NULL);
}

/* What was acknowledged before a trace is no step of it. */

static void acknowledge(void)
{
	((uint64_t *)guest)[2 * CE + 1] = 1;
}

static void report_at(uint64_t address)
{
	struct outcome outcome;

	records_report_memory(&vmm, SDEI_CPER_CORRECTED, RAM_BASE + address, 0,
			      &outcome);
}

static void report(void)
{
	report_at(0x10);
}

static void t0_trace(void)
{
	live_answer(NULL, true);
}

static void t1_complete(void)
{
	records_completed(CE, 1);
}

static void b_traced(void)
{
	begin();
	report();
	acknowledge();
	records_count(CE);
	but(1, &traced[CE], 0);
	count_only(&live_on, &traced[CE], NULL);
}

/* A source's lock. */

static struct sdei_ras_lock *its_lock(void)
{
	return &source_at(ras, PE_CE)->lock;
}

static void add_one(void)
{
	lock(NULL, its_lock());
	data++;
	unlock(NULL, its_lock());
}

static void t0_add(void)
{
	add_one();
}

static void t1_add(void)
{
	add_one();
}

static void t1_let_go(void)
{
	data = 1;
	unlock(NULL, its_lock());
}

static void b_lock(void)
{
	begin();
}

static void b_lock_waits(void)
{
	begin();
	its_lock()->taken = 1;
	but(0, &data, 0);
}

/* A poll: whoever has work for it sees what is due, or it sees the work. */

static void t0_report(void)
{
	report();
}

static void t1_poll(void)
{
	records_poll(&vmm);
}

static void t1_poll_later(void)
{
	milliseconds += 1000;
	records_poll(&vmm);
}

/* What is reported waits, since vcpu 0 is behind; and nobody looks at that now. */
static void b_poll_due(void)
{
	begin();
	source_at(ras, CE)->taken = SOURCE_RECORDS;
	entered[0] = ras->pes[0].entered = 1;
	look_due = NEVER;
	but(1, &source_at(ras, CE)->queued, 0);
	count_only(&poll_due, &source_at(ras, CE)->queued, NULL);
}

static void b_poll(void)
{
	b_poll_due();
	odd.at = NULL;
	poll_due = milliseconds;
}

/* A vcpu whose handler is counted is seen to be inside of it, or it has ended. */

static void t0_look(void)
{
	look(&vmm);
}

static void t1_enter(void)
{
	enter_handler();
}

static void b_inside(void)
{
	begin();
	but(0, state_of_handler(), 3); /* REGISTERED, ENABLED */
	count_only(&entered[1], state_of_handler(), NULL);
}

/* One that has left a handler is behind: by what libsdei-ras has seen of it. */

static void t0_enter_another(void)
{
	records_entered(CE, 0);
}

static void t1_enter_complete(void)
{
	records_entered(PE_CE, 1);
	records_completed(PE_CE, 1);
}

static void b_behind(void)
{
	begin();
	entered[0] = ras->pes[0].entered = 1; /* it is behind, too */
	ras->full = 1;
	but(0, &entered[1], 0);
	count_only(&entered[1], &ras->pes[1].entered, &ras->pes[1].inside);
}

/* Not raised any more, the event is seen to be taken: by the source's lock. */

static void t0_is_it_out(void)
{
	lock(NULL, its_lock());
	seen = records_out(&vmm, PE_CE, 1);
	unlock(NULL, its_lock());
}

static void b_out(void)
{
	begin();
	set_raised(PE_CE, milliseconds + 1);
	but(0, state_of_handler(), 3);
	count_only(&raised[PE_CE], state_of_handler(), its_lock());
}

/* A page is not filled before it is new; who leaves that to another has it filled. */

static void t0_renew(void)
{
	records_memory_new(&vmm, RAS_BASE);
}

static void t0_fill(void)
{
	records_memory_fill(ras);
}

static void t1_fill(void)
{
	records_memory_fill(ras);
}

static void t1_fill_run(void)
{
	records_memory_fill(ras);
	seen = *(volatile uint64_t *)guest;
}

/* Who found the page good before: its zeros are no news, and what he wrote is filled. */

static void t1_read_good(void)
{
	seen = guest_read(&vmm, RAS_BASE, &data, sizeof(data)) &&
	       was_good(RAS_BASE);
}

static void t1_write(void)
{
	guest_write(&vmm, RAS_BASE, &(uint64_t){ 5 }, sizeof(uint64_t));
	fill_if_new(RAS_BASE);
}

static void b_zero(void)
{
	begin();
	*(uint64_t *)guest = 3;
	but(1, &wanted[0], 0);
	count_only(&wanted[0], guest, NULL);
}

static void b_half(void)
{
	b_zero();
	last(guest, 5);
}

static void b_renew(void)
{
	begin();
	count_only(&wanted[0], guest, NULL);
	last(guest, 0);
}

static void b_fill(void)
{
	begin();
	wanted[0] = 1;
	*(uint64_t *)guest = 0;
	but(1, guest, 0);
	count_only(&wanted[0], &filled[0], guest);
}

/* A thread that is to end does, or its next KVM_RUN does at once. */

static void t0_pause(void)
{
	vcpus_pause(&vmm);
}

static void t0_end(void)
{
	vmm_end(&vmm, 0);
}

static void t1_run(void)
{
	run_vcpu_once();
}

static void t2_serve(void)
{
	const struct inputs inputs = { -1, -1, -1 };

	serve(&vmm, &inputs);
	vcpus_stop(&vmm);
}

static void b_runs(void)
{
	begin();
	last(&runs[1].immediate_exit, 0);
}

/* The guest sees the record that a status word is of; none that it is yet to be shown. */

#define BLOCK (guest + (1 + CE) * SOURCE_BLOCK_SIZE)
#define ADDRESS \
	(BLOCK + 108) /* behind two headers: ACPI 18.3.2.7.1, UEFI N.2.5 */

static void t1_read(void)
{
	look_at((const uint32_t *)BLOCK);
	look_at((const uint32_t *)ADDRESS);
}

static void t1_acknowledge(void)
{
	look_at((const uint32_t *)ADDRESS);
	__atomic_store_n((uint64_t *)guest + 2 * CE + 1, 1, __ATOMIC_RELEASE);
}

static void t0_count(void)
{
	records_count(CE);
}

static void b_record(void)
{
	begin();
	but(1, ADDRESS, 0);
	count_only(BLOCK, ADDRESS, NULL);
}

static void b_acknowledged(void)
{
	begin();
	report_at(0x10);
	report_at(0x20);
	but(1, ADDRESS, 0x20);
	count_only(guest + 16 * CE + 8, ADDRESS, NULL);
}

const struct litmus tests[] = {
	{ "vmm-step", b_step, { t0_step, t1_follow }, { 0, AFTER(0) } },
	{ "vmm-overwritten",
	  b_overwritten,
	  { t0_steps, t1_look_again },
	  { 0, AFTER(0) } },
	{ "vmm-traced", b_traced, { t0_trace, t1_complete }, { 0, AFTER(0) } },
	{ "vmm-lock", b_lock, { t0_add, t1_add }, { 0 } },
	{ "vmm-lock-waits", b_lock_waits, { t0_add, t1_let_go }, { 0, TURN } },
	{ "vmm-poll", b_poll, { t0_report, t1_poll }, { 0 } },
	{ "vmm-poll-due",
	  b_poll_due,
	  { t0_report, t1_poll_later },
	  { 0, AFTER(0) } },
	{ "vmm-inside", b_inside, { t0_look, t1_enter }, { AFTER(1), 0 } },
	{ "vmm-behind",
	  b_behind,
	  { t0_enter_another, t1_enter_complete },
	  { AFTER(1), 0 } },
	{ "vmm-out", b_out, { t0_is_it_out, t1_enter }, { AFTER(1), 0 } },
	{ "vmm-renew", b_renew, { t0_renew, t1_fill }, { 0, AFTER(0) } },
	{ "vmm-zero", b_zero, { t0_renew, t1_read_good }, { 0, AFTER(0) } },
	{ "vmm-half", b_half, { t0_renew, t1_write }, { 0, AFTER(0) } },
	{ "vmm-fill", b_fill, { t0_fill, t1_fill_run }, { 0, AFTER(0) } },
	{ "vmm-record", b_record, { t0_report, t1_read }, { 0, AFTER(0) } },
	{ "vmm-acknowledged",
	  b_acknowledged,
	  { t0_count, t1_acknowledge },
	  { AFTER(1), 0 } },
	{ "vmm-pause", b_runs, { t0_pause, t1_run }, { 0 } },
	{ "vmm-end", b_runs, { t0_end, t1_run, t2_serve }, { 0, 0, AFTER(0) } },
	{ 0 },
};
