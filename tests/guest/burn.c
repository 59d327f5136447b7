/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * burn SECONDS | burn until FILE - compute on every CPU with known values in every register, and
 * look whether they stay what they must be. An event that interrupts this and
 * gives back one wrong bit is found: a register that nothing writes keeps the
 * wrong value until it is looked at, a computed one ends elsewhere.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "registers.h"

/* Loop turns between two looks: nearly all time is spent in the loop. */
#define ROUNDS   20000
#define NZCV_N_C 0xA0000000u
#define FPCR_UP  (1u << 22) /* round to plus infinity */

_Static_assert(offsetof(struct registers, v) == REGISTERS_V, "v");
_Static_assert(offsetof(struct registers, x) == REGISTERS_X, "x");
_Static_assert(offsetof(struct registers, nzcv) == REGISTERS_NZCV, "nzcv");
_Static_assert(offsetof(struct registers, fpcr) == REGISTERS_FPCR, "fpcr");
_Static_assert(offsetof(struct registers, fpsr) == REGISTERS_FPSR, "fpsr");
_Static_assert(sizeof(struct registers) == REGISTERS_SIZE, "size");

static void set_double(uint64_t *place, double value)
{
	memcpy(place, &value, sizeof(value));
}

/* No two registers alike, and no two CPUs. */
static void fill(struct registers *regs, unsigned cpu)
{
	unsigned i;

	memset(regs, 0, sizeof(*regs));
	for (i = 0; i < 29; i++)
		regs->x[i] = 0x0101010101010101u * (i + 1) ^ (uint64_t)(cpu + 1)
								     << 56;
	for (i = 0; i < 32; i++) {
		regs->v[i][0] = 0xA5A5000000000000u | cpu << 16 | i;
		regs->v[i][1] = 0x5A5A000000000000u | cpu << 16 | i;
	}
	set_double(regs->v[31], 1.5);
	set_double(regs->v[30], 0.999);
	set_double(regs->v[29], 0.001 * (cpu + 1));
	regs->nzcv = NZCV_N_C;
	regs->fpcr = FPCR_UP;
}

/* What registers_hold() may change, and nothing else, differs. */
static int plausible(const struct registers *from, const struct registers *to)
{
	struct registers copy = *to;

	copy.x[28] = from->x[28];
	copy.v[31][0] = from->v[31][0];
	copy.v[31][1] = from->v[31][1];
	copy.fpsr = from->fpsr;
	return memcmp(from, &copy, sizeof(copy)) == 0 &&
	       to->x[28] != from->x[28] && to->v[31][0] != from->v[31][0];
}

static void report(unsigned cpu, const struct registers *want,
		   const struct registers *got)
{
	unsigned i;

	for (i = 0; i < 29; i++)
		if (want->x[i] != got->x[i])
			printf("burn: cpu %u: x%u is %#llx, not %#llx\n", cpu,
			       i, (unsigned long long)got->x[i],
			       (unsigned long long)want->x[i]);
	for (i = 0; i < 32; i++)
		if (memcmp(want->v[i], got->v[i], sizeof(want->v[i])) != 0)
			printf("burn: cpu %u: v%u differs\n", cpu, i);
	if (want->nzcv != got->nzcv || want->fpcr != got->fpcr ||
	    want->fpsr != got->fpsr)
		printf("burn: cpu %u: nzcv, fpcr or fpsr differs\n", cpu);
}

/* Is it time to end? There is a file with this name, or so many seconds passed. */
static int over(const char *file, time_t end)
{
	return file ? access(file, F_OK) == 0 : time(NULL) >= end;
}

static int burn(unsigned cpu, const char *file, time_t seconds)
{
	struct registers from, want, got;
	unsigned long rounds, mismatches = 0;
	time_t end = time(NULL) + seconds;

	fill(&from, cpu);
	registers_hold(&from, &want, ROUNDS);
	if (!plausible(&from, &want)) {
		report(cpu, &from, &want);
		mismatches++;
	}
	for (rounds = 1; rounds % 64 != 0 || !over(file, end); rounds++) {
		registers_hold(&from, &got, ROUNDS);
		if (memcmp(&want, &got, sizeof(got)) == 0)
			continue;
		if (mismatches++ == 0)
			report(cpu, &want, &got);
	}
	printf("burn: cpu %u: %lu rounds, %lu mismatches\n", cpu, rounds,
	       mismatches);
	fflush(stdout);
	return mismatches != 0;
}

static int pin(unsigned cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	const char *file = argc == 3 && !strcmp(argv[1], "until") ? argv[2]
								  : NULL;
	int seconds = argc == 2 ? atoi(argv[1]) : 0;
	unsigned cpu, cpus = (unsigned)sysconf(_SC_NPROCESSORS_CONF);
	int status, failed = 0;

	if (seconds <= 0 && !file) {
		fprintf(stderr, "usage: burn SECONDS | burn until FILE\n");
		return 2;
	}
	for (cpu = 0; cpu < cpus; cpu++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("burn: fork");
			return 1;
		}
		/* A CPU that is off cannot be pinned to: nothing to burn. */
		if (pid == 0)
			_exit(pin(cpu) == 0 ? burn(cpu, file, seconds) : 0);
	}
	while (wait(&status) > 0)
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			failed = 1;
	return failed;
}
