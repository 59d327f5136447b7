/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the assembly finds things: offsets in bytes, asserted in init.c.
 */
#ifndef CLIENT_LAYOUT_H
#define CLIENT_LAYOUT_H

/* struct registration, which an event's x1 points to */
#define REG_LEVEL     0
#define REG_EVENT     8
#define REG_LEVEL_EL2 16

/* struct event, of a shared event: its registration comes first */
#define EVENT_SCRATCH 24 /* four words */
#define EVENT_PLACES  56
#define EVENT_OFFSET  64
#define EVENT_SHIFT   72 /* 32 bits */
#define EVENT_LEVEL   76 /* 32 bits */

/* struct place */
#define PLACE_AFFINITY 0
#define PLACE_CPU      8
#define PLACE_SIZE     16

/* struct level: the interrupted context first */
#define LEVEL_X       0
#define LEVEL_SP      248
#define LEVEL_PC      256
#define LEVEL_PSTATE  264
#define LEVEL_FROM    280 /* 32 bits */
#define LEVEL_RUNNING 288
#define LEVEL_ARRIVED 296
#define LEVEL_STACK   304
#define LEVEL_EL2     312
#define LEVEL_HVC     320 /* 32 bits */
#define LEVEL_NESTED  324 /* 32 bits */
#define LEVEL_OWN_SP  328
#define LEVEL_STUB    336

/* struct stub, in a level: what stub.S keeps; see there */
#define STUB_WORLD  (LEVEL_STUB + 0)
#define STUB_ENTRY  (LEVEL_STUB + 8)
#define STUB_OFFSET (LEVEL_STUB + 16)
#define STUB_SP     (LEVEL_STUB + 24)
#define STUB_X      (LEVEL_STUB + 32) /* x4 to x9 */
#define STUB_X30    (LEVEL_STUB + 80)
#define STUB_ELR    (LEVEL_STUB + 88)  /* and SPSR */
#define STUB_ESR    (LEVEL_STUB + 104) /* and FAR */
#define STUB_VBAR   (LEVEL_STUB + 120)
#define STUB_BACK   (LEVEL_STUB + 128) /* an HVC's ELR, SPSR */
#define STUB_GOING  (LEVEL_STUB + 144) /* x0, x1, x30, to */
#define STUB_LIVE   (LEVEL_STUB + 176) /* a world */

/* A world: system registers of EL1, and those of EL2 that bear on it. */
#define WORLD_WORDS 16
#define WORLD_VBAR  8 /* a word's index */
#define WORLD_HCR   (8 * 10)
/* Behind this CPU's own world: the kernel's VBAR_EL2, for who gives up. */
#define WORLD_VBAR_EL2 (8 * WORLD_WORDS)

/* Calls from EL1 to the stub, beside SDEI_STUB_PREPARE of client.h. */
#define STUB_PREPARE 0xC600DE11
#define STUB_ABANDON 0xC600DE12

/* 2^32 / golden ratio: spreads affinities over the table of places. */
#define PLACE_FACTOR 0x9E3779B1

#endif
