/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A slot's interrupt that changes while a PE is on its way to it. What that PE has read
 * by then is put where it will read it.
 */
#include "fake.h"

#undef SHARED
#include "../../lib/dispatcher/layout.h"

#define BIND(m, pe, intid) CALL(m, pe, SDEI_FID_INTERRUPT_BIND, intid)
#define SPI                33u

/*
 * A PE has looked up the slot of an interrupt that is then released; the slot goes to
 * another interrupt, which fires. What that PE does now takes nothing of it away.
 */
static void late_for_its_slot(void **state)
{
	struct machine *m = *state;
	uint32_t number = (uint32_t)BIND(m, 0, SPI);
	const uint32_t place = m->d->interrupts[SPI];

	CALL(m, 0, SDEI_FID_INTERRUPT_RELEASE, number);
	number = (uint32_t)BIND(m, 0, SPI + 1);
	assert_int_equal(m->d->interrupts[SPI + 1], place);
	assert_true(fire(m, 1, SPI + 1));
	m->d->interrupts[SPI] = place; /* as it was read */
	assert_false(sdei_interrupt(m->d, 0, SPI));
	m->d->interrupts[SPI] = 0;
	listen(m, 1, number);
	assert_true(at_handler(m, 1, number));
}

/* It marks nothing either. */
static void late_for_a_free_slot(void **state)
{
	struct machine *m = *state;
	uint32_t number = (uint32_t)BIND(m, 0, SPI);
	const uint32_t place = m->d->interrupts[SPI];

	CALL(m, 0, SDEI_FID_INTERRUPT_RELEASE, number);
	number = (uint32_t)BIND(m, 0, SPI + 1);
	m->d->interrupts[SPI] = place;
	assert_false(sdei_interrupt(m->d, 0, SPI));
	m->d->interrupts[SPI] = 0;
	listen(m, 1, number);
	assert_false(deliver(m, 1));
	assert_true(fire(m, 1, SPI + 1));
	assert_true(deliver(m, 1));
	assert_true(at_handler(m, 1, number));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(late_for_its_slot,
						start_machine, stop_machine),
		cmocka_unit_test_setup_teardown(late_for_a_free_slot,
						start_machine, stop_machine),
	};

	return cmocka_run_group_tests_name("slot", tests, NULL, NULL);
}
