/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walks. The product of all states is too large, so each walk takes every
 * state of one cut through it, and from each of them every step that it knows; a
 * step that leads out of the cut is compared and not followed. In every state the
 * client is then made to do its part, and nothing may be left. The last walk
 * takes steps of all kinds at random, and so comes to what no cut has.
 *
 * Breadth first, so that the way to a difference is a shortest one.
 */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY      UINT32_MAX
#define MAX_ACTIONS 96u
#define GOOD_END_IN 5
#define ALL         ((1u << DOINGS) - 1)
#define BIT(x)      (1u << (x))

struct walk {
	const char *name;
	unsigned private, preallocated;
	unsigned sources; /* that errors are reported to, a bit each */
	unsigned doings;
	unsigned errors; /* of a source, at a time, ... */
	unsigned of;     /* ... of so many PEs */
	unsigned wait;   /* at most, until an event is raised again */
};

struct node {
	uint64_t key[2];
	uint32_t parent;
	struct action action;
	void *machine; /* until every step from it was taken */
};

static struct action actions[MAX_ACTIONS];
static struct node *nodes;
static uint32_t count, room;
static uint32_t *table; /* of 2 * room; holds index + 1 */
static unsigned long long transitions;

static void *allocated(void *p)
{
	if (!p) {
		printf("out of memory\n");
		exit(1);
	}
	return p;
}

static unsigned list(const struct walk *w)
{
	/* How many sources and PEs (or other numbers) an action is for. */
	static const uint8_t all[DOINGS][2] = {
		[REPORT] = { SOURCES, PES }, [ENTER] = { SOURCES, PES },
		[LEAVE] = { 1, PES },        [ACKNOWLEDGE] = { SOURCES, 1 },
		[EMPTY] = { SOURCES, 1 },    [BEHIND] = { 1, PES },
		[POLL] = { 1, 1 },           [LATE] = { 1, 1 },
		[MASK] = { 1, PES },         [POWER] = { 1, PES },
		[RESET] = { 1, 1 },          [BAD] = { SOURCES, BLOCK_BAD + 1 },
		[RENEW] = { SOURCES, 4 },    [PUBLISH] = { 1, 1 },
		[RELOAD] = { 1, 1 },         [COUNT] = { SOURCES, 1 },
	};
	unsigned n = 0;

	for (unsigned d = 0; d < DOINGS; d++)
		for (unsigned s = 0; s < all[d][0]; s++)
			for (unsigned pe = 0; pe < all[d][1]; pe++)
				if (w->doings & BIT(d) &&
				    (all[d][0] == 1 || w->sources & BIT(s)) &&
				    !(d == RENEW && !pe) &&
				    !(d == REPORT && pe >= w->of))
					actions[n++] =
						(struct action){ (uint8_t)d,
								 (uint8_t)s,
								 (uint8_t)pe };
	return n;
}

/* A hash that goes on: what is the same is the same in 128 bits. */
static void put(uint64_t key[2], uint64_t value)
{
	key[0] = (key[0] ^ value ^ key[0] >> 29) * 0x9E3779B97F4A7C15;
	key[1] = ((key[1] + value) ^ key[1] >> 31) * 0xD6E8FEB86659FD93;
}

static void put_source(uint64_t key[2], unsigned i)
{
	const struct source *s = &machine.model.source[i];
	const struct world *w = &machine.world;

	for (unsigned n = 0; n < s->count; n++)
		put(key, s->error[n].pe | s->error[n].shown << 1 |
				 s->error[n].held << 2 | s->error[n].lost << 3);
	put(key, s->count | (s->out + 1) << 4 | s->state << 8 |
			 s->misses << 12 | s->broken << 16 | s->target << 17 |
			 s->taken << 18);
	put(key, s->lost);
	put(key, s->out >= 0 ? s->due - w->now : 0);
	put(key, s->wait);
	put(key,
	    s->out < 0 || w->now - s->at > PATIENT ? PATIENT : w->now - s->at);
	put(key, w->pending[i][0] | w->pending[i][1] << 1 | w->memory[i] << 2 |
			 (w->registers[i][1] & 1) << 4 |
			 world_emptied(w, i) << 5);
}

/* All that the future depends on: not what is counted, nor when it is. */
static void make_key(uint64_t key[2])
{
	const struct world *w = &machine.world;

	key[0] = key[1] = 1;
	for (unsigned i = 0; i < SOURCES; i++)
		put_source(key, i);
	for (unsigned pe = 0; pe < PES; pe++)
		put(key, w->pe[pe].on | w->pe[pe].masked << 1 |
				 w->pe[pe].behind << 2 |
				 machine.model.suspect[pe] << 3 |
				 (w->pe[pe].running[0] + 1) << 4 |
				 (w->pe[pe].running[1] + 1) << 8);
	put(key, machine.model.full);
	put(key, machine.poll == UINT64_MAX ? 0 : machine.poll - w->now + 1);
}

static uint32_t *place(const uint64_t key[2])
{
	uint32_t i = (uint32_t)(key[0] >> 32) & (2 * room - 1);

	while (table[i] && memcmp(nodes[table[i] - 1].key, key, 16))
		i = (i + 1) & (2 * room - 1);
	return &table[i];
}

static void grow(void)
{
	room = room ? room * 2 : 1 << 14;
	nodes = allocated(realloc(nodes, room * sizeof(*nodes)));
	free(table);
	table = allocated(calloc(2 * room, sizeof(*table)));
	for (uint32_t i = 0; i < count; i++)
		*place(nodes[i].key) = i + 1;
}

static bool in_scope(const struct walk *w)
{
	for (unsigned i = 0; i < SOURCES; i++) {
		const struct source *s = &machine.model.source[i];

		if (s->count > w->errors || s->wait > w->wait || s->lost > 1 ||
		    s->taken > w->preallocated)
			return false;
	}
	return true;
}

static void arrive(const struct walk *w, uint32_t parent,
		   const struct action *action)
{
	struct node node = { .parent = parent, .action = *action };
	uint32_t *at;

	if (!in_scope(w))
		return;
	make_key(node.key);
	at = place(node.key);
	if (*at)
		return;
	node.machine = allocated(malloc(sizeof(machine)));
	memcpy(node.machine, &machine, sizeof(machine));
	nodes[count++] = node;
	*at = count;
	if (count == room)
		grow();
}

static void print_way(uint32_t to)
{
	if (nodes[to].parent != NOBODY) {
		print_way(nodes[to].parent);
		print_action(&nodes[to].action);
	}
}

static bool complain(const struct walk *w, uint32_t from,
		     const struct action *then)
{
	printf("DIFFERENCE, walking \"%s\". From its first state:\n", w->name);
	print_way(from);
	printf("then it is:\n");
	memcpy(&machine, nodes[from].machine, sizeof(machine));
	print_machine();
	printf("then:\n");
	if (then)
		print_action(then);
	printf("  %s\n", difference);
	return false;
}

/* Every step from one state, and the good end. */
static bool expand(const struct walk *w, uint32_t from, unsigned steps)
{
	const void *start = nodes[from].machine;

	for (unsigned i = 0; i < steps; i++) {
		if (!possible(&actions[i]))
			continue;
		transitions++;
		if (!step(&actions[i]))
			return complain(w, from, &actions[i]);
		arrive(w, from, &actions[i]);
		memcpy(&machine, start, sizeof(machine));
	}
	/* It takes longer than all the rest: not from every state. */
	if (from % GOOD_END_IN)
		return true;
	return client_lives(from / GOOD_END_IN % 2) || complain(w, from, NULL);
}

static bool walk(const struct walk *w)
{
	static const struct action nothing;
	unsigned steps = list(w);

	grow();
	machine_start(w->private, w->preallocated);
	arrive(w, NOBODY, &nothing);
	for (uint32_t i = 0; i < count; i++) {
		memcpy(&machine, nodes[i].machine, sizeof(machine));
		if (!expand(w, i, steps))
			return false;
		free(nodes[i].machine);
		nodes[i].machine = NULL;
	}
	printf("%s: %u PEs, %u sources, %u states, %llu transitions, 0 differences\n",
	       w->name, PES, SOURCES, count, transitions);
	return true;
}

/* Xorshift: the same way each time. */
static unsigned chance(unsigned n)
{
	static uint64_t x = 0x2545F4914F6CDD1D;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return (unsigned)(x >> 33) % n;
}

static bool ramble(const struct walk *w, unsigned long long most)
{
	static struct machine before;
	unsigned steps = list(w);

	machine_start(w->private, w->preallocated);
	while (transitions < most) {
		const struct action *a = &actions[chance(steps)];

		/* What stops all else is seldom. */
		if (!possible(a) ||
		    (BIT(a->doing) & (BIT(BAD) | BIT(POWER) | BIT(RESET) |
				      BIT(RELOAD) | BIT(RENEW)) &&
		     chance(16)))
			continue;
		transitions++;
		if (!step(a)) {
			printf("DIFFERENCE, walking \"%s\", in step %llu:\n",
			       w->name, transitions);
			print_machine();
			print_action(a);
			printf("  %s\n", difference);
			return false;
		}
		if (transitions % 64)
			continue;
		before = machine;
		if (!client_lives(transitions % 128)) {
			machine = before;
			print_machine();
			printf("DIFFERENCE: %s\n", difference);
			return false;
		}
		if (transitions % 256)
			machine = before;
	}
	printf("%s: %u PEs, %u sources, 1 way, %llu transitions, 0 differences\n",
	       w->name, PES, SOURCES, transitions);
	return true;
}

#define CLIENT \
	(BIT(REPORT) | BIT(ENTER) | BIT(LEAVE) | BIT(ACKNOWLEDGE) | BIT(POLL))

int main(int argc, char **argv)
{
	static const struct walk walks[] = {
		{ "a corrected source", 0, 1, BIT(CORRECTED),
		  CLIENT | BIT(BEHIND) | BIT(COUNT) | BIT(EMPTY), 3, 2, 20 },
		{ "an uncorrected source", 0, 1, BIT(RECOVERABLE),
		  CLIENT | BIT(EMPTY) | BIT(RESET) | BIT(LATE), 3, 1, 20 },
		{ "a private event", BIT(RECOVERABLE), 1, BIT(RECOVERABLE),
		  CLIENT | BIT(MASK), 2, 2, 20 },
		{ "a PE goes off", BIT(RECOVERABLE), 1, BIT(RECOVERABLE),
		  CLIENT | BIT(POWER), 2, 2, 10 },
		{ "a fatal source", BIT(FATAL), 1, BIT(FATAL),
		  CLIENT | BIT(MASK), 2, 2, 20 },
		{ "bad memory", BIT(CORRECTED), 1, BIT(RECOVERABLE),
		  CLIENT | BIT(BAD) | BIT(RENEW) | BIT(PUBLISH), 2, 1, 10 },
		{ "saved and loaded", BIT(RECOVERABLE), 1, BIT(RECOVERABLE),
		  CLIENT | BIT(BEHIND) | BIT(RELOAD), 2, 2, 10 },
		{ "two sources", 0, 1, BIT(CORRECTED) | BIT(RECOVERABLE),
		  CLIENT, 2, 1, 10 },
	};
	static const struct walk rambles[] = {
		{ "at random, private", 7, 2, 7, ALL, 3, 2, 0 },
		{ "at random, shared", 0, 1, 7, ALL, 3, 2, 0 },
	};

	for (unsigned i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
		if (argc > 1 && strcmp(argv[1], walks[i].name) != 0)
			continue;
		count = room = 0;
		transitions = 0;
		if (!walk(&walks[i]))
			return 1;
	}
	for (unsigned i = 0; i < sizeof(rambles) / sizeof(rambles[0]); i++) {
		if (argc > 1 && strcmp(argv[1], rambles[i].name) != 0)
			continue;
		transitions = 0;
		if (!ramble(&rambles[i], 200000))
			return 1;
	}
	return 0;
}
