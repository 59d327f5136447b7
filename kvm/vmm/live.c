/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The live trace (docs/tracing.md): what each vcpu and the VMM itself does, in the format
 * of the firmware's, in a file that `sdei trace --vm` reads. Each thread has a ring of its
 * own there and takes no lock; while nobody asks for it a step is one look at `live_on`.
 */
#include "vmm.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define KIB UINT64_C(1024)

_Static_assert(VCPUS_MAX + 1 < TRACE_STAMP, "a number each");

bool live_on;
static uint8_t *file;
static unsigned rings, slots;
static _Thread_local unsigned mine; /* 0: the VMM's own, which is the last */
static _Thread_local uint32_t call; /* that its vcpu makes */

/*
 * All of it is taken from the disk now: a write to what is not there would end the VMM.
 * Without it the guest runs all the same.
 */
void live_open(struct vmm *vmm, const char *path)
{
	const uint64_t size = vmm->options.trace_size * KIB;
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	if (!ftruncate(fd, (off_t)size) &&
	    !posix_fallocate(fd, 0, (off_t)size)) {
		file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			    0);
		if (file == MAP_FAILED)
			file = NULL;
	}
	close(fd);
	if (!file)
		return;
	rings = vmm->options.vcpus + 1;
	slots = (unsigned)((size - TRACE_HEADS) /
			   (rings * sizeof(struct trace_slot)));
	/* Whoever had the name before may be followed still. */
	memset(file, 0, TRACE_HEADS);
	((uint64_t *)file)[TRACE_STAMP] = trace_ticks();
}

void live_attach(unsigned vcpu)
{
	mine = vcpu + 1;
}

void live_add(enum trace_kind kind, uint32_t code, uint64_t v0, uint64_t v1,
	      uint64_t v2)
{
	const uint64_t values[TRACE_VALUES] = { v0, v1, v2 };

	live_add_all(kind, code, values);
}

void live_add_all(enum trace_kind kind, uint32_t code,
		  const uint64_t values[TRACE_VALUES])
{
	const unsigned ring = mine ? mine - 1 : rings - 1;
	uint64_t *head = (uint64_t *)file + ring;
	const uint64_t n = __atomic_load_n(head, __ATOMIC_RELAXED);
	struct trace_slot *slot = (struct trace_slot *)(file + TRACE_HEADS) +
				  (uint64_t)ring * slots + n % slots;

	/* A reader that sees some of this sees that the one before it is written. */
	__atomic_thread_fence(__ATOMIC_RELEASE);
	slot->time = trace_ticks();
	slot->kind = kind;
	slot->code = code;
	memcpy(slot->value, values, sizeof(slot->value));
	__atomic_store_n(head, n + 1, __ATOMIC_RELEASE);
}

void live_answer(FILE *out, bool on)
{
	const bool was = live_on;

	if (!file) {
		fprintf(out,
			"error there is no memory for a live trace: it needs --name, and room for a file beside its socket\n");
		return;
	}
	if (on && !was)
		records_trace();
	__atomic_store_n(&live_on, on, __ATOMIC_RELEASE);
	fprintf(out,
		"ok format=%d base=0x0 slots=%u pes=%u hz=%llu was=%s own=%u\n",
		TRACE_FORMAT, slots, rings, (unsigned long long)trace_hz(),
		was ? "live" : "off", rings - 1);
}

/* What the library tells of a vcpu, in its thread. */
void live_watch(void *context, unsigned vcpu, enum sdei_kvm_step step,
		const uint64_t value[6])
{
	(void)context, (void)vcpu;
	if (step == SDEI_KVM_CALLED)
		call = (uint32_t)value[0];
	if (!live_is_on())
		return;
	switch (step) {
	case SDEI_KVM_CALLED: {
		/* Where it comes from is not read: that would cost an ioctl. */
		const uint64_t values[TRACE_VALUES] = { 0,        value[1],
							value[2], value[3],
							value[4], value[5] };

		live_add_all(TRACE_CALL, (uint32_t)value[0], values);
		break;
	}
	case SDEI_KVM_OFF:
		live_add(TRACE_POWER, TRACE_POWER_OFF, 0, 0, 0);
		break;
	case SDEI_KVM_ANSWERED:
		live_add(TRACE_RESULT, call, value[0], 0, 0);
		break;
	case SDEI_KVM_ENTERED:
		live_add(TRACE_ENTERED, (uint32_t)value[0], value[2], value[3],
			 0);
		break;
	}
}
