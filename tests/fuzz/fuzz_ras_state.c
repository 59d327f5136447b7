/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzing saved error sources: bytes of any kind, and a real state with a few
 * bytes changed. What is refused leaves them as they were made; what is accepted
 * saves to the same bytes, keeps all invariants and goes on.
 */
#include "ras.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct state {
	size_t size;
	uint8_t bytes[STATE_MAX];
};

static void save(const struct ras_world *w, struct state *s)
{
	s->size = sdei_ras_save(w->ras, NULL, 0);
	if (!s->size || s->size > sizeof(s->bytes))
		ras_fail("a state of %zu bytes", s->size);
	memset(s->bytes, 0x5A, sizeof(s->bytes));
	if (sdei_ras_save(w->ras, s->bytes, s->size - 1) != s->size ||
	    s->bytes[0] != 0x5A || s->bytes[s->size - 2] != 0x5A)
		ras_fail("sdei_ras_save wrote where it does not fit");
	if (sdei_ras_save(w->ras, s->bytes, sizeof(s->bytes)) != s->size)
		ras_fail("sdei_ras_save needs now this, now that");
}

static bool same(const struct state *a, const struct state *b)
{
	return a->size == b->size && !memcmp(a->bytes, b->bytes, a->size);
}

/* A few bytes of it, or its length. Most of a record is its body. */
static void change(struct ras_world *w, struct state *s)
{
	unsigned count = ras_take(w) % 4;

	for (unsigned i = 0; i < count; i++) {
		size_t at = (ras_take(w) | ras_take(w) << 8) % s->size;
		unsigned how = ras_take(w);

		if (how < 128)
			s->bytes[at] ^= (uint8_t)(1u << how % 8);
		else
			s->bytes[at] = (uint8_t)ras_take(w);
	}
	if (!count)
		s->size = s->size + ras_take(w) - 128;
	if (s->size > sizeof(s->bytes))
		s->size = 0;
}

static bool load(struct ras_world *w, const struct state *s)
{
	static struct state before, after;
	const char *why = NULL;
	bool good;

	ras_make_library(w);
	w->poll = UINT64_MAX;
	save(w, &before);
	good = sdei_ras_load(w->ras, s->bytes, s->size, &why);
	save(w, &after);
	if (good && !same(s, &after))
		ras_fail("saved again it is another");
	if (!good && (!why || !*why))
		ras_fail("refused without a reason");
	if (!good && !same(&before, &after))
		ras_fail("refused, but it left something behind");
	return good;
}

/* What it says that was reported. */
static void learn(struct ras_world *w)
{
	struct sdei_ras_counters c;

	w->quiet = true;
	for (unsigned s = 0; s < SOURCES; s++) {
		sdei_ras_count(w->ras, s, &c);
		w->reports[s] = c.injected;
	}
	w->quiet = false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct ras_world w;
	static struct state state;
	unsigned kind, steps;

	ras_make(&w, bytes, size);
	kind = ras_take(&w) % 4;
	steps = ras_take(&w) % 32;
	for (unsigned i = 0; kind && i < steps; i++)
		ras_step(&w);
	save(&w, &state);
	if (!kind) {
		state.size = (size_t)(w.end - w.next);
		if (state.size > sizeof(state.bytes))
			return 0;
		memcpy(state.bytes, w.next, state.size);
		w.next = w.end;
	} else if (kind > 1) {
		change(&w, &state);
	}
	if (!load(&w, &state)) {
		if (kind == 1)
			ras_fail("its own state is refused");
		return 0;
	}
	learn(&w);
	while (w.next < w.end) {
		ras_step(&w);
		ras_check(&w);
	}
	ras_settle(&w);
	return 0;
}
