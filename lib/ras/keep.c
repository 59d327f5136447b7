/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one place that writes to memory that outlasts a reset: the unit tests have
 * another, where power goes at any byte.
 */
#include "keep.h"

void keep_write(void *to, const void *from, size_t bytes)
{
	__builtin_memcpy(to, from, bytes);
	__atomic_thread_fence(__ATOMIC_RELEASE);
}
