/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Steps of a live trace as lines of JSON, one each, and back from a file of them. 64-bit
 * values are strings: they do not fit in JSON's numbers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"

#define PES_MAX         (TRACE_HEADS / sizeof(uint64_t))
#define NAME_MAX_LENGTH 64
#define NAME_CHARACTERS \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

void step_print_json(const struct trace *trace, const struct step *step,
		     FILE *out)
{
	char text[256], hex[24];
	json_t *values = json_array();
	json_t *line;

	for (unsigned i = 0; i < TRACE_VALUES; i++) {
		snprintf(hex, sizeof(hex), "0x%" PRIx64, step->value[i]);
		json_array_append_new(values, json_string(hex));
	}
	snprintf(hex, sizeof(hex), "0x%" PRIx32, step->code);
	step_words(trace, step, text, sizeof(text));
	line = json_pack("{s:I, s:o, s:s, s:s, s:s, s:o, s:s}", "time",
			 (json_int_t)step->time, "pe",
			 step->pe == PE_NONE ? json_null()
					     : json_integer(step->pe),
			 "kind", kind_name(step->kind), "code", hex, "name",
			 step_name(trace, step), "value", values, "text", text);
	if (*trace->origin[step->of].name)
		json_object_set_new(line, "vm",
				    json_string(trace->origin[step->of].name));
	json_dumpf(line, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(line);
}

static bool parse_hex(const json_t *json, uint64_t *value)
{
	const char *text = json_string_value(json);
	char *end;

	if (!text || strncmp(text, "0x", 2) != 0)
		return false;
	*value = strtoull(text, &end, 16);
	return !*end;
}

static bool in_range(const json_t *json, int64_t max)
{
	return json_is_integer(json) && json_integer_value(json) >= 0 &&
	       json_integer_value(json) <= max;
}

/* It ends up on somebody's terminal. */
static bool is_name(const char *name)
{
	const size_t length = strspn(name, NAME_CHARACTERS);

	return !name[length] && length <= NAME_MAX_LENGTH;
}

static bool parse_step(struct trace *trace, json_t *json, struct step *step)
{
	const char *kind = json_string_value(json_object_get(json, "kind"));
	const char *name = json_string_value(json_object_get(json, "name"));
	const char *vm = json_string_value(json_object_get(json, "vm"));
	const json_t *pe = json_object_get(json, "pe"),
		     *values = json_object_get(json, "value");
	uint64_t code;

	*step = (struct step){ 0 };
	if (!kind || !in_range(json_object_get(json, "time"), INT64_MAX) ||
	    (!json_is_null(pe) && !in_range(pe, PES_MAX - 1)) ||
	    (name && !is_name(name)) || (vm && !machine_name_valid(vm)) ||
	    !parse_hex(json_object_get(json, "code"), &code))
		return false;
	for (unsigned i = TRACE_NONE + 1; i < TRACE_KINDS; i++)
		if (strcmp(kind, kind_name(i)) == 0)
			step->kind = i;
	step->time =
		(uint64_t)json_integer_value(json_object_get(json, "time"));
	step->of = trace_origin(trace, vm ? vm : "");
	step->pe = json_is_null(pe) ? PE_NONE
				    : (unsigned)json_integer_value(pe);
	step->code = (uint32_t)code;
	step->index = trace->steps;
	for (unsigned i = 0; i < TRACE_VALUES; i++)
		if (!parse_hex(json_array_get(values, i), &step->value[i]))
			return false;
	if (name && *name)
		json_object_set_new(trace->origin[step->of].names,
				    json_string_value(
					    json_object_get(json, "code")),
				    json_string(name));
	return step->kind != TRACE_NONE;
}

int trace_read(struct trace *trace, const char *path, unsigned *of)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	unsigned number = 0;
	int status = EXIT_OK;

	*of = UINT32_MAX;
	if (!in)
		return fail(EXIT_USAGE, "%s: %s", path, strerror(errno));
	while (status == EXIT_OK && getline(&line, &room, in) >= 0) {
		json_t *json = json_loads(line, 0, NULL);
		const json_t *lost = json_object_get(json, "lost");
		struct step step;

		number++;
		if (json_is_integer(lost))
			trace->lost += (uint64_t)json_integer_value(lost);
		else if (!parse_step(trace, json, &step))
			status = fail(EXIT_USAGE,
				      "%s:%u: not a line that 'sdei trace "
				      "--follow --json' prints",
				      path, number);
		else if (trace_add(trace, &step))
			*of = step.of;
		else
			status = EXIT_REFUSED;
		json_decref(json);
	}
	if (*of == UINT32_MAX)
		*of = trace_origin(trace, "");
	free(line);
	if (in != stdin)
		fclose(in);
	return status;
}
