/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EINJ: the kernel asks for an error (ACPI 6.5, 18.6). It writes what it wants
 * into Non-secure memory and rings the doorbell, the RTC's interrupt mask; the
 * RTC's interrupt is ours and is kept raised behind that mask. ERST has the same.
 */
#include <ras/internal.h>
#include <el3/machine.h>
#include <sources.h>

/* Registers of the PL031, by word. */
#define RTC_DATA  0
#define RTC_MATCH 1
#define RTC_MASK  (PLAT_DOORBELL / 4)
#define RTC_RAW   5

static bool armed;

/* A processor is named by its UID, which on this machine is the PE's index. */
static int processor(void *context, const uint32_t *uid,
		     struct sdei_cper_processor *section)
{
	const unsigned pe = uid ? *uid : machine_self();

	(void)context;
	if (pe >= machine_pe_count())
		return -1;
	ras_fill_processor(section, pe);
	return (int)pe;
}

/* ras_report() looks at each, whoever asks. */
static bool any_address(void *context, uint64_t address)
{
	(void)context, (void)address;
	return true;
}

/*
 * The section names the function already; report_for_einj() has a PCIe error's
 * filled in. The ids are for a CXL error, which takes them from here.
 */
static bool device(void *context, uint32_t sbdf, struct sdei_cper_pcie *section)
{
	const uint32_t id = machine_pcie_read(sbdf, 0);
	const uint32_t class = machine_pcie_read(sbdf, 8);

	(void)context;
	section->id.vendor_id = (uint16_t)id;
	section->id.device_id = (uint16_t)(id >> 16);
	for (unsigned i = 0; i < sizeof(section->id.class_code); i++)
		section->id.class_code[i] = (uint8_t)(class >> (8 + 8 * i));
	return id != UINT32_MAX;
}

static enum sdei_einj_status
report_for_einj(void *context, struct sdei_record *record, size_t room)
{
	struct ras_outcome outcome;

	(void)context, (void)room;
	if (ras_report(record, &outcome))
		return SDEI_EINJ_INVALID_ACCESS;
	return outcome.report.fate == SDEI_RAS_DROPPED
		       ? SDEI_EINJ_UNKNOWN_FAILURE
		       : SDEI_EINJ_SUCCESS;
}

static const struct sdei_einj_ops einj_ops = {
	.processor = processor,
	.address = any_address,
	.device = device,
	.report = report_for_einj,
};

static _Alignas(8) uint8_t record[SDEI_RECORD_MAX];

static const struct sdei_einj_config config = {
	PLATFORM_EINJ,
	.record = (struct sdei_record *)record,
	.ops = &ras_ops,
	.einj = &einj_ops,
};

/*
 * A match register equal to the clock raises the interrupt at once. The clock
 * may tick between reading and writing, so it can take a second try; more
 * would mean that this is no PL031.
 */
static void arm_doorbell(void)
{
	volatile uint32_t *rtc = ras_memory(PLAT_RTC_BASE);

	rtc[RTC_MASK] = 0;
	for (unsigned attempt = 0; attempt < 3; attempt++) {
		rtc[RTC_MATCH] = rtc[RTC_DATA];
		if (rtc[RTC_RAW] & 1)
			return;
	}
	panic("einj: the RTC's alarm does not fire");
}

void einj_start(bool publish)
{
	armed = publish;
	if (!publish)
		return;
	sdei_einj_publish(&config);
	erst_start();
	arm_doorbell();
}

void ras_doorbell(void)
{
	volatile uint32_t *rtc;

	if (!armed)
		return;
	rtc = ras_memory(PLAT_RTC_BASE);
	/* Before the registers are read, so that no later ring is lost. */
	rtc[RTC_MASK] = 0;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	sdei_einj_serve(&config);
	erst_serve();
}
