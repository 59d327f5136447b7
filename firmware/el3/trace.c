/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the trace: the PEs' rings merged by time. An entry that is being
 * overwritten while it is read may show a mixture.
 */
#include "trace.h"

struct trace_ring trace_rings[PLAT_MAX_PES];

void trace_begin(struct trace_reader *r)
{
	r->lost = 0;
	for (unsigned pe = 0; pe < PLAT_MAX_PES; pe++) {
		uint32_t written = trace_rings[pe].written;

		r->end[pe] = written;
		r->next[pe] = written < TRACE_ENTRIES ? 0
						      : written - TRACE_ENTRIES;
		r->lost += r->next[pe];
	}
}

const struct trace_entry *trace_next(struct trace_reader *r, unsigned *pe)
{
	const struct trace_entry *oldest = NULL;

	for (unsigned i = 0; i < PLAT_MAX_PES; i++) {
		const struct trace_entry *e =
			&trace_rings[i].entry[r->next[i] % TRACE_ENTRIES];

		if (r->next[i] == r->end[i] ||
		    (oldest && e->time >= oldest->time))
			continue;
		oldest = e;
		*pe = i;
	}
	if (oldest)
		r->next[*pe]++;
	return oldest;
}
