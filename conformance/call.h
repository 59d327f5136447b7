/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls to the dispatcher, and to PSCI, which uses the same conduit. A call is
 * written as an array: the function and its arguments.
 */
#ifndef CONFORMANCE_CALL_H
#define CONFORMANCE_CALL_H

#include <sdei/abi.h>

#include "state.h"
#include "text.h"

#define PSCI_VERSION        0x84000000
#define PSCI_CPU_SUSPEND    0xC4000001
#define PSCI_CPU_OFF        0x84000002
#define PSCI_CPU_ON         0xC4000003
#define PSCI_AFFINITY_INFO  0xC4000004
#define PSCI_SYSTEM_OFF     0x84000008
#define PSCI_FEATURES       0x8400000A
#define PSCI_SYSTEM_SUSPEND 0xC400000E
#define PSCI_POWER_DOWN     (1 << 16)
#define PSCI_DENIED         (-3)
#define PSCI_ALREADY_ON     (-4)
#define PSCI_ON             0
#define PSCI_OFF            1

/* Short names, as DEN0054C calls them in prose. */
#define VERSION             SDEI_FID_VERSION
#define REGISTER            SDEI_FID_EVENT_REGISTER
#define ENABLE              SDEI_FID_EVENT_ENABLE
#define DISABLE             SDEI_FID_EVENT_DISABLE
#define CONTEXT             SDEI_FID_EVENT_CONTEXT
#define COMPLETE            SDEI_FID_EVENT_COMPLETE
#define COMPLETE_AND_RESUME SDEI_FID_EVENT_COMPLETE_RESUME
#define UNREGISTER          SDEI_FID_EVENT_UNREGISTER
#define STATUS              SDEI_FID_EVENT_STATUS
#define GET_INFO            SDEI_FID_EVENT_GET_INFO
#define ROUTING_SET         SDEI_FID_EVENT_ROUTING_SET
#define PE_MASK             SDEI_FID_PE_MASK
#define PE_UNMASK           SDEI_FID_PE_UNMASK
#define BIND                SDEI_FID_INTERRUPT_BIND
#define RELEASE             SDEI_FID_INTERRUPT_RELEASE
#define SIGNAL              SDEI_FID_EVENT_SIGNAL
#define FEATURES            SDEI_FID_FEATURES
#define PRIVATE_RESET       SDEI_FID_PRIVATE_RESET
#define SHARED_RESET        SDEI_FID_SHARED_RESET

/* Set before the first call: HVC instead of SMC. */
extern uint32_t conduit_is_hvc;

/* A call with all that the convention passes: x0-x17 in, x0-x17 out. */
void conduit_call(uint64_t x[18]);

#define CALL(...) call((const uint64_t[6]){ __VA_ARGS__ })
int64_t call(const uint64_t c[6]);

/* The name of a function of SDEI or PSCI; the text "ENABLE(0x0)" of a call. */
const char *function_name(uint64_t fid);
void call_text(struct text *t, const uint64_t c[6]);
/* "-2 INVALID_PARAMETERS", or the number. */
void result_text(struct text *t, int64_t result);

/* Return twice, and go back to where it was saved (conduit.S). */
uint64_t __attribute__((returns_twice)) context_save(struct context *c);
void __attribute__((noreturn)) context_load(struct context *c, uint64_t value);

#endif
