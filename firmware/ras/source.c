/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources: errors come in here, and everything else that makes a source
 * move (source.h says which file does what then).
 *
 * One lock covers everything. It is held over sdei_raise(), so it comes before
 * any lock of the dispatcher's; the dispatcher holds none when it calls
 * entered() and completed(), from where ras_entered() and ras_completed() are
 * called.
 *
 * One PE polls while anything is to be done later: to see acknowledgements that
 * come outside of handlers, to raise again what was not acknowledged, to go on
 * when the kernel has room again. A PE that goes off goes on polling: off, it
 * waits in EL3, where the Secure timer reaches it.
 */
#include <ras/source.h>
#include <el3/machine.h>

const struct source_kind ras_kinds[PLAT_RAS_SOURCES] = {
	{ "memory-corrected", PLAT_EVENT_MEMORY_CE, false, RAS_CORRECTED },
	{ "memory-uncorrected", PLAT_EVENT_MEMORY_UE, false, RAS_RECOVERABLE },
	{ "processor-corrected", PLAT_EVENT_CPU_CE, true, RAS_CORRECTED },
	{ "processor-uncorrected", PLAT_EVENT_CPU_UE, true, RAS_RECOVERABLE },
	{ "memory-fatal", PLAT_EVENT_MEMORY_FATAL, false, RAS_FATAL },
	{ "processor-fatal", PLAT_EVENT_CPU_FATAL, true, RAS_FATAL },
};

static spinlock lock;
struct source ras_sources[PLAT_RAS_SOURCES];
struct sdei_dispatcher *ras_dispatcher;
static struct {
	bool started;
	bool publish;
	uint32_t sequence;
	int poller; /* the PE that will call ras_poll(), or NO_PE */
	uint64_t poll_at;
} ras;

uint64_t ras_after(unsigned microseconds)
{
	return machine_time() + machine_time_hz() * microseconds / 1000000;
}

static unsigned index_of(const struct ras_error *error)
{
	if (error->severity == RAS_FATAL)
		return error->kind == RAS_MEMORY ? 4 : 5;
	return (error->kind == RAS_MEMORY ? 0 : 2) +
	       (error->severity == RAS_CORRECTED ? 0 : 1);
}

/* When this source wants to be looked at; UINT64_MAX: never. */
static uint64_t wanted_at(const struct source *s, uint64_t soon)
{
	if (s->queued)
		return s->busy && s->due < soon ? s->due : soon;
	return s->busy ? s->due : UINT64_MAX;
}

/* Another PE's timer fires once more, in vain. */
static void stop_polling(void)
{
	if (ras.poller == (int)machine_self())
		machine_poll_stop();
	ras.poller = NO_PE;
}

/* Have ras_poll() called in time, on this PE if nobody is to call it before. */
static void keep_polling(void)
{
	const uint64_t now = machine_time(), soon = ras_after(POLL_US);
	uint64_t at = UINT64_MAX;

	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++) {
		uint64_t wanted = wanted_at(&ras_sources[i], soon);

		at = wanted < at ? wanted : at;
	}
	if (at == UINT64_MAX) {
		stop_polling();
		return;
	}
	/* A PE that has stopped for good does not take the polling with it. */
	if (ras.poller != NO_PE && ras.poll_at <= at &&
	    now < ras.poll_at + machine_time_hz())
		return;
	ras.poller = (int)machine_self();
	ras.poll_at = at;
	machine_poll_after(at > now ? at - now : 1);
}

void ras_start(struct sdei_dispatcher *dispatcher, bool publish)
{
	spin_lock(&lock);
	__builtin_memset(&ras, 0, sizeof(ras));
	__builtin_memset(ras_sources, 0, sizeof(ras_sources));
	drain_start();
	ras_dispatcher = dispatcher;
	ras.publish = publish;
	ras.poller = NO_PE;
	if (publish) {
		bert_look();
		__builtin_memset(ras_memory(PLAT_RAS_BASE), 0, PLAT_RAS_SIZE);
		for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
			publish_start(i);
		bert_show();
	}
	einj_start(publish);
	__atomic_store_n(&ras.started, true, __ATOMIC_RELEASE);
	spin_unlock(&lock);
}

static bool is_started(void)
{
	return __atomic_load_n(&ras.started, __ATOMIC_ACQUIRE);
}

static const char *what_is_wrong(const struct ras_error *e)
{
	if (!is_started())
		return "no kernel or payload is started yet, errors can be injected once it is";
	if (e->kind != RAS_MEMORY && e->kind != RAS_PROCESSOR)
		return "the kind of error is unknown, there are memory and processor";
	if (e->severity != RAS_CORRECTED && e->severity != RAS_RECOVERABLE &&
	    e->severity != RAS_FATAL)
		return "the severity is unknown, there are corrected, recoverable and fatal";
	if (e->kind == RAS_PROCESSOR)
		return e->pe < machine_pe_count()
			       ? NULL
			       : "there is no such PE, `status` lists those that there are";
	if (!(e->has & RAS_HAS_ADDRESS))
		return "a memory error needs an address";
	if (!machine_is_ram(e->address))
		return "the address is outside RAM, `status` tells where that lies";
	if (e->has & RAS_HAS_TYPE && e->type > CPER_MEMORY_TYPE_LAST)
		return "the type of a memory error is a number from 0 to 15";
	return NULL;
}

/* The event of the source was raised just now: with what outcome? */
static void tell_raised(const struct source *s, struct ras_outcome *outcome)
{
	if (s->taker == SDEI_RAISE_PENDING) {
		outcome->disposition = RAS_PENDING;
	} else {
		outcome->disposition = RAS_DELIVERED;
		outcome->pe = s->taker;
	}
	outcome->reason = s->reason;
}

/* Queue an error, see what can be shown, and say where this one is then. */
static void add(unsigned index, const struct ras_error *error,
		struct ras_outcome *outcome)
{
	struct source *s = &ras_sources[index];

	publish_look(index);
	if (s->queued == QUEUE_LENGTH) {
		s->dropped++;
		s->lost++;
		outcome->disposition = RAS_DROPPED;
		outcome->reason =
			"the queue is full, the next record tells of the loss";
		return;
	}
	raise_elsewhere(index);
	publish_queue(index, error, outcome->sequence);
	publish_look(index);
	if (s->busy && s->current.sequence == outcome->sequence) {
		tell_raised(s, outcome);
		return;
	}
	outcome->disposition = RAS_QUEUED;
	outcome->reason =
		s->busy ? "an earlier record is not acknowledged yet"
			: "held back until the kernel has worked on those that it took";
}

/* A fatal error may be the last thing that this boot does: keep its record. */
static void keep_fatal(const struct ras_error *error, uint32_t sequence)
{
	struct cper_record record;

	if (error->severity != RAS_FATAL)
		return;
	if (ras.publish)
		bert_look();
	cper_build(&record, error, sequence, 0);
	bert_keep(&record, sequence);
}

const char *ras_inject(const struct ras_error *wanted,
		       struct ras_outcome *outcome)
{
	const char *wrong = what_is_wrong(wanted);
	struct ras_error stamped, *error = &stamped;
	unsigned index;
	struct source *s;

	if (wrong)
		return wrong;
	stamped = *wanted;
	stamped.time = ras_time();
	index = index_of(error);
	s = &ras_sources[index];
	spin_lock(&lock);
	*outcome = (struct ras_outcome){
		.event = ras_kinds[index].event,
		.sequence = ++ras.sequence,
		.pe = NO_PE,
	};
	s->injected++;
	keep_fatal(error, outcome->sequence);
	if (ras.publish) {
		add(index, error, outcome);
	} else {
		raise_event(index, error->pe);
		tell_raised(s, outcome);
	}
	keep_polling();
	spin_unlock(&lock);
	return NULL;
}

/* The source whose record an event announces, or -1. */
static int find(uint32_t number)
{
	if (!is_started() || !ras.publish)
		return -1;
	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
		if (ras_kinds[i].event == number)
			return (int)i;
	return -1;
}

void ras_entered(uint32_t number, unsigned pe)
{
	const int index = find(number);

	if (index < 0)
		return;
	spin_lock(&lock);
	drain_entered(pe);
	ras_sources[index].running++;
	ras_sources[index].entered = true;
	spin_unlock(&lock);
}

/* What happens to one source may let another go on. */
static void look_at_all(void)
{
	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
		publish_look(i);
}

void ras_completed(uint32_t number, unsigned pe)
{
	const int index = find(number);

	if (index < 0)
		return;
	spin_lock(&lock);
	drain_left(pe);
	publish_left((unsigned)index);
	look_at_all();
	keep_polling();
	spin_unlock(&lock);
}

void ras_poll(void)
{
	if (!is_started())
		return;
	spin_lock(&lock);
	if (ras.poller == (int)machine_self()) {
		const uint64_t now = machine_time();

		ras.poller = NO_PE;
		look_at_all();
		for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
			if (ras_sources[i].busy && ras_sources[i].due <= now)
				publish_again(i);
		keep_polling();
	}
	spin_unlock(&lock);
}

void ras_pe_off(unsigned pe)
{
	if (!is_started())
		return;
	spin_lock(&lock);
	drain_pe_off(pe);
	look_at_all();
	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
		if (ras_sources[i].busy && ras_sources[i].target == pe &&
		    ras_kinds[i].private)
			raise_event(i, ras_sources[i].current.error.pe);
	keep_polling();
	spin_unlock(&lock);
}

void ras_client_reset(void)
{
	const uint64_t soon = ras_after(POLL_US);

	if (!is_started())
		return;
	spin_lock(&lock);
	drain_new_client();
	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++) {
		ras_sources[i].wait_us = POLL_US;
		ras_sources[i].due = soon;
	}
	keep_polling();
	spin_unlock(&lock);
}

bool ras_source(unsigned index, struct ras_counters *counters)
{
	const struct source *s;

	if (index >= PLAT_RAS_SOURCES)
		return false;
	s = &ras_sources[index];
	spin_lock(&lock);
	if (ras.started) {
		publish_look(index);
		keep_polling();
	}
	*counters = (struct ras_counters){
		.name = ras_kinds[index].name,
		.event = ras_kinds[index].event,
		.injected = s->injected,
		.published = s->published,
		.acknowledged = s->acknowledged,
		.dropped = s->dropped,
		.held = s->held,
		.raised_again = s->raised_again,
		.withdrawn = s->withdrawn,
		.queued = s->queued,
		.busy = s->busy,
	};
	spin_unlock(&lock);
	return true;
}

void ras_kept(struct ras_kept *k)
{
	spin_lock(&lock);
	if (ras.started && ras.publish)
		bert_look();
	bert_count(k);
	spin_unlock(&lock);
}
