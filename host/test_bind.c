/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts of devices, bound: the alarm's and the console's, which any machine
 * has and any dispatcher lets go. Each makes a shared event.
 */
#include "test.h"

/* PL031 (Arm DDI 0224) and PL011 (DDI 0183), registers in words. */
enum {
	RTC_DR = 0x00 / 4,
	RTC_MR = 0x04 / 4,
	RTC_IMSC = 0x10 / 4,
	RTC_RIS = 0x14 / 4,
	RTC_ICR = 0x1c / 4
};
enum { UART_IMSC = 0x38 / 4, UART_ICR = 0x44 / 4 };
#define UART_TX (1u << 5)

static volatile uint32_t *const rtc =
	(volatile uint32_t *)(LINEAR_BASE + RTC_BASE);
static volatile uint32_t *const uart =
	(volatile uint32_t *)(LINEAR_BASE + UART_BASE);

static unsigned came[MAX_CPUS];

/* The alarm is for this second, unless that ends meanwhile. */
static void alarm(void)
{
	rtc[RTC_IMSC] = 1;
	for (unsigned tries = 0; !rtc[RTC_RIS] && tries < 10; tries++)
		rtc[RTC_MR] = rtc[RTC_DR];
}

static void alarm_off(void)
{
	rtc[RTC_IMSC] = 0;
	rtc[RTC_ICR] = 1;
}

/* It has sent all that was printed. */
static void sent(void)
{
	uart[UART_IMSC] = UART_TX;
}

static void sent_off(void)
{
	uart[UART_IMSC] = 0;
}

static const struct device {
	const char *name;
	uint32_t interrupt;
	void (*on)(void), (*off)(void);
} devices[] = {
	{ "an alarm's", IRQ_RTC, alarm, alarm_off },
	{ "the console's", IRQ_UART, sent, sent_off },
};

static int on_device(const struct sdei_interrupted *at, void *argument)
{
	const struct device *d = argument;

	d->off();
	__atomic_fetch_add(&came[at->cpu], 1, __ATOMIC_ACQ_REL);
	return SDEI_HANDLED;
}

/* With the event routed to each CPU. */
static void to_each(const struct device *d, uint32_t event)
{
	for (unsigned to = 0; to < cpu_count; to++) {
		memset(came, 0, sizeof(came));
		check(!sdei_client_route(client, event, (int)to), "route");
		check(!sdei_client_enable(client, event), "enable");
		d->on();
		wait_until(load(came[to]), patience(SECONDS(1)));
		/* Asked on that CPU, so its handler has ended. */
		check(!(sdei_client_status(client, event, to) &
			SDEI_STATUS_RUNNING),
		      "it runs on CPU %u", to);
		for (unsigned i = 0; i < cpu_count; i++)
			check(load(came[i]) == (i == to),
			      "%u events on CPU %u, routed to CPU %u",
			      load(came[i]), i, to);
		check(!sdei_client_disable(client, event), "disable");
	}
}

void test_bind(void)
{
	for (unsigned i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		const struct device *d = &devices[i];
		uint32_t event;
		int result;

		d->off();
		result = sdei_client_bind(client, d->interrupt, &event);
		if (result == SDEI_OUT_OF_RESOURCE && neighbour) {
			tap_skip("the dispatcher has no slot", d->name);
			continue;
		}
		check(!result, "bind: %d", result);
		if (!result) {
			check(!sdei_client_register(client, event, on_device,
						    (void *)d),
			      "register");
			to_each(d, event);
			check(!sdei_client_unregister(client, event),
			      "unregister");
			check(!sdei_client_release(client, event), "release");
		}
		tap("%s interrupt, bound, comes to each of %u CPUs that its event is routed to",
		    d->name, cpu_count);
	}
}
