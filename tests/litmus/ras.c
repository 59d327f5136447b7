/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The handshakes of error sources: with the client, whose memory is plain here as it
 * is there; between PEs; and with who asks for a poll. PE 1 runs the client, PE 0
 * reports errors. Barriers of a client's are those that it owes.
 */
#include "client_memory.h"
#include "litmus.h"

#include "../../lib/ras/internal.h"

#define PES     2
#define QUEUE   SDEI_RECORD_MAX
#define BLOCK   1024
#define ROOM    2u
#define NEVER   INT32_MAX
#define EARLIER 1

enum { CORRECTED, RECOVERABLE, SOURCES };

static uint64_t pair[SOURCES][2];
static uint32_t block[SOURCES][BLOCK / sizeof(uint32_t)];
static struct sdei_ras *ras;
static uint64_t poll_due; /* the embedder's: when sdei_ras_poll() is called */
static uint64_t sgi;      /* the interrupt controller's: PE 1 is behind */
static uint64_t seen;

#define STATUS_WORD(source) (&block[source][0])
/* What tells records apart: the address, behind the status and the entry's head. */
#define BODY(source) (&block[source][(20 + 72 + 16) / 4])
#define ACK(source)  (&pair[source][1])

static uint64_t time_now(void *context)
{
	(void)context;
	return 1000;
}

static void poll_at(void *context, uint64_t at)
{
	(void)context;
	if (get(&poll_due) > at)
		put(&poll_due, at);
}

static int raise_event(void *context, unsigned source, unsigned pe,
		       const char **why)
{
	(void)context, (void)source, (void)pe, (void)why;
	return SDEI_RAS_WAITS;
}

static bool is_out(void *context, unsigned source, unsigned pe)
{
	(void)context, (void)source, (void)pe;
	return true;
}

static bool is_behind(void *context, unsigned pe)
{
	(void)context;
	return pe && get(&sgi);
}

static void lock(void *context, struct sdei_ras_lock *word)
{
	(void)context;
	while (__atomic_exchange_n(&word->taken, 1, __ATOMIC_ACQUIRE))
		;
}

static void unlock(void *context, struct sdei_ras_lock *word)
{
	(void)context;
	__atomic_store_n(&word->taken, 0, __ATOMIC_RELEASE);
}

static const struct sdei_ras_ops ops = {
	.read = client_read,
	.write = client_write,
	.now = time_now,
	.poll_at = poll_at,
	.raise = raise_event,
	.out = is_out,
	.behind = is_behind,
	.lock = lock,
	.unlock = unlock,
};

static void name_all(void)
{
	for (unsigned i = 0; i < SOURCES; i++) {
		name(STATUS_WORD(i), "word", i);
		name(BODY(i), "body", i);
		name(ACK(i), "ack", i);
		name(&source_at(ras, i)->lock, "lock", i);
		name(&source_at(ras, i)->state, "state", i);
		name(&source_at(ras, i)->queued, "queued", i);
	}
	name(&ras->pes[1].entered, "entered", 1);
	name(&ras->pes[1].inside, "inside", 1);
	name(&ras->looks, "looks", 0);
	name(&poll_due, "poll_due", 0);
	name(&sgi, "sgi", 1);
}

static void start(void)
{
	static uint64_t memory[SDEI_RAS_BOUND(SOURCES, PES, QUEUE) / 8]
		__attribute__((aligned(16)));
	static struct sdei_ras_source sources[SOURCES] = {
		[CORRECTED] = { .severity = SDEI_CPER_CORRECTED },
		[RECOVERABLE] = { .severity = SDEI_CPER_RECOVERABLE },
	};
	static const struct sdei_ras_config config = {
		.sources = sources,
		.source_count = SOURCES,
		.pe_count = PES,
		.preallocated = ROOM,
		.block_size = BLOCK,
		.queue_size = QUEUE,
		.tick_hz = 1000,
		.ops = &ops,
	};

	for (unsigned i = 0; i < SOURCES; i++) {
		sources[i].registers = (uintptr_t)pair[i];
		sources[i].block = (uintptr_t)block[i];
	}
	ras = sdei_ras_init(memory, sizeof(memory), &config, NULL);
	sdei_ras_publish(ras);
	poll_due = EARLIER;
	name_all();
}

/* Records differ in the address, and in their status words by the sections. */
static void report(unsigned source, unsigned address)
{
	static uint64_t room[SDEI_RECORD_MAX / 8];
	struct sdei_record *record = (struct sdei_record *)room;
	struct sdei_ras_outcome outcome;

	sdei_record_start(record, ras->config.sources[source].severity, 0);
	for (unsigned i = 0; i < address; i++)
		sdei_record_memory(record, sizeof(room), record->severity)
			->physical_address = address;
	sdei_ras_report(ras, source, record, &outcome);
}

/* The outcome, as the dispatcher's tests tell it. */

static void last(const void *place, uint64_t value)
{
	finals[0] = (struct outcome){ place, value };
}

static void but(uint64_t thread, const void *place, uint64_t value)
{
	odd = (struct outcome){ place, value };
	odd_thread = thread;
}

static void count_only(const void *one, const void *other, const void *third)
{
	only[0] = one;
	only[1] = other;
	only[2] = third;
}

/* What PEs do. */

static void t0_report(void)
{
	report(CORRECTED, 1);
}

static void t0_report_second(void)
{
	report(RECOVERABLE, 2);
}

static void t1_poll(void)
{
	put(&poll_due, NEVER);
	sdei_ras_poll(ras);
}

/* A record is all there before it counts, and the acknowledgement is taken back. */

static void t1_read(void)
{
	seen = get(STATUS_WORD(CORRECTED));
	after_reading();
	seen = get(BODY(CORRECTED));
}

static void b_shown(void)
{
	start();
	but(1, BODY(CORRECTED), 0);
	count_only(STATUS_WORD(CORRECTED), BODY(CORRECTED), NULL);
}

static void t1_acknowledge(void)
{
	seen = get(STATUS_WORD(CORRECTED));
	after_all();
	put(ACK(CORRECTED), 1);
}

static void b_taken_back(void)
{
	start();
	last(ACK(CORRECTED), 0);
	count_only(STATUS_WORD(CORRECTED), ACK(CORRECTED), NULL);
}

/* Whoever sees some of a record that took another's place sees that this one went. */

static void t1_read_again(void)
{
	seen = get(BODY(RECOVERABLE));
	after_reading();
	seen = get(STATUS_WORD(RECOVERABLE));
}

static void out(unsigned source, enum sdei_ras_state state)
{
	report(source, 1);
	set_state(source_at(ras, source), state);
}

static void b_makes_way(void)
{
	start();
	out(RECOVERABLE, SDEI_RAS_IS_OVERDUE);
	but(1, STATUS_WORD(RECOVERABLE), *STATUS_WORD(RECOVERABLE));
	count_only(STATUS_WORD(RECOVERABLE), BODY(RECOVERABLE), NULL);
}

/* What a client copies before it acknowledges, or empties, is not written over. */

static void t1_copy(void)
{
	seen = get(STATUS_WORD(RECOVERABLE));
	seen = get(BODY(RECOVERABLE));
	after_all();
	put(ACK(RECOVERABLE), 1);
}

static void b_copied(void)
{
	start();
	out(RECOVERABLE, SDEI_RAS_IS_SEEN);
	but(1, STATUS_WORD(RECOVERABLE), 0);
	count_only(STATUS_WORD(RECOVERABLE), ACK(RECOVERABLE), NULL);
}

static void t1_copy_and_empty(void)
{
	seen = get(BODY(RECOVERABLE));
	after_all();
	put(STATUS_WORD(RECOVERABLE), 0);
}

static void b_emptied(void)
{
	start();
	out(RECOVERABLE, SDEI_RAS_IS_OVERDUE);
	but(1, BODY(RECOVERABLE), 2);
	count_only(STATUS_WORD(RECOVERABLE), BODY(RECOVERABLE), NULL);
}

/* A handler that has begun on a PE is seen there, and what it left when it ended. */

static void t1_enter(void)
{
	sdei_ras_entered(ras, CORRECTED, 1);
}

static void t1_leave(void)
{
	put(&sgi, 1); /* a DSB is the client's, as before any SGI */
	sdei_ras_left(ras, CORRECTED, 1);
}

/* The next record finds no room, and so PEs are looked at. */
static void full(void)
{
	start();
	source_at(ras, RECOVERABLE)->taken = ROOM;
}

static void b_inside(void)
{
	full();
	but(0, &ras->pes[1].inside, 0);
	count_only(&ras->pes[1].entered, &ras->pes[1].inside, NULL);
}

static void b_behind(void)
{
	full();
	t1_enter();
	but(0, &sgi, 0);
	count_only(&ras->pes[1].inside, &sgi, NULL);
}

/* A look that a source believes saw the handler that took its record begin. */

static void t1_take(void)
{
	t1_enter();
	put(ACK(CORRECTED), 1);
	sdei_ras_left(ras, CORRECTED, 1);
}

static void t1_enter_acknowledge(void)
{
	t1_enter();
	after_all();
	put(ACK(CORRECTED), 1);
}

static void t2_count(void)
{
	struct sdei_ras_counters counters;

	sdei_ras_count(ras, CORRECTED, &counters);
}

static void b_look(void)
{
	full();
	report(CORRECTED, 1);
	count_only(&ras->looks, &ras->pes[1].entered,
		   &source_at(ras, CORRECTED)->lock);
}

static void b_look_far(void)
{
	b_look();
	only[2] = ACK(CORRECTED);
}

/*
 * Who lets an earlier poll serve is seen by it: with a record that is shown, or one
 * that waits for an uncorrected one of another source.
 */

static void b_poll(void)
{
	start();
	count_only(&poll_due, &source_at(ras, CORRECTED)->state,
		   &source_at(ras, CORRECTED)->queued);
}

static void b_poll_waiting(void)
{
	b_poll();
	ras->left = 1;
}

const struct litmus tests[] = {
	{ "ras-shown", b_shown, { t0_report, t1_read }, { 0, AFTER(0) } },
	{ "ras-taken-back",
	  b_taken_back,
	  { t0_report, t1_acknowledge },
	  { 0, AFTER(0) } },
	{ "ras-makes-way",
	  b_makes_way,
	  { t0_report_second, t1_read_again },
	  { 0, AFTER(0) } },
	{ "ras-copied",
	  b_copied,
	  { t0_report_second, t1_copy },
	  { AFTER(1), 0 } },
	{ "ras-emptied",
	  b_emptied,
	  { t0_report_second, t1_copy_and_empty },
	  { AFTER(1), 0 } },
	{ "ras-inside",
	  b_inside,
	  { t0_report_second, t1_enter },
	  { AFTER(1), 0 } },
	{ "ras-behind",
	  b_behind,
	  { t0_report_second, t1_leave },
	  { AFTER(1), 0 } },
	{ "ras-look", b_look, { t0_report_second, t1_take }, { 0 } },
	{ "ras-look-far",
	  b_look_far,
	  { t0_report_second, t1_enter_acknowledge, t2_count },
	  { 0, 0, AFTER(1) } },
	{ "ras-poll", b_poll, { t0_report, t1_poll }, { 0 } },
	{ "ras-poll-waiting", b_poll_waiting, { t0_report, t1_poll }, { 0 } },
	{ 0 },
};
