/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Breadth first, so that the way to a difference is a shortest one. A state is
 * known by the model's state and by which PEs owe a delivery.
 */
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX

struct node {
	uint64_t key[2];
	uint32_t parent;
	uint16_t action;
	uint32_t digest;
	void *machine; /* until every step from it was taken */
};

static struct node *nodes;
static uint32_t count, room;
static uint32_t *table, table_size; /* a power of 2; holds index + 1 */
static uint64_t transitions;
static bool walks_origins;

static void *allocated(void *p)
{
	if (!p) {
		printf("out of memory\n");
		exit(1);
	}
	return p;
}

static void put(uint64_t key[2], unsigned bits, unsigned value)
{
	key[1] = key[1] << bits | key[0] >> (64 - bits);
	key[0] = key[0] << bits | value;
}

/* The state in 128 bits: 3 * 3 * 7 + 3 * 11 + 4 + 9 = 109 at most. */
static void make_key(uint64_t key[2])
{
	const struct model *m = &machine.model;

	key[0] = key[1] = 0;
	for (unsigned e = 0; e < EVENTS; e++) {
		const struct event *event = &m->event[e];

		for (unsigned pe = 0; pe < (kinds[e].shared ? 1 : machine.pes);
		     pe++) {
			put(key, 3, model_status(m, e, pe));
			put(key, 1, event->handler[pe].relative);
			put(key, 1, event->pending[pe]);
			put(key, 2, walks_origins ? machine.origin[e][pe] : 0);
		}
		if (kinds[e].shared) {
			put(key, 2, event->to_one ? event->target + 1u : 0);
			put(key, 2, event->runs_on);
		}
		if (kinds[e].slot)
			put(key, 2,
			    !event->exists ? 0
			    : event->interrupt == PPI_1 ||
					    event->interrupt == SPI_1
				    ? 1
				    : 2);
	}
	for (unsigned pe = 0; pe < machine.pes; pe++)
		put(key, 3,
		    m->pe[pe].on | m->pe[pe].masked << 1 |
			    machine.owed[pe] << 2);
}

static uint32_t hash(const uint64_t key[2])
{
	uint64_t h = key[0] * 0x9E3779B97F4A7C15 ^ key[1];

	h = (h ^ h >> 32) * 0xD6E8FEB86659FD93;
	h = (h ^ h >> 32) * 0xD6E8FEB86659FD93;
	return (uint32_t)(h >> 32);
}

static uint32_t *place(const uint64_t key[2])
{
	uint32_t i = hash(key) & (table_size - 1);

	while (table[i] && memcmp(nodes[table[i] - 1].key, key, 16))
		i = (i + 1) & (table_size - 1);
	return &table[i];
}

static void grow(void)
{
	room = room ? room * 2 : 1 << 16;
	nodes = allocated(realloc(nodes, room * sizeof(*nodes)));
	free(table);
	table_size = room * 2;
	table = allocated(calloc(table_size, sizeof(*table)));
	for (uint32_t i = 0; i < count; i++)
		*place(nodes[i].key) = i + 1;
}

/* The machine's state, if it is new and in scope. */
static bool arrive(const struct walk *w, uint32_t parent, unsigned action)
{
	struct node node = { .parent = parent, .action = (uint16_t)action };
	uint32_t *at;

	if (!w->inside(&machine.model))
		return true;
	make_key(node.key);
	at = place(node.key);
	/* Saving takes longer than all the rest: not on every way. */
	if (*at && transitions % w->saves_one_in)
		return true;
	node.digest = saved_digest();
	if (*at)
		return node.digest == nodes[*at - 1].digest ||
		       differs("sdei_save() gives other bytes than on another way to the same state");
	if (w->reloads && !reload())
		return false;
	node.machine = allocated(malloc(machine_bytes));
	memcpy(node.machine, &machine, machine_bytes);
	nodes[count++] = node;
	*at = count;
	if (count == room)
		grow();
	return true;
}

static void print_way(uint32_t to)
{
	if (nodes[to].parent != NOBODY) {
		print_way(nodes[to].parent);
		print_action(&actions[nodes[to].action]);
	}
}

static bool report(const struct walk *w, uint32_t from, unsigned action)
{
	printf("DIFFERENCE, walking \"%s\". From its first state:\n", w->name);
	print_way(from);
	printf("the model's state is:\n");
	memcpy(&machine, nodes[from].machine, machine_bytes);
	print_model(&machine.model);
	printf("then:\n");
	print_action(&actions[action]);
	printf("  %s\n", difference);
	return false;
}

/* Every step from one state. */
static bool expand(const struct walk *w, uint32_t from, unsigned steps)
{
	const void *start = nodes[from].machine;

	for (unsigned i = 0; i < steps; i++) {
		if (!possible(&actions[i]))
			continue;
		transitions++;
		if (!step(&actions[i]))
			return report(w, from, i);
		if (!memcmp(&machine, start, machine_bytes))
			continue;
		if (!settle(&actions[i]) || !arrive(w, from, i))
			return report(w, from, i);
		memcpy(&machine, start, machine_bytes);
	}
	return true;
}

bool walk(const struct walk *w)
{
	unsigned steps = list_actions(w->pes);

	count = room = 0;
	walks_origins = w->origins;
	transitions = 0;
	grow();
	machine_start(w->pes);
	if (!w->begin() || !arrive(w, NOBODY, 0)) {
		printf("%s: on the way to the first state: %s\n", w->name,
		       difference);
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		memcpy(&machine, nodes[i].machine, machine_bytes);
		if (!expand(w, i, steps))
			return false;
		free(nodes[i].machine);
		nodes[i].machine = NULL;
	}
	printf("%s: %u PEs, %u events, %u states, %llu transitions, 0 differences\n",
	       w->name, w->pes, EVENTS, count, (unsigned long long)transitions);
	fflush(stdout);
	return true;
}
