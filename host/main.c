/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of things on the first CPU, and which tests this image is for.
 */
#include "sweep.h"

void host_main(uint64_t tree, unsigned entered_at);

static void introduce(void)
{
	uint64_t version = sdei_client_version(client);

	print("# host at EL%u%s, %u CPUs, SDEI %u.%u, image at 0x%lx\n",
	      HOST_EL, at_el2 && HOST_EL == 1 ? " with a stub at EL2" : "",
	      cpu_count, (unsigned)(version >> SDEI_VERSION_MAJOR_SHIFT),
	      (unsigned)(version >> SDEI_VERSION_MINOR_SHIFT & 0xffff),
	      phys((void *)IMAGE_BASE));
}

static void first_image(void)
{
	if (handover->mode == MODE_SWEEP) {
		if (exact)
			test_sweep();
		else
			tap_skip("nothing raises an event at an instruction",
				 "sweeps");
		return;
	}
	if (handover->mode == MODE_PANIC)
		test_panic();
	test_context();
	test_aarch32();
	if (outside)
		test_many();
	test_handler();
	test_signal();
	test_bind();
	test_cpus();
	if (image_has_next())
		kexec();
}

static void run_tests(void)
{
	switch (handover->stage) {
	case 0:
		first_image();
		break;
	case 1:
		check_all_events();
		test_after_kexec();
		if (image_has_next())
			crash();
		break;
	case 2:
		check_all_events();
		test_after_crash();
		test_cpus();
		break;
	}
}

void host_main(uint64_t tree, unsigned entered_at)
{
	int result;

	image_copy();
	at_el2 = entered_at == 2;
	console_start();
	if (handover->magic != HANDOVER_MAGIC) {
		print("TAP version 13\n");
		handover->stage = handover->tap = 0;
	}
	gic_start();
	host_conduit = discover(tree);
	cpu_start_others();
	host_client_make(host_conduit);
	result = sdei_client_probe(client);
	if (result)
		panic("the client says %d", result);
	introduce();
	calibrate();
	events_start();
	run_tests();
	tap_end();
	machine_off();
}
