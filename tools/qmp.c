/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What we ask of QEMU itself, by QMP: commands whose answers hold nothing for us.
 */
#include <errno.h>
#include <string.h>

#include "sdei.h"

int qmp_ask(struct channel *channel, const char *command)
{
	char line[sizeof(channel->buffer)];
	int error = channel_send(channel, command);

	while (!error) {
		json_t *json;
		bool done;

		error = channel_line(channel, line, sizeof(line));
		if (error)
			break;
		json = json_loads(line, 0, NULL);
		done = json_object_get(json, "return") != NULL;
		error = json_object_get(json, "error") ? EPROTO : 0;
		json_decref(json);
		if (done)
			break;
	}
	return error;
}

int qmp_greet(struct channel *channel)
{
	return qmp_ask(channel, "{\"execute\": \"qmp_capabilities\"}\n");
}
