/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The error sources: each has a status block in Non-secure memory for one
 * record, a queue in Secure memory for what comes while the kernel has not
 * acknowledged that record (GHESv2; ACPI 6.5, 18.3.2.8), and an SDEI event.
 *
 * One lock covers everything. It is held over sdei_raise(), so it comes before
 * any lock of the dispatcher's; the dispatcher holds none when it calls
 * completed(), from where ras_completed() is called.
 *
 * Acknowledgements are noticed when a handler completes, when something new is
 * injected, and, while a queue is not empty, by asking every POLL_US.
 */
#include <ras/internal.h>
#include <el3/machine.h>
#include <platform.h>

#define QUEUE_LENGTH	32
#define POLL_US		10000
#define NO_PE		(-1)

struct waiting {
	struct ras_error error;
	uint32_t sequence;
};

struct source {
	struct waiting queue[QUEUE_LENGTH];
	unsigned first, queued;
	bool busy;		/* a record is out and not acknowledged */
	unsigned lost;		/* dropped, and not yet told of */
	uint64_t injected, published, acknowledged, dropped;
	/* The latest raising of the event: where to, and what came of it. */
	unsigned target;
	int taker;
	const char *reason;
};

/* In the order of the HEST (acpi/hest.asl), which gives the index. */
static const struct {
	const char *name;
	uint32_t event;
	bool private;
} kinds[PLAT_RAS_SOURCES] = {
	{ "memory-corrected", PLAT_EVENT_MEMORY_CE, false },
	{ "memory-uncorrected", PLAT_EVENT_MEMORY_UE, false },
	{ "processor-corrected", PLAT_EVENT_CPU_CE, true },
	{ "processor-uncorrected", PLAT_EVENT_CPU_UE, true },
};

static spinlock lock;
static struct {
	struct sdei_dispatcher *dispatcher;
	bool started;
	bool publish;
	uint32_t sequence;
	int poller;		/* the PE that will call ras_poll(), or NO_PE */
	struct source sources[PLAT_RAS_SOURCES];
} ras;

static unsigned index_of(const struct ras_error *error)
{
	return (error->kind == RAS_MEMORY ? 0 : 2) +
	       (error->severity == RAS_CORRECTED ? 0 : 1);
}

static uint64_t block_of(unsigned index)
{
	return PLAT_RAS_BLOCKS + (uint64_t)index * PLAT_RAS_BLOCK_SIZE;
}

static volatile uint64_t *register_of(unsigned index, unsigned offset)
{
	return ras_memory(PLAT_RAS_REGISTERS + (uint64_t)index * RAS_PAIR_SIZE +
			  offset);
}

/* Why does an event that was raised wait? It may have gone by the time. */
static const char *why_pending(unsigned index)
{
	const unsigned target = ras.sources[index].target;
	struct sdei_report report;
	unsigned i = 0;

	do {
		if (!sdei_query(ras.dispatcher, target, i++, &report))
			return "";
	} while (report.info->number != kinds[index].event);
	if (!(report.status & SDEI_STATUS_REGISTERED))
		return "no handler is registered for the event";
	if (!(report.status & SDEI_STATUS_ENABLED))
		return "the event is not enabled";
	if (report.status & SDEI_STATUS_RUNNING)
		return "the event's handler is still running";
	if (kinds[index].private)
		return sdei_pe_masked(ras.dispatcher, target) ?
			"events are masked on its PE" :
			"its PE runs another handler";
	if (report.routing_mode == SDEI_RM_PE)
		return "the PE it is routed to masks events or is busy";
	return "every PE masks events or is busy";
}

/*
 * The PE that a private event for `wanted` is raised on: itself, if it is on,
 * else the first that is. With none on it stays where it was wanted, and waits
 * there.
 */
static unsigned choose_pe(unsigned wanted)
{
	const unsigned count = machine_pe_count();

	if (machine_pe_is_on(wanted))
		return wanted;
	for (unsigned pe = 0; pe < count; pe++)
		if (machine_pe_is_on(pe))
			return pe;
	return wanted;
}

/* Raise a source's event; if it is private, it is wanted on PE `wanted`. */
static void raise_event(unsigned index, unsigned wanted)
{
	struct source *s = &ras.sources[index];
	const unsigned self = machine_self();

	s->target = kinds[index].private ? choose_pe(wanted) : self;
	s->taker = sdei_raise(ras.dispatcher, self, kinds[index].event,
			      s->target);
	if (s->taker == SDEI_RAISE_UNKNOWN)
		panic("ras: the dispatcher refuses event 0x%x for PE %u",
		      (unsigned)kinds[index].event, s->target);
	if (s->taker == SDEI_RAISE_PENDING)
		s->reason = why_pending(index);
	else if (kinds[index].private && s->target != wanted)
		s->reason = "the PE is off, another one takes its event";
	else
		s->reason = "";
}

/* Put the oldest waiting record in the source's block and raise its event. */
static void publish_next(unsigned index)
{
	struct source *s = &ras.sources[index];
	const struct waiting *next = &s->queue[s->first];
	const unsigned lost = s->lost < CPER_LOST_MAX ? s->lost : CPER_LOST_MAX;
	struct cper_record record;

	cper_build(&record, &next->error, next->sequence, lost);
	s->lost -= lost;
	s->first = (s->first + 1) % QUEUE_LENGTH;
	s->queued--;
	/* Taken back first: the kernel may acknowledge as soon as it can see. */
	*register_of(index, RAS_PAIR_ACK) = 0;
	cper_write(block_of(index), &record);
	s->busy = true;
	s->published++;
	raise_event(index, next->error.pe);
}

/* See whether a source's record was acknowledged, and go on to its next. */
static void look(unsigned index)
{
	struct source *s = &ras.sources[index];

	if (s->busy && *register_of(index, RAS_PAIR_ACK) & 1) {
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		s->busy = false;
		s->acknowledged++;
	}
	if (!s->busy && s->queued)
		publish_next(index);
}

/* Have ras_poll() called, if anything waits and it is not to be called yet. */
static void keep_polling(void)
{
	if (ras.poller != NO_PE)
		return;
	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++) {
		if (!ras.sources[i].queued)
			continue;
		ras.poller = (int)machine_self();
		machine_poll_after(POLL_US);
		return;
	}
}

void ras_start(struct sdei_dispatcher *dispatcher, bool publish)
{
	spin_lock(&lock);
	__builtin_memset(&ras, 0, sizeof(ras));
	ras.dispatcher = dispatcher;
	ras.publish = publish;
	ras.poller = NO_PE;
	if (publish) {
		__builtin_memset(ras_memory(PLAT_RAS_BASE), 0, PLAT_RAS_SIZE);
		for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++) {
			*register_of(i, RAS_PAIR_BLOCK) = block_of(i);
			*register_of(i, RAS_PAIR_ACK) = 1;
		}
		bert_show();
	}
	einj_start(publish);
	__atomic_store_n(&ras.started, true, __ATOMIC_RELEASE);
	spin_unlock(&lock);
}

static const char *what_is_wrong(const struct ras_error *e)
{
	if (!__atomic_load_n(&ras.started, __ATOMIC_ACQUIRE))
		return "no kernel or payload is started yet, errors can be injected once it is";
	if (e->kind != RAS_MEMORY && e->kind != RAS_PROCESSOR)
		return "the kind of error is unknown, there are memory and processor";
	if (e->severity != RAS_CORRECTED && e->severity != RAS_RECOVERABLE &&
	    e->severity != RAS_FATAL)
		return "the severity is unknown, there are corrected, recoverable and fatal";
	if (e->kind == RAS_PROCESSOR)
		return e->pe < machine_pe_count() ? NULL :
			"there is no such PE, `status` lists those that there are";
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

/*
 * Queue an error and publish what can be; with an empty queue and a free block
 * that is this one.
 */
static void add(unsigned index, const struct ras_error *error,
		struct ras_outcome *outcome)
{
	struct source *s = &ras.sources[index];

	look(index);
	if (s->queued == QUEUE_LENGTH) {
		s->dropped++;
		s->lost++;
		outcome->disposition = RAS_DROPPED;
		outcome->reason = "the queue is full, the next record tells of the loss";
		return;
	}
	s->queue[(s->first + s->queued) % QUEUE_LENGTH] = (struct waiting){
		.error = *error,
		.sequence = outcome->sequence,
	};
	s->queued++;
	look(index);
	if (s->queued) {
		outcome->disposition = RAS_QUEUED;
		outcome->reason = "an earlier record is not acknowledged yet";
		return;
	}
	tell_raised(s, outcome);
}

/* A fatal error may be the last thing that this boot does: keep its record. */
static void keep_fatal(const struct ras_error *error, uint32_t sequence)
{
	struct cper_record record;

	if (error->severity != RAS_FATAL)
		return;
	cper_build(&record, error, sequence, 0);
	bert_keep(&record);
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
	s = &ras.sources[index];
	spin_lock(&lock);
	*outcome = (struct ras_outcome){
		.event = kinds[index].event,
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

void ras_completed(uint32_t number)
{
	if (!__atomic_load_n(&ras.started, __ATOMIC_ACQUIRE))
		return;
	spin_lock(&lock);
	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
		if (kinds[i].event == number)
			look(i);
	keep_polling();
	spin_unlock(&lock);
}

void ras_poll(void)
{
	if (!__atomic_load_n(&ras.started, __ATOMIC_ACQUIRE))
		return;
	spin_lock(&lock);
	if (ras.poller == (int)machine_self()) {
		ras.poller = NO_PE;
		for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++)
			look(i);
		keep_polling();
	}
	spin_unlock(&lock);
}

/*
 * A private event that was raised on the PE must reach another one. And if the
 * PE was the one to poll, whoever waits is raised once more: its handler finds
 * nothing new at worst, and that it completes is what sets the polling going
 * again on a PE that is on.
 */
void ras_pe_off(unsigned pe)
{
	if (!__atomic_load_n(&ras.started, __ATOMIC_ACQUIRE))
		return;
	spin_lock(&lock);
	for (unsigned i = 0; i < PLAT_RAS_SOURCES; i++) {
		struct source *s = &ras.sources[i];

		look(i);
		if (s->busy && ((kinds[i].private && s->target == pe) ||
				(s->queued && ras.poller == (int)pe)))
			raise_event(i, s->target);
	}
	if (ras.poller == (int)pe)
		ras.poller = NO_PE;
	spin_unlock(&lock);
}

bool ras_source(unsigned index, struct ras_counters *counters)
{
	const struct source *s;

	if (index >= PLAT_RAS_SOURCES)
		return false;
	s = &ras.sources[index];
	spin_lock(&lock);
	if (ras.started)
		look(index);
	*counters = (struct ras_counters){
		.name = kinds[index].name,
		.event = kinds[index].event,
		.injected = s->injected,
		.published = s->published,
		.acknowledged = s->acknowledged,
		.dropped = s->dropped,
		.queued = s->queued,
		.busy = s->busy,
	};
	spin_unlock(&lock);
	return true;
}
