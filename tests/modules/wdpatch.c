// SPDX-License-Identifier: GPL-2.0
/*
 * A live patch of the function that drops what netfilter refuses: it does what the
 * kernel's does, but for packets that are to be queued, from other text.
 */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>

static int patched_hook_slow(struct sk_buff *skb, struct nf_hook_state *state,
			     const struct nf_hook_entries *e, unsigned int s)
{
	unsigned int verdict;

	for (; s < e->num_hook_entries; s++) {
		verdict = nf_hook_entry_hookfn(&e->hooks[s], skb, state);
		switch (verdict & NF_VERDICT_MASK) {
		case NF_ACCEPT:
			continue;
		case NF_STOLEN:
			return 0;
		default:
			kfree_skb(skb);
			return -EPERM;
		}
	}
	return 1;
}

static struct klp_func funcs[] = {
	{ .old_name = "nf_hook_slow", .new_func = patched_hook_slow },
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

static int __init wdpatch_init(void)
{
	return klp_enable_patch(&patch);
}

/* Only after the patch was disabled by its file in sysfs. */
static void __exit wdpatch_exit(void)
{
}

module_init(wdpatch_init);
module_exit(wdpatch_exit);

MODULE_DESCRIPTION("Live patch of nf_hook_slow");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
