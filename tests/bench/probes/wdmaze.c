// SPDX-License-Identifier: GPL-2.0
/*
 * Drops as deep and on as many ways as one likes: a number's bits say which of
 * two calls is made on each level.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/timex.h>

#define LEVELS		12
#define LEVELS_MAX	31

static unsigned long long cycles;

static noinline void drop(void)
{
	struct sk_buff *skb = alloc_skb(128, GFP_KERNEL);

	if (skb)
		skb_put_zero(skb, 128);
	kfree_skb(skb);
	barrier();
}

/* What stands behind the calls keeps them two, and keeps them calls. */
static noinline void walk(unsigned int level, unsigned int way)
{
	if (!level) {
		drop();
		barrier();
	} else if (way & 1) {
		walk(level - 1, way >> 1);
		asm volatile("# one way");
	} else {
		walk(level - 1, way >> 1);
		asm volatile("# the other way");
	}
}

static int set_run(const char *val, const struct kernel_param *kp)
{
	unsigned int count, ways, i, levels = LEVELS;
	unsigned long long start;

	if (sscanf(val, "%u %u %u", &count, &ways, &levels) < 2 || levels > LEVELS_MAX ||
	    !ways || ways > 1u << levels)
		return -EINVAL;
	start = get_cycles();
	for (i = 0; i < count; i++) {
		walk(levels, i % ways);
		if (i % 32 == 31)
			cond_resched();
	}
	cycles = get_cycles() - start;
#ifdef CONFIG_ARM64
	cycles *= NSEC_PER_SEC / arch_timer_get_cntfrq();
#endif
	return 0;
}

static const struct kernel_param_ops run_ops = { .set = set_run };

module_param_cb(run, &run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "write COUNT WAYS [LEVELS]: drop COUNT packets, on WAYS ways in turn, at most 2^LEVELS");
module_param(cycles, ullong, 0444);
MODULE_PARM_DESC(cycles, "of the time stamp counter that the last run took; arm64: nanoseconds");

static int __init wdmaze_init(void)
{
	return 0;
}

static void __exit wdmaze_exit(void)
{
}

module_init(wdmaze_init);
module_exit(wdmaze_exit);

MODULE_DESCRIPTION("Drops packets on many ways");
MODULE_LICENSE("GPL");
