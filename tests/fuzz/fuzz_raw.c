/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzing the whole of it: calls, raises, interrupts, power, and kicks that are
 * served when the bytes say so.
 */
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct world w;

	make_world(&w, bytes, size);
	while (w.next < w.end)
		one_step(&w);
	settle(&w);
	return 0;
}
