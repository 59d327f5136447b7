/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The platform's map (REGISTER_SDEI_MAP) becomes the dispatcher's table of events. What
 * breaks a rule stops the boot with a sentence that names the entry.
 */
#include "libsdei.h"

/* Of an entry, beyond what its kind has anyway. */
#define KIND (SDEI_MAPF_DYNAMIC | SDEI_MAPF_EXPLICIT | SDEI_MAPF_SIGNALABLE)

static const char *check_private(const sdei_ev_map_t *e)
{
	const unsigned kind = e->map_flags & KIND;

	if (!(e->map_flags & SDEI_MAPF_PRIVATE))
		return "it is not private (SDEI_MAPF_PRIVATE)";
	if (e->ev_num == SDEI_EVENT_0) {
		if (e->map_flags != (SDEI_MAPF_SIGNALABLE | SDEI_MAPF_PRIVATE))
			return "event 0 is signalable, private and normal and nothing else (SDEI_DEFINE_EVENT_0)";
		if (!plat_ic_is_sgi(e->intr) ||
		    plat_ic_get_interrupt_type(e->intr) != INTR_TYPE_EL3)
			return "the interrupt of event 0 is not an SGI of EL3's (Group 0)";
		return NULL;
	}
	if (!kind && !plat_ic_is_ppi(e->intr))
		return "the interrupt of a private event is not a PPI (16 to 31)";
	return NULL;
}

static const char *check_shared(const sdei_ev_map_t *e)
{
	if (e->map_flags & SDEI_MAPF_PRIVATE)
		return "it is private (SDEI_MAPF_PRIVATE)";
	if (e->ev_num == SDEI_EVENT_0)
		return "event 0 is private";
	if (e->map_flags & SDEI_MAPF_EXPLICIT)
		return "only private events are explicit";
	if (!(e->map_flags & KIND) && !plat_ic_is_spi(e->intr))
		return "the interrupt of a shared event is not an SPI (32 to 1019)";
	return NULL;
}

static const char *check_any(const sdei_ev_map_t *e)
{
	const unsigned kind = e->map_flags & KIND;

	if (e->ev_num < 0 || e->ev_num & SDEI_EVENT_RESERVED_MASK ||
	    e->ev_num >= SDEI_EVENT_BOUND)
		return "its number is none: 0 to 0xffffff, or 0x40000000 to 0x40efffff";
	if (e->ev_num == SDEI_EVENT_0)
		return NULL;
	if (kind & SDEI_MAPF_SIGNALABLE)
		return "only event 0 is signalable";
	if (kind == (SDEI_MAPF_DYNAMIC | SDEI_MAPF_EXPLICIT))
		return "it is dynamic and explicit";
	if (kind && e->intr != SDEI_DYN_IRQ)
		return "a dynamic or explicit event has no interrupt of its own (SDEI_DYN_IRQ)";
	if (kind & SDEI_MAPF_DYNAMIC && e->map_flags & SDEI_MAPF_CRITICAL)
		return "dynamic events are normal";
	if (!kind && e->intr >= libsdei_gic_count())
		return "this GIC has no such interrupt";
	if (!kind && e->intr > PLAT_SDEI_MAX_INTERRUPT)
		return "its interrupt is above PLAT_SDEI_MAX_INTERRUPT";
	if (!kind && plat_ic_get_interrupt_type(e->intr) != INTR_TYPE_NS)
		return "its interrupt is not the Normal world's";
	return NULL;
}

/* Is there an entry before this one, in either array, with its number or interrupt? */
static const char *check_twice(unsigned type, size_t index)
{
	const sdei_ev_map_t *e = &libsdei_map.of[type].map[index];

	for (unsigned t = 0; t <= type; t++) {
		const sdei_mapping_t *m = &libsdei_map.of[t];
		const size_t n = t == type ? index : m->num_maps;

		for (size_t i = 0; i < n; i++) {
			if (m->map[i].ev_num == e->ev_num)
				return "its number is given twice";
			if (e->intr != SDEI_DYN_IRQ &&
			    m->map[i].intr == e->intr)
				return "its interrupt is given twice";
		}
	}
	return NULL;
}

static void check(unsigned type, size_t index)
{
	const sdei_ev_map_t *e = &libsdei_map.of[type].map[index];
	const char *why = type == SDEI_MAP_IDX_PRIV_ ? check_private(e)
						     : check_shared(e);

	if (!why)
		why = check_any(e);
	if (!why)
		why = check_twice(type, index);
	if (!why)
		return;
	ERROR("SDEI: %s entry %u of the platform's map, event 0x%x, interrupt %u: %s\n",
	      type == SDEI_MAP_IDX_PRIV_ ? "private" : "shared",
	      (unsigned)index, (unsigned)e->ev_num, e->intr, why);
	panic();
}

unsigned libsdei_read_map(struct sdei_config *config)
{
	struct sdei_event_info *info = libsdei_map.events;
	unsigned *slots[] = { &config->private_slots, &config->shared_slots };
	unsigned sgi = 0;
	bool has_zero = false;

	for (unsigned type = 0; type < SDEI_MAP_IDX_MAX_; type++) {
		const sdei_mapping_t *m = &libsdei_map.of[type];

		for (size_t i = 0; i < m->num_maps; i++) {
			const sdei_ev_map_t *e = &m->map[i];
			const bool zero = e->ev_num == SDEI_EVENT_0;

			check(type, i);
			if (e->map_flags & SDEI_MAPF_DYNAMIC) {
				++*slots[type];
				continue;
			}
			if (zero) {
				sgi = e->intr;
				has_zero = true;
			}
			*info++ = (struct sdei_event_info){
				.number = (uint32_t)e->ev_num,
				.type = (uint8_t)type,
				.priority = (e->map_flags &
					     SDEI_MAPF_CRITICAL) != 0U,
				.signalable = zero,
				.interrupt = zero ? 0U : e->intr,
			};
		}
	}
	if (!has_zero) {
		ERROR("SDEI: the platform's map: event 0 is missing\n");
		panic();
	}
	config->events = libsdei_map.events;
	config->event_count = (unsigned)(info - libsdei_map.events);
	return sgi;
}

/* What DRTM asks. */
int sdei_get_registered_event_count(void)
{
	struct sdei_report report;
	int count = 0;

	for (unsigned pe = 0; pe < PLATFORM_CORE_COUNT; pe++)
		for (unsigned i = 0; sdei_query(libsdei, pe, i, &report); i++)
			count += report.info != NULL &&
				 (report.status & SDEI_STATUS_REGISTERED) !=
					 0U &&
				 (pe == 0U ||
				  report.info->type == SDEI_TYPE_PRIVATE);
	return count;
}
