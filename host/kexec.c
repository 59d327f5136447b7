/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host starts itself anew: in good order, or out of a handler that gives up
 * everything. The new one is a clean copy of this image, further up in memory,
 * that was made before anything was written. What it must know is at HANDOVER.
 */
#include "test.h"

#define RAM_END  0x80000000
#define PATIENCE SECONDS(2)

extern char image_end[], idmap[], start_image_low[];
void NORETURN start_image(uint64_t entry, uint64_t argument, uint64_t low,
			  uint64_t table);
void spin_masked(void *argument);
extern char guest_spin[], user_vmm[];

static uint64_t next_image(void)
{
	return phys((void *)IMAGE_BASE) + IMAGE_STRIDE;
}

bool image_has_next(void)
{
	return next_image() + IMAGE_SIZE <= RAM_END;
}

void image_copy(void)
{
	if (image_has_next())
		memcpy(virt(next_image()), (void *)IMAGE_BASE,
		       (size_t)(image_end - (char *)IMAGE_BASE));
}

/* Nothing of this image is needed from here on. */
static void NORETURN go(void)
{
	handover->magic = HANDOVER_MAGIC;
	handover->stage++;
	irq_off();
	write_sysreg(cntp_ctl_el0, 0);
#if !HOST_VHE
	if (at_el2)
		sdei_hvc(STUB_START, next_image(), 0, 0, 0, 0);
#endif
	start_image(next_image(), 0, phys(start_image_low), phys(idmap));
}

/* ---- In good order, with events that nobody will take. */

void kexec(void)
{
	int masked = sdei_client_mask(client), result;

	for (unsigned priority = 0; priority < 2 && !neighbour; priority++) {
		raise_after(priority, 1);
		wait_until(false, 1000 + 5 * lateness_most);
	}
	neighbour_stop();
	handover->masked = (uint64_t)masked;
	result = sdei_client_shutdown(client);
	handover->result = (uint64_t)(int64_t)result;
	client = NULL;
	for (unsigned i = 1; i < cpu_count; i++)
		cpu_down(i);
	go();
}

/* ---- Out of a handler. */

static int stop(const struct sdei_interrupted *at, void *argument)
{
	(void)at, (void)argument;
	sdei_client_crash(client);
	psci(PSCI_CPU_OFF, 0, 0, 0);
	return SDEI_FAILED;
}

static void stop_too(struct seen *s)
{
	stop(&s->at, NULL);
}

static void die(struct seen *s)
{
	(void)s;
	for (unsigned i = 1; i < cpu_count; i++)
		sdei_client_signal(client, i);
	handover->stopped = 0;
	for (unsigned i = 1; i < cpu_count; i++)
		handover->stopped += wait_until(cpu_is_off(i), PATIENCE);
	neighbour_stop();
	handover->result = sdei_client_crash(client);
	go();
}

static void die_deeper(struct seen *s)
{
	(void)s;
	seen[SDEI_PRIORITY_CRITICAL][this_cpu()->index].action = die;
	raise_after(SDEI_PRIORITY_CRITICAL, 50);
	wait_until(false, patience(PATIENCE));
}

/* In the midst of an interrupt that nobody will end, and masked. */
static void hang(void *spinning)
{
	irq_off();
	gic_send(this_cpu(), SGI_WAKE);
	wait_until(gic_acknowledge() == SGI_WAKE, PATIENCE);
	spin_masked(spinning);
}

/*
 * In a critical event's handler, which came over a normal one's, over a guest
 * if there are guests, while the other CPUs hang.
 */
void crash(void)
{
	static uint64_t spinning = 1;
	struct seen *s = &seen[SDEI_PRIORITY_NORMAL][this_cpu()->index];
	struct thread *t = process_new(user_vmm, this_cpu()->index);

	if (!neighbour &&
	    (sdei_client_register(client, SDEI_EVENT_SIGNALLED, stop, NULL) ||
	     sdei_client_enable(client, SDEI_EVENT_SIGNALLED)))
		panic("event 0 is not to be had");
	for (unsigned i = 1; i < cpu_count; i++) {
		if (neighbour)
			seen[SDEI_PRIORITY_NORMAL][i].action = stop_too;
		cpu_begin(i, hang, &spinning);
	}
	s->action = events[SDEI_PRIORITY_CRITICAL] != NO_EVENT ? die_deeper
							       : die;
	raise_after(SDEI_PRIORITY_NORMAL, raise_ticks());
	if (at_el2) {
		t->vcpu = guest_new(guest_spin);
		*(uint64_t *)t->vcpu->data = 3000 * spins_ms;
		process_run(t);
	}
	wait_until(false, patience(2 * PATIENCE));
	panic("the crash did not come");
}

/* ---- What the new image finds. */

void test_after_kexec(void)
{
	check(!handover->result, "the shutdown said %ld",
	      (int64_t)handover->result);
	check(handover->masked == 1, "mask said %lu", handover->masked);
	tap("kexec of the host into itself%s: events arrive again",
	    neighbour ? "" : " with events pending");
}

void test_after_crash(void)
{
	unsigned deep = events[SDEI_PRIORITY_CRITICAL] != NO_EVENT ? 2 : 1;

	check(handover->stopped == cpu_count - 1, "%lu CPUs were stopped",
	      handover->stopped);
	check(handover->result == deep, "%lu handlers were ended",
	      handover->result);
	tap("a crash %u handlers deep%s into a fresh image: events arrive again",
	    deep, at_el2 ? ", over a guest," : "");
}
