/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Making a client: cut the embedder's memory up and fill the tables.
 *
 * The same function measures and places, so sdei_client_size() and
 * sdei_client_init() cannot disagree.
 */
#include "arch.h"
#include "internal.h"

#define AT(type, member, offset) \
	_Static_assert(offsetof(struct type, member) == (offset), #member)

AT(registration, level, REG_LEVEL);
AT(registration, event, REG_EVENT);
AT(registration, level_el2, REG_LEVEL_EL2);
AT(event, registration, 0);
AT(event, scratch, EVENT_SCRATCH);
AT(event, places, EVENT_PLACES);
AT(event, el2_offset, EVENT_OFFSET);
AT(event, shift, EVENT_SHIFT);
AT(event, level_offset, EVENT_LEVEL);
AT(place, affinity, PLACE_AFFINITY);
AT(place, cpu, PLACE_CPU);
AT(sdei_interrupted, sp, LEVEL_SP);
AT(sdei_interrupted, pc, LEVEL_PC);
AT(sdei_interrupted, pstate, LEVEL_PSTATE);
AT(sdei_interrupted, from, LEVEL_FROM);
AT(level, interrupted, LEVEL_X);
AT(level, running, LEVEL_RUNNING);
AT(level, arrived, LEVEL_ARRIVED);
AT(level, stack_top, LEVEL_STACK);
AT(level, el2, LEVEL_EL2);
AT(level, hvc, LEVEL_HVC);
AT(level, nested, LEVEL_NESTED);
AT(level, own_sp, LEVEL_OWN_SP);
AT(level, stub, LEVEL_STUB);
AT(level, stub.world, STUB_WORLD);
AT(level, stub.entry, STUB_ENTRY);
AT(level, stub.offset, STUB_OFFSET);
AT(level, stub.sp, STUB_SP);
AT(level, stub.x, STUB_X);
AT(level, stub.x30, STUB_X30);
AT(level, stub.elr, STUB_ELR);
AT(level, stub.esr, STUB_ESR);
AT(level, stub.vbar, STUB_VBAR);
AT(level, stub.back, STUB_BACK);
AT(level, stub.going, STUB_GOING);
AT(level, stub.live, STUB_LIVE);
AT(cpu, level, 0);
_Static_assert(sizeof(struct place) == PLACE_SIZE, "PLACE_SIZE");
_Static_assert(STUB_PREPARE == SDEI_STUB_PREPARE, "STUB_PREPARE");

#define MAX_COUNT 4096u

/*
 * Where what belongs to a client lies behind its struct. Places: a power of 2,
 * twice as many as CPUs or more; they run on behind the range of their hash, so
 * that looking on never wraps. Returns the end.
 */
static char *place_all(struct sdei_client *c,
		       const struct sdei_client_config *config)
{
	unsigned cpus = config->cpu_count, events = config->event_count;

	c->place_shift = (uint32_t)__builtin_clz(2 * cpus - 1);
	c->places = (struct place *)(c + 1);
	c->events = (struct event *)(c->places + cpus + 1 +
				     (UINT64_C(1) << (32 - c->place_shift)));
	c->events_end = c->events + events;
	c->cpus = (struct cpu *)c->events_end;
	c->cpus_end = c->cpus + cpus;
	c->registrations = (struct registration *)c->cpus_end;
	return (char *)(c->registrations + (size_t)cpus * events);
}

static const char *check_config(const struct sdei_client_config *config)
{
	const struct sdei_client_ops *ops = config->ops;

	if (config->cpu_count - 1 >= MAX_COUNT ||
	    config->event_count - 1 >= MAX_COUNT)
		return "a count";
	if (config->stack_size < 1024 || config->stack_size % 16 != 0)
		return "the stack size";
	if (!config->cpus)
		return "no table of CPUs";
	if (!ops || !ops->cpu || !ops->run_on || !ops->trouble ||
	    !ops->lock != !ops->unlock)
		return "no operation";
	if (config->conduit != SDEI_CONDUIT_SMC &&
	    config->conduit != SDEI_CONDUIT_HVC)
		return "no conduit";
	if (config->stub && !config->entry_point)
		return "a stub without entry point";
	return NULL;
}

static const char *fill(struct sdei_client *c)
{
	struct registration *r = c->registrations;

	for (struct event *e = c->events; e != c->events_end; e++) {
		e->private = r;
		e->places = c->places;
		e->el2_offset = c->config.el2_offset;
		e->shift = c->place_shift;
		r += c->config.cpu_count;
	}
	for (unsigned i = 0; i < c->config.cpu_count; i++) {
		uint64_t affinity = c->config.cpus[i].affinity;
		uint32_t packed = pack_affinity(affinity);
		struct place *p =
			&c->places[packed * PLACE_FACTOR >> c->place_shift];

		if (affinity & ~SDEI_AFFINITY_MASK)
			return "not an affinity";
		for (; p->cpu; p++)
			if (p->affinity == packed)
				return "the same affinity twice";
		*p = (struct place){ packed, &c->cpus[i] };
		c->cpus[i].index = i;
	}
	return NULL;
}

struct cpu *client_this_cpu(const struct sdei_client *c)
{
	return &c->cpus[c->config.ops->cpu(c->config.context)];
}

/*
 * Of a CPU that comes up: its stacks and base registers are known by now, and a
 * handler that ran when it went off has ended (6.5.4).
 */
int client_fill_cpu(struct sdei_client *c)
{
	struct cpu *cpu = client_this_cpu(c);
	const struct sdei_client_cpu *given = &c->config.cpus[cpu->index];
	uint64_t offset = c->config.el2_offset;

	for (unsigned priority = 0; priority < PRIORITIES; priority++) {
		struct level *l = &cpu->level[priority];
		uintptr_t stack = (uintptr_t)given->stack[priority];

		if (!stack || stack % 16 != 0)
			return SDEI_INVALID_PARAMETERS;
		l->interrupted.cpu = cpu->index;
		l->running = NULL;
		l->nested = 0;
		l->stack_top = stack + c->config.stack_size;
		l->el2 = (uintptr_t)l + offset;
		l->hvc = c->config.conduit == SDEI_CONDUIT_HVC;
		l->call = l->hvc ? client_hvc : client_smc;
		l->stub.world = (uintptr_t)cpu->world + offset;
		l->stub.entry = (uintptr_t)sdei_entry;
		l->stub.offset = offset;
		l->client = c;
		l->cpu = given;
		l->recreate = c->config.recreate;
		l->mode = arch_mode();
		l->canary = (uintptr_t *)stack;
		*l->canary = stack;
	}
	return sdei_client_world(c);
}

int sdei_client_world(struct sdei_client *c)
{
	const struct level *l = client_this_cpu(c)->level;

	if (c->config.stub && l->call(STUB_PREPARE, l->stub.world))
		return SDEI_NOT_SUPPORTED;
	return SDEI_SUCCESS;
}

size_t sdei_client_size(const struct sdei_client_config *config)
{
	struct sdei_client c;

	if (check_config(config))
		return 0;
	return (size_t)(place_all(&c, config) - (char *)&c);
}

struct sdei_client *sdei_client_init(void *memory, size_t size,
				     const struct sdei_client_config *config,
				     const char **why)
{
	struct sdei_client *c = memory;
	const char *wrong = check_config(config);

	if (!wrong && (!memory || (uintptr_t)memory % 16 != 0))
		wrong = "memory not aligned";
	if (!wrong && size < sdei_client_size(config))
		wrong = "memory too small";
	if (!wrong) {
		for (size_t i = 0; i < size; i++)
			((unsigned char *)memory)[i] = 0;
		c->config = *config;
		c->call = config->conduit == SDEI_CONDUIT_HVC ? sdei_hvc
							      : sdei_smc;
		if (config->call)
			c->call = config->call;
		if (!config->entry_point)
			c->config.entry_point = (uintptr_t)sdei_entry;
		place_all(c, config);
		wrong = fill(c);
	}
	if (why)
		*why = wrong;
	return wrong ? NULL : c;
}
