// SPDX-License-Identifier: GPL-2.0-only
/* Writes pcapng files: sections, interfaces, packets with comments (draft-ietf-opsawg-pcapng). */
#include <arpa/inet.h>
#include <limits.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../module/version.h"
#include "format/comment.h"
#include "format/pcapng.h"
#include "known/drop.h"
#include "select/lost.h"

enum { BLOCK_INTERFACE = 1, BLOCK_STATISTICS = 5, BLOCK_PACKET = 6, BLOCK_SECTION = 0x0a0d0d0a };
enum { OPT_END = 0, OPT_COMMENT = 1 };
enum { SHB_HARDWARE = 2, SHB_OS = 3, SHB_USERAPPL = 4 };
enum { IF_NAME = 2, IF_DESCRIPTION = 3, IF_TSRESOL = 9 };
enum { ISB_IFRECV = 4, ISB_IFDROP = 5 };

/* LINKTYPE_ numbers; SLL2 is the one that needs no link layer of its own. */
enum {
	LINK_ETHERNET = 1, LINK_RAW = 101, LINK_C_HDLC = 104, LINK_IEEE80211 = 105,
	LINK_PRISM = 119, LINK_RADIOTAP = 127, LINK_IEEE802154 = 230, LINK_SLL2 = 276,
};

/* Bounds that only forged recordings reach. */
#define DATA_MAX 4096
#define BLOCK_MAX (COMMENT_MAX + DATA_MAX + 256)

struct pcapng_if {
	struct key {
		char		dev[WHYDROP_DEV_LEN];
		uint32_t	netns;
		uint32_t	link;
	} key;
	unsigned int	id;
	uint64_t	packets;
	uint64_t	reported;	/* of them, by a statistics block */
};

/* ---- blocks ---- */

static void put16(struct out *o, uint16_t v)
{
	out_mem(o, &v, sizeof(v));
}

static void put32(struct out *o, uint32_t v)
{
	out_mem(o, &v, sizeof(v));
}

static void put_time(struct out *o, uint64_t ns)
{
	put32(o, ns >> 32);
	put32(o, ns);
}

static void pad(struct out *o, size_t start)
{
	while ((o->nr - start) % 4)
		out_chr(o, 0);
}

/* Return: where it starts, for block_end(). The buffer has room for all of it. */
static size_t block(struct out *o, uint32_t type)
{
	size_t start;

	out_reserve(o, BLOCK_MAX);
	start = o->nr;
	put32(o, type);
	put32(o, 0);
	return start;
}

static void block_end(struct out *o, size_t start)
{
	uint32_t len = o->nr - start + 4;

	put32(o, len);
	memcpy(o->buf + start + 4, &len, sizeof(len));
}

static void option(struct out *o, unsigned int code, const void *val, size_t len)
{
	size_t start = o->nr;

	put16(o, code);
	put16(o, len);
	out_mem(o, val, len);
	pad(o, start);
}

static void option_u64(struct out *o, unsigned int code, uint64_t val)
{
	option(o, code, &val, sizeof(val));
}

/* ---- text: that of somebody else escaped, and never longer than it may be ---- */

static void text_start(struct pcapng *p)
{
	p->text->nr = 0;
	p->text->err = 0;
}

static void option_text(struct pcapng *p, unsigned int code)
{
	struct out *t = p->text;

	/* What was too long went into its file, which there is not. */
	if (!t->err && t->nr && t->nr <= COMMENT_MAX)
		option(p->out, code, t->buf, t->nr);
}

void pcapng_init(struct pcapng *p, struct out *o, struct names *names)
{
	memset(p, 0, sizeof(*p));
	p->out = o;
	p->names = names;
	p->text = need(malloc(sizeof(*p->text)));
	out_init(p->text, -1, COLOR_NEVER);
	p->max_frames = UINT_MAX;
}

void pcapng_free(struct pcapng *p)
{
	size_t i;

	for (i = 0; i < p->nr; i++)
		free(p->iface[i]);
	free(p->iface);
	hash_free(&p->by_key);
	free(p->text);
	memset(p, 0, sizeof(*p));
}

static void put_meta(struct pcapng *p, const struct decoder *d, const char *before,
		     const char *key, unsigned int code)
{
	const char *text = decoder_meta(d, key);

	if (!text)
		return;
	text_start(p);
	out_str(p->text, before);
	out_text(p->text, text, strlen(text));
	option_text(p, code);
}

void pcapng_section(struct pcapng *p, const struct decoder *d)
{
	static const char app[] = "whydrop " WHYDROP_VERSION;
	const char *node = decoder_meta(d, "node");
	struct out *o = p->out;
	size_t start = block(o, BLOCK_SECTION);

	put32(o, 0x1a2b3c4d);
	put16(o, 1);
	put16(o, 0);
	put32(o, UINT32_MAX);	/* length of the section: not known */
	put32(o, UINT32_MAX);
	text_start(p);
	out_str(p->text, "packets dropped by the kernel");
	if (node) {
		out_str(p->text, " of ");
		out_text(p->text, node, strlen(node));
	}
	option_text(p, OPT_COMMENT);
	put_meta(p, d, "", "machine", SHB_HARDWARE);
	put_meta(p, d, "Linux ", "kernel", SHB_OS);
	option(o, SHB_USERAPPL, app, sizeof(app) - 1);
	option(o, OPT_END, "", 0);
	block_end(o, start);
}

/* ---- interfaces ---- */

static void put_interface(struct pcapng *p, const struct pcapng_if *i)
{
	size_t len = strnlen(i->key.dev, WHYDROP_DEV_LEN);
	struct out *o = p->out, *t = p->text;
	size_t start = block(o, BLOCK_INTERFACE);
	const uint8_t nanoseconds = 9;

	put16(o, i->key.link);
	put16(o, 0);
	put32(o, 0);	/* no limit of its own */
	text_start(p);
	out_text(t, len ? i->key.dev : "-", len ? len : 1);
	option_text(p, IF_NAME);
	text_start(p);
	if (!len)
		out_str(t, "device unknown, ");
	if (i->key.netns)
		out_fmt(t, "network namespace %u", i->key.netns);
	else
		out_str(t, "network namespace unknown");
	if (i->key.netns && p->netns_name) {
		out_str(t, " (");
		out_text(t, p->netns_name, strlen(p->netns_name));
		out_chr(t, ')');
	}
	option_text(p, IF_DESCRIPTION);
	option(o, IF_TSRESOL, &nanoseconds, 1);
	option(o, OPT_END, "", 0);
	block_end(o, start);
}

static bool same_interface(const void *val, const void *key)
{
	return !memcmp(&((const struct pcapng_if *)val)->key, key, sizeof(struct key));
}

/* The interface of this key, made and described if it is new. */
static struct pcapng_if *interface(struct pcapng *p, struct key *key)
{
	struct pcapng_if *i = p->last;
	uint32_t hash;

	if (i && !memcmp(&i->key, key, sizeof(*key)))
		return i;
	for (;;) {
		hash = hash_bytes(key, sizeof(*key));
		i = hash_get(&p->by_key, hash, same_interface, key);
		if (i)
			return i;
		if (p->nr < PCAPNG_IF_MAX || (!*key->dev && !key->netns))
			break;
		*key = (struct key){ .link = key->link };
	}
	i = need(calloc(1, sizeof(*i)));
	i->key = *key;
	i->id = p->nr;
	hash_add(&p->by_key, hash, i);
	p->iface = grow(p->iface, p->nr, &p->room, sizeof(i));
	p->iface[p->nr++] = i;
	put_interface(p, i);
	return i;
}

void pcapng_statistics(struct pcapng *p, bool all)
{
	struct pcapng_if *unknown = NULL;
	struct out *o = p->out, *t = p->text;
	uint64_t lost = 0;
	size_t n, c, start;

	for (c = 0; c < ARRAY_SIZE(p->lost); c++)
		lost += p->lost[c];
	if (lost)
		unknown = interface(p, &(struct key){ .link = LINK_SLL2 });
	for (n = 0; n < p->nr; n++) {
		struct pcapng_if *i = p->iface[n];
		bool news = all && i->reported != i->packets;

		if (!news && !(i == unknown && p->stale))
			continue;
		i->reported = i->packets;
		start = block(o, BLOCK_STATISTICS);
		put32(o, i->id);
		put_time(o, p->time);
		text_start(p);
		for (c = 0; c < ARRAY_SIZE(p->lost) && i == unknown; c++)
			if (p->lost[c])
				out_fmt(t, "%s%llu %s", t->nr ? ", " : "lost on any device: ",
					(unsigned long long)p->lost[c], lost_cause(c));
		option_text(p, OPT_COMMENT);
		option_u64(o, ISB_IFRECV, i->packets);
		option_u64(o, ISB_IFDROP, i == unknown ? lost : 0);
		option(o, OPT_END, "", 0);
		block_end(o, start);
	}
	p->stale = false;
}

void pcapng_lost(struct pcapng *p, const struct item *it)
{
	p->lost[it->lost.cause < ARRAY_SIZE(p->lost) ? it->lost.cause : 0] += it->lost.count;
	p->stale = true;
}

/* ---- packets ---- */

/* How an event's bytes become a packet of a link type. */
struct framing {
	unsigned int	link;
	size_t		skip;		/* bytes in front that are left out */
	size_t		keep;		/* of those captured, before what is put in */
	uint8_t		head[24];	/* what is put in */
	size_t		len;
};

static void be16(struct framing *f, unsigned int v)
{
	f->head[f->len++] = v >> 8;
	f->head[f->len++] = v;
}

/* Link types of devices whose header is in the data, and as the type has it. */
static unsigned int link_type_of(unsigned int dev_type)
{
	switch (dev_type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return LINK_ETHERNET;
	case ARPHRD_CISCO:
		return LINK_C_HDLC;
	case ARPHRD_IEEE80211:
		return LINK_IEEE80211;
	case ARPHRD_IEEE80211_PRISM:
		return LINK_PRISM;
	case ARPHRD_IEEE80211_RADIOTAP:
		return LINK_RADIOTAP;
	case ARPHRD_IEEE802154:
	case ARPHRD_IEEE802154_MONITOR:
		return LINK_IEEE802154;
	default:
		return 0;
	}
}

static bool is_ip(const struct event *e, size_t at)
{
	unsigned int type = e->pkt.ethertype;

	if (type != ETH_IPV4 && type != ETH_IPV6)
		return false;
	if (at >= e->ev.caplen)
		return true;
	return e->pkt.l3 == e->data + at && e->data[at] >> 4 == (type == ETH_IPV4 ? 4 : 6);
}

/*
 * Without a link-layer header, or with one that other programs do not know, a
 * packet starts at its network header: raw IP if it is that, else with the
 * header that Linux' own cooked captures have, which names its protocol.
 */
static void choose_start(struct framing *f, const struct event *e)
{
	const struct whydrop_event *ev = &e->ev;
	bool mac = ev->flags & WHYDROP_EV_MAC, vlan = ev->flags & WHYDROP_EV_VLAN;
	unsigned int protocol = ntohs(ev->protocol);
	size_t at = ev->l3_off;

	memset(f, 0, sizeof(*f));
	f->link = mac ? link_type_of(ev->dev_type) : 0;
	if (f->link) {
		/* The tag goes back to where the device had taken it from. */
		if (f->link == LINK_ETHERNET && vlan && ev->caplen >= 12) {
			f->keep = 12;
			be16(f, 0x8100);
			be16(f, ev->vlan_tci);
		}
		return;
	}
	if (at == WHYDROP_NO_OFFSET || at > ev->pkt_len)
		at = 0;
	f->skip = at;
	if (!vlan && is_ip(e, at)) {
		f->link = LINK_RAW;
		return;
	}
	f->link = LINK_SLL2;
	be16(f, vlan ? 0x8100 : protocol);
	be16(f, 0);
	be16(f, ev->ifindex >> 16);
	be16(f, ev->ifindex);
	be16(f, ev->dev_type);
	f->len = 20;	/* to this host; no address */
	if (vlan) {
		be16(f, ev->vlan_tci);
		be16(f, protocol);
	}
}

void pcapng_event(struct pcapng *p, const struct event *e)
{
	const struct whydrop_event *ev = &e->ev;
	struct out *o = p->out, *t = p->text;
	const uint8_t *data;
	struct pcapng_if *i;
	struct framing f;
	uint64_t len;
	size_t start, n;
	struct key key;

	choose_start(&f, e);
	key = (struct key){ .netns = ev->netns, .link = f.link };
	memcpy(key.dev, ev->dev, strnlen(ev->dev, sizeof(key.dev)));
	p->netns_name = p->names && ev->netns ?
			names_netns(p->names, ev->netns, ev->mono_ns)->name : NULL;
	i = p->last = interface(p, &key);
	i->packets++;
	p->time = e->real_ns;

	start = block(o, BLOCK_PACKET);
	put32(o, i->id);
	put_time(o, p->time);
	n = MIN(ev->caplen - MIN(f.skip, ev->caplen), DATA_MAX);
	len = (uint64_t)MAX(ev->pkt_len, ev->caplen) - f.skip + f.len;
	put32(o, n + f.len);
	put32(o, MIN(len, UINT32_MAX));
	data = e->data + MIN(f.skip, ev->caplen);
	out_mem(o, data, f.keep);
	out_mem(o, f.head, f.len);
	out_mem(o, data + f.keep, n - f.keep);
	pad(o, start);

	comment_write(t, e, p->max_frames);
	option_text(p, OPT_COMMENT);
	option(o, OPT_END, "", 0);
	block_end(o, start);
}

bool pcapng_mixed(const struct pcapng *p)
{
	size_t i;

	for (i = 1; i < p->nr; i++)
		if (p->iface[i]->key.link != p->iface[0]->key.link)
			return true;
	return false;
}
