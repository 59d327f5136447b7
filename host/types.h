/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's structures: a CPU, a thread, a guest's vcpu, and what an exception
 * or a probe leaves in memory. layout.h has the same for assembly.
 */
#ifndef HOST_TYPES_H
#define HOST_TYPES_H

#include "arch.h"
#include "layout.h"

/* What an exception interrupted; for a process on top of its kernel stack. */
struct frame {
	uint64_t x[31], sp;
	uint64_t pc, pstate;
	uint64_t esr, far;
};

struct fp {
	uint64_t v[64];
	uint64_t fpcr, fpsr;
};

/* All that can be seen from inside an exception level. */
struct state {
	uint64_t x[31], sp;
	uint64_t nzcv;
	uint64_t elr, spsr, esr, far;
	uint64_t sp_el0, tpidr_el0, tpidrro_el0, tpidr_el1;
	uint64_t vbar, mdscr;
	uint64_t unused;
	struct fp fp;
};

/* EL1's registers and those of EL0 that no exception saves. */
struct el1 {
	uint64_t sctlr, cpacr, tcr, mair, ttbr0, ttbr1;
	uint64_t vbar, cntkctl;
	uint64_t elr, spsr, esr, far;
	uint64_t unused[2];
	uint64_t sp_el0, sp_el1, tpidr_el1, tpidr_el0, tpidrro_el0, mdscr;
};

struct vcpu {
	uint64_t x[31];
	uint64_t pc, pstate;
	uint64_t esr, far; /* of EL2, when the guest was left */
	uint64_t exit;     /* EXIT_* and how many vectors further */
	uint64_t vttbr;
	uint64_t physical; /* of this struct */
	struct el1 el1, host_el1;
	struct fp fp, host_fp;
	uint8_t *data; /* the guest's memory at GUEST_DATA */
	uint64_t entries, exits_irq;
	uint64_t at_signal; /* its x1, when it last gave way to a signal */
};

enum thread_state { THREAD_FREE, THREAD_READY, THREAD_WAITING, THREAD_DEAD };

struct thread {
	uint64_t sp; /* while it does not run */
	uint64_t unused;
	struct fp fp;
	enum thread_state state;
	unsigned cpu;
	uint64_t ttbr0;
	uint8_t *stack;    /* NULL: a CPU's own thread, no process */
	uint8_t *data;     /* the process's memory at USER_DATA */
	struct vcpu *vcpu; /* what it runs as a VMM */
	/* Signals: what is raised, where the process wants them. */
	bool signal, in_signal;
	uint64_t signal_handler;
	struct frame interrupted; /* by a signal, until SIGRETURN */
	uint64_t signals, tpidr_el0;
	uint64_t exit_code;
	struct frame looked; /* by SYS_LOOK */
	struct thread *next; /* of this CPU's processes */
};

typedef void work(void *argument);

/* What a power-down loses: x19-x30, x18 and SP. */
struct resume {
	uint64_t x[12], x18, sp;
};

struct cpu {
	uint64_t stack_top;
	uint64_t probe_sp;
	uint64_t mpidr;
	uint64_t probe_found;
	struct resume resume;

	unsigned index;
	bool online, ready; /* ready: the client knows of it, too */
	uint64_t redistributor;
	struct thread *current, *processes;
	struct thread base; /* boot, tests, idle */
	bool need_resched;
	uint64_t ticks, irqs, spurious;
	/* Asked of it by another CPU: run `call` with interrupts masked. */
	work *call;
	void *call_argument;
	/* And to do in its base thread: see cpu_begin(). */
	work *job;
	void *job_argument;
	bool leaving;
	work *power_hook; /* called as it goes off and comes on */
	/* Where the next fault of the host's goes on, and what it was. */
	uint64_t fixup;
	struct frame fault;

	uint8_t stack[0x6000] __attribute__((aligned(16)));
} __attribute__((aligned(CPU_SIZE)));

_Static_assert(offsetof(struct frame, sp) == FRAME_SP, "FRAME_SP");
_Static_assert(offsetof(struct frame, pc) == FRAME_PC, "FRAME_PC");
_Static_assert(offsetof(struct frame, esr) == FRAME_ESR, "FRAME_ESR");
_Static_assert(sizeof(struct frame) == FRAME_SIZE, "FRAME_SIZE");
_Static_assert(offsetof(struct fp, fpcr) == FP_FPCR, "FP_FPCR");
_Static_assert(sizeof(struct fp) == FP_SIZE, "FP_SIZE");
_Static_assert(offsetof(struct state, elr) == STATE_ELR, "STATE_ELR");
_Static_assert(offsetof(struct state, vbar) == STATE_VBAR, "STATE_VBAR");
_Static_assert(offsetof(struct state, fp) == STATE_FP, "STATE_FP");
_Static_assert(sizeof(struct state) == STATE_SIZE, "STATE_SIZE");
_Static_assert(offsetof(struct el1, sp_el0) == EL1_SP_EL0, "EL1_SP_EL0");
_Static_assert(offsetof(struct el1, mdscr) == EL1_MDSCR, "EL1_MDSCR");
_Static_assert(sizeof(struct el1) == EL1_SIZE, "EL1_SIZE");
_Static_assert(offsetof(struct vcpu, pc) == VCPU_PC, "VCPU_PC");
_Static_assert(offsetof(struct vcpu, esr) == VCPU_ESR, "VCPU_ESR");
_Static_assert(offsetof(struct vcpu, vttbr) == VCPU_VTTBR, "VCPU_VTTBR");
_Static_assert(offsetof(struct vcpu, el1) == VCPU_EL1, "VCPU_EL1");
_Static_assert(offsetof(struct vcpu, host_fp) == VCPU_HOST_FP, "VCPU_HOST_FP");
_Static_assert(offsetof(struct thread, fp) == THREAD_FP, "THREAD_FP");
_Static_assert(offsetof(struct cpu, resume) == CPU_RESUME, "CPU_RESUME");
_Static_assert(sizeof(struct cpu) == CPU_SIZE, "CPU_SIZE");

#endif
