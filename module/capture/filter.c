// SPDX-License-Identifier: GPL-2.0
/* Decides which drops are recorded, in any context but NMI, preemption off; set up in a task. */
#include <linux/filter.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "compat.h"
#include "capture/device.h"
#include "capture/filter.h"
#include "capture/filter_parse.h"
#include "capture/packet.h"
#include "capture/sock.h"

/* In force without a text. */
static struct whydrop_filter pass_all = {
	.reasons = { [0 ... WHYDROP_SLOTS - 1] = true },
};

struct whydrop_filter __rcu *whydrop_filter = RCU_INITIALIZER(&pass_all);

/* The texts of the current filter. */
static char *texts[WHYDROP_FILTER_PARTS];
static DEFINE_MUTEX(lock);

/*
 * The program is for raw IP. If the data of the packet starts elsewhere, it runs on a copy
 * of the skb that starts at the IP header: the packet's own is never changed.
 */
bool whydrop_filter_check_packet(const struct bpf_prog *prog, struct whydrop_cpu *c,
				 const struct sk_buff *skb, u32 reason, unsigned long place)
{
	const u8 *net = whydrop_packet_ip(skb, reason, place);
	struct sk_buff *shadow;

	/* A packet without an IP header passes. */
	if (!net) {
		local64_inc(&whydrop_counts()->unjudged);
		return true;
	}
	if (net == skb->data)
		return whydrop_run_prog(prog, skb);

	shadow = &whydrop_scratch(c)->shadow;
	memcpy(shadow, skb, sizeof(*shadow));
	shadow->len += skb->data - net;
	shadow->data = (u8 *)net;
	return whydrop_run_prog(prog, shadow);
}

static bool match_dev_name(const struct whydrop_filter_list *list, const char *name)
{
	unsigned int i = list->nr;

	while (i--)
		if (whydrop_glob((const char *)list->dev[i], name, false))
			return list->pass[i];
	return list->others;
}

enum whydrop_outcome whydrop_filter_check_slow(const struct whydrop_filter *f,
					       const struct sk_buff *skb,
					       const struct sock *rx_sk, unsigned int slot)
{
	const struct whydrop_dev *dev =
		whydrop_device_untag(whydrop_device_find(skb, rx_sk, slot));
	u32 netns = dev ? dev->netns : whydrop_sock_netns(skb, rx_sk);

	/* Without a known device, a drop matches no name. */
	if (f->devs.nr && !(dev ? match_dev_name(&f->devs, dev->name) : f->devs.others))
		return WHYDROP_FILTERED_DEV;
	if (f->netns.nr && !whydrop_filter_passes_netns(&f->netns, netns))
		return WHYDROP_FILTERED_NETNS;
	return WHYDROP_RECORDED;
}

static void free_filter(struct whydrop_filter *f)
{
	if (f == &pass_all)
		return;
	if (f->prog)
		bpf_prog_destroy(f->prog);
	kfree(f);
}

/* Make a filter of all texts. Return: the filter, or an error. */
static struct whydrop_filter *build_filter(char * const *parts, bool strict)
{
	const char *reasons = parts[WHYDROP_FILTER_REASONS];
	const char *devs = parts[WHYDROP_FILTER_DEVS];
	const char *netns = parts[WHYDROP_FILTER_NETNS];
	const char *packet = parts[WHYDROP_FILTER_PACKET];
	struct whydrop_filter *f;
	int ret = 0;

	if (!reasons && !devs && !netns && !packet)
		return &pass_all;
	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return ERR_PTR(-ENOMEM);
	f->by_dev = devs || netns;
	f->more = f->by_dev || packet;
	if (reasons)
		ret = whydrop_parse_reasons(reasons, strict, f->reasons);
	else
		memcpy(f->reasons, pass_all.reasons, sizeof(f->reasons));
	if (!ret && devs)
		ret = whydrop_parse_devs(devs, &f->devs);
	if (!ret && netns)
		ret = whydrop_parse_netns(netns, &f->netns);
	if (!ret && packet)
		ret = whydrop_parse_packet(packet, &f->prog);
	if (!ret)
		return f;
	free_filter(f);
	return ERR_PTR(ret);
}

static void publish_filter(struct whydrop_filter *f)
{
	struct whydrop_filter *old;

	old = rcu_dereference_protected(whydrop_filter, lockdep_is_held(&lock));
	rcu_assign_pointer(whydrop_filter, f);
	if (old == &pass_all)
		return;
	/* This waits for all code with preemption off, and so for drops that use the filter. */
	whydrop_synchronize();
	free_filter(old);
}

int whydrop_filter_set(enum whydrop_filter_part part, const char *text)
{
	char *parts[WHYDROP_FILTER_PARTS];
	struct whydrop_filter *f;
	char *kept = NULL;

	text = skip_spaces(text);
	if (*text) {
		kept = kstrdup(text, GFP_KERNEL);
		if (!kept)
			return -ENOMEM;
		strim(kept);
	}
	mutex_lock(&lock);
	memcpy(parts, texts, sizeof(parts));
	parts[part] = kept;
	/* Reasons of the current text may have been removed; only new ones must exist. */
	f = build_filter(parts, part == WHYDROP_FILTER_REASONS);
	if (IS_ERR(f)) {
		mutex_unlock(&lock);
		kfree(kept);
		return PTR_ERR(f);
	}
	publish_filter(f);
	kfree(texts[part]);
	texts[part] = kept;
	mutex_unlock(&lock);
	return 0;
}

size_t whydrop_filter_print(enum whydrop_filter_part part, char *buf, size_t size)
{
	size_t len;

	mutex_lock(&lock);
	len = scnprintf(buf, size, "%s", texts[part] ?: "");
	mutex_unlock(&lock);
	return len;
}

void whydrop_filter_refresh(void)
{
	struct whydrop_filter *f;

	mutex_lock(&lock);
	if (texts[WHYDROP_FILTER_REASONS]) {
		f = build_filter(texts, false);
		if (!IS_ERR(f))
			publish_filter(f);
	}
	mutex_unlock(&lock);
}

/*
 * Nothing else runs any more, so this needs no lock. Nor may it take one: while a module is
 * being freed, lockdep rejects a lock in it that was never taken before.
 */
void whydrop_filter_exit(void)
{
	unsigned int part;

	free_filter(rcu_dereference_protected(whydrop_filter, true));
	RCU_INIT_POINTER(whydrop_filter, &pass_all);
	for (part = 0; part < WHYDROP_FILTER_PARTS; part++) {
		kfree(texts[part]);
		texts[part] = NULL;
	}
}
