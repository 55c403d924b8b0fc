// SPDX-License-Identifier: GPL-2.0
/*
 * Leaves memory behind in which every byte is the same, for the next packets to be
 * made of; and counts the dropped packets of one task that have such bytes in them.
 * So a test knows that unwritten bytes were there to be shown, and what they look
 * like. It needs a kernel that neither clears nor poisons memory by itself
 * (init_on_alloc=0).
 */
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <trace/events/skb.h>

#define OBJECTS		48
#define RUN		8	/* so many such bytes in a row are no chance */

static char comm[TASK_COMM_LEN] = "faultsend";
module_param_string(comm, comm, sizeof(comm), 0444);
MODULE_PARM_DESC(comm, "name of the task whose drops are counted");

static atomic_t drops;
static atomic_t poisoned;
static u8 byte;

static int get_atomic(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%d\n", atomic_read((atomic_t *)kp->arg));
}

static const struct kernel_param_ops atomic_ops = { .get = get_atomic };

module_param_cb(drops, &atomic_ops, &drops, 0444);
MODULE_PARM_DESC(drops, "packets that the task dropped");
module_param_cb(poisoned, &atomic_ops, &poisoned, 0444);
MODULE_PARM_DESC(poisoned, "those of them that have poisoned bytes in them");

/*
 * Heads of packets have caches of their own in newer kernels, and so have those that
 * are charged to a control group.
 */
static void poison_heads(gfp_t gfp)
{
	static const unsigned int sizes[] = { 64, 192, 320, 600, 1000, 1700, 3500, 7500, 15000 };
	static struct sk_buff *skbs[OBJECTS];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		for (j = 0; j < OBJECTS; j++) {
			skbs[j] = alloc_skb(sizes[i], gfp);
			if (skbs[j])
				memset(skbs[j]->head, byte,
				       skb_end_pointer(skbs[j]) - skbs[j]->head);
		}
		for (j = 0; j < OBJECTS; j++)
			consume_skb(skbs[j]);
	}
}

static void poison_objects(void)
{
	static void *objects[OBJECTS];
	unsigned int size, i;

	for (size = 64; size <= 8192; size *= 2) {
		for (i = 0; i < OBJECTS; i++) {
			objects[i] = kmalloc(size, GFP_KERNEL);
			if (objects[i])
				memset(objects[i], byte, size);
		}
		for (i = 0; i < OBJECTS; i++)
			kfree(objects[i]);
	}
}

static void poison_pages(void)
{
	static unsigned long pages[OBJECTS];
	unsigned int order, i;

	for (order = 0; order <= 3; order++) {
		for (i = 0; i < OBJECTS; i++) {
			pages[i] = __get_free_pages(GFP_KERNEL | __GFP_NOWARN, order);
			if (pages[i])
				memset((void *)pages[i], byte, PAGE_SIZE << order);
		}
		for (i = 0; i < OBJECTS; i++)
			free_pages(pages[i], order);
	}
}

/* On the CPU that the writer runs on; parameters are written one at a time. */
static int set_byte(const char *val, const struct kernel_param *kp)
{
	int ret = kstrtou8(val, 0, &byte);

	if (ret)
		return ret;
	poison_pages();
	poison_objects();
	poison_heads(GFP_KERNEL);
	poison_heads(GFP_KERNEL_ACCOUNT);
	return 0;
}

static int get_byte(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%u\n", byte);
}

static const struct kernel_param_ops byte_ops = { .set = set_byte, .get = get_byte };

module_param_cb(byte, &byte_ops, NULL, 0644);
MODULE_PARM_DESC(byte, "writing it fills memory with this byte and frees it again");

static bool has_run(const u8 *p, unsigned int len)
{
	unsigned int run = 0;

	for (; len && run < RUN; len--, p++)
		run = *p == byte ? run + 1 : 0;
	return run == RUN;
}

static bool has_poison(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	const u8 *from = skb->data;
	unsigned int i;

	/* Headers that were not pushed yet, or are pulled, may be shown as well. */
	if (skb->network_header && skb_network_header(skb) < from)
		from = skb_network_header(skb);
	if (has_run(from, skb_tail_pointer(skb) - from))
		return true;
	for (i = 0; i < info->nr_frags; i++)
		if (has_run(skb_frag_address(&info->frags[i]), skb_frag_size(&info->frags[i])))
			return true;
	return false;
}

/* What newer kernels pass behind these is of no use here. */
static void dropped(void *data, struct sk_buff *skb, void *location)
{
	if (strcmp(current->comm, comm))
		return;
	atomic_inc(&drops);
	if (has_poison(skb))
		atomic_inc(&poisoned);
}

static int __init wdpoison_init(void)
{
	return tracepoint_probe_register(&__tracepoint_kfree_skb, (void *)dropped, NULL);
}

static void __exit wdpoison_exit(void)
{
	tracepoint_probe_unregister(&__tracepoint_kfree_skb, (void *)dropped, NULL);
	tracepoint_synchronize_unregister();
}

module_init(wdpoison_init);
module_exit(wdpoison_exit);

MODULE_DESCRIPTION("Leaves poisoned memory behind for packets");
MODULE_LICENSE("GPL");
