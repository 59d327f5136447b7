/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sdei-vmm's system calls when its guest runs: what is not needed ends the
 * process. Each in a process of its own, by bare system calls.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <kvm/vmm/vmm.h>

void vmm_die(const char *format, ...)
{
	(void)format;
	_exit(9);
}

/* Its exit status, or 128 and the signal that ended it. */
static int confined(long number, long a, long b, long c, long d)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		confine();
		syscall(number, a, b, c, d, -1, 0);
		syscall(SYS_exit_group, 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define NEW_FILE (O_RDWR | O_CREAT | O_EXCL)

static void forbidden(void **state)
{
	const struct {
		long number, a, b, c, d;
	} calls[] = {
		{ SYS_execve, 0, 0, 0, 0 },
		{ SYS_execveat, 0, 0, 0, 0 },
		{ SYS_socket, AF_INET, SOCK_STREAM, 0, 0 },
		{ SYS_connect, 0, 0, 0, 0 },
		{ SYS_ptrace, 0, 0, 0, 0 },
		{ SYS_process_vm_writev, 0, 0, 0, 0 },
		{ SYS_kill, 0, 0, 0, 0 },
		{ SYS_mount, 0, 0, 0, 0 },
		{ SYS_bpf, 0, 0, 0, 0 },
		{ SYS_prctl, 0, 0, 0, 0 },
		{ SYS_setuid, 0, 0, 0, 0 },
		{ SYS_chdir, (long)"/", 0, 0, 0 },
		{ SYS_clone, SIGCHLD, 0, 0, 0 },
		{ SYS_ioctl, 0, FIONREAD, 0, 0 },
		{ SYS_fcntl, 0, F_SETFL, 0, 0 },
		{ SYS_openat, AT_FDCWD, (long)"/dev/null", O_WRONLY, 0 },
		{ SYS_openat, AT_FDCWD, (long)"/dev/null", O_RDWR, 0 },
		{ SYS_openat, AT_FDCWD, (long)"/dev/null", O_CREAT, 0 },
		{ SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC,
		  MAP_PRIVATE | MAP_ANONYMOUS },
		{ SYS_mprotect, 0, 4096, PROT_EXEC, 0 },
		{ -1, 0, 0, 0, 0 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (confined(calls[i].number, calls[i].a, calls[i].b,
			     calls[i].c, calls[i].d) != 128 + SIGSYS)
			fail_msg("call %ld, %u in the list, is allowed",
				 calls[i].number, i);
}

static void allowed(void **state)
{
	(void)state;
	assert_int_equal(confined(SYS_getpid, 0, 0, 0, 0), 0);
	assert_int_equal(confined(SYS_write, 1, 0, 0, 0), 0);
	assert_int_equal(confined(SYS_ioctl, -1, KVM_RUN, 0, 0), 0);
	assert_int_equal(confined(SYS_fcntl, 0, F_GETFL, 0, 0), 0);
	assert_int_equal(confined(SYS_openat, AT_FDCWD, (long)"/dev/null",
				  O_RDONLY | O_CLOEXEC, 0),
			 0);
	assert_int_equal(confined(SYS_openat, AT_FDCWD, (long)"/nowhere/x",
				  NEW_FILE, 0600),
			 0);
	assert_int_equal(confined(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS),
			 0);
	/* Refused in a way that makes the C library take clone(). */
	assert_int_equal(confined(SYS_clone3, 0, 0, 0, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forbidden),
		cmocka_unit_test(allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
