// SPDX-License-Identifier: GPL-2.0
/*
 * Drops packets where none is dropped otherwise: in hardirqs, on all CPUs (but
 * in a task with PREEMPT_RT, where no packet is dropped in hardirqs). And
 * with reasons of a subsystem, where there are such (6.4), that come with this
 * module and go with it.
 */
#include <linux/delay.h>
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

static atomic_long_t dropped;

static int get_dropped(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%ld\n", atomic_long_read(&dropped));
}

static const struct kernel_param_ops ops = { .get = get_dropped };

module_param_cb(dropped, &ops, NULL, 0444);
MODULE_PARM_DESC(dropped, "packets dropped so far");

static struct task_struct *thread;

static void drop(void *unused)
{
	struct sk_buff *skb = alloc_skb(64, GFP_ATOMIC);

	if (!skb)
		return;
	skb_put_zero(skb, 64);
#ifdef HAVE_SUBSYSTEMS
	kfree_skb_reason(skb, (SUBSYS << SKB_DROP_REASON_SUBSYS_SHIFT) + 1 +
			 (raw_smp_processor_id() & 1));
#else
	kfree_skb(skb);
#endif
	atomic_long_inc(&dropped);
}

static int dropper(void *unused)
{
	while (!kthread_should_stop()) {
		/*
		 * An interrupt there, and here with interrupts off; no packet
		 * is to be had in those with PREEMPT_RT.
		 */
		if (IS_ENABLED(CONFIG_PREEMPT_RT))
			drop(NULL);
		else
			on_each_cpu(drop, NULL, 1);
		usleep_range(pause_us, 2 * pause_us);
	}
	return 0;
}

static int __init wdtorture_init(void)
{
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
