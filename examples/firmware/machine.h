/* SPDX-License-Identifier: BSD-2-Clause */
/* What the firmware knows of QEMU's xlnx-versal-virt, and how to get at it. */
#include <stdint.h>

#define UART_BASE  0xff000000 /* PL011 */
#define GICD_BASE  0xf9000000
#define GICR_BASE  0xf9080000 /* of PE 0, the only one that is served */
#define PAYLOAD    0x60000000
#define INTERRUPTS 224 /* PPIs, and 192 SPIs */

#define reg32(address) (*(volatile uint32_t *)(uint64_t)(address))

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)); \
		value_; \
	})
#define write_sysreg(name, value) \
	__asm__ volatile("msr " #name ", %0\n isb" ::"r"((uint64_t)(value)) \
			 : "memory")

/* gic.c; the last four are the dispatcher's operations (struct sdei_ops). */
void gic_start(void);
int gic_check(void *context, uint32_t interrupt);
void gic_take(void *context, unsigned pe, uint32_t interrupt);
void gic_end(void *context, unsigned pe, uint32_t interrupt);
void gic_give(void *context, uint32_t interrupt);
