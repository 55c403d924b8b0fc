// SPDX-License-Identifier: GPL-2.0
/* Writes the binary stream, for a task that reads: each event after what it refers to. */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/ktime.h>
#include <linux/siphash.h>
#include <linux/utsname.h>
#include <linux/uuid.h>
#include "capture/filter.h"
#include "capture/netdev.h"
#include "capture/reason.h"
#include "show/offset.h"
#include "show/stream.h"
#include "show/symbol.h"
#include "param.h"
#include "version.h"

/* The largest record, a STACK; no unit of the stream is larger. */
#define UNIT_MAX	(sizeof(struct whydrop_stack_rec) + WHYDROP_SYMBOLS_MAX + 8)

/* Stacks that an event carries have ids of their own. */
#define TRANSIENT_ID	WHYDROP_STACK_ID_LIMIT

/* No parameter's text is longer. */
#define SETTING_MAX	4096

static uuid_t load_id;

/* The parameters that decide what is recorded: enabled, and the parts of the filter. */
static const char * const settings[] = {
	[WHYDROP_FILTER_REASONS]	= "reasons",
	[WHYDROP_FILTER_DEVS]		= "devs",
	[WHYDROP_FILTER_NETNS]		= "netns",
	[WHYDROP_FILTER_PACKET]		= "packet_filter",
	[WHYDROP_FILTER_PARTS]		= "enabled",
};

/* Texts are compared by keyed hashes, so that nobody can construct a collision. */
static siphash_key_t setting_key;

/**
 * struct sent - what has been written to a stream
 * @header: the header and META
 * @next_slot: the reasons in slots before this one
 * @clock: the last CLOCK_REALTIME - CLOCK_MONOTONIC
 * @settings: hashes of the last texts; 0: none
 * @transient: number of stacks that were not in the table
 * @reasons: reasons, by slot
 * @stacks: the last id of each entry of the table
 */
struct sent {
	bool header;
	unsigned int next_slot;
	ktime_t clock;
	u64 settings[ARRAY_SIZE(settings)];
	u32 transient;
	DECLARE_BITMAP(reasons, WHYDROP_SLOTS);
	u32 stacks[];
};

static size_t sent_bytes(void)
{
	return sizeof(struct sent) + whydrop_stacks_max() * sizeof(u32);
}

/* Start a record at the end of the buffer; finish_rec() adds it to the buffer. */
static void *start_rec(struct whydrop_view *v, u16 type, u16 cpu, size_t size)
{
	struct whydrop_rec *rec = (void *)(v->buf + v->len);

	memset(rec, 0, size);
	rec->size = size;
	rec->type = type;
	rec->cpu = cpu;
	return rec;
}

static void finish_rec(struct whydrop_view *v, struct whydrop_rec *rec, size_t text_len)
{
	size_t size = rec->size + text_len;

	rec->size = round_up(size, 8);
	memset((u8 *)rec + size, 0, rec->size - size);
	v->len += rec->size;
}

static void put_header(struct whydrop_view *v)
{
	struct whydrop_file_header *h = (void *)(v->buf + v->len);

	memset(h, 0, sizeof(*h));
	memcpy(h->magic, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN);
	h->byte_order = WHYDROP_BYTE_ORDER;
	h->abi_major = WHYDROP_ABI_MAJOR;
	h->abi_minor = WHYDROP_ABI_MINOR;
	h->header_size = sizeof(*h);
	v->len += sizeof(*h);
}

static void put_meta(struct whydrop_view *v)
{
	struct whydrop_meta *meta = start_rec(v, WHYDROP_REC_META, 0, sizeof(*meta));
	const struct new_utsname *uts = init_utsname();
	size_t len;

	len = scnprintf(meta->text, 1024,
			"version=%s%ckernel=%s%cmachine=%s%cnode=%s%cload_id=%pUb",
			WHYDROP_VERSION, 0, uts->release, 0, uts->machine, 0,
			uts->nodename, 0, &load_id);
	if (!WHYDROP_HAS_SYMBOLS)
		len += 1 + whydrop_anchors_print(meta->text + len + 1, 1024);
	finish_rec(v, &meta->rec, len + 1);
}

static void put_clock(struct whydrop_view *v, struct sent *sent)
{
	struct whydrop_clock *clock;
	ktime_t mono = ktime_get();
	ktime_t real = ktime_mono_to_real(mono);

	if (ktime_sub(real, mono) == sent->clock)
		return;
	sent->clock = ktime_sub(real, mono);
	clock = start_rec(v, WHYDROP_REC_CLOCK, 0, sizeof(*clock));
	clock->mono_ns = ktime_to_ns(mono);
	clock->real_ns = ktime_to_ns(real);
	finish_rec(v, &clock->rec, 0);
}

static void put_setting(struct whydrop_view *v, struct sent *sent, unsigned int i)
{
	struct whydrop_setting *rec = start_rec(v, WHYDROP_REC_SETTING, 0, sizeof(*rec));
	size_t len;
	u64 hash;

	BUILD_BUG_ON(sizeof(*rec) + 32 + SETTING_MAX > UNIT_MAX);
	len = scnprintf(rec->text, 32, "%s=", settings[i]);
	if (i == WHYDROP_FILTER_PARTS)
		len += scnprintf(rec->text + len, SETTING_MAX, "%d", whydrop_enabled());
	else
		len += whydrop_filter_print(i, rec->text + len, SETTING_MAX);
	hash = siphash(rec->text, len, &setting_key) | 1;
	if (sent->settings[i] == hash)
		return;
	sent->settings[i] = hash;
	rec->mono_ns = ktime_get_ns();
	finish_rec(v, &rec->rec, len + 1);
}

static void put_reason(struct whydrop_view *v, struct sent *sent, u32 reason)
{
	unsigned int slot = whydrop_slot(reason);
	struct whydrop_reason_rec *rec;
	struct whydrop_reason r;
	size_t len;

	if (test_bit(slot, sent->reasons))
		return;
	whydrop_reason_get(reason, &r);
	/* A number may get a name later, unless this kernel has no reasons at all. */
	if (!r.known && WHYDROP_CORE_REASONS)
		return;
	set_bit(slot, sent->reasons);
	rec = start_rec(v, WHYDROP_REC_REASON, 0, sizeof(*rec));
	rec->reason = reason;
	len = scnprintf(rec->text, 1024, "%s%c%s%c%s", r.subsys, 0, r.name, 0, r.description);
	finish_rec(v, &rec->rec, len + 1);
}

/* Write the stack of @ev unless it was written before. Return: its id in the stream. */
static u32 put_stack(struct whydrop_view *v, struct sent *sent, const struct whydrop_event *ev)
{
	const struct whydrop_attached *attached = NULL;
	struct whydrop_stack_rec *rec;
	u32 *last, id = ev->stack_id;
	unsigned int nr;

	if (ev->flags & WHYDROP_EV_ATTACHED) {
		attached = (const void *)ev + whydrop_attached_offset(ev->caplen);
		id = TRANSIENT_ID | sent->transient++;
	} else {
		last = &sent->stacks[(id - 1) % whydrop_stacks_max()];
		if (*last == id)
			return id;
		*last = id;
	}
	rec = start_rec(v, WHYDROP_REC_STACK, 0, sizeof(*rec));
	rec->id = id;
	rec->reason = ev->reason;
	if (attached) {
		nr = attached->nr;
		rec->text_len = whydrop_symbols_attached(attached, rec->text,
							 WHYDROP_SYMBOLS_MAX, &rec->flags);
		rec->flags |= WHYDROP_STACK_TRANSIENT;
	} else {
		rec->text_len = whydrop_symbols_stack(id, rec->text, WHYDROP_SYMBOLS_MAX, &nr,
						      &rec->flags);
	}
	rec->nr = nr;
	finish_rec(v, &rec->rec, rec->text_len);
	return id;
}

/*
 * Is the frame for another host's MAC address? The kernel also reports OTHERHOST for VLANs
 * that are not configured. This is checked here and not at the drop, where it would cost too
 * much; so it is unknown if the device was removed or has changed since.
 */
static bool is_for_other_mac(const struct whydrop_event *ev)
{
	const struct whydrop_dev *dev;
	bool others;

	if (!(ev->flags & WHYDROP_EV_MAC) || ev->dev_type != ARPHRD_ETHER ||
	    ev->caplen < ETH_HLEN || !ev->ifindex || !ev->netns || !is_valid_ether_addr(ev->data))
		return false;
	preempt_disable();
	dev = whydrop_netdev_by_index(ev->ifindex, ev->netns);
	others = dev && dev->since <= ev->mono_ns && !ether_addr_equal(dev->addr, ev->data);
	preempt_enable();
	return others;
}

static void put_event(struct whydrop_view *v, struct sent *sent, const struct whydrop_event *ev)
{
	struct whydrop_event *out;
	u32 id;

	put_reason(v, sent, ev->reason);
	id = put_stack(v, sent, ev);
	out = (void *)(v->buf + v->len);
	memcpy(out, ev, whydrop_attached_offset(ev->caplen));
	out->rec.size = whydrop_attached_offset(ev->caplen);
	out->flags &= ~WHYDROP_EV_ATTACHED;
	if (is_for_other_mac(ev))
		out->flags |= WHYDROP_EV_OTHER_MAC;
	out->stack_id = id;
	v->len += out->rec.size;
}

static void put_lost(struct whydrop_view *v, const struct whydrop_item *item)
{
	struct whydrop_lost *lost = start_rec(v, WHYDROP_REC_LOST, item->cpu, sizeof(*lost));

	lost->count = item->lost;
	lost->cause = item->cause;
	finish_rec(v, &lost->rec, 0);
}

static void fill(struct whydrop_view *v)
{
	struct sent *sent = v->priv;
	struct whydrop_item item;
	unsigned int i;

	if (!sent->header) {
		sent->header = true;
		sent->clock = KTIME_MAX;	/* none sent; 0: one that was never set */
		put_header(v);
		put_meta(v);
	}
	put_clock(v, sent);
	for (i = 0; i < ARRAY_SIZE(settings) && whydrop_view_room(v) > 2 * UNIT_MAX; i++)
		put_setting(v, sent, i);
	while (sent->next_slot < WHYDROP_SLOTS && whydrop_view_room(v) > 2 * UNIT_MAX)
		put_reason(v, sent, whydrop_slot_reason(sent->next_slot++));

	/* An event may need its reason and its stack before it. */
	while (whydrop_view_room(v) > 3 * UNIT_MAX &&
	       whydrop_cursor_next(&v->cursor, v->until, &item)) {
		if (item.ev)
			put_event(v, sent, item.ev);
		else
			put_lost(v, &item);
	}
}

static size_t unit(const u8 *p)
{
	const struct whydrop_rec *rec = (const void *)p;

	/* No record is so large that its size looks like the magic. */
	if (!memcmp(p, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN))
		return sizeof(struct whydrop_file_header);
	return rec->size;
}

const struct whydrop_view_ops whydrop_stream_ops = {
	.fill = fill,
	.unit = unit,
	.priv_bytes = sent_bytes,
	.follow = true,
};

void whydrop_stream_init(void)
{
	uuid_gen(&load_id);
	get_random_bytes(&setting_key, sizeof(setting_key));
}
