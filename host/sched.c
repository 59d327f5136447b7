/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes: each belongs to a CPU, whose base thread runs when none of them
 * can. The kernel is not preempted; a process is, by the tick and by whatever
 * else brings it through user_exit(), which is also where signals arrive.
 */
#include "host.h"

#define PROCESSES  (4 * MAX_CPUS)
#define STACK_SIZE 0x4000

extern uint8_t user_text[];
extern char user_return[], thread_start[];
void thread_switch(struct thread *from, const struct thread *to);

static struct thread threads[PROCESSES];
static uint8_t stacks[PROCESSES][STACK_SIZE] __attribute__((aligned(16)));
static uint8_t datas[PROCESSES][USER_DATA_SIZE] __attribute__((aligned(4096)));

/* What thread_switch() pops for a thread that never ran. */
struct first {
	uint64_t x29, x30, rest[12];
	struct frame frame;
};

uint64_t user_address(const void *code)
{
	return USER_TEXT + (uint64_t)((const uint8_t *)code - user_text);
}

struct thread *process_new(const void *program, unsigned cpu)
{
	struct thread *t = threads;
	unsigned slot;
	struct first *first;

	while (t->state != THREAD_FREE)
		if (++t == threads + PROCESSES)
			panic("no room for a process");
	slot = (unsigned)(t - threads);
	*t = (struct thread){ .cpu = cpu,
			      .stack = stacks[slot],
			      .data = datas[slot] };
	memset(t->data, 0, USER_DATA_SIZE);
	t->ttbr0 = mmu_process(slot, t->data);
	first = (struct first *)(t->stack + STACK_SIZE) - 1;
	*first = (struct first){
		.x30 = (uint64_t)thread_start,
		.frame = { .sp = USER_DATA + USER_DATA_SIZE,
			   .pc = user_address(program),
			   .pstate = P_EL0 },
	};
	t->sp = (uint64_t)first;
	t->next = cpus[cpu].processes;
	cpus[cpu].processes = t;
	t->state = THREAD_READY;
	return t;
}

struct thread *process_new_32(const void *program, unsigned cpu)
{
	struct thread *t = process_new(program, cpu);
	struct first *first = (struct first *)(t->stack + STACK_SIZE) - 1;

	first->frame.pstate = P_EL0_32;
	return t;
}

void process_free(struct thread *t)
{
	struct thread **link = &cpus[t->cpu].processes;

	while (*link != t)
		link = &(*link)->next;
	*link = t->next;
	t->state = THREAD_FREE;
}

/* The next one that can run, after the current one if that is a process. */
static struct thread *pick(struct cpu *cpu)
{
	struct thread *from = cpu->current, *t;

	for (t = from == &cpu->base ? cpu->processes : from->next; t;
	     t = t->next)
		if (t->state == THREAD_READY)
			return t;
	for (t = cpu->processes; t; t = t->next)
		if (t->state == THREAD_READY)
			return t;
	return &cpu->base;
}

void schedule(void)
{
	uint64_t daif = irq_save();
	struct cpu *cpu = this_cpu();
	struct thread *from = cpu->current, *to = pick(cpu);

	cpu->need_resched = false;
	if (to != from) {
		from->tpidr_el0 = read_sysreg(tpidr_el0);
		write_sysreg(tpidr_el0, to->tpidr_el0);
		write_sysreg(ttbr0_el1, to->ttbr0 ? to->ttbr0 : mmu_empty());
		isb();
		cpu->current = to;
		thread_switch(from, to);
	}
	irq_restore(daif);
}

uint64_t process_run(struct thread *process)
{
	while (process->state != THREAD_DEAD) {
		schedule();
		if (process->state == THREAD_DEAD)
			break;
		irq_off();
		if (!this_cpu()->need_resched)
			wfi();
		irq_on();
	}
	return process->exit_code;
}

void thread_exit(uint64_t code)
{
	struct thread *self = this_cpu()->current;

	self->exit_code = code;
	self->state = THREAD_DEAD;
	schedule();
	panic("a dead process runs");
}

/* Also from a handler of an event: nothing here waits or takes a lock. */
void thread_signal(struct thread *t)
{
	store(t->signal, true);
	if (&cpus[t->cpu] != this_cpu())
		gic_send(&cpus[t->cpu], SGI_WAKE);
}

/* The process goes on in its signal handler, once it has come back from one. */
static void deliver_signal(struct thread *t, struct frame *frame)
{
	store(t->signal, false);
	t->interrupted = *frame;
	t->in_signal = true;
	t->signals++;
	frame->pc = t->signal_handler;
}

/* Just before a process goes on, interrupts masked until it does. */
void user_exit(struct frame *frame)
{
	struct cpu *cpu = this_cpu();

	while (cpu->need_resched) {
		schedule();
		cpu = this_cpu();
	}
	if (load(cpu->current->signal) && cpu->current->signal_handler &&
	    !cpu->current->in_signal)
		deliver_signal(cpu->current, frame);
}
