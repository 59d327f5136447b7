/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fake KVM: vcpus that are arrays of registers, with what the real one does to
 * whoever writes them at the wrong time or in the wrong order. KVM_RUN does
 * what the test's guest does.
 */
#ifndef UNIT_KVM_FAKE_H
#define UNIT_KVM_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sdei/kvm.h>

#include <linux/kvm.h>

#define VCPUS    3u
#define SHARED   0x40000100u /* shared, normal */
#define CRITICAL 0x40000101u /* private, critical */
#define PRIVATE  0x40000102u /* private, normal */
#define UART     33u
#define RTC_EDGE 34u

#define ENTRY     UINT64_C(0xffff800010080000)
#define ARGUMENT  UINT64_C(0xffff000012345678)
#define EL1H      UINT64_C(0x5)
#define EL1H_DAIF UINT64_C(0x3c5)
#define EL0_32    UINT64_C(0x60000010)

struct fake_vcpu {
	struct kvm_run run;
	uint64_t x[31], pc, pstate, elr, spsr;
	uint64_t sctlr, vbar, ttbr1;
	bool mmio;    /* an exit whose instruction is not done */
	unsigned reg; /* which it loads */
	bool stopped;
	bool waits;     /* in KVM_RUN, until it is kicked */
	unsigned kicks; /* signals sent to its thread */
};

struct fake {
	struct fake_vcpu vcpus[VCPUS];
	/* What the guest on a vcpu does next; then KVM_RUN returns. */
	void (*guest)(struct fake *f, struct fake_vcpu *v);
	struct sdei_kvm_system system;
	struct sdei_kvm_config config;
	struct sdei_kvm *vm;
	bool old_kernel, has_run, fail; /* fail: the next register access */
	bool no_pan;
	uint32_t filtered[4];
	unsigned filters;
	bool gic[1020]; /* levels of SPIs */
	/* Of each vcpu's redistributor; how often it is asked in vain first. */
	uint32_t sgis_pending[VCPUS], sgis_active[VCPUS];
	unsigned busy;
	/* Of SPIs 32 to 47: what the distributor would say; edges by twos. */
	uint32_t pending, active, edges;
	unsigned inside;                    /* vcpus in KVM_RUN */
	unsigned accesses;                  /* of registers */
	unsigned entered, completed, again; /* to be raised at its end */
	uint32_t last;                      /* event of either */
	enum sdei_ending how;
};

int fake_start(void **state);      /* with a VM, vcpus unmasked */
int fake_start_bare(void **state); /* without */
int fake_stop(void **state);

/* The exit of a call on a vcpu, arguments from x1; returns x0. */
#define GUEST_CALL(f, vcpu, ...) \
	fake_call(f, vcpu, (const uint64_t[6]){ __VA_ARGS__ })
int64_t fake_call(struct fake *f, unsigned vcpu, const uint64_t x[6]);
/* One sdei_kvm_run(): what it returned, errno in *error. */
int fake_run(struct fake *f, unsigned vcpu, int *error);
/* REGISTER and ENABLE on a vcpu. */
void fake_listen(struct fake *f, unsigned vcpu, uint32_t event);
/* Other values in all registers of a vcpu; it is at EL1, interrupts open. */
void fake_fill(struct fake *f, unsigned vcpu);
/* Is the vcpu at the entry of a handler of this event, PSTATE and all? */
bool fake_at_handler(const struct fake *f, unsigned vcpu, uint32_t event);
/* A run that a kick ends. */
void fake_kicked(struct fake *f, unsigned vcpu);

#endif
