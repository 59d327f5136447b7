/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The paths that are swept, on one CPU, without a tick. Each is the same every
 * time; what a process or guest finds in its registers is part of the outcome.
 */
#include "sweep.h"

/* Positions of paths where events may be lost: more than they have steps. */
#define OFF_SPAN 3000
#define ON_SPAN  5000
#define END_SPAN 2000

extern char user_look[], user_vmm_twice[], guest_look[], user_count[];

static void fill(void *data, uint64_t sp)
{
	fill_state(data, 0x600d);
	((struct state *)data)->sp = sp;
}

/* A process starts, shows its registers to the kernel, goes on, exits. */
static void path_process(struct outcome *o)
{
	struct thread *t = process_new(user_look, this_cpu()->index);

	fill(t->data, USER_DATA + PROBE_FOUND);
	sweep_arm();
	o->value[0] = process_run(t);
	o->found = *(struct state *)(t->data + PROBE_FOUND);
	o->looked = t->looked;
	process_free(t);
}

/* A guest is entered, leaves, comes back and leaves for good. */
static void path_guest(struct outcome *o)
{
	struct thread *t = process_new(user_vmm_twice, this_cpu()->index);
	struct vcpu *v = guest_new(guest_look);

	t->vcpu = v;
	fill(v->data, 0);
	sweep_arm();
	o->value[0] = process_run(t);
	check(o->value[0] == VMM_MARK, "the VMM's TPIDR_EL0 and V8 were 0x%lx",
	      o->value[0]);
	o->value[1] = v->pc;
	o->value[2] = v->pstate;
	o->value[3] = v->el1.tpidr_el1;
	o->value[4] = v->el1.mdscr;
	o->guest_found = *(struct state *)(v->data + PROBE_FOUND);
	guest_free(v);
	process_free(t);
}

/* Interrupts: one waits for a process to start, one for the kernel. */
static void path_interrupts(struct outcome *o)
{
	struct thread *t = process_new(user_look, this_cpu()->index);

	fill(t->data, USER_DATA + PROBE_FOUND);
	irq_off();
	gic_send(this_cpu(), SGI_WAKE);
	sweep_arm();
	schedule();
	gic_send(this_cpu(), SGI_WAKE);
	irq_on();
	o->value[0] = process_run(t);
	o->found = *(struct state *)(t->data + PROBE_FOUND);
	o->looked = t->looked;
	process_free(t);
}

/* A process gets signals: into its handler and out of it. */
static void path_signal(struct outcome *o)
{
	struct thread *t = process_new(user_count, this_cpu()->index);

	((uint64_t *)t->data)[0] = 1;
	((uint64_t *)t->data)[3] = 1000;
	thread_signal(t);
	sweep_arm();
	process_run(t);
	o->value[0] = ((uint64_t *)t->data)[1];
	o->value[1] = t->signals;
	process_free(t);
}

static int on_signalled(const struct sdei_interrupted *at, void *argument)
{
	(void)at;
	++*(uint64_t *)argument;
	return SDEI_HANDLED;
}

/* The client's own calls, from registration to the end of it. */
static void path_calls(struct outcome *o)
{
	uint64_t count = 0;
	int masked;

	sweep_arm();
	o->value[0] = (uint64_t)sdei_client_register(client,
						     SDEI_EVENT_SIGNALLED,
						     on_signalled, &count);
	o->value[1] = (uint64_t)sdei_client_enable(client, 0);
	masked = sdei_client_mask(client);
	o->value[2] = (uint64_t)sdei_client_signal(client, this_cpu()->index);
	o->value[3] = (uint64_t)sdei_client_status(client, 0,
						   this_cpu()->index);
	o->value[4] = count;
	o->value[5] = (uint64_t)sdei_client_unmask(client, masked);
	o->value[6] = (uint64_t)sdei_client_info(client, 0, SDEI_INFO_TYPE);
	o->value[7] = (uint64_t)sdei_client_disable(client, 0);
	o->value[8] = (uint64_t)sdei_client_unregister(client, 0);
	o->value[9] = count;
	o->value[10] = (uint64_t)masked;
}

/* A normal event's handler, from its first instruction to its last. */
static void path_nested(struct outcome *o)
{
	uint64_t count = 0;

	o->value[0] = (uint64_t)sdei_client_register(client,
						     SDEI_EVENT_SIGNALLED,
						     on_signalled, &count);
	o->value[1] = (uint64_t)sdei_client_enable(client, 0);
	irq_off();
	sweep_arm();
	sdei_client_signal(client, this_cpu()->index);
	irq_on();
	sdei_client_signal(client, this_cpu()->index);
	o->value[2] = count;
	o->value[3] = (uint64_t)sdei_client_disable(client, 0);
	o->value[4] = (uint64_t)sdei_client_unregister(client, 0);
}

/* Down and up again through the firmware's power-down. */
static void path_suspend(struct outcome *o)
{
	uint64_t before = this_cpu()->ticks;

	sweep_arm();
	tick_start(100);
	o->value[0] = (uint64_t)cpu_suspend();
	o->value[1] = this_cpu()->ticks - before;
	tick_start(0);
}

/*
 * The client ends, as before a kexec: what is pending may be lost. Then another
 * one begins, and the next event must come.
 */
static void path_end(struct outcome *o)
{
	struct seen *s = &seen[sweep_priority][this_cpu()->index];

	sweep_arm();
	o->value[0] = (uint64_t)sdei_client_shutdown(client);
	sweep_took(this_cpu()->index);
	host_client_make(host_conduit);
	o->value[1] = (uint64_t)sdei_client_probe(client);
	events_again();
	store(s->count, 0);
	raise_after(sweep_priority, 100);
	wait_until(load(s->count), 1000);
	o->value[2] = s->count;
}

/* ---- Two CPUs: the first one sleeps while the second goes and comes. */

static void arm(void *unused)
{
	(void)unused;
	sweep_arm();
}

/* One more event on CPU 1, which must come. */
static void another(void *argument)
{
	struct seen *s = &seen[sweep_priority][this_cpu()->index];

	store(s->count, 0);
	raise_after(sweep_priority, 100);
	wait_until(load(s->count), 1000);
	*(uint64_t *)argument = s->count;
}

static void look_at_cpu1(struct outcome *o)
{
	sweep_took(1);
	o->value[2] = (uint64_t)sdei_client_status(client,
						   events[sweep_priority], 1);
	cpu_begin(1, another, &o->value[3]);
	cpu_wait(1, SECONDS(1));
}

static void path_off(struct outcome *o)
{
	cpus[1].power_hook = arm;
	o->value[0] = cpu_down(1);
	cpus[1].power_hook = NULL;
	o->value[1] = cpu_up(1);
	look_at_cpu1(o);
}

static void path_on(struct outcome *o)
{
	o->value[0] = cpu_down(1);
	cpus[1].power_hook = arm;
	o->value[1] = cpu_up(1);
	cpus[1].power_hook = NULL;
	look_at_cpu1(o);
}

static const struct path paths[] = {
	{ "a process: start, system calls, exit", path_process, 0, 900, 0 },
	{ "interrupts over a process and the kernel", path_interrupts, 0, 900,
	  0 },
	{ "a signal and the return from it", path_signal, 0, 700, 0 },
	{ "a guest: entry and exit, twice", path_guest, 0, 1700, 0 },
	{ "a guest, by a critical event", path_guest, 1, 1700, 0 },
	{ "the client's calls", path_calls, 0, 1000, 0 },
	{ "a normal event's handler, by a critical event", path_nested, 1, 700,
	  0 },
	{ "suspend and resume", path_suspend, 0, 250, 0 },
	{ "the client's shutdown", path_end, 0, 100, END_SPAN },
};

static const struct path paths_of_two[] = {
	{ "a CPU going off", path_off, 0, 100, OFF_SPAN },
	{ "a CPU coming up", path_on, 0, 50, ON_SPAN },
};

void test_sweep(void)
{
	if (cpu_count > 1) {
		for (size_t i = 0; i < sizeof(paths_of_two) / sizeof(paths[0]);
		     i++)
			sweep(&paths_of_two[i]);
		return;
	}
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!at_el2 && paths[i].run == path_guest)
			tap_skip("no EL2 for guests", paths[i].name);
		else
			sweep(&paths[i]);
	}
	sweep_covered();
}
