/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the VMM may still ask of the kernel when its guest runs: should the guest
 * find a hole in it, there is nothing to execute, no other process to make or
 * touch, no connection to open, and no file to change but by a save.
 *
 * A list of what is allowed, some of it only with the right argument. Whatever
 * else ends the process with SIGSYS.
 */
#include "vmm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifdef __aarch64__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#define ARCHITECTURE AUDIT_ARCH_X86_64 /* the unit test's */
#endif

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
/* Skip `n` unless they are equal. */
#define UNLESS(value, n) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (n))

#define ALLOW(name) UNLESS(SYS_##name, 1), RETURN(SECCOMP_RET_ALLOW)
/* Of an argument its lower half is looked at: flags are an int. */
#define ALLOW_IF(name, argument, mask, value) \
	UNLESS(SYS_##name, 4), LOAD(args[argument]), \
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (mask)), \
		UNLESS((value), 1), RETURN(SECCOMP_RET_ALLOW), LOAD(nr)

#define IOCTL_TYPE 0xff00
#define IOCTL_KVM  (KVMIO << 8)

static struct sock_filter filter[] = {
	LOAD(arch),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
	RETURN(SECCOMP_RET_KILL_PROCESS),
	LOAD(nr),
	/* The vcpus' threads; first what they do most. */
	ALLOW_IF(ioctl, 1, IOCTL_TYPE, IOCTL_KVM),
	ALLOW(futex),
	ALLOW(sched_yield),
	ALLOW(write),
	ALLOW(tgkill),
	ALLOW(getpid),
	ALLOW(gettid),
	ALLOW(rt_sigreturn),
	ALLOW(rt_sigprocmask),
	ALLOW(rt_sigaction),
	ALLOW(restart_syscall),
	/* Requests, typing, other news. */
	ALLOW(ppoll),
	ALLOW(read),
	ALLOW(writev),
	ALLOW(accept4),
	ALLOW(setsockopt),
	ALLOW_IF(fcntl, 1, ~0u, F_GETFL),
	ALLOW(close),
	ALLOW(dup),
	/* Files: to read, and new ones. */
	ALLOW_IF(openat, 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY),
	ALLOW_IF(openat, 2, O_CREAT | O_EXCL, O_CREAT | O_EXCL),
	ALLOW(newfstatat),
	ALLOW(fstat),
	ALLOW(lseek),
	ALLOW(pread64),
	ALLOW(fsync),
	ALLOW(renameat),
	ALLOW(renameat2),
	ALLOW(unlinkat),
	/* Memory, none of it to be executed. */
	ALLOW(brk),
	ALLOW_IF(mmap, 2, PROT_EXEC, 0),
	ALLOW_IF(mprotect, 2, PROT_EXEC, 0),
	ALLOW(munmap),
	ALLOW(mremap),
	ALLOW(madvise),
	/* Threads, not processes. clone3() hides what it makes: use clone(). */
	UNLESS(SYS_clone3, 1),
	RETURN(SECCOMP_RET_ERRNO | ENOSYS),
	ALLOW_IF(clone, 0, CLONE_THREAD, CLONE_THREAD),
	ALLOW(set_robust_list),
	ALLOW(rseq),
	ALLOW(sched_getaffinity),
	ALLOW(getrandom),
	ALLOW(clock_gettime),
	ALLOW(exit),
	ALLOW(exit_group),
	RETURN(SECCOMP_RET_KILL_PROCESS),
};

void confine(void)
{
	const struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(*filter),
		.filter = filter,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0))
		vmm_die("the VMM's system calls cannot be limited: %s",
			strerror(errno));
}
