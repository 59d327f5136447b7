/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of `sdei trace` share: steps, as the firmware's live trace has them
 * (firmware/platform/common/trace_format.h), from a running machine or from a file.
 */
#ifndef TRACE_H
#define TRACE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <trace_format.h>

#include "sdei.h"

struct step {
	uint64_t time; /* ns of the system counter */
	unsigned pe;
	uint64_t index; /* counts the steps of its PE */
	enum trace_kind kind;
	uint32_t code;
	uint64_t value[TRACE_VALUES];
};

/* A line of somebody's else: the kernel's log, or its own trace. */
struct remark {
	uint64_t time; /* ns of the system counter */
	char *text;
};

struct trace {
	struct step *step; /* in order of time, as near as is known */
	size_t steps, step_room;
	struct remark *remark;
	size_t remarks, remark_room;
	uint64_t lost; /* steps that were overwritten before they were read */
	json_t *names; /* of events, by number as "0x%x" */
};

/* false: no memory left, and that was said. */
bool trace_add(struct trace *trace, const struct step *step);
bool trace_remark(struct trace *trace, uint64_t time, const char *text);
/* By time, from that step on. One PE's keep their order. */
void trace_sort(struct trace *trace, size_t first);
void trace_free(struct trace *trace);

/* trace_words.c: a step in words, without time and PE; an event by its name, too. */
void step_words(const struct trace *trace, const struct step *step, char *text,
		size_t size);
const char *event_name(const struct trace *trace, uint32_t number);
/* Of a step about an event; "" of all others. */
const char *step_name(const struct trace *trace, const struct step *step);
const char *call_name(uint32_t call);
const char *kind_name(enum trace_kind kind);

/* trace_live.c: follow a machine. Exit statuses. */
struct live {
	const struct machine *machine;
	struct channel channel;
	int lock;
	uint64_t base, hz;
	unsigned slots, pes;
	enum {
		FROM_NOW,   /* it was off */
		FROM_RING,  /* it was live: what its rings still have */
		FROM_START, /* it began since we ask for it */
		TOO_EARLY,  /* nothing can be traced yet */
	} begin;
	bool was_off;  /* and is to be again */
	int64_t until; /* ms, as now_ms() has them; 0: for ever */
	const volatile sig_atomic_t *ended;
	uint64_t *next;  /* of each PE: the first that was not read */
	uint8_t *memory; /* the PEs' rings, as they were last seen */
};
int live_open(struct live *live, const struct machine *machine,
	      struct trace *trace, int64_t until,
	      const volatile sig_atomic_t *ended);
/* What has come since, added to *trace. */
int live_poll(struct live *live, struct trace *trace);
int live_close(struct live *live);

/* trace_json.c: a step a line; and back. */
void step_print_json(const struct trace *trace, const struct step *step,
		     FILE *out);
int trace_read(struct trace *trace, const char *path);

/* trace_log.c: lines of the kernel's log or trace, put onto the same clock. */
int trace_read_log(struct trace *trace, const char *path);
/*
 * Which report (its sequence number) each step, and behind them each remark, belongs to:
 * the report itself, the handler that it led to, the first line of the log about it. 0:
 * none. To be freed; NULL: no memory.
 */
uint64_t *flows_of(const struct trace *trace);

/* trace_perfetto.c, trace_svg.c: all of it into a file. */
int trace_perfetto(const struct trace *trace, const char *path);
int trace_svg(const struct trace *trace, const char *path);

#endif
