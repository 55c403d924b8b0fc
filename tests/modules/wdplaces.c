// SPDX-License-Identifier: GPL-2.0
/* Drops packets at many places. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/skbuff.h>

#define TIMES4(x, n)	x(n##0) x(n##1) x(n##2) x(n##3)
#define TIMES16(x, n)	TIMES4(x, n##0) TIMES4(x, n##1) TIMES4(x, n##2) TIMES4(x, n##3)
#define TIMES64(x)	TIMES16(x, _0) TIMES16(x, _1) TIMES16(x, _2) TIMES16(x, _3)

/* Each is compiled with a number of its own, or they would become one. */
#define FUNCTION(n)							\
static noinline __noclone void places##n(struct sk_buff *skb)			\
{									\
	kfree_skb(skb);							\
	asm volatile("" : : "i" (__COUNTER__) : "memory");		\
}
#define NAME(n)		places##n,

TIMES64(FUNCTION)

static void (* const places[])(struct sk_buff *skb) = { TIMES64(NAME) };

static int set_drop(const char *val, const struct kernel_param *kp)
{
	struct sk_buff *skb;
	unsigned int i, n;
	int ret;

	ret = kstrtouint(val, 0, &n);
	for (i = 0; !ret && i < n * ARRAY_SIZE(places); i++) {
		skb = alloc_skb(64, GFP_KERNEL);
		if (!skb)
			return -ENOMEM;
		skb_put_zero(skb, 64);
		places[i % ARRAY_SIZE(places)](skb);
	}
	return ret;
}

static const struct kernel_param_ops drop_ops = { .set = set_drop };

module_param_cb(drop, &drop_ops, NULL, 0200);
MODULE_PARM_DESC(drop, "write N: drop so many packets at each of 64 places");

static int __init wdplaces_init(void)
{
	return 0;
}

static void __exit wdplaces_exit(void)
{
}

module_init(wdplaces_init);
module_exit(wdplaces_exit);

MODULE_DESCRIPTION("Drops packets at many places");
MODULE_LICENSE("GPL");
