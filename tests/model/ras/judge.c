/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What docs/ras.md promises, judged by the library's accesses alone: a block that
 * is not acknowledged stays as it is, unless two handlers have left it, 10 ms have
 * gone and its error is not a corrected one; a status word is zero while all else
 * is written; somebody is asked to look as long as there is something to do.
 */
#include "machine.h"

#include <string.h>

bool judge_sleeps, judge_angry;

static bool may_take_away(unsigned s)
{
	const struct judge *j = &machine.judge[s];

	return !j->shown || judge_sleeps || machine.world.registers[s][1] & 1 ||
	       (j->ended >= 2 && !handlers(&machine.world, s) &&
		(world_emptied(&machine.world, s) ||
		 (s != CORRECTED && machine.world.now >= j->at + PATIENT)));
}

static bool wrong(const char *what, unsigned s)
{
	if (judge_angry)
		return false;
	judge_angry = true;
	return differs("%s, at the %s source", what, sources[s].name);
}

bool judge_write(uint64_t address, const void *from, size_t bytes)
{
	const unsigned s = (unsigned)(address - BLOCK_AT(0)) / BLOCK;
	const uint64_t offset = (address - BLOCK_AT(0)) % BLOCK;
	struct judge *j = &machine.judge[s];
	uint32_t word = 0;

	if (offset) {
		if (!world_emptied(&machine.world, s))
			return wrong("a block that seems full is written", s);
		return true;
	}
	if (bytes != sizeof(word))
		return wrong("a status word is not written alone", s);
	memcpy(&word, from, sizeof(word));
	if (judge_sleeps)
		return true;
	if (!word) {
		/* GHESv2: taken back before the block is touched. */
		if (j->shown)
			return wrong("an unacknowledged block is taken away",
				     s);
		return true;
	}
	*j = (struct judge){ .shown = true, .at = machine.world.now };
	return true;
}

/* The acknowledgement is taken back, so the block is about to change. */
bool judge_taken_back(unsigned s)
{
	if (!may_take_away(s))
		return wrong("an unacknowledged block makes way too early", s);
	if (!judge_sleeps)
		machine.judge[s].shown = false;
	return true;
}

void judge_entered(unsigned s, unsigned pe)
{
	machine.judge[s].seen[pe] = machine.judge[s].shown;
}

void judge_left(unsigned s, unsigned pe)
{
	machine.judge[s].ended += machine.judge[s].seen[pe];
	machine.judge[s].seen[pe] = false;
}

void judge_new_client(void)
{
	for (unsigned s = 0; s < SOURCES; s++)
		machine.judge[s] = (struct judge){
			.shown = machine.judge[s].shown &&
				 !world_emptied(&machine.world, s),
			.at = machine.world.now,
		};
}

bool judge_polls(void)
{
	for (unsigned s = 0; s < SOURCES; s++)
		if (machine.poll >
		    model_wanted(&machine.model.source[s], &machine.world))
			return wrong("nobody is asked to look in time", s);
	return true;
}
