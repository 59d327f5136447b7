/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources for the guest's GHES driver. A source's block holds one record
 * until the guest acknowledges it; what comes meanwhile waits in a bounded queue.
 * What stays unacknowledged is raised again, ever more seldom and for ever.
 *
 * Corrected errors stay in their order, and wait while the guest is seen to be
 * behind (drain.c). An uncorrected one does not wait for a missing
 * acknowledgement: once no handler looks at the block, the record in it makes
 * way, goes back to the queue and has its turn again.
 */
#include "records.h"

#include <string.h>
#include <sys/eventfd.h>

/*
 * A handler that ended without an acknowledgement may belong to a kernel that
 * acknowledges later. After the second one, the record makes way.
 */
#define MISSES_MAX 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
struct source sources[SOURCES];
uint32_t last_sequence;
/* When to look again whether the guest has worked on what it took. */
static uint64_t drain_due;
static unsigned drain_wait;

static bool is_corrected(unsigned source)
{
	return source == EVENT_MEMORY_CORRECTED;
}

static void push(struct source *s, const struct error *e)
{
	s->queue[(s->first + s->counts.queued++) % QUEUE_LENGTH] = *e;
}

static struct error pop(struct source *s)
{
	struct error e = s->queue[s->first];

	s->first = (s->first + 1) % QUEUE_LENGTH;
	s->counts.queued--;
	return e;
}

/* All of a page that holds something of a source's. */
static bool renew(struct vmm *vmm, uint64_t address)
{
	const struct error *shown[SOURCES];

	for (unsigned i = 0; i < SOURCES; i++)
		shown[i] = sources[i].counts.busy ? &sources[i].current : NULL;
	return record_renew(vmm, address, shown);
}

/*
 * A source's memory went bad under an access: it is made new. If that fails, what
 * is injected there is dropped from now on.
 */
static bool mend(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];

	if (!s->broken && renew(vmm, RAS_BASE) &&
	    renew(vmm, source_block(source)))
		return true;
	if (!s->broken)
		fprintf(stderr,
			"sdei-vmm: the error source %s has only bad memory: its errors are dropped\n",
			vmm_events[source].name);
	s->broken = true;
	s->counts.dropped += s->counts.busy;
	s->counts.busy = false;
	return false;
}

/* Why the event would wait; NULL: some vcpu takes it now. */
static const char *why_pending(struct vmm *vmm, unsigned source)
{
	struct sdei_report r = { 0 };

	sdei_kvm_query(vmm->sdei, 0, source, &r);
	if (!(r.status & SDEI_STATUS_REGISTERED))
		return "no handler is registered for the event";
	if (!(r.status & SDEI_STATUS_ENABLED))
		return "the event is not enabled";
	if (r.status & SDEI_STATUS_RUNNING)
		return "the event's handler is still running";
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		if (!sdei_kvm_masked(vmm->sdei, i))
			return NULL;
	return "every vcpu masks events";
}

static bool is_running(struct vmm *vmm, unsigned source)
{
	struct sdei_report r = { 0 };

	sdei_kvm_query(vmm->sdei, 0, source, &r);
	return r.status & SDEI_STATUS_RUNNING;
}

/*
 * Its event was raised, and waits for a vcpu that can take it: there, or as a note
 * that none has seen yet. One that a kernel has reset meanwhile is raised once
 * more, when a second has passed.
 */
static bool is_under_way(struct vmm *vmm, unsigned source)
{
	const struct source *s = &sources[source];
	struct sdei_report r = { 0 };

	sdei_kvm_query(vmm->sdei, 0, source, &r);
	return !s->entered && (r.pending || s->wait < AGAIN_MOST_MS);
}

static void raise(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];

	s->entered = false;
	s->due = time_ms() + s->wait;
	sdei_kvm_raise(vmm->sdei, vmm_events[source].number, 0);
}

/* The first time that a record is shown it takes the news of lost ones along. */
static void first_showing(struct source *s)
{
	struct error *e = &s->current;

	if (e->shown)
		return;
	e->shown = true;
	e->lost = s->lost < LOST_MAX ? s->lost : LOST_MAX;
	s->lost -= e->lost;
	s->wait = AGAIN_MS;
	s->counts.published++;
}

/* Put the oldest waiting record in the block, and raise its event. */
static void show_next(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];

	s->current = pop(s);
	first_showing(s);
	s->counts.busy = true;
	s->misses = 0;
	if (record_show(vmm, source, &s->current) || mend(vmm, source))
		raise(vmm, source);
}

/* Handlers saw the record and left it, and none looks at it now. */
static bool is_overdue(struct vmm *vmm, unsigned source)
{
	const struct source *s = &sources[source];

	return s->counts.busy && s->entered && s->misses >= MISSES_MAX &&
	       !is_running(vmm, source);
}

/* Turn the queue until a record that was never shown comes first. */
static bool turn_to_new(struct source *s)
{
	for (unsigned i = 0; i < s->counts.queued; i++) {
		struct error first = s->queue[s->first];

		if (!first.shown)
			return true;
		pop(s);
		push(s, &first);
	}
	return false;
}

/* The record in the block goes to the end of the queue, the next is shown. */
static void make_way(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];
	struct error withdrawn = s->current;

	s->counts.withdrawn++;
	show_next(vmm, source);
	push(s, &withdrawn);
}

/* For one more, in the guest. A fatal error leaves it none to care for. */
static bool has_room(struct vmm *vmm, unsigned source)
{
	if (source == EVENT_MEMORY_FATAL)
		return true;
	if (is_corrected(source) && is_overdue(vmm, EVENT_MEMORY_UNCORRECTED))
		return false;
	return drain_has_room(source);
}

/* Each once. */
static void count_held(struct source *s)
{
	for (unsigned i = 0; i < s->counts.queued; i++) {
		struct error *e = &s->queue[(s->first + i) % QUEUE_LENGTH];

		s->counts.held += !e->held;
		e->held = true;
	}
}

static void acknowledged(unsigned source)
{
	sources[source].counts.busy = false;
	sources[source].counts.acknowledged++;
	drain_taken(source);
}

static void look(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];
	bool yes = false;

	if (s->counts.busy && !record_acknowledged(vmm, source, &yes) &&
	    mend(vmm, source))
		raise(vmm, source);
	if (yes)
		acknowledged(source);
	if (!is_corrected(source) && is_overdue(vmm, source) && turn_to_new(s))
		make_way(vmm, source);
	else if (!s->counts.busy && s->counts.queued && has_room(vmm, source))
		show_next(vmm, source);
	else if (!s->counts.busy && s->counts.queued)
		count_held(s);
}

/* What one source has to do may make room for another. */
static void look_at_all(struct vmm *vmm)
{
	for (unsigned i = 0; i < SOURCES; i++)
		look(vmm, i);
}

static unsigned longer(unsigned ms)
{
	return ms < AGAIN_MOST_MS / 2 ? 2 * ms : AGAIN_MOST_MS;
}

/* The record's time is up. */
static void again(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];
	bool gone = false;

	/* Emptied, and never acknowledged: a kernel that knows GHESv1 only. */
	if (is_overdue(vmm, source) && record_gone(vmm, source, &gone) &&
	    gone) {
		acknowledged(source);
		look(vmm, source);
		return;
	}
	s->wait = longer(s->wait);
	s->due = time_ms() + s->wait;
	if (is_running(vmm, source) || is_under_way(vmm, source))
		return;
	/* None of those that wait is new: each has its turn. */
	if (!is_corrected(source) && is_overdue(vmm, source) &&
	    s->counts.queued) {
		make_way(vmm, source);
		return;
	}
	s->counts.again += s->entered;
	raise(vmm, source);
}

static bool is_full(void)
{
	bool full = false;

	for (unsigned i = 0; i < SOURCES; i++)
		full |= !drain_has_room(i);
	return full;
}

/*
 * Has the guest no room for a source's next error, or is it not known (it was
 * resumed)? Then look at it, ever more seldom.
 */
static void poll_drain(struct vmm *vmm)
{
	if (!is_full() || time_ms() < drain_due)
		return;
	drain_look(vmm);
	if (!is_full() || !drain_wait)
		drain_wait = AGAIN_MS;
	else
		drain_wait = longer(drain_wait);
	drain_due = time_ms() + drain_wait;
}

/* The sooner of `next` (-1: never) and the time until `at`, in ms, not 0. */
static int sooner(int next, uint64_t at)
{
	uint64_t now = time_ms();
	int in = at > now ? (int)(at - now) : 1;

	return next < 0 || in < next ? in : next;
}

int records_poll(struct vmm *vmm)
{
	int next = -1;

	pthread_mutex_lock(&lock);
	poll_drain(vmm);
	look_at_all(vmm);
	for (unsigned i = 0; i < SOURCES; i++) {
		const struct source *s = &sources[i];

		if (s->counts.busy && time_ms() >= s->due)
			again(vmm, i);
		if (s->counts.busy)
			next = sooner(next, s->due);
	}
	if (is_full())
		next = sooner(next, drain_due);
	pthread_mutex_unlock(&lock);
	return next;
}

void records_start(struct vmm *vmm)
{
	pthread_mutex_lock(&lock);
	memset(sources, 0, sizeof(sources));
	drain_reset();
	drain_due = drain_wait = 0;
	for (unsigned i = 0; i < SOURCES; i++)
		if (!record_start(vmm, i))
			vmm_die("the guest's memory for error records is bad");
	pthread_mutex_unlock(&lock);
}

/* Whoever calls records_poll() does not know yet what is due. */
static void wake(struct vmm *vmm)
{
	eventfd_write(vmm->wake, 1);
}

static struct disposition add(struct vmm *vmm, unsigned source,
			      const struct error *e)
{
	struct source *s = &sources[source];
	const char *why = why_pending(vmm, source);

	look(vmm, source);
	if (s->broken || s->counts.queued == QUEUE_LENGTH) {
		s->counts.dropped++;
		s->lost++;
		return (struct disposition){
			"dropped",
			s->broken
				? "the source's memory is bad"
				: "the queue is full, the next record tells of the loss"
		};
	}
	push(s, e);
	look(vmm, source);
	if (s->broken)
		return (struct disposition){ "dropped",
					     "the source's memory is bad" };
	if (!s->counts.busy)
		return (struct disposition){
			"queued",
			"held back until the guest has worked on those that it took"
		};
	if (s->current.sequence != e->sequence)
		return (struct disposition){
			"queued", "an earlier record is not acknowledged yet"
		};
	return (struct disposition){ why ? "pending" : "delivered", why };
}

struct disposition records_inject(struct vmm *vmm, enum severity severity,
				  uint64_t address, uint32_t *sequence)
{
	unsigned source = source_of(severity);
	struct error e = { .address = address,
			   .stamp = time_stamp(),
			   .severity = severity };
	struct disposition disposition;

	pthread_mutex_lock(&lock);
	*sequence = e.sequence = ++last_sequence;
	sources[source].counts.injected++;
	disposition = add(vmm, source, &e);
	pthread_mutex_unlock(&lock);
	wake(vmm);
	return disposition;
}

bool records_renew(struct vmm *vmm, uint64_t address)
{
	bool done = false;

	pthread_mutex_lock(&lock);
	if (vmm->options.acpi && renew(vmm, address)) {
		done = true;
		for (unsigned i = 0; i < SOURCES; i++)
			if (sources[i].counts.busy)
				raise(vmm, i);
	}
	pthread_mutex_unlock(&lock);
	return done;
}

void records_entered(unsigned source, unsigned vcpu)
{
	pthread_mutex_lock(&lock);
	sources[source].entered = true;
	drain_entered(vcpu);
	pthread_mutex_unlock(&lock);
}

void records_completed(struct vmm *vmm, unsigned source)
{
	struct source *s = &sources[source];
	bool busy, full;
	uint32_t sequence;

	pthread_mutex_lock(&lock);
	busy = s->counts.busy;
	sequence = s->current.sequence;
	look(vmm, source);
	s->misses += busy && s->counts.busy && s->current.sequence == sequence;
	look_at_all(vmm);
	full = is_full();
	pthread_mutex_unlock(&lock);
	if (full)
		wake(vmm);
}

struct source_counts records_count(struct vmm *vmm, unsigned source)
{
	struct source_counts counts;

	pthread_mutex_lock(&lock);
	look(vmm, source);
	counts = sources[source].counts;
	pthread_mutex_unlock(&lock);
	return counts;
}
