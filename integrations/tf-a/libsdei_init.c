/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher's birth, with TF-A's services, and what it asks of this machine.
 */
#include "libsdei.h"

#include <bl31/bl31.h>
#include <bl31/ehf.h>

struct libsdei_pe libsdei_pes[PLATFORM_CORE_COUNT];
struct sdei_dispatcher *libsdei;
unsigned libsdei_client_el;
struct sdei_pe *libsdei_fast[PLATFORM_CORE_COUNT];

_Static_assert(PLAT_SDEI_CRITICAL_PRI < PLAT_SDEI_NORMAL_PRI,
	       "PLAT_SDEI_CRITICAL_PRI is not above PLAT_SDEI_NORMAL_PRI");

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)); \
		value_; \
	})

/* SCTLR is read in line: libsdei_context.h. */
static uint64_t read_el2(void *context, unsigned pe,
			 enum sdei_client_register reg)
{
	if (reg == SDEI_VBAR_ELC)
		return read_sysreg(vbar_el2);
	if (reg == SDEI_HCR_EL2)
		return read_sysreg(hcr_el2);
	return read_sysreg(S3_4_C2_C5_0); /* GCSCR_EL2 */
}

static uint64_t read_el1(void *context, unsigned pe,
			 enum sdei_client_register reg)
{
	if (reg == SDEI_VBAR_ELC)
		return read_sysreg(vbar_el1);
	return read_sysreg(S3_0_C2_C5_0); /* GCSCR_EL1 */
}

static void resume_el2(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	write_elr_el2(elr);
	write_spsr_el2(spsr);
}

static void resume_el1(void *context, unsigned pe, uint64_t elr, uint64_t spsr)
{
	write_elr_el1(elr);
	write_spsr_el1(spsr);
}

static int pe_of_affinity(void *context, uint64_t affinity)
{
	return plat_core_pos_by_mpidr(affinity);
}

/* clang-format off */
#define OPS(el) { \
	.read = read_##el, \
	.resume = resume_##el, \
	.kick = libsdei_kick, \
	.pe_of_affinity = pe_of_affinity, \
	.interrupt_check = libsdei_interrupt_check, \
	.interrupt_take = libsdei_interrupt_take, \
	.interrupt_end = libsdei_interrupt_end, \
	.interrupt_give = libsdei_interrupt_give, \
}
/* clang-format on */

static const struct sdei_ops ops_el1 = OPS(el1), ops_el2 = OPS(el2);

/* A field of an ID register, by its encoding. */
#define id(reg, shift) ((unsigned)(read_sysreg(reg) >> (shift)) & 0xfU)
#define ID_PFR0        S3_0_C0_C4_0
#define ID_PFR1        S3_0_C0_C4_1
#define ID_DFR1        S3_0_C0_C5_1
#define ID_MMFR1       S3_0_C0_C7_1

static uint32_t features(void)
{
	return (id(ID_MMFR1, 20) != 0U ? SDEI_FEAT_PAN : 0U) |
	       (id(ID_PFR0, 48) != 0U ? SDEI_FEAT_DIT : 0U) |
	       (id(ID_PFR1, 4) != 0U ? SDEI_FEAT_SSBS : 0U) |
	       (id(ID_PFR1, 8) >= 2U ? SDEI_FEAT_MTE2 : 0U) |
	       (id(ID_PFR1, 36) != 0U ? SDEI_FEAT_NMI : 0U) |
	       (id(ID_PFR1, 44) != 0U ? SDEI_FEAT_GCS : 0U) |
	       (id(ID_DFR1, 48) != 0U ? SDEI_FEAT_EBEP : 0U);
}

/*
 * Where the client will run: its context does not exist yet, but what it is started
 * from does.
 */
static unsigned find_client_el(void)
{
	const entry_point_info_t *next =
		bl31_plat_get_next_image_ep_info(NON_SECURE);

	if (next != NULL && GET_RW(next->spsr) == MODE_RW_64)
		return GET_EL(next->spsr) == MODE_EL2 ? 2U : 1U;
	return id(ID_PFR0, 8) != 0U ? 2U : 1U;
}

void sdei_init(void)
{
	struct sdei_config config = {
		.interrupt_count = MIN(libsdei_gic_count(),
				       PLAT_SDEI_MAX_INTERRUPT + 1U),
		.pe_count = PLATFORM_CORE_COUNT,
		.client_el = find_client_el(),
		.version_minor = LIBSDEI_VERSION_MINOR,
		.features = features(),
	};
	const char *why;
	unsigned sgi;

	plat_sdei_setup();
	sgi = libsdei_read_map(&config);
	if (libsdei_gic_count() > config.interrupt_count &&
	    config.private_slots + config.shared_slots != 0U)
		NOTICE("SDEI: no client can bind an interrupt above %u: PLAT_SDEI_MAX_INTERRUPT\n",
		       PLAT_SDEI_MAX_INTERRUPT);
	libsdei_client_el = config.client_el;
	config.ops = config.client_el == 2U ? &ops_el2 : &ops_el1;
	libsdei = sdei_dispatcher_init(libsdei_map.memory, libsdei_map.size,
				       &config, &why);
	if (libsdei == NULL) {
		ERROR("SDEI: the platform's map: %s\n", why);
		panic();
	}
	for (unsigned i = 0; i < PLATFORM_CORE_COUNT; i++)
		libsdei_set_wait(&libsdei_pes[i], NULL);
	libsdei_watch_power();
	libsdei_gic_init(sgi);
	sdei_pe_on(libsdei, plat_my_core_pos());
	ehf_register_priority_handler(PLAT_SDEI_CRITICAL_PRI,
				      libsdei_interrupt);
	ehf_register_priority_handler(PLAT_SDEI_NORMAL_PRI, libsdei_interrupt);
}
