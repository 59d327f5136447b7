/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SDEI for KVM guests: the dispatcher embedded in a VMM, on unmodified Linux.
 *
 * The kernel hands the guest's SDEI calls to user space (an SMCCC filter, Linux
 * 6.4), and this library answers them: it changes a vcpu's registers between
 * two KVM_RUN, so that the vcpu goes on in a handler, or where a handler had
 * interrupted it. docs/kvm.md shows where the calls go in a VMM's run loop.
 *
 * What the VMM promises:
 *  - its guest is AArch64 at EL1, its vcpus have KVM_ARM_VCPU_PSCI_0_2, and
 *    each runs in a thread of its own, by sdei_kvm_run() and nothing else;
 *  - it changes no register of a vcpu that has ever run, but between
 *    sdei_kvm_reset() or sdei_kvm_load() and the next run;
 *  - it does not inject an SError or external abort (KVM_SET_VCPU_EVENTS) into
 *    a vcpu whose sdei_kvm_run() has just returned EINTR.
 *
 * Section numbers are those of Arm DEN0054C.
 */
#ifndef SDEI_KVM_H
#define SDEI_KVM_H

#include <sdei/dispatcher.h>

SDEI_BEGIN_C

struct kvm_run;
struct sdei_kvm;

/* A vcpu as KVM gave it: its descriptor, and the mapping of that. */
struct sdei_kvm_vcpu {
	int fd;
	struct kvm_run *run;
};

/*
 * The interrupt of a device that the VMM emulates: an SPI that the guest may
 * bind (5.1.14). Interrupts that arise inside KVM (timers, the PMU, a
 * passed-through device) can be diverted by nobody in user space, so they are
 * refused, as is every PPI.
 */
struct sdei_kvm_line {
	uint32_t interrupt; /* INTID, 32 to 1019 */
	bool edge;          /* without gic_fd: it triggers by rising */
};

/*
 * The system calls the library makes. Only tests replace them. Both may be
 * called by several threads at once, and must not be interrupted for ever.
 */
struct sdei_kvm_system {
	/* As ioctl(2): -1 and errno on failure. */
	int (*ioctl)(void *context, int fd, unsigned long request,
		     void *argument);
	/* Send `signal` to thread `thread` of this process; signal-safe. */
	void (*interrupt)(void *context, int thread, int signal);
	void *context;
};

/* What config->watch is told of; values that are not named are 0. */
enum sdei_kvm_step {
	/* x0 to x5: those that the call has (5.1); or CPU_OFF. */
	SDEI_KVM_CALLED,
	/* x0; not of a call that leaves a handler. */
	SDEI_KVM_ANSWERED,
	/* x0 to x3 of a handler (5.2.1): event, argument, PC, PSTATE. */
	SDEI_KVM_ENTERED,
	/* The vcpu is off now: by CPU_OFF, or since another kernel took over. */
	SDEI_KVM_OFF,
};

struct sdei_kvm_config {
	int vm_fd;
	/*
	 * Every vcpu that the guest can ever have, after KVM_ARM_VCPU_INIT. Its
	 * place here is its PE number. Copied, as everything else is here.
	 */
	const struct sdei_kvm_vcpu *vcpus;
	unsigned vcpu_count; /* 1 to 4096 */
	/* See dispatcher.h. `watched` and `interrupt` are not looked at. */
	const struct sdei_event_info *events;
	unsigned event_count;
	unsigned private_slots, shared_slots;
	unsigned version_minor;
	uint32_t vendor_version;
	const struct sdei_kvm_line *lines;
	unsigned line_count; /* 0 to 988 */
	/*
	 * The guest's GICv3 device. Asked, when the guest binds an interrupt,
	 * whether that is inactive (5.1.14) and how it triggers. -1: an
	 * interrupt that is not high counts as inactive.
	 */
	int gic_fd;
	/*
	 * The signal that gets a vcpu's thread out of KVM_RUN. The library
	 * gives it an empty handler unless it has one. A thread's
	 * sdei_kvm_attach() unblocks it.
	 */
	int signal;
	/*
	 * A handler was entered, or is done (see sdei_ops); called in the
	 * vcpu's thread, may call sdei_kvm_raise(). May be NULL.
	 */
	void (*entered)(void *context, unsigned vcpu, uint32_t number);
	void (*completed)(void *context, unsigned vcpu, uint32_t number,
			  enum sdei_ending how, uint32_t status);
	void *context;
	const struct sdei_kvm_system *system; /* NULL: the real one */
	/*
	 * For a trace: what a vcpu does with SDEI, as it does it, in its thread;
	 * the values are sdei_kvm_step's. May be NULL, and costs nothing then.
	 */
	void (*watch)(void *context, unsigned vcpu, enum sdei_kvm_step step,
		      const uint64_t value[6]);
};

/*
 * Make the SDEI of a VM. Installs the SMCCC filter, so it comes before any
 * vcpu's first KVM_RUN; the calls it takes are SDEI's and PSCI's CPU_OFF, which
 * the library passes on to KVM when the dispatcher knows of it (6.5).
 *
 * On failure returns NULL, and *why (if `why` is not NULL) says what is wrong:
 * the kernel is older than Linux 6.4; a vcpu has already run; the range is
 * filtered already (a second time); a vcpu's register cannot be read (not
 * initialised); a table that sdei_dispatcher_init() refuses; a line out of
 * range or given twice; no memory; a signal that cannot be handled.
 * A filter that is installed stays with the VM.
 */
struct sdei_kvm *sdei_kvm_create(const struct sdei_kvm_config *config,
				 const char **why);
/* Free it; no vcpu runs any more, and nobody raises anything. */
void sdei_kvm_destroy(struct sdei_kvm *vm);

/* The calling thread is vcpu `vcpu`'s from now on. */
void sdei_kvm_attach(struct sdei_kvm *vm, unsigned vcpu);

/*
 * KVM_RUN for a guest with SDEI: stands where ioctl(fd, KVM_RUN, 0) stood.
 * Returns 0 for an exit that the VMM is to handle (run->exit_reason), or -1 and
 * errno:
 *
 * EINTR   A signal or run->immediate_exit ended the run; immediate_exit is 0
 *         again. Look what there is to do and run again. If an event was due,
 *         the vcpu is now at its handler.
 * other   What KVM_RUN failed with, or what a register access of the library
 *         failed with: the VM cannot go on.
 *
 * SDEI's calls are answered inside and never seen outside.
 */
int sdei_kvm_run(struct sdei_kvm *vm, unsigned vcpu);

/*
 * Trigger an event of the table: a private one on vcpu `vcpu`, a shared one
 * where its routing says (`vcpu` is then ignored). It stays pending until its
 * handler is entered; several triggers before that are one (edge semantics).
 * Any thread may call this at any time, and so may a signal handler: it takes
 * no lock and no memory, and the vcpu's thread does the rest.
 * Returns false if there is no such event or vcpu.
 */
bool sdei_kvm_raise(struct sdei_kvm *vm, uint32_t number, unsigned vcpu);

/*
 * Set the level of a device's interrupt: stands where ioctl(vm_fd,
 * KVM_IRQ_LINE) stood for the interrupts in config->lines. It goes to the
 * guest's GIC, or, while the guest has it bound, to its event. From any thread,
 * not from a signal handler. Returns 0, or -1 and errno: EINVAL if the
 * interrupt is not in config->lines, or what KVM_IRQ_LINE failed with.
 */
int sdei_kvm_line(struct sdei_kvm *vm, uint32_t interrupt, bool high);

/*
 * The guest was reset (KVM_EXIT_SYSTEM_EVENT, or the VMM's own will): forget
 * all it had registered, bound, masked and left running (6.5). No vcpu is
 * inside sdei_kvm_run() meanwhile; the VMM resets the vcpus themselves.
 */
void sdei_kvm_reset(struct sdei_kvm *vm);

/*
 * The guest's SDEI for migration: what sdei_save() saves, what was raised and
 * not yet seen, the lines' levels. No vcpu is inside sdei_kvm_run() meanwhile,
 * and its last run returned EINTR (set immediate_exit and run it once more): so
 * nothing is half done in its registers, which the VMM saves itself.
 *
 * sdei_kvm_save() returns the bytes it wrote to `buffer`, or, if `size` is too
 * small (0 will do), what it needs, having written nothing.
 *
 * sdei_kvm_load() is for a new VM with the same events, slots, lines and number
 * of vcpus. On data that no sdei_kvm_save() of such a VM could have written it
 * returns false, *why (if `why` is not NULL) says what is wrong, and the VM is
 * as after sdei_kvm_reset().
 */
size_t sdei_kvm_save(struct sdei_kvm *vm, void *buffer, size_t size);
bool sdei_kvm_load(struct sdei_kvm *vm, const void *buffer, size_t size,
		   const char **why);

/* sdei_query() and sdei_pe_masked() of this VM; safe from any thread. */
bool sdei_kvm_query(const struct sdei_kvm *vm, unsigned vcpu, unsigned index,
		    struct sdei_report *report);
bool sdei_kvm_masked(const struct sdei_kvm *vm, unsigned vcpu);

/*
 * The SGIs that wait at each vcpu's redistributor, or are being handled: bit n of
 * a word is SGI n; of a vcpu that is off none count. A vcpu that has none has
 * taken all the interrupts that its
 * guest sent it: so a VMM can tell whether a kernel has begun to work on what its
 * handlers left for later. Needs gic_fd; false without it, or if KVM does not
 * tell. All vcpus leave KVM_RUN once. From any thread, but not from `entered` or
 * `completed`, nor from a signal handler.
 */
bool sdei_kvm_sgis(struct sdei_kvm *vm, uint32_t *sgis);

/* What SDEI cost on one vcpu, since it was made. */
struct sdei_kvm_counts {
	uint64_t calls;       /* of SDEI, COMPLETE among them */
	uint64_t dispatches;  /* handlers entered */
	uint64_t completions; /* handlers left by a call */
	uint64_t kicks;       /* runs ended to look for events */
	uint64_t register_ioctls;
	/* Most register ioctls for one of each, and the exit that went with it. */
	unsigned dispatch_most, completion_most;
};

/* A snapshot, from any thread; all zero if there is no such vcpu. */
struct sdei_kvm_counts sdei_kvm_count(const struct sdei_kvm *vm, unsigned vcpu);

SDEI_END_C

#endif
