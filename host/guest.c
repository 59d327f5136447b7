/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests: a vcpu each, run by a process that is its VMM. Interrupts make a guest
 * leave; they are taken with the host's own vectors, once unmasked.
 */
#include "host.h"

#define VCPUS		(2 * MAX_CPUS)
#define SCTLR_RESET	0x30d00800
#define CPACR_FPEN	(3u << 20)

extern uint8_t guest_text[];

static struct vcpu vcpus[VCPUS];
static bool taken[VCPUS];
static uint8_t datas[VCPUS][GUEST_DATA_SIZE] __attribute__((aligned(4096)));

uint64_t guest_address(const void *code)
{
	return GUEST_TEXT + (uint64_t)((const uint8_t *)code - guest_text);
}

struct vcpu *guest_new(const void *program)
{
	unsigned slot = 0;
	struct vcpu *v;

	while (taken[slot])
		if (++slot == VCPUS)
			panic("no room for a guest");
	taken[slot] = true;
	v = &vcpus[slot];
	*v = (struct vcpu){
		.pc = guest_address(program),
		.pstate = P_EL1H | P_DAIF,
		.data = datas[slot],
		.physical = phys(v),
		.el1 = { .sctlr = SCTLR_RESET, .cpacr = CPACR_FPEN,
			 .sp_el1 = GUEST_DATA + GUEST_DATA_SIZE },
	};
	v->vttbr = mmu_guest(slot, v->data);
	return v;
}

void guest_free(struct vcpu *v)
{
	taken[v - vcpus] = false;
}

#if !HOST_VHE
static void enter(struct vcpu *v)
{
	sdei_hvc(STUB_GUEST, v->physical, 0, 0, 0, 0);
}
#else
#define enter guest_enter
#endif

bool guest_run(struct vcpu *v)
{
	struct thread *self = this_cpu()->current;

	for (;;) {
		irq_off();
		if (load(self->signal)) {
			irq_on();
			return false;
		}
		v->entries++;
		enter(v);
		irq_on();
		if (v->exit == EXIT_SYNC)
			break;
		v->exits_irq++;
		if (this_cpu()->need_resched)
			schedule();
	}
	if (ESR_CLASS(v->esr) != CLASS_HVC)
		panic("a guest's exception: ESR 0x%lx, ELR 0x%lx, FAR 0x%lx, ELR_EL1 0x%lx",
		      v->esr, v->pc, v->far, v->el1.elr);
	return true;
}
