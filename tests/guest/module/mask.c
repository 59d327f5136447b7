// SPDX-License-Identifier: BSD-2-Clause
/*
 * A kernel that cannot work: interrupts stay masked on the CPUs of `cpus` for `ms`
 * milliseconds, or until 1 is written to the parameter `stop`.
 *
 *   insmod mask.ko cpus=1,3 ms=20000
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>

static unsigned int cpus[8];
static unsigned int count, ms = 1000;
static bool stop;

module_param_array(cpus, uint, &count, 0444);
module_param(ms, uint, 0444);
module_param(stop, bool, 0644);

static int mask(void *unused)
{
	u64 end = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
	unsigned long flags;

	local_irq_save(flags);
	pr_alert("mask: CPU %u masks interrupts\n", smp_processor_id());
	/* By the clock: in a guest, a delay may take much longer than it should. */
	while (ktime_get_ns() < end && !READ_ONCE(stop))
		udelay(100);
	local_irq_restore(flags);
	return 0;
}

static int __init mask_init(void)
{
	for (unsigned int i = 0; i < count; i++) {
		struct task_struct *task = kthread_create(mask, NULL, "mask/%u",
							  cpus[i]);

		if (IS_ERR(task))
			return PTR_ERR(task);
		kthread_bind(task, cpus[i]);
		wake_up_process(task);
	}
	return 0;
}

/* Only when its time is over, or it was stopped. */
static void __exit mask_exit(void)
{
}

module_init(mask_init);
module_exit(mask_exit);
MODULE_DESCRIPTION("Masks interrupts, for OpenSDEI's tests");
MODULE_LICENSE("Dual BSD/GPL");
