/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Running checks and writing TAP 13 (testanything.org). What is said during a
 * check is kept until its line is printed. Only one PE speaks at a time: PE 0,
 * or one that does a job for it while it waits.
 */
#include "check.h"

#include "event.h"

#define LIMIT (5 * SOON)

/* Values of context_load() into a check. */
enum { STARTED, LEFT, HUNG };

static struct context back;
static bool running, failed;
static const char *skipped, *section;
static unsigned number, failures;
static char name_buffer[160], said_buffer[3000];
static struct text said;

struct context *check_context(void)
{
	return running && this_pe()->index == 0 ? &back : NULL;
}

void check_hung(void)
{
	fail("it did not end within %lu s", LIMIT / 1000000);
}

bool check_failed(void)
{
	return failed;
}

unsigned check_number(void)
{
	return number;
}

void skip(const char *reason)
{
	skipped = reason;
	leave();
}

void leave(void)
{
	struct pe *pe = this_pe();

	if (pe->index != 0 || pe->level)
		bail_out("a check was left from PE %u, handler depth %u",
			 pe->index, pe->level);
	context_load(&back, LEFT);
}

void fail(const char *why, ...)
{
	va_list args;

	failed = true;
	text_add(&said, "  - problem: \"");
	va_start(args, why);
	text_format(&said, why, args);
	va_end(args);
	text_add(&said, "\"\n");
}

static void say_call(const uint64_t c[6], int64_t got)
{
	failed = true;
	text_add(&said, "  - asked: \"");
	call_text(&said, c);
	text_add(&said, " on PE %u\"\n    got: \"", this_pe()->index);
	result_text(&said, got);
	text_add(&said, "\"\n    specification: \"");
}

int64_t ask(unsigned allowed, const uint64_t c[6])
{
	int64_t got = call(c);
	const char *between = "";

	if (got <= 0 && got > -32 && allowed & 1u << -got)
		return got;
	say_call(c, got);
	for (unsigned i = 0; i < 32; i++) {
		if (!(allowed & 1u << i))
			continue;
		text_add(&said, "%s", between);
		result_text(&said, -(int64_t)i);
		between = ", or ";
	}
	text_add(&said, "\"\n");
	return got;
}

int64_t ask_value(int64_t value, const uint64_t c[6])
{
	int64_t got = call(c);

	if (got != value) {
		say_call(c, got);
		result_text(&said, value);
		text_add(&said, "\"\n");
	}
	return got;
}

bool expect(uint64_t got, uint64_t want, const char *what, ...)
{
	va_list args;

	if (got == want)
		return true;
	failed = true;
	text_add(&said, "  - what: \"");
	va_start(args, what);
	text_format(&said, what, args);
	va_end(args);
	text_add(&said, "\"\n    got: 0x%lx\n    specification: 0x%lx\n", got,
		 want);
	return false;
}

static void report(void)
{
	failures += failed;
	print("%sok %u - %s %s", failed ? "not " : "", number, section,
	      name_buffer);
	if (skipped && !failed)
		print(" # SKIP %s", skipped);
	print("\n");
	if (failed) {
		print("  ---\n");
		print("%s", said.at);
		print("  ...\n");
	}
	failed = false;
}

void check(const char *of_section, check_fn *run, uint64_t argument,
	   const char *name, ...)
{
	struct text t;
	va_list args;

	text_start(&t, name_buffer, sizeof(name_buffer));
	va_start(args, name);
	text_format(&t, name, args);
	va_end(args);
	text_start(&said, said_buffer, sizeof(said_buffer));
	section = of_section;
	failed = false;
	skipped = NULL;
	number++;
	store(watchdog_deadline, now() + microseconds(LIMIT));
	if (context_save(&back) == STARTED) {
		events_start();
		running = true;
		timer_set(LIMIT);
		irq_unmask();
		run(argument);
	}
	running = false;
	irq_mask();
	timer_stop();
	events_end();
	report();
}

void check_all(const struct check *checks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check(checks[i].section, checks[i].run, checks[i].argument,
		      "%s", checks[i].name);
}

void check_end(void)
{
	print("1..%u\n", number);
	print("# %u of %u checks failed\n# done\n", failures, number);
	CALL(PSCI_SYSTEM_OFF);
	for (;;)
		wfi();
}

void bail_out(const char *why, ...)
{
	static bool already;
	char buffer[160];
	struct text t;
	va_list args;

	/* SYSTEM_OFF itself may be what fails. */
	while (__atomic_exchange_n(&already, true, __ATOMIC_ACQ_REL))
		wfi();
	text_start(&t, buffer, sizeof(buffer));
	va_start(args, why);
	text_format(&t, why, args);
	va_end(args);
	/* The check that was under way, if there is something to say of it. */
	if (failed)
		report();
	print("Bail out! %s%s%s\n", buffer, name_buffer[0] ? ", in: " : "",
	      name_buffer);
	CALL(PSCI_SYSTEM_OFF);
	for (;;)
		wfi();
}
