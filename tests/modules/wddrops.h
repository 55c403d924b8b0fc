/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A module that drops packets in a function of its own. All modules that include
 * this have the same layout and other names, so that one which is loaded when
 * another is gone gets its addresses. Before that: #define WHO alpha.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/skbuff.h>

#define PASTE(who, what)	who##_##what
#define JOIN(who, what)		PASTE(who, what)

static unsigned int early;
module_param(early, uint, 0444);
MODULE_PARM_DESC(early, "packets to drop before the module is there");

/* The call is not the last thing that it does. */
static noinline __noclone unsigned int JOIN(WHO, drops_here)(struct sk_buff *skb)
{
	kfree_skb(skb);
	barrier();
	return 1;
}

static noinline __noclone __init unsigned int JOIN(WHO, drops_early)(struct sk_buff *skb)
{
	kfree_skb(skb);
	barrier();
	return 1;
}

static struct sk_buff *packet(void)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	if (skb)
		skb_put_zero(skb, 64);
	return skb;
}

static int set_drop(const char *val, const struct kernel_param *kp)
{
	struct sk_buff *skb;
	unsigned int n;
	int ret;

	for (ret = kstrtouint(val, 0, &n); !ret && n; ) {
		skb = packet();
		if (!skb)
			return -ENOMEM;
		n -= JOIN(WHO, drops_here)(skb);
	}
	return ret;
}

static const struct kernel_param_ops drop_ops = { .set = set_drop };

module_param_cb(drop, &drop_ops, NULL, 0200);
MODULE_PARM_DESC(drop, "write N: drop so many packets");

static int __init drops_init(void)
{
	struct sk_buff *skb;

	while (early) {
		skb = packet();
		if (!skb)
			return -ENOMEM;
		early -= JOIN(WHO, drops_early)(skb);
	}
	return 0;
}

static void __exit drops_exit(void)
{
}

module_init(drops_init);
module_exit(drops_exit);

MODULE_DESCRIPTION("Drops packets");
MODULE_LICENSE("GPL");
