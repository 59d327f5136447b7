/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The firmware's half of test_same_record.c: its control line's `inject` and its
 * sources, in the fake machine that the tests of firmware/ras have.
 */
#define _GNU_SOURCE
#define inject inject_error /* the control line's is meant here */
#include "ras_fake.h"
#undef inject
#include "same_record.h"

#include <el3/control.h>
#include <el3/ram.h>
#include <el3/timer.h>

static char said[512];

void uart_printf(uint64_t base, const char *format, ...)
{
	const size_t length = strlen(said);
	va_list args;

	(void)base;
	va_start(args, format);
	vsnprintf(said + length, sizeof(said) - length, format, args);
	va_end(args);
}

const struct ram_range *ram_range(unsigned index)
{
	(void)index;
	return NULL;
}

char *next_word(char **rest)
{
	char *word;

	while ((word = strsep(rest, " ")) && !*word)
		;
	return word;
}

uint64_t control_nanoseconds(uint64_t ticks)
{
	return ticks;
}

void timer_start(enum timer_use use, uint64_t ticks)
{
	(void)use, (void)ticks;
}

/* No storm is asked for here. */
struct sdei_storm *storm_begin(const struct sdei_record *record, uint64_t count,
			       uint64_t rate)
{
	(void)record, (void)count, (void)rate;
	abort();
}

void storm_go_on(struct sdei_storm *storm, const struct ras_outcome *outcome)
{
	(void)storm, (void)outcome;
	abort();
}

void storm_stop(uint32_t id)
{
	(void)id;
	abort();
}

void storm_print(uint32_t id)
{
	(void)id;
	abort();
}

void firmware_begin(void)
{
	void *state;

	setup(&state);
}

const char *firmware_inject(const char *words)
{
	char *line = strdup(words);

	*said = 0;
	inject(line);
	inject_answer();
	free(line);
	return said;
}

const uint8_t *firmware_shows(unsigned source)
{
	return shared + (block(source) - PLAT_RAS_BASE);
}
