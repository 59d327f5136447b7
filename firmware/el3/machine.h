/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the machine layer offers to the rest of the EL3 firmware (ras/, the
 * control line). All of it may be called from any PE.
 */
#ifndef EL3_MACHINE_H
#define EL3_MACHINE_H

#include <mmio.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PEs that the machine has, as gic_find_pes() found them. */
unsigned machine_pe_count(void);
/* Index of the calling PE. */
unsigned machine_self(void);
/* Is this PE on, as PSCI sees it? */
bool machine_pe_is_on(unsigned pe);
/* What AFFINITY_INFO says of it (PSCI 5.7.1): 0 on or suspended, 1 off, 2 on its way. */
unsigned machine_psci_state(unsigned pe);
/* MPIDR affinity value of a PE: Aff3 in [39:32], Aff2-0 in [23:0]. */
uint64_t machine_affinity(unsigned pe);

/* Can Non-secure RAM be at this physical address? */
bool machine_is_ram(uint64_t address);

/*
 * 32 bits of a function's configuration space; all ones if there is none. Bits
 * 31:24 segment, 23:16 bus, 15:11 device, 10:8 function; a multiple of 4.
 */
uint32_t machine_pcie_read(uint32_t sbdf, unsigned offset);
/*
 * BOOT_FID_PCIE, before the hand-off: where it is. False: not aligned to 2 MiB, or
 * not of 1 to 256 buses. mmu.c makes it visible.
 */
bool pcie_set(uint64_t start, uint64_t size);
bool mmu_map_pcie(uint64_t start, uint64_t size);
/* mmu.c: of RAM what lies from PLAT_KERNEL_BASE on, `size` bytes, in units of 2 MiB. */
void mmu_map_trace(uint64_t size);
/* mmu.c: let PE 0, while it is alone, see the second redistributors. */
void mmu_map_gicr2(void);

/* The system counter, and its frequency in Hz. */
uint64_t machine_time(void);
uint64_t machine_time_hz(void);
/*
 * Call ras_poll() on the calling PE after so many ticks of the counter, once,
 * also if the PE has gone off or to sleep by then. Asking again moves the moment.
 */
void machine_poll_after(uint64_t ticks);

/* Is an SGI of the client's pending or active on this PE? */
bool machine_pe_has_sgi(unsigned pe);

/* A spin lock. Never held over a return to the client. */
typedef struct {
	uint32_t taken;
} spinlock;
void spin_lock(spinlock *lock);
bool spin_try(spinlock *lock); /* taken, or somebody has it */
void spin_unlock(spinlock *lock);

/* Print on the console; %s %c %d %u %x %lx %016lx and %% are understood. */
void console_printf(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
/* report.c: an abort of EL3 itself means that there is too little RAM. */
extern volatile bool machine_probes;
/* This machine does not fit: say why, and end it. */
void refuse(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
/* Say what is wrong and stop this PE. For bugs of the firmware only. */
void panic(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

#endif
