/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the library's files share.
 *
 * The one thing to know: a vcpu's registers and its PE in the dispatcher are
 * touched by the vcpu's own thread alone. Everybody else leaves a note (one bit
 * an event, one a line) and kicks the vcpu, whose next KVM_RUN ends with EINTR.
 * There, and behind a hypercall exit, nothing of the guest is half done (an MMIO
 * exit leaves its instruction unfinished until the next KVM_RUN): these are the
 * only two places where a vcpu's registers change.
 */
#ifndef KVM_INTERNAL_H
#define KVM_INTERNAL_H

#include <sdei/kvm.h>

#include <pthread.h>

/* A frame as words: x0 to x17, PC, PSTATE; bit n of a mask is word n. */
#define WORDS       (SDEI_CONTEXT_REGISTERS + 2)
#define WORD_PC     SDEI_CONTEXT_REGISTERS
#define WORD_PSTATE (SDEI_CONTEXT_REGISTERS + 1)
#define ALL_WORDS   ((1u << WORDS) - 1)
#define BIT(word)   (1u << (word))

union frame {
	struct sdei_context context;
	uint64_t word[WORDS];
};
_Static_assert(sizeof(union frame) == WORDS * sizeof(uint64_t), "frame");

struct vcpu {
	struct sdei_kvm *vm;
	unsigned index;
	int fd;
	struct kvm_run *run;
	uint64_t affinity;
	int thread;  /* 0: not attached yet */
	bool kicked; /* its next KVM_RUN ends at once */
	bool asked;  /* a call is not answered yet */
	/* A frame, which words of it count; the vcpu's own, which are known. */
	union frame frame, there;
	uint32_t have, known;
	int error;       /* errno of the first access that failed */
	uint64_t *notes; /* private events raised and not yet seen */
	uint64_t table;  /* of the kernel that called here (takeover.c) */
	bool leave;      /* to go off: that kernel is dead */
	struct sdei_kvm_counts counts;
};

struct line {
	uint32_t interrupt;
	bool edge;
	bool high;  /* what the device says */
	bool bound; /* the dispatcher has it */
};

struct sdei_kvm {
	struct sdei_kvm_config config;
	const struct sdei_kvm_system *system;
	struct sdei_config dispatcher_config;
	struct sdei_dispatcher *dispatcher;
	size_t dispatcher_size;
	struct sdei_event_info *events;
	struct vcpu *vcpus;
	uint64_t *notes; /* shared events raised and not yet seen */
	uint64_t *line_notes;
	pthread_rwlock_t running;  /* held by who is inside KVM_RUN */
	pthread_mutex_t stop_lock; /* held by who keeps all out of it */
	bool stopping;             /* it is, or is about to be */
	pthread_mutex_t line_lock; /* high and bound of the lines */
	struct line *lines;
	bool strange; /* a state was loaded that binds no line */
};

/*
 * In one order for all: some of them are "I wrote mine, now I look at yours", on both
 * sides. An acquire that C lets pass a release before it would not do.
 */
#define load(p)        __atomic_load_n((p), __ATOMIC_SEQ_CST)
#define store(p, v)    __atomic_store_n((p), (v), __ATOMIC_SEQ_CST)
#define exchange(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)

#define NOTE_WORDS(n) (((n) + 63) / 64)

/* system.c: the real one; and a handler for a signal that has none. */
extern const struct sdei_kvm_system kvm_system;
bool kvm_signal_prepare(int signal);

/* registers.c. All of them do nothing once v->error is set. */
uint64_t kvm_read(struct vcpu *v, uint64_t id);
void kvm_write(struct vcpu *v, uint64_t id, uint64_t value);
/* Forget what is known of the vcpu's registers: it has run. */
void kvm_frame_forget(struct vcpu *v);
/* Words of `mask` that the frame has not yet: from the vcpu. */
void kvm_frame_fetch(struct vcpu *v, uint32_t mask);
/* The vcpu goes on with what the frame has. */
void kvm_frame_store(struct vcpu *v);

/* notes.c */
void kvm_note(uint64_t *notes, unsigned index);
void kvm_kick(struct vcpu *v);
/* Kick a vcpu that will see notes that are for any. */
void kvm_kick_any(struct sdei_kvm *vm);
/* Tell the dispatcher, as vcpu `v`, what was noted for it or for any. */
void kvm_notes_deal(struct vcpu *v);
void kvm_notes_clear(struct sdei_kvm *vm);

/* lines.c */
struct line *kvm_line_find(struct sdei_kvm *vm, uint32_t interrupt);
int kvm_line_check(void *context, uint32_t interrupt);
void kvm_line_take(void *context, unsigned pe, uint32_t interrupt);
void kvm_line_end(void *context, unsigned pe, uint32_t interrupt);
void kvm_line_give(void *context, uint32_t interrupt);

/*
 * gic.c: is the interrupt Inactive for the guest? SDEI_SUCCESS or SDEI_DENIED;
 * finds out how it triggers.
 */
int kvm_gic_check(struct sdei_kvm *vm, struct line *line);

/* takeover.c: at a call; when the client resets; when the vcpu is off. */
void kvm_takeover_look(struct vcpu *v);
void kvm_takeover_reset(void *context, unsigned pe, bool shared);
void kvm_takeover_forget(struct vcpu *v);

/* run.c: tell config->watch of a step; `values`: which of x0 to x5 it has. */
void kvm_tell(struct vcpu *v, enum sdei_kvm_step step, uint32_t values);

/* ops.c */
extern const struct sdei_ops kvm_ops;

#endif
