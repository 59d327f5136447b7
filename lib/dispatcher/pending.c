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

void disp_lock(struct event *e)
{
	event_lock(e);
}

void disp_unlock(struct event *e)
{
	event_unlock(e);
}

/* Something was added to a set of this PE. */
static inline void tell_to_look(struct pe *p)
{
	__atomic_store_n(&p->look, 1, __ATOMIC_RELEASE);
}

void disp_place(struct sdei_dispatcher *d, struct pe *p, struct event *e)
{
	unsigned priority = priority_of(e);
	bool ready = is_pending(e) && e->state == ENABLED;
	struct set *set = &p->ready[priority];

	if (is_shared(e)) {
		p = e->routed_to < 0 ? NULL : &d->pes[e->routed_to];
		set = p ? &p->routed[priority] : &d->any[priority];
		spin_acquire(&set->lock);
	}
	set_put(set, e->index, ready);
	if (is_shared(e))
		spin_release(&set->lock);
	if (ready && p)
		tell_to_look(p);
}

void disp_set_pending(struct sdei_dispatcher *d, struct pe *p, struct event *e,
		      bool pending)
{
	store(&e->pending, pending);
	disp_place(d, p, e);
}

/* Take in what other PEs left in this PE's inbox. */
void disp_collect(struct sdei_dispatcher *d, struct pe *p)
{
	uint64_t summary;

	if (!load(&p->inbox.summary))
		return;
	summary = inbox_take(&p->inbox.summary);
	for (; summary; summary &= summary - 1) {
		unsigned w = lowest(summary);
		uint64_t word = inbox_take(&p->inbox.word[w]);

		for (; word; word &= word - 1) {
			unsigned i = w * SET_WORD_BITS + lowest(word);

			disp_set_pending(d, p, &p->events[i], true);
		}
	}
}

/* Take the first ready event out of a set of shared ones, for this PE. */
static struct event *claim(struct sdei_dispatcher *d, struct pe *p,
			   struct set *set)
{
	int i;

	while ((i = set_first(set)) >= 0) {
		struct event *e = &d->shared[i];
		bool mine;

		disp_lock(e);
		/* It may have gone, or been routed elsewhere, meanwhile. */
		mine = set_has(set, (unsigned)i);
		if (mine) {
			disp_step(d, p, e, IN_DISPATCH);
			store(&e->running_on, (int16_t)p->index);
		}
		disp_unlock(e);
		if (mine)
			return e;
	}
	return NULL;
}

struct event *disp_next(struct sdei_dispatcher *d, struct pe *p,
			  unsigned priority)
{
	int i = set_first(&p->ready[priority]);
	struct event *e;

	if (i >= 0) {
		e = &p->events[i];
		disp_step(d, p, e, IN_DISPATCH);
		return e;
	}
	e = claim(d, p, &p->routed[priority]);
	return e ? e : claim(d, p, &d->any[priority]);
}

/* A PE other than `self` that can take an event of this priority, or -1. */
static int find_able(struct sdei_dispatcher *d, unsigned self,
		     unsigned priority)
{
	unsigned n = d->config.pe_count, pe = self;

	for (unsigned i = 1; i < n; i++) {
		pe = pe + 1 == n ? 0 : pe + 1;
		if (is_able(&d->pes[pe], priority))
			return (int)pe;
	}
	return -1;
}

/* What any PE may take and this one cannot take now: wake one that can. */
void disp_pass_on(struct sdei_dispatcher *d, struct pe *p)
{
	look_after_writing();
	for (unsigned priority = 0; priority < PRIORITIES; priority++) {
		int other;

		if (is_able(p, priority) || !load(&d->any[priority].summary))
			continue;
		other = find_able(d, p->index, priority);
		if (other >= 0)
			d->config.ops->kick(d->config.context, (unsigned)other);
	}
}

int disp_raise_private(struct sdei_dispatcher *d, struct pe *p,
		       struct pe *target, unsigned index)
{
	struct event *e = &target->events[index];
	bool able;

	if (target == p) {
		disp_set_pending(d, p, e, true);
		able = is_able(p, priority_of(e));
	} else {
		inbox_add(&target->inbox, index);
		tell_to_look(target);
		look_after_writing();
		able = is_able(target, priority_of(e));
		if (able)
			d->config.ops->kick(d->config.context, target->index);
	}
	return able && state_of(e) == ENABLED ? (int)target->index
					      : SDEI_RAISE_PENDING;
}

/*
 * Find the PE that takes a shared event now, if it is ready, and see that it
 * looks: PE `p` does so anyway before it returns to its client. Returns the PE
 * or SDEI_RAISE_PENDING.
 */
int disp_offer(struct sdei_dispatcher *d, struct pe *p, struct event *e)
{
	unsigned priority = priority_of(e);
	int target;
	bool ready;

	disp_lock(e);
	ready = is_pending(e) && e->state == ENABLED;
	target = e->routed_to;
	disp_unlock(e);
	if (!ready)
		return SDEI_RAISE_PENDING;
	look_after_writing();
	if (target < 0)
		target = is_able(p, priority)
				 ? (int)p->index
				 : find_able(d, p->index, priority);
	else if (!is_able(&d->pes[target], priority))
		target = -1;
	if (target < 0)
		return SDEI_RAISE_PENDING;
	if ((unsigned)target != p->index)
		d->config.ops->kick(d->config.context, (unsigned)target);
	return target;
}

int sdei_raise(struct sdei_dispatcher *d, unsigned self, uint32_t number,
	       unsigned target)
{
	const uint64_t *entry = disp_find_entry(d, number);
	struct pe *p = &d->pes[self];
	struct event *e;

	if (!entry)
		return SDEI_RAISE_UNKNOWN;
	e = event_at(d, p, HASH_PLACE(*entry));
	if (is_shared(e)) {
		disp_lock(e);
		disp_set_pending(d, p, e, true);
		disp_unlock(e);
		return disp_offer(d, p, e);
	}
	if (target >= d->config.pe_count)
		return SDEI_RAISE_UNKNOWN;
	return disp_raise_private(d, p, &d->pes[target], e->index);
}

/*
 * Mark the event of an interrupt that fired. False, and nothing marked, if the
 * interrupt is the event's no longer: a release looks for marks after it has
 * taken the interrupt away, this looks for the interrupt after it has marked.
 */
static bool mark(struct sdei_dispatcher *d, struct pe *p, struct event *e,
		 uint32_t interrupt)
{
	bool still;

	disp_lock(e);
	disp_set_pending(d, p, e, true);
	look_after_writing();
	still = load(&e->info->interrupt) == interrupt;
	if (!still)
		disp_set_pending(d, p, e, false);
	disp_unlock(e);
	return still;
}

bool sdei_interrupt(struct sdei_dispatcher *d, unsigned pe, uint32_t interrupt)
{
	struct pe *p = &d->pes[pe];
	struct event *e = triggered(d, p, interrupt);

	if (!e || !mark(d, p, e, interrupt))
		return false;
	if (is_shared(e))
		disp_offer(d, p, e);
	return true;
}
