/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line's `inject`: from words to a record, and back from what became
 * of it.
 */
#include "control.h"

#include "ram.h"
#include "timer.h"

#include <ras.h>
#include <sdei/sections.h>
#include <sdei/storm.h>

/* If `word` is "key=...", what follows the equals sign; else NULL. */
static const char *value_of(const char *word, const char *key)
{
	while (*key && *word == *key)
		word++, key++;
	return !*key && *word == '=' ? word + 1 : NULL;
}

/* The index of a text among `count`, or -1. */
static int find_word(const char *text, const char *const *among, unsigned count)
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

/* The keys that take a number, and where it goes in a memory error's section. */
struct key {
	const char *name;
	uint32_t has; /* SDEI_MEMORY_HAS_*, 0 for cpu */
	uint8_t offset, size;
	uint64_t max;
};

#define FIELD(name, has, field, max) \
	{ name, SDEI_MEMORY_HAS_##has, \
	  offsetof(struct sdei_cper_memory, field), \
	  sizeof(((struct sdei_cper_memory *)0)->field), max }

static const struct key keys[] = {
	FIELD("address", ADDRESS, physical_address, UINT64_MAX),
	FIELD("mask", ADDRESS_MASK, physical_address_mask, UINT64_MAX),
	FIELD("node", NODE, node, UINT16_MAX),
	FIELD("card", CARD, card, UINT16_MAX),
	FIELD("module", MODULE, module, UINT16_MAX),
	FIELD("bank", BANK, bank, UINT16_MAX),
	FIELD("row", ROW, row, UINT16_MAX),
	FIELD("column", COLUMN, column, UINT16_MAX),
	FIELD("type", ERROR_TYPE, error_type, SDEI_MEMORY_TYPE_LAST),
	{ "cpu", 0, 0, 0, PLAT_MAX_PES - 1 },
};

/* What was asked for, so far. */
struct wish {
	bool memory; /* else a processor's error */
	int severity;
	unsigned cpu;
	struct sdei_cper_memory given;
};

/* One key=number word into the wish. False after having said what is wrong. */
static bool take_number(struct wish *w, const char *word)
{
	uint64_t value;

	for (unsigned i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct key *k = &keys[i];
		const char *text = value_of(word, k->name);

		if (!text)
			continue;
		if (!number(text, k->max, &value)) {
			reply("error %s is \"%s\": it must be a number from 0 to 0x%lx\n",
			      k->name, text, k->max);
			return false;
		}
		w->given.valid |= k->has;
		if (k->has)
			__builtin_memcpy((char *)&w->given + k->offset, &value,
					 k->size);
		else
			w->cpu = (unsigned)value;
		return true;
	}
	reply("error unknown key in \"%s\": it can be severity, address, mask, node, card, module, bank, row, column, type or cpu\n",
	      word);
	return false;
}

/* All words behind the kind. False after having said what is wrong. */
static bool parse(struct wish *w, char *rest)
{
	static const char *const severities[] = {
		[SDEI_CPER_RECOVERABLE] = "recoverable",
		[SDEI_CPER_FATAL] = "fatal",
		[SDEI_CPER_CORRECTED] = "corrected",
	};
	char *word;

	w->severity = -1;
	while ((word = next_word(&rest))) {
		const char *text = value_of(word, "severity");

		if (!text && !take_number(w, word))
			return false;
		if (!text)
			continue;
		w->severity = find_word(text, severities, 3);
		if (w->severity < 0) {
			reply("error severity is \"%s\": it can be corrected, recoverable or fatal\n",
			      text);
			return false;
		}
	}
	if (w->severity < 0)
		reply("error severity= is missing: it can be corrected, recoverable or fatal\n");
	return w->severity >= 0;
}

/* The firmware checks it too; here the ranges can be named. */
static bool outside_memory(const struct wish *w)
{
	const uint64_t address = w->given.physical_address;
	const struct ram_range *range;

	if (!w->memory || !(w->given.valid & SDEI_MEMORY_HAS_ADDRESS) ||
	    !ram_range(0) || machine_is_ram(address))
		return false;
	reply("error address 0x%lx is outside memory, which is", address);
	for (unsigned i = 0; (range = ram_range(i)); i++)
		reply("%s 0x%lx to 0x%lx", i ? "," : "", range->start,
		      range->last);
	reply("\n");
	return true;
}

/* The record of a wish; there is room for either section. */
static void make(struct sdei_record *record, size_t room, const struct wish *w)
{
	const unsigned severity = (unsigned)w->severity;
	const uint64_t address = w->given.physical_address;

	sdei_record_start(record, severity, w->cpu);
	if (w->memory) {
		struct sdei_cper_memory *m = sdei_record_memory(record, room,
								severity);
		const uint8_t type = m->error_type;

		*m = w->given;
		m->valid |= SDEI_MEMORY_HAS_ERROR_TYPE;
		if (!(w->given.valid & SDEI_MEMORY_HAS_ERROR_TYPE))
			m->error_type = type;
	} else {
		struct sdei_cper_arm_error *e =
			sdei_record_processor(record, room, severity);

		if (!(w->given.valid & SDEI_MEMORY_HAS_ADDRESS))
			return;
		e->valid |= SDEI_ARM_HAS_PHYSICAL;
		e->physical_address = address;
	}
}

/*
 * The error is not held up by the characters that tell of it, which take ten times
 * as long: they are written by the timer, when its handler has begun, or before the
 * next request is served.
 */
#define ANSWERS_PER_S 20000 /* as fast as that: 50 us later */

static struct {
	bool waits;
	struct ras_outcome outcome;
	uint64_t
		time; /* of before: its handler may have run on another PE by now */
	uint32_t storm; /* of which it is the first error; or 0 */
} answer;

void inject_answer(void)
{
	static const char *const names[] = { "delivered", "pending", "queued",
					     "dropped" };
	const struct sdei_ras_outcome *r = &answer.outcome.report;

	if (!answer.waits)
		return;
	answer.waits = false;
	reply("ok sequence=%u event=0x%x disposition=%s", r->sequence,
	      answer.outcome.event, names[r->fate]);
	if (r->fate == SDEI_RAS_DELIVERED)
		reply(" pe=%d", r->pe);
	reply(" time=%lu", control_nanoseconds(answer.time));
	if (answer.storm)
		reply(" storm=%u", answer.storm);
	if (*r->why)
		reply(" reason=%s", r->why);
	reply("\n");
}

/* How often: `count` errors, or one if that is 0. */
struct often {
	uint64_t count, rate;
};

/* A record, or, if it is NULL, what asks for a dump. */
static void report_injected(struct sdei_record *record,
			    const struct often *often)
{
	struct sdei_storm *storm = NULL;
	const char *why;

	if (often->count) {
		storm = storm_begin(record, often->count, often->rate);
		if (!storm)
			return;
	}
	answer.time = machine_time();
	why = record ? ras_report(record, &answer.outcome)
		     : ras_dump(&answer.outcome);
	if (why) {
		reply("error %s\n", why);
		return;
	}
	answer.waits = true;
	answer.storm = storm ? storm->id : 0;
	if (storm)
		storm_go_on(storm, &answer.outcome);
	timer_start(TIMER_ANSWER, machine_time_hz() / ANSWERS_PER_S);
}

/* What is being injected, under the control line's lock. */
static union {
	struct sdei_record record;
	uint8_t bytes[SDEI_RECORD_MAX];
} injected;

/* A record in hexadecimal digits, as `sdei inject` makes it. */
static void inject_record(const char *text, const struct often *often)
{
	uint8_t *const bytes = injected.bytes;
	const char *wrong;
	size_t n = 0;

	for (; text[0] && n < SDEI_RECORD_MAX; text += 2, n++) {
		const int high = digit(text[0]), low = digit(text[1]);

		if (high > 15 || low > 15)
			break;
		bytes[n] = (uint8_t)(high << 4 | low);
	}
	wrong = *text ? "it must be pairs of hexadecimal digits, 2048 at most"
		      : sdei_record_wrong(bytes, n);
	if (wrong)
		reply("error the record: %s\n", wrong);
	else
		report_injected(&injected.record, often);
}

/*
 * `count=N rate=R` in front of the kind. False after having said what is wrong; *word
 * is then the kind, or NULL.
 */
static bool take_often(char **arguments, const char **word, struct often *often)
{
	const char *count, *rate;

	*word = next_word(arguments);
	count = *word ? value_of(*word, "count") : NULL;
	if (!count)
		return true;
	*word = next_word(arguments);
	rate = *word ? value_of(*word, "rate") : NULL;
	if (!rate || !number(count, UINT32_MAX, &often->count) ||
	    !number(rate, SDEI_STORM_RATE_MAX, &often->rate) || !often->count) {
		reply("error a storm has count=, 1 to 4294967295, and then rate=, 1 to %u a second or 0: as many as it goes\n",
		      SDEI_STORM_RATE_MAX);
		return false;
	}
	*word = next_word(arguments);
	return true;
}

/* `[storm=N]`, 0 if there is none. False after having said what is wrong. */
static bool take_storm(char *arguments, uint32_t *id)
{
	const char *word = next_word(&arguments);
	const char *text = word ? value_of(word, "storm") : NULL;
	uint64_t value = 0;

	if (word && (!text || !number(text, UINT32_MAX, &value) || !value)) {
		reply("error there can be storm=, a number from 1 that `storms` tells, or nothing\n");
		return false;
	}
	*id = (uint32_t)value;
	return true;
}

static void stop(char *arguments)
{
	uint32_t id;

	if (take_storm(arguments, &id))
		storm_stop(id);
}

void inject_storms(char *arguments)
{
	uint32_t id;

	if (!take_storm(arguments, &id))
		return;
	storm_print(id);
	reply("ok\n");
}

enum kind { MEMORY, PROCESSOR, RECORD, DUMP, STOP, KINDS };

void inject(char *arguments)
{
	static const char *const kinds[KINDS] = {
		[MEMORY] = "memory", [PROCESSOR] = "processor",
		[RECORD] = "record", [DUMP] = "dump",
		[STOP] = "stop",
	};
	struct often often = { 0 };
	const char *name;
	struct wish wish;
	int kind;

	if (!take_often(&arguments, &name, &often))
		return;
	kind = name ? find_word(name, kinds, KINDS) : -1;
	if (kind < 0) {
		reply("error inject what? \"memory\", \"processor\", \"record\", \"dump\" or \"stop\"\n");
	} else if (often.count && kind >= DUMP) {
		reply("error there is no storm of that\n");
	} else if (kind == RECORD) {
		name = next_word(&arguments);
		inject_record(name ? name : "", &often);
	} else if (kind == DUMP) {
		report_injected(NULL, &often);
	} else if (kind == STOP) {
		stop(arguments);
	} else {
		wish = (struct wish){ .memory = kind == MEMORY };
		if (!parse(&wish, arguments) || outside_memory(&wish))
			return;
		make(&injected.record, sizeof(injected), &wish);
		report_injected(&injected.record, &often);
	}
}
