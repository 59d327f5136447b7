/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error reporting in this firmware: libsdei-ras, embedded. The machine layer calls
 * in; nothing here knows of the GIC or of exception levels.
 *
 * One error source per class and severity (sources.h), with an event each
 * (platform.h: PLAT_EVENT_*). docs/ras.md says what is guaranteed to an error.
 */
#ifndef RAS_H
#define RAS_H

#include <sdei/dispatcher.h>
#include <sdei/ras.h>

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

struct ras_outcome {
	const char *source; /* its name */
	uint32_t event;
	struct sdei_ras_outcome report;
};

/*
 * Report an error. `record` is sound (sdei_record_wrong()); its time is filled in
 * if it has none, its sequence number, and what its processor sections do not
 * say of the PE whose error it is. Returns NULL and fills *outcome, or a message
 * that says what is wrong with the request and what is allowed: ras_start() not
 * called yet, no such PE, a memory error without an address or with one outside
 * RAM, a severity or length that no source takes.
 */
const char *ras_report(struct sdei_record *record, struct ras_outcome *outcome);

/*
 * Ask the kernel for a dump of its state (AGDI, Arm DEN0093): it panics. NULL and
 * *outcome without a sequence number, or a message: ras_start() not called yet.
 */
const char *ras_dump(struct ras_outcome *outcome);

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
bool ras_source(unsigned index, struct sdei_ras_counters *counters);

#endif
