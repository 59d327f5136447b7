/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line's `inject`: from words to a struct ras_error, and back from
 * what became of it.
 */
#include "control.h"

#include "ram.h"

#include <ras.h>

/* If `word` is "key=...", what follows the equals sign; else NULL. */
static const char *value_of(const char *word, const char *key)
{
	while (*key && *word == *key)
		word++, key++;
	return !*key && *word == '=' ? word + 1 : NULL;
}

/* The index of a text among `count`, or -1. */
static int find(const char *text, const char *const *among, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned n = 0;

		while (text[n] && text[n] == among[i][n])
			n++;
		if (text[n] == among[i][n])
			return (int)i;
	}
	return -1;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Decimal, or hexadecimal with 0x; at most `max`. */
static bool number(const char *text, uint64_t max, uint64_t *value)
{
	unsigned base = text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10;
	const char *p = base == 16 ? text + 2 : text;
	uint64_t v = 0;

	if (!*p)
		return false;
	for (; *p; p++) {
		unsigned d = (unsigned)digit(*p);

		if (d >= base || v > (max - d) / base)
			return false;
		v = v * base + d;
	}
	*value = v;
	return true;
}

/* The keys that take a number, and where it goes. */
struct key {
	const char *name;
	uint32_t has; /* RAS_HAS_*, 0 for cpu */
	uint64_t max;
};

static const struct key keys[] = {
	{ "address", RAS_HAS_ADDRESS, UINT64_MAX },
	{ "mask", RAS_HAS_MASK, UINT64_MAX },
	{ "node", RAS_HAS_NODE, UINT16_MAX },
	{ "card", RAS_HAS_CARD, UINT16_MAX },
	{ "module", RAS_HAS_MODULE, UINT16_MAX },
	{ "bank", RAS_HAS_BANK, UINT16_MAX },
	{ "row", RAS_HAS_ROW, UINT16_MAX },
	{ "column", RAS_HAS_COLUMN, UINT16_MAX },
	{ "type", RAS_HAS_TYPE, 15 },
	{ "cpu", 0, PLAT_MAX_PES - 1 },
};

static void store(struct ras_error *e, uint32_t has, uint64_t value)
{
	e->has |= has;
	switch (has) {
	case RAS_HAS_ADDRESS:
		e->address = value;
		break;
	case RAS_HAS_MASK:
		e->mask = value;
		break;
	case RAS_HAS_NODE:
		e->node = (uint16_t)value;
		break;
	case RAS_HAS_CARD:
		e->card = (uint16_t)value;
		break;
	case RAS_HAS_MODULE:
		e->module = (uint16_t)value;
		break;
	case RAS_HAS_BANK:
		e->bank = (uint16_t)value;
		break;
	case RAS_HAS_ROW:
		e->row = (uint16_t)value;
		break;
	case RAS_HAS_COLUMN:
		e->column = (uint16_t)value;
		break;
	case RAS_HAS_TYPE:
		e->type = (uint8_t)value;
		break;
	default:
		e->pe = (unsigned)value;
		break;
	}
}

/* One key=number word into the error. False after having said what is wrong. */
static bool take_number(struct ras_error *e, const char *word)
{
	uint64_t value;

	for (unsigned i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *text = value_of(word, keys[i].name);

		if (!text)
			continue;
		if (!number(text, keys[i].max, &value)) {
			reply("error %s is \"%s\": it must be a number from 0 to 0x%lx\n",
			      keys[i].name, text, keys[i].max);
			return false;
		}
		store(e, keys[i].has, value);
		return true;
	}
	reply("error unknown key in \"%s\": it can be severity, address, mask, node, card, module, bank, row, column, type or cpu\n",
	      word);
	return false;
}

/* All words behind the kind. False after having said what is wrong. */
static bool parse(struct ras_error *e, char *rest)
{
	static const char *const severities[] = { "corrected", "recoverable",
						  "fatal" };
	int severity = -1;
	char *word;

	while ((word = next_word(&rest))) {
		const char *text = value_of(word, "severity");

		if (!text && !take_number(e, word))
			return false;
		if (!text)
			continue;
		severity = find(text, severities, 3);
		if (severity < 0) {
			reply("error severity is \"%s\": it can be corrected, recoverable or fatal\n",
			      text);
			return false;
		}
	}
	if (severity < 0) {
		reply("error severity= is missing: it can be corrected, recoverable or fatal\n");
		return false;
	}
	e->severity = (enum ras_severity)severity;
	return true;
}

/* RAS checks it too; here the ranges can be named. */
static bool outside_memory(const struct ras_error *e)
{
	const struct ram_range *range;

	if (e->kind != RAS_MEMORY || !(e->has & RAS_HAS_ADDRESS) ||
	    !ram_range(0) || machine_is_ram(e->address))
		return false;
	reply("error address 0x%lx is outside memory, which is", e->address);
	for (unsigned i = 0; (range = ram_range(i)); i++)
		reply("%s 0x%lx to 0x%lx", i ? "," : "", range->start,
		      range->last);
	reply("\n");
	return true;
}

/* `time`: of before, since its handler may have run on another PE by now. */
static void answer(const struct ras_outcome *o, uint64_t time)
{
	static const char *const names[] = { "delivered", "pending", "queued",
					     "dropped" };

	reply("ok sequence=%u event=0x%x disposition=%s", o->sequence, o->event,
	      names[o->disposition]);
	if (o->disposition == RAS_DELIVERED)
		reply(" pe=%d", o->pe);
	reply(" time=%lu", control_nanoseconds(time));
	if (o->reason && *o->reason)
		reply(" reason=%s", o->reason);
	reply("\n");
}

void inject(char *arguments)
{
	static const char *const kinds[] = { "memory", "processor" };
	const char *name = next_word(&arguments);
	int kind = name ? find(name, kinds, 2) : -1;
	struct ras_error error = { 0 };
	struct ras_outcome outcome;
	const char *why;
	uint64_t time;

	if (kind < 0) {
		reply("error inject what? \"memory\" or \"processor\"\n");
		return;
	}
	error.kind = (enum ras_kind)kind;
	if (!parse(&error, arguments) || outside_memory(&error))
		return;
	time = machine_time();
	why = ras_inject(&error, &outcome);
	if (why)
		reply("error %s\n", why);
	else
		answer(&outcome, time);
}
