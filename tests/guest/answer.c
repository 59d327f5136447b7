/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer SOCKET - a guest's console, from standard input to standard output; a line
 * "# raise ..." on it is a request for the VMM at SOCKET (host/outside.c). It is a
 * program because the guest waits meanwhile: a shell's loop takes ten times as long.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define REQUEST "# raise "

static int request(const struct sockaddr_un *address, const char *line)
{
	char answer[256];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), error = 0;

	if (fd < 0 || connect(fd, (const void *)address, sizeof(*address)) ||
	    write(fd, line, strlen(line)) < 0) {
		perror("answer");
		error = 1;
	}
	shutdown(fd, SHUT_WR);
	while (!error && read(fd, answer, sizeof(answer)) > 0)
		;
	close(fd);
	return error;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char line[256];

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path)) {
		fprintf(stderr, "usage: answer SOCKET\n");
		return 2;
	}
	strcpy(address.sun_path, argv[1]);
	while (fgets(line, sizeof(line), stdin)) {
		fputs(line, stdout);
		fflush(stdout);
		if (!strncmp(line, REQUEST, strlen(REQUEST)) &&
		    request(&address, line + 2))
			return 1;
	}
	return 0;
}
