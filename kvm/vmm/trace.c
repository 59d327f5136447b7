/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What happened lately, by the system counter: the clock that the firmware, the
 * host and the VMM share.
 */
#include "vmm.h"

#include <stdio.h>

#define ENTRIES 256
#define GIGA    UINT64_C(1000000000)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	uint64_t time; /* ns */
	const char *what;
	uint32_t event;
	unsigned vcpu;
	uint64_t address;
} entries[ENTRIES];
static unsigned count;

uint64_t trace_ticks(void)
{
	uint64_t ticks;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(ticks));
	return ticks;
}

uint64_t trace_hz(void)
{
	uint64_t frequency;

	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
	return frequency;
}

uint64_t trace_now(void)
{
	const uint64_t ticks = trace_ticks(), frequency = trace_hz();

	return ticks / frequency * GIGA + ticks % frequency * GIGA / frequency;
}

void trace_add(const char *what, uint32_t event, unsigned vcpu,
	       uint64_t address)
{
	unsigned i;

	pthread_mutex_lock(&lock);
	i = count++ % ENTRIES;
	entries[i].time = trace_now();
	entries[i].what = what;
	entries[i].event = event;
	entries[i].vcpu = vcpu;
	entries[i].address = address;
	pthread_mutex_unlock(&lock);
}

void trace_show(FILE *out)
{
	unsigned first = 0;

	pthread_mutex_lock(&lock);
	if (count > ENTRIES)
		first = count - ENTRIES;
	for (unsigned n = first; n < count; n++) {
		unsigned i = n % ENTRIES;

		fprintf(out,
			"trace time=%llu %s event=0x%x pe=%u address=0x%llx\n",
			(unsigned long long)entries[i].time, entries[i].what,
			entries[i].event, entries[i].vcpu,
			(unsigned long long)entries[i].address);
	}
	pthread_mutex_unlock(&lock);
	fprintf(out, "ok lost=%u\n", first);
}
