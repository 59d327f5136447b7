/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupt sources: the EL1 virtual timer, which no exception level here uses
 * otherwise, the PL031's alarm and the PL011's transmit interrupt.
 */
#include "source.h"

#include "arch.h"
#include "machine.h"
#include "state.h"

/* PL031 (Arm DDI 0224). */
#define RTC_DR   (RTC_BASE + 0x00)
#define RTC_MR   (RTC_BASE + 0x04)
#define RTC_IMSC (RTC_BASE + 0x10)
#define RTC_RIS  (RTC_BASE + 0x14)
#define RTC_ICR  (RTC_BASE + 0x1c)

#define UART_IMSC (UART_BASE + 0x38)
#define UART_TXIM (1u << 5)

/* The same layout in the distributor and in a redistributor's second frame. */
#define ISENABLER(n)  (0x0100 + 4 * (n))
#define ICENABLER(n)  (0x0180 + 4 * (n))
#define ISPENDR(n)    (0x0200 + 4 * (n))
#define ICPENDR(n)    (0x0280 + 4 * (n))
#define ISACTIVER(n)  (0x0300 + 4 * (n))
#define ICACTIVER(n)  (0x0380 + 4 * (n))
#define IPRIORITYR(n) (0x0400 + (n))
#define ICFGR(n)      (0x0c00 + 4 * (n))
#define IROUTER(n)    (0x6000 + 8 * (n))
#define ICC_PMR       S3_0_C4_C6_0

static volatile uint32_t *reg(uint64_t address)
{
	return (volatile uint32_t *)address;
}

void timer_fire_in(uint64_t us)
{
	/* The virtual offset is 0 at EL2; at EL1 it is someone else's. */
	write_sysreg(cntv_cval_el0, read_sysreg(cntvct_el0) + microseconds(us));
	write_sysreg(cntv_ctl_el0, 1);
	isb();
}

static void timer_fire(void)
{
	timer_fire_in(0);
}

static void timer_quiet(void)
{
	write_sysreg(cntv_ctl_el0, 0);
	isb();
}

/* The alarm is for an exact second: this one, unless it is just over. */
static void rtc_fire(void)
{
	*reg(RTC_IMSC) = 1;
	do
		*reg(RTC_MR) = *reg(RTC_DR);
	while (!*reg(RTC_RIS));
	dsb();
}

static void rtc_quiet(void)
{
	*reg(RTC_IMSC) = 0;
	*reg(RTC_ICR) = 1;
	dsb();
}

static void uart_fire(void)
{
	*reg(UART_IMSC) = UART_TXIM;
	dsb();
}

static void uart_quiet(void)
{
	*reg(UART_IMSC) = 0;
	dsb();
}

const struct source timer_source = { "timer PPI", IRQ_EL1_VIRTUAL_TIMER,
				     false,       false,
				     timer_fire,  timer_quiet };
const struct source rtc_source = { "RTC SPI, level", IRQ_RTC,  true, false,
				   rtc_fire,         rtc_quiet };
const struct source rtc_edge_source = { "RTC SPI, edge", IRQ_RTC,  true, true,
					rtc_fire,        rtc_quiet };
const struct source uart_source = { "UART SPI, level", IRQ_UART,  true, false,
				    uart_fire,         uart_quiet };

static uint64_t frame(uint32_t intid)
{
	return intid < 32 ? this_pe()->redistributor + 0x10000 : GICD_BASE;
}

static uint32_t bit(uint32_t intid)
{
	return 1u << intid % 32;
}

void irq_set_edge(uint32_t intid, bool edge)
{
	volatile uint32_t *cfg = reg(frame(intid) + ICFGR(intid / 16));
	uint32_t mask = 2u << intid % 16 * 2;

	*cfg = edge ? *cfg | mask : *cfg & ~mask;
}

bool irq_is_edge(uint32_t intid)
{
	return *reg(frame(intid) + ICFGR(intid / 16)) & 2u << intid % 16 * 2;
}

void irq_enable(uint32_t intid, bool enable)
{
	*reg(frame(intid) + (enable ? ISENABLER(intid / 32)
				    : ICENABLER(intid / 32))) = bit(intid);
	dsb();
}

bool irq_is_enabled(uint32_t intid)
{
	return *reg(frame(intid) + ISENABLER(intid / 32)) & bit(intid);
}

void irq_set_active(uint32_t intid, bool active)
{
	*reg(frame(intid) + (active ? ISACTIVER(intid / 32)
				    : ICACTIVER(intid / 32))) = bit(intid);
	dsb();
}

void irq_set_pending(uint32_t intid, bool pending)
{
	*reg(frame(intid) + (pending ? ISPENDR(intid / 32)
				     : ICPENDR(intid / 32))) = bit(intid);
	dsb();
}

void sources_quiet(void)
{
	timer_quiet();
	rtc_quiet();
	uart_quiet();
}

static volatile uint8_t *priority_of(uint32_t intid)
{
	return (volatile uint8_t *)(frame(intid) + IPRIORITYR(intid));
}

static volatile uint64_t *route_of(uint32_t intid)
{
	return (volatile uint64_t *)(frame(intid) + IROUTER(intid));
}

void irq_set_priority(uint32_t intid, uint8_t priority)
{
	*priority_of(intid) = priority;
	dsb();
}

uint8_t irq_priority(uint32_t intid)
{
	return *priority_of(intid);
}

void irq_set_route(uint32_t intid, uint64_t affinity)
{
	*route_of(intid) = affinity;
	dsb();
}

uint64_t irq_route(uint32_t intid)
{
	return *route_of(intid);
}

void irq_mask_priorities(bool mask)
{
	write_sysreg(ICC_PMR, mask ? 0 : 0xff);
	isb();
}

void irq_route_here(uint32_t intid)
{
	irq_set_priority(intid, 0xa0);
	if (intid >= 32)
		irq_set_route(intid, this_pe()->mpidr);
}
