/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Event numbers: those the platform offers, and what the slots give.
 */
#include "number.h"

#include "base.h"

#define VENDOR_FIRST 0x40000100
#define VENDOR_LAST  0x4000010f
#define SPARE_PPI    16
#define SPARE_PPIS   7
#define SPARE_SPI    80

struct number numbers[MAX_NUMBERS];
unsigned number_count;
unsigned private_slots, shared_slots;

int number_find(uint32_t number)
{
	for (unsigned i = 0; i < number_count; i++)
		if (numbers[i].number == number)
			return (int)i;
	return -1;
}

enum kind number_kind(uint32_t number)
{
	int i = number_find(number);

	return i < 0 ? GARBAGE : numbers[i].kind;
}

unsigned spare_interrupt(bool shared, unsigned i)
{
	return (shared ? SPARE_SPI : SPARE_PPI) + i;
}

static void add(uint32_t number, enum kind kind)
{
	bool critical = kind != GARBAGE && !kind_is_slot(kind) &&
			CALL(GET_INFO, number, SDEI_INFO_PRIORITY) ==
				SDEI_PRIORITY_CRITICAL;

	if (number_count == MAX_NUMBERS)
		bail_out("more than %u events", MAX_NUMBERS);
	numbers[number_count++] = (struct number){ number, kind, critical };
}

static bool bind_slot(bool shared, unsigned i, int64_t *event)
{
	enum kind kind = shared ? SHARED_SLOT : PRIVATE_SLOT;

	*event = CALL(BIND, spare_interrupt(shared, i));
	if (*event < 0) {
		fail("BIND of interrupt %u, slot %u: %ld",
		     spare_interrupt(shared, i), i, *event);
		return false;
	}
	if (number_kind((uint32_t)*event) == GARBAGE)
		add((uint32_t)*event, kind);
	if (number_kind((uint32_t)*event) != kind)
		fail("BIND gives 0x%lx for a%s interrupt", *event,
		     shared ? " shared" : " private");
	return true;
}

static bool all_slots(bool shared, unsigned count)
{
	int64_t events[MAX_NUMBERS], more;
	unsigned n = 0;
	bool ok = true;

	while (n < count && ok) {
		ok = bind_slot(shared, n, &events[n]);
		n += ok;
	}
	more = CALL(BIND, spare_interrupt(shared, n));
	if (ok && more != SDEI_OUT_OF_RESOURCE) {
		fail("BIND without a free slot: %ld", more);
		ok = false;
	}
	while (n--) {
		int64_t result = CALL(RELEASE, (uint64_t)events[n]);

		if (result == 0)
			continue;
		fail("RELEASE of 0x%lx: %ld", events[n], result);
		ok = false;
	}
	return ok;
}

bool number_all_slots(void)
{
	bool ok = all_slots(false, private_slots);

	return all_slots(true, shared_slots) && ok;
}

void number_start(void)
{
	int64_t slots = CALL(FEATURES, SDEI_FEATURE_BIND_SLOTS);

	add(0, SIGNALLED);
	for (uint32_t n = VENDOR_FIRST; n <= VENDOR_LAST; n++) {
		int64_t type = CALL(GET_INFO, n, SDEI_INFO_TYPE);

		if (type >= 0)
			add(n, type == SDEI_TYPE_SHARED ? SHARED : PRIVATE);
	}
	private_slots = slots < 0 ? 0 : slots & 0xffff;
	shared_slots = slots < 0 ? 0 : slots >> 16 & 0xffff;
	if (private_slots >= SPARE_PPIS || shared_slots > MAX_NUMBERS - 24)
		bail_out(
			"%u and %u bind slots are more than there are spare interrupts for",
			private_slots, shared_slots);
	number_all_slots();
}
