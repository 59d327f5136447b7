/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line on the Secure UART (docs/control.md).
 */
#ifndef EL3_CONTROL_H
#define EL3_CONTROL_H

#include "machine.h"

#include <platform.h>
#include <print.h>

/* Set the UART up; then, with the distributor running, listen. */
void control_start(void);
void control_listen(void);
/* The UART has received something. */
void control_interrupt(void);

/* What is still to be answered (inject.c) is answered now. */
void control_answer(void);
/* A storm's next error may be due. */
void control_storm(void);

/* Answer: the same formats as console_printf(). */
#define reply(...) uart_printf(PLAT_UART1_BASE, __VA_ARGS__)

/* The system counter in nanoseconds. */
uint64_t control_nanoseconds(uint64_t ticks);

/* status.c */
void status_print(void);
void trace_print(void);
/* inject.c: carry out `inject` with the rest of its line, and answer. */
void inject(char *arguments);
void inject_answer(void);            /* if it has not yet */
void inject_storms(char *arguments); /* `storms` */

/*
 * storm.c: the same error many times. A storm that has begun reports its first error
 * like any other; with what became of that it goes on, on the calling PE's timer.
 * NULL: there can be no such storm, and that was answered.
 */
struct sdei_record;
struct sdei_storm;
struct ras_outcome;
struct sdei_storm *storm_begin(const struct sdei_record *record, uint64_t count,
			       uint64_t rate);
void storm_go_on(struct sdei_storm *storm, const struct ras_outcome *outcome);
void storm_later(void);        /* without the lock: the timer, once more */
void storm_step(void);         /* the timer fired */
void storm_stop(uint32_t id);  /* 0: all; answer */
void storm_print(uint32_t id); /* a line; 0: for each */

/*
 * Cut the next word off *rest and end it with a null. NULL when there is none.
 */
char *next_word(char **rest);

#endif
