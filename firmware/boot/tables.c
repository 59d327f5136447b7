/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of error reporting (ACPI 6.5, chapter 18), built of what EL3 works by,
 * so that they cannot disagree with it.
 */
#include "acpi.h"

#include <sources.h>

static const struct sdei_table_id id = {
	.oem = { 'O', 'S', 'D', 'E', 'I', ' ' },
	.table = { 'O', 'P', 'E', 'N', 'S', 'D', 'E', 'I' },
	.revision = 1,
};

static size_t build(unsigned index, void *to, size_t room)
{
	static const struct sdei_ras_config ras = { PLATFORM_RAS };
	static const struct sdei_bert_config bert = { PLATFORM_BERT };
	static const struct sdei_einj_config einj = { PLATFORM_EINJ };
	static const struct sdei_erst_config erst = { PLATFORM_ERST };

	switch (index) {
	case 0:
		return sdei_table_hest(to, room, &id, &ras);
	case 1:
		return sdei_table_bert(to, room, &id, &bert);
	case 2:
		return sdei_table_einj(to, room, &id, &einj);
	case 3:
		return sdei_table_erst(to, room, &id, &erst);
	case 4:
		return sdei_table_sdei(to, room, &id);
	case 5:
		return sdei_table_agdi(to, room, &id, false, PLAT_EVENT_DUMP);
	default:
		return 0;
	}
}

struct table *table_of_errors(unsigned index)
{
	const size_t size = build(index, NULL, 0);
	void *table;

	if (!size)
		return NULL;
	table = area_allocate(size, 8);
	build(index, table, size);
	return table;
}
