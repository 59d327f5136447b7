/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher: the half of SDEI that delivers events.
 *
 * It is embedded by whoever runs above the client: EL3 firmware, a hypervisor,
 * a VMM. The embedder gives memory, a table of events and a few operations;
 * the dispatcher answers the client's calls and turns a saved frame into a
 * handler's entry context and back.
 *
 * What the embedder promises:
 *  - every function that takes `pe` is called on behalf of that PE only, and
 *    never twice at the same time for one PE. Different PEs may call at once;
 *  - after any of them that can make an event deliverable, the embedder lets
 *    the PE go on with the frame it was given: sdei_call() and sdei_deliver()
 *    may have made it a handler's;
 *  - ops->kick(pe) leads to sdei_deliver() on that PE, soon.
 *
 * A client can only ever get an answer from the specification. Errors of the
 * embedder (a bad table, too little memory) are reported by
 * sdei_dispatcher_init() and nowhere else.
 *
 * Section numbers are those of Arm DEN0054C.
 */
#ifndef SDEI_DISPATCHER_H
#define SDEI_DISPATCHER_H

#include <sdei/abi.h>
#include <sdei/context.h>
#include <sdei/language.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

SDEI_BEGIN_C

struct sdei_dispatcher;
struct sdei_pe; /* one PE's part of it */

/* One event that the platform offers; fixed for the dispatcher's life. */
struct sdei_event_info {
	uint32_t number;  /* 0, or standard, or vendor space; see abi.h */
	uint8_t type;     /* SDEI_TYPE_PRIVATE or SDEI_TYPE_SHARED */
	uint8_t priority; /* SDEI_PRIORITY_NORMAL or _CRITICAL */
	bool signalable;  /* by EVENT_SIGNAL: event 0 only (5.1.16) */
	bool watched;     /* ops->entered and ops->completed are told */
	/*
	 * The interrupt that triggers it: a PPI (16 to 31) of a private event,
	 * an SPI (32 up) of a shared one; 0 if the embedder raises it. The
	 * embedder has set it up; the client cannot bind it.
	 */
	uint32_t interrupt;
	const char *name; /* for people; may be NULL */
};

/* Registers of the client's exception level (ELc) that the dispatcher reads. */
enum sdei_client_register {
	SDEI_SCTLR_ELC,
	SDEI_VBAR_ELC,
	SDEI_HCR_EL2,   /* asked only when ELc is EL2 */
	SDEI_GCSCR_ELC, /* asked only with SDEI_FEAT_GCS */
};

/* How a handler ends. */
enum sdei_ending {
	SDEI_COMPLETED,   /* EVENT_COMPLETE */
	SDEI_RESUMED,     /* EVENT_COMPLETE_AND_RESUME */
	SDEI_POWERED_OFF, /* its PE went off (6.5.4) */
};

/*
 * The embedder's operations. `context` is the pointer given in sdei_config.
 * read and resume concern the PE that is calling in.
 */
struct sdei_ops {
	/* Value of a register of ELc on this PE. */
	uint64_t (*read)(void *context, unsigned pe,
			 enum sdei_client_register reg);
	/* ELR_ELc <- elr, SPSR_ELc <- spsr on this PE (5.1.7). */
	void (*resume)(void *context, unsigned pe, uint64_t elr, uint64_t spsr);
	/* Make PE `target` call sdei_deliver(). */
	void (*kick)(void *context, unsigned target);
	/* PE index of an affinity value, or -1 if there is no such PE. */
	int (*pe_of_affinity)(void *context, uint64_t affinity);
	/*
	 * Interrupts of bound events, and of events of the table that have one.
	 * All four are needed if there are any of either.
	 *
	 * check: may the client bind it (5.1.14)? SDEI_SUCCESS,
	 * SDEI_INVALID_PARAMETERS (the machine has no such interrupt, or it is
	 * not the client's) or SDEI_DENIED (not in the GIC's Inactive state).
	 * Asked only about PPIs and SPIs below config->interrupt_count.
	 *
	 * take: from now on it is the dispatcher's. Remember its configuration,
	 * let it pre-empt everything of the client's, enable it (a PPI: on
	 * every PE). When it fires, acknowledge it, drop its priority, and call
	 * sdei_interrupt(); it stays active until `end`.
	 *
	 * end: a handler of it is done (5.1.6): deactivate it. A PPI's: on PE
	 * `pe`.
	 *
	 * give: back to the client, disabled, inactive (it may be active, if no
	 * handler of it ran), otherwise configured as it was (5.1.15).
	 */
	int (*interrupt_check)(void *context, uint32_t interrupt);
	void (*interrupt_take)(void *context, unsigned pe, uint32_t interrupt);
	void (*interrupt_end)(void *context, unsigned pe, uint32_t interrupt);
	void (*interrupt_give)(void *context, uint32_t interrupt);
	/*
	 * The client on `pe` has called PRIVATE_RESET or SHARED_RESET, which is
	 * served next. If it is not the client that handlers were entered for
	 * (that one crashed), they will never complete: this is the time for
	 * sdei_pe_off(), here and for each PE that was left behind. May be
	 * NULL.
	 */
	void (*reset)(void *context, unsigned pe, bool shared);
	/*
	 * A handler of a watched event is about to be entered on `pe`, which
	 * was at *interrupted. For tracing; may be NULL.
	 */
	void (*entered)(void *context, unsigned pe, uint32_t number,
			const struct sdei_context *interrupted);
	/*
	 * A watched event's handler is done. `how` tells how it ended, `status`
	 * is what it gave to EVENT_COMPLETE (5.1.6), else SDEI_HANDLED. May
	 * call sdei_raise(). May be NULL.
	 */
	void (*completed)(void *context, unsigned pe, uint32_t number,
			  enum sdei_ending how, uint32_t status);
};

/* What the PEs implement, as far as the entry PSTATE depends on it (5.2.1). */
#define SDEI_FEAT_PAN  (1u << 0)
#define SDEI_FEAT_DIT  (1u << 1)
#define SDEI_FEAT_SSBS (1u << 2)
#define SDEI_FEAT_MTE2 (1u << 3)
#define SDEI_FEAT_NMI  (1u << 4)
#define SDEI_FEAT_EBEP (1u << 5) /* or SPE_EXC, or TRBE_EXC */
#define SDEI_FEAT_GCS  (1u << 6)

struct sdei_config {
	/* Not copied: must outlive the dispatcher. Event 0 must be in it. */
	const struct sdei_event_info *events;
	unsigned event_count; /* 1 to 8192, at most 4096 of each type */
	/* Slots for bound interrupts: with the events at most 4096 of a type. */
	unsigned private_slots, shared_slots;
	bool slots_watched;       /* bound events are watched, too */
	unsigned interrupt_count; /* one more than the highest SPI; 0 to 1020 */
	unsigned pe_count;        /* 1 to 4096 */
	unsigned client_el;       /* 1 or 2 */
	unsigned version_minor;   /* reported by SDEI_VERSION: 0 or 1 */
	uint32_t vendor_version;
	uint32_t features; /* SDEI_FEAT_* */
	const struct sdei_ops *ops;
	void *context;
	/*
	 * Where the PEs' parts lie, for an embedder with a place for each: PE n's
	 * SDEI_PE_BOUND() bytes at pe_memory + n * pe_stride, both multiples of 64.
	 * NULL and 0: behind the rest of the dispatcher's memory.
	 */
	void *pe_memory;
	size_t pe_stride;
};

/*
 * Numbers from here on are those of bound events: no event of the table may
 * have one. Private slots come first.
 */
#define SDEI_EVENT_BOUND 0x40F00000

/*
 * Upper bounds in bytes, as constants, for an embedder that reserves the memory
 * when it is built: of what sdei_dispatcher_size() returns, with the PEs' parts
 * (SDEI_DISPATCHER_BOUND) or without them (SDEI_COMMON_BOUND), and of one part. Count
 * bind slots with the events of their type.
 */
#define SDEI_SET_BOUND(n) (8 * (((n) + 63) / 64))
#define SDEI_PE_BOUND(privates, shareds) \
	((144 + 2 * sizeof(struct sdei_kept) + 32 * (privates) + \
	  3 * SDEI_SET_BOUND(privates) + 2 * SDEI_SET_BOUND(shareds) + 63) / \
	 64 * 64)
#define SDEI_COMMON_BOUND(pes, privates, shareds, interrupts) \
	(1024 + 64 * ((privates) + (shareds)) + 4 * (interrupts) + \
	 40 * (shareds) + 2 * SDEI_SET_BOUND(shareds) + \
	 2 * SDEI_SET_BOUND(pes))
#define SDEI_DISPATCHER_BOUND(pes, privates, shareds, interrupts) \
	(SDEI_COMMON_BOUND(pes, privates, shareds, interrupts) + \
	 (pes) * SDEI_PE_BOUND(privates, shareds))

/*
 * Bytes of memory that a dispatcher with this configuration needs, or 0 if the
 * configuration is not valid.
 */
size_t sdei_dispatcher_size(const struct sdei_config *config);

/*
 * Make a dispatcher in `memory`: `size` bytes, aligned to 16. Every PE starts
 * off and masked, nothing is registered or pending (5.1.12).
 * On success returns the dispatcher, which is `memory`. On failure returns
 * NULL, and *why (if `why` is not NULL) says what is wrong: memory too small
 * or not aligned, PEs' parts that are, too, a count out of range, an event number reserved or given
 * twice, an unknown type or priority, event 0 missing or not (private, normal,
 * signalable), another event signalable, a missing operation, client_el or
 * version_minor out of range.
 */
struct sdei_dispatcher *sdei_dispatcher_init(void *memory, size_t size,
					     const struct sdei_config *config,
					     const char **why);

/*
 * The client is at exception level 1 or 2, whatever config->client_el was: for an
 * embedder that learns it later. Before the first sdei_pe_on(). False if it is
 * neither.
 */
bool sdei_client_at(struct sdei_dispatcher *d, unsigned client_el);

/* Is this function identifier SDEI's to answer? */
static inline bool sdei_is_call(uint64_t fid)
{
	const uint32_t number = fid & UINT32_MAX;

	return number >= SDEI_FID_FIRST && number <= SDEI_FID_LAST;
}

/*
 * PE `pe` executed an SMC or HVC with frame->x[0] in SDEI's range (5.1).
 * frame->pc is already behind the instruction. On return the PE goes on with
 * *frame: the call's result in x0, or a handler's entry, or the context that
 * an EVENT_COMPLETE* gave back. A caller that is not AArch64 at ELc gets
 * SDEI_NOT_SUPPORTED; so does an unknown identifier. The embedder keeps
 * callers of another security state away.
 */
void sdei_call(struct sdei_dispatcher *d, unsigned pe,
	       struct sdei_context *frame);

/*
 * The part of PE `pe`, which lasts as long as the dispatcher; and the same call for
 * those in a hurry, who have it at hand when that PE comes in.
 */
struct sdei_pe *sdei_pe(struct sdei_dispatcher *d, unsigned pe);
void sdei_pe_call(struct sdei_pe *pe, struct sdei_context *frame);

/*
 * Deliver to PE `pe` whatever can be delivered now (5.1.2, the dispatch rule):
 * *frame is what the PE would go on with. Returns true if the frame has become
 * a handler's.
 */
bool sdei_deliver(struct sdei_dispatcher *d, unsigned pe,
		  struct sdei_context *frame);

/* Results of sdei_raise() that are not a PE. */
#define SDEI_RAISE_PENDING (-1) /* nobody can take it now: it waits */
#define SDEI_RAISE_UNKNOWN (-2) /* no such event, or no such PE */

/*
 * Trigger event `number` from PE `self`. A private event is triggered on PE
 * `target`; for a shared one `target` is ignored and its routing decides. The
 * event stays pending until a handler has been entered, whatever the state of
 * the target. Returns the PE that takes it now, or has by the time (if it is
 * `self`: at the next sdei_deliver() there), or one of SDEI_RAISE_*.
 * Several triggers before the handler is entered are one (edge semantics).
 */
int sdei_raise(struct sdei_dispatcher *d, unsigned self, uint32_t number,
	       unsigned target);

/*
 * Dispatch event `number` on PE `pe` as a function call would: if its handler can be
 * entered there now, *frame becomes the handler's, and the result is true. Else it
 * is false and nothing is left pending: there is no such event, or it is a bound
 * one, or not enabled, or running, or routed to another PE; or the PE is masked, or
 * runs a handler of the same or a higher priority.
 *
 * The handler ends by EVENT_COMPLETE, which gives the frame back as it was. So that
 * the caller's result can be put into it then, and not into another handler's that
 * was waiting, the caller holds the PE before, lets it go after, and then calls
 * sdei_deliver(). A held PE takes no event, but that the handlers which it has
 * entered since may be pre-empted by critical events (4.3.2). What it cannot take
 * waits, or goes to other PEs where that is allowed. sdei_pe_off() and
 * sdei_pe_suspend() let it go; being held is not saved by sdei_save().
 */
bool sdei_dispatch_now(struct sdei_dispatcher *d, unsigned pe, uint32_t number,
		       struct sdei_context *frame);
void sdei_hold(struct sdei_dispatcher *d, unsigned pe, bool hold);

/*
 * Hold PE `pe` as sdei_hold() does that is called while the innermost handler there is
 * of `priority`: SDEI_PRIORITY_*, or -1, none; as sdei_pe_priority() has said before.
 * Handlers of a higher priority that run there by now may be pre-empted. For an
 * embedder that finds only after a handler has been entered that the PE must be held,
 * or whose caller was in a handler of a function call itself, and goes on: it holds the
 * PE as before. Another priority than those is taken for -1.
 */
void sdei_hold_at(struct sdei_dispatcher *d, unsigned pe, int priority);

/*
 * Interrupt `interrupt` fired on PE `pe` and was acknowledged there: trigger
 * its event (5.1.14). Returns false if it belongs to no event, as it may just
 * after its release: then the embedder deactivates it.
 */
bool sdei_interrupt(struct sdei_dispatcher *d, unsigned pe, uint32_t interrupt);

/*
 * The same and sdei_deliver() in one, which is shorter when the event can run
 * on this PE at once.
 */
bool sdei_take_interrupt(struct sdei_dispatcher *d, unsigned pe,
			 uint32_t interrupt, struct sdei_context *frame);

/*
 * For those in a hurry, as sdei_pe_call(). Returns false if the interrupt belongs to
 * no event: then it has done nothing, not even delivered what waits.
 */
bool sdei_pe_take_interrupt(struct sdei_pe *pe, uint32_t interrupt,
			    struct sdei_context *frame);

/*
 * The PE comes on (CPU_ON, boot): events masked, no private event registered
 * (5.1.12, 6.5). What is pending for it stays so, but signals are dropped.
 */
void sdei_pe_on(struct sdei_dispatcher *d, unsigned pe);

/*
 * The PE goes off. Handlers that it runs are completed as far as others can
 * see them; shared events it had been offered go to another PE (6.5.4).
 */
void sdei_pe_off(struct sdei_dispatcher *d, unsigned pe);

/*
 * The PE enters a power-down state that it will leave through its entry point:
 * events are masked, registrations stay (6.5). Handlers that it runs end, as
 * with sdei_pe_off(); an embedder that would rather refuse asks
 * sdei_pe_in_handler() first.
 */
void sdei_pe_suspend(struct sdei_dispatcher *d, unsigned pe);

/* What a person wants to know of an event; see sdei_query(). */
struct sdei_report {
	const struct sdei_event_info *info;
	unsigned status; /* as EVENT_STATUS: SDEI_STATUS_* */
	bool pending;
	uint64_t entry_point;
	unsigned routing_mode; /* SDEI_RM_*: RM_PE is a shared event's alone */
	uint64_t affinity;     /* RM_PE; else 0 */
	int running_on;        /* PE index, or -1 */
};

/*
 * Look at the `index`th event of the configuration, as PE `pe` sees it; bound
 * ones follow behind those of the table, a free slot's `info` is NULL. Returns
 * false if there is no such event or PE. Safe from any PE at any time;
 * of an event that is changing just now it may show a mixture.
 */
bool sdei_query(const struct sdei_dispatcher *d, unsigned pe, unsigned index,
		struct sdei_report *report);

/*
 * The priority of the innermost handler that runs on this PE, SDEI_PRIORITY_*, or
 * -1: none runs. Of the PE itself, or a hint.
 */
int sdei_pe_priority(const struct sdei_dispatcher *d, unsigned pe);

/* How many handlers run on this PE, one on top of the other: 0 to 2. */
unsigned sdei_pe_handlers(const struct sdei_dispatcher *d, unsigned pe);

/* Does a handler run on this PE? */
bool sdei_pe_in_handler(const struct sdei_dispatcher *d, unsigned pe);

/*
 * The whole state, for migration: registrations, what is pending, running and
 * saved, masks, bindings; not the configuration. docs/state.md describes the
 * format: version 1, little-endian whatever the machine is. No PE may be inside
 * any function of this dispatcher meanwhile.
 *
 * sdei_save() returns the bytes it wrote to `buffer`, or, if `size` is too
 * small (0 will do), what it needs, having written nothing.
 *
 * sdei_load() puts a dispatcher just made with the same events, slots, PEs and
 * client_el into the saved state. It believes nothing: on data that no
 * sdei_save() of such a dispatcher could have written it returns false, *why
 * (if `why` is not NULL) says what is wrong, and the dispatcher is as it was
 * made. Interrupts that were bound are taken with ops->interrupt_take, without
 * asking ops->interrupt_check. Afterwards let every PE call sdei_deliver().
 */
size_t sdei_save(const struct sdei_dispatcher *d, void *buffer, size_t size);
bool sdei_load(struct sdei_dispatcher *d, const void *buffer, size_t size,
	       const char **why);

/* Are events masked on this PE (5.1.12)? An off PE is masked. */
bool sdei_pe_masked(const struct sdei_dispatcher *d, unsigned pe);

SDEI_END_C

#endif
