// SPDX-License-Identifier: GPL-2.0
/* Probes that do next to nothing: what whydrop's is measured against. */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/stacktrace.h>
#include <linux/tracepoint.h>
#include <trace/events/skb.h>

#ifndef CONST_RX_SK
#define CONST_RX_SK
#endif
#ifdef HAVE_RX_SK
#define ARGS void *data, struct sk_buff *skb, void *location, \
	enum skb_drop_reason reason, CONST_RX_SK struct sock *rx_sk
#elif defined(HAVE_REASON)
#define ARGS void *data, struct sk_buff *skb, void *location, enum skb_drop_reason reason
#else
#define ARGS void *data, struct sk_buff *skb, void *location
#endif

static char *mode = "empty";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "empty, count, stack or wait");

static unsigned int depth = 16;
module_param(depth, uint, 0444);
MODULE_PARM_DESC(depth, "frames to unwind, at most 64; microseconds to wait");

static unsigned int skip;
module_param(skip, uint, 0444);
MODULE_PARM_DESC(skip, "of the innermost frames, how many not to store");

static DEFINE_PER_CPU(unsigned long, drops);
static DEFINE_PER_CPU(unsigned long [64], frames);

static void notrace probe_empty(ARGS)
{
}

static void notrace probe_count(ARGS)
{
	this_cpu_inc(drops);
}

static void notrace probe_stack(ARGS)
{
	stack_trace_save(*this_cpu_ptr(&frames), depth, skip);
}

/* Not by udelay(), which is as wrong as an emulator's clock was at boot. */
static void notrace probe_wait(ARGS)
{
	u64 end = ktime_get_ns() + depth * NSEC_PER_USEC;

	while (ktime_get_ns() < end)
		barrier();
}

static void *probe;

static int __init wdbench_init(void)
{
	if (!strcmp(mode, "empty"))
		probe = probe_empty;
	else if (!strcmp(mode, "count"))
		probe = probe_count;
	else if (!strcmp(mode, "stack") && depth <= 64)
		probe = probe_stack;
	else if (!strcmp(mode, "wait") && depth <= 1000)
		probe = probe_wait;
	else
		return -EINVAL;
	check_trace_callback_type_kfree_skb(probe_empty);
	return register_trace_kfree_skb(probe, NULL);
}

static void __exit wdbench_exit(void)
{
	unsigned long sum = 0;
	int cpu;

	unregister_trace_kfree_skb(probe, NULL);
	tracepoint_synchronize_unregister();
	for_each_possible_cpu(cpu)
		sum += per_cpu(drops, cpu);
	if (sum)
		pr_info("%lu drops\n", sum);
}

module_init(wdbench_init);
module_exit(wdbench_exit);

MODULE_DESCRIPTION("Probes to measure others against");
MODULE_LICENSE("GPL");
