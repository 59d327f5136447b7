/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of the guest's error sources. All of it is written from what the
 * library knows, so a page there that goes bad is no loss: it is given back to the
 * host, and a new one filled.
 *
 * Several sources share a page, and who finds it bad holds one source's lock. So
 * the page is stale until he has left the library and has all of it filled. Until
 * then nothing is read from it (a status word would look cleared, and a record
 * as taken) or written to it (it would show half a record): it counts that somebody
 * wanted to, and is filled once more if that was later. Who had found the page good
 * just before looks again when he has read or written.
 */
#include "records.h"

#include <pthread.h>
#include <stdio.h>

#define PAGE  UINT64_C(4096)
#define PAGES (RAS_SIZE / PAGE)

/* A guest's page there that goes bad so often is none that a new one helps. */
#define RENEW_MAX 16

/* Of a page that becomes new, and of one that is known to be filled. */
static pthread_mutex_t renewing = PTHREAD_MUTEX_INITIALIZER;
static unsigned renewed;
/* Whoever wants a page filled counts; it is stale unless it was since. */
static uint32_t wanted[PAGES], filled[PAGES];
static __thread bool filling;

static unsigned page_of(uint64_t address)
{
	return (unsigned)((address - RAS_BASE) / PAGE);
}

static void want(unsigned page)
{
	__atomic_fetch_add(&wanted[page], 1, __ATOMIC_RELEASE);
}

/* With the lock of the source, which who fills its memory has had by then. */
static bool is_stale(uint64_t address)
{
	const unsigned page = page_of(address);

	return __atomic_load_n(&filled[page], __ATOMIC_RELAXED) !=
	       __atomic_load_n(&wanted[page], __ATOMIC_RELAXED);
}

void records_memory_reset(void)
{
	renewed = 0;
	for (unsigned i = 0; i < PAGES; i++)
		wanted[i] = filled[i] = 0;
}

/* Nobody has it filled, and says so, while this goes on. */
static bool renew(struct vmm *vmm, uint64_t page)
{
	const uint64_t zero = 0;

	while (__atomic_fetch_add(&renewed, 1, __ATOMIC_RELAXED) < RENEW_MAX) {
		/* Before it is new: who finds zeros there finds this. */
		want(page_of(page));
		__atomic_thread_fence(__ATOMIC_RELEASE);
		if (!poison_renew(vmm, page))
			return false;
		if (!guest_write(vmm, page, &zero, sizeof(zero)))
			continue;
		want(page_of(page));
		return true;
	}
	return false;
}

bool records_memory_new(struct vmm *vmm, uint64_t address)
{
	bool good;

	pthread_mutex_lock(&renewing);
	good = renew(vmm, address & ~(PAGE - 1));
	pthread_mutex_unlock(&renewing);
	return good;
}

/* Is what was read from there not a new page's? */
static bool was_good(uint64_t address)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !is_stale(address);
}

/* If what was written there went to a new page, that is filled once more. */
static void fill_if_new(uint64_t address)
{
	if (filling)
		return;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (is_stale(address))
		want(page_of(address));
}

bool records_read(void *context, uint64_t address, void *to, size_t bytes)
{
	if (is_stale(address))
		return false;
	if (guest_read(context, address, to, bytes))
		return was_good(address);
	/* A new page has nothing to tell. */
	records_memory_new(context, address);
	return false;
}

/* Whose memory is it? */
static const char *name_at(uint64_t address)
{
	const uint64_t offset = address - RAS_BASE;

	return vmm_sources[offset < PAGE ? offset / SDEI_RAS_PAIR_SIZE
					 : offset / SOURCE_BLOCK_SIZE - 1]
		.name;
}

bool records_write(void *context, uint64_t address, const void *from,
		   size_t bytes)
{
	if (!filling && is_stale(address)) {
		want(page_of(address));
		return true;
	}
	if (guest_write(context, address, from, bytes)) {
		fill_if_new(address);
		return true;
	}
	if (records_memory_new(context, address))
		return true;
	fprintf(stderr,
		"sdei-vmm: the error source %s has only bad memory: its errors are dropped\n",
		name_at(address));
	return false;
}

/* Filled for all that was wanted until then. */
static void note_filled(unsigned page, uint32_t until)
{
	pthread_mutex_lock(&renewing);
	if ((int32_t)(until - filled[page]) > 0)
		__atomic_store_n(&filled[page], until, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&renewing);
}

bool records_memory_fill(struct sdei_ras *ras)
{
	bool good = true;

	for (unsigned i = 0; i < PAGES; i++) {
		uint32_t until;

		while ((until = __atomic_load_n(&wanted[i],
						__ATOMIC_ACQUIRE)) !=
		       __atomic_load_n(&filled[i], __ATOMIC_ACQUIRE)) {
			filling = true;
			good &= sdei_ras_renew(ras, RAS_BASE + i * PAGE, PAGE);
			filling = false;
			note_filled(i, until);
		}
	}
	return good;
}
