/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From reset to the boot stage. PE 0 starts the machine and enters the boot
 * stage at the client's exception level; the others wait, off.
 */
#include "control.h"
#include "gic.h"
#include "hooks.h"
#include "pe.h"
#include "psci.h"

#include <platform.h>

extern const uint8_t boot_image[], boot_image_end[];

void el3_main(unsigned index);

/* The firmware's part of RAM, up to where a kernel begins. */
static void look_for_ram(void)
{
	machine_probes = true;
	*(volatile uint8_t *)(PLAT_KERNEL_BASE - 1) = 0;
	__asm__ volatile("dsb sy");
	machine_probes = false;
}

/* Out of flash, which Non-secure software cannot read, into its memory. */
static void copy_boot_stage(void)
{
	uint8_t *to = (uint8_t *)PLAT_BOOT_BASE;
	size_t size = (size_t)(boot_image_end - boot_image);

	if (size > PLAT_BOOT_SIZE)
		panic("the boot stage does not fit its place");
	__builtin_memcpy(to, boot_image, size);
	for (size_t at = 0; at < size; at += 16)
		__asm__ volatile("dc civac, %0" : : "r"(to + at) : "memory");
	__asm__ volatile("dsb sy\n"
			 "ic iallu\n"
			 "dsb sy\n"
			 "isb");
}

static void start_machine(void)
{
	struct sdei_context context;

	if (!cpu_has_gicv3())
		refuse("this machine has no GICv3: " PLAT_HOW);
	gic_find_pes(platform_pes());
	psci_boot();
	gic_start_pe();
	control_start();
	gic_start_distributor(); /* the other PEs go on */
	control_listen();
	look_for_ram();
	copy_boot_stage();
	cpu_reset_client(&context, PLAT_BOOT_BASE, PLAT_DTB_BASE);
	el3_enter(&context);
}

void el3_main(unsigned index)
{
	cpu_init();
	if (index == 0)
		start_machine();
	gic_start_pe();
	gic_client_interrupts(0);
	psci_wait_off();
}
