// SPDX-License-Identifier: GPL-2.0
/*
 * Drops from a frame of FRAME bytes. Two such modules differ in nothing else: put
 * at the same address one after the other, the same return addresses have
 * frames of different sizes.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/smp.h>

static noinline void drop(gfp_t gfp)
{
	struct sk_buff *skb = alloc_skb(128, gfp);

	if (skb)
		skb_put_zero(skb, 128);
	kfree_skb(skb);
	barrier();
}

static noinline void drop_from_frame(gfp_t gfp)
{
	unsigned long room[FRAME / sizeof(long)];
	unsigned int i;

	/* Whoever takes the frame for a smaller one finds itself called from here. */
	for (i = 0; i < ARRAY_SIZE(room); i++)
		room[i] = (unsigned long)__builtin_return_address(0);
	barrier_data(room);
	drop(gfp);
	barrier_data(room);
}

static void drop_in_irq(void *unused)
{
	drop_from_frame(GFP_ATOMIC);
}

static int set_run(const char *val, const struct kernel_param *kp)
{
	unsigned int count;
	int cpu = -1;

	if (sscanf(val, "%u %d", &count, &cpu) < 1 || cpu >= (int)nr_cpu_ids)
		return -EINVAL;
	while (count--) {
		if (cpu < 0)
			drop_from_frame(GFP_KERNEL);
		else
			smp_call_function_single(cpu, drop_in_irq, NULL, true);
		cond_resched();
	}
	return 0;
}

static const struct kernel_param_ops run_ops = { .set = set_run };

module_param_cb(run, &run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "write COUNT [CPU]: drop COUNT packets, here, or in an interrupt of that CPU");

static int __init wdframe_init(void)
{
	return 0;
}

static void __exit wdframe_exit(void)
{
}

module_init(wdframe_init);
module_exit(wdframe_exit);

MODULE_DESCRIPTION("Drops packets from a frame of a given size");
MODULE_LICENSE("GPL");
