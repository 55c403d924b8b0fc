/* SPDX-License-Identifier: GPL-2.0 */
/* Decides which drops are recorded, in any context but NMI, preemption off; set up in a task. */
#ifndef WHYDROP_FILTER_H
#define WHYDROP_FILTER_H

#include <linux/rcupdate.h>
#include "capture/cpu.h"
#include "capture/filter_list.h"
#include "capture/netdev.h"

struct bpf_prog;
struct sk_buff;
struct sock;

/**
 * struct whydrop_filter - which drops are recorded: those that pass all
 * @reasons: slots that pass; no bitmap, of which a bit takes more to test
 * @more: there is more than @reasons
 * @by_dev: namely @devs or @netns
 * @devs: devices that pass, if it has entries
 * @netns: namespaces that pass, if it has entries
 * @prog: program for raw IP packets that returns 0 for what does not, or NULL
 *
 * Never changed once published: a drop is checked by one filter or by its successor, never
 * by a mixture of both.
 */
struct whydrop_filter {
	bool reasons[WHYDROP_SLOTS];
	bool more;
	bool by_dev;
	struct whydrop_filter_list devs;
	struct whydrop_filter_list netns;
	struct bpf_prog *prog;
};

/* Never NULL. */
extern struct whydrop_filter __rcu *whydrop_filter;

/* Context of all checks: any but NMI, preemption off. The last entry that matches decides. */

/* Without patterns. */
static __always_inline bool whydrop_filter_passes_dev(const struct whydrop_filter_list *list,
						      const struct whydrop_dev *dev)
{
	const u64 *name = (const u64 *)dev->name;
	unsigned int i = list->nr;

	while (i--)
		if (list->dev[i][0] == name[0] && list->dev[i][1] == name[1])
			return list->pass[i];
	return list->others;
}

static __always_inline bool whydrop_filter_passes_netns(const struct whydrop_filter_list *list,
							u32 netns)
{
	unsigned int i = list->nr;

	while (i--)
		if (list->netns[i] == netns)
			return list->pass[i];
	return list->others;
}

/**
 * whydrop_filter_check_dev() - check a drop by device and namespace
 * @f: the filter
 * @dev: its device
 *
 * Return: the outcome of what filtered it, or WHYDROP_RECORDED.
 */
static __always_inline enum whydrop_outcome
whydrop_filter_check_dev(const struct whydrop_filter *f, const struct whydrop_dev *dev)
{
	if (f->devs.nr && !whydrop_filter_passes_dev(&f->devs, dev))
		return WHYDROP_FILTERED_DEV;
	if (f->netns.nr && !whydrop_filter_passes_netns(&f->netns, dev->netns))
		return WHYDROP_FILTERED_NETNS;
	return WHYDROP_RECORDED;
}

/**
 * whydrop_filter_check_slow() - the same, if there are patterns, or if it takes
 * more to tell the device
 * @f: the filter
 * @skb: the packet
 * @rx_sk: the socket that should have received it, or NULL if unknown
 * @slot: of the reason
 */
enum whydrop_outcome whydrop_filter_check_slow(const struct whydrop_filter *f,
					       const struct sk_buff *skb,
					       const struct sock *rx_sk, unsigned int slot);

/**
 * whydrop_filter_check_packet() - check a drop by the packet
 * @prog: program of a filter
 * @c: the CPU that is running, with a scratch taken
 * @skb: the packet
 * @reason: why it is dropped
 * @place: where
 *
 * Return: whether it passes.
 */
bool whydrop_filter_check_packet(const struct bpf_prog *prog, struct whydrop_cpu *c,
				 const struct sk_buff *skb, u32 reason, unsigned long place);

/**
 * enum whydrop_filter_part - what a filter is made of, and its text
 * @WHYDROP_FILTER_REASONS: names, globs or numbers
 * @WHYDROP_FILTER_DEVS: names of devices
 * @WHYDROP_FILTER_NETNS: inodes of namespaces
 * @WHYDROP_FILTER_PACKET: a classic BPF program as tcpdump -ddd prints it, with
 *	commas for line ends
 *
 * The first three are lists, separated by commas. An entry with a leading '!' does not
 * pass; a list whose first entry has one starts from all. An empty text lets everything
 * pass.
 */
enum whydrop_filter_part {
	WHYDROP_FILTER_REASONS,
	WHYDROP_FILTER_DEVS,
	WHYDROP_FILTER_NETNS,
	WHYDROP_FILTER_PACKET,
	WHYDROP_FILTER_PARTS,
};

/**
 * whydrop_filter_set() - change one part of the filter
 * @part: which
 * @text: its new text
 *
 * Context: task. Return: 0, -ENOMEM, or -EINVAL with a line in the log.
 */
int whydrop_filter_set(enum whydrop_filter_part part, const char *text);

/* Print the text in force. Context: task. Return: characters written. */
size_t whydrop_filter_print(enum whydrop_filter_part part, char *buf, size_t size);

/* Look up the names of reasons again, after a module was loaded or unloaded. Task. */
void whydrop_filter_refresh(void);

void whydrop_filter_exit(void);

#endif /* WHYDROP_FILTER_H */
