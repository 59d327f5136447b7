/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A world for sdei-vmm's error sources: the guest's memory, of which pages go bad,
 * its events, its SGIs; and time, which is a variable. Each test program that
 * includes this has its own.
 */
#ifndef UNIT_VMM_WORLD_H
#define UNIT_VMM_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <kvm/vmm/records.h>

#define CE    EVENT_MEMORY_CORRECTED
#define UE    EVENT_MEMORY_UNCORRECTED
#define FATAL EVENT_MEMORY_FATAL
#define PAGE  4096
#define MIDR  0x410fd4f1

static struct vmm vmm;

/* The live trace: the latest steps. */
bool live_on;
static struct {
	enum trace_kind kind;
	uint32_t code;
	uint64_t value[3];
} noted[8];
static unsigned notes;

void live_add(enum trace_kind kind, uint32_t code, uint64_t v0, uint64_t v1,
	      uint64_t v2)
{
	noted[notes % 8].kind = kind;
	noted[notes % 8].code = code;
	noted[notes % 8].value[0] = v0;
	noted[notes % 8].value[1] = v1;
	noted[notes++ % 8].value[2] = v2;
}

static struct {
	uint64_t now;
	unsigned raised[SOURCES];
	unsigned raised_on[SOURCES]; /* the vcpu that was asked for */
	int running[SOURCES];        /* a handler of it, on a vcpu; -1 */
	unsigned status;             /* SDEI_STATUS_*, of all events */
	bool pending;                /* so are they */
	bool masked;                 /* events, on all vcpus */
	bool off[VCPUS_MAX];         /* it masks them */
	bool inside[VCPUS_MAX];      /* a handler is, there */
	uint32_t sgis[VCPUS_MAX];
	unsigned looks;  /* at those */
	uint64_t bad[2]; /* pages, 0: none */
	/* The first of them: so many writes on, if it is not 0, that one. */
	unsigned bad_in;
	uint64_t bad_then;
	uint64_t
		whole; /* what UE's block shows when it is raised, or nothing */
	bool beyond_repair;
	unsigned renewed;
} world;

void vmm_die(const char *format, ...)
{
	fail_msg("%s", format);
	abort();
}

void *vmm_memory(struct vmm *v, uint64_t address, uint64_t size)
{
	uint64_t offset = address - RAM_BASE;

	if (address < RAM_BASE || offset > v->options.memory ||
	    size > v->options.memory - offset)
		return NULL;
	return v->ram + offset;
}

static inline bool is_bad(uint64_t address)
{
	uint64_t page = address & ~(uint64_t)(PAGE - 1);

	return page == world.bad[0] || page == world.bad[1];
}

bool guest_read(struct vmm *v, uint64_t address, void *to, size_t size)
{
	if (is_bad(address))
		return false;
	memcpy(to, vmm_memory(v, address, size), size);
	return true;
}

bool guest_write(struct vmm *v, uint64_t address, const void *from, size_t size)
{
	if (world.bad_in &&
	    (address & ~(uint64_t)(PAGE - 1)) == world.bad_then &&
	    !--world.bad_in)
		world.bad[0] = world.bad_then;
	if (is_bad(address))
		return false;
	memcpy(vmm_memory(v, address, size), from, size);
	return true;
}

bool poison_renew(struct vmm *v, uint64_t address)
{
	world.renewed++;
	memset(vmm_memory(v, address, PAGE), 0, PAGE);
	for (unsigned i = 0; i < 2 && !world.beyond_repair; i++)
		if (world.bad[i] == address)
			world.bad[i] = 0;
	return true;
}

static inline uint64_t word_at(uint64_t address)
{
	uint64_t word;

	memcpy(&word, vmm_memory(&vmm, address, sizeof(word)), sizeof(word));
	return word;
}

static inline uint64_t block_of(unsigned source)
{
	return vmm_sources[source].block;
}

static inline uint64_t ack_of(unsigned source)
{
	return vmm_sources[source].registers + SDEI_RAS_PAIR_ACK;
}

/* The address in the record that the guest sees; 0: it sees none. */
static inline uint64_t shown(unsigned source)
{
	return (uint32_t)word_at(block_of(source))
		       ? word_at(block_of(source) + 20 + 72 + 16)
		       : 0;
}

uint64_t time_ms(void)
{
	return world.now;
}

uint64_t vcpu_midr(const struct vmm *v)
{
	(void)v;
	return MIDR;
}

static inline unsigned source_with(uint32_t number)
{
	unsigned i = 0;

	while (vmm_events[i].number != number)
		i++;
	return i;
}

bool sdei_kvm_raise(struct sdei_kvm *vm, uint32_t number, unsigned vcpu)
{
	const unsigned source = source_with(number);

	(void)vm;
	if (world.whole && source == UE && (uint32_t)word_at(block_of(UE)))
		assert_int_equal(shown(UE), world.whole);
	world.raised[source]++;
	world.raised_on[source] = vcpu;
	return true;
}

bool sdei_kvm_query(const struct sdei_kvm *vm, unsigned vcpu, unsigned index,
		    struct sdei_report *report)
{
	const struct sdei_event_info *info = &vmm_events[index];
	int where = index < SOURCES ? world.running[index] : -1;

	(void)vm;
	if (index >= EVENTS)
		return false;
	if (info->type == SDEI_TYPE_PRIVATE && where != (int)vcpu)
		where = -1;
	*report = (struct sdei_report){
		.info = info,
		.pending = world.pending,
		.status = world.status | (where < 0 ? 0 : SDEI_STATUS_RUNNING),
		.running_on = where,
	};
	return true;
}

bool sdei_kvm_masked(const struct sdei_kvm *vm, unsigned vcpu)
{
	(void)vm;
	return world.masked || world.off[vcpu];
}

bool sdei_kvm_sgis(struct sdei_kvm *vm, uint32_t *sgis)
{
	(void)vm;
	world.looks++;
	memcpy(sgis, world.sgis, sizeof(world.sgis));
	return true;
}

bool vcpu_in_handler(const struct vmm *v, unsigned i)
{
	(void)v;
	return world.inside[i];
}

static inline int start(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	memset(world.running, 0xff, sizeof(world.running));
	world.status = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	memset(vmm.ram, 0xa5, vmm.options.memory);
	vmm.wake = -1;
	records_start(&vmm);
	return 0;
}

static const char *const fates[] = { "delivered", "pending", "queued",
				     "dropped" };

struct disposition {
	const char *what, *why;
};

static inline struct disposition inject(unsigned severity, uint64_t address)
{
	struct outcome o;

	assert_null(records_report_memory(&vmm, severity, address, 0, &o));
	return (struct disposition){ fates[o.report.fate], o.report.why };
}

static inline void enter(unsigned source, unsigned vcpu)
{
	world.running[source] = (int)vcpu;
	world.inside[vcpu] = true;
	records_entered(source, vcpu);
}

static inline void leave(unsigned source, unsigned vcpu)
{
	world.running[source] = -1;
	world.inside[vcpu] = false;
	records_completed(source, vcpu);
}

static inline void acknowledge(unsigned source)
{
	memset(vmm_memory(&vmm, block_of(source), 4), 0, 4);
	*(uint8_t *)vmm_memory(&vmm, ack_of(source), 8) |= 1;
}

/* Saved, and in another process. */
static inline void move(void)
{
	static uint8_t bytes[65536];
	struct state s = { .bytes = bytes, .size = sizeof(bytes) };

	records_put(&s);
	s.size = s.at;
	s.at = 0;
	records_get(&vmm, &s);
	assert_string_equal(s.why, "");
	assert_int_equal(s.at, s.size);
}

/* A handler, as Linux has it: it takes the record, or finds no room. */
static inline void handle(unsigned source, unsigned vcpu, bool takes)
{
	enter(source, vcpu);
	if (takes && shown(source))
		acknowledge(source);
	leave(source, vcpu);
}

/* Time goes on, in the steps in which it is asked to be looked at. */
static inline void wait_ms(unsigned ms)
{
	uint64_t end = world.now + ms;

	while (world.now < end) {
		int next = records_poll(&vmm);

		assert_true(next != 0);
		if (next < 0 || world.now + (uint64_t)next > end)
			world.now = end;
		else
			world.now += (uint64_t)next;
	}
}

/* Before any test. */
static inline void make_world(void)
{
	vmm.options =
		(struct options){ .vcpus = 4, .memory = 4 * MIB, .acpi = true };
	vmm.ram = malloc(vmm.options.memory);
}

#endif
