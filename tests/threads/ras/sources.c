/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several PEs at once at the sources of lib/ras: each a thread that at random reports
 * errors, runs handlers, acknowledges or forgets to, polls and looks at counters, for
 * THREADS_SECONDS (3). Then no error comes any more, and the sums must be right: each
 * report is acknowledged or was dropped, and a kernel saw as many records as were
 * acknowledged, each whole.
 *
 * Locks are the embedder's here as everywhere; beside them nothing orders one PE's
 * memory with another's but the event on its way to its handler, so that the
 * sanitizer sees where the library relies on more.
 */
#include <sdei/ras.h>

#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PES        4u
#define SOURCES    2u
#define QUEUE_SIZE 4096u
#define BLOCK_SIZE 1024u
#define CLIENT     0x40000000u
#define BLOCKS     (CLIENT + 0x1000)
#define PATIENCE   20 /* seconds until all is acknowledged */
/* Where a record's fields lie in the block (ACPI 6.5, 18.3.2.7.1; UEFI N.2.5). */
#define ADDRESS (20 + 72 + 16)
#define MASK    (20 + 72 + 24)

static const struct sdei_ras_source sources[SOURCES] = {
	{ .name = "memory-corrected",
	  .error_class = SDEI_RAS_MEMORY,
	  .severity = SDEI_CPER_CORRECTED,
	  .notify = SDEI_RAS_NOTIFY_SDEI,
	  .vector = 0x40000100,
	  .registers = CLIENT,
	  .block = BLOCKS },
	{ .name = "memory-uncorrected",
	  .error_class = SDEI_RAS_MEMORY,
	  .severity = SDEI_CPER_RECOVERABLE,
	  .notify = SDEI_RAS_NOTIFY_SDEI,
	  .vector = 0x40000101,
	  .registers = CLIENT + SDEI_RAS_PAIR_SIZE,
	  .block = BLOCKS + BLOCK_SIZE },
};

static _Alignas(
	16) unsigned char memory[SDEI_RAS_BOUND(SOURCES, PES, QUEUE_SIZE)];
static struct sdei_ras *ras;
/* Read and written without order, as memory is that two worlds share. */
static atomic_uint client[(0x1000 + SOURCES * BLOCK_SIZE) / 4];
static atomic_uint phase; /* 0: at random, 1: only handle, 2: end */

/* Of each source, how it is with its event, and what the kernel saw. */
static struct event {
	atomic_bool raised;
	atomic_bool running;
	atomic_ulong taken; /* records that were acknowledged */
} events[SOURCES];

static atomic_ulong reported[SOURCES], dropped[SOURCES];

struct thread {
	unsigned index;
	uint64_t random;
};

static void __attribute__((noreturn, format(printf, 1, 2)))
wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "sources: ");
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	exit(1);
}

static unsigned pick(struct thread *t, unsigned n)
{
	t->random = t->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(t->random >> 33) % n;
}

static uint32_t load(uint64_t address)
{
	return atomic_load_explicit(&client[(address - CLIENT) / 4],
				    memory_order_relaxed);
}

static void store(uint64_t address, uint32_t word)
{
	atomic_store_explicit(&client[(address - CLIENT) / 4], word,
			      memory_order_relaxed);
}

static bool read_client(void *context, uint64_t address, void *to, size_t bytes)
{
	(void)context;
	for (size_t i = 0; i < bytes; i += 4)
		memcpy((char *)to + i, (uint32_t[]){ load(address + i) }, 4);
	return true;
}

static bool write_client(void *context, uint64_t address, const void *from,
			 size_t bytes)
{
	uint32_t word;

	(void)context;
	for (size_t i = 0; i < bytes; i += 4) {
		memcpy(&word, (const char *)from + i, 4);
		store(address + i, word);
	}
	return true;
}

static uint64_t now(void *context)
{
	struct timespec t;

	(void)context;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Every thread polls, often. */
static void poll_at(void *context, uint64_t time)
{
	(void)context, (void)time;
}

/* Whoever comes first takes it. */
static int raise_event(void *context, unsigned source, unsigned pe,
		       const char **why)
{
	(void)context, (void)why;
	atomic_store_explicit(&events[source].raised, true,
			      memory_order_release);
	return (int)pe;
}

static bool is_out(void *context, unsigned source, unsigned pe)
{
	(void)context, (void)pe;
	return atomic_load(&events[source].raised) ||
	       atomic_load(&events[source].running);
}

static bool is_behind(void *context, unsigned pe)
{
	(void)context;
	return pe == 0 && now(NULL) / 64 % 4 == 0;
}

static void lock(void *context, struct sdei_ras_lock *l)
{
	(void)context;
	while (__atomic_exchange_n(&l->taken, 1, __ATOMIC_ACQUIRE))
		sched_yield();
}

static void unlock(void *context, struct sdei_ras_lock *l)
{
	(void)context;
	__atomic_store_n(&l->taken, 0, __ATOMIC_RELEASE);
}

static const struct sdei_ras_ops ops = {
	.read = read_client,
	.write = write_client,
	.now = now,
	.poll_at = poll_at,
	.raise = raise_event,
	.out = is_out,
	.behind = is_behind,
	.lock = lock,
	.unlock = unlock,
};

/* Of which nobody else has the address, and the mask says it once more. */
static void report(struct thread *t, unsigned source)
{
	static atomic_ulong errors;
	_Alignas(8) unsigned char room[256];
	struct sdei_record *record = (struct sdei_record *)room;
	const unsigned severity = sources[source].severity;
	struct sdei_ras_outcome outcome;
	struct sdei_cper_memory *m;

	sdei_record_start(record, severity, t->index);
	m = sdei_record_memory(record, sizeof(room), severity);
	m->valid |= SDEI_MEMORY_HAS_ADDRESS | SDEI_MEMORY_HAS_ADDRESS_MASK;
	m->physical_address = (atomic_fetch_add(&errors, 1) + 1) << 12;
	m->physical_address_mask = ~m->physical_address;
	if (!sdei_ras_report(ras, source, record, &outcome))
		wrong("a report is refused");
	atomic_fetch_add(&reported[source], 1);
	if (outcome.fate == SDEI_RAS_DROPPED)
		atomic_fetch_add(&dropped[source], 1);
}

/* What is shown, if it is: whole, or the status word is no promise. */
static void look_at_block(unsigned source)
{
	const uint64_t block = sources[source].block;
	const uint64_t address = load(block + ADDRESS) |
				 (uint64_t)load(block + ADDRESS + 4) << 32;
	const uint64_t mask = load(block + MASK) |
			      (uint64_t)load(block + MASK + 4) << 32;

	if (mask != ~address)
		wrong("source %u: a record of two: address %lx, mask %lx",
		      source, address, mask);
}

/* The kernel's handler, as Linux has it; now and then it forgets. */
static void handler(struct thread *t, unsigned source)
{
	const uint64_t ack = sources[source].registers + SDEI_RAS_PAIR_ACK;

	if (!load(sources[source].block) || !pick(t, 16))
		return;
	look_at_block(source);
	store(sources[source].block, 0);
	atomic_fetch_add(&events[source].taken, 1);
	atomic_store_explicit(&client[(ack - CLIENT) / 4], 1,
			      memory_order_release);
}

/* A shared event: its handler runs on one PE. */
static void take_events(struct thread *t)
{
	for (unsigned i = 0; i < SOURCES; i++) {
		struct event *e = &events[i];
		bool idle = false;

		if (!atomic_compare_exchange_strong(&e->running, &idle, true))
			continue;
		if (atomic_exchange_explicit(&e->raised, false,
					     memory_order_acquire)) {
			sdei_ras_entered(ras, i, t->index);
			handler(t, i);
			sdei_ras_left(ras, i, t->index);
		}
		atomic_store(&e->running, false);
	}
}

static void act(struct thread *t)
{
	struct sdei_ras_counters c;

	switch (pick(t, 8)) {
	case 0:
		sdei_ras_poll(ras);
		break;
	case 1:
		sdei_ras_count(ras, pick(t, SOURCES), &c);
		break;
	case 2:
		if (t->index == PES - 1)
			sdei_ras_pe_off(ras, t->index);
		break;
	case 3:
		report(t, pick(t, SOURCES));
		break;
	case 4:
	case 5:
		/* Two and two, each at a source of their own. */
		report(t, t->index % SOURCES);
		break;
	default:
		sched_yield();
	}
}

static void *run(void *argument)
{
	struct thread *t = argument;
	unsigned now_is;

	while ((now_is = atomic_load(&phase)) != 2) {
		take_events(t);
		if (!now_is)
			act(t);
		else
			sdei_ras_poll(ras), sched_yield();
	}
	return NULL;
}

static bool is_done(void)
{
	struct sdei_ras_counters c;

	for (unsigned i = 0; i < SOURCES; i++) {
		sdei_ras_count(ras, i, &c);
		if (c.queued || c.state != SDEI_RAS_IS_FREE)
			return false;
	}
	return true;
}

static void judge(unsigned source)
{
	const unsigned long taken = atomic_load(&events[source].taken);
	struct sdei_ras_counters c;

	sdei_ras_count(ras, source, &c);
	printf("sources: %-20s %8lu reported %8lu acknowledged %8lu dropped %6lu withdrawn\n",
	       sources[source].name, (unsigned long)c.injected,
	       (unsigned long)c.acknowledged, (unsigned long)c.dropped,
	       (unsigned long)c.withdrawn);
	if (c.injected != atomic_load(&reported[source]) ||
	    c.dropped != atomic_load(&dropped[source]) ||
	    c.injected != c.acknowledged + c.dropped)
		wrong("source %u: the sums are not right", source);
	if (c.acknowledged != taken)
		wrong("source %u: the kernel took %lu records", source, taken);
	if (!taken || !c.raised_again)
		wrong("source %u: too little has happened", source);
}

static void start(void)
{
	const struct sdei_ras_config config = {
		.sources = sources,
		.source_count = SOURCES,
		.pe_count = PES,
		.preallocated = 64,
		.block_size = BLOCK_SIZE,
		.queue_size = QUEUE_SIZE,
		.tick_hz = 1000000,
		.ops = &ops,
	};
	const char *why;

	ras = sdei_ras_init(memory, sizeof(memory), &config, &why);
	if (!ras)
		wrong("%s", why);
	if (!sdei_ras_publish(ras))
		wrong("the client's memory is bad");
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

static unsigned looks(void)
{
	const char *factor = getenv("OPENSDEI_PATIENCE");
	double slowness = factor ? strtod(factor, NULL) : 1;

	return (unsigned)(100 * PATIENCE * (slowness > 1 ? slowness : 1));
}

int main(void)
{
	const char *seconds = getenv("THREADS_SECONDS");
	static struct thread threads[PES];
	pthread_t id[PES];

	start();
	for (unsigned i = 0; i < PES; i++) {
		threads[i] = (struct thread){ .index = i, .random = i };
		if (pthread_create(&id[i], NULL, run, &threads[i]))
			wrong("no thread");
	}
	pause_ms(1000 * (seconds ? atol(seconds) : 3));
	atomic_store(&phase, 1);
	for (unsigned n = 0; !is_done(); n++) {
		if (n > looks())
			wrong("a record is not acknowledged, and nobody comes");
		pause_ms(10);
	}
	atomic_store(&phase, 2);
	for (unsigned i = 0; i < PES; i++)
		pthread_join(id[i], NULL);
	for (unsigned i = 0; i < SOURCES; i++)
		judge(i);
	return 0;
}
