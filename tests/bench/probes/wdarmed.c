// SPDX-License-Identifier: GPL-2.0
/* Tells how many probes the tracepoint has: when others are ready. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/tracepoint.h>
#include <trace/events/skb.h>

static int get_probes(char *buf, const struct kernel_param *kp)
{
	const struct tracepoint_func *func;
	int count = 0;

	rcu_read_lock_sched();
	func = rcu_dereference_sched(__tracepoint_kfree_skb.funcs);
	while (func && func[count].func)
		count++;
	rcu_read_unlock_sched();
	return scnprintf(buf, PAGE_SIZE, "%d\n", count);
}

static const struct kernel_param_ops ops = { .get = get_probes };

module_param_cb(probes, &ops, NULL, 0444);
MODULE_PARM_DESC(probes, "functions registered with the tracepoint kfree_skb");

static int __init wdarmed_init(void)
{
	return 0;
}

static void __exit wdarmed_exit(void)
{
}

module_init(wdarmed_init);
module_exit(wdarmed_exit);

MODULE_DESCRIPTION("Counts the probes of the tracepoint kfree_skb");
MODULE_LICENSE("GPL");
