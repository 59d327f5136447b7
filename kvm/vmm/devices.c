/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's devices, a PL011 and a PL031, as far as Linux and conformance.bin
 * use them. An access to anything else reads as zero.
 *
 * Characters are sent at once, so the transmitter is always ready; the alarm is
 * raised only for the second in which it is set. Both are levels.
 */
#include "state.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* PL011 (Arm DDI 0183). */
enum {
	DR = 0x00,
	FR = 0x18,
	LCR = 0x2c,
	CR = 0x30,
	IMSC = 0x38,
	RIS = 0x3c,
	MIS = 0x40,
	ICR = 0x44
};
#define FR_TX_EMPTY    (1u << 7)
#define FR_RX_EMPTY    (1u << 4)
#define INT_RX         (1u << 4)
#define INT_TX         (1u << 5)
#define INT_RX_TIMEOUT (1u << 6)

/* PL031 (Arm DDI 0224). */
enum {
	RTC_DR = 0x00,
	RTC_MR = 0x04,
	RTC_LR = 0x08,
	RTC_CR = 0x0c,
	RTC_IMSC = 0x10,
	RTC_RIS = 0x14,
	RTC_MIS = 0x18,
	RTC_ICR = 0x1c
};

#define ID_FIRST  0xfe0
#define TYPED_MAX 256

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	uint32_t words[0x50 / 4]; /* those that only remember */
	uint32_t raised;          /* RIS */
	uint8_t typed[TYPED_MAX];
	unsigned first, count;
} uart;
static struct {
	uint32_t match, offset, mask, raised;
} rtc;
/* The lines, as they were told last. */
static bool uart_was, rtc_was;

/* Identification registers: part number, then the PrimeCell's mark. */
static uint32_t identify(const uint8_t id[4], uint64_t offset)
{
	static const uint8_t primecell[] = { 0x0d, 0xf0, 0x05, 0xb1 };
	unsigned i = (unsigned)(offset - ID_FIRST) / 4;

	return i < 4 ? id[i] : primecell[i - 4];
}

static uint32_t uart_typed(void)
{
	uint8_t byte = uart.typed[uart.first];

	if (!uart.count)
		return 0;
	uart.first = (uart.first + 1) % TYPED_MAX;
	if (!--uart.count)
		uart.raised &= ~(INT_RX | INT_RX_TIMEOUT);
	return byte;
}

static uint32_t uart_read(uint64_t offset)
{
	static const uint8_t id[] = { 0x11, 0x10, 0x14, 0x00 };

	switch (offset) {
	case DR:
		return uart_typed();
	case FR:
		return FR_TX_EMPTY | (uart.count ? 0 : FR_RX_EMPTY);
	case RIS:
		return uart.raised;
	case MIS:
		return uart.raised & uart.words[IMSC / 4];
	}
	if (offset >= ID_FIRST)
		return identify(id, offset);
	return offset < sizeof(uart.words) ? uart.words[offset / 4] : 0;
}

static void uart_write(uint64_t offset, uint32_t value)
{
	char c = (char)value;

	switch (offset) {
	case DR:
		uart.raised |= INT_TX;
		if (write(STDOUT_FILENO, &c, 1) < 0)
			break; /* nobody listens */
		break;
	case ICR:
		uart.raised &= ~value;
		break;
	default:
		if (offset < sizeof(uart.words))
			uart.words[offset / 4] = value;
	}
}

static uint32_t rtc_now(void)
{
	return (uint32_t)time(NULL) + rtc.offset;
}

static uint32_t rtc_read(uint64_t offset)
{
	static const uint8_t id[] = { 0x31, 0x10, 0x04, 0x00 };

	switch (offset) {
	case RTC_DR:
		return rtc_now();
	case RTC_MR:
		return rtc.match;
	case RTC_CR:
		return 1;
	case RTC_IMSC:
		return rtc.mask;
	case RTC_RIS:
		return rtc.raised;
	case RTC_MIS:
		return rtc.raised & rtc.mask;
	}
	return offset >= ID_FIRST ? identify(id, offset) : 0;
}

static void rtc_write(uint64_t offset, uint32_t value)
{
	switch (offset) {
	case RTC_MR:
		rtc.match = value;
		if (value == rtc_now())
			rtc.raised = 1;
		break;
	case RTC_LR:
		rtc.offset += value - rtc_now();
		break;
	case RTC_IMSC:
		rtc.mask = value & 1;
		break;
	case RTC_ICR:
		rtc.raised &= ~value;
		break;
	}
}

/* Ours, not the PL031's: the date, for the guest's runtime services. */
static uint64_t rtc_date(void)
{
	return time_to_efi(rtc_now());
}

static void rtc_set_date(uint64_t efi)
{
	uint32_t seconds;

	if (time_from_efi(efi, &seconds))
		rtc_write(RTC_LR, seconds);
}

/* The lines as the registers have them now; the lock is held. */
static void set_lines(struct vmm *vmm)
{
	bool uart_is = uart.raised & uart.words[IMSC / 4];
	bool rtc_is = rtc.raised & rtc.mask;

	if (uart_is != uart_was)
		sdei_kvm_line(vmm->sdei, IRQ_UART, uart_is);
	if (rtc_is != rtc_was)
		sdei_kvm_line(vmm->sdei, IRQ_RTC, rtc_is);
	uart_was = uart_is;
	rtc_was = rtc_is;
}

void devices_reset(struct vmm *vmm)
{
	pthread_mutex_lock(&lock);
	memset(uart.words, 0, sizeof(uart.words));
	uart.raised = uart.count = 0;
	rtc.mask = rtc.raised = rtc.match = 0;
	set_lines(vmm);
	pthread_mutex_unlock(&lock);
}

void devices_access(struct vmm *vmm, uint64_t address, bool write,
		    uint8_t data[8], unsigned size)
{
	uint64_t value = 0;

	pthread_mutex_lock(&lock);
	if (write) {
		memcpy(&value, data, size < 8 ? size : 8);
		if (address - UART_BASE < DEVICE_SIZE)
			uart_write(address - UART_BASE, (uint32_t)value);
		else if (address == RTC_EFI_TIME)
			rtc_set_date(value);
		else if (address - RTC_BASE < DEVICE_SIZE)
			rtc_write(address - RTC_BASE, (uint32_t)value);
	} else {
		if (address - UART_BASE < DEVICE_SIZE)
			value = uart_read(address - UART_BASE);
		else if (address == RTC_EFI_TIME)
			value = rtc_date();
		else if (address - RTC_BASE < DEVICE_SIZE)
			value = rtc_read(address - RTC_BASE);
		memset(data, 0, 8);
		memcpy(data, &value, sizeof(value));
	}
	set_lines(vmm);
	pthread_mutex_unlock(&lock);
}

void devices_type(struct vmm *vmm, uint8_t byte)
{
	pthread_mutex_lock(&lock);
	if (uart.count < TYPED_MAX) {
		uart.typed[(uart.first + uart.count++) % TYPED_MAX] = byte;
		uart.raised |= INT_RX | INT_RX_TIMEOUT;
		set_lines(vmm);
	}
	pthread_mutex_unlock(&lock);
}

void devices_put(struct state *s)
{
	for (unsigned i = 0; i < sizeof(uart.words) / 4; i++)
		state_put(s, uart.words[i]);
	state_put(s, uart.raised);
	state_put(s, uart.count);
	for (unsigned i = 0; i < uart.count; i++)
		state_put(s, uart.typed[(uart.first + i) % TYPED_MAX]);
	state_put(s, rtc.match);
	state_put(s, rtc.offset);
	state_put(s, rtc.mask);
	state_put(s, rtc.raised);
	state_put(s, uart_was);
	state_put(s, rtc_was);
}

/* The lines are not told: the GIC and SDEI have them saved, too. */
void devices_get(struct state *s)
{
	for (unsigned i = 0; i < sizeof(uart.words) / 4; i++)
		uart.words[i] = (uint32_t)state_get(s);
	uart.raised = (uint32_t)state_get(s);
	uart.first = 0;
	uart.count = (unsigned)state_get_upto(s, TYPED_MAX,
					      "what was typed, in bytes");
	for (unsigned i = 0; i < uart.count; i++)
		uart.typed[i] = (uint8_t)state_get(s);
	rtc.match = (uint32_t)state_get(s);
	rtc.offset = (uint32_t)state_get(s);
	rtc.mask = (uint32_t)state_get(s);
	rtc.raised = (uint32_t)state_get(s);
	uart_was = state_get(s);
	rtc_was = state_get(s);
}
