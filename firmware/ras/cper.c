/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From struct ras_error to the bytes that the kernel reads: a Generic Error
 * Status Block with one data entry, whose section is a memory error or an Arm
 * processor error.
 *
 * Only what the error says is marked valid. The FRU text carries the sequence
 * number ("seq 17"), which also keeps equal errors of one second apart: Linux
 * drops a record that repeats another byte for byte within 10 s.
 */
#include <calendar.h>
#include <ras/internal.h>
#include <el3/machine.h>

_Static_assert(sizeof(struct cper_status) == 20, "ACPI 6.5, 18.3.2.7.1");
_Static_assert(sizeof(struct cper_entry) == 72, "ACPI 6.5, 18.3.2.7.1");
_Static_assert(offsetof(struct cper_entry, data_length) == 24, "");
_Static_assert(offsetof(struct cper_entry, fru_text) == 44, "");
_Static_assert(offsetof(struct cper_entry, timestamp) == 64, "");
_Static_assert(sizeof(struct cper_memory) == 80, "UEFI 2.10, N.2.5");
_Static_assert(offsetof(struct cper_memory, row) == 42, "");
_Static_assert(offsetof(struct cper_memory, type) == 72, "");
_Static_assert(sizeof(struct cper_processor) == 72, "UEFI 2.10, N.2.4.4");
_Static_assert(offsetof(struct cper_processor, mpidr) == 16, "");
_Static_assert(offsetof(struct cper_processor, error) == 40, "");
_Static_assert(offsetof(struct cper_processor, error.physical_address) == 64,
	       "");

/* GUIDs lie in memory with their first three fields little-endian. */
static const uint8_t memory_section[16] = {
	0x14, 0x11, 0xbc, 0xa5, 0x64, 0x6f, 0xde, 0x4e,
	0xb8, 0x63, 0x3e, 0x83, 0xed, 0x7c, 0x83, 0xb1,
};
static const uint8_t processor_section[16] = {
	0x16, 0x3d, 0x9e, 0xe1, 0x11, 0xbc, 0xe4, 0x11,
	0x9c, 0xaa, 0xc2, 0x05, 0x1d, 0x5d, 0x46, 0xb0,
};

/* How much of the sequence number the text shows: it wraps at a million. */
#define SEQUENCE_SHOWN 1000000

static char *put_text(char *at, const char *text)
{
	while (*text)
		*at++ = *text++;
	return at;
}

static char *put_number(char *at, unsigned number)
{
	char digits[10];
	unsigned n = 0;

	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (n)
		*at++ = digits[--n];
	return at;
}

/* At most "seq 999999 lost 999": 19 characters, and the zero after them. */
static void fill_text(struct cper_entry *entry, uint32_t sequence,
		      unsigned lost)
{
	char *at = put_text(entry->fru_text, "seq ");

	at = put_number(at, sequence % SEQUENCE_SHOWN);
	if (lost)
		put_number(put_text(at, " lost "), lost);
	entry->valid |= CPER_ENTRY_FRU_TEXT;
}

static uint8_t decimal(unsigned number)
{
	return (uint8_t)(number / 10 << 4 | number % 10);
}

/* The firmware made the error, so it knows the moment. */
static void fill_timestamp(struct cper_entry *entry, uint32_t time)
{
	struct calendar date;

	calendar_from_seconds(&date, time);
	entry->timestamp = (struct cper_timestamp){
		.seconds = decimal(date.second),
		.minutes = decimal(date.minute),
		.hours = decimal(date.hour),
		.precise = 1,
		.day = decimal(date.day),
		.month = decimal(date.month),
		.year = decimal(date.year % 100),
		.century = decimal(date.year / 100),
	};
	entry->valid |= CPER_ENTRY_TIMESTAMP;
}

void cper_tell(struct cper_record *record, uint32_t sequence, unsigned lost)
{
	__builtin_memset(record->entry.fru_text, 0,
			 sizeof(record->entry.fru_text));
	fill_text(&record->entry, sequence, lost);
}

static void fill_memory(struct cper_memory *m, const struct ras_error *e)
{
	static const struct {
		uint32_t has, valid;
	} fields[] = {
		{ RAS_HAS_ADDRESS, CPER_MEMORY_ADDRESS },
		{ RAS_HAS_MASK, CPER_MEMORY_MASK },
		{ RAS_HAS_NODE, CPER_MEMORY_NODE },
		{ RAS_HAS_CARD, CPER_MEMORY_CARD },
		{ RAS_HAS_MODULE, CPER_MEMORY_MODULE },
		{ RAS_HAS_BANK, CPER_MEMORY_BANK },
		{ RAS_HAS_ROW, CPER_MEMORY_ROW },
		{ RAS_HAS_COLUMN, CPER_MEMORY_COLUMN },
	};

	m->valid = CPER_MEMORY_TYPE;
	for (unsigned i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (e->has & fields[i].has)
			m->valid |= fields[i].valid;
	m->address = e->has & RAS_HAS_ADDRESS ? e->address : 0;
	m->mask = e->has & RAS_HAS_MASK ? e->mask : 0;
	m->node = e->has & RAS_HAS_NODE ? e->node : 0;
	m->card = e->has & RAS_HAS_CARD ? e->card : 0;
	m->module = e->has & RAS_HAS_MODULE ? e->module : 0;
	m->bank = e->has & RAS_HAS_BANK ? e->bank : 0;
	m->row = e->has & RAS_HAS_ROW ? e->row : 0;
	m->column = e->has & RAS_HAS_COLUMN ? e->column : 0;
	if (e->has & RAS_HAS_TYPE)
		m->type = e->type;
	else if (e->severity == RAS_CORRECTED)
		m->type = CPER_MEMORY_SINGLE_BIT;
	else
		m->type = CPER_MEMORY_MULTI_BIT;
}

/*
 * A processor's error is reported as one of its caches, a single one of the PE
 * itself (affinity level 0). The type is a bit, as
 * UEFI 2.9A settled; older kernels take it for a number and name another type,
 * but decode the information alike: its fields lie where all types have them.
 * MPIDR holds the affinity fields alone, which is what a kernel compares it
 * with. All PEs of the machine are of one kind, so any one's MIDR serves. The
 * PSCI state counts for a PE that does not run, and must be zero for one that does;
 * a suspended one does not run and is, for PSCI, on.
 */
static void fill_processor(struct cper_processor *p, const struct ras_error *e)
{
	p->valid = CPER_PROCESSOR_MPIDR | CPER_PROCESSOR_LEVEL |
		   CPER_PROCESSOR_RUNNING;
	p->error_count = 1;
	p->length = sizeof(*p);
	p->mpidr = machine_affinity(e->pe);
	p->midr = ras_midr();
	if (machine_pe_is_on(e->pe))
		p->running = CPER_PROCESSOR_IS_RUNNING;
	else
		p->psci_state = machine_psci_state(e->pe);
	p->error.length = sizeof(p->error);
	p->error.valid = CPER_ERROR_MULTIPLE | CPER_ERROR_INFORMATION;
	p->error.type = CPER_ERROR_CACHE;
	p->error.information = CPER_CACHE_CORRUPT_VALID |
			       CPER_CACHE_CORRECTED_VALID;
	if (e->severity == RAS_FATAL)
		p->error.information |= CPER_CACHE_CORRUPT;
	if (e->severity == RAS_CORRECTED)
		p->error.information |= CPER_CACHE_CORRECTED;
	if (e->has & RAS_HAS_ADDRESS) {
		p->error.valid |= CPER_ERROR_PHYSICAL;
		p->error.physical_address = e->address;
	}
}

void cper_build(struct cper_record *record, const struct ras_error *error,
		uint32_t sequence, unsigned lost)
{
	static const uint8_t severities[] = {
		[RAS_CORRECTED] = CPER_CORRECTED,
		[RAS_RECOVERABLE] = CPER_RECOVERABLE,
		[RAS_FATAL] = CPER_FATAL,
	};
	bool memory = error->kind == RAS_MEMORY;
	uint32_t size = memory ? sizeof(record->memory)
			       : sizeof(record->processor);

	__builtin_memset(record, 0, sizeof(*record));
	record->status.block_status = CPER_STATUS_ENTRIES(1) |
				      (error->severity == RAS_CORRECTED
					       ? CPER_STATUS_CORRECTED
					       : CPER_STATUS_UNCORRECTED);
	record->status.data_length = sizeof(record->entry) + size;
	record->status.severity = severities[error->severity];
	__builtin_memcpy(record->entry.section_type,
			 memory ? memory_section : processor_section,
			 sizeof(record->entry.section_type));
	record->entry.severity = severities[error->severity];
	record->entry.revision = CPER_ENTRY_REVISION;
	record->entry.flags = CPER_ENTRY_PRIMARY;
	record->entry.data_length = size;
	fill_text(&record->entry, sequence, lost);
	fill_timestamp(&record->entry, error->time);
	if (memory)
		fill_memory(&record->memory, error);
	else
		fill_processor(&record->processor, error);
}

size_t cper_size(const struct cper_record *record)
{
	return sizeof(record->status) + record->status.data_length;
}

/*
 * The status word goes last: until then whoever looks at the block sees that
 * it is empty.
 */
void cper_write(uint64_t block, const struct cper_record *record)
{
	const size_t status = sizeof(record->status.block_status);
	char *to = ras_memory(block);

	__builtin_memcpy(to + status, (const char *)record + status,
			 cper_size(record) - status);
	__atomic_store_n((uint32_t *)to, record->status.block_status,
			 __ATOMIC_RELEASE);
}
