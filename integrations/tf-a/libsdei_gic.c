/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The GICv3, through TF-A's driver. An event's interrupt is in Group 0 at one of SDEI's
 * two priorities, and goes to a PE that is on; it stays active until its handler is
 * done, its priority dropped at once (EOImode 1), so that it holds nothing back.
 */
#include "libsdei.h"

#include <drivers/arm/gic_common.h>
#include <drivers/arm/gicv3.h>
#include <lib/mmio.h>

/* TF-A's, in gicv3_main.c and gicv3_helpers.c. */
extern const gicv3_driver_data_t *gicv3_driver_data;
uintptr_t gicv3_get_multichip_base(uint32_t spi_id, uintptr_t gicd_base);

/* Of who is on, of which PE has which SPI. */
static spinlock_t lock;
static unsigned kick_sgi;
static uint8_t ppi_priorities[PLATFORM_CORE_COUNT][16];
/* Each PE's that are not the client's, also while it sleeps or is off. */
static uint32_t ppis[PLATFORM_CORE_COUNT];

#define FIRST_PPI MIN_PPI_ID
#define FIRST_SPI MIN_SPI_ID

static bool is_on(unsigned pe)
{
	return (libsdei_pes[pe].mpidr & LIBSDEI_ON) != 0U;
}

static uint64_t mpidr_of(unsigned pe)
{
	return libsdei_pes[pe].mpidr & ~(LIBSDEI_ON | LIBSDEI_ASLEEP);
}

/*
 * Whoever else ends an interrupt at EL3 wants it deactivated, too. TF-A's own is weak;
 * a platform that has one of its own drops priority and deactivates in it. What has
 * been written to the device arrives there before.
 */
void plat_ic_end_of_interrupt(uint32_t id)
{
	dsbishst();
	libsdei_drop_priority(id);
	libsdei_deactivate(id);
}

/*
 * A kick must get through while a handler runs, or a critical event would wait for a
 * normal one. What the target is to see is written before it is woken.
 */
void libsdei_kick(void *context, unsigned target)
{
	dsbishst();
	plat_ic_raise_el3_sgi((int)kick_sgi, mpidr_of(target));
}

unsigned libsdei_gic_count(void)
{
	const uint32_t typer =
		mmio_read_32(gicv3_driver_data->gicd_base + GICD_TYPER);

	return 32U * ((typer & 0x1fU) + 1U);
}

static bool is_clients(unsigned interrupt, unsigned pe)
{
	return gicv3_get_interrupt_group(interrupt, pe) == INTR_GROUP1NS;
}

_Static_assert(
	GICR_ISPENDR0 == GICR_SGIBASE_OFFSET + GICD_ISPENDR &&
		GICR_ICACTIVER0 == GICR_SGIBASE_OFFSET + GICD_ICACTIVER &&
		GICR_IPRIORITYR == GICR_SGIBASE_OFFSET + GICD_IPRIORITYR,
	"a redistributor's registers are not laid out as a distributor's");

/* Whose registers, by GICD_*, are an interrupt's: a GIC-600 has a GICD each chip. */
static uintptr_t base_of(unsigned interrupt, unsigned pe)
{
	return interrupt < FIRST_SPI
		       ? gicv3_driver_data->rdistif_base_addrs[pe] +
				 GICR_SGIBASE_OFFSET
		       : gicv3_get_multichip_base(interrupt,
						  gicv3_driver_data->gicd_base);
}

/* Of the driver there is nothing that reads it. */
static bool is_pending(unsigned interrupt, unsigned pe)
{
	return (mmio_read_32(base_of(interrupt, pe) + GICD_ISPENDR +
			     interrupt / 32U * 4U) >>
			(interrupt % 32U) &
		1U) != 0U;
}

static void clear_active(unsigned interrupt, unsigned pe)
{
	mmio_write_32(base_of(interrupt, pe) + GICD_ICACTIVER +
			      interrupt / 32U * 4U,
		      1U << interrupt % 32U);
}

static int check_at(unsigned interrupt, unsigned pe)
{
	if (!is_clients(interrupt, pe))
		return SDEI_INVALID_PARAMETERS;
	if (is_pending(interrupt, pe) ||
	    gicv3_get_interrupt_active(interrupt, pe) != 0U)
		return SDEI_DENIED;
	return SDEI_SUCCESS;
}

/* A PE that is off has none of them: its redistributor is reset when it comes on. */
int libsdei_interrupt_check(void *context, uint32_t interrupt)
{
	int result = SDEI_SUCCESS;

	if (interrupt >= FIRST_SPI)
		return check_at(interrupt, 0);
	spin_lock(&lock);
	for (unsigned pe = 0;
	     result == SDEI_SUCCESS && pe < PLATFORM_CORE_COUNT; pe++)
		if (is_on(pe))
			result = check_at(interrupt, pe);
	spin_unlock(&lock);
	return result;
}

static uint8_t priority_of(unsigned interrupt, unsigned pe)
{
	return mmio_read_8(base_of(interrupt, pe) + GICD_IPRIORITYR +
			   interrupt);
}

/* Bound ones are normal. */
static unsigned event_priority(unsigned interrupt)
{
	const sdei_mapping_t *m =
		&libsdei_map.of[interrupt < FIRST_SPI ? SDEI_MAP_IDX_PRIV_
						      : SDEI_MAP_IDX_SHRD_];

	for (size_t i = 0; i < m->num_maps; i++)
		if (m->map[i].intr == interrupt &&
		    (m->map[i].map_flags & SDEI_MAPF_CRITICAL) != 0U)
			return PLAT_SDEI_CRITICAL_PRI;
	return PLAT_SDEI_NORMAL_PRI;
}

/*
 * It may fire at any time, and must not in between: as the client's at a priority of
 * EL3's. If the client has taken it since it was looked at, it cannot end it any more.
 */
static void make_ours(unsigned interrupt, unsigned pe)
{
	gicv3_disable_interrupt(interrupt, pe);
	if (is_clients(interrupt, pe))
		clear_active(interrupt, pe);
	gicv3_set_interrupt_group(interrupt, pe, INTR_GROUP0);
	gicv3_set_interrupt_priority(interrupt, pe, event_priority(interrupt));
	gicv3_enable_interrupt(interrupt, pe);
}

/* As the client had it, of a PPI that it has bound. */
static uint8_t *ppi_priority(unsigned interrupt, unsigned pe)
{
	return &ppi_priorities[pe][interrupt - FIRST_PPI];
}

/* Group 0 already: it has been taken here, and what the client had is known. */
static void take_ppi(unsigned interrupt, struct libsdei_pe *pe)
{
	const unsigned index = libsdei_index(pe);

	if (is_clients(interrupt, index))
		*ppi_priority(interrupt, index) = priority_of(interrupt, index);
	ppis[index] |= 1U << interrupt;
	make_ours(interrupt, index);
}

static uint64_t router_of(unsigned interrupt)
{
	return mmio_read_64(base_of(interrupt, 0) + GICD_IROUTER +
			    interrupt * 8U);
}

/* The place of an SPI that is taken; of none (0) one that is free, and there is. */
static struct libsdei_spi *spi_of(unsigned interrupt)
{
	struct libsdei_spi *spi = libsdei_map.spis;

	while (spi->interrupt != interrupt)
		spi++;
	return spi;
}

static void take_spi(unsigned interrupt, unsigned pe)
{
	struct libsdei_spi *spi = spi_of(0);

	spi->interrupt = (uint16_t)interrupt;
	spi->priority = priority_of(interrupt, pe);
	spi->router = router_of(interrupt);
	gicv3_set_spi_routing(interrupt, GICV3_IRM_PE, mpidr_of(pe));
	make_ours(interrupt, pe);
}

void libsdei_interrupt_take(void *context, unsigned pe, uint32_t interrupt)
{
	spin_lock(&lock);
	if (interrupt >= FIRST_SPI) {
		take_spi(interrupt, pe);
	} else {
		for (unsigned i = 0; i < PLATFORM_CORE_COUNT; i++)
			if (is_on(i))
				take_ppi(interrupt, &libsdei_pes[i]);
	}
	spin_unlock(&lock);
}

/* A PPI ends on its PE, an SPI on any. */
void libsdei_interrupt_end(void *context, unsigned pe, uint32_t interrupt)
{
	dsbsy();
	libsdei_deactivate(interrupt);
}

/* It has no handler: who has it active is one whose event was never delivered. */
static void make_clients(unsigned interrupt, unsigned pe, unsigned priority)
{
	gicv3_disable_interrupt(interrupt, pe);
	clear_active(interrupt, pe);
	gicv3_set_interrupt_group(interrupt, pe, INTR_GROUP1NS);
	gicv3_set_interrupt_priority(interrupt, pe, priority);
}

static void give_ppi(unsigned interrupt, unsigned pe)
{
	ppis[pe] &= ~(1U << interrupt);
	make_clients(interrupt, pe, *ppi_priority(interrupt, pe));
}

/* A PE that sleeps, or is off, gives it when it comes on. */
void libsdei_interrupt_give(void *context, uint32_t interrupt)
{
	spin_lock(&lock);
	if (interrupt >= FIRST_SPI) {
		struct libsdei_spi *spi = spi_of(interrupt);

		make_clients(interrupt, 0, spi->priority);
		mmio_write_64(base_of(interrupt, 0) + GICD_IROUTER +
				      interrupt * 8U,
			      spi->router);
		spi->interrupt = 0;
	} else {
		for (unsigned i = 0; i < PLATFORM_CORE_COUNT; i++)
			if (is_on(i))
				give_ppi(interrupt, i);
	}
	spin_unlock(&lock);
}

/* ICC_CTLR_EL3.EOImode_EL3, which a reset clears. */
static void set_eoi_mode(void)
{
	uint64_t value;

	__asm__ volatile("mrs %0, S3_6_C12_C12_4" : "=r"(value));
	__asm__ volatile("msr S3_6_C12_C12_4, %0"
			 :
			 : "r"(value | UINT64_C(1) << 2));
	isb();
}

/* The client may bind and release meanwhile, so it is read once. 0: none. */
static unsigned interrupt_of(const struct sdei_report *report)
{
	return report->info == NULL ? 0U
				    : __atomic_load_n(&report->info->interrupt,
						      __ATOMIC_RELAXED);
}

/* Each event that has an interrupt: of the table, or bound. */
#define for_each_interrupt(i, report, interrupt) \
	for (unsigned i = 0, interrupt; sdei_query(libsdei, 0, i, &(report)); \
	     i++) \
		if ((interrupt = interrupt_of(&(report))) >= FIRST_PPI)

/*
 * Who gets the SPIs of one that is no longer on: one that is; or else one that
 * sleeps, since they wake it; or else it keeps them.
 */
static unsigned heir_of(unsigned pe)
{
	unsigned best = pe;

	for (unsigned i = 0; i < PLATFORM_CORE_COUNT; i++) {
		if (is_on(i))
			return i;
		if ((libsdei_pes[best].mpidr & LIBSDEI_ASLEEP) == 0U &&
		    (libsdei_pes[i].mpidr & LIBSDEI_ASLEEP) != 0U)
			best = i;
	}
	return best;
}

static bool goes_to_one_on(unsigned interrupt)
{
	const uint64_t router = router_of(interrupt);

	for (unsigned i = 0; i < PLATFORM_CORE_COUNT; i++)
		if (is_on(i) && mpidr_of(i) == router)
			return true;
	return false;
}

/* This PE has come on, or gone: every SPI goes to one that is on, if there is one. */
static void route_spis(unsigned pe)
{
	const size_t spis = libsdei_map.of[SDEI_MAP_IDX_SHRD_].num_maps;
	const uint64_t heir = mpidr_of(heir_of(pe));

	for (size_t i = 0; i < spis; i++) {
		const unsigned interrupt = libsdei_map.spis[i].interrupt;

		if (interrupt != 0U && !goes_to_one_on(interrupt))
			gicv3_set_spi_routing(interrupt, GICV3_IRM_PE, heir);
	}
}

void libsdei_gic_on(struct libsdei_pe *pe)
{
	const unsigned index = libsdei_index(pe);
	struct sdei_report report;
	uint32_t released;

	set_eoi_mode();
	plat_ic_set_interrupt_priority(kick_sgi, PLAT_SDEI_CRITICAL_PRI);
	plat_ic_enable_interrupt(kick_sgi);
	spin_lock(&lock);
	pe->mpidr |= LIBSDEI_ON;
	released = ppis[index];
	ppis[index] = 0;
	for_each_interrupt(i, report, interrupt) if (interrupt < FIRST_SPI)
		take_ppi(interrupt, pe);
	released &= ~ppis[index];
	/* While it was gone; the platform may have put back how they were. */
	for (unsigned i = FIRST_PPI; i < FIRST_SPI; i++)
		if ((released >> i & 1U) != 0U)
			give_ppi(i, index);
	route_spis(index);
	spin_unlock(&lock);
}

void libsdei_gic_init(unsigned sgi)
{
	struct libsdei_pe *self = libsdei_this_pe();
	struct sdei_report report;

	kick_sgi = sgi;
	libsdei_start_pe(self);
	spin_lock(&lock);
	for_each_interrupt(i, report, interrupt) if (interrupt >= FIRST_SPI)
		take_spi(interrupt, libsdei_index(self));
	spin_unlock(&lock);
}

void libsdei_gic_off(struct libsdei_pe *pe, bool sleeps)
{
	const unsigned index = libsdei_index(pe);

	spin_lock(&lock);
	pe->mpidr = mpidr_of(index) | (sleeps ? LIBSDEI_ASLEEP : 0U);
	route_spis(index);
	spin_unlock(&lock);
}

static bool is_events(unsigned interrupt)
{
	struct sdei_report report;

	for_each_interrupt(i, report, its) if (its == interrupt) return true;
	return false;
}

/* Just released, and about to be given back. */
static bool is_taken(unsigned interrupt, unsigned pe)
{
	const size_t spis = libsdei_map.of[SDEI_MAP_IDX_SHRD_].num_maps;

	if (interrupt < FIRST_SPI)
		return (ppis[pe] >> interrupt & 1U) != 0U;
	for (size_t i = 0; i < spis; i++)
		if (libsdei_map.spis[i].interrupt == interrupt)
			return true;
	return false;
}

void libsdei_gic_stray(unsigned pe, unsigned interrupt)
{
	spin_lock(&lock);
	if (!is_events(interrupt) && !is_clients(interrupt, pe) &&
	    !is_taken(interrupt, pe)) {
		gicv3_disable_interrupt(interrupt, pe);
		ERROR("SDEI: interrupt %u, of EL3's, is no event's: disabled\n",
		      interrupt);
	}
	spin_unlock(&lock);
}
