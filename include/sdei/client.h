/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client: the half of SDEI that receives events.
 *
 * It is embedded by a kernel, or by a hypervisor as the host. The embedder
 * gives memory, a table of its CPUs and a few operations; the client finds and
 * probes the dispatcher, keeps events registered while CPUs come, go and sleep,
 * and turns an event into a call of a C function, on a stack of its own,
 * whatever was interrupted. docs/client.md goes through it step by step.
 *
 * Who may call what, and when:
 *  - functions marked [task] take the lock and may send functions to other
 *    CPUs: not in a handler, and not where run_on() would have to interrupt;
 *  - functions marked [cpu] concern the calling CPU, which must not change
 *    under them: no preemption;
 *  - functions marked [any] take no lock and are good in a handler, too.
 * "Embedder" is the code that calls in here; "handler" is its callback.
 *
 * What all of them return, unless they say otherwise: SDEI_SUCCESS, or a
 * negative number, which is one of the specification's (5.3), as the dispatcher
 * gave it:
 *	SDEI_NOT_SUPPORTED, SDEI_INVALID_PARAMETERS, SDEI_DENIED,
 *	SDEI_PENDING, SDEI_OUT_OF_RESOURCE
 * or one of the client's own, SDEI_ERROR_*. Nothing else comes back, whatever
 * the dispatcher answers.
 *
 * Section numbers are those of Arm DEN0054C.
 */
#ifndef SDEI_CLIENT_H
#define SDEI_CLIENT_H

#include <sdei/abi.h>
#include <sdei/language.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

SDEI_BEGIN_C

struct sdei_client;

/* Not probed, absent, found broken, or shut down: nothing was asked. */
#define SDEI_ERROR_DISABLED (-32)
/* The dispatcher answered what the specification does not have. */
#define SDEI_ERROR_ANSWER (-33)
/* ops->run_on() did not reach a CPU that is up. */
#define SDEI_ERROR_CPU (-34)

/* How the dispatcher is called. */
enum sdei_conduit {
	SDEI_CONDUIT_NONE,
	SDEI_CONDUIT_SMC,
	SDEI_CONDUIT_HVC,
};

/*
 * What an event interrupted. Nothing that is written here has an effect. A
 * register that x0 to x3 had is asked for with EVENT_CONTEXT (5.1.5); x4 to x17
 * are as the dispatcher left them, which is untouched with any that heeds
 * 5.2.1.
 */
struct sdei_interrupted {
	uint64_t x[31];
	/*
	 * SP in use: of the interrupted exception level if PSTATE selects it,
	 * else SP_EL0. If the PE was in AArch32: R13 of User mode.
	 */
	uint64_t sp;
	uint64_t pc;
	uint64_t pstate; /* in the layout of SPSR_ELx */
	uint32_t number; /* the event's */
	uint32_t cpu;    /* index of the CPU that it runs on */
	/* Non-VHE hosts: where it was. Else SDEI_FROM_PSTATE: pstate tells. */
	uint32_t from;
};

#define SDEI_FROM_PSTATE 0
#define SDEI_FROM_HOST   1 /* EL1 or EL0 of this kernel */
#define SDEI_FROM_GUEST  2 /* EL1 or EL0 of another */
#define SDEI_FROM_EL2    3 /* the code at EL2 */

/*
 * A handler: the embedder's, per event. It runs with all exceptions masked, on
 * this CPU's stack for the event's priority, without FP/SIMD of its own. A
 * critical event's may interrupt a normal one's. It must return, or end in
 * sdei_client_crash(). What it returns goes to EVENT_COMPLETE (5.1.6): anything
 * but SDEI_HANDLED means SDEI_FAILED, and then the interrupted code goes
 * on at once even if an interrupt could have been taken there.
 */
typedef int sdei_handler(const struct sdei_interrupted *interrupted,
			 void *argument);

/* What goes wrong with nobody there to return it to: see ops->trouble. */
enum sdei_trouble {
	/*
	 * The interface is disabled from now on; told once. `event` is the
	 * function identifier that was answered badly, `detail` the answer.
	 */
	SDEI_TROUBLE_DISABLED,
	/* The handler of `event` took an exception; `detail` is its ELR_ELx. */
	SDEI_TROUBLE_EXCEPTION,
	/* The handler of `event` ran over the end of its stack. */
	SDEI_TROUBLE_STACK,
	/*
	 * While the handler of `event` ran, `detail` events of the same
	 * priority came on this CPU, which no dispatcher may do. They were
	 * refused (SDEI_FAILED).
	 */
	SDEI_TROUBLE_NESTED,
	/*
	 * The dispatcher did not take `event` back: it answered `detail`. If
	 * the embedder returns, EVENT_COMPLETE is tried once, and if that is
	 * refused, too, then this comes again and this PE waits for ever.
	 */
	SDEI_TROUBLE_REFUSED,
};

/* One line for people, without a full stop. [any] */
static inline const char *sdei_trouble_text(enum sdei_trouble what)
{
	switch (what) {
	case SDEI_TROUBLE_DISABLED:
		return "the dispatcher is absent or broken, SDEI is disabled";
	case SDEI_TROUBLE_EXCEPTION:
		return "an event's handler took an exception";
	case SDEI_TROUBLE_STACK:
		return "an event's handler ran over the end of its stack";
	case SDEI_TROUBLE_NESTED:
		return "an event came while one of its priority was running";
	case SDEI_TROUBLE_REFUSED:
		return "the dispatcher refused the end of an event";
	default:
		return "unknown";
	}
}

/* The embedder's operations. `context` is the pointer given in the config. */
struct sdei_client_ops {
	/* Index of the calling CPU in the table, 0 to cpu_count - 1. */
	unsigned (*cpu)(void *context);
	/*
	 * Call function(argument) on `cpu`, which may be the calling one, not
	 * preempted, and return true when it is done; false if that CPU is not
	 * running. Whoever waits in lock() must still be reached.
	 */
	bool (*run_on)(void *context, unsigned cpu,
		       void (*function)(void *argument), void *argument);
	/* Serialise [task] functions. NULL both if the embedder does it. */
	void (*lock)(void *context);
	void (*unlock)(void *context);
	/*
	 * Tell somebody. All but SDEI_TROUBLE_DISABLED come in place of the
	 * handler, with its stack and its limits; that one with the lock held.
	 * Calls nothing of the client's. `event` and `detail` depend on `what`.
	 */
	void (*trouble)(void *context, enum sdei_trouble what, unsigned cpu,
			uint32_t event, int64_t detail);
};

/* What a handler needs and the interrupted code may have changed. */
#define SDEI_RECREATE_TPIDR_EL1 (1u << 0)
#define SDEI_RECREATE_TPIDR_EL2 (1u << 1) /* at EL2 only */
#define SDEI_RECREATE_SP_EL0    (1u << 2)
#define SDEI_RECREATE_X18       (1u << 3)
#define SDEI_RECREATE_PAN       (1u << 4) /* set to 1; needs FEAT_PAN */

/*
 * One CPU. Read by sdei_client_init() (affinity) and whenever the CPU comes up
 * (the rest).
 */
struct sdei_client_cpu {
	uint64_t affinity; /* MPIDR_EL1 & SDEI_AFFINITY_MASK */
	/*
	 * The lowest addresses of its stacks for normal and critical handlers,
	 * stack_size bytes each, aligned to 16. A page below that is not mapped
	 * catches an overflow at once; without one the lowest word tells.
	 */
	void *stack[2]; /* by SDEI_PRIORITY_* */
	/* Values for what config.recreate names. */
	uint64_t tpidr_el1, tpidr_el2, sp_el0, x18;
};

struct sdei_client_config {
	/* Not copied: both must outlive the client. */
	const struct sdei_client_cpu *cpus;
	const struct sdei_client_ops *ops;
	void *context;
	unsigned cpu_count;   /* 1 to 4096: all that may ever come up */
	unsigned event_count; /* registered or bound at a time, 1 to 4096 */
	size_t stack_size;    /* bytes, a multiple of 16, at least 1024 */
	enum sdei_conduit conduit; /* not SDEI_CONDUIT_NONE */
	uint32_t recreate;         /* SDEI_RECREATE_* */
	/*
	 * How to make a call, if not by sdei_smc() or sdei_hvc(); NULL: by
	 * these. Handlers are left, and a stub is called, by the conduit in any
	 * case.
	 */
	int64_t (*call)(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
			uint64_t x4, uint64_t x5);
	/*
	 * What is registered as the entry point; 0: sdei_entry. A kernel whose
	 * own mapping may be absent when an event comes gives a trampoline to
	 * it (and must find its way out: docs/client.md); a non-VHE host gives
	 * sdei_stub_entry as EL2 sees it.
	 */
	uint64_t entry_point;
	/*
	 * Non-VHE hosts: this kernel is at EL1, events come to sdei_stub_entry
	 * at EL2. el2_offset is added to an address of the client's memory to
	 * get the one under which EL2 has it, with the same attributes.
	 */
	bool stub;
	uint64_t el2_offset;
};

/*
 * Bytes of memory for a client with this configuration, or 0 if it is not
 * valid.
 */
size_t sdei_client_size(const struct sdei_client_config *config);

/*
 * Make a client in `memory`: `size` bytes, aligned to 16, reachable wherever an
 * event may come. Nothing is called yet, and the interface is disabled. On
 * success returns the client, which is `memory`. On failure returns NULL, and
 * *why (if `why` is not NULL) says what is wrong: memory too small or not
 * aligned, a count or the stack size out of range, a missing operation, a
 * missing table, no conduit, an affinity given twice or not one, a stub without
 * an entry point.
 */
struct sdei_client *sdei_client_init(void *memory, size_t size,
				     const struct sdei_client_config *config,
				     const char **why);

/*
 * ---- Discovery (Appendix C). Returns how to call the dispatcher, or
 * SDEI_CONDUIT_NONE: then *why is NULL if nothing says that there is one, else
 * it tells what is malformed. `why` may be NULL.
 */

/*
 * From ACPI: the SDEI table, which says that there is one, and the FADT, which
 * says how. Pointers to the whole tables and how many bytes can be read there;
 * `sdei` NULL: there is no such table. Checked: signatures, lengths, checksums,
 * that SDEI's revision is not 0, that the FADT has the ARM boot flags (5.1 up)
 * and says that there is PSCI.
 */
enum sdei_conduit sdei_acpi_conduit(const void *sdei, size_t sdei_size,
				    const void *fadt, size_t fadt_size,
				    const char **why);

/*
 * From a device tree: /firmware/sdei, compatible "arm,sdei-1.0", method "smc"
 * or "hvc". A node that is not "okay" is none. In libsdei-fdt.a; needs libfdt.
 * `tree` has passed fdt_check_full() or is trusted; its header is looked at.
 */
enum sdei_conduit sdei_fdt_conduit(const void *tree, const char **why);

/*
 * ---- Probe, once, when run_on() works. [task]
 *
 * Ask for the version (5.1.1: major 1), then PRIVATE_RESET on every CPU that
 * run_on() reaches, SHARED_RESET, and PE_UNMASK on all of these. A handler that
 * a former kernel left running on one of them is abandoned. Anything but the
 * expected answers disables the interface: ops->trouble() is told once, here.
 * SDEI_NOT_SUPPORTED: there is no dispatcher, or of another major version;
 * SDEI_ERROR_*; or what a reset answered. SDEI_DENIED: it was probed before.
 */
int sdei_client_probe(struct sdei_client *client);

/* SDEI_VERSION as probed: see abi.h; 0 while disabled. [any] */
uint64_t sdei_client_version(const struct sdei_client *client);

/*
 * ---- Events. [task] A private event is registered, enabled and so on, on
 * every CPU that is up, and on each that comes up later.
 */

/*
 * Register `handler` with `argument` for event `number` (5.1.2); it starts
 * disabled, a shared one routed to any CPU. If one CPU fails, all of them are
 * undone. SDEI_INVALID_PARAMETERS: no such event, or no handler. SDEI_DENIED:
 * registered already, or a handler of the last registration still runs.
 * SDEI_OUT_OF_RESOURCE: event_count are in use.
 */
int sdei_client_register(struct sdei_client *client, uint32_t number,
			 sdei_handler *handler, void *argument);

/*
 * Enable (5.1.3): the handler may be entered before this returns. If one CPU
 * fails, all are disabled again. SDEI_DENIED: not registered.
 */
int sdei_client_enable(struct sdei_client *client, uint32_t number);

/*
 * Disable (5.1.4) on every CPU, also after one has failed. A handler that runs
 * goes on. What triggers the event from now on stays pending.
 */
int sdei_client_disable(struct sdei_client *client, uint32_t number);

/*
 * Unregister (5.1.8) on every CPU, also after one has failed. SDEI_SUCCESS: the
 * handler will not run any more and its argument may go. SDEI_PENDING: in
 * progress; the event is not registered any more, but its handler still runs
 * somewhere: call again, later, until it is SDEI_SUCCESS. Nothing waits here.
 * SDEI_DENIED: not registered. Another error: the dispatcher contradicts
 * itself, and the handler must be expected to run; it may be called again.
 */
int sdei_client_unregister(struct sdei_client *client, uint32_t number);

/*
 * Route a shared event that is registered and disabled (5.1.11): to one CPU,
 * or, with -1, to any. While that CPU is down the event goes to any.
 * SDEI_INVALID_PARAMETERS: no such CPU, or a private event. SDEI_DENIED: not
 * registered, enabled, or running.
 */
int sdei_client_route(struct sdei_client *client, uint32_t number, int cpu);

/*
 * Bind an interrupt (5.1.14): a PPI (16 to 31) makes a private event, an SPI
 * (32 up) a shared one; *number is its number. The interrupt must be disabled,
 * inactive and Group 1, and is the dispatcher's until it is released.
 * SDEI_OUT_OF_RESOURCE: event_count are in use, or the dispatcher has no slot.
 * Binding what is bound gives its number again.
 */
int sdei_client_bind(struct sdei_client *client, uint32_t interrupt,
		     uint32_t *number);

/*
 * Release the interrupt of event `number` (5.1.15), which must be unregistered.
 * SDEI_INVALID_PARAMETERS: not bound. SDEI_DENIED: registered, or its handler
 * still runs.
 */
int sdei_client_release(struct sdei_client *client, uint32_t number);

/*
 * EVENT_STATUS (5.1.9) of any event, as seen on `cpu`: SDEI_STATUS_* bits, or
 * an error. For a shared event any CPU will do. Needs run_on(), not the lock.
 */
int sdei_client_status(struct sdei_client *client, uint32_t number,
		       unsigned cpu);

/* EVENT_GET_INFO (5.1.10), of any event: its answer, or an error. [any] */
int64_t sdei_client_info(struct sdei_client *client, uint32_t number,
			 uint32_t what);

/* FEATURES (5.1.17): its answer, or an error. [any] */
int64_t sdei_client_features(struct sdei_client *client, uint32_t feature);

/*
 * Signal event 0 to `cpu` (5.1.16), masked or not, itself included. What was
 * written before is seen by its handler. [any]
 */
int sdei_client_signal(struct sdei_client *client, unsigned cpu);

/*
 * ---- Masking. [cpu] [any] They nest: mask() returns 1 if it masked events on
 * this CPU, 0 if they were masked before, or an error; unmask() takes what
 * mask() returned and unmasks if that is 1.
 */
int sdei_client_mask(struct sdei_client *client);
int sdei_client_unmask(struct sdei_client *client, int masked);

/*
 * ---- Power. One call at each named point; what must be done, and in which
 * order, is done inside (6.5).
 */

/*
 * This CPU came up (CPU_ON), can run its part of run_on(), and its entry in the
 * table of CPUs is filled. Events are registered and enabled here, then
 * unmasked. On an error this CPU stays masked, with nothing registered, and
 * does not count as up. [task] [cpu]
 */
int sdei_client_cpu_up(struct sdei_client *client);

/*
 * This CPU is about to go off (CPU_OFF): masked, shared events routed to it go
 * to any, private ones are unregistered. SDEI_DENIED: one of its handlers runs;
 * it is down nevertheless. [task] [cpu]
 */
int sdei_client_cpu_down(struct sdei_client *client);

/*
 * This CPU is about to be suspended to a state it may leave through its entry
 * point; and: it was, or it was not because that failed. Between the two no
 * event comes here. Registrations stay. [cpu] [any]
 */
int sdei_client_cpu_suspend(struct sdei_client *client);
int sdei_client_cpu_resume(struct sdei_client *client);

/*
 * The whole system is about to be suspended, this is the last CPU, all others
 * went through cpu_down(); and: it was, or it was not. Events that the firmware
 * forgot meanwhile are registered again. [task] [cpu]
 */
int sdei_client_system_suspend(struct sdei_client *client);
int sdei_client_system_resume(struct sdei_client *client);

/*
 * Hibernation, with every CPU that is up reachable. freeze() before the image
 * is made: everything is unregistered and masked, and remembered. SDEI_PENDING:
 * a handler still runs, nothing was frozen: try again. thaw(), in the image
 * that was restored, or if there was none: resets whatever used SDEI meanwhile,
 * then binds, registers, routes and enables as it was, then unmasks. Events of
 * bound interrupts may have other numbers then: sdei_client_bind() tells. On an
 * error the interface is disabled. [task]
 */
int sdei_client_freeze(struct sdei_client *client);
int sdei_client_thaw(struct sdei_client *client);

/*
 * Reboot, power-off, kexec, before other CPUs are stopped: mask everywhere,
 * reset everything, and disable the interface. The first error is returned and
 * nothing is left out for it. [task]
 */
int sdei_client_shutdown(struct sdei_client *client);

/*
 * Crash. On the CPU that crashes, and on each other as it is stopped; in a
 * handler or not: masks, and ends the handlers that run here without returning
 * to what they interrupted. Returns on the stack it was called on, so a handler
 * goes on as ordinary code. ELR_ELx and SPSR_ELx are lost. When all CPUs have
 * been through it the next kernel can reset and begin anew. Returns how many
 * handlers it ended: 0, 1 or 2. [cpu] [any]
 */
unsigned sdei_client_crash(struct sdei_client *client);

/*
 * What the handler that runs on `cpu` with this priority interrupted, or NULL
 * if none does. For dumps: good as long as the handler runs. [any]
 */
const struct sdei_interrupted *
sdei_client_interrupted(const struct sdei_client *client, unsigned cpu,
			unsigned priority);

/*
 * ---- Assembly. None of these is called from C but the two calls.
 */

/* One call: x0 = fid, x1 to x5; x6 to x17 are taken to be lost. */
int64_t sdei_smc(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		 uint64_t x4, uint64_t x5);
int64_t sdei_hvc(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3,
		 uint64_t x4, uint64_t x5);

/* Where events come in, at the client's exception level. */
void sdei_entry(void);

/*
 * Non-VHE hosts, at EL2. sdei_stub_entry: where events come in.
 * sdei_stub_call: the EL2 vector for HVC from EL1 jumps here, with all
 * registers as they came, if w0 is SDEI's (0xC4000020 to 0xC400003F) or
 * SDEI_STUB_PREPARE; it ends with an ERET. EL2's memory holds both; addresses
 * in the client's memory are translated by el2_offset.
 */
void sdei_stub_entry(void);
void sdei_stub_call(void);

/*
 * The library's own call to sdei_stub_call: the state of EL1 as it is now is
 * this CPU's world for handlers. Made when a CPU comes up. An embedder that
 * changes its EL1 system registers afterwards calls this. SDEI_NOT_SUPPORTED:
 * there is no stub. [cpu] [any]
 */
#define SDEI_STUB_PREPARE 0xC600DE11
int sdei_client_world(struct sdei_client *client);

SDEI_END_C

#endif
