// SPDX-License-Identifier: GPL-2.0
/*
 * Tells of drops where nothing can be recorded of them: in NMIs, and deeper inside of
 * one another than interrupts nest. No kernel of today frees a packet there, so
 * the tracepoint is called as if it did.
 */
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/skbuff.h>
#include <linux/stacktrace.h>
#include <trace/events/skb.h>
#ifdef CONFIG_X86_LOCAL_APIC
#include <asm/apic.h>
#include <asm/nmi.h>
#endif

#define LEVELS	8

static struct sk_buff *packet;

/* The place is where this one returns to. */
static noinline void tell(void)
{
	void *place = __builtin_return_address(0);

#if defined(HAVE_RX_SK)
	trace_kfree_skb(packet, place, SKB_DROP_REASON_NOT_SPECIFIED, NULL);
#elif defined(HAVE_REASON)
	trace_kfree_skb(packet, place, SKB_DROP_REASON_NOT_SPECIFIED);
#else
	trace_kfree_skb(packet, place);
#endif
	barrier();
}

/*
 * Nesting. Whoever handles a drop calls stack_trace_save(), if each walked
 * stack is compared. There the next drop is told of, and so on.
 */
static struct task_struct *nester;
static unsigned int level, levels;

/* Takes a stack itself, whoever handles drops: how deep does ftrace go? */
static bool alone;

static void take_stack(void)
{
	unsigned long entry;
#ifdef HAVE_STACK_TRACE_SAVE
	stack_trace_save(&entry, 1, 0);
#else
	struct stack_trace trace = { .entries = &entry, .max_entries = 1 };

	save_stack_trace(&trace);
#endif
}

/* Drops told of, by how many others were being handled. */
static unsigned long told[LEVELS];

static noinline void tell_nested(void)
{
	told[level++]++;
	if (alone)
		take_stack();
	else
		tell();
	level--;
}

static void notrace
#ifdef HAVE_FTRACE_REGS
saves_stack(unsigned long ip, unsigned long parent, struct ftrace_ops *o, struct ftrace_regs *regs)
#else
saves_stack(unsigned long ip, unsigned long parent, struct ftrace_ops *o, struct pt_regs *regs)
#endif
{
	if (current == READ_ONCE(nester) && !in_nmi() && level < levels)
		tell_nested();
}

/* It bounds its recursion by itself. */
static struct ftrace_ops ops = {
	.func = saves_stack,
#ifdef HAVE_RECURSION_SAFE
	.flags = FTRACE_OPS_FL_RECURSION_SAFE,
#endif
};

static int set_nest(const char *val, const struct kernel_param *kp)
{
	unsigned int count, n, without = 0;
	unsigned long flags;

	if (sscanf(val, "%u %u %u", &count, &n, &without) < 2 || !n || n > LEVELS)
		return -EINVAL;
	while (count--) {
		/* Interrupts would take part. */
		local_irq_save(flags);
		levels = n;
		alone = without;
		WRITE_ONCE(nester, current);
		tell_nested();
		WRITE_ONCE(nester, NULL);
		local_irq_restore(flags);
		cond_resched();
	}
	return 0;
}

static int get_nest(char *buf, const struct kernel_param *kp)
{
	int i, n = 0;

	for (i = 0; i < LEVELS; i++)
		n += scnprintf(buf + n, PAGE_SIZE - n, "%lu%c", told[i], i < LEVELS - 1 ? ' ' : '\n');
	return n;
}

static const struct kernel_param_ops nest_ops = { .set = set_nest, .get = get_nest };

module_param_cb(nest, &nest_ops, NULL, 0644);
MODULE_PARM_DESC(nest, "write COUNT LEVELS [1]: tell of COUNT drops, others inside [tell nobody]; read: by level");

#ifdef CONFIG_X86_LOCAL_APIC
/* NMIs that were sent and have not come. */
static atomic_t expected;
static atomic_long_t told_in_nmi;

static int handle_nmi(unsigned int type, struct pt_regs *regs)
{
	if (!atomic_read(&expected))
		return NMI_DONE;
	tell();
	atomic_long_inc(&told_in_nmi);
	/* Then the next one may be sent. */
	atomic_set_release(&expected, 0);
	return NMI_HANDLED;
}

static int set_nmi(const char *val, const struct kernel_param *kp)
{
	unsigned int count, cpu;

	if (sscanf(val, "%u %u", &count, &cpu) != 2 || cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -EINVAL;
	while (count--) {
		preempt_disable();
		atomic_set(&expected, 1);
		apic->send_IPI(cpu, NMI_VECTOR);
		while (atomic_read_acquire(&expected))
			cpu_relax();
		preempt_enable();
		cond_resched();
	}
	return 0;
}

static int get_nmi(char *buf, const struct kernel_param *kp)
{
	return scnprintf(buf, PAGE_SIZE, "%ld\n", atomic_long_read(&told_in_nmi));
}

static const struct kernel_param_ops nmi_ops = { .set = set_nmi, .get = get_nmi };

module_param_cb(nmi, &nmi_ops, NULL, 0644);
MODULE_PARM_DESC(nmi, "write COUNT CPU: tell of COUNT drops in NMIs there; read: told so far");

static int nmi_source_init(void)
{
	return register_nmi_handler(NMI_LOCAL, handle_nmi, 0, "wdlost");
}

static void nmi_source_exit(void)
{
	unregister_nmi_handler(NMI_LOCAL, "wdlost");
}
#else
static int nmi_source_init(void) { return 0; }
static void nmi_source_exit(void) {}
#endif

/* ftrace_free_filter() is not exported by 5.x; an empty filter takes no memory. */
static void forget_filter(void)
{
	ftrace_set_filter(&ops, NULL, 0, 1);
}

static int __init wdlost_init(void)
{
	int ret;

	packet = alloc_skb(128, GFP_KERNEL);
	if (!packet)
		return -ENOMEM;
	skb_put_zero(packet, 128);
	ret = ftrace_set_filter(&ops, "stack_trace_save", strlen("stack_trace_save"), 1);
	if (ret)
		goto free_packet;
	ret = register_ftrace_function(&ops);
	if (ret)
		goto free_filter;
	ret = nmi_source_init();
	if (!ret)
		return 0;
	unregister_ftrace_function(&ops);
free_filter:
	forget_filter();
free_packet:
	consume_skb(packet);
	return ret;
}

static void __exit wdlost_exit(void)
{
	nmi_source_exit();
	unregister_ftrace_function(&ops);
	forget_filter();
	/* Nobody shall take this one for a drop. */
	consume_skb(packet);
}

module_init(wdlost_init);
module_exit(wdlost_exit);

MODULE_DESCRIPTION("Tells of drops in NMIs, and inside of one another");
MODULE_LICENSE("GPL");
