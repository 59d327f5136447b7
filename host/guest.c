/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guests: a vcpu each, run by a process that is its VMM. Interrupts make a
 * guest leave; they are taken with the host's own vectors, once unmasked.
 */
#include "host.h"

#define VCPUS       (2 * MAX_CPUS)
#define SCTLR_RESET 0x30d00800
#define CPACR_FPEN  (3u << 20)

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
		.el1 = { .sctlr = SCTLR_RESET,
			 .cpacr = CPACR_FPEN,
			 .sp_el1 = GUEST_DATA + GUEST_DATA_SIZE },
	};
	memset(v->data, 0, GUEST_DATA_SIZE);
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

/*
 * A guest's debug exceptions come to the host (MDCR_EL2.TDE), and with them its
 * accesses to the debug registers. What it asks for is what the hardware gets.
 */
#define ISS_REGISTER 0x3ffc1e /* Op0, Op2, Op1, CRn, CRm */
#define ISS_MDSCR    0x240004
#define ISS_DBGBVR0  0x280000
#define ISS_DBGBCR0  0x2a0000

static bool emulate(struct vcpu *v)
{
	unsigned rt = v->esr >> 5 & 31;
	uint64_t value = rt < 31 ? v->x[rt] : 0;

	if (ESR_CLASS(v->esr) != CLASS_MSR || v->esr & 1)
		return false;
	switch (v->esr & ISS_REGISTER) {
	case ISS_MDSCR:
		v->el1.mdscr = value;
		break;
	case ISS_DBGBVR0:
		write_sysreg(dbgbvr0_el1, value);
		break;
	case ISS_DBGBCR0:
		write_sysreg(dbgbcr0_el1, value);
		break;
	default:
		return false;
	}
	v->pc += 4;
	return true;
}

bool guest_run(struct vcpu *v)
{
	struct thread *self = this_cpu()->current;

	for (;;) {
		irq_off();
		if (load(self->signal)) {
			irq_on();
			v->at_signal = v->x[1];
			return false;
		}
		v->entries++;
		enter(v);
		irq_on();
		if (v->exit == EXIT_SYNC && emulate(v))
			continue;
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
