/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What assembly and C both know of the structures in memory; types.h asserts
 * that they agree.
 */
#ifndef HOST_LAYOUT_H
#define HOST_LAYOUT_H

#include "platform.h"

/* struct frame: what an exception interrupted. */
#define FRAME_SP   248
#define FRAME_PC   256
#define FRAME_ESR  272
#define FRAME_SIZE 288

/* struct fp */
#define FP_FPCR 512
#define FP_SIZE 528

/* struct state: all that can be seen from inside an exception level. */
#define STATE_SP          248
#define STATE_NZCV        256
#define STATE_ELR         264
#define STATE_SPSR        272
#define STATE_ESR         280
#define STATE_FAR         288
#define STATE_SP_EL0      296
#define STATE_TPIDR_EL0   304
#define STATE_TPIDRRO_EL0 312
#define STATE_TPIDR_EL1   320
#define STATE_VBAR        328
#define STATE_MDSCR       336
#define STATE_FP          352
#define STATE_SIZE        (STATE_FP + FP_SIZE)

/*
 * A probe's place in memory: what to load, and above it what was found. SP is
 * the latter's address while it waits: an interrupt's frame has room between.
 */
#define PROBE_FOUND 0x2000

/* struct el1: EL1's registers, of a guest or of a host that lives there. */
#define EL1_SP_EL0      112
#define EL1_SP_EL1      120
#define EL1_TPIDR_EL1   128
#define EL1_TPIDR_EL0   136
#define EL1_TPIDRRO_EL0 144
#define EL1_MDSCR       152
#define EL1_SIZE        160

/* struct vcpu */
#define VCPU_PC       248
#define VCPU_PSTATE   256
#define VCPU_ESR      264
#define VCPU_FAR      272
#define VCPU_EXIT     280
#define VCPU_VTTBR    288
#define VCPU_PHYSICAL 296
#define VCPU_EL1      304
#define VCPU_HOST_EL1 (VCPU_EL1 + EL1_SIZE)
#define VCPU_FP       (VCPU_HOST_EL1 + EL1_SIZE)
#define VCPU_HOST_FP  (VCPU_FP + FP_SIZE)

/* How a guest was left: the vector's number, see vcpu->exit. */
#define EXIT_SYNC 0
#define EXIT_IRQ  1

/* struct cpu */
#define CPU_STACK_TOP   0
#define CPU_PROBE_SP    8
#define CPU_MPIDR       16
#define CPU_PROBE_FOUND 24
#define CPU_RESUME      32
#define CPU_RESUME_SIZE 112
#define CPU_SIZE        0x8000

/* Stacks for when the one in use may be what is broken. */
#define PANIC_STACK_SHIFT 13
#define STUB_STACK_SHIFT  12

/* struct thread */
#define THREAD_SP 0
#define THREAD_FP 16

#endif
