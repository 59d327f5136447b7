/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's own functions, file by file.
 */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include "system.h"
#include "types.h"

#include <sdei/client.h>

#include <stdarg.h>

#define PRINTF(text, first) __attribute__((format(printf, text, first)))
#define NORETURN            __attribute__((noreturn))

/* string.c */
void *memset(void *to, int value, size_t size);
void *memcpy(void *restrict to, const void *restrict from, size_t size);

/* console.c */
void console_start(void);
/* %s %c %d %u %x, with l in front for 64 bits, and %%. */
void print(const char *format, ...) PRINTF(1, 2);
void print_args(const char *format, va_list args);

/* psci.c */
#define PSCI_CPU_OFF 0x84000002
extern bool psci_by_hvc;
int64_t psci(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3);
void NORETURN machine_off(void);

/* panic.c: "Bail out!" and the machine goes off, whatever still works. */
void NORETURN panic(const char *format, ...) PRINTF(1, 2);

/* mmu.c */
uint64_t phys(const void *address);
void *virt(uint64_t physical);
/* A process's table with its text and data; the value for TTBR0. */
uint64_t mmu_process(unsigned slot, const uint8_t *data);
/* A guest's stage 2; the value for VTTBR. */
uint64_t mmu_guest(unsigned slot, const uint8_t *data);
uint64_t mmu_empty(void);

/* gic.c: interrupts, SGIs and the tick. */
#define SGI_CALL 0 /* cpu->call */
#define SGI_WAKE 1 /* cpu->job, or nothing at all */
void gic_start(void);
void gic_start_cpu(struct cpu *cpu);
void gic_send(const struct cpu *cpu, unsigned sgi);
unsigned gic_acknowledge(void);
void gic_end(unsigned intid);
/* The tick: every so many microseconds; 0 stops it. */
void tick_start(uint64_t us);
void tick_again(void);
/* One interrupt of the tick's, then as it was. */
void tick_once(uint64_t us);

/* cpu.c */
extern struct cpu cpus[MAX_CPUS];
extern unsigned cpu_count;
static inline struct cpu *this_cpu(void)
{
	return (struct cpu *)read_sysreg(TPIDR_HOST);
}
void cpu_find_all(void);
/* The calling CPU: its interrupts, its tick, PAN; then it is online. */
void cpu_start(struct cpu *cpu);
bool has_pan(void);
void cpu_pan_on(void);
/* Run on another CPU with interrupts masked; on all, this one included. */
void cpu_call(unsigned cpu, work *call, void *argument);
void cpu_call_all(work *call, void *argument);
/* Let another CPU's base thread do a job; wait for it. */
void cpu_begin(unsigned cpu, work *job, void *argument);
bool cpu_wait(unsigned cpu, uint64_t us);
void serve_call(struct cpu *cpu);

/* power.c */
void cpu_start_others(void);
bool cpu_up(unsigned cpu);
/* Ask `cpu` to go off, and wait until it is. */
bool cpu_down(unsigned cpu);
bool cpu_is_off(unsigned cpu);
/* Asleep for a moment. The tick is off. */
void nap(void);
/* The calling CPU: power-down and back; PSCI's answer if it did not. */
int64_t cpu_suspend(void);

/* sched.c */
struct thread *process_new(const void *program, unsigned cpu);
/* In AArch32, A32 instructions. */
struct thread *process_new_32(const void *program, unsigned cpu);
uint64_t user_address(const void *code);
void process_free(struct thread *process);
/* Let this CPU's processes run until that one is dead; its exit code. */
uint64_t process_run(struct thread *process);
void schedule(void);
void thread_signal(struct thread *thread);
void user_exit(struct frame *frame);
void thread_exit(uint64_t code);

/* guest.c */
struct vcpu *guest_new(const void *program);
uint64_t guest_address(const void *code);
void guest_free(struct vcpu *vcpu);
/* Run until it leaves by itself; false if a signal came first. */
bool guest_run(struct vcpu *vcpu);
void guest_enter(struct vcpu *vcpu);

/* client.c: the embedding of the client. */
extern struct sdei_client *client;
extern enum sdei_conduit host_conduit; /* as discovered */
extern bool at_el2; /* at EL2, or with a stub of ours there */
/* Make `client`, which is to be probed then. */
void host_client_make(enum sdei_conduit conduit);
/* discover.c: from the device tree at that address; sets psci_by_hvc, too. */
enum sdei_conduit discover(uint64_t address);
/* The firmware's test service: RAISE_FID. */
int64_t firmware_raise(uint32_t event, uint64_t ticks);
void host_client_up(void);
void host_client_down(void);
void host_client_suspend(void);
void host_client_resume(void);
/* What ops->trouble was told, all CPUs together. */
struct trouble {
	unsigned count;
	enum sdei_trouble what;
	unsigned cpu;
	uint32_t event;
	int64_t detail;
};
extern struct trouble trouble;

#define wait_until(condition, us) \
	({ \
		uint64_t end_ = now() + microseconds(us); \
		bool met_; \
		while (!(met_ = (condition)) && now() < end_) \
			__asm__ volatile("yield" : : : "memory"); \
		met_ || (condition); \
	})

#define SECONDS(n) (UINT64_C(1000000) * (n))

#endif
