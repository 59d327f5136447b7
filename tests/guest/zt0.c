/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * zt0 - an unprivileged program that uses SME2's register ZT0, which EL3 can deny it:
 * zeroed, and loaded and stored. Says what came of it. Instructions by their encoding:
 * Debian's assembler may not know SME2.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

#define HWCAP2_BIT_SME2 (UINT64_C(1) << 37) /* the kernel's elf_hwcaps.rst */
#define BYTES           64

/* PSTATE.ZA opens ZT0; V0 to V31 stay what they are without PSTATE.SM. */
static void smstart_za(void)
{
	__asm__ volatile(".inst 0xd503457f" : : : "memory");
}

static void smstop_za(void)
{
	__asm__ volatile(".inst 0xd503447f" : : : "memory");
}

static void zero_zt0(void)
{
	__asm__ volatile(".inst 0xc0480001" : : : "memory");
}

static void load_zt0(const uint8_t *from)
{
	register const uint8_t *x0 __asm__("x0") = from;

	__asm__ volatile(".inst 0xe11f8000" : : "r"(x0) : "memory");
}

static void store_zt0(uint8_t *to)
{
	register uint8_t *x0 __asm__("x0") = to;

	__asm__ volatile(".inst 0xe13f8000" : : "r"(x0) : "memory");
}

int main(void)
{
	static const uint8_t zeros[BYTES];
	uint8_t in[BYTES], zeroed[BYTES], out[BYTES];

	if (!(getauxval(AT_HWCAP2) & HWCAP2_BIT_SME2)) {
		puts("zt0: no SME2");
		return 2;
	}
	for (unsigned i = 0; i < BYTES; i++)
		in[i] = (uint8_t)(i + 1);
	memset(zeroed, 0xff, BYTES);
	smstart_za();
	zero_zt0();
	store_zt0(zeroed);
	load_zt0(in);
	store_zt0(out);
	smstop_za();
	if (memcmp(zeroed, zeros, BYTES) != 0 || memcmp(in, out, BYTES) != 0) {
		puts("zt0: wrong");
		return 1;
	}
	puts("zt0: kept");
	return 0;
}
