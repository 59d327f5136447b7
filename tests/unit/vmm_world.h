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

const struct sdei_event_info vmm_events[EVENTS] = {
	[CE] = { .number = 0x40000100, .name = "memory-corrected" },
	[UE] = { .number = 0x40000101, .name = "memory-uncorrected" },
	[FATAL] = { .number = 0x40000104, .name = "memory-fatal" },
};

static struct vmm vmm;
static struct {
	uint64_t now;
	unsigned raised[SOURCES];
	bool running[SOURCES];  /* a handler of it */
	unsigned status;        /* SDEI_STATUS_*, of all events */
	bool pending;           /* so are they */
	bool masked;            /* events, on all vcpus */
	bool inside[VCPUS_MAX]; /* a handler is, there */
	uint32_t sgis[VCPUS_MAX];
	unsigned looks;  /* at those */
	uint64_t bad[2]; /* pages, 0: none */
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

uint64_t time_ms(void)
{
	return world.now;
}

uint64_t time_stamp(void)
{
	return 1;
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
	(void)vm, (void)vcpu;
	world.raised[source_with(number)]++;
	return true;
}

bool sdei_kvm_query(const struct sdei_kvm *vm, unsigned vcpu, unsigned index,
		    struct sdei_report *report)
{
	(void)vm, (void)vcpu;
	*report = (struct sdei_report){
		.info = &vmm_events[index],
		.pending = world.pending,
		.status = world.status |
			  (world.running[index] ? SDEI_STATUS_RUNNING : 0),
	};
	return true;
}

bool sdei_kvm_masked(const struct sdei_kvm *vm, unsigned vcpu)
{
	(void)vm, (void)vcpu;
	return world.masked;
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
	world.status = SDEI_STATUS_REGISTERED | SDEI_STATUS_ENABLED;
	memset(vmm.ram, 0xa5, vmm.options.memory);
	vmm.wake = -1;
	records_start(&vmm);
	return 0;
}

static inline uint64_t word_at(uint64_t address)
{
	uint64_t word;

	memcpy(&word, vmm_memory(&vmm, address, sizeof(word)), sizeof(word));
	return word;
}

/* The address in the record that the guest sees; 0: it sees none. */
static inline uint64_t shown(unsigned source)
{
	return (uint32_t)word_at(source_block(source))
		       ? word_at(source_block(source) + 20 + 72 + 16)
		       : 0;
}

static inline struct disposition inject(enum severity severity,
					uint64_t address)
{
	uint32_t sequence;

	return records_inject(&vmm, severity, address, &sequence);
}

static inline void enter(unsigned source, unsigned vcpu)
{
	world.running[source] = world.inside[vcpu] = true;
	records_entered(source, vcpu);
}

static inline void leave(unsigned source, unsigned vcpu)
{
	world.running[source] = world.inside[vcpu] = false;
	records_completed(&vmm, source);
}

static inline void acknowledge(unsigned source)
{
	memset(vmm_memory(&vmm, source_block(source), 4), 0, 4);
	*(uint8_t *)vmm_memory(&vmm, source_ack(source), 8) |= 1;
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
