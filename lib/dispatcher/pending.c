/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What waits: triggers (5.1.14, 5.1.16), where pending events are kept, which PE
 * takes one.
 *
 * A shared event that any PE may take is in one set that all look into. The PE
 * that made it ready takes it if it can; else it kicks one that can. A PE that
 * can no longer take what it was kicked for passes it on. If nobody can, the
 * first that unmasks or completes finds it in the set.
 */
#include "internal.h"

/* Something was added to a set of this PE. */
static inline void tell_to_look(struct sdei_pe *p)
{
	__atomic_store_n(&p->look, 1, __ATOMIC_RELEASE);
}

/*
 * The ready set of a shared event, with its lock: that of the PE which alone may
 * take it, or that of all.
 */
struct shared_set {
	struct set *set;
	uint8_t *lock;
};

static inline struct shared_set for_one(struct sdei_pe *p, unsigned priority)
{
	return (struct shared_set){ &p->set[ROUTED + priority],
				    &p->ready_lock };
}

static inline struct shared_set for_any(struct sdei_dispatcher *d,
					unsigned priority)
{
	return (struct shared_set){ &d->any[priority], &d->ready_lock };
}

static inline void add_shared(struct shared_set to, const struct event *e)
{
	spin_acquire(to.lock);
	set_add(to.set, e->index);
	spin_release(to.lock);
}

static inline void remove_shared(struct shared_set from, const struct event *e)
{
	spin_acquire(from.lock);
	set_remove(from.set, e->index);
	spin_release(from.lock);
}

static void add_ready(struct sdei_pe *p, struct event *e)
{
	const unsigned priority = priority_of(e);

	if (!is_shared(e)) {
		set_add(&p->set[READY + priority], e->index);
	} else if (e->routed_to < 0) {
		add_shared(for_any(p->d, priority), e);
	} else {
		p = pe_at(p->d, (unsigned)e->routed_to);
		add_shared(for_one(p, priority), e);
	}
	tell_to_look(p);
}

static void remove_ready(struct sdei_pe *p, struct event *e)
{
	const unsigned priority = priority_of(e);

	if (!is_shared(e))
		set_remove(&p->set[READY + priority], e->index);
	else if (e->routed_to < 0)
		remove_shared(for_any(p->d, priority), e);
	else
		remove_shared(for_one(pe_at(p->d, (unsigned)e->routed_to),
				      priority),
			      e);
}

static bool is_ready(const struct event *e)
{
	return is_pending(e) & (e->state == ENABLED);
}

SELDOM void disp_place(struct sdei_pe *p, struct event *e)
{
	if (is_ready(e))
		add_ready(p, e);
	else
		remove_ready(p, e);
}

SELDOM void disp_set_pending(struct sdei_pe *p, struct event *e, bool pending)
{
	store(&e->pending, pending);
	disp_place(p, e);
}

/*
 * Take in what other PEs left in this PE's inbox. From the trigger until its handler
 * is entered there is always a note or a mark: disp_waits() relies on it.
 */
SELDOM void disp_collect(struct sdei_pe *p)
{
	struct set *inbox = &p->set[INBOX];
	uint64_t summary;

	summary = __atomic_exchange_n(&inbox->summary, 0, __ATOMIC_ACQUIRE);
	for (; summary; summary &= summary - 1) {
		unsigned first = lowest(summary) * SET_WORD_BITS;
		uint64_t *word = &inbox->word[lowest(summary)];
		uint64_t notes = load(word);

		for (uint64_t left = notes; left; left &= left - 1)
			disp_set_pending(p,
					 &private_events(
						 p)[first + lowest(left)],
					 true);
		inbox_take(word, notes);
	}
}

/*
 * Asked by any PE. An event is marked before its note goes, and the mark goes only
 * once `running_on` says who runs it.
 */
SELDOM bool disp_waits(const struct sdei_pe *p, const struct event *e)
{
	if (!is_shared(e) && inbox_has(&p->set[INBOX], e->index))
		return true;
	return __atomic_load_n(&e->pending, __ATOMIC_ACQUIRE) & 1;
}

/* The first event of a set of private ones, or NULL. */
static inline struct event *take_private(struct sdei_pe *p, struct set *from)
{
	const int i = set_first(from);
	struct event *e;

	if (i < 0)
		return NULL;
	e = &private_events(p)[i];
	begin_handler(e);
	set_remove(from, (unsigned)i);
	return e;
}

/* The first of a set of shared ones, or NULL: others look, too. */
static inline struct event *take_shared(struct sdei_pe *p,
					struct shared_set from)
{
	int i;

	while ((i = set_first(from.set)) >= 0) {
		struct shared_event *s = &p->d->shared[i];
		struct event *e = &s->event;
		bool mine;

		spin_acquire(&s->lock);
		/* It may have gone, or been routed elsewhere, meanwhile. */
		mine = set_has(from.set, (unsigned)i);
		if (mine) {
			set_running_on(e, p);
			begin_handler(e);
			remove_shared(from, e);
		}
		spin_release(&s->lock);
		if (mine)
			return e;
	}
	return NULL;
}

/* The next event of a priority that this PE can take; it is taken. */
static inline struct event *next_of(struct sdei_pe *p, unsigned priority)
{
	struct event *e = NULL;

	if (load(&p->set[READY + priority].summary))
		e = take_private(p, &p->set[READY + priority]);
	if (!e && load(&p->set[ROUTED + priority].summary))
		e = take_shared(p, for_one(p, priority));
	if (!e && load(&p->d->any[priority].summary))
		e = take_shared(p, for_any(p->d, priority));
	return e;
}

static inline struct event *next_event(struct sdei_pe *p)
{
	struct event *e = NULL;

	if (is_able(p, SDEI_PRIORITY_CRITICAL))
		e = next_of(p, SDEI_PRIORITY_CRITICAL);
	if (!e && is_able(p, SDEI_PRIORITY_NORMAL))
		e = next_of(p, SDEI_PRIORITY_NORMAL);
	return e;
}

/*
 * Who can take an event that any PE may take? d->able has all PEs that may be able,
 * for each priority. Whoever finds one there that is not takes it out, notes that in
 * `hidden` and has it look: when it is able again it puts itself back. So a PE that
 * is not asked for writes nothing there when it masks, unmasks, enters a handler or
 * ends one, and finding one takes no longer the more PEs there are.
 *
 * "I am in it" and "an event waits" are written by two PEs, each of which then
 * looks at the other, with look_after_writing() in between.
 */
static SELDOM void put_in_able(struct sdei_pe *p, unsigned priority, bool able)
{
	struct sdei_dispatcher *d = p->d;

	spin_acquire(&d->able_lock);
	if (able) {
		set_add(&d->able[priority], p->index);
		store(&p->hidden, p->hidden & ~(UINT64_C(1) << priority));
	} else {
		set_remove(&d->able[priority], p->index);
		store(&p->hidden, p->hidden | UINT64_C(1) << priority);
	}
	spin_release(&d->able_lock);
}

/* A PE that was found not to be able. Has it become so just now? */
static SELDOM bool is_able_after_all(struct sdei_pe *p, unsigned priority)
{
	put_in_able(p, priority, false);
	tell_to_look(p);
	look_after_writing();
	if (!is_able(p, priority))
		return false;
	put_in_able(p, priority, true);
	return true;
}

/* Another PE that can take an event of this priority now, or -1. */
static SELDOM int find_able(const struct sdei_pe *p, unsigned priority)
{
	const struct sdei_dispatcher *d = p->d;
	int i;

	while ((i = set_first_from(&d->able[priority], p->index)) >= 0) {
		struct sdei_pe *other = pe_at(d, (unsigned)i);

		if (is_able(other, priority) ||
		    is_able_after_all(other, priority))
			return i;
	}
	return -1;
}

/* Back into d->able, as far as this PE has become able. */
static SELDOM void show_able(struct sdei_pe *p)
{
	for (int i = 0; i < PRIORITIES; i++)
		if (load(&p->hidden) >> i & 1 && i > load(&p->floor))
			put_in_able(p, (unsigned)i, true);
	look_after_writing();
}

/*
 * An event of this priority was made ready for a PE, or for any (-1): find one
 * that can take it now, and see that it looks. This PE is asked first, and needs no
 * kick, since it looks anyway before it returns to its client. Returns the PE or
 * SDEI_RAISE_PENDING.
 */
static inline int wake(struct sdei_pe *p, int target, unsigned priority)
{
	const struct sdei_config *c = &p->d->config;

	look_after_writing();
	if (target < 0 || target == (int)p->index) {
		if (is_able(p, priority))
			return (int)p->index;
		target = target < 0 ? find_able(p, priority) : -1;
	} else if (!is_able(pe_at(p->d, (unsigned)target), priority)) {
		target = -1;
	}
	if (target < 0)
		return SDEI_RAISE_PENDING;
	c->ops->kick(c->context, (unsigned)target);
	return target;
}

/* For those in no hurry. */
static SELDOM int wake_slowly(struct sdei_pe *p, int target, unsigned priority)
{
	return wake(p, target, priority);
}

SELDOM void disp_pass_on(struct sdei_pe *p)
{
	for (int i = 0; i < PRIORITIES && i <= load(&p->floor); i++)
		if (load(&p->d->any[i].summary))
			wake_slowly(p, -1, (unsigned)i);
}

/* Apart: who has nothing to deliver needs no stack for it. */
__attribute__((noinline)) bool disp_deliver(struct sdei_pe *p,
					    struct sdei_context *frame)
{
	struct event *e;
	uint64_t left;

	store(&p->look, 0);
	look_after_writing();
	if (load(&p->hidden))
		show_able(p);
	collect(p);
	e = next_event(p);
	if (e)
		disp_enter(p, frame, e);
	/* As `look` promises. Who adds to the inbox sets it. */
	left = load(&p->hidden) | load(&p->set[READY].summary) |
	       load(&p->set[READY + 1].summary) |
	       load(&p->set[ROUTED].summary) |
	       load(&p->set[ROUTED + 1].summary);
	if (left)
		store(&p->look, 1);
	pass_on(p);
	return e;
}

bool sdei_deliver(struct sdei_dispatcher *d, unsigned pe,
		  struct sdei_context *frame)
{
	return disp_deliver(pe_at(d, pe), frame);
}

/* Find who takes an event now, if it is ready; its lock is held, and released. */
static inline int offer(struct sdei_pe *p, struct event *e)
{
	int target = is_shared(e) ? e->routed_to : (int)p->index;
	bool ready = is_ready(e);

	unlock_event(e);
	if (!ready)
		return SDEI_RAISE_PENDING;
	return wake(p, target, priority_of(e));
}

SELDOM int disp_offer(struct sdei_pe *p, struct event *e)
{
	const int target = is_shared(e) ? e->routed_to : (int)p->index;
	const bool ready = is_ready(e);

	unlock_event(e);
	return ready ? wake_slowly(p, target, priority_of(e))
		     : SDEI_RAISE_PENDING;
}

/* The interrupt is another's, or nobody's, by now: nothing of it stays. */
static SELDOM int come_late(struct sdei_pe *p, struct event *e, bool marked)
{
	if (marked)
		disp_set_pending(p, e, false);
	unlock_event(e);
	return SDEI_RAISE_UNKNOWN;
}

/*
 * What is triggered waits already. The mark may be that of another interrupt, which
 * has the slot now: it stays.
 */
static SELDOM int trigger_again(struct sdei_pe *p, struct event *e,
				uint32_t interrupt)
{
	return load(&e->info->interrupt) == interrupt ? disp_offer(p, e)
						      : come_late(p, e, false);
}

/*
 * Trigger an event as this PE sees it: as sdei_raise() answers. UNKNOWN, and
 * nothing marked, if the interrupt is the event's no longer: a release looks for
 * marks after it has taken the interrupt away, this looks for the interrupt after
 * it has marked.
 */
static inline __attribute__((always_inline)) int
trigger(struct sdei_pe *p, struct event *e, uint32_t interrupt)
{
	lock_event(e);
	if (is_pending(e))
		return trigger_again(p, e, interrupt);
	store(&e->pending, 1);
	if (e->state == ENABLED)
		add_ready(p, e);
	look_after_writing();
	if (load(&e->info->interrupt) == interrupt)
		return offer(p, e);
	return come_late(p, e, true);
}

/* A private event of this PE's. */
static inline int raise_here(struct sdei_pe *p, struct event *e)
{
	const unsigned priority = priority_of(e);

	if (!is_pending(e)) {
		store(&e->pending, 1);
		if (e->state == ENABLED) {
			set_add(&p->set[READY + priority], e->index);
			tell_to_look(p);
		}
	}
	return e->state == ENABLED && is_able(p, priority) ? (int)p->index
							   : SDEI_RAISE_PENDING;
}

/* A private event on another PE: a note in its inbox. */
static SELDOM int raise_there(struct sdei_pe *p, unsigned target,
			      uint32_t number)
{
	struct sdei_pe *other = pe_at(p->d, target);
	const struct event *e = disp_find(other, number);
	int taker;

	inbox_add(&other->set[INBOX], e->index);
	tell_to_look(other);
	/* Enabled or not: an ENABLE there may just have looked, without a barrier. */
	taker = wake_slowly(p, (int)other->index, priority_of(e));
	if (state_of(e) != ENABLED)
		taker = SDEI_RAISE_PENDING;
	/* Its handler may have been entered by now. */
	return disp_waits(other, e) ? taker : (int)other->index;
}

static int raise_shared(struct sdei_pe *p, struct event *e)
{
	const int taker = trigger(p, e, e->info->interrupt);

	/* Its handler may have been entered by now. */
	return __atomic_load_n(&e->pending, __ATOMIC_ACQUIRE) & 1
		       ? taker
		       : load(&of_shared(e)->running_on);
}

int sdei_raise(struct sdei_dispatcher *d, unsigned self, uint32_t number,
	       unsigned target)
{
	struct sdei_pe *p = pe_at(d, self);
	struct event *e = find(p, number);

	if (!e || is_slot(e))
		return SDEI_RAISE_UNKNOWN;
	if (is_shared(e))
		return raise_shared(p, e);
	if (target == self)
		return raise_here(p, e);
	if (target >= d->config.pe_count)
		return SDEI_RAISE_UNKNOWN;
	return raise_there(p, target, number);
}

bool sdei_interrupt(struct sdei_dispatcher *d, unsigned pe, uint32_t interrupt)
{
	struct sdei_pe *p = pe_at(d, pe);
	const uint32_t place = triggered_place(d, interrupt);

	return place && trigger(p, event_at(p, place - 1), interrupt) !=
				SDEI_RAISE_UNKNOWN;
}
