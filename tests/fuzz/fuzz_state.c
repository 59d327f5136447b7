/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzing saved state: bytes of any kind, and a real state with a few bytes
 * changed. What is refused leaves a dispatcher as new. What is accepted saves to
 * the same bytes and keeps all invariants from there on; what was not changed is
 * accepted and goes on as if nothing had happened.
 */
#include "world.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct world first, second;

struct state {
	size_t size;
	uint8_t bytes[STATE_MAX];
};

static void save(const struct world *w, struct state *s)
{
	s->size = sdei_save(w->d, NULL, 0);
	if (!s->size || s->size > sizeof(s->bytes))
		fail(w, "a state of %zu bytes", s->size);
	memset(s->bytes, 0x5A, sizeof(s->bytes));
	if (sdei_save(w->d, s->bytes, s->size - 1) != s->size ||
	    s->bytes[0] != 0x5A || s->bytes[s->size - 2] != 0x5A)
		fail(w, "sdei_save wrote where it does not fit");
	if (sdei_save(w->d, s->bytes, sizeof(s->bytes)) != s->size)
		fail(w, "sdei_save needs now this, now that");
}

static bool same(const struct state *a, const struct state *b)
{
	return a->size == b->size && !memcmp(a->bytes, b->bytes, a->size);
}

/* A few bytes of it, or its length. */
static void change(struct world *w, struct state *s)
{
	unsigned count = take(w) % 4;

	for (unsigned i = 0; i < count; i++) {
		size_t at = (take(w) | take(w) << 8) % s->size;
		unsigned how = take(w);

		if (how < 128)
			s->bytes[at] ^= (uint8_t)(1u << how % 8);
		else
			s->bytes[at] = (uint8_t)take(w);
	}
	if (!count)
		s->size = s->size + take(w) - 128;
	if (s->size > sizeof(s->bytes))
		s->size = 0;
}

/* Into the second world, which is as new. */
static bool load(const struct state *s)
{
	static struct state before, after;
	const char *why = NULL;

	save(&second, &before);
	if (sdei_load(second.d, s->bytes, s->size, &why)) {
		save(&second, &after);
		if (!same(s, &after))
			fail(&second, "saved again it is another");
		return true;
	}
	trace(&second, "refused: %s\n", why);
	if (!why || !*why)
		fail(&second, "refused without a reason");
	save(&second, &after);
	if (!same(&before, &after))
		fail(&second, "refused, but it left something behind");
	for (unsigned i = 0; i < INTERRUPTS; i++)
		if (second.owned[i])
			fail(&second, "refused, but interrupt %u is taken", i);
	return false;
}

/* The first world goes on in the second, and beside it. */
static void go_on_in_both(void)
{
	static struct state one, other;

	for (unsigned pe = 0; pe < PES; pe++)
		first.pe[pe].kicked = true;
	memcpy(second.pe, first.pe, sizeof(first.pe));
	memcpy(second.line, first.line, sizeof(first.line));
	memcpy(second.busy, first.busy, sizeof(first.busy));
	memcpy(second.bound, first.bound, sizeof(first.bound));
	memcpy(second.pending, first.pending, sizeof(first.pending));
	memcpy(second.registered, first.registered, sizeof(first.registered));
	memcpy(second.routed, first.routed, sizeof(first.routed));
	if (memcmp(second.owned, first.owned, sizeof(first.owned)) != 0)
		fail(&second, "loaded: other interrupts are taken");
	observe(&second);
	begin(&second, PES);
	look(&second);
	second.next = first.next;
	while (first.next < first.end) {
		one_step(&first);
		one_step(&second);
	}
	settle(&first);
	settle(&second);
	save(&first, &one);
	save(&second, &other);
	if (!same(&one, &other))
		fail(&second, "the loaded one came to another state");
	for (unsigned pe = 0; pe < PES; pe++)
		if (memcmp(&first.pe[pe].frame, &second.pe[pe].frame,
			   sizeof(first.pe[pe].frame)) != 0)
			fail(&second, "the loaded one went another way");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct state state;
	unsigned kind, steps;

	make_world(&first, bytes, size);
	make_world(&second, bytes, size);
	kind = take(&first) % 4;
	steps = take(&first) % 32;
	for (unsigned i = 0; kind && i < steps; i++)
		one_step(&first);
	save(&first, &state);
	if (kind == 1) {
		if (!load(&state))
			fail(&first, "its own state is refused");
		go_on_in_both();
		return 0;
	}
	if (kind) {
		change(&first, &state);
	} else {
		state.size = (size_t)(first.end - first.next);
		if (state.size > sizeof(state.bytes))
			return 0;
		memcpy(state.bytes, first.next, state.size);
		first.next = first.end;
	}
	if (!load(&state))
		return 0;
	adopt(&second);
	second.next = first.next;
	while (second.next < second.end)
		one_step(&second);
	settle(&second);
	return 0;
}
