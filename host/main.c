/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of things on the first CPU.
 */
#include "host.h"

void host_main(uint64_t tree);

void host_main(uint64_t tree)
{
	console_start();
	gic_start();
	cpu_start_others();
	print("TAP version 13\n# host at EL%u, %u CPUs\n",
	      (unsigned)(read_sysreg(CurrentEL) >> 2), cpu_count);
	print("# probe: %d\n", host_client_start(tree));
	machine_off();
}
