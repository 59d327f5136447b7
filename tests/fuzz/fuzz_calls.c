/* SPDX-License-Identifier: BSD-2-Clause */
/* Fuzzing the calls: three clients, everything delivered as soon as it can be. */
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct world w;

	make_world(&w, bytes, size);
	while (w.next < w.end)
		one_call(&w);
	settle(&w);
	return 0;
}
