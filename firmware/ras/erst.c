/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ERST: the kernel keeps records over resets (ACPI 6.5, 18.5), in Secure RAM that
 * nothing initialises (.noinit). What QEMU's RAM holds goes with its process.
 */
#include <ras/internal.h>
#include <sources.h>

static _Alignas(8) uint8_t store[PLAT_RAS_ERST_STORE]
	__attribute__((section(".noinit")));
static const struct sdei_erst_config config = {
	PLATFORM_ERST,
	.store = store,
	.store_size = sizeof(store),
	.ops = &ras_ops,
};
static struct sdei_erst erst;

_Static_assert(PLAT_RAS_BLOCKS + PLAT_RAS_SOURCES * PLAT_RAS_BLOCK_SIZE <=
			       PLAT_RAS_ERST_RANGE &&
		       PLAT_RAS_ERST_RANGE + PLAT_RAS_ERST_RANGE_SIZE <=
			       PLAT_RAS_BASE + PLAT_RAS_SIZE,
	       "");

void erst_start(void)
{
	sdei_erst_publish(&erst, &config);
}

void erst_serve(void)
{
	sdei_erst_serve(&erst);
}
