/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system calls of the library. The thread is addressed by tgkill(2), not
 * by pthread_kill(3): a thread that is gone is then an error and not a crash.
 */
#include "internal.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int system_ioctl(void *context, int fd, unsigned long request,
			void *argument)
{
	(void)context;
	return ioctl(fd, request, argument);
}

static void system_interrupt(void *context, int thread, int signal)
{
	(void)context;
	syscall(SYS_tgkill, getpid(), thread, signal);
}

const struct sdei_kvm_system kvm_system = {
	.ioctl = system_ioctl,
	.interrupt = system_interrupt,
};

static void nothing(int signal)
{
	(void)signal;
}

bool kvm_signal_prepare(int signal)
{
	struct sigaction action;

	if (sigaction(signal, NULL, &action))
		return false;
	if (action.sa_flags & SA_SIGINFO ||
	    (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN))
		return true;
	action = (struct sigaction){ .sa_handler = nothing };
	return !sigaction(signal, &action, NULL);
}

void sdei_kvm_attach(struct sdei_kvm *vm, unsigned vcpu)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, vm->config.signal);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	store(&vm->vcpus[vcpu].thread, (int)syscall(SYS_gettid));
}
