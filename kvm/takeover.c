/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's kernel that dies leaves vcpus behind, in a handler or in some loop.
 * The next one, started by kdump, resets SDEI from the vcpu that it runs on and
 * knows nothing of the others. That it is another is seen here: the translations
 * of a vcpu that has not been off begin at another table than before. Handlers
 * of the old kernel on this vcpu end then, and vcpus that still had its table
 * when they last called go off as if they had called CPU_OFF: their handlers end
 * (6.5.4), no event goes there, and the new kernel can switch them on.
 *
 * A guest that lies about its tables switches off vcpus of its own. Tables are
 * not migrated: the vcpu's next call tells.
 */
#include "internal.h"

#include "arm64.h"

#define SCTLR_M    UINT64_C(1)
#define TTBR_BADDR UINT64_C(0x0000fffffffffffe) /* no ASID, no CnP */

/* No addresses of tables: it has not called yet; its MMU was off. */
enum { UNKNOWN, NO_TABLE };

static uint64_t table_of(struct vcpu *v)
{
	if (!(kvm_read(v, SYSTEM_SCTLR_EL1) & SCTLR_M))
		return NO_TABLE;
	return kvm_read(v, SYSTEM_TTBR1_EL1) & TTBR_BADDR;
}

void kvm_takeover_look(struct vcpu *v)
{
	if (v->table == UNKNOWN)
		store(&v->table, table_of(v));
}

static void leave(struct vcpu *v)
{
	store(&v->leave, true);
	kvm_kick(v);
}

void kvm_takeover_reset(void *context, unsigned pe, bool shared)
{
	struct sdei_kvm *vm = context;
	struct vcpu *self = &vm->vcpus[pe];
	uint64_t before = self->table, now = table_of(self);

	(void)shared;
	if (now == NO_TABLE || before == now)
		return;
	store(&self->table, now);
	if (before <= NO_TABLE)
		return;
	sdei_pe_off(vm->dispatcher, pe);
	for (unsigned i = 0; i < vm->config.vcpu_count; i++)
		if (load(&vm->vcpus[i].table) == before)
			leave(&vm->vcpus[i]);
}

void kvm_takeover_forget(struct vcpu *v)
{
	store(&v->table, UNKNOWN);
	store(&v->leave, false);
}
