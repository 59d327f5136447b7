/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices that interrupt on demand, for events that are bound to interrupts;
 * and what the client sees of its interrupts in the GIC.
 */
#ifndef CONFORMANCE_SOURCE_H
#define CONFORMANCE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

struct source {
	const char *name;
	uint32_t intid;
	bool shared;         /* an SPI */
	bool edge;           /* configured so before it is bound */
	void (*fire)(void);  /* the line goes up; a PPI's on this PE */
	void (*quiet)(void); /* and down */
};

/* Level-triggered: a timer (PPI), the RTC (SPI). Edge-triggered: the RTC. */
extern const struct source timer_source, rtc_source, rtc_edge_source,
	uart_source;

void timer_fire_in(uint64_t us);
/* All of them; the timer is this PE's. */
void sources_quiet(void);

/* A PPI of this PE or an SPI, as the client's own interrupt. */
void irq_set_edge(uint32_t intid, bool edge);
bool irq_is_edge(uint32_t intid);
void irq_enable(uint32_t intid, bool enable);
bool irq_is_enabled(uint32_t intid);
void irq_set_active(uint32_t intid, bool active);
void irq_set_pending(uint32_t intid, bool pending);
/* To this PE, at a priority it takes. */
void irq_route_here(uint32_t intid);
/* As the client sees it: of a Secure one it is 0 and stays it. */
void irq_set_priority(uint32_t intid, uint8_t priority);
uint8_t irq_priority(uint32_t intid);
/* Of an SPI: to this affinity. */
void irq_set_route(uint32_t intid, uint64_t affinity);
uint64_t irq_route(uint32_t intid);
/* This PE takes no interrupt of the client's, whatever its priority; or all. */
void irq_mask_priorities(bool mask);

#endif
