/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Arm processor error section (UEFI 2.10, N.2.4.4), in words.
 *
 * An error's type is a bit since 2.9A, and was a number before. What no bit can be
 * is taken for the number; 2 can be both, a cache's error by today's reading and a
 * bus's by yesterday's, and both are said.
 */
#include "decode.h"

enum error { CACHE, TLB, BUS, VENDOR, NO_ERROR };

NAMES(type_numbers, [CACHE] = "cache error", [TLB] = "TLB error",
      [BUS] = "bus error", [VENDOR] = "micro-architectural error");
NAMES(type_bits, [1] = "cache error", [2] = "TLB error", [3] = "bus error",
      [4] = "micro-architectural error");
NAMES(psci_valid, "running");
NAMES(counts, "one error", "several errors");
NAMES(flags, "first error captured", "last error captured", "propagated",
      "overflow");
NAMES(transactions, "instruction", "data access", "generic");
NAMES(yes, "no", "yes");
NAMES(participations, "local processor originated the request",
      "local processor responded to the request", "local processor observed it",
      "generic");
NAMES(spaces, "external memory", "internal memory", "unknown", "device memory");
NAMES(modes, "secure", "normal");
NAMES(cache_operations, "generic error", "generic read", "generic write",
      "data read", "data write", "instruction fetch", "prefetch", "eviction",
      "snooping", "snooped", "management");
NAMES(tlb_operations, "generic error", "generic read", "generic write",
      "data read", "data write", "instruction fetch", "prefetch",
      "local management", "external management");
NAMES(bus_operations, "generic error", "generic read", "generic write",
      "data read", "data write", "instruction fetch", "prefetch");

static const struct field header_fields[] = {
	FIELD("error_count", NUMBER, ALWAYS, sdei_cper_processor, error_count),
	FIELD("context_count", NUMBER, ALWAYS, sdei_cper_processor,
	      context_count),
	FIELD("section_length", NUMBER, ALWAYS, sdei_cper_processor, length),
	FIELD("affinity_level", NUMBER, 1, sdei_cper_processor, affinity_level),
	FIELD("mpidr", HEX, 0, sdei_cper_processor, mpidr),
	FIELD("midr", HEX, ALWAYS, sdei_cper_processor, midr),
	NAMED("running_state", BITS, 2, sdei_cper_processor, running,
	      psci_valid),
	FIELD("psci_state", NUMBER, 2, sdei_cper_processor, psci_state),
};
static const struct layout header = LAYOUT(header_fields, sdei_cper_processor,
					   valid, SDEI_PROCESSOR_HAS_VENDOR);

static const struct field error_fields[] = {
	FIELD("version", NUMBER, ALWAYS, sdei_cper_arm_error, version),
	FIELD("length", NUMBER, ALWAYS, sdei_cper_arm_error, length),
	NAMED("error_type", BITS, ALWAYS, sdei_cper_arm_error, type, type_bits),
	NAMED("multiple_error", NUMBER, 0, sdei_cper_arm_error, multiple,
	      counts),
	NAMED("flags", BITS, 1, sdei_cper_arm_error, flags, flags),
	FIELD("error_information", HEX, 2, sdei_cper_arm_error, information),
	FIELD("virtual_fault_address", HEX, 3, sdei_cper_arm_error,
	      virtual_address),
	FIELD("physical_fault_address", HEX, 4, sdei_cper_arm_error,
	      physical_address),
};
static const struct layout error = LAYOUT(error_fields, sdei_cper_arm_error,
					  valid, 0);

/* 64 bits with their validation bits in the lower half of the lower half. */
struct information {
	union {
		uint16_t valid;
		uint64_t all;
	};
};

#define INFO(text, list, bit, low, bits) \
	NAMED_PART(text, NUMBER, bit, information, all, low, bits, list)
#define INFO_COMMON(operations) \
	INFO("transaction_type", transactions, 0, 16, 2), \
		INFO("operation", operations, 1, 18, 4), \
		PART("level", NUMBER, 2, information, all, 22, 3), \
		INFO("processor_context_corrupt", yes, 3, 25, 1), \
		INFO("corrected", yes, 4, 26, 1), \
		INFO("precise_pc", yes, 5, 27, 1), \
		INFO("restartable_pc", yes, 6, 28, 1)

static const struct field cache_fields[] = { INFO_COMMON(cache_operations) };
static const struct field tlb_fields[] = { INFO_COMMON(tlb_operations) };
static const struct field bus_fields[] = {
	INFO_COMMON(bus_operations),
	INFO("participation_type", participations, 7, 29, 2),
	INFO("time_out", yes, 8, 31, 1),
	INFO("address_space", spaces, 9, 32, 2),
	PART("memory_attributes", HEX, 10, information, all, 34, 9),
	INFO("access_mode", modes, 11, 43, 1),
};
static const struct layout information[] = {
	[CACHE] = LAYOUT(cache_fields, information, valid, 0),
	[TLB] = LAYOUT(tlb_fields, information, valid, 0),
	[BUS] = LAYOUT(bus_fields, information, valid, 0),
};

/* Registers that a context has, in their order (tables N.22 to N.30). */
NAMES(a32_gpr, "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9",
      "r10", "r11", "r12", "r13_sp", "r14_lr", "r15_pc");
NAMES(a32_el1, "dfar", "dfsr", "ifar", "isr", "mair0", "mair1", "midr", "mpidr",
      "nmrr", "prrr", "sctlr_ns", "spsr", "spsr_abt", "spsr_fiq", "spsr_irq",
      "spsr_svc", "spsr_und", "tpidrprw", "tpidruro", "tpidrurw", "ttbcr",
      "ttbr0", "ttbr1", "dacr");
NAMES(a32_el2, "elr_hyp", "hamair0", "hamair1", "hcr", "hcr2", "hdfar", "hifar",
      "hpfar", "hsr", "htcr", "htpidr", "httbr", "spsr_hyp", "vtcr", "vttbr",
      "dacr32_el2");
NAMES(a32_secure, "sctlr_s", "spsr_mon");
NAMES(a64_gpr, "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9",
      "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19",
      "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29",
      "x30", "sp");
NAMES(a64_el1, "elr_el1", "esr_el1", "far_el1", "isr_el1", "mair_el1",
      "midr_el1", "mpidr_el1", "sctlr_el1", "sp_el0", "sp_el1", "spsr_el1",
      "tcr_el1", "tpidr_el0", "tpidr_el1", "tpidrro_el0", "ttbr0_el1",
      "ttbr1_el1");
NAMES(a64_el2, "elr_el2", "esr_el2", "far_el2", "hacr_el2", "hcr_el2",
      "hpfar_el2", "mair_el2", "sctlr_el2", "sp_el2", "spsr_el2", "tcr_el2",
      "tpidr_el2", "ttbr0_el2", "vtcr_el2", "vttbr_el2");
NAMES(a64_el3, "elr_el3", "esr_el3", "far_el3", "mair_el3", "sctlr_el3",
      "sp_el3", "spsr_el3", "tcr_el3", "tpidr_el3", "ttbr0_el3");
NAMES(context_types, "AArch32 general purpose registers",
      "AArch32 EL1 registers", "AArch32 EL2 registers",
      "AArch32 secure registers", "AArch64 general purpose registers",
      "AArch64 EL1 registers", "AArch64 EL2 registers", "AArch64 EL3 registers",
      "another system register");
#define CONTEXT_OTHER 8 /* an MRS encoding and the register's value */

static const struct {
	const struct names *names;
	uint8_t size;
} contexts[CONTEXT_OTHER] = {
	{ &a32_gpr, 4 }, { &a32_el1, 4 }, { &a32_el2, 4 }, { &a32_secure, 4 },
	{ &a64_gpr, 8 }, { &a64_el1, 8 }, { &a64_el2, 8 }, { &a64_el3, 8 },
};

static const struct field context_fields[] = {
	FIELD("version", NUMBER, ALWAYS, sdei_cper_arm_context, version),
	NAMED("type", NUMBER, ALWAYS, sdei_cper_arm_context, type,
	      context_types),
	FIELD("size", NUMBER, ALWAYS, sdei_cper_arm_context, size),
};
static const struct layout context = PLAIN_LAYOUT(context_fields,
						  sdei_cper_arm_context);

static enum error error_of(unsigned type)
{
	switch (type) {
	case SDEI_ARM_CACHE:
	case CACHE: /* and 1, 3: no bit that means anything alone */
		return CACHE;
	case SDEI_ARM_TLB:
	case TLB:
		return TLB;
	case SDEI_ARM_BUS:
		return BUS;
	case SDEI_ARM_VENDOR:
	case VENDOR:
		return VENDOR;
	default:
		return NO_ERROR;
	}
}

static void tell_error(struct decode *d, struct span s, unsigned index)
{
	const size_t at = s.at + offsetof(struct sdei_cper_arm_error, type);
	const size_t info = s.at +
			    offsetof(struct sdei_cper_arm_error, information);
	const unsigned type = (unsigned)decode_get(d, at, 1);
	const enum error kind = error_of(type);
	uint64_t valid;

	decode_begin_item(d, "error", index,
			  kind == NO_ERROR ? NULL : type_numbers.list[kind], s);
	valid = decode_layout(d, s, &error);
	if (type < type_numbers.count)
		decode_number(d, SDEI_DECODED_NUMBER, "error_type_before_2_9a",
			      (struct span){ at, 1 }, type, &type_numbers);
	else if (type & ~(2u | 4u | 8u | 16u))
		decode_wrong(d, at, "error_type",
			     "has bits that mean nothing: #", type & ~30u, 0);
	if (valid & SDEI_ARM_HAS_INFORMATION && kind < VENDOR) {
		const struct span all = { info, 8 };

		decode_begin(d, "information", NULL, all);
		decode_layout(d, all, &information[kind]);
		decode_end(d);
	}
	decode_end(d);
}

/* Returns what is behind the errors. */
static struct span tell_errors(struct decode *d, struct span s, unsigned count)
{
	const size_t least = sizeof(struct sdei_cper_arm_error);

	for (unsigned i = 0; i < count; i++) {
		size_t length;

		if (s.size < least) {
			decode_wrong(d, s.at, "error_count",
				     "is #, but there are only #", count, i);
			return decode_behind(s, s.size);
		}
		length = decode_get(d, s.at + 1, 1);
		tell_error(d, decode_first(s, least), i);
		if (length < least || length > s.size) {
			decode_wrong(d, s.at + 1, "length",
				     "of an error is #, not #", length, least);
			length = least;
		}
		s = decode_behind(s, length);
	}
	return s;
}

static void tell_registers(struct decode *d, struct span s, unsigned type)
{
	if (type == CONTEXT_OTHER && s.size >= 10) {
		struct span code = decode_first(s, 2);
		struct span value = decode_first(decode_behind(s, 2), 8);

		decode_number(d, SDEI_DECODED_HEX, "mrs_encoding", code,
			      decode_get(d, code.at, 2), NULL);
		decode_number(d, SDEI_DECODED_HEX, "value", value,
			      decode_get(d, value.at, 8), NULL);
		s = decode_behind(s, 10);
	} else if (type < CONTEXT_OTHER) {
		const struct names *names = contexts[type].names;
		const size_t size = contexts[type].size;

		for (unsigned i = 0; i < names->count && s.size >= size; i++) {
			decode_number(d, SDEI_DECODED_HEX, names->list[i],
				      decode_first(s, size),
				      decode_get(d, s.at, size), NULL);
			s = decode_behind(s, size);
		}
	}
	decode_bytes(d, SDEI_DECODED_BYTES, "more", s);
}

/* Returns what is behind the contexts. */
static struct span tell_contexts(struct decode *d, struct span s,
				 unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned type;
		size_t size;

		if (s.size < context.size) {
			decode_wrong(d, s.at, "context_count",
				     "is #, but there are only #", count, i);
			return decode_behind(s, s.size);
		}
		type = (unsigned)decode_get(d, s.at + 2, 2);
		size = decode_get(d, s.at + 4, 4);
		decode_begin_item(d, "context", i,
				  type < context_types.count
					  ? context_types.list[type]
					  : NULL,
				  decode_first(s, context.size + size));
		decode_layout(d, s, &context);
		if (size > s.size - context.size)
			decode_wrong(d, s.at + 4, "size",
				     "is #, but only # bytes follow", size,
				     s.size - context.size);
		tell_registers(d,
			       decode_first(decode_behind(s, context.size),
					    size),
			       type);
		decode_end(d);
		s = decode_behind(s, (context.size + size + 15) & ~(size_t)15);
	}
	return s;
}

void decode_processor(struct decode *d, struct span s)
{
	uint64_t valid = decode_layout(d, s, &header);
	struct span more = { s.at, 0 };
	unsigned errors, registers;
	size_t length;

	if (s.size < header.size)
		return;
	errors = (unsigned)decode_get(d, s.at + 4, 2);
	registers = (unsigned)decode_get(d, s.at + 6, 2);
	length = decode_get(d, s.at + 8, 4);
	if (length > s.size)
		decode_wrong(d, s.at + 8, "section_length",
			     "is #, but there are # bytes", length, s.size);
	else
		more = decode_behind(s, length);
	s = decode_first(s, length);
	if (!errors)
		decode_wrong(d, s.at + 4, "error_count", "is 0", 0, 0);
	s = tell_errors(d, decode_behind(s, header.size), errors);
	s = tell_contexts(d, s, registers);
	decode_bytes(d, SDEI_DECODED_BYTES, "vendor_information", s);
	if (!s.size && valid & SDEI_PROCESSOR_HAS_VENDOR)
		decode_wrong(d, s.at, "vendor_information", "is not there", 0,
			     0);
	decode_bytes(d, SDEI_DECODED_BYTES, "more", more);
}
