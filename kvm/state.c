/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reset, and the whole state for migration: the dispatcher's own (docs/state.md)
 * behind a few words of the lines. Notes are not saved: who saves deals them
 * first.
 */
#include "internal.h"

#include <string.h>

/* "SDEI-KVM", read as a little-endian word; then the version, the lines. */
#define MAGIC        UINT64_C(0x4d564b2d49454453)
#define VERSION      1
#define HEADER_WORDS 3
#define LINE_HIGH    (UINT64_C(1) << 32)
#define LINE_EDGE    (UINT64_C(1) << 33)

void sdei_kvm_reset(struct sdei_kvm *vm)
{
	kvm_notes_clear(vm);
	for (unsigned i = 0; i < vm->config.vcpu_count; i++)
		kvm_takeover_forget(&vm->vcpus[i]);
	for (unsigned i = 0; i < vm->config.line_count; i++)
		if (vm->lines[i].bound)
			kvm_line_give(vm, vm->lines[i].interrupt);
	sdei_dispatcher_init(vm->dispatcher, vm->dispatcher_size,
			     &vm->dispatcher_config, NULL);
}

static void put(unsigned char *at, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t get(const unsigned char *at)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)at[i] << 8 * i;
	return value;
}

static size_t own_bytes(const struct sdei_kvm *vm)
{
	return 8 * (HEADER_WORDS + (size_t)vm->config.line_count);
}

size_t sdei_kvm_save(struct sdei_kvm *vm, void *buffer, size_t size)
{
	unsigned char *at = buffer;
	size_t own = own_bytes(vm), all;

	for (unsigned i = 0; i < vm->config.vcpu_count; i++)
		kvm_notes_deal(&vm->vcpus[i]);
	all = own + sdei_save(vm->dispatcher, NULL, 0);
	if (size < all)
		return all;
	put(at, MAGIC);
	put(at + 8, VERSION);
	put(at + 16, vm->config.line_count);
	for (unsigned i = 0; i < vm->config.line_count; i++)
		put(at + 8 * (HEADER_WORDS + i),
		    vm->lines[i].interrupt |
			    (vm->lines[i].high ? LINE_HIGH : 0) |
			    (vm->lines[i].edge ? LINE_EDGE : 0));
	sdei_save(vm->dispatcher, at + own, size - own);
	return all;
}

static const char *check(const struct sdei_kvm *vm, const unsigned char *at,
			 size_t size)
{
	if (size < own_bytes(vm))
		return "it is too short for this VM";
	if (get(at) != MAGIC)
		return "it does not begin like a saved state";
	if (get(at + 8) != VERSION)
		return "its version is not 1";
	if (get(at + 16) != vm->config.line_count)
		return "it has another number of lines";
	for (unsigned i = 0; i < vm->config.line_count; i++)
		if ((get(at + 8 * (HEADER_WORDS + i)) &
		     ~(LINE_HIGH | LINE_EDGE)) != vm->lines[i].interrupt)
			return "its lines are others";
	return NULL;
}

bool sdei_kvm_load(struct sdei_kvm *vm, const void *buffer, size_t size,
		   const char **why)
{
	const unsigned char *at = buffer;
	size_t own = own_bytes(vm);
	const char *wrong;

	vm->strange = false;
	/* Down while they are taken: what they triggered is in the state. */
	for (unsigned i = 0; i < vm->config.line_count; i++)
		vm->lines[i].high = false;
	sdei_kvm_reset(vm);
	wrong = check(vm, at, size);
	if (!wrong)
		sdei_load(vm->dispatcher, at + own, size - own, &wrong);
	if (vm->strange) {
		wrong = "a slot has an interrupt of no device";
		sdei_kvm_reset(vm);
	}
	if (why)
		*why = wrong;
	if (wrong)
		return false;
	for (unsigned i = 0; i < vm->config.line_count; i++) {
		uint64_t word = get(at + 8 * (HEADER_WORDS + i));

		vm->lines[i].high = word & LINE_HIGH;
		vm->lines[i].edge = word & LINE_EDGE;
	}
	/* What is pending is delivered as soon as they run. */
	for (unsigned i = 0; i < vm->config.vcpu_count; i++)
		kvm_kick(&vm->vcpus[i]);
	return true;
}
