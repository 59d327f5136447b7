/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error sources: from "this went bad" to a record in a GHESv2 status block and
 * an event (ACPI 6.5, chapter 18). For firmware, and for a VMM's guests.
 *
 * Each source has one status block in the client's memory, which holds one record
 * until the client acknowledges it. What comes meanwhile waits in the source's
 * queue. docs/ras.md says what is guaranteed to an error.
 *
 * The embedder gives memory, a table of sources and a few operations. There are no
 * globals; several of these can live in one process. Each source has a lock of
 * its own; all functions here may be called on any PE at any time, the same one
 * too, but for what an operation's comment says.
 *
 * The client's memory is read and written by the embedder's operations only. All
 * that is believed of it is bit 0 of the acknowledgement, and whether a status
 * word is zero.
 */
#ifndef SDEI_RAS_H
#define SDEI_RAS_H

#include <sdei/cper.h>

SDEI_BEGIN_C

struct sdei_ras;

/* What errors a source takes: by the first section of their record. */
enum sdei_ras_class {
	SDEI_RAS_MEMORY,    /* SDEI_SECTION_MEMORY, _MEMORY2 */
	SDEI_RAS_PROCESSOR, /* SDEI_SECTION_PROCESSOR */
	SDEI_RAS_PCIE,      /* SDEI_SECTION_PCIE */
	SDEI_RAS_PLATFORM,  /* all others, and raw records */
	SDEI_RAS_CLASSES,
};

/*
 * How the client is told (ACPI 6.5, 18.3.2.9). `vector` is what HEST says there:
 * an SDEI event's number, a GSIV; 0 where it has none.
 */
#define SDEI_RAS_NOTIFY_POLLED  0
#define SDEI_RAS_NOTIFY_GSIV    1 /* external interrupt */
#define SDEI_RAS_NOTIFY_GPIO    7
#define SDEI_RAS_NOTIFY_SEA     8
#define SDEI_RAS_NOTIFY_SEI     9
#define SDEI_RAS_NOTIFY_GSIV_CE 10 /* GSIV */
#define SDEI_RAS_NOTIFY_SDEI    11

/* A source: fixed. Its index in the table is its number in the HEST. */
struct sdei_ras_source {
	const char *name;    /* "memory-corrected", ... */
	uint8_t error_class; /* enum sdei_ras_class */
	uint8_t severity;    /* SDEI_CPER_CORRECTED, _RECOVERABLE, _FATAL */
	uint8_t notify;      /* SDEI_RAS_NOTIFY_* */
	bool is_private;     /* the event is private: a PE must be chosen */
	uint32_t vector;     /* event or GSIV */
	uint32_t poll_ms;    /* SDEI_RAS_NOTIFY_POLLED: how often; else 0 */
	uint64_t registers;  /* physical address of its pair, SDEI_RAS_PAIR_* */
	uint64_t block;      /* of its status block */
};

/* A source's pair of 64-bit registers: client's memory, 16 bytes. */
#define SDEI_RAS_PAIR_SIZE  0x10
#define SDEI_RAS_PAIR_BLOCK 0x00 /* address of its status block */
#define SDEI_RAS_PAIR_ACK   0x08 /* bit 0: the block may be rewritten */

/* How good a PE is for a private event: sdei_ras_ops.readiness. */
enum sdei_ras_readiness {
	SDEI_RAS_OFF,
	SDEI_RAS_ON,   /* it cannot take it: masked, not registered, ... */
	SDEI_RAS_ABLE, /* if not now, then when its handlers end */
	SDEI_RAS_FREE, /* runs no handler */
};

/* What became of a raised event; a PE's index, if one takes it. */
#define SDEI_RAS_WAITS (-1) /* it is pending */
#define SDEI_RAS_TAKEN (-2) /* taken by now, by a PE that is not known */

struct sdei_ras_lock {
	uint32_t taken; /* the embedder's to use */
};

/*
 * The embedder's operations. `context` is the pointer in struct sdei_ras_config.
 * Source and PE are given by index. raise, out and readiness are called with the
 * source's lock held: none of them may call back. The client's memory may fail
 * (poison): then `false`; the embedder may mend it and try again, or report it.
 */
struct sdei_ras_ops {
	/* Registers and status words are aligned, and to be one access each;
	 * other bytes of a record may lie anywhere. The source's lock is held. */
	bool (*read)(void *context, uint64_t address, void *to, size_t bytes);
	bool (*write)(void *context, uint64_t address, const void *from,
		      size_t bytes);
	/* Time in ticks of any rate (config->tick_hz), monotonic. */
	uint64_t (*now)(void *context);
	/* Have sdei_ras_poll() called at that time, by anybody; an earlier such
	 * request stands. Whoever calls it forgets the request before, not after:
	 * it may ask again. */
	void (*poll_at)(void *context, uint64_t at);
	/*
	 * Raise the source's event: for a private one on PE `pe`, else where it
	 * may. Returns the index of the PE that takes it, or SDEI_RAS_WAITS or
	 * SDEI_RAS_TAKEN; *why says in one clause why it waits or moved, or is "".
	 * Whoever takes it must see what was written before: sdei_raise() and
	 * sdei_kvm_raise() see to it, an interrupt needs a DSB in front.
	 */
	int (*raise)(void *context, unsigned source, unsigned pe,
		     const char **why);
	/* Is the source's event pending, or does its handler run, on `pe` (if it
	 * is private) or anywhere? */
	bool (*out)(void *context, unsigned source, unsigned pe);
	/* Private events only. */
	enum sdei_ras_readiness (*readiness)(void *context, unsigned source,
					     unsigned pe);
	/*
	 * Is there work that a handler on this PE left to an interrupt that the
	 * client sent to itself? With SGIs: one of the client's is pending or
	 * active there. NULL: the client has always room.
	 */
	bool (*behind)(void *context, unsigned pe);
	/*
	 * Take and give back a lock; it is 0 while free. NULL, both: what is
	 * called here is never called twice at a time.
	 */
	void (*lock)(void *context, struct sdei_ras_lock *lock);
	void (*unlock)(void *context, struct sdei_ras_lock *lock);
};

struct sdei_ras_config {
	/* Not copied: must outlive the struct sdei_ras. */
	const struct sdei_ras_source *sources;
	unsigned source_count; /* 1 to 64 */
	unsigned pe_count;     /* 1 to 4096 */
	/* Records of a source that the HEST asks the client to have room for; as
	 * many are out, at most, that it has not worked on. 1 to 65535 */
	unsigned preallocated;
	uint32_t block_size; /* bytes of each status block; 1024 and more */
	uint32_t
		queue_size; /* bytes of each queue: SDEI_RECORD_MAX to 64 KiB */
	uint64_t tick_hz;   /* of ops->now: 1000 and more */
	const struct sdei_ras_ops *ops;
	void *context;
};

/* Bytes of memory that such a configuration needs, as a constant: an upper bound. */
#define SDEI_RAS_SOURCE_BYTES 192 /* and its queue */
#define SDEI_RAS_BOUND(sources, pes, queue_size) \
	(256 + (sources) * (SDEI_RAS_SOURCE_BYTES + (queue_size)) + 12 * (pes))

/*
 * Make it in `memory`: `size` bytes, aligned to 16. Nothing in the client's
 * memory is touched. NULL, and *why (if `why` is not NULL) says what is wrong:
 * a number out of range, too little memory, an operation missing.
 */
struct sdei_ras *sdei_ras_init(void *memory, size_t size,
			       const struct sdei_ras_config *config,
			       const char **why);

/*
 * A client begins: fill every source's pair of registers, and its block with what
 * is out or with nothing. False: the client's memory is bad; a source that was given
 * up for that, whose errors are dropped, is tried again if its own is good now.
 */
bool sdei_ras_publish(struct sdei_ras *ras);

/* The source for a record: by its first section and its severity; -1: none. */
int sdei_ras_find(const struct sdei_ras *ras, const struct sdei_record *record);

/* What became of a report. */
enum sdei_ras_fate {
	SDEI_RAS_DELIVERED, /* shown, and PE `pe` takes the event */
	SDEI_RAS_PENDING,   /* shown, and the event waits: `why` */
	SDEI_RAS_QUEUED,    /* it waits: `why` */
	SDEI_RAS_DROPPED,   /* the queue is full: counted, and told of later */
};

struct sdei_ras_outcome {
	uint32_t sequence; /* counts reports from 1 */
	enum sdei_ras_fate fate;
	int pe;          /* with SDEI_RAS_DELIVERED; else -1 */
	const char *why; /* one clause for people, or "" */
};

/*
 * Report an error at a source. `record` is sound (sdei_record_wrong()) and is
 * copied; if it has no sequence number, it gets the next one. False: it is no record for a block or
 * a queue of that size, or there is no such source.
 */
bool sdei_ras_report(struct sdei_ras *ras, unsigned source,
		     struct sdei_record *record,
		     struct sdei_ras_outcome *outcome);

/* The next report's sequence number, taken: for who reports elsewhere. */
uint32_t sdei_ras_sequence(struct sdei_ras *ras);

/*
 * A handler of the source's event is about to be entered on that PE; has ended
 * there, whichever way: the acknowledgement is looked for.
 */
void sdei_ras_entered(struct sdei_ras *ras, unsigned source, unsigned pe);
void sdei_ras_left(struct sdei_ras *ras, unsigned source, unsigned pe);
/* The time of ops->poll_at has come; more often does no harm. */
void sdei_ras_poll(struct sdei_ras *ras);
/* A PE went off: what it held is nobody's, events that waited there go on. */
void sdei_ras_pe_off(struct sdei_ras *ras, unsigned pe);
/*
 * Has some source as many records out as it may? Then ops->behind decides, and an
 * embedder whose answer is not always up to date brings it there.
 */
bool sdei_ras_full(const struct sdei_ras *ras);
/* A client begins: what an earlier one had still to work on is gone with it. */
void sdei_ras_client_reset(struct sdei_ras *ras);

/* Where a source stands (lib/ras/source.c has the table). */
enum sdei_ras_state {
	SDEI_RAS_IS_FREE,      /* nothing is shown */
	SDEI_RAS_IS_PUBLISHED, /* a record is shown, its event raised */
	SDEI_RAS_IS_SEEN,      /* and a handler entered */
	SDEI_RAS_IS_OVERDUE,   /* handlers ended without acknowledgement */
	SDEI_RAS_STATES,
};

/* injected = acknowledged + dropped + queued + (state is not free). */
struct sdei_ras_counters {
	uint64_t injected, published, acknowledged, dropped;
	uint64_t held;         /* had to wait until the client had room */
	uint64_t raised_again; /* the event, for want of an acknowledgement */
	uint64_t withdrawn;    /* made way for another record */
	uint64_t since;  /* ops->now, when what is shown was; 0: nothing is */
	unsigned queued; /* waiting now */
	enum sdei_ras_state state;
};

/* Looks for an acknowledgement first. False: there is no such source. */
bool sdei_ras_count(struct sdei_ras *ras, unsigned source,
		    struct sdei_ras_counters *counters);

/*
 * The client's memory at [address, address + bytes) was replaced, and is to be
 * filled with what was there, in whole registers and blocks. False: that failed,
 * too. A source that was given up is tried again.
 */
bool sdei_ras_renew(struct sdei_ras *ras, uint64_t address, size_t bytes);

/*
 * All of its state, for a guest that migrates. sdei_ras_save() returns the bytes
 * that it wrote, or, if `size` is too small, what it needs, having written
 * nothing. sdei_ras_load() believes nothing of them: false, and *why says what
 * is wrong, and the struct sdei_ras is as it was made. Of what the client has yet
 * to work on nothing is known then: every PE counts as behind. No other function
 * runs meanwhile. Of a handler that runs in what is loaded the embedder tells by
 * sdei_ras_entered(), for sdei_ras_left() will be called. ops->poll_at is called.
 */
size_t sdei_ras_save(const struct sdei_ras *ras, void *buffer, size_t size);
bool sdei_ras_load(struct sdei_ras *ras, const void *buffer, size_t size,
		   const char **why);

SDEI_END_C

#endif
