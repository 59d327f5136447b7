/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.S's sweep for AArch32, which cannot be its own loop: each instruction is run by
 * itself, from the exception level above. A program of three instructions in A32 (it,
 * a mark that it came to its end, SVC or HVC) is entered by ERET; whatever exception
 * it makes comes back. T32 has the same encodings of these instructions.
 *
 * MRC and MCR, MRRC and MCRR, LDC and STC of the coprocessors 14 and 15 (system
 * registers) and 10 and 11 (floating point): what could be read gets its own value
 * back, anything else 0. Then SMC.
 */
#include <stddef.h>
#include <stdint.h>

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)); \
		value_; \
	})
#define write_sysreg(name, value) \
	__asm__ volatile("msr " #name ", %0" : : "r"((uint64_t)(value)))

#define UART ((volatile uint32_t *)0x09000000)

#define HCR_TGE   (UINT64_C(1) << 27)
#define HCR_RW    (UINT64_C(1) << 31)
#define HCR_E2H   (UINT64_C(1) << 34)
#define CPACR_FP  (UINT64_C(3) << 20) /* CPTR_EL2 with E2H, too */
#define CPTR_RES1 UINT64_C(0x33ff)
#define SCTLR_EL1 UINT64_C(0x30d00820) /* CP15BEN; AArch64 */
#define SCTLR_EL2 UINT64_C(0x30c50830)
#define SCTLR_32  UINT64_C(0x00c50838) /* CP15BEN; AArch32 */
#define FPEXC_EN  (UINT64_C(1) << 30)
#define USR       UINT64_C(0x1d0) /* A, I and F are masked */
#define SVC_MODE  UINT64_C(0x1d3)

#define READ (1u << 20) /* of all these: read */
#define SMC  0xe1600070u
#define SMCS 16u

#define A32_MARK 0xe3a03001u /* mov r3, #1 */
#define A32_SVC  0xef000000u
#define A32_HVC  0xe1400070u

/* enter_32.S: R0 to R3 in and out. */
void enter_32(uint32_t r[4], uint64_t spsr, const uint32_t *code);
extern char vectors_32[];

void aarch32_below_el2(void);
void aarch32_below_el1(void);

/* Encodings: those that differ from `first` in the bits of `varied`. */
static const struct space {
	uint32_t first, varied;
} spaces[] = {
	{ 0xee000e10, 0x00ef01ef }, /* MCR p14 and p15, R0 */
	{ 0xee000a10, 0x00ef01ef }, /* p10 and p11 */
	{ 0xec410e00, 0x000001ff }, /* MCRR p14 and p15, R0 and R1 */
	{ 0xec410a00, 0x000001ff }, /* p10 and p11 */
	{ 0xed820e00, 0x0040f100 }, /* STC p14 and p15, [R2] */
	{ 0xed820a00, 0x0040f100 }, /* p10 and p11: one register */
};

static _Alignas(4096) uint32_t code[3];
static _Alignas(32) uint32_t vectors_of_el1[8]; /* A32's */
static uint32_t memory[4];
static unsigned ran, tried;

/* Did it come to its end? */
static int execute(uint32_t instruction, uint64_t spsr, uint32_t r[4])
{
	code[0] = instruction;
	r[2] = (uint32_t)(uintptr_t)memory;
	r[3] = 0;
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
	enter_32(r, spsr, code);
	tried++;
	ran += r[3] == 1;
	return r[3] == 1;
}

static void sweep_space(const struct space *s, uint64_t spsr)
{
	uint32_t bits = 0;

	do {
		uint32_t r[4] = { 0 };

		if (!execute(s->first | bits | READ, spsr, r))
			r[0] = r[1] = 0;
		execute(s->first | bits, spsr, r);
		bits = (bits - s->varied) & s->varied;
	} while (bits);
}

static void say(const char *text)
{
	while (*text)
		*UART = (uint8_t)*text++;
}

static void say_number(unsigned n)
{
	if (n >= 10)
		say_number(n / 10);
	*UART = '0' + n % 10;
}

/* From the mode in `spsr`, which leaves by `leave`. */
static void sweep(const char *name, uint64_t spsr, uint32_t leave)
{
	code[1] = A32_MARK;
	code[2] = leave;
	ran = tried = 0;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		sweep_space(&spaces[i], spsr);
	for (uint32_t i = 0; i < SMCS; i++)
		execute(SMC | i, spsr, (uint32_t[4]){ 0 });
	say("trap: ");
	say(name);
	say(", ");
	say_number(ran);
	say(" of ");
	say_number(tried);
	say(" ran\n");
}

/* The firmware's console has one line a second of what traps: let it have one. */
static void wait_a_second(void)
{
	const uint64_t end = read_sysreg(cntpct_el0) +
			     read_sysreg(cntfrq_el0) * 5 / 4;

	while (read_sysreg(cntpct_el0) < end)
		;
}

static unsigned id(uint64_t value, unsigned shift)
{
	return value >> shift & 0xf;
}

/* EL1 in AArch32, and EL0 below it: all of its exceptions lead to HVC. */
static void sweep_el1(void)
{
	for (unsigned i = 0; i < 8; i++)
		vectors_of_el1[i] = A32_HVC;
	write_sysreg(hcr_el2, 0);
	write_sysreg(sctlr_el1, SCTLR_32);
	write_sysreg(vbar_el1, (uintptr_t)vectors_of_el1);
	write_sysreg(fpexc32_el2, FPEXC_EN);
	__asm__ volatile("isb");
	wait_a_second();
	sweep("32-bit EL1", SVC_MODE, A32_HVC);
	sweep("32-bit EL0 of a 32-bit EL1", USR, A32_SVC);
}

void aarch32_below_el2(void)
{
	const uint64_t pfr0 = read_sysreg(id_aa64pfr0_el1);
	const uint64_t e2h = id(read_sysreg(id_aa64mmfr1_el1), 8) ? HCR_E2H : 0;

	write_sysreg(vbar_el2, (uintptr_t)vectors_32);
	write_sysreg(hcr_el2, 0);
	write_sysreg(cptr_el2, CPTR_RES1);
	write_sysreg(cpacr_el1, CPACR_FP);
	write_sysreg(sctlr_el2, SCTLR_EL2);
	__asm__ volatile("isb");
	if (id(pfr0, 4) == 2)
		sweep_el1();
	if (id(pfr0, 0) != 2)
		return;
	write_sysreg(hcr_el2, HCR_RW | HCR_TGE | e2h);
	__asm__ volatile("isb");
	write_sysreg(cptr_el2, e2h ? CPACR_FP : CPTR_RES1);
	__asm__ volatile("isb");
	sweep("32-bit EL0 of EL2", USR, A32_SVC);
	write_sysreg(hcr_el2, 0);
	write_sysreg(cptr_el2, CPTR_RES1);
	__asm__ volatile("isb");
}

void aarch32_below_el1(void)
{
	if (id(read_sysreg(id_aa64pfr0_el1), 0) != 2)
		return;
	write_sysreg(vbar_el1, (uintptr_t)vectors_32);
	write_sysreg(cpacr_el1, CPACR_FP);
	write_sysreg(sctlr_el1, SCTLR_EL1);
	__asm__ volatile("isb");
	sweep("32-bit EL0 of EL1", USR, A32_SVC);
}
