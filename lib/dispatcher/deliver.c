/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Delivery: which event a PE takes now, entering its handler, leaving it.
 *
 * An event runs on a PE iff it is pending, enabled, the PE is one of its
 * targets and unmasked, and no handler of the same or a higher priority runs
 * there (4.3.2, 5.2.1): critical pre-empts normal, nothing else pre-empts.
 *
 * A shared event that any PE may take is in one set that all look into. The PE
 * that made it ready takes it if it can; else it kicks one that can. A PE that
 * can no longer take what it was kicked for passes it on. If nobody can, the
 * first that unmasks or completes finds it in the set.
 */
#include "internal.h"

#define ABLE_NORMAL	(1u << SDEI_PRIORITY_NORMAL)
#define ABLE_CRITICAL	(1u << SDEI_PRIORITY_CRITICAL)

/* Call after `masked` or `running` changed, before looking for events. */
void disp_update_able(struct pe *p)
{
	unsigned able = ABLE_NORMAL | ABLE_CRITICAL;

	if (p->running[SDEI_PRIORITY_NORMAL])
		able = ABLE_CRITICAL;
	if (p->masked || p->running[SDEI_PRIORITY_CRITICAL])
		able = 0;
	store(&p->able, (uint8_t)able);
}

void disp_place_private(struct pe *p, struct event *e)
{
	bool ready = load(&e->pending) && e->state == ENABLED;

	set_put(&p->ready[priority_of(e)], e->index, ready);
	if (ready)
		store(&p->look, true);
}

/* Something was added to a set of this PE. */
static inline void tell_to_look(struct pe *p)
{
	__atomic_store_n(&p->look, true, __ATOMIC_RELEASE);
}

void disp_place_shared(struct sdei_dispatcher *d, struct event *e)
{
	unsigned priority = priority_of(e);
	struct set *set = e->routed_to < 0
				  ? &d->any[priority]
				  : &d->pes[e->routed_to].routed[priority];

	bool ready = load(&e->pending) && e->state == ENABLED;

	spin_acquire(&set->lock);
	set_put(set, e->index, ready);
	spin_release(&set->lock);
	if (ready && e->routed_to >= 0)
		tell_to_look(&d->pes[e->routed_to]);
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

			set_pending(d, p, &p->events[i], true);
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

		event_lock(e);
		/* It may have gone, or been routed elsewhere, meanwhile. */
		mine = set_has(set, (unsigned)i);
		if (mine) {
			step(d, p, e, IN_DISPATCH);
			store(&e->running_on, (int16_t)p->index);
		}
		event_unlock(e);
		if (mine)
			return e;
	}
	return NULL;
}

static struct event *next(struct sdei_dispatcher *d, struct pe *p,
			  unsigned priority)
{
	int i = set_first(&p->ready[priority]);
	struct event *e;

	if (i >= 0) {
		e = &p->events[i];
		step(d, p, e, IN_DISPATCH);
		return e;
	}
	e = claim(d, p, &p->routed[priority]);
	return e ? e : claim(d, p, &d->any[priority]);
}

/* Two registers at a time: no call to memcpy on this path. */
typedef unsigned __int128 __attribute__((aligned(8), may_alias)) pair;

static inline void copy_context(struct sdei_context *to,
				const struct sdei_context *from)
{
	pair *t = (pair *)to;
	const pair *f = (const pair *)from;

#define COPY5(i) \
	(t[i] = f[i], t[i + 1] = f[i + 1], t[i + 2] = f[i + 2], \
	 t[i + 3] = f[i + 3], t[i + 4] = f[i + 4])
	COPY5(0);
	COPY5(5);
#undef COPY5
	_Static_assert(sizeof(*to) == 10 * sizeof(*t), "copy_context");
}

/* The frame becomes the handler's (5.2.1); x4 to x17 stay as they were. */
static inline void enter(struct sdei_dispatcher *d, struct pe *p,
			 struct event *e, struct sdei_context *frame)
{
	const struct sdei_config *c = &d->config;
	unsigned priority = priority_of(e);
	uint64_t pc = frame->pc, pstate = frame->pstate;
	uint64_t base = 0;

	p->running[priority] = e;
	copy_context(&p->saved[priority], frame);
	disp_update_able(p);
	if (e->traits & WATCHED && c->ops->entered)
		c->ops->entered(c->context, p->index, e->info->number, frame);
	if (e->relative)
		base = c->ops->read(c->context, p->index, SDEI_VBAR_ELC);
	frame->x[0] = e->info->number;
	frame->x[1] = e->argument;
	frame->x[2] = pc;
	frame->x[3] = pstate;
	frame->pc = base + e->entry_point;
	frame->pstate = disp_entry_pstate(d, p, pstate);
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

/* Is there anything for this PE, or for any? */
static inline bool anything(const struct sdei_dispatcher *d, const struct pe *p)
{
	return (load(&p->look) | load(&d->any[0].summary) |
		load(&d->any[1].summary)) != 0;
}

/* The rest of disp_deliver(), kept out of the way of calls that end there. */
static __attribute__((noinline)) bool
deliver_ready(struct sdei_dispatcher *d, struct pe *p,
	      struct sdei_context *frame)
{
	struct event *e = NULL;

	store(&p->look, false);
	look_after_writing();
	disp_collect(d, p);
	if (is_able(p, SDEI_PRIORITY_CRITICAL))
		e = next(d, p, SDEI_PRIORITY_CRITICAL);
	if (!e && is_able(p, SDEI_PRIORITY_NORMAL))
		e = next(d, p, SDEI_PRIORITY_NORMAL);
	if (e)
		enter(d, p, e, frame);
	if (load(&p->ready[0].summary) | load(&p->ready[1].summary) |
	    load(&p->routed[0].summary) | load(&p->routed[1].summary))
		store(&p->look, true);
	if (load(&d->any[0].summary) | load(&d->any[1].summary))
		disp_pass_on(d, p);
	return e != NULL;
}

void disp_deliver(struct sdei_dispatcher *d, struct pe *p,
		  struct sdei_context *frame)
{
	look_after_writing();
	if (anything(d, p))
		deliver_ready(d, p, frame);
}

/*
 * A trigger that this PE can take now, with nothing else waiting anywhere, goes
 * to its handler without having been pending. The event's lock is held, and
 * given back if so. False if it has to take the long way.
 */
bool disp_take_at_once(struct sdei_dispatcher *d, struct pe *p,
		       struct event *e, struct sdei_context *frame)
{
	if (e->state != ENABLED || !is_able(p, priority_of(e)) ||
	    e->routed_to >= 0 || anything(d, p))
		return false;
	step(d, p, e, IN_DISPATCH);
	store(&e->running_on, (int16_t)p->index);
	event_unlock(e);
	enter(d, p, e, frame);
	return true;
}

bool sdei_deliver(struct sdei_dispatcher *d, unsigned pe,
		  struct sdei_context *frame)
{
	look_after_writing();
	return deliver_ready(d, &d->pes[pe], frame);
}

/* End a handler: its event, its PE, whoever wants to know. */
static inline void finish(struct sdei_dispatcher *d, struct pe *p,
			  unsigned priority, enum sdei_ending how,
			  uint32_t status)
{
	const struct sdei_config *c = &d->config;
	struct event *e = p->running[priority];

	p->running[priority] = NULL;
	disp_update_able(p);
	if (e->traits & INTERRUPT && load(&e->info->interrupt))
		c->ops->interrupt_end(c->context, p->index, e->info->interrupt);
	/* Signals that came before the registration ended go with it. */
	if (e->traits & SIGNALABLE && e->state == UNREGISTER_PENDING)
		disp_collect(d, p);
	event_lock(e);
	store(&e->running_on, -1);
	step(d, p, e, IN_COMPLETE);
	event_unlock(e);
	if (e->traits & WATCHED && c->ops->completed)
		c->ops->completed(c->context, p->index, e->info->number, how,
				  status);
}

/*
 * EVENT_COMPLETE (5.1.6) and EVENT_COMPLETE_AND_RESUME (5.1.7). On success the
 * frame is what the PE goes on with and nothing of it is a result.
 */
void disp_complete(struct sdei_dispatcher *d, struct pe *p,
		   struct sdei_context *frame, bool resume)
{
	const struct sdei_config *c = &d->config;
	uint64_t argument = frame->x[1];
	int priority = innermost(p);

	if (priority < 0 || (resume && argument % 4 != 0)) {
		frame->x[0] = priority < 0 ? (uint64_t)SDEI_DENIED
					   : (uint64_t)SDEI_INVALID_PARAMETERS;
		return;
	}
	copy_context(frame, &p->saved[priority]);
	if (resume) {
		c->ops->resume(c->context, p->index, frame->pc, frame->pstate);
		frame->pc = argument;
		frame->pstate = disp_entry_pstate(d, p, frame->pstate);
	}
	finish(d, p, (unsigned)priority,
	       resume ? SDEI_RESUMED : SDEI_COMPLETED,
	       resume ? SDEI_EV_HANDLED : (uint32_t)argument);
	disp_deliver(d, p, frame);
}

/* The PE goes off: its handlers end, innermost first (6.5.4). */
void disp_abandon(struct sdei_dispatcher *d, struct pe *p)
{
	int priority;

	while ((priority = innermost(p)) >= 0)
		finish(d, p, (unsigned)priority, SDEI_POWERED_OFF,
		       SDEI_EV_HANDLED);
}

int disp_raise_private(struct sdei_dispatcher *d, struct pe *p,
		       struct pe *target, unsigned index)
{
	struct event *e = &target->events[index];
	bool able;

	if (target == p) {
		set_pending(d, p, e, true);
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

	event_lock(e);
	ready = load(&e->pending) && e->state == ENABLED;
	target = e->routed_to;
	event_unlock(e);
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
	const struct hash_entry *entry = disp_find_entry(d, number);
	struct pe *p = &d->pes[self];
	struct event *e;

	if (!entry)
		return SDEI_RAISE_UNKNOWN;
	e = event_at(d, p, entry->place);
	if (is_shared(e)) {
		event_lock(e);
		set_pending(d, p, e, true);
		event_unlock(e);
		return disp_offer(d, p, e);
	}
	if (target >= d->config.pe_count)
		return SDEI_RAISE_UNKNOWN;
	return disp_raise_private(d, p, &d->pes[target], e->index);
}
