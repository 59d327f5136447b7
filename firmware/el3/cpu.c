/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System registers of a PE: what EL3 keeps, what it lets lower exception levels
 * use. Features that trap to EL3 until they are enabled are enabled when the
 * ID registers show them, one row each in `enables`.
 *
 * Registers that a base Armv8.0 assembler may not know are named by their
 * encoding.
 */
#include "pe.h"

#define read_sysreg(name) \
	({ \
		uint64_t value_; \
		__asm__ volatile("mrs %0, " #name : "=r"(value_)); \
		value_; \
	})
#define write_sysreg(name, value) \
	__asm__ volatile("msr " #name ", %0" : : "r"((uint64_t)(value)))

#define SCR_NS         (UINT64_C(1) << 0)
#define SCR_FIQ        (UINT64_C(1) << 2)
#define SCR_RES1       (UINT64_C(3) << 4)
#define SCR_HCE        (UINT64_C(1) << 8)
#define SCR_RW         (UINT64_C(1) << 10)
#define SCR_APK_API    (UINT64_C(3) << 16)
#define SCR_ENSCXT     (UINT64_C(1) << 25)
#define SCR_ATA        (UINT64_C(1) << 26)
#define SCR_FGTEN      (UINT64_C(1) << 27)
#define SCR_ECVEN      (UINT64_C(1) << 28)
#define SCR_AMVOFFEN   (UINT64_C(1) << 35)
#define SCR_ADEN_ENAS0 (UINT64_C(3) << 36)
#define SCR_HXEN       (UINT64_C(1) << 38)
#define SCR_GCSEN      (UINT64_C(1) << 39)
#define SCR_ENTP2      (UINT64_C(1) << 41)
#define SCR_RCWMASKEN  (UINT64_C(1) << 42)
#define SCR_TCR2EN     (UINT64_C(1) << 43)
#define SCR_SCTLR2EN   (UINT64_C(1) << 44)
#define SCR_PIEN       (UINT64_C(1) << 45)
#define SCR_AIEN       (UINT64_C(1) << 46)
#define SCR_D128EN     (UINT64_C(1) << 47)
#define SCR_ENFPM      (UINT64_C(1) << 50)
#define SCR_PFAREN     (UINT64_C(1) << 53)
#define SCR_SRMASKEN   (UINT64_C(1) << 54)
#define SCR_ENIDCP128  (UINT64_C(1) << 55)
#define SCR_FGTEN2     (UINT64_C(1) << 59)
#define SCR_HDBSSEN    (UINT64_C(1) << 60)
#define SCR_HACDBSEN   (UINT64_C(1) << 61)

#define CPTR_EZ       (UINT64_C(1) << 8)
#define CPTR_ESM      (UINT64_C(1) << 12)
#define MDCR_ENPM2    (UINT64_C(1) << 7)
#define MDCR_NSPB     (UINT64_C(3) << 12)
#define MDCR_SDD      (UINT64_C(1) << 16)
#define MDCR_NSTB     (UINT64_C(3) << 24)
#define MDCR_SBRBE    (UINT64_C(1) << 32) /* Non-secure alone */
#define MDCR_ENPMSN   (UINT64_C(1) << 36)
#define MDCR_ENTB2    (UINT64_C(1) << 39)
#define MDCR_PMEE     (UINT64_C(1) << 40) /* by MDCR_EL2.PMEE */
#define MDCR_ENPMS3   (UINT64_C(1) << 42)
#define MDCR_EBWE     (UINT64_C(1) << 43)
#define MDCR_ENPMSS   (UINT64_C(1) << 44)
#define MDCR_ENITE    (UINT64_C(1) << 47)
#define MDCR_ENSTEPOP (UINT64_C(1) << 50)

#define SMCR_FA64_LEN (UINT64_C(1) << 31 | 0xf)
#define SMCR_EZT0     (UINT64_C(1) << 30)
#define MPAM3_MPAMEN  (UINT64_C(1) << 63) /* and TRAPLOWER, 62, is 0 */

#define SCTLR_EL2_RESET UINT64_C(0x30C50830)
#define SCTLR_EL1_RESET UINT64_C(0x30D00800)
#define HCR_RW          (UINT64_C(1) << 31)
#define SPSR_DAIF       (UINT64_C(0xF) << 6)

/* ID registers by a small number, so that a table can name them. */
enum id {
	ISAR1,
	ISAR2,
	PFR0,
	PFR1,
	PFR2,
	MMFR0,
	MMFR1,
	MMFR3,
	MMFR4,
	DFR0,
	DFR1,
	DFR2,
	IDS
};

static void read_ids(uint64_t id[IDS])
{
	id[ISAR1] = read_sysreg(id_aa64isar1_el1);
	id[ISAR2] = read_sysreg(S3_0_C0_C6_2); /* ISAR2 */
	id[PFR0] = read_sysreg(id_aa64pfr0_el1);
	id[PFR1] = read_sysreg(id_aa64pfr1_el1);
	id[PFR2] = read_sysreg(S3_0_C0_C4_2); /* PFR2 */
	id[MMFR0] = read_sysreg(id_aa64mmfr0_el1);
	id[MMFR1] = read_sysreg(id_aa64mmfr1_el1);
	id[MMFR3] = read_sysreg(S3_0_C0_C7_3); /* MMFR3 */
	id[MMFR4] = read_sysreg(S3_0_C0_C7_4); /* MMFR4 */
	id[DFR0] = read_sysreg(id_aa64dfr0_el1);
	id[DFR1] = read_sysreg(id_aa64dfr1_el1);
	id[DFR2] = read_sysreg(S3_0_C0_C5_2); /* DFR2 */
}

static unsigned field(uint64_t value, unsigned shift)
{
	return value >> shift & 0xf;
}

/*
 * If a feature's ID field is at least this, these bits open it, or it never traps.
 * 15 where a field is signed means "not there".
 */
struct enable {
	uint8_t id, shift, least;
	uint64_t bits;
};

static const struct enable enables[] = {
	{ ISAR1, 4, 1, SCR_APK_API },     /* pointer authentication: APA */
	{ ISAR1, 8, 1, SCR_APK_API },     /* API */
	{ ISAR1, 24, 1, SCR_APK_API },    /* GPA */
	{ ISAR1, 28, 1, SCR_APK_API },    /* GPI */
	{ ISAR2, 8, 1, SCR_APK_API },     /* GPA3 */
	{ ISAR2, 12, 1, SCR_APK_API },    /* APA3 */
	{ ISAR1, 60, 3, SCR_ADEN_ENAS0 }, /* LS64_ACCDATA */
	{ PFR0, 44, 2, SCR_AMVOFFEN },    /* AMUv1p1 */
	{ PFR0, 56, 2, SCR_ENSCXT },      /* CSV2_2 */
	{ PFR1, 32, 2, SCR_ENSCXT },      /* CSV2_1p2 */
	{ PFR1, 8, 2, SCR_ATA },          /* MTE2 */
	{ PFR1, 24, 1, SCR_ENTP2 },       /* SME */
	{ PFR1, 44, 1, SCR_GCSEN },       /* GCS */
	{ PFR1, 48, 1, SCR_RCWMASKEN },   /* THE */
	{ PFR2, 32, 1, SCR_ENFPM },       /* FPMR */
	{ MMFR0, 56, 1, SCR_FGTEN },      /* FGT */
	{ MMFR0, 56, 2, SCR_FGTEN2 },     /* FGT2 */
	{ MMFR0, 60, 2, SCR_ECVEN },      /* ECV_POFF */
	{ MMFR1, 0, 4, SCR_HDBSSEN },     /* HDBSS: HAFDBS */
	{ MMFR1, 40, 1, SCR_HXEN },       /* HCX */
	{ MMFR4, 12, 1, SCR_HACDBSEN },   /* HACDBS */
	{ MMFR4, 40, 1, SCR_SRMASKEN },   /* SRMASK */
	{ MMFR3, 0, 1, SCR_TCR2EN },      /* TCR2 */
	{ MMFR3, 4, 1, SCR_SCTLR2EN },    /* SCTLR2 */
	{ MMFR3, 8, 1, SCR_PIEN },        /* S1PIE */
	{ MMFR3, 12, 1, SCR_PIEN },       /* S2PIE */
	{ MMFR3, 16, 1, SCR_PIEN },       /* S1POE */
	{ MMFR3, 24, 1, SCR_AIEN },       /* AIE */
	{ MMFR3, 32, 1, SCR_D128EN },     /* D128 */
	{ MMFR3, 20, 1, SCR_PIEN },       /* S2POE */
	{ PFR1, 60, 1, SCR_PFAREN },      /* PFAR */
	{ ISAR2, 32, 1, SCR_ENIDCP128 },  /* SYSREG128 */
};

unsigned cpu_client_el(void)
{
	return field(read_sysreg(id_aa64pfr0_el1), 8) ? 2 : 1;
}

bool cpu_has_gicv3(void)
{
	return field(read_sysreg(id_aa64pfr0_el1), 24);
}

static uint64_t scr_value(const uint64_t id[IDS])
{
	uint64_t scr = SCR_NS | SCR_FIQ | SCR_RES1 | SCR_RW;

	if (cpu_client_el() == 2)
		scr |= SCR_HCE;
	for (size_t i = 0; i < sizeof(enables) / sizeof(enables[0]); i++) {
		const struct enable *e = &enables[i];

		if (field(id[e->id], e->shift) >= e->least)
			scr |= e->bits;
	}
	return scr;
}

/* Bits of MDCR_EL3: debug, tracing, profiling and counting. */
static const struct enable mdcr_enables[] = {
	/* SPE, with SPEv1p2 and SPE_FDS: RES0 without those. */
	{ DFR0, 32, 1, MDCR_NSPB | MDCR_ENPMSN | MDCR_ENPMS3 },
	{ DFR0, 44, 1, MDCR_NSTB | MDCR_ENTB2 }, /* TRBE */
	{ DFR0, 52, 1, MDCR_SBRBE },             /* BRBE */
	{ DFR0, 8, 9, MDCR_ENPM2 },              /* PMUv3p9: PMUVer */
	{ DFR0, 0, 11, MDCR_EBWE },              /* Debugv8p9 */
	{ DFR1, 44, 1, MDCR_ENITE },             /* ITE */
	{ DFR1, 48, 1, MDCR_PMEE },              /* EBEP */
	{ DFR0, 16, 1, MDCR_ENPMSS },            /* PMU snapshots: PMSS */
	{ DFR2, 0, 1, MDCR_ENSTEPOP },           /* STEP2 */
};

static uint64_t mdcr_value(const uint64_t id[IDS])
{
	uint64_t mdcr = MDCR_SDD;

	for (size_t i = 0; i < sizeof(mdcr_enables) / sizeof(mdcr_enables[0]);
	     i++) {
		const struct enable *e = &mdcr_enables[i];
		unsigned is = field(id[e->id], e->shift);

		if (is >= e->least && is != 15)
			mdcr |= e->bits;
	}
	return mdcr;
}

void cpu_init(void)
{
	uint64_t id[IDS], cptr = 0;

	read_ids(id);
	if (field(id[PFR0], 32)) /* SVE */
		cptr |= CPTR_EZ;
	if (field(id[PFR1], 24)) /* SME */
		cptr |= CPTR_ESM;
	write_sysreg(scr_el3, scr_value(id));
	write_sysreg(cptr_el3, cptr);
	write_sysreg(mdcr_el3, mdcr_value(id));
	__asm__ volatile("isb");
	if (cptr & CPTR_EZ)
		write_sysreg(S3_6_C1_C2_0, 0xf); /* ZCR_EL3.LEN: all */
	if (cptr & CPTR_ESM)                     /* SMCR_EL3 */
		write_sysreg(S3_6_C1_C2_6,
			     SMCR_FA64_LEN |
				     (field(id[PFR1], 24) >= 2 ? SMCR_EZT0
							       : 0));
	if (field(id[PFR0], 40) || field(id[PFR1], 16)) /* MPAM3_EL3 */
		write_sysreg(S3_6_C10_C5_0, MPAM3_MPAMEN);
	__asm__ volatile("isb");
}

uint32_t cpu_sdei_features(void)
{
	uint64_t id[IDS];
	uint32_t features = 0;

	read_ids(id);
	if (field(id[MMFR1], 20))
		features |= SDEI_FEAT_PAN;
	if (field(id[PFR0], 48))
		features |= SDEI_FEAT_DIT;
	if (field(id[PFR1], 4))
		features |= SDEI_FEAT_SSBS;
	if (field(id[PFR1], 8) >= 2)
		features |= SDEI_FEAT_MTE2;
	if (field(id[PFR1], 36))
		features |= SDEI_FEAT_NMI;
	if (field(id[PFR1], 44))
		features |= SDEI_FEAT_GCS;
	if (field(id[DFR1], 48))
		features |= SDEI_FEAT_EBEP;
	return features;
}

void cpu_reset_client(struct sdei_context *context, uint64_t entry_point,
		      uint64_t argument)
{
	unsigned el = cpu_client_el();

	if (el == 2) {
		write_sysreg(sctlr_el2, SCTLR_EL2_RESET);
		write_sysreg(hcr_el2, HCR_RW);
		write_sysreg(vmpidr_el2, read_sysreg(mpidr_el1));
		write_sysreg(vpidr_el2, read_sysreg(midr_el1));
		write_sysreg(cntvoff_el2, 0);
		write_sysreg(cptr_el2, 0x33ff); /* RES1; nothing traps */
	}
	write_sysreg(sctlr_el1, SCTLR_EL1_RESET);
	__asm__ volatile("isb");
	*context = (struct sdei_context){
		.x = { argument },
		.pc = entry_point,
		.pstate = SPSR_DAIF | el << 2 | 1,
	};
}
