/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this folder share.
 */
#ifndef RAS_INTERNAL_H
#define RAS_INTERNAL_H

#include <ras/ras.h>

#include <platform.h>

/* hardware.c: what the unit tests replace. */
/* Where EL3 sees physical address `address`. */
void *ras_memory(uint64_t address);
/* MIDR_EL1 of the calling PE. */
uint64_t ras_midr(void);
/* Seconds since 1970-01-01 00:00:00 UTC, by the real-time clock. */
uint32_t ras_time(void);

/* ras.c: how the client's memory and time are reached, and all the rest. */
extern const struct sdei_ras_ops ras_ops;
/* Say of PE `pe` what the section does not. */
void ras_fill_processor(struct sdei_cper_processor *section, unsigned pe);

/* What the machine knows of the function that a section names. False: no such. */
bool pcie_fill(struct sdei_cper_pcie *section, unsigned severity);

/*
 * bert.c: keep a fatal record over resets; show at the start what is kept; see
 * whether the kernel has consumed what was shown (in a shared area that still
 * holds it: before the start clears it, too); count.
 */
void bert_keep(const struct sdei_record *record);
void bert_show(void);
void bert_look(void);
void bert_count(struct ras_kept *kept);

/* erst.c: fill the registers; the doorbell rang. */
void erst_start(void);
void erst_serve(void);

/* einj.c: fill the registers and arm the doorbell, or see that it is deaf. */
void einj_start(bool publish);

/*
 * raise.c: operations of struct sdei_ras_ops; the dispatcher's events. For `source`
 * raise_event() also takes:
 */
#define RAISE_DUMP PLAT_RAS_SOURCES /* PLAT_EVENT_DUMP */
void raise_start(struct sdei_dispatcher *dispatcher);
int raise_event(void *context, unsigned source, unsigned pe, const char **why);
bool raise_is_out(void *context, unsigned source, unsigned pe);
enum sdei_ras_readiness raise_readiness(void *context, unsigned source,
					unsigned pe);

#endif
