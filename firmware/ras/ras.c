/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libsdei-ras in this firmware: its memory, its operations, and what it does not
 * know of an error.
 *
 * The lock of a source is held over sdei_raise(), so it comes before any lock of
 * the dispatcher's; the dispatcher holds none when it calls entered() and
 * completed(), from where ras_entered() and ras_completed() are called.
 */
#include <ras/internal.h>
#include <el3/live.h>
#include <el3/machine.h>
#include <sdei/sections.h>
#include <sources.h>

static _Alignas(16) uint8_t memory[SDEI_RAS_BOUND(
	PLAT_RAS_SOURCES, PLAT_MAX_PES, PLAT_RAS_QUEUE_SIZE)];
static struct sdei_ras *ras; /* NULL: nothing is started */
static bool published;
/* Errors of which nothing but the event was told: not published. */
static uint64_t raised_only[PLAT_RAS_SOURCES];
/* When ras_poll() will be called, at the latest; UINT64_MAX: not at all. */
static uint64_t poll_due;

/* Registers and status words are one access, for the kernel looks at them, too. */
static void copy(void *to, const void *from, size_t bytes)
{
	if (bytes == 8)
		*(volatile uint64_t *)to = *(const volatile uint64_t *)from;
	else if (bytes == 4)
		*(volatile uint32_t *)to = *(const volatile uint32_t *)from;
	else
		__builtin_memcpy(to, from, bytes);
}

static bool client_read(void *context, uint64_t address, void *to, size_t bytes)
{
	(void)context;
	copy(to, ras_memory(address), bytes);
	return true;
}

static bool client_write(void *context, uint64_t address, const void *from,
			 size_t bytes)
{
	(void)context;
	copy(ras_memory(address), from, bytes);
	return true;
}

static uint64_t time_now(void *context)
{
	(void)context;
	return machine_time();
}

/*
 * On this PE's timer, unless another one's is set for an earlier time. One that is
 * late by a second has stopped for good, and does not take the polling with it.
 */
static void poll_at(void *context, uint64_t at)
{
	const uint64_t now = machine_time();
	const uint64_t due = __atomic_load_n(&poll_due, __ATOMIC_ACQUIRE);

	(void)context;
	if (due <= at && now < due + machine_time_hz())
		return;
	__atomic_store_n(&poll_due, at, __ATOMIC_RELEASE);
	machine_poll_after(at > now ? at - now : 1);
}

static bool is_behind(void *context, unsigned pe)
{
	(void)context;
	return machine_pe_has_sgi(pe);
}

_Static_assert(sizeof(spinlock) == sizeof(struct sdei_ras_lock), "");

static void lock(void *context, struct sdei_ras_lock *word)
{
	(void)context;
	spin_lock((spinlock *)&word->taken);
}

static void unlock(void *context, struct sdei_ras_lock *word)
{
	(void)context;
	spin_unlock((spinlock *)&word->taken);
}

const struct sdei_ras_ops ras_ops = {
	.read = client_read,
	.write = client_write,
	.now = time_now,
	.poll_at = poll_at,
	.raise = raise_event,
	.out = raise_is_out,
	.readiness = raise_readiness,
	.behind = is_behind,
	.lock = lock,
	.unlock = unlock,
};

void ras_start(struct sdei_dispatcher *dispatcher, bool publish)
{
	const struct sdei_ras_config config = {
		PLATFORM_RAS,
		.pe_count = machine_pe_count(),
		.tick_hz = machine_time_hz(),
		.ops = &ras_ops,
	};
	const char *why;
	struct sdei_ras *made = sdei_ras_init(memory, sizeof(memory), &config,
					      &why);

	if (!made)
		panic("ras: %s", why);
	published = publish;
	__builtin_memset(raised_only, 0, sizeof(raised_only));
	poll_due = UINT64_MAX;
	raise_start(dispatcher);
	if (publish) {
		bert_look();
		__builtin_memset(ras_memory(PLAT_RAS_BASE), 0, PLAT_RAS_SIZE);
		sdei_ras_publish(made);
		bert_show();
	}
	einj_start(publish);
	__atomic_store_n(&ras, made, __ATOMIC_RELEASE);
}

static struct sdei_ras *started(void)
{
	return __atomic_load_n(&ras, __ATOMIC_ACQUIRE);
}

static const char not_started[] =
	"no kernel or payload is started yet, errors can be injected once it is";

/* Both kinds have these at the same place (UEFI 2.10, N.2.5, N.2.6). */
static const char *wrong_memory(const struct sdei_cper_memory *m, uint8_t type)
{
	if (!(m->valid & SDEI_MEMORY_HAS_ADDRESS))
		return "a memory error needs an address";
	if (!machine_is_ram(m->physical_address))
		return "the address is outside RAM, `status` tells where that lies";
	if (type > SDEI_MEMORY_TYPE_LAST)
		return "the type of a memory error is a number from 0 to 15";
	return NULL;
}

/*
 * All PEs of the machine are of one kind, so any one's MIDR serves. The PSCI state
 * counts for a PE that does not run, and must be zero for one that does; a
 * suspended one does not run and is, for PSCI, on.
 */
void ras_fill_processor(struct sdei_cper_processor *p, unsigned pe)
{
	const bool running = machine_pe_is_on(pe);

	sdei_cper_processor_pe(p, machine_affinity(pe), ras_midr(), running,
			       running ? 0 : machine_psci_state(pe));
}

static uint32_t read_function(void *context, unsigned offset)
{
	return machine_pcie_read(*(const uint32_t *)context, offset);
}

bool pcie_fill(struct sdei_cper_pcie *p, unsigned severity)
{
	uint32_t sbdf = (uint32_t)p->id.segment << 24 |
			(uint32_t)p->id.bus << 16 |
			(p->id.device & 0x1fu) << 11 |
			(p->id.function & 7u) << 8;

	return sdei_cper_pcie_function(p, severity, read_function, &sbdf);
}

/* Judge what a section says of this machine, and say what only that knows. */
static const char *complete(const struct sdei_section *section, unsigned pe)
{
	void *body = sdei_section_body(section);

	switch (section->kind) {
	case SDEI_SECTION_MEMORY:
		return wrong_memory(
			body, ((struct sdei_cper_memory *)body)->error_type);
	case SDEI_SECTION_MEMORY2:
		return wrong_memory(
			body, ((struct sdei_cper_memory2 *)body)->error_type);
	case SDEI_SECTION_PROCESSOR:
		ras_fill_processor(body, pe);
		return NULL;
	case SDEI_SECTION_PCIE:
		/* Whoever names a function and says no more wants the rest. */
		if (((struct sdei_cper_pcie *)body)->valid == SDEI_PCIE_HAS_ID)
			pcie_fill(body, section->severity);
		return NULL;
	default:
		return NULL;
	}
}

static const char *complete_all(struct sdei_record *record)
{
	const struct sdei_section *section = NULL;
	const char *wrong = NULL;

	if (!started())
		return not_started;
	if (record->pe >= machine_pe_count())
		return "there is no such PE, `status` lists those that there are";
	while (!wrong && (section = sdei_record_next(record, section)))
		wrong = complete(section, record->pe);
	if (!record->time)
		record->time = sdei_cper_time(ras_time());
	return wrong;
}

/* Nobody reads records: the event alone. */
static void raise_only(unsigned source, struct sdei_record *record,
		       struct sdei_ras_outcome *o)
{
	*o = (struct sdei_ras_outcome){ .sequence = record->sequence,
					.why = "" };
	__atomic_fetch_add(&raised_only[source], 1, __ATOMIC_RELAXED);
	o->pe = raise_event(NULL, source, record->pe, &o->why);
	o->fate = o->pe < 0 ? SDEI_RAS_PENDING : SDEI_RAS_DELIVERED;
}

const char *ras_report(struct sdei_record *record, struct ras_outcome *outcome)
{
	const char *wrong = complete_all(record);
	int source;

	if (wrong)
		return wrong;
	source = sdei_ras_find(ras, record);
	if (source < 0)
		return "no error source takes that severity, it can be corrected, recoverable or fatal";
	outcome->source = platform_sources[source].name;
	outcome->event = platform_sources[source].vector;
	record->sequence = sdei_ras_sequence(ras);
	live_note(TRACE_REPORTED, outcome->event, record->sequence,
		  record->severity);
	/* It may be the last thing that this boot does. */
	if (record->severity == SDEI_CPER_FATAL)
		bert_keep(record);
	if (!published)
		raise_only((unsigned)source, record, &outcome->report);
	else if (!sdei_ras_report(ras, (unsigned)source, record,
				  &outcome->report))
		return "the record is longer than a status block, which has 4096 bytes";
	live_note(TRACE_DISPOSED, outcome->event, record->sequence,
		  outcome->report.fate, (uint64_t)(int64_t)outcome->report.pe);
	return NULL;
}

const char *ras_dump(struct ras_outcome *outcome)
{
	struct sdei_ras_outcome *o = &outcome->report;

	if (!started())
		return not_started;
	*outcome = (struct ras_outcome){ .source = "dump",
					 .event = PLAT_EVENT_DUMP,
					 .report.why = "" };
	o->pe = raise_event(NULL, RAISE_DUMP, 0, &o->why);
	o->fate = o->pe < 0 ? SDEI_RAS_PENDING : SDEI_RAS_DELIVERED;
	return NULL;
}

/* The source whose record an event announces, or -1. */
static int find_source(uint32_t number)
{
	const uint32_t first = platform_sources[0].vector;

	if (!started() || !published || number - first >= PLAT_RAS_SOURCES)
		return -1;
	return (int)(number - first);
}

void ras_entered(uint32_t number, unsigned pe)
{
	const int source = find_source(number);

	if (source >= 0)
		sdei_ras_entered(ras, (unsigned)source, pe);
}

void ras_completed(uint32_t number, unsigned pe)
{
	const int source = find_source(number);

	if (source >= 0)
		sdei_ras_left(ras, (unsigned)source, pe);
}

void ras_poll(void)
{
	if (!started())
		return;
	__atomic_store_n(&poll_due, UINT64_MAX, __ATOMIC_RELEASE);
	sdei_ras_poll(ras);
}

void ras_pe_off(unsigned pe)
{
	if (started())
		sdei_ras_pe_off(ras, pe);
}

void ras_client_reset(void)
{
	if (started())
		sdei_ras_client_reset(ras);
}

bool ras_source(unsigned index, struct sdei_ras_counters *counters)
{
	if (!started() || !sdei_ras_count(ras, index, counters))
		return false;
	counters->injected += raised_only[index];
	return true;
}

void ras_kept(struct ras_kept *kept)
{
	if (started() && published)
		bert_look();
	bert_count(kept);
}
