/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control line: from characters to requests. A line that is too long or
 * holds anything but printable ASCII is read to its end and answered with an
 * error; it changes nothing.
 */
#include "control.h"

#include "dispatch.h"
#include "gic.h"
#include "live.h"

#include <sdei/cper.h>

/* A record of SDEI_RECORD_MAX bytes, in hexadecimal, and what is before it. */
#define LINE_MAX (2 * SDEI_RECORD_MAX + 63u)

/* Why the line being read cannot be a request. */
enum fault { FAULT_NONE, FAULT_LONG, FAULT_CHARACTER };

static struct {
	char text[LINE_MAX + 1];
	unsigned length;
	enum fault fault;
	spinlock lock; /* the UART may have been routed to another PE */
} line;

void control_start(void)
{
	mmio_write32(PLAT_UART1_BASE + UART_CR, 0);
	mmio_write32(PLAT_UART1_BASE + UART_LCR_H, UART_LCR_H_8N1_FIFO);
	mmio_write32(PLAT_UART1_BASE + UART_IMSC, UART_INT_RX);
	mmio_write32(PLAT_UART1_BASE + UART_CR, UART_CR_ON);
}

void control_listen(void)
{
	gic_take_spi(PLAT_IRQ_UART1, machine_self());
}

/* Divided in two steps: ticks * 10^9 would overflow within minutes. */
uint64_t control_nanoseconds(uint64_t ticks)
{
	uint64_t hz = machine_time_hz();

	return ticks / hz * 1000000000 + ticks % hz * 1000000000 / hz;
}

char *next_word(char **rest)
{
	char *p = *rest, *word;

	while (*p == ' ' || *p == '\t')
		p++;
	word = p;
	while (*p && *p != ' ' && *p != '\t')
		p++;
	if (*p)
		*p++ = '\0';
	*rest = p;
	return *word ? word : NULL;
}

static bool is(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static void say_version(char *arguments)
{
	(void)arguments;
	reply("ok opensdei=" OPENSDEI_VERSION " sdei=1.%u protocol=1\n",
	      dispatch_minor());
}

static void status(char *arguments)
{
	(void)arguments;
	status_print();
}

/*
 * `trace live` and `trace off`: where the rings are, and whether they were live. Before
 * the hand-off it is too early to say whether there will be any.
 */
static void trace_live(bool on)
{
	const char *was = !live_on ? "off" : live_is_asked() ? "asked" : "live";

	if (!dispatch_instance()) {
		live_ask(on);
		was = "early";
	} else if ((!live_on || !on) && !live_set(on)) {
		reply("error there is no memory for a live trace: a payload's is its own, unless opt/opensdei/trace is \"on\"\n");
		return;
	}
	reply("ok format=%u base=0x%lx slots=%u pes=%u hz=%lu was=%s\n",
	      TRACE_FORMAT, live_base(), live_slots(), machine_pe_count(),
	      machine_time_hz(), was);
}

static void trace(char *arguments)
{
	const char *how = next_word(&arguments);

	if (!how)
		trace_print();
	else if (is(how, "live") || is(how, "off"))
		trace_live(is(how, "live"));
	else
		reply("error unknown trace \"%s\": it can be live or off, or nothing for the latest events\n",
		      how);
}

static const struct {
	const char *name;
	void (*serve)(char *arguments);
} requests[] = {
	{ "inject", inject },        { "status", status },
	{ "storms", inject_storms }, { "trace", trace },
	{ "version", say_version },
};

static void serve(char *text)
{
	const char *name = next_word(&text);

	if (!name)
		return;
	for (unsigned i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (is(name, requests[i].name)) {
			requests[i].serve(text);
			return;
		}
	reply("error unknown request \"%s\": it can be inject, status, storms, trace or version\n",
	      name);
}

static void end_line(void)
{
	inject_answer();
	line.text[line.length] = '\0';
	switch (line.fault) {
	case FAULT_LONG:
		reply("error the line is longer than %u characters\n",
		      LINE_MAX);
		break;
	case FAULT_CHARACTER:
		reply("error the line has characters that are not printable ASCII\n");
		break;
	case FAULT_NONE:
		serve(line.text);
		break;
	}
	line.length = 0;
	line.fault = FAULT_NONE;
}

static void take(uint8_t c)
{
	if (c == '\n')
		end_line();
	else if (c == '\r')
		return;
	else if (line.fault != FAULT_NONE)
		return;
	else if ((c < ' ' && c != '\t') || c > '~')
		line.fault = FAULT_CHARACTER;
	else if (line.length == LINE_MAX)
		line.fault = FAULT_LONG;
	else
		line.text[line.length++] = (char)c;
}

void control_interrupt(void)
{
	spin_lock(&line.lock);
	mmio_write32(PLAT_UART1_BASE + UART_ICR, UART_INT_RX);
	while (!(mmio_read32(PLAT_UART1_BASE + UART_FR) & UART_FR_RXFE))
		take((uint8_t)mmio_read32(PLAT_UART1_BASE + UART_DR));
	spin_unlock(&line.lock);
}

void control_answer(void)
{
	spin_lock(&line.lock);
	inject_answer();
	spin_unlock(&line.lock);
}

void control_storm(void)
{
	/* Another PE may answer at length, and this one has better things to do. */
	if (!spin_try(&line.lock)) {
		storm_later();
		return;
	}
	storm_step();
	spin_unlock(&line.lock);
}
