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

SELDOM void disp_acquire(uint8_t *lock)
{
	spin_acquire(lock);
}

void disp_lock(struct event *e)
{
	if (is_shared(e))
		disp_acquire(&e->lock);
}

void disp_unlock(struct event *e)
{
	if (is_shared(e))
		spin_release(&e->lock);
}

/* Something was added to a set of this PE. */
static inline void tell_to_look(struct pe *p)
{
	__atomic_store_n(&p->look, 1, __ATOMIC_RELEASE);
}

static bool is_ready(const struct event *e)
{
	return is_pending(e) & (e->state == ENABLED);
}

void disp_place(struct pe *p, struct event *e)
{
	struct sdei_dispatcher *d = p->d;
	struct set *set = &p->set[READY];
	uint8_t *lock = NULL;
	bool ready = is_ready(e);

	if (is_shared(e)) {
		set = d->any;
		lock = &d->ready_lock;
		if (e->routed_to >= 0) {
			p = &d->pes[e->routed_to];
			set = &p->set[ROUTED];
			lock = &p->ready_lock;
		}
		disp_acquire(lock);
	}
	set_put(&set[priority_of(e)], e->index, ready);
	if (lock)
		spin_release(lock);
	if (ready)
		tell_to_look(p);
}

void disp_set_pending(struct pe *p, struct event *e, bool pending)
{
	store(&e->pending, pending);
	disp_place(p, e);
}

/*
 * Take in what other PEs left in this PE's inbox. A trigger is a note there or a
 * pending event at any moment until its handler is entered: sdei_raise() looks.
 */
void disp_collect(struct pe *p)
{
	struct set *inbox = &p->set[INBOX];
	uint64_t summary;

	if (!load(&inbox->summary))
		return;
	summary = __atomic_exchange_n(&inbox->summary, 0, __ATOMIC_ACQUIRE);
	for (; summary; summary &= summary - 1) {
		unsigned first = lowest(summary) * SET_WORD_BITS;
		uint64_t *word = &inbox->word[lowest(summary)];
		uint64_t notes = load(word);

		for (uint64_t left = notes; left; left &= left - 1)
			disp_set_pending(p, &p->events[first + lowest(left)],
					 true);
		inbox_take(word, notes);
	}
}

/*
 * Asked by any PE. The event is marked before the note of it goes, and is not any
 * more once it is known who runs it.
 */
SELDOM bool disp_waits(const struct pe *p, const struct event *e)
{
	if (!is_shared(e) && inbox_has(&p->set[INBOX], e->index))
		return true;
	return __atomic_load_n(&e->pending, __ATOMIC_ACQUIRE) & 1;
}

/* Take the first ready event out of a set, for this PE. */
static struct event *claim(struct pe *p, const struct set *set,
			   struct event *events)
{
	int i;

	while ((i = set_first(set)) >= 0) {
		struct event *e = &events[i];
		bool mine;

		disp_lock(e);
		/* It may have gone, or been routed elsewhere, meanwhile. */
		mine = set_has(set, (unsigned)i);
		if (mine) {
			store(&e->running_on, (int16_t)p->index);
			disp_step(p, e, IN_DISPATCH);
		}
		disp_unlock(e);
		if (mine)
			return e;
	}
	return NULL;
}

struct event *disp_next(struct pe *p, unsigned priority)
{
	struct sdei_dispatcher *d = p->d;
	struct event *e = NULL;
	const struct set *sets[] = { &p->set[READY + priority],
				     &p->set[ROUTED + priority],
				     &d->any[priority] };

	for (unsigned i = 0; !e && i < 3; i++)
		e = claim(p, sets[i], i == 0 ? p->events : d->shared);
	return e;
}

/*
 * An event of this priority was made ready for a PE, or for any (-1): find one
 * that can take it now, and see that it looks. This PE goes first, and does so
 * anyway before it returns to its client. Returns the PE or SDEI_RAISE_PENDING.
 */
static int wake(struct pe *p, int target, unsigned priority)
{
	const struct sdei_dispatcher *d = p->d;
	const struct sdei_config *c = &d->config;
	unsigned pe = (unsigned)target, n = 1;

	if (target < 0) {
		pe = p->index;
		n = c->pe_count;
	}
	look_after_writing();
	do {
		if (is_able(&d->pes[pe], priority)) {
			if (pe != p->index)
				c->ops->kick(c->context, pe);
			return (int)pe;
		}
		pe = pe + 1 == c->pe_count ? 0 : pe + 1;
	} while (--n);
	return SDEI_RAISE_PENDING;
}

/* What any PE may take and this one cannot take now: wake one that can. */
void disp_pass_on(struct pe *p)
{
	look_after_writing();
	for (int priority = 0; priority <= load(&p->floor); priority++)
		if (load(&p->d->any[priority].summary))
			wake(p, -1, (unsigned)priority);
}

/* Find who takes an event now, if it is ready; its lock is held, and released. */
int disp_offer(struct pe *p, struct event *e)
{
	int target = is_shared(e) ? e->routed_to : (int)p->index;
	bool ready = is_ready(e);

	disp_unlock(e);
	if (!ready)
		return SDEI_RAISE_PENDING;
	return wake(p, target, priority_of(e));
}

/*
 * Trigger an event as this PE sees it: as sdei_raise() answers. UNKNOWN, and
 * nothing marked, if the interrupt is the event's no longer: a release looks for
 * marks after it has taken the interrupt away, this looks for the interrupt after
 * it has marked.
 */
static int trigger(struct pe *p, struct event *e, uint32_t interrupt)
{
	disp_lock(e);
	disp_set_pending(p, e, true);
	look_after_writing();
	if (load(&e->info->interrupt) == interrupt)
		return disp_offer(p, e);
	disp_set_pending(p, e, false);
	disp_unlock(e);
	return SDEI_RAISE_UNKNOWN;
}

int sdei_raise(struct sdei_dispatcher *d, unsigned self, uint32_t number,
	       unsigned target)
{
	bool known = target < d->config.pe_count;
	struct pe *p = &d->pes[self], *other = known ? &d->pes[target] : p;
	struct event *e = disp_find(other, number);
	int taker;

	if (!e || is_slot(e) || !(known || is_shared(e)))
		return SDEI_RAISE_UNKNOWN;
	if (is_shared(e) || other == p) {
		taker = trigger(p, e, e->info->interrupt);
	} else {
		inbox_add(&other->set[INBOX], e->index);
		tell_to_look(other);
		taker = wake(p, (int)target, priority_of(e));
		if (state_of(e) != ENABLED)
			taker = SDEI_RAISE_PENDING;
	}
	/* Its handler may have been entered by now, wherever it could be. */
	if (disp_waits(other, e))
		return taker;
	return is_shared(e) ? load(&e->running_on) : (int)target;
}

bool sdei_interrupt(struct sdei_dispatcher *d, unsigned pe, uint32_t interrupt)
{
	struct pe *p = &d->pes[pe];
	struct event *e = disp_triggered(p, interrupt);

	return e && trigger(p, e, interrupt) != SDEI_RAISE_UNKNOWN;
}
