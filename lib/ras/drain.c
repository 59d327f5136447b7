/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much the client has taken and not yet worked on.
 *
 * In a handler a kernel can do no more than copy a record. It works on the copy
 * later, by an interrupt that it sends itself, and until then the copy takes
 * room that all sources share in Linux: once that is full, Linux drops records of
 * any severity without acknowledging. So no source has more records out than
 * the HEST asked the kernel to make room for, until the kernel is seen to be done
 * with them.
 *
 * It is, when every PE that ran a handler since has been seen without an SGI of
 * the client's pending or active, outside of handlers: that PE has taken what it
 * sent itself, and returned. One PE is not enough: Linux's interrupt stays on the
 * PE that asked for it first. It lies pending there while that PE masks
 * interrupts, whatever others do. An SGI that means something else errs on the
 * safe side.
 *
 * How a handler ended would not tell: an idle Linux masks interrupts around WFI,
 * so its handlers end by COMPLETE as do those of a PE that hangs.
 *
 * There is no lock: a PE counts its own handlers, and whoever looks at it notes
 * how many had begun when it was clean. Another one that began makes it suspect.
 *
 * A look at all PEs takes its time, and a handler may begin on one that was looked
 * at already. So looks have numbers, and a source forgets what it had out only by
 * one that began after it was acknowledged: that look saw its handler begin.
 */
#include "internal.h"

/* What was written before the other PE's add(), too. */
static uint32_t load_acquire(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/*
 * In this order: a handler that is known to have begun is seen inside, and one that
 * has ended has sent what is behind. Later ones count anew.
 */
static bool is_clean(const struct sdei_ras *ras, unsigned pe)
{
	struct drain *p = &ras->pes[pe];
	const uint32_t entered = load_acquire(&p->entered);

	if (entered == load(&p->clean))
		return true;
	if (load_acquire(&p->inside) ||
	    ras->config.ops->behind(ras->config.context, pe))
		return false;
	store(&p->clean, entered);
	return true;
}

static uint64_t begin_look(struct sdei_ras *ras)
{
	const uint64_t number = __atomic_add_fetch(&ras->looks, 1,
						   __ATOMIC_RELAXED);

	/* Who still finds the number before has begun all that it has to. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return number;
}

static void note_done(struct sdei_ras *ras, uint64_t number)
{
	store(&ras->full, 0);
	__atomic_store_n(&ras->done, number, __ATOMIC_RELAXED);
}

/* Every source begins anew if no PE is behind. */
static void look(struct sdei_ras *ras)
{
	const uint64_t number = begin_look(ras);
	bool clean = true;

	for (unsigned pe = 0; pe < ras->config.pe_count; pe++)
		clean &= is_clean(ras, pe);
	if (clean)
		note_done(ras, number);
}

/* A word that only the calling PE changes. */
static void add(uint32_t *word, uint32_t n)
{
	__atomic_store_n(word, *word + n, __ATOMIC_RELEASE);
}

void ras_drain_entered(struct sdei_ras *ras, unsigned pe)
{
	struct drain *p = &ras->pes[pe];

	/* A PE that always runs handlers is clean between them at best. */
	if (load(&ras->full))
		look(ras);
	add(&p->inside, 1);
	add(&p->entered, 1);
}

void ras_drain_left(struct sdei_ras *ras, unsigned pe)
{
	uint32_t *inside = &ras->pes[pe].inside;

	if (load(inside))
		add(inside, -1u);
}

void ras_drain_pe_off(struct sdei_ras *ras, unsigned pe)
{
	struct drain *p = &ras->pes[pe];

	store(&p->clean, load(&p->entered));
}

/* A PE that is still in a handler stays suspect. */
void ras_drain_new_client(struct sdei_ras *ras)
{
	for (unsigned pe = 0; pe < ras->config.pe_count; pe++)
		if (!load(&ras->pes[pe].inside))
			ras_drain_pe_off(ras, pe);
	note_done(ras, begin_look(ras));
}

/* Nothing is known: everybody is suspect, and every source has all out. */
void ras_drain_suspect(struct sdei_ras *ras)
{
	for (unsigned pe = 0; pe < ras->config.pe_count; pe++)
		ras->pes[pe] = (struct drain){ .entered = 1 };
	for (unsigned i = 0; i < ras->config.source_count; i++) {
		source_at(ras, i)->taken = ras->config.preallocated;
		source_at(ras, i)->looks = ras->looks;
	}
	ras->full = ras->config.ops->behind != NULL;
}

/* If a look that began later saw the client done. */
static void begin_anew(const struct sdei_ras *ras, struct source *s)
{
	if (__atomic_load_n(&ras->done, __ATOMIC_RELAXED) > s->looks)
		s->taken = 0;
}

void ras_drain_taken(struct sdei_ras *ras, struct source *s)
{
	begin_anew(ras, s);
	s->taken++;
	s->looks = __atomic_load_n(&ras->looks, __ATOMIC_RELAXED);
}

bool ras_drain_has_room(struct sdei_ras *ras, struct source *s)
{
	begin_anew(ras, s);
	if (s->taken < ras->config.preallocated || !ras->config.ops->behind)
		return true;
	store(&ras->full, 1);
	look(ras);
	begin_anew(ras, s);
	return s->taken < ras->config.preallocated;
}
