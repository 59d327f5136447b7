/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walk: from a first state through every state that is in its scope, and
 * one step out of it.
 */
#ifndef MODEL_WALK_H
#define MODEL_WALK_H

#include "machine.h"

struct walk {
	const char *name;
	unsigned pes;
	/* Steps to the first state, with step(). */
	bool (*begin)(void);
	/* Is this state's every step to be taken? Otherwise it is an end. */
	bool (*inside)(const struct model *m);
	/* On every how many ways to a known state what it saves is compared. */
	unsigned saves_one_in;
	/* Is "pending" a different state when another PE triggered it? */
	bool origins;
	/* Is the library saved and loaded in every state? */
	bool reloads;
};

/* False at the first difference, which it prints. */
bool walk(const struct walk *w);

#endif
