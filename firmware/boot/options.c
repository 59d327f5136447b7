/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the user asks of the firmware: files named opt/opensdei/... of what is given
 * (given.h).
 */
#include <string.h>
#include <trace_format.h>

#include "boot.h"
#include "given.h"
#include "handoff.h"

_Static_assert(TRACE_SIZE_MIN == PLAT_TRACE_SIZE, "sdei run knows the former");

/* A longer one is nobody's: it ends in dots, which nobody's does either. */
#define VALUE_SIZE 32

static bool read_option(const char *name, char value[VALUE_SIZE])
{
	struct given file;

	memset(value, 0, VALUE_SIZE);
	if (!given_find(name, &file))
		return false;
	given_read(&file, 0, value,
		   file.size < VALUE_SIZE ? file.size : VALUE_SIZE - 1);
	if (file.size >= VALUE_SIZE)
		memset(value + VALUE_SIZE - 4, '.', 3);
	return true;
}

unsigned option_choice(const char *name, const char *const values[2])
{
	char value[VALUE_SIZE];

	if (!read_option(name, value))
		return 0;
	for (unsigned i = 0; i < 2; i++)
		if (!strcmp(value, values[i]))
			return i;
	fail("the option %s is \"%s\": it can be \"%s\" (the default) or \"%s\"",
	     name, value, values[0], values[1]);
}

/* A decimal number up to `max`. Returns what follows it, or NULL. */
static const char *read_number(const char *text, unsigned max, unsigned *number)
{
	const char *p = text;

	*number = 0;
	for (; *p >= '0' && *p <= '9' && *number <= max; p++)
		*number = 10 * *number + (unsigned)(*p - '0');
	return p > text && *number <= max ? p : NULL;
}

unsigned option_trace_size(void)
{
	static const char name[] = "opt/opensdei/trace-size";
	const unsigned usual = PLAT_TRACE_SIZE / KIB;
	unsigned size;
	char value[VALUE_SIZE];
	const char *p;

	if (!read_option(name, value))
		return usual;
	p = read_number(value, TRACE_SIZE_MAX / KIB, &size);
	if (!p || *p || size < usual)
		fail("the option %s is \"%s\": it can be a number of KiB from %u (the default) to %u",
		     name, value, usual, (unsigned)(TRACE_SIZE_MAX / KIB));
	return size == usual ? size
			     : (unsigned)align_up(size, TRACE_ALIGNMENT / KIB);
}

uint64_t option_slots(void)
{
	static const char name[] = "opt/opensdei/slots";
	unsigned private, shared;
	char value[VALUE_SIZE];
	const char *p;

	if (!read_option(name, value))
		return BOOT_HANDOFF_SLOTS(PLAT_PRIVATE_SLOTS,
					  PLAT_SHARED_SLOTS);
	p = read_number(value, PLAT_PRIVATE_SLOTS, &private);
	if (p && *p == ':')
		p = read_number(p + 1, PLAT_SHARED_SLOTS, &shared);
	else
		p = NULL;
	if (!p || *p)
		fail("the option %s is \"%s\": it can be PRIVATE:SHARED from 0:0 to %u:%u (the default), two decimal numbers",
		     name, value, PLAT_PRIVATE_SLOTS, PLAT_SHARED_SLOTS);
	return BOOT_HANDOFF_SLOTS(private, shared);
}
