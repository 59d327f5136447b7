/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VMM that its litmus tests are about: two vcpus, memory for error records. Of the
 * C library and KVM there is as little as lets its threads go their ways.
 */
#ifndef VMM_WORLD_H
#define VMM_WORLD_H

/* Two things have the same name. */
#define outcome litmus_outcome
#include "litmus.h"
#undef outcome

#include <kvm/vmm/records.h>

#define CE       EVENT_MEMORY_CORRECTED
#define PE_CE    EVENT_PROCESSOR_CORRECTED
#define LIVE_KIB 6 /* the file of the live trace: 10 entries a ring */

extern struct vmm vmm;
extern struct kvm_run runs[2];
extern uint8_t guest[RAS_SIZE]; /* its memory at RAS_BASE */
extern uint8_t live[LIVE_KIB * 1024];
extern uint64_t milliseconds;

/* Nothing runs, no error has come; the two events are enabled on vcpu 1. */
void start(void);
void enter_handler(void); /* by vcpu 1's thread: a handler of PE_CE */
const void *state_of_handler(void);

/* The thread of vcpu 1, until KVM_RUN is called once more. */
void run_vcpu_once(void);

/* The outcome: see litmus.h. */
void last(const void *place, uint64_t value);
void but(uint64_t thread, const void *place, uint64_t value);
void count_only(const void *one, const void *other, const void *third);

#endif
