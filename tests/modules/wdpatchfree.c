// SPDX-License-Identifier: GPL-2.0
/*
 * A live patch of the function that frees what is dropped: it does what the kernel's
 * does, and fires the tracepoint, from other text.
 */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <trace/events/skb.h>

/* So that the address of the caller is what the live patch came from. */
#define CALLER	__builtin_return_address(0)

#if defined(HAVE_RX_SK)
#define FREEING	"sk_skb_reason_drop"
static void patched_free(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (!skb_unref(skb))
		return;
	trace_kfree_skb(skb, CALLER, reason, sk);
	__kfree_skb(skb);
}
#elif defined(HAVE_REASON)
#define FREEING	"kfree_skb_reason"
static void patched_free(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (!skb_unref(skb))
		return;
	trace_kfree_skb(skb, CALLER, reason);
	__kfree_skb(skb);
}
#else
#define FREEING	"kfree_skb"
static void patched_free(struct sk_buff *skb)
{
	if (!skb_unref(skb))
		return;
	trace_kfree_skb(skb, CALLER);
	__kfree_skb(skb);
}
#endif

static struct klp_func funcs[] = {
	{ .old_name = FREEING, .new_func = patched_free },
	{ }
};

static struct klp_object objects[] = {
	{ .funcs = funcs },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init wdpatchfree_init(void)
{
	return klp_enable_patch(&patch);
}

/* Only after the patch was disabled by its file in sysfs. */
static void __exit wdpatchfree_exit(void)
{
}

module_init(wdpatchfree_init);
module_exit(wdpatchfree_exit);

MODULE_DESCRIPTION("Live patch of " FREEING);
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
