/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Beginning, end and exceptions of both payloads, and what is said.
 */
#include "base.h"

#define NOTES 24

void conformance_main(uint64_t tree, uint64_t magic);
void exception(struct pe *pe);
void __attribute__((noreturn)) skip(const char *reason);
void __attribute__((noreturn)) not_completed(int64_t result);

static struct {
	bool ready, told;
	char text[200];
} notes[NOTES];
static unsigned note_count, tap_count;

void fail(const char *why, ...)
{
	unsigned n = __atomic_fetch_add(&note_count, 1, __ATOMIC_RELAXED);
	struct text t;
	va_list args;

	if (n >= NOTES)
		return;
	text_start(&t, notes[n].text, sizeof(notes[n].text));
	text_add(&t, "PE %u: ", this_pe()->index);
	va_start(args, why);
	text_format(&t, why, args);
	va_end(args);
	store(notes[n].ready, true);
}

unsigned failures(void)
{
	return load(note_count);
}

void tell_failures(void)
{
	for (unsigned i = 0; i < NOTES; i++) {
		if (!load(notes[i].ready) || notes[i].told)
			continue;
		print("# %s\n", notes[i].text);
		notes[i].told = true;
	}
}

void tap(bool ok, const char *name, ...)
{
	char buffer[200];
	struct text t;
	va_list args;

	text_start(&t, buffer, sizeof(buffer));
	va_start(args, name);
	text_format(&t, name, args);
	va_end(args);
	tell_failures();
	print("%sok %u - %s\n", ok ? "" : "not ", ++tap_count, buffer);
}

static void __attribute__((noreturn)) off(void)
{
	CALL(PSCI_SYSTEM_OFF);
	for (;;)
		wfi();
}

void finish(void)
{
	tell_failures();
	print("1..%u\n# done\n", tap_count);
	off();
}

void bail_out(const char *why, ...)
{
	static bool already;
	char buffer[200];
	struct text t;
	va_list args;

	while (__atomic_exchange_n(&already, true, __ATOMIC_ACQ_REL))
		wfi();
	text_start(&t, buffer, sizeof(buffer));
	va_start(args, why);
	text_format(&t, why, args);
	va_end(args);
	tell_failures();
	print("Bail out! PE %u: %s\n", this_pe()->index, buffer);
	off();
}

void skip(const char *reason)
{
	bail_out("%s", reason);
}

void not_completed(int64_t result)
{
	bail_out("a handler's last call was refused: %ld", result);
}

void exception(struct pe *pe)
{
	struct state *s = &pe->exception;

	s->pc = s->elr;
	s->pstate = s->spsr;
	if (pe->vector % 4 == VECTOR_IRQ)
		interrupted(pe, irq_take());
	else
		bail_out(
			"exception %lu: ESR 0x%lx, ELR 0x%lx, SPSR 0x%lx, FAR 0x%lx, SP 0x%lx",
			pe->vector, s->esr, s->elr, s->spsr, s->far, s->sp);
}

void on_each(work *job, uint64_t argument)
{
	for (unsigned i = 0; i < pe_count; i++)
		pe_run(i, job, argument);
}

uint64_t next_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * UINT64_C(0x2545F4914F6CDD1D);
}

/* The conduit is the firmware's, SMC: guests are not meant. */
void conformance_main(uint64_t tree, uint64_t magic)
{
	(void)tree, (void)magic;
	console_start();
	print("TAP version 13\n");
	machine_start();
	pe_start_others();
	for (unsigned i = 0; i < pe_count; i++)
		if (!load(pes[i].online))
			bail_out("PE %u does not start", i);
	if (CALL(VERSION) < 0)
		bail_out("no dispatcher: SDEI_VERSION returns %ld",
			 CALL(VERSION));
	/* pe_main() on PE 1 looks at it; Python is our watchdog. */
	store(watchdog_deadline, ~UINT64_C(0) / 2);
	run();
	finish();
}
