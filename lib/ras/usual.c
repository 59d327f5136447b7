/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sections of the usual errors: what is asked for by kind and severity alone,
 * from EINJ or by a person. Whoever asks may say more, in the section returned.
 */
#include <sdei/cper.h>
#include <sdei/sections.h>

struct sdei_cper_memory *sdei_record_memory(struct sdei_record *record,
					    size_t room, unsigned severity)
{
	struct sdei_cper_memory *m =
		sdei_record_add(record, room, SDEI_SECTION_MEMORY, severity,
				sizeof(*m), NULL, 0);

	if (!m)
		return NULL;
	m->valid = SDEI_MEMORY_HAS_ERROR_TYPE;
	m->error_type = severity == SDEI_CPER_CORRECTED ? SDEI_MEMORY_SINGLE_BIT
							: SDEI_MEMORY_MULTI_BIT;
	return m;
}

/*
 * A single error of a cache. The type is a bit, as UEFI 2.9A settled; older kernels
 * take it for a number and name another type, but decode the information alike:
 * its fields lie where all types have them.
 */
struct sdei_cper_arm_error *sdei_record_processor(struct sdei_record *record,
						  size_t room,
						  unsigned severity)
{
	struct sdei_cper_arm_error *e;
	struct sdei_cper_processor *p =
		sdei_record_add(record, room, SDEI_SECTION_PROCESSOR, severity,
				sizeof(*p) + sizeof(*e), NULL, 0);

	if (!p)
		return NULL;
	p->error_count = 1;
	p->length = sizeof(*p) + sizeof(*e);
	e = (struct sdei_cper_arm_error *)(p + 1);
	e->length = sizeof(*e);
	e->valid = SDEI_ARM_HAS_MULTIPLE | SDEI_ARM_HAS_INFORMATION;
	e->type = SDEI_ARM_CACHE;
	e->information = SDEI_ARM_INFO_HAS_CORRUPT |
			 SDEI_ARM_INFO_HAS_CORRECTED;
	if (severity == SDEI_CPER_FATAL)
		e->information |= UINT64_C(1) << SDEI_ARM_INFO_CORRUPT;
	if (severity == SDEI_CPER_CORRECTED)
		e->information |= UINT64_C(1) << SDEI_ARM_INFO_CORRECTED;
	return e;
}
