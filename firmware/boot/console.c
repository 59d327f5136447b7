/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages on UART0, a PL011, and the end of the road when there is one.
 *
 * EL3 stays alive when the boot stage halts: it is entered by interrupts and
 * answers on its own UART.
 */
#include <stdarg.h>

#include <mmio.h>
#include <platform.h>
#include <print.h>

#include "boot.h"

void console_start(void)
{
	mmio_write32(PLAT_UART0_BASE + UART_CR, 0);
	mmio_write32(PLAT_UART0_BASE + UART_IBRD, 13); /* 115200 at 24 MHz */
	mmio_write32(PLAT_UART0_BASE + UART_FBRD, 1);
	mmio_write32(PLAT_UART0_BASE + UART_LCR_H, UART_LCR_H_8N1_FIFO);
	mmio_write32(PLAT_UART0_BASE + UART_CR, UART_CR_ON);
}

static void print(const char *prefix, const char *text, va_list args)
{
	uart_printf(PLAT_UART0_BASE, "opensdei: %s", prefix);
	uart_vprintf(PLAT_UART0_BASE, text, args);
	uart_printf(PLAT_UART0_BASE, "\n");
}

void say(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	print("", text, args);
	va_end(args);
}

void fail(const char *text, ...)
{
	va_list args;

	va_start(args, text);
	print("error: ", text, args);
	va_end(args);
	while (mmio_read32(PLAT_UART0_BASE + UART_FR) & UART_FR_BUSY)
		;
	for (;;)
		__asm__ volatile("wfi");
}

void boot_exception(uint64_t esr, uint64_t elr, uint64_t far)
{
	fail("unexpected exception in the boot stage at EL%u: "
	     "ESR 0x%lx (class 0x%x), ELR 0x%lx, FAR 0x%lx",
	     current_el(), esr, (unsigned)(esr >> 26 & 0x3f), elr, far);
}
