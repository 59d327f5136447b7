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

#define PE_NONE UINT32_MAX /* none of the vcpus: sdei-vmm itself */

/* Who has PEs of its own: a machine, or a guest of sdei-vmm's. */
struct origin {
	char name[40]; /* the guest's; "" for the machine */
	json_t *names; /* of events, by number as "0x%x" */
	/* trace_rows(): its PEs, and whether the VMM itself and a log have rows. */
	unsigned pes, first_row;
	bool itself, log;
};

struct step {
	uint64_t time; /* ns of the system counter */
	unsigned of;   /* which origin's */
	unsigned pe;
	uint64_t index; /* counts the steps of its PE */
	enum trace_kind kind;
	uint32_t code;
	uint64_t value[TRACE_VALUES];
};

/* A line of somebody's else: the kernel's log, or its own trace. */
struct remark {
	uint64_t time; /* ns of the system counter */
	unsigned of;
	size_t index;
	char *text;
};

struct trace {
	struct step *step; /* in order of time, as near as is known */
	size_t steps, step_room;
	struct remark *remark;
	size_t remarks, remark_room;
	uint64_t lost; /* steps that were overwritten before they were read */
	struct origin *origin;
	unsigned origins;
};

/* false: no memory left, and that was said. */
bool trace_add(struct trace *trace, const struct step *step);
bool trace_remark(struct trace *trace, uint64_t time, unsigned of,
		  const char *text);
/* The origin of that name, a new one if need be. */
unsigned trace_origin(struct trace *trace, const char *name);
/*
 * Rows for a picture: of each origin one for each PE, then the VMM's own if it did
 * something, and its log's if there is one. How many; which a step has; what one is
 * called, and whose it is.
 */
unsigned trace_rows(struct trace *trace);
unsigned row_of_step(const struct trace *trace, const struct step *step);
unsigned row_of_log(const struct trace *trace, unsigned of);
unsigned row_name(const struct trace *trace, unsigned row, char *text,
		  size_t size);
/* By time, from that step on. One PE's keep their order. */
void trace_sort(struct trace *trace, size_t first);
void trace_sort_remarks(struct trace *trace);
void trace_free(struct trace *trace);

/* trace_words.c: a step in words, without time and PE; an event by its name, too. */
void step_words(const struct trace *trace, const struct step *step, char *text,
		size_t size);
const char *event_name(const struct trace *trace, unsigned of, uint32_t number);
/* Of a step about an event; "" of all others. */
const char *step_name(const struct trace *trace, const struct step *step);
const char *call_name(uint32_t call);
const char *kind_name(enum trace_kind kind);

/* trace_live.c: follow a machine. Exit statuses. */
struct live {
	const struct machine *machine;
	struct channel channel; /* QEMU's monitor */
	int steps;              /* of a guest instead: the file, or -1 */
	uint64_t stamp;         /* of its VMM */
	int lock;
	uint64_t base, hz;
	unsigned slots, pes;
	unsigned own; /* the ring that is none of a vcpu's; PE_NONE: all are */
	unsigned of;  /* the origin of its steps */
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
/* *of: whose they are, of the last step. */
int trace_read(struct trace *trace, const char *path, unsigned *of);

/* trace_log.c: lines of that origin's kernel's log or trace, put onto the same clock. */
int trace_read_log(struct trace *trace, unsigned of, const char *path);
/*
 * Which report (its sequence number) each step, and behind them each remark, belongs to:
 * the report itself, the handler that it led to, the first line of the log about it. 0:
 * none. To be freed; NULL: no memory.
 */
uint64_t *flows_of(const struct trace *trace);

/* trace_perfetto.c, trace_svg.c: all of it into a file. */
int trace_perfetto(struct trace *trace, const char *path);
int trace_svg(struct trace *trace, const char *path);

#endif
