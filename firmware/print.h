/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formatted output to a UART, for EL3 and the boot stage. The console is UART0,
 * which the client owns once it runs; the control line is UART1. Both are
 * PL011s.
 */
#ifndef FIRMWARE_PRINT_H
#define FIRMWARE_PRINT_H

#include <stdarg.h>
#include <stdint.h>

/* A PL011 (Arm DDI 0183), as far as it is used here. */
#define UART_DR             0x00
#define UART_FR             0x18
#define UART_FR_BUSY        (1u << 3)
#define UART_FR_RXFE        (1u << 4)
#define UART_FR_TXFF        (1u << 5)
#define UART_IBRD           0x24
#define UART_FBRD           0x28
#define UART_LCR_H          0x2C
#define UART_LCR_H_8N1_FIFO 0x70
#define UART_CR             0x30
#define UART_CR_ON          0x301 /* enable, transmit, receive */
#define UART_IMSC           0x38
#define UART_INT_RX         (1u << 4 | 1u << 6) /* data, or data and silence */
#define UART_ICR            0x44

void uart_vprintf(uint64_t uart, const char *format, va_list args);
void uart_printf(uint64_t uart, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
