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

/* Answer: the same formats as console_printf(). */
#define reply(...) uart_printf(PLAT_UART1_BASE, __VA_ARGS__)

/* The system counter in nanoseconds. */
uint64_t control_nanoseconds(uint64_t ticks);

/* status.c */
void status_print(void);
void trace_print(void);
/* inject.c: carry out `inject` with the rest of its line, and answer. */
void inject(char *arguments);
void inject_answer(void); /* if it has not yet */

/*
 * Cut the next word off *rest and end it with a null. NULL when there is none.
 */
char *next_word(char **rest);

#endif
