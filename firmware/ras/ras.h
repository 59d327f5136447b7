/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error records: what turns "this address went bad" into a CPER record in a
 * GHES status block and an SDEI event (ACPI 6.5 chapter 18, UEFI 2.10
 * appendix N). The machine layer calls in; nothing here knows of the GIC or of
 * exception levels.
 *
 * One error source per kind and severity (platform.h: PLAT_EVENT_*). Each has one
 * status block that holds one record until the kernel acknowledges it (GHESv2);
 * what comes meanwhile waits in a queue in Secure memory. docs/ras.md says what
 * is guaranteed to an error.
 */
#ifndef RAS_H
#define RAS_H

#include <sdei/dispatcher.h>

enum ras_kind { RAS_MEMORY, RAS_PROCESSOR };
enum ras_severity { RAS_CORRECTED, RAS_RECOVERABLE, RAS_FATAL };

/* Which of the optional fields of struct ras_error are given. */
#define RAS_HAS_ADDRESS (1u << 0)
#define RAS_HAS_MASK    (1u << 1)
#define RAS_HAS_NODE    (1u << 2)
#define RAS_HAS_CARD    (1u << 3)
#define RAS_HAS_MODULE  (1u << 4)
#define RAS_HAS_BANK    (1u << 5)
#define RAS_HAS_ROW     (1u << 6)
#define RAS_HAS_COLUMN  (1u << 7)
#define RAS_HAS_TYPE    (1u << 8)

struct ras_error {
	enum ras_kind kind;
	enum ras_severity severity;
	unsigned pe;      /* PE index: target of a processor's event */
	uint32_t has;     /* RAS_HAS_* */
	uint64_t address; /* physical, bytes */
	uint64_t mask;    /* which bits of the address are valid */
	uint16_t node, card, module, bank, row, column;
	uint8_t type;  /* memory error type, UEFI 2.10 N.2.5: 0-15 */
	uint32_t time; /* seconds since 1970: ras_inject() sets it */
};

enum ras_disposition {
	RAS_DELIVERED, /* record published, `pe` takes the event now */
	RAS_PENDING,   /* record published, the event waits (`reason`) */
	RAS_QUEUED,    /* it waits (`reason`) */
	RAS_DROPPED,   /* queue full: counted, reported in the next record */
};

struct ras_outcome {
	uint32_t event;
	uint32_t sequence; /* counts injections from 1 */
	int pe;            /* valid with RAS_DELIVERED */
	enum ras_disposition disposition;
	/*
	 * One clause for people, or "": why it waits, or, with RAS_DELIVERED,
	 * that another PE than asked for takes the event.
	 */
	const char *reason;
};

/* Numbers of one source, for status reports. */
struct ras_counters {
	const char *name; /* "memory-corrected", ... */
	uint32_t event;
	uint64_t injected, published, acknowledged, dropped;
	uint64_t held;         /* had to wait until the kernel had room */
	uint64_t raised_again; /* the event, for want of an acknowledgement */
	uint64_t withdrawn;    /* made way for another record */
	unsigned queued;       /* waiting now */
	bool busy;             /* a record is published and not acknowledged */
};

/*
 * Start. With `publish` false nothing in Non-secure memory is touched (no ACPI
 * tables describe it): errors then raise their event and leave no record.
 * Fatal records of earlier boots, kept in Secure memory over resets until a
 * kernel has consumed them, are shown in the BERT region (ACPI 6.5, 18.3.1) if
 * `publish`.
 * Called once, just before the kernel or payload starts: with `publish` all of
 * the shared area (PLAT_RAS_BASE) is cleared and filled, and the RTC is taken
 * for EINJ's doorbell.
 */
void ras_start(struct sdei_dispatcher *dispatcher, bool publish);

/*
 * Report an error. Returns NULL and fills *outcome, or a message that says
 * what is wrong with the request and what is allowed: ras_start() not called
 * yet, address outside RAM, no such PE, a memory error without an address.
 */
const char *ras_inject(const struct ras_error *error,
		       struct ras_outcome *outcome);

/*
 * A handler of event `number` is about to be entered on PE `pe`, and it has ended
 * there, whichever way: look for its acknowledgement. Called on that PE, for each
 * handler of an error's event, or for all.
 */
void ras_entered(uint32_t number, unsigned pe);
void ras_completed(uint32_t number, unsigned pe);
/* A client begins (SHARED_RESET): what an earlier one held is gone with it. */
void ras_client_reset(void);
/* machine_poll_after() fired: look at every source that waits. */
void ras_poll(void);
/*
 * A PE went off: events that waited for it must reach another. Called when
 * machine_pe_is_on() already says so, and after sdei_pe_off().
 */
void ras_pe_off(unsigned pe);
/* EINJ's doorbell rang (ACPI 6.5, 18.6). */
void ras_doorbell(void);

/* Fatal records that no kernel has consumed, and how many found no place. */
struct ras_kept {
	unsigned kept, lost;
};

void ras_kept(struct ras_kept *kept);

/* Fills *counters of source `index`; false past the last one. */
bool ras_source(unsigned index, struct ras_counters *counters);

#endif
