/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that can be asked of a dispatcher: each call on each PE with each
 * good parameter and one bad value of each, each trigger, power. The list is
 * the same in every state.
 */
#include "machine.h"

#include <stdio.h>

#define UNKNOWN  0x40000077u
#define ENTRY(e) (0xffff800010000000u + 0x1000u * (e))

struct action actions[MAX_ACTIONS];
static unsigned count;

static void add(enum doing doing, unsigned pe, uint64_t x0, uint64_t x1,
		uint64_t x2, uint64_t x3, uint64_t x4, uint64_t x5)
{
	actions[count++] = (struct action){ .doing = doing,
					    .pe = pe,
					    .x = { x0, x1, x2, x3, x4, x5 } };
}

/* A call with up to five parameters; the others are not zero, but noise. */
#define X0_TO_5(a, b, c, d, e, f, ...) a, b, c, d, e, f
#define DO(pe, ...) \
	add(CALL, pe, \
	    X0_TO_5(__VA_ARGS__, 0xBAD1, 0xBAD2, 0xBAD3, 0xBAD4, 0xBAD5))

static void registrations(unsigned pes, unsigned pe, unsigned e)
{
	const uint64_t fid = SDEI_FID_EVENT_REGISTER;
	uint64_t n = kinds[e].number, entry = ENTRY(e);
	uint64_t argument = 0xA000 + e * 16 + (kinds[e].shared ? 15 : pe);

	/* Nobody looks at the affinity. */
	DO(pe, fid, n, entry, argument, 0, UINT64_MAX);
	/* A private event ignores routing altogether. */
	for (unsigned to = 0; to < (kinds[e].shared ? pes : 1); to++)
		DO(pe, fid, n, entry, argument, SDEI_REGISTER_RM_PE,
		   kinds[e].shared ? AFFINITY(to) : 0xFFFF);
	DO(pe, fid, n, entry - ENTRY(0), argument, SDEI_REGISTER_RELATIVE, 0);
	DO(pe, fid, n, 0, argument, 0, 0);
	DO(pe, fid, n, entry + 2, argument, 0, 0);
	DO(pe, fid, n, entry, argument, 4, 0);
	DO(pe, fid, n, entry, argument, (uint64_t)1 << 63, 0);
	if (kinds[e].shared) {
		DO(pe, fid, n, entry, argument, SDEI_REGISTER_RM_PE,
		   AS_READ(pes - 1));
		DO(pe, fid, n, entry, argument, SDEI_REGISTER_RM_PE,
		   AFFINITY(pes));
		DO(pe, fid, n, entry, argument, SDEI_REGISTER_RM_PE,
		   (uint64_t)1 << 40 | AFFINITY(0));
	}
}

static void routings(unsigned pes, unsigned pe, uint64_t n, bool shared)
{
	const uint64_t fid = SDEI_FID_EVENT_ROUTING_SET;

	DO(pe, fid, n, SDEI_RM_ANY, UINT64_MAX);
	for (unsigned to = 0; to < (shared ? pes : 1); to++)
		DO(pe, fid, n, SDEI_RM_PE, AFFINITY(to));
	if (!shared)
		return;
	DO(pe, fid, n, 2, AFFINITY(0));
	DO(pe, fid, n, (uint64_t)1 << 32, AFFINITY(0));
	DO(pe, fid, n, SDEI_RM_PE, AS_READ(pes - 1));
	DO(pe, fid, n, SDEI_RM_PE, AFFINITY(pes));
}

/* The calls that are about one event. */
static void event_calls(unsigned pes, unsigned pe, uint64_t n, bool shared)
{
	const uint64_t upper_half = 0xDEAD000000000000;

	DO(pe, SDEI_FID_EVENT_ENABLE, n);
	DO(pe, SDEI_FID_EVENT_DISABLE, n);
	DO(pe, SDEI_FID_EVENT_UNREGISTER, n);
	DO(pe, SDEI_FID_EVENT_STATUS, upper_half | n);
	for (uint64_t info = 0; info <= SDEI_INFO_ROUTING_AFF + 1; info++)
		DO(pe, SDEI_FID_EVENT_GET_INFO, n, info);
	DO(pe, SDEI_FID_INTERRUPT_RELEASE, n);
	DO(pe, SDEI_FID_EVENT_SIGNAL, n, AFFINITY(0));
	routings(pes, pe, n, shared);
}

static void plain_calls(unsigned pes, unsigned pe)
{
	DO(pe, SDEI_FID_SHARED_RESET + 1, 0);
	DO(pe, SDEI_FID_LAST, 0);
	DO(pe, SDEI_FID_VERSION, 0);
	DO(pe, (uint64_t)1 << 32 | SDEI_FID_VERSION, 0);
	DO(pe, 0x84000020, 0);
	DO(pe, SDEI_FID_EVENT_CONTEXT, 0);
	DO(pe, SDEI_FID_EVENT_CONTEXT, 17);
	DO(pe, SDEI_FID_EVENT_CONTEXT, 18);
	DO(pe, SDEI_FID_EVENT_COMPLETE, SDEI_HANDLED);
	DO(pe, SDEI_FID_EVENT_COMPLETE, SDEI_FAILED);
	DO(pe, SDEI_FID_EVENT_COMPLETE_RESUME, 0xffff800000081680);
	DO(pe, SDEI_FID_EVENT_COMPLETE_RESUME, 0xffff800000081682);
	DO(pe, SDEI_FID_PE_MASK, 0);
	DO(pe, SDEI_FID_PE_UNMASK, 0);
	for (unsigned to = 1; to <= pes; to++) /* to 0: event_calls() */
		DO(pe, SDEI_FID_EVENT_SIGNAL, 0, AS_READ(to));
	for (uint64_t feature = 0; feature <= 2; feature++)
		DO(pe, SDEI_FID_FEATURES, feature);
	DO(pe, SDEI_FID_PRIVATE_RESET, 0);
	DO(pe, SDEI_FID_SHARED_RESET, 0);
}

static void binds(unsigned pe)
{
	static const uint32_t interrupts[] = {
		0,          15,           PPI_1,        PPI_2,
		PPI_BUSY,   PPI_OF_TABLE, SPI_1,        SPI_2,
		SPI_SECURE, SPI_BUSY,     SPI_OF_TABLE, INTERRUPTS,
		1023,       0xFFFFFFFF,
	};

	for (unsigned i = 0; i < sizeof(interrupts) / sizeof(*interrupts); i++)
		DO(pe, SDEI_FID_INTERRUPT_BIND, interrupts[i]);
	/* The client is EL2: a guest gets nothing, whatever it asks. */
	DO(pe, SDEI_FID_PE_MASK, 0);
	actions[count - 1].stranger = true;
	DO(pe, SDEI_FID_EVENT_COMPLETE, 0);
	actions[count - 1].stranger = true;
}

static void triggers(unsigned pes, unsigned pe)
{
	static const uint32_t interrupts[] = {
		PPI_OF_TABLE, PPI_1, SPI_OF_TABLE, SPI_1,
		SPI_2,        0,     INTERRUPTS,   0xFFFFFFFF,
	};

	for (unsigned e = 0; e < EVENTS; e++)
		for (unsigned to = 0; to < (kinds[e].shared ? 1 : pes); to++)
			add(RAISE, pe, kinds[e].number, to, 0, 0, 0, 0);
	add(RAISE, pe, UNKNOWN, 0, 0, 0, 0, 0);
	add(RAISE, pe, kinds[PRIVATE_CRIT].number, pes, 0, 0, 0, 0);
	for (unsigned i = 0; i < sizeof(interrupts) / sizeof(*interrupts); i++)
		for (uint64_t take = 0; take <= 1; take++)
			add(INTERRUPT, pe, interrupts[i], take, 0, 0, 0, 0);
	add(DELIVER, pe, 0, 0, 0, 0, 0, 0);
	add(PE_ON, pe, 0, 0, 0, 0, 0, 0);
	add(PE_OFF, pe, 0, 0, 0, 0, 0, 0);
	add(SUSPEND, pe, 0, 0, 0, 0, 0, 0);
}

unsigned list_actions(unsigned pes)
{
	static const uint32_t nobody[] = { 1, 0x80000000, 0xFFFFFFFF,
					   FIRST_BOUND + 2 };

	count = 0;
	for (unsigned pe = 0; pe < pes; pe++) {
		plain_calls(pes, pe);
		binds(pe);
		triggers(pes, pe);
		for (unsigned e = 0; e < EVENTS; e++) {
			registrations(pes, pe, e);
			event_calls(pes, pe, kinds[e].number, kinds[e].shared);
		}
		DO(pe, SDEI_FID_EVENT_REGISTER, UNKNOWN, ENTRY(0), 0, 0, 0);
		event_calls(pes, pe, UNKNOWN, false);
		for (unsigned i = 0; i < 4; i++)
			DO(pe, SDEI_FID_EVENT_STATUS, nobody[i]);
	}
	return count;
}

bool possible(const struct action *a)
{
	return machine.model.pe[a->pe].on == (a->doing != PE_ON);
}

void print_action(const struct action *a)
{
	static const char *const fids[] = {
		"VERSION",
		"EVENT_REGISTER",
		"EVENT_ENABLE",
		"EVENT_DISABLE",
		"EVENT_CONTEXT",
		"EVENT_COMPLETE",
		"EVENT_COMPLETE_AND_RESUME",
		"EVENT_UNREGISTER",
		"EVENT_STATUS",
		"EVENT_GET_INFO",
		"EVENT_ROUTING_SET",
		"PE_MASK",
		"PE_UNMASK",
		"INTERRUPT_BIND",
		"INTERRUPT_RELEASE",
		"EVENT_SIGNAL",
		"FEATURES",
		"PRIVATE_RESET",
		"SHARED_RESET",
	};
	static const char *const others[] = {
		[RAISE] = "sdei_raise",     [INTERRUPT] = "sdei_interrupt",
		[DELIVER] = "sdei_deliver", [PE_ON] = "sdei_pe_on",
		[PE_OFF] = "sdei_pe_off",   [SUSPEND] = "sdei_pe_suspend",
	};
	uint32_t fid = (uint32_t)a->x[0] - SDEI_FID_FIRST;

	printf("  PE %u: ", a->pe);
	if (a->doing == CALL)
		printf("%s%s(x0 %#llx", a->stranger ? "from EL1, " : "",
		       fid < sizeof(fids) / sizeof(*fids) ? fids[fid] : "call",
		       (unsigned long long)a->x[0]);
	else
		printf("%s(%#llx",
		       a->doing == INTERRUPT && a->x[1] ? "sdei_take_interrupt"
							: others[a->doing],
		       (unsigned long long)a->x[0]);
	for (unsigned i = 1; i < (a->doing == CALL ? 6 : 2); i++)
		printf(", %#llx", (unsigned long long)a->x[i]);
	printf(")\n");
}
