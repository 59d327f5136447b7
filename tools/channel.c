/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A conversation in lines over a unix socket, bounded in time: whoever is at
 * the other end may be stopped, slow or gone. Also the lock that lets only one
 * of us talk at a time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "sdei.h"

#define SLOWNESS_MAX 1000

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000,
					.tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&pause, NULL);
}

int64_t end_of(int seconds)
{
	const char *factor = getenv("OPENSDEI_PATIENCE");
	double slowness = factor ? strtod(factor, NULL) : 1;

	if (!(slowness >= 1))
		slowness = 1;
	if (slowness > SLOWNESS_MAX)
		slowness = SLOWNESS_MAX;
	return now_ms() + (int64_t)(seconds * 1000 * slowness);
}

int lock_wait(const char *path, int seconds)
{
	int64_t end = end_of(seconds);
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK && now_ms() < end) {
			sleep_ms(10);
			continue;
		}
		close(fd);
		errno = ETIMEDOUT;
		return -1;
	}
	return fd;
}

int channel_open(struct channel *channel, const char *path, int seconds)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	channel->used = channel->taken = 0;
	channel->deadline = end_of(seconds);
	channel->fd = socket(AF_UNIX,
			     SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (channel->fd < 0)
		return errno;
	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (connect(channel->fd, (struct sockaddr *)&address,
		    sizeof(address)) != 0) {
		int error = errno;

		channel_close(channel);
		/* A socket that nobody serves stays when QEMU was killed. */
		return error == ECONNREFUSED ? ENOENT : error;
	}
	return 0;
}

void channel_close(struct channel *channel)
{
	close(channel->fd);
	channel->fd = -1;
}

static int wait_for(struct channel *channel, short events)
{
	struct pollfd pollfd = { .fd = channel->fd, .events = events };
	int64_t left = channel->deadline - now_ms();
	int ready = left > 0 ? poll(&pollfd, 1, (int)left) : 0;

	if (ready < 0)
		return errno == EINTR ? 0 : errno;
	return ready == 0 ? ETIMEDOUT : 0;
}

int channel_send(struct channel *channel, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t sent = send(channel->fd, text, left, MSG_NOSIGNAL);

		if (sent >= 0) {
			text += sent;
			left -= (size_t)sent;
		} else if (errno == EAGAIN || errno == EINTR) {
			int error = wait_for(channel, POLLOUT);

			if (error)
				return error;
		} else {
			return errno;
		}
	}
	return 0;
}

static int receive(struct channel *channel)
{
	ssize_t got;
	int error;

	do {
		error = wait_for(channel, POLLIN);
		if (error)
			return error;
		got = recv(channel->fd, channel->buffer,
			   sizeof(channel->buffer), 0);
	} while (got < 0 && (errno == EAGAIN || errno == EINTR));
	if (got <= 0)
		return got == 0 ? EPIPE : errno;
	channel->used = (size_t)got;
	channel->taken = 0;
	return 0;
}

/*
 * The next line, without its end; EMSGSIZE if it does not fit. What is not
 * printable ASCII becomes '?': this ends up on somebody's terminal.
 */
int channel_line(struct channel *channel, char *line, size_t size)
{
	size_t length = 0;

	for (;;) {
		char c;

		if (channel->taken == channel->used) {
			int error = receive(channel);

			if (error)
				return error;
		}
		c = channel->buffer[channel->taken++];
		if (c == '\n')
			break;
		if (c == '\r')
			continue;
		if (length + 1 == size)
			return EMSGSIZE;
		line[length++] = c >= ' ' && c <= '~' ? c : '?';
	}
	line[length] = '\0';
	return 0;
}

int channel_until(struct channel *channel, const char *end)
{
	const size_t length = strlen(end);
	size_t matched = 0;

	while (matched < length) {
		char c;

		if (channel->taken == channel->used) {
			int error = receive(channel);

			if (error)
				return error;
		}
		c = channel->buffer[channel->taken++];
		/* No end begins anew inside itself. */
		matched = c == end[matched] ? matched + 1 : c == end[0];
	}
	return 0;
}
