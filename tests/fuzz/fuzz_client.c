/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuzzing the error sources: a client that is no friend, and memory that fails. */
#include "ras.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct ras_world w;

	ras_make(&w, bytes, size);
	while (w.next < w.end) {
		ras_step(&w);
		ras_check(&w);
	}
	ras_settle(&w);
	return 0;
}
