/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client's memory as lib/ras finds it: plain accesses by the embedder's
 * operations. And what the compiler calls for.
 */
#ifndef CLIENT_MEMORY_H
#define CLIENT_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define get(p)    (*(const volatile __typeof__(*(p)) *)(p))
#define put(p, v) (*(volatile __typeof__(*(p)) *)(p) = (v))

/* A client's barriers: what was read before comes first; all before. */
#define after_reading() __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define after_all()     __atomic_thread_fence(__ATOMIC_SEQ_CST)

void *memcpy(void *to, const void *from, size_t n); /* support.c */
void *memmove(void *to, const void *from, size_t n);
int memcmp(const void *one, const void *other, size_t n);

/* No record moves up here. */
void *memmove(void *to, const void *from, size_t n)
{
	(void)from, (void)n;
	return to;
}

int memcmp(const void *one, const void *other, size_t n)
{
	const char *a = one, *b = other;

	while (n && get(a) == get(b))
		a++, b++, n--;
	return n != 0;
}

static bool client_read(void *context, uint64_t address, void *to, size_t bytes)
{
	(void)context;
	memcpy(to, (const void *)address, bytes);
	return true;
}

static bool client_write(void *context, uint64_t address, const void *from,
			 size_t bytes)
{
	(void)context;
	memcpy((void *)address, from, bytes);
	return true;
}

#endif
