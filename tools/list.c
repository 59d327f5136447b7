/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei list: the machines and guests that run here, by name.
 */
#include <stdio.h>

#include "sdei.h"

static const char help[] =
	"List the machines ('sdei run') and guests ('sdei-vmm') that run here."
	"\v"
	"The other commands take a machine's name by --name, a guest's by --vm.";

/* One line each, or an element of the array. */
static void add(void *json, const struct machine *machine)
{
	const char *kind = machine->vm ? "guest" : "machine";

	if (json)
		json_array_append_new(json,
				      json_pack("{s:s, s:s, s:s}", "kind", kind,
						"name", machine->name,
						"control", machine->control));
	else
		printf("%-7s  %-16s  %s\n", kind, machine->name,
		       machine->control);
}

int command_list(int argc, char **argv)
{
	json_t *json;
	int status;

	parse_json_only(argc, argv, help);
	json = json_wanted ? json_array() : NULL;
	status = machine_each(false, add, json);
	if (status == EXIT_OK)
		status = machine_each(true, add, json);
	if (status == EXIT_OK && json)
		print_json(json_incref(json));
	json_decref(json);
	return status;
}
