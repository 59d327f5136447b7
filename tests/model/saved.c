/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei_save() and sdei_load() of the machine's library. The saved state is
 * also how two ways to one state are compared: docs/state.md promises that
 * equal states are equal bytes.
 */
#include "machine.h"

#include <string.h>

#define WORDS 512
/* Where a PE's part begins, how long it is, where its contexts are in it. */
#define FIRST_PE (1 + 1 + 5 + 4 + 2 + 4 * 3)
#define PE_WORDS (1 + 2 + 2 * 20 + 3 * 3)
#define CONTEXTS 3

static uint64_t first[WORDS], second[WORDS];

static size_t save(uint64_t to[WORDS])
{
	return sdei_save((void *)machine.library, to,
			 WORDS * sizeof(uint64_t)) /
	       sizeof(uint64_t);
}

/*
 * Contexts are left out: what was interrupted is part of no state here, it is
 * checked when it comes back.
 */
uint32_t saved_digest(void)
{
	size_t words = save(first);
	uint64_t h = words;

	for (unsigned pe = 0; pe < machine.pes; pe++)
		memset(&first[FIRST_PE + pe * PE_WORDS + CONTEXTS], 0,
		       2 * sizeof(struct sdei_context));
	for (size_t i = 0; i < words; i++)
		h = (h ^ first[i] ^ h >> 29) * 0x9E3779B97F4A7C15;
	return (uint32_t)(h >> 32);
}

bool reload(void)
{
	const char *why = "nothing";
	size_t words = save(first);

	if (words != FIRST_PE + machine.pes * PE_WORDS)
		return differs("sdei_save() wrote %zu words", words);
	machine_library();
	if (!sdei_load((void *)machine.library, first, words * sizeof(uint64_t),
		       &why))
		return differs("sdei_load(): %s", why);
	if (save(second) != words ||
	    memcmp(first, second, words * sizeof(uint64_t)))
		return differs("saved, loaded and saved again is not the same");
	return same_state();
}
