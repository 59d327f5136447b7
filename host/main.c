/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of things on the first CPU.
 */
#include "sweep.h"

void host_main(uint64_t tree);

void host_main(uint64_t tree)
{
	int result;

	console_start();
	gic_start();
	cpu_start_others();
	print("TAP version 13\n# host at EL%u, %u CPUs\n",
	      (unsigned)(read_sysreg(CurrentEL) >> 2), cpu_count);
	result = host_client_start(tree);
	if (result)
		panic("the client says %d", result);
	events_start();
	test_context();
	test_handler();
	test_signal();
	test_cpus();
	if (exact && cpu_count == 1)
		test_sweep();
	tap_end();
	machine_off();
}
