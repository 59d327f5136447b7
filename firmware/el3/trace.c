/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the trace: the rings merged by time. An entry that is being
 * overwritten while it is read may show a mixture.
 */
#include "trace.h"

struct trace_ring trace_rings[TRACE_RINGS];

void trace_begin(struct trace_reader *r)
{
	r->lost = 0;
	for (unsigned i = 0; i < TRACE_RINGS; i++) {
		uint32_t written = trace_rings[i].written;

		r->end[i] = written;
		r->next[i] = written < TRACE_ENTRIES ? 0
						     : written - TRACE_ENTRIES;
		r->lost += r->next[i];
	}
}

const struct trace_entry *trace_next(struct trace_reader *r, unsigned *pe)
{
	const struct trace_entry *oldest = NULL;
	unsigned ring = 0;

	for (unsigned i = 0; i < TRACE_RINGS; i++) {
		const struct trace_entry *e =
			&trace_rings[i].entry[r->next[i] % TRACE_ENTRIES];

		if (r->next[i] == r->end[i] ||
		    (oldest && e->time >= oldest->time))
			continue;
		oldest = e;
		ring = i;
	}
	if (oldest)
		r->next[ring]++;
	*pe = ring / 2;
	return oldest;
}
