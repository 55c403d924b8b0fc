// SPDX-License-Identifier: GPL-2.0
/*
 * Drops packets where few are dropped otherwise: in a task, and in hardirqs on all
 * CPUs (but with PREEMPT_RT, where no packet is dropped in these). And
 * with reasons of a subsystem, where there are such (6.4), that come with this
 * module and go with it.
 */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/smp.h>
#ifdef HAVE_SUBSYSTEMS
#include <net/dropreason.h>

/* The last of those there are, of which the owner is not loaded in a guest. */
#define SUBSYS	SKB_DROP_REASON_SUBSYS_OPENVSWITCH

static const char * const names[] = { "WDTORTURE_NONE", "WDTORTURE_ONE", "WDTORTURE_TWO" };

static struct drop_reason_list list = {
	.reasons = names,
	.n_reasons = ARRAY_SIZE(names),
};
#endif

static unsigned int pause_us = 2000;
module_param(pause_us, uint, 0444);
MODULE_PARM_DESC(pause_us, "between one drop on each CPU and the next, in microseconds");

#ifdef HAVE_SUBSYSTEMS
static unsigned int number;
module_param(number, uint, 0444);
MODULE_PARM_DESC(number, "of the reason within its subsystem; 0: of those that it brings along");
#endif

static atomic_long_t dropped;

static int get_dropped(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%ld\n", atomic_long_read(&dropped));
}

static const struct kernel_param_ops ops = { .get = get_dropped };

module_param_cb(dropped, &ops, NULL, 0444);
MODULE_PARM_DESC(dropped, "packets dropped so far");

static struct task_struct *thread;

/* In the call of another CPU itself, lockdep has nobody take a spinlock_t. */
static DEFINE_PER_CPU(struct irq_work, work);

static void queue_drop(void *unused)
{
	irq_work_queue(this_cpu_ptr(&work));
}

static void drop(struct irq_work *unused)
{
	struct sk_buff *skb = alloc_skb(64, GFP_ATOMIC);

	if (!skb)
		return;
	skb_put_zero(skb, 64);
#ifdef HAVE_SUBSYSTEMS
	kfree_skb_reason(skb, (SUBSYS << SKB_DROP_REASON_SUBSYS_SHIFT) +
			 (number ?: 1 + (raw_smp_processor_id() & 1)));
#else
	kfree_skb(skb);
#endif
	atomic_long_inc(&dropped);
}

static void drop_on_all(void)
{
	int cpu;

	cpus_read_lock();
	on_each_cpu(queue_drop, NULL, 1);
	for_each_online_cpu(cpu)
		irq_work_sync(per_cpu_ptr(&work, cpu));
	cpus_read_unlock();
}

static int dropper(void *unused)
{
	while (!kthread_should_stop()) {
		drop(NULL);
		/* No packet is to be had in an interrupt with PREEMPT_RT. */
		if (!IS_ENABLED(CONFIG_PREEMPT_RT))
			drop_on_all();
		usleep_range(pause_us, 2 * pause_us);
	}
	return 0;
}

static int __init wdtorture_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		init_irq_work(per_cpu_ptr(&work, cpu), drop);
#ifdef HAVE_SUBSYSTEMS
	drop_reasons_register_subsys(SUBSYS, &list);
#endif
	thread = kthread_run(dropper, NULL, "wdtorture");
	if (!IS_ERR(thread))
		return 0;
#ifdef HAVE_SUBSYSTEMS
	drop_reasons_unregister_subsys(SUBSYS);
#endif
	return PTR_ERR(thread);
}

static void __exit wdtorture_exit(void)
{
	kthread_stop(thread);
#ifdef HAVE_SUBSYSTEMS
	drop_reasons_unregister_subsys(SUBSYS);
#endif
}

module_init(wdtorture_init);
module_exit(wdtorture_exit);

MODULE_DESCRIPTION("Drops packets in interrupts, with reasons that come and go");
MODULE_LICENSE("GPL");
