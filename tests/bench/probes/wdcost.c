// SPDX-License-Identifier: GPL-2.0
/*
 * Times single drops, on one CPU or on all at once, with caches that hold what a drop
 * needs or with others' data in them. Nothing is sent: packets are made and freed here.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/debugfs.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timex.h>
#include <linux/udp.h>
#include <linux/vmalloc.h>
#include <net/net_namespace.h>
#ifdef CONFIG_X86
#include <asm/cpufeature.h>
#include <asm/msr.h>
#include <asm/tsc.h>
#endif

#define LEVELS		16	/* calls above the drop, so that a stack has 16 frames */
#define PAYLOAD		100
#define LINE		64
#define CODE		(128 * 1024)	/* more than caches of instructions hold */
#define SUB		64	/* buckets of an octave: each is 1.6 % wide at most */
#define BUCKETS		(36 * SUB)

static unsigned int cold_kb = 64 * 1024;
module_param(cold_kb, uint, 0444);
MODULE_PARM_DESC(cold_kb, "KiB that are read before a drop with cold caches, at most 1048576");

struct result {
	unsigned long drops;
	u32 count[BUCKETS];
};

static struct result __percpu *results;
static struct task_struct **threads;
static struct dentry *file;
static char *others;		/* what is read to make caches cold */

/* Of the current run. */
static unsigned int drops, warm, cold;
static atomic_t missing, running;
static DECLARE_COMPLETION(done);
static bool stop;
static u64 run_ticks, run_ns;

static __always_inline u64 ticks(void)
{
#ifdef CONFIG_X86
	return rdtsc_ordered();
#else
	return get_cycles();
#endif
}

static unsigned int bucket(u64 value)
{
	unsigned int shift;

	if (value < 2 * SUB)
		return value;
	shift = fls64(value) - 7;
	return min_t(u64, shift * SUB + (value >> shift), BUCKETS - 1);
}

/* Return the middle of a bucket. */
static u64 middle(unsigned int i)
{
	unsigned int shift;

	if (i < 2 * SUB)
		return i;
	shift = i / SUB - 1;
	return ((u64)(i % SUB + SUB) << shift) + (1ull << shift) / 2;
}

static struct sk_buff *packet(void)
{
	unsigned int size = sizeof(struct iphdr) + sizeof(struct udphdr) + PAYLOAD;
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + ETH_HLEN + size, GFP_KERNEL);
	struct udphdr *udp;
	struct iphdr *ip;

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_reset_mac_header(skb);
	skb_put_zero(skb, ETH_HLEN + size);
	skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(*ip));
	skb->protocol = htons(ETH_P_IP);
	skb->dev = init_net.loopback_dev;
	ip = ip_hdr(skb);
	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->tot_len = htons(size);
	ip->saddr = htonl(0xc0000201);	/* 192.0.2.1 */
	ip->daddr = htonl(0xc0000202);
	udp = udp_hdr(skb);
	udp->source = htons(40000);
	udp->dest = htons(9);
	udp->len = htons(sizeof(*udp) + PAYLOAD);
	return skb;
}

static noinline u64 drop(struct sk_buff *skb)
{
	u64 start = ticks();

	kfree_skb(skb);
	return ticks() - start;
}

/* What stands behind the call keeps it one. */
static noinline u64 descend(unsigned int level, struct sk_buff *skb)
{
	u64 took = level ? descend(level - 1, skb) : drop(skb);

	barrier();
	return took;
}

/* All that a drop needs is now further away than the last cache. */
static noinline void make_cold(void)
{
	size_t i, size = cold_kb * 1024ul;

	for (i = 0; i < size; i += LINE) {
		READ_ONCE(others[i]);
		if (i % (1024 * 1024) == 0)
			cond_resched();
	}
#ifdef CONFIG_X86
	asm volatile(".rept %c0; nop; .endr" : : "i" (CODE));
#else
	asm volatile(".rept %c0; nop; .endr" : : "i" (CODE / 4));
#endif
}

static int work(void *unused)
{
	struct result *result = per_cpu_ptr(results, raw_smp_processor_id());
	unsigned int i;

	atomic_dec(&missing);
	while (atomic_read(&missing) && !READ_ONCE(stop) && !kthread_should_stop())
		cond_resched();
	for (i = 0; i < warm + drops && !READ_ONCE(stop); i++) {
		struct sk_buff *skb = packet();
		u64 took;

		if (!skb)
			break;
		if (cold)
			make_cold();
		took = descend(LEVELS, skb);
		result->drops++;
		if (i >= warm)
			result->count[bucket(took)]++;
		if (i % 32 == 31)
			cond_resched();
	}
	if (atomic_dec_and_test(&running))
		complete(&done);
	return 0;
}

/* A thread for each CPU, or for @only: all begin when the last one is there. */
static int create(int only)
{
	int cpu, n = 0;

	for_each_online_cpu(cpu) {
		struct task_struct *task;

		if (only >= 0 && cpu != only)
			continue;
		task = kthread_create_on_node(work, NULL, cpu_to_node(cpu), "wdcost/%d", cpu);
		if (IS_ERR(task))
			return PTR_ERR(task);
		kthread_bind(task, cpu);
		get_task_struct(task);
		threads[n++] = task;
	}
	atomic_set(&missing, n);
	atomic_set(&running, n);
	return n ? 0 : -ENODEV;
}

static int run(int only)
{
	u64 start, start_ns;
	int ret, cpu, i;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(results, cpu), 0, sizeof(struct result));
	stop = false;
	reinit_completion(&done);
	cpus_read_lock();
	ret = create(only);
	if (!ret) {
		start_ns = ktime_get_ns();
		start = ticks();
		for (i = 0; i < nr_cpu_ids && threads[i]; i++)
			wake_up_process(threads[i]);
		if (wait_for_completion_interruptible(&done))
			ret = -EINTR;
		run_ticks = ticks() - start;
		run_ns = ktime_get_ns() - start_ns;
	}
	WRITE_ONCE(stop, true);
	for (i = 0; i < nr_cpu_ids && threads[i]; i++) {
		kthread_stop(threads[i]);
		put_task_struct(threads[i]);
		threads[i] = NULL;
	}
	cpus_read_unlock();
	return ret;
}

/* The kernel calls this for one writer at a time. */
static int set_run(const char *val, const struct kernel_param *kp)
{
	int only;

	if (sscanf(val, "%u %u %d %u", &warm, &drops, &only, &cold) != 4 || !results ||
	    !drops || drops > 100 * 1000 * 1000 || warm > 100 * 1000 * 1000 ||
	    only < -1 || only >= (int)nr_cpu_ids || cold > 1)
		return -EINVAL;
	return run(only);
}

static int get_overhead(char *buf, const struct kernel_param *kp)
{
	u64 least = U64_MAX;
	int i;

	for (i = 0; i < 10000; i++) {
		u64 start = ticks(), took = ticks() - start;

		least = min(least, took);
	}
	return scnprintf(buf, PAGE_SIZE, "%llu\n", least);
}

static int get_hypervisor(char *buf, const struct kernel_param *kp)
{
	u32 word[4] = { 0 };

#ifdef CONFIG_X86
	u32 leaf = 0x40000000, subleaf = 0;

	/* The kernel's function for it has moved to another header. */
	if (boot_cpu_has(X86_FEATURE_HYPERVISOR))
		asm volatile("cpuid" : "+a" (leaf), "=b" (word[0]), "+c" (subleaf), "=d" (word[2]));
	word[1] = subleaf;
#endif
	return scnprintf(buf, PAGE_SIZE, "%s\n", (char *)word);
}

static const struct kernel_param_ops run_ops = { .set = set_run };
static const struct kernel_param_ops overhead_ops = { .get = get_overhead };
static const struct kernel_param_ops hypervisor_ops = { .get = get_hypervisor };

module_param_cb(run, &run_ops, NULL, 0200);
MODULE_PARM_DESC(run, "write WARM DROPS CPU|-1 0|1: drops that are not timed, drops, where (-1: on all CPUs at once), with cold caches");
module_param_cb(overhead, &overhead_ops, NULL, 0444);
MODULE_PARM_DESC(overhead, "ticks that it takes to read the clock");
module_param_cb(hypervisor, &hypervisor_ops, NULL, 0444);
MODULE_PARM_DESC(hypervisor, "what it calls itself; empty: none, or unknown");

/* Of the last run, which is not changed meanwhile: the parameters' lock is not held. */
static int times_show(struct seq_file *m, void *v)
{
	unsigned long sum = 0;
	int cpu, i;

	for_each_possible_cpu(cpu)
		sum += per_cpu_ptr(results, cpu)->drops;
	seq_printf(m, "drops %lu\n", sum);
	seq_printf(m, "clock %llu %llu\n", run_ticks, run_ns);
	for (i = 0; i < BUCKETS; i++) {
		unsigned long count = 0;

		for_each_possible_cpu(cpu)
			count += per_cpu_ptr(results, cpu)->count[i];
		if (count)
			seq_printf(m, "%llu %lu\n", middle(i), count);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(times);

static void release(void)
{
	debugfs_remove(file);
	kfree(threads);
	free_percpu(results);
	vfree(others);
}

static int __init wdcost_init(void)
{
	if (!cold_kb || cold_kb > 1024 * 1024)
		return -EINVAL;
	if (!ticks())
		return -EOPNOTSUPP;
	others = vzalloc(cold_kb * 1024ul);
	threads = kcalloc(nr_cpu_ids + 1, sizeof(*threads), GFP_KERNEL);
	results = alloc_percpu(struct result);
	if (!others || !threads || !results) {
		release();
		return -ENOMEM;
	}
	file = debugfs_create_file("wdcost", 0400, NULL, NULL, &times_fops);
	return 0;
}

static void __exit wdcost_exit(void)
{
	release();
}

module_init(wdcost_init);
module_exit(wdcost_exit);

MODULE_DESCRIPTION("Times single drops");
MODULE_LICENSE("GPL");
