/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Error reporting for the guest: libsdei-ras, embedded. What it does not know of an
 * error, its time and its locks; which vcpus are behind; and its state, saved.
 *
 * What the guest left for later is known only while its vcpus stand still. So
 * they are looked at now and then, and what was seen counts until a handler is
 * entered there.
 */
#include "records.h"

#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NEVER UINT64_MAX

static _Alignas(16)
	uint8_t memory[SDEI_RAS_BOUND(SOURCES, VCPUS_MAX, SOURCE_QUEUE_SIZE)];
static struct sdei_ras *ras;
static uint64_t midr;
/* When the library wants to be called; and does this thread do that? */
static uint64_t poll_due;
static __thread bool polling;
/* Handlers that a vcpu has entered; so many had it when nothing was left there. */
static uint32_t entered[VCPUS_MAX], clean[VCPUS_MAX];
/* When to look again, and how long after that. */
static uint64_t look_due;
static unsigned look_wait;

static uint64_t time_now(void *context)
{
	(void)context;
	return time_ms();
}

/*
 * Whoever calls records_poll() does not know yet what is due. A poll on another thread
 * sees what is to be done, or we see that it has begun: libsdei-ras has the barriers.
 */
static void poll_at(void *context, uint64_t at)
{
	const struct vmm *vmm = context;
	uint64_t due = __atomic_load_n(&poll_due, __ATOMIC_RELAXED);

	while (at < due)
		if (__atomic_compare_exchange_n(&poll_due, &due, at, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED)) {
			if (!polling)
				eventfd_write(vmm->wake, 1);
			return;
		}
}

/* Asked of one that is in no handler, which the library has seen before. */
static bool is_behind(void *context, unsigned vcpu)
{
	(void)context;
	return __atomic_load_n(&entered[vcpu], __ATOMIC_RELAXED) !=
	       __atomic_load_n(&clean[vcpu], __ATOMIC_RELAXED);
}

/*
 * A mutex (0: free, 1: taken, 2: and somebody may sleep), not a spin lock: the
 * guest's memory is written under it, and the host may have to fetch that from a
 * disk first.
 */
static void lock(void *context, struct sdei_ras_lock *l)
{
	uint32_t was = 0;

	(void)context;
	if (__atomic_compare_exchange_n(&l->taken, &was, 1, false,
					__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(&l->taken, 2, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, &l->taken, FUTEX_WAIT_PRIVATE, 2, NULL);
}

static void unlock(void *context, struct sdei_ras_lock *l)
{
	(void)context;
	if (__atomic_exchange_n(&l->taken, 0, __ATOMIC_RELEASE) == 2)
		syscall(SYS_futex, &l->taken, FUTEX_WAKE_PRIVATE, 1);
}

static const struct sdei_ras_ops ops = {
	.read = records_read,
	.write = records_write,
	.now = time_now,
	.poll_at = poll_at,
	.raise = records_raise,
	.out = records_out,
	.readiness = records_readiness,
	.behind = is_behind,
	.lock = lock,
	.unlock = unlock,
};

/* No vcpu runs. */
/* Of each source, how many acknowledged records a live trace knows of. */
static uint64_t traced[SOURCES];

static void make(struct vmm *vmm)
{
	struct sdei_ras_config config = sources_config(vmm);
	const char *why;

	config.ops = &ops;
	config.context = vmm;
	ras = sdei_ras_init(memory, sizeof(memory), &config, &why);
	if (!ras)
		vmm_die("no error sources for the guest: %s", why);
	midr = vcpu_midr(vmm);
	poll_due = NEVER;
	look_due = look_wait = 0;
	memset(entered, 0, sizeof(entered));
	memset(clean, 0, sizeof(clean));
	memset(traced, 0, sizeof(traced));
	records_memory_reset();
	records_event_reset(false);
}

void records_start(struct vmm *vmm)
{
	make(vmm);
	if (!sdei_ras_publish(ras) || !records_memory_fill(ras))
		vmm_die("the guest's memory for error records is bad");
}

static const char *wrong_memory(struct vmm *vmm,
				const struct sdei_section *section)
{
	/* Both sections have these at the same place (UEFI 2.10, N.2.5, N.2.6). */
	const struct sdei_cper_memory *m = sdei_section_body(section);

	if (section->kind != SDEI_SECTION_MEMORY &&
	    section->kind != SDEI_SECTION_MEMORY2)
		return NULL;
	if (!(m->valid & SDEI_MEMORY_HAS_ADDRESS))
		return "a memory error needs an address";
	if (!vmm_memory(vmm, m->physical_address, 1))
		return "the address is outside the guest's RAM";
	return NULL;
}

/*
 * A vcpu that masks events may be off; that is known of the others alone, so of
 * such a one the record does not say whether it runs.
 */
static void complete_processor(const struct vmm *vmm, unsigned vcpu,
			       struct sdei_cper_processor *p)
{
	const uint32_t given = p->valid & SDEI_PROCESSOR_HAS_RUNNING;
	const bool masked = sdei_kvm_masked(vmm->sdei, vcpu);

	sdei_cper_processor_pe(p, vcpu, midr, !masked, 0);
	if (masked && !given)
		p->valid &= ~SDEI_PROCESSOR_HAS_RUNNING;
}

static void complete(const struct vmm *vmm, struct sdei_record *record)
{
	const struct sdei_section *section = NULL;

	record->sequence = 0;
	if (!record->time)
		record->time = sdei_cper_time((uint64_t)time(NULL));
	while ((section = sdei_record_next(record, section)))
		if (section->kind == SDEI_SECTION_PROCESSOR)
			complete_processor(vmm, record->pe,
					   sdei_section_body(section));
}

const char *records_report(struct vmm *vmm, struct sdei_record *record,
			   struct outcome *outcome)
{
	const struct sdei_section *section = NULL;
	const char *wrong = NULL;
	int source;

	if (record->pe >= vmm->options.vcpus)
		return "there is no such vcpu, `status` lists those that there are";
	while (!wrong && (section = sdei_record_next(record, section)))
		wrong = wrong_memory(vmm, section);
	if (wrong)
		return wrong;
	source = sdei_ras_find(ras, record);
	if (source < 0)
		return "no error source takes that severity, it can be corrected, recoverable or fatal";
	complete(vmm, record);
	outcome->event = vmm_sources[source].vector;
	record->sequence = sdei_ras_sequence(ras);
	live_note(TRACE_REPORTED, outcome->event, record->sequence,
		  record->severity, 0);
	if (!sdei_ras_report(ras, (unsigned)source, record, &outcome->report))
		return "the record is longer than a status block, which has 4096 bytes";
	live_note(TRACE_DISPOSED, outcome->event, record->sequence,
		  outcome->report.fate, (uint64_t)(int64_t)outcome->report.pe);
	records_memory_fill(ras);
	return NULL;
}

void records_make_memory(struct record_buffer *r, unsigned severity,
			 uint64_t address, uint64_t mask)
{
	struct sdei_cper_memory *m;

	sdei_record_start(&r->record, severity, 0);
	m = sdei_record_memory(&r->record, sizeof(*r), severity);
	m->valid |= SDEI_MEMORY_HAS_ADDRESS;
	m->physical_address = address;
	if (mask) {
		m->valid |= SDEI_MEMORY_HAS_ADDRESS_MASK;
		m->physical_address_mask = mask;
	}
}

const char *records_report_memory(struct vmm *vmm, unsigned severity,
				  uint64_t address, uint64_t mask,
				  struct outcome *outcome)
{
	struct record_buffer r;

	records_make_memory(&r, severity, address, mask);
	return records_report(vmm, &r.record, outcome);
}

/*
 * The library looks whether vcpus are behind before it counts this handler, and
 * that is as it was seen.
 */
void records_entered(unsigned source, unsigned vcpu)
{
	sdei_ras_entered(ras, source, vcpu);
	records_event_entered(source);
	/* Whoever sees this sees that the handler runs, or has ended. */
	__atomic_fetch_add(&entered[vcpu], 1, __ATOMIC_RELEASE);
}

void records_trace(void)
{
	for (unsigned i = 0; i < SOURCES; i++)
		__atomic_store_n(&traced[i], records_count(i).acknowledged,
				 __ATOMIC_RELAXED);
}

/* For a trace: was its record acknowledged, and is the next one shown? */
static void note_source(unsigned source)
{
	const uint32_t event = vmm_sources[source].vector;
	struct sdei_ras_counters c;

	sdei_ras_count(ras, source, &c);
	/* Of two vcpus that come at once one says it. */
	if (__atomic_exchange_n(&traced[source], c.acknowledged,
				__ATOMIC_RELAXED) == c.acknowledged)
		return;
	live_note(TRACE_ACKNOWLEDGED, event, c.acknowledged, 0, 0);
	if (c.state != SDEI_RAS_IS_FREE)
		live_note(TRACE_PUBLISHED, event, c.published, 0, 0);
}

void records_completed(unsigned source, unsigned vcpu)
{
	sdei_ras_left(ras, source, vcpu);
	if (live_is_on())
		note_source(source);
	records_memory_fill(ras);
}

static bool is_any_behind(const struct vmm *vmm)
{
	bool any = false;

	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		any |= is_behind(NULL, i);
	return any;
}

static void look(struct vmm *vmm)
{
	uint32_t sgis[VCPUS_MAX], before[VCPUS_MAX];
	bool inside[VCPUS_MAX];

	/* Before: a handler that ends meanwhile has sent its interrupt by then. */
	for (unsigned i = 0; i < vmm->options.vcpus; i++) {
		before[i] = __atomic_load_n(&entered[i], __ATOMIC_ACQUIRE);
		inside[i] = vcpu_in_handler(vmm, i);
	}
	if (!sdei_kvm_sgis(vmm->sdei, sgis))
		return;
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		if (!inside[i] && !sgis[i])
			__atomic_store_n(&clean[i], before[i],
					 __ATOMIC_RELAXED);
}

static unsigned longer(unsigned ms)
{
	return ms < AGAIN_MOST_MS / 2 ? 2 * ms : AGAIN_MOST_MS;
}

/* Would looking tell more than is known? */
static bool is_to_look(const struct vmm *vmm)
{
	return sdei_ras_full(ras) && is_any_behind(vmm);
}

/* Look at the guest, ever more seldom. Was it time to? */
static bool look_if_due(struct vmm *vmm)
{
	if (!is_to_look(vmm) || time_ms() < look_due)
		return false;
	look(vmm);
	look_wait = look_wait && is_any_behind(vmm) ? longer(look_wait)
						    : AGAIN_MS;
	look_due = time_ms() + look_wait;
	return true;
}

int records_poll(struct vmm *vmm)
{
	uint64_t now, at;

	if (look_if_due(vmm) ||
	    time_ms() >= __atomic_load_n(&poll_due, __ATOMIC_RELAXED)) {
		__atomic_store_n(&poll_due, NEVER, __ATOMIC_RELAXED);
		polling = true;
		sdei_ras_poll(ras);
		records_memory_fill(ras);
		polling = false;
	}
	at = __atomic_load_n(&poll_due, __ATOMIC_RELAXED);
	if (is_to_look(vmm) && look_due < at)
		at = look_due;
	if (at == NEVER)
		return -1;
	now = time_ms();
	return at <= now ? 1 : at - now < INT_MAX ? (int)(at - now) : INT_MAX;
}

bool records_renew(struct vmm *vmm, uint64_t address)
{
	return vmm->options.acpi && address >= RAS_BASE &&
	       address < RAS_BASE + RAS_SIZE &&
	       records_memory_new(vmm, address) && records_memory_fill(ras);
}

struct sdei_ras_counters records_count(unsigned source)
{
	struct sdei_ras_counters counters;

	sdei_ras_count(ras, source, &counters);
	records_memory_fill(ras);
	return counters;
}

void records_put(struct state *s)
{
	const size_t size = sdei_ras_save(ras, NULL, 0);
	void *at = state_put_blob(s, size);

	if (at)
		sdei_ras_save(ras, at, size);
}

/* The library knows of no handler yet that it will be told has ended. */
static void resume_handlers(struct vmm *vmm)
{
	struct sdei_report r = { 0 };

	for (unsigned i = 0; i < SOURCES; i++)
		for (unsigned v = 0; v < vmm->options.vcpus; v++)
			if (sdei_kvm_query(vmm->sdei, v, i, &r) &&
			    r.status & SDEI_STATUS_RUNNING &&
			    r.running_on == (int)v)
				sdei_ras_entered(ras, i, v);
}

/*
 * Of what the guest has yet to work on nothing is known, and each event may have
 * been raised just before it was saved.
 */
void records_get(struct vmm *vmm, struct state *s)
{
	size_t size;
	const void *at = state_get_blob(s, &size);
	const char *why;

	make(vmm);
	if (at && !sdei_ras_load(ras, at, size, &why))
		state_fail(s, "its error sources: %s", why);
	for (unsigned i = 0; i < vmm->options.vcpus; i++)
		entered[i] = 1;
	records_event_reset(true);
	resume_handlers(vmm);
	poll_due = time_ms();
}
