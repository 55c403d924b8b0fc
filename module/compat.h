/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hides what differs between kernels, by macros and inline functions that run in the
 * context of their caller, which may be any context. Kbuild defines HAVE_* from the
 * content of the headers that it builds against; no other file asks what kernel it is.
 */
#ifndef WHYDROP_COMPAT_H
#define WHYDROP_COMPAT_H

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/hardirq.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/version.h>
#include <net/sock.h>
#ifdef HAVE_STRUCT_SIZE
#include <linux/overflow.h>
#endif
#if defined(HAVE_REASONS_BY_SUBSYS) || defined(HAVE_REASONS_ARRAY)
#include <net/dropreason.h>
#endif
#ifdef HAVE_QDISC_REASONS
#include <net/dropreason-qdisc.h>
#endif
#include <trace/events/skb.h>
#include "uapi/whydrop.h"

#if KERNEL_VERSION(4, 14, 0) > LINUX_VERSION_CODE
#error "whydrop needs Linux 4.14 or newer"
#endif

/*
 * HAVE_REASON: the tracepoint passes an enum skb_drop_reason (5.17, and older
 * ones that took it over). HAVE_RX_SK: and the receiving socket behind it
 * (6.11); HAVE_CONST_RX_SK: that as const (7.0).
 */
#if defined(HAVE_CONST_RX_SK)
#define WHYDROP_PROBE_ARGS	void *data, struct sk_buff *skb, void *location, \
				enum skb_drop_reason reason, const struct sock *rx_sk
#elif defined(HAVE_RX_SK)
#define WHYDROP_PROBE_ARGS	void *data, struct sk_buff *skb, void *location, \
				enum skb_drop_reason reason, struct sock *rx_sk
#elif defined(HAVE_REASON)
#define WHYDROP_PROBE_ARGS	void *data, struct sk_buff *skb, void *location, \
				enum skb_drop_reason reason
#else
#define WHYDROP_PROBE_ARGS	void *data, struct sk_buff *skb, void *location
#endif

#ifdef HAVE_REASON
#define WHYDROP_PROBE_REASON	((u32)reason)
#else
#define WHYDROP_PROBE_REASON	WHYDROP_NO_REASON
#endif

#ifdef HAVE_RX_SK
#define WHYDROP_PROBE_RX_SK	rx_sk
#else
#define WHYDROP_PROBE_RX_SK	NULL
#endif

/*
 * Size of tables by reason: WHYDROP_CORE_REASONS for the core, and WHYDROP_SUBSYS_REASONS
 * for each of WHYDROP_SUBSYSTEMS - 1 other subsystems (6.4).
 */
#ifdef HAVE_REASONS_BY_SUBSYS
#define WHYDROP_CORE_REASONS	(SKB_DROP_REASON_MAX + 1)
#define WHYDROP_SUBSYSTEMS	SKB_DROP_REASON_SUBSYS_NUM
#define WHYDROP_SUBSYS_REASONS	128
#elif defined(HAVE_REASON)
#define WHYDROP_CORE_REASONS	(SKB_DROP_REASON_MAX + 1)
#define WHYDROP_SUBSYSTEMS	1
#define WHYDROP_SUBSYS_REASONS	0
#else
#define WHYDROP_CORE_REASONS	0
#define WHYDROP_SUBSYSTEMS	1
#define WHYDROP_SUBSYS_REASONS	0
#endif

/*
 * HAVE_PREEMPT_OFF: the tracepoint calls a probe with preemption off (until 7.0), as RCU
 * pointers and per-CPU data need it. Elsewhere the probe disables it.
 */
#ifdef HAVE_PREEMPT_OFF
#define whydrop_probe_begin()	do {} while (0)
#define whydrop_probe_end()	do {} while (0)
#else
#define whydrop_probe_begin()	preempt_disable_notrace()
#define whydrop_probe_end()	preempt_enable_notrace()
#endif

/* bpf_prog_run() was the macro BPF_PROG_RUN() until 5.15. */
#ifdef HAVE_BPF_PROG_RUN
#define whydrop_run_prog(prog, skb)	bpf_prog_run(prog, skb)
#else
#define whydrop_run_prog(prog, skb)	BPF_PROG_RUN(prog, skb)
#endif

/* in_irq() became in_hardirq() in 5.11 and left in 7.0. */
#ifdef HAVE_IN_HARDIRQ
#define whydrop_in_hardirq()	in_hardirq()
#else
#define whydrop_in_hardirq()	in_irq()
#endif

/* The function that calls the probes; until 5.10, what has the tracepoint does. */
#ifdef HAVE_TRACEITER
#define WHYDROP_TRACEITER	((unsigned long)__traceiter_kfree_skb)
#else
#define WHYDROP_TRACEITER	0UL
#endif

/* stack_trace_save() was save_stack_trace() until 5.2, which ends a trace with ULONG_MAX. */
#ifdef HAVE_STACK_TRACE_SAVE
#define whydrop_trace_save(frames, size)	stack_trace_save(frames, size, 0)
#elif defined(HAVE_STACKTRACE)
static inline unsigned int whydrop_trace_save(unsigned long *frames, unsigned int size)
{
	struct stack_trace trace = { .max_entries = size, .entries = frames };

	save_stack_trace(&trace);
	if (trace.nr_entries && frames[trace.nr_entries - 1] == ULONG_MAX)
		trace.nr_entries--;
	return trace.nr_entries;
}
#endif

/* What debugfs_create_*() returned: until 5.0, NULL for most errors. */
static inline int whydrop_dentry_error(const struct dentry *dentry)
{
	return dentry ? PTR_ERR_OR_ZERO(dentry) : -ENOMEM;
}

/* A program may give a packet its socket (5.7). */
#ifdef HAVE_SK_PREFETCHED
#define whydrop_sk_is_prefetched(skb)	skb_sk_is_prefetched((struct sk_buff *)(skb))
#else
#define whydrop_sk_is_prefetched(skb)	false
#endif

/* RCU frees the inode of a socket, and the wait queue that is in it since then (5.3). */
#ifdef HAVE_SOCK_INODE_RCU
#define WHYDROP_SOCK_INODE_RCU	true
#else
#define WHYDROP_SOCK_INODE_RCU	false
#endif

/* Sizes that saturate, and an allocation by them (4.18). */
#ifndef HAVE_STRUCT_SIZE
static inline size_t array_size(size_t n, size_t size)
{
	return size && n > SIZE_MAX / size ? SIZE_MAX : n * size;
}

#define struct_size(p, member, n)						\
	(array_size(n, sizeof(*(p)->member)) > SIZE_MAX - sizeof(*(p)) ? SIZE_MAX :	\
	 sizeof(*(p)) + array_size(n, sizeof(*(p)->member)))
#endif
#ifndef HAVE_KVCALLOC
#define kvcalloc(n, size, gfp)	kvmalloc_array(n, size, (gfp) | __GFP_ZERO)
#endif

/* Functions that got another name (4.19), and one that a loop around its older form replaces. */
#ifdef HAVE_ADD_UNLESS
#define atomic_fetch_add_unless(v, a, u)	__atomic_add_unless(v, a, u)
#endif
#ifndef HAVE_TRY_CMPXCHG
static inline bool atomic_long_try_cmpxchg(atomic_long_t *v, long *old, long new)
{
	long was = atomic_long_cmpxchg(v, *old, new);
	bool done = was == *old;

	*old = was;
	return done;
}
#endif

/* 4.16 */
#ifndef HAVE_POLL_T
#define __poll_t	unsigned int
#define EPOLLIN		0x0001
#define EPOLLRDNORM	0x0040
#endif
#ifndef sizeof_field
#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#endif

/* Finds the route of a socket's packet: until 4.20, ip_queue_xmit() itself. */
#ifdef HAVE_QUEUE_XMIT_TOS
#define whydrop_queue_xmit	__ip_queue_xmit
#else
#define whydrop_queue_xmit	ip_queue_xmit
#endif

/*
 * __vmalloc() lost its last argument in 5.8. HAVE_MAP_PUT_PAGES: vfree() frees the pages of
 * vmap(), too (5.10).
 */
#ifdef HAVE_VMALLOC_PROT
#define whydrop_vmalloc(size, gfp)	__vmalloc(size, gfp, PAGE_KERNEL)
#else
#define whydrop_vmalloc(size, gfp)	__vmalloc(size, gfp)
#endif

/*
 * HAVE_RCU_SCHED: code with preemption off is a kind of RCU of its own, which
 * synchronize_rcu() and kfree_rcu() do not wait for (until 4.20). It has no kfree_rcu():
 * @callback frees what @ptr->rcu is in.
 */
#ifdef HAVE_RCU_SCHED
#define whydrop_synchronize			synchronize_sched
#define whydrop_call_later			call_rcu_sched
#define whydrop_free_finish			rcu_barrier_sched
#define whydrop_free_later(ptr, callback)	whydrop_call_later(&(ptr)->rcu, callback)
#else
#define whydrop_synchronize			synchronize_rcu
#define whydrop_free_later(ptr, callback)	kfree_rcu(ptr, rcu)
#define whydrop_free_finish()			do {} while (0)
#endif

#ifndef HAVE_DATA_RACE
/* Marks races as intended, for a detector of 5.8. */
#define data_race(expr)	(expr)
#endif

/* Does the kernel list @addr as code that interrupts or softirqs begin with? Newer ones tell. */
static inline bool whydrop_is_irq_entry(unsigned long addr)
{
#ifdef HAVE_FILTER_IRQ_STACKS
	unsigned long two[2] = { addr, 0 };

	return filter_irq_stacks(two, 2) == 1;
#else
	return false;
#endif
}

/*
 * The bits that a signed return address needs to have set again, to be the address: those
 * of any address of the kernel that the signature replaces.
 */
#ifdef HAVE_FRAMES
static inline unsigned long whydrop_signature(void)
{
	unsigned long kernel = BIT(55);	/* tells these from user space's, and is not replaced */

	return ptrauth_strip_kernel_insn_pac(kernel) & ~kernel;
}
#endif

/* Reasons that tell whether a packet was written: netfilter's, and a failed copy's (5.18). */
#ifdef HAVE_NETFILTER_DROP
#define WHYDROP_IS_NETFILTER_DROP(reason)	((reason) == SKB_DROP_REASON_NETFILTER_DROP)
#else
#define WHYDROP_IS_NETFILTER_DROP(reason)	false
#endif
#ifdef HAVE_SKB_UCOPY_FAULT
#define WHYDROP_TELLS_UCOPY_FAULT		true
#define WHYDROP_IS_UCOPY_FAULT(reason)		((reason) == SKB_DROP_REASON_SKB_UCOPY_FAULT)
#else
#define WHYDROP_TELLS_UCOPY_FAULT		false
#define WHYDROP_IS_UCOPY_FAULT(reason)		false
#endif

/* Text of a module: in mod->mem[] from 6.4 on. */
#ifdef HAVE_MODULE_MEM
#define whydrop_module_text(mod)		((mod)->mem[MOD_TEXT].base)
#define whydrop_module_text_size(mod)		((mod)->mem[MOD_TEXT].size)
#define whydrop_module_init_text(mod)		((mod)->mem[MOD_INIT_TEXT].base)
#define whydrop_module_init_text_size(mod)	((mod)->mem[MOD_INIT_TEXT].size)
#else
#define whydrop_module_text(mod)		((mod)->core_layout.base)
#define whydrop_module_text_size(mod)		((mod)->core_layout.text_size)
#define whydrop_module_init_text(mod)		((mod)->init_layout.base)
#define whydrop_module_init_text_size(mod)	((mod)->init_layout.text_size)
#endif

/* Fragments in device memory (6.12) cannot be read. */
static inline bool whydrop_frags_readable(const struct sk_buff *skb)
{
#ifdef HAVE_FRAGS_READABLE
	return skb_frags_readable(skb);
#else
	return true;
#endif
}

#endif /* WHYDROP_COMPAT_H */
