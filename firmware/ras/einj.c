/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * EINJ: the kernel asks for an error (ACPI 6.5, 18.6). It writes what it wants
 * into Non-secure memory and rings the doorbell, the RTC's interrupt mask; the
 * RTC's interrupt is ours and is kept raised behind that mask.
 *
 * The registers are the kernel's to write at any moment: each is read once
 * into Secure memory, and only that copy is judged.
 */
#include <ras/internal.h>
#include <el3/machine.h>
#include <platform.h>

/* ACPI 6.5, 18.6.4: what SET_ERROR_TYPE_WITH_ADDRESS points at. */
struct einj_target {
	uint32_t type;
	uint32_t vendor_extension; /* offset; zero: there is none */
	uint32_t flags;
	uint32_t processor;
	uint64_t address;
	uint64_t mask;
	uint32_t pcie;
};

struct einj_registers {
	uint64_t busy;
	uint64_t status;
	uint64_t capabilities;
	uint64_t trigger;
	uint64_t type;
	uint64_t reserved[3];
	struct einj_target target;
};

_Static_assert(offsetof(struct einj_registers, busy) == EINJ_BUSY, "");
_Static_assert(offsetof(struct einj_registers, status) == EINJ_STATUS, "");
_Static_assert(offsetof(struct einj_registers, capabilities) ==
		       EINJ_CAPABILITIES,
	       "");
_Static_assert(offsetof(struct einj_registers, trigger) == EINJ_TRIGGER, "");
_Static_assert(offsetof(struct einj_registers, type) == EINJ_TYPE, "");
_Static_assert(offsetof(struct einj_registers, target) == EINJ_TARGET, "");
_Static_assert(offsetof(struct einj_target, address) == 16, "");
_Static_assert(offsetof(struct einj_target, pcie) == 32, "");

/*
 * Error types are bits: processor corrected, recoverable, fatal, then memory
 * in the same order.
 */
#define EINJ_TYPES           6
#define EINJ_PROCESSOR_TYPES 3

#define EINJ_HAS_PROCESSOR (1u << 0)
#define EINJ_HAS_MEMORY    (1u << 1)
#define EINJ_FLAGS         7u /* with the PCIe bit, which we ignore */

/* Answers of GET_COMMAND_STATUS. */
#define EINJ_SUCCESS 0
#define EINJ_FAILURE 1
#define EINJ_INVALID 2

/* The trigger table's header (ACPI 6.5, 18.6.3); no entry follows. */
struct einj_trigger {
	uint32_t header_size;
	uint32_t revision;
	uint32_t table_size;
	uint32_t entries;
};

/* Registers of the PL031, by word. */
#define RTC_DATA  0
#define RTC_MATCH 1
#define RTC_MASK  (EINJ_DOORBELL / 4)
#define RTC_RAW   5

static bool armed;

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
	struct einj_registers *regs;
	struct einj_trigger *trigger;

	armed = publish;
	if (!publish)
		return;
	regs = ras_memory(PLAT_RAS_EINJ);
	*regs = (struct einj_registers){
		.capabilities = (1u << EINJ_TYPES) - 1,
		.trigger = PLAT_RAS_TRIGGER,
	};
	trigger = ras_memory(PLAT_RAS_TRIGGER);
	*trigger = (struct einj_trigger){
		.header_size = sizeof(*trigger),
		.table_size = sizeof(*trigger),
	};
	arm_doorbell();
}

/* Take the request out of the registers, so that it is served once. */
static struct einj_target take_request(void)
{
	volatile struct einj_registers *regs = ras_memory(PLAT_RAS_EINJ);
	struct einj_target target = {
		.type = regs->target.type,
		.flags = regs->target.flags,
		.processor = regs->target.processor,
		.address = regs->target.address,
		.mask = regs->target.mask,
	};

	/* A kernel that knows only SET_ERROR_TYPE gives no target. */
	if (!target.type)
		target = (struct einj_target){ .type = (uint32_t)regs->type };
	regs->target.type = 0;
	regs->type = 0;
	return target;
}

/*
 * The flags say what the target holds. A processor is named by its UID, which
 * on this machine is the PE's index; without one the error is the PE's that
 * took the doorbell. An address given with a processor goes into its record.
 */
static bool decode(const struct einj_target *target, struct ras_error *error)
{
	unsigned bit = 0;

	while (bit < EINJ_TYPES && target->type != 1u << bit)
		bit++;
	if (bit == EINJ_TYPES || target->flags & ~EINJ_FLAGS)
		return false;
	*error = (struct ras_error){
		.kind = bit < EINJ_PROCESSOR_TYPES ? RAS_PROCESSOR : RAS_MEMORY,
		.severity = (enum ras_severity)(bit % EINJ_PROCESSOR_TYPES),
		.pe = target->flags & EINJ_HAS_PROCESSOR ? target->processor
							 : machine_self(),
	};
	if (target->flags & EINJ_HAS_MEMORY) {
		error->has = RAS_HAS_ADDRESS | RAS_HAS_MASK;
		error->address = target->address;
		error->mask = target->mask;
	}
	return true;
}

void ras_doorbell(void)
{
	volatile struct einj_registers *regs;
	volatile uint32_t *rtc;
	struct einj_target target;
	struct ras_outcome outcome;
	struct ras_error error;
	uint64_t status = EINJ_INVALID;

	if (!armed)
		return;
	rtc = ras_memory(PLAT_RTC_BASE);
	/* Before the registers are read, so that no later ring is lost. */
	rtc[RTC_MASK] = 0;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	target = take_request();
	if (decode(&target, &error) && !ras_inject(&error, &outcome))
		status = outcome.disposition == RAS_DROPPED ? EINJ_FAILURE
							    : EINJ_SUCCESS;
	regs = ras_memory(PLAT_RAS_EINJ);
	regs->status = status;
	__atomic_store_n((uint64_t *)&regs->busy, 0, __ATOMIC_RELEASE);
}
