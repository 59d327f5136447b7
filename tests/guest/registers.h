/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What burn checks: every register that user space can see and that an event
 * must give back. registers.S reads and writes it by the offsets below.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

#define REGISTERS_V    0   /* v0-v31 */
#define REGISTERS_X    512 /* x0-x28 */
#define REGISTERS_NZCV 744
#define REGISTERS_FPCR 752
#define REGISTERS_FPSR 760
#define REGISTERS_SIZE 768

#ifndef __ASSEMBLER__
#include <stdint.h>

struct registers {
	uint64_t v[32][2];
	uint64_t x[29];
	uint64_t nzcv, fpcr, fpsr;
};

/*
 * Load all of *from, compute for `rounds` with everything live, store all to
 * *to. Changes x28 and d31, from themselves and x26, x27, d29 and d30, and
 * FPSR; everything else must arrive as it left.
 */
void registers_hold(const struct registers *from, struct registers *to,
		    uint64_t rounds);
#endif
#endif
