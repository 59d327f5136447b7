/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The chapters of checks, in the order they run, and what the dispatcher
 * offers beside event 0.
 */
#ifndef CONFORMANCE_SUITES_H
#define CONFORMANCE_SUITES_H

#include <stdbool.h>
#include <stdint.h>

void suite_calls(void);    /* parameters and results, no event running */
void suite_state(void);    /* the handler state machine, event 0 */
void suite_entry(void);    /* what a handler finds */
void suite_pstate(void);   /* newer bits of a handler's PSTATE */
void suite_resume(void);   /* COMPLETE_AND_RESUME */
void suite_caller(void);   /* who may call; calls that deliver */
void suite_handler(void);  /* calls within a handler */
void suite_shared(void);   /* shared events, routing */
void suite_bind(void);     /* interrupts bound to events: the calls */
void suite_bound(void);    /* and when they fire */
void suite_critical(void); /* critical events and normal ones */
void suite_nested(void);   /* registers of a pre-empted handler */
void suite_signal(void);   /* from PE to PE */
/* Signals that must wait, last: TF-A 2.12 takes no event after some. */
void suite_mask(void); /* mask, unmask, what stays pending */
void suite_caller_waiting(void);
void suite_handler_waiting(void);
void suite_state_waiting(void);
void suite_power(void); /* PEs going off and on, sleeping */

/* From FEATURES; 0 without. */
unsigned bind_slots_private(void);
unsigned bind_slots_shared(void);

/*
 * Bind a source's interrupt; leaves the check if there is no slot for it, or it
 * is the timer's and a hypervisor keeps that.
 */
struct source;
void need_slots(bool shared);
bool can_bind_timer(void);
uint32_t bind(const struct source *s);

/* An event of the platform with these GET_INFO answers, or 0: none known. */
uint32_t known_event(unsigned type, int priority);

#endif
