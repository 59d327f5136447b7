/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts of the VMM's own devices. Each goes to the guest's GIC until the
 * guest binds it; then to its event, until it is released.
 *
 * The lock is a leaf: the dispatcher calls in here with its own locks held, and
 * nothing here calls the dispatcher.
 */
#include "internal.h"

#include "arm64.h"

#include <errno.h>

struct line *kvm_line_find(struct sdei_kvm *vm, uint32_t interrupt)
{
	for (unsigned i = 0; i < vm->config.line_count; i++)
		if (vm->lines[i].interrupt == interrupt)
			return &vm->lines[i];
	return NULL;
}

static int tell_gic(struct sdei_kvm *vm, const struct line *line, bool high)
{
	const struct sdei_kvm_system *s = vm->system;
	struct kvm_irq_level level = {
		.irq = IRQ_LINE_SPI | line->interrupt,
		.level = high,
	};

	return s->ioctl(s->context, vm->config.vm_fd, KVM_IRQ_LINE, &level);
}

static void trigger(struct sdei_kvm *vm, const struct line *line)
{
	kvm_note(vm->line_notes, (unsigned)(line - vm->lines));
	kvm_kick_any(vm);
}

int sdei_kvm_line(struct sdei_kvm *vm, uint32_t interrupt, bool high)
{
	struct line *line = kvm_line_find(vm, interrupt);
	int result = 0;

	if (!line) {
		errno = EINVAL;
		return -1;
	}
	pthread_mutex_lock(&vm->line_lock);
	if (!line->bound)
		result = tell_gic(vm, line, high);
	else if (high && !line->high)
		trigger(vm, line);
	line->high = high;
	pthread_mutex_unlock(&vm->line_lock);
	return result;
}

/* Pending as long as it is high; the GIC knows what else there is. */
int kvm_line_check(void *context, uint32_t interrupt)
{
	struct sdei_kvm *vm = context;
	struct line *line = kvm_line_find(vm, interrupt);
	bool high;

	if (!line)
		return SDEI_INVALID_PARAMETERS;
	pthread_mutex_lock(&vm->line_lock);
	high = line->high;
	pthread_mutex_unlock(&vm->line_lock);
	return high ? SDEI_DENIED : kvm_gic_check(vm, line);
}

void kvm_line_take(void *context, unsigned pe, uint32_t interrupt)
{
	struct sdei_kvm *vm = context;
	struct line *line = kvm_line_find(vm, interrupt);

	(void)pe;
	if (!line) {
		vm->strange = true;
		return;
	}
	pthread_mutex_lock(&vm->line_lock);
	line->bound = true;
	/* It may have risen since it was checked. */
	if (line->high) {
		tell_gic(vm, line, false);
		trigger(vm, line);
	}
	pthread_mutex_unlock(&vm->line_lock);
}

/* A level that stays up triggers once more (5.1.6). */
void kvm_line_end(void *context, unsigned pe, uint32_t interrupt)
{
	struct sdei_kvm *vm = context;
	struct line *line = kvm_line_find(vm, interrupt);

	(void)pe;
	pthread_mutex_lock(&vm->line_lock);
	if (line->high && !line->edge)
		trigger(vm, line);
	pthread_mutex_unlock(&vm->line_lock);
}

void kvm_line_give(void *context, uint32_t interrupt)
{
	struct sdei_kvm *vm = context;
	struct line *line = kvm_line_find(vm, interrupt);

	pthread_mutex_lock(&vm->line_lock);
	line->bound = false;
	if (line->high)
		tell_gic(vm, line, true);
	pthread_mutex_unlock(&vm->line_lock);
}
