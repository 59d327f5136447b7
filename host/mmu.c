/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Address spaces of processes and guests: each has two pages of tables, a few
 * pages of text that all share, and data of its own. start.S has the kernel's.
 */
#include "host.h"

#define TABLE     3
#define PAGE      3
#define ACCESSED  (1u << 10)
#define SHAREABLE (3u << 8)
/* Stage 1, as a process sees it; the kernel may not execute any of it. */
#define S1_NORMAL     (1u << 2)
#define S1_USER       (1u << 6)
#define S1_READ_ONLY  (1u << 7)
#define S1_NOT_GLOBAL (1u << 11)
#define S1_PXN        (UINT64_C(1) << 53)
#define S1_UXN        (UINT64_C(1) << 54)
/* Stage 2. */
#define S2_NORMAL (0xfu << 2)
#define S2_READ   (1u << 6)
#define S2_WRITE  (2u << 6)

#define PAGE_SIZE 4096u
#define SLOTS     (4 * MAX_CPUS)

extern uint64_t kernel_l2[], empty_table[];
extern uint8_t user_text[], user_text_end[], guest_text[], guest_text_end[];

/* One level 1 table and the level 2 and 3 ones for its first 8 MiB. */
struct space {
	uint64_t l1[512], l2[512], text[512], data[512];
} __attribute__((aligned(4096)));

static struct space processes[SLOTS], guests[SLOTS];

uint64_t phys(const void *address)
{
	uint64_t a = (uint64_t)address;

	if (a < IMAGE_BASE)
		return a - LINEAR_BASE;
	return a - IMAGE_BASE + (kernel_l2[0] & UINT64_C(0xffffff000));
}

void *virt(uint64_t physical)
{
	return (void *)(LINEAR_BASE + physical);
}

static void map(uint64_t *l3, const uint8_t *from, uint64_t size,
		uint64_t attributes)
{
	for (uint64_t at = 0; at < size; at += PAGE_SIZE)
		l3[at / PAGE_SIZE] = phys(from + at) | PAGE | ACCESSED |
				     SHAREABLE | attributes;
}

static void link(struct space *s)
{
	s->l1[0] = phys(s->l2) | TABLE;
	s->l2[USER_TEXT >> 21] = phys(s->text) | TABLE;
	s->l2[USER_DATA >> 21] = phys(s->data) | TABLE;
	dsb();
}

_Static_assert(USER_TEXT == GUEST_TEXT && USER_DATA == GUEST_DATA,
	       "link() serves both");

uint64_t mmu_process(unsigned slot, const uint8_t *data)
{
	struct space *s = &processes[slot];

	map(s->text, user_text, (uint64_t)(user_text_end - user_text),
	    S1_NORMAL | S1_USER | S1_READ_ONLY | S1_NOT_GLOBAL | S1_PXN);
	map(s->data, data, USER_DATA_SIZE,
	    S1_NORMAL | S1_USER | S1_NOT_GLOBAL | S1_PXN | S1_UXN);
	link(s);
	return phys(s->l1) | (uint64_t)(slot + 1) << 48;
}

uint64_t mmu_guest(unsigned slot, const uint8_t *data)
{
	struct space *s = &guests[slot];

	map(s->text, guest_text, (uint64_t)(guest_text_end - guest_text),
	    S2_NORMAL | S2_READ);
	map(s->data, data, GUEST_DATA_SIZE, S2_NORMAL | S2_READ | S2_WRITE);
	link(s);
	return phys(s->l1) | (uint64_t)(slot + 1) << 48;
}

uint64_t mmu_empty(void)
{
	return phys(empty_table);
}
