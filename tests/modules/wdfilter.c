// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a long filter of a socket, as classic BPF. Where that is compiled, its
 * text is none that the kernel knows: whoever unwinds from an interrupt of it
 * finds registers with an address of nothing.
 */
#include <linux/filter.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/skbuff.h>

static struct bpf_prog *prog;

static int set_run(const char *val, const struct kernel_param *kp)
{
	unsigned long end;
	struct sk_buff *skb;
	unsigned int ms;
	int ret;

	ret = kstrtouint(val, 0, &ms);
	if (ret)
		return ret;
	skb = alloc_skb(128, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	skb_put_zero(skb, 128);
	end = jiffies + msecs_to_jiffies(ms);
	while (time_before(jiffies, end)) {
		preempt_disable();
		prog->bpf_func(skb, prog->insnsi);
		preempt_enable();
		cond_resched();
	}
	/* Nobody shall take this one for a drop. */
	consume_skb(skb);
	return 0;
}

static const struct kernel_param_ops run_ops = { .set = set_run };

module_param_cb(run, &run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "write MS: run the filter for so many milliseconds");

static int __init wdfilter_init(void)
{
	static struct sock_filter insns[BPF_MAXINSNS];
	struct sock_fprog_kern fprog = { .len = ARRAY_SIZE(insns), .filter = insns };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(insns) - 1; i++)
		insns[i] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, i);
	insns[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
	return bpf_prog_create(&prog, &fprog);
}

static void __exit wdfilter_exit(void)
{
	bpf_prog_destroy(prog);
}

module_init(wdfilter_init);
module_exit(wdfilter_exit);

MODULE_DESCRIPTION("Runs a long classic BPF program");
MODULE_LICENSE("GPL");
