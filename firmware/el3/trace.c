/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the trace: the rings merged by time. An entry that is being
 * overwritten while it is read may show a mixture.
 */
#include "pe.h"

static struct trace_ring *ring_of(unsigned i)
{
	return &pe_of(i / TRACE_RINGS)->trace[i % TRACE_RINGS];
}

uint64_t trace_begin(void)
{
	uint64_t lost = 0;

	for (unsigned i = 0; i < TRACE_RINGS * machine_pe_count(); i++) {
		struct trace_ring *ring = ring_of(i);

		ring->end = ring->written;
		ring->next = ring->end < TRACE_ENTRIES
				     ? 0
				     : ring->end - TRACE_ENTRIES;
		lost += ring->next;
	}
	return lost;
}

const struct trace_entry *trace_next(unsigned *pe)
{
	const struct trace_entry *oldest = NULL;
	struct trace_ring *its_ring = NULL;

	for (unsigned i = 0; i < TRACE_RINGS * machine_pe_count(); i++) {
		struct trace_ring *ring = ring_of(i);
		const struct trace_entry *e =
			&ring->entry[ring->next % TRACE_ENTRIES];

		if (ring->next == ring->end ||
		    (oldest && e->time >= oldest->time))
			continue;
		oldest = e;
		its_ring = ring;
		*pe = i / TRACE_RINGS;
	}
	if (oldest)
		its_ring->next++;
	return oldest;
}
