/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TF-A's <services/sdei.h>, but that a platform's map reserves the memory of libsdei's
 * dispatcher instead of that of TF-A's: only here it is known how long the map is.
 */
#ifndef LIBSDEI_SERVICES_SDEI_H
#define LIBSDEI_SERVICES_SDEI_H

#include_next <services/sdei.h>

#include <libsdei_context.h>

#include <platform_def.h>

#ifndef SDEI_CONTEXT_H
#define SDEI_CONTEXT_H <libsdei_context.h>
#endif
#include <sdei/dispatcher.h>

/*
 * The highest interrupt that an event may have or the client may bind, 32 to 1019: each
 * costs 4 bytes. A platform says another in its platform_def.h.
 */
#ifndef PLAT_SDEI_MAX_INTERRUPT
#define PLAT_SDEI_MAX_INTERRUPT 287
#endif

/* How the client had configured an SPI that it has bound. */
struct libsdei_spi {
	uint64_t router;
	uint16_t interrupt; /* 0: free */
	uint8_t priority;
};

/* A platform's map, and what is reserved for it. */
struct libsdei_map {
	sdei_mapping_t of[SDEI_MAP_IDX_MAX_];
	struct sdei_event_info *events; /* one for each entry of both */
	struct libsdei_spi *spis;       /* one for each shared entry */
	void *memory;
	size_t size;
};

extern const struct libsdei_map libsdei_map;

#define LIBSDEI_BYTES(privates, shareds) \
	SDEI_DISPATCHER_BOUND(PLATFORM_CORE_COUNT, privates, shareds, \
			      PLAT_SDEI_MAX_INTERRUPT + 1)

/* Where <sdei/dispatcher.h> has its limits. */
_Static_assert(PLAT_SDEI_MAX_INTERRUPT >= 32 && PLAT_SDEI_MAX_INTERRUPT < 1020,
	       "PLAT_SDEI_MAX_INTERRUPT is not 32 to 1019");

#undef REGISTER_SDEI_MAP
#define REGISTER_SDEI_MAP(privates, shareds) \
	_Static_assert(ARRAY_SIZE(privates) <= 4096, \
		       "SDEI: " #privates " has more than 4096 entries"); \
	_Static_assert(ARRAY_SIZE(shareds) <= 4096, \
		       "SDEI: " #shareds " has more than 4096 entries"); \
	_Static_assert(ARRAY_SIZE(privates) > 0, \
		       "SDEI: " #privates \
		       " has no entry: event 0 is missing"); \
	static struct sdei_event_info \
		libsdei_map_events[ARRAY_SIZE(privates) + \
				   ARRAY_SIZE(shareds)]; \
	static struct libsdei_spi libsdei_map_spis[ARRAY_SIZE(shareds)]; \
	static uint8_t __aligned(64) \
		libsdei_map_memory[LIBSDEI_BYTES(ARRAY_SIZE(privates), \
						 ARRAY_SIZE(shareds))]; \
	const struct libsdei_map libsdei_map = { \
		.of = { [SDEI_MAP_IDX_PRIV_] = { (privates), \
						 ARRAY_SIZE(privates) }, \
			[SDEI_MAP_IDX_SHRD_] = { (shareds), \
						 ARRAY_SIZE(shareds) } }, \
		.events = libsdei_map_events, \
		.spis = libsdei_map_spis, \
		.memory = libsdei_map_memory, \
		.size = sizeof(libsdei_map_memory), \
	}

#endif
