// SPDX-License-Identifier: GPL-2.0-only
/* Tells what an event is in each dimension of a cube. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "known/drop.h"
#include "stream/place.h"
#include "tally/cube_key.h"

/* What only forged recordings have more of. */
#define LABEL_MAX 512
#define FRAME_MAX 240

static char *put(char *p, const char *s, size_t len)
{
	return mempcpy(p, s, len);
}

/* LABEL, FLAGS, then the frames, each with a line feed before it. */
static char *put_stack(char *p, const struct event *e)
{
	const struct stack *st = e->stack;
	size_t i;

	p = put(p, e->reason->label, strnlen(e->reason->label, LABEL_MAX));
	*p++ = '\n';
	if (!st)
		return p;
	stack_flags_text(p, 160, st->flags);
	p += strlen(p);
	if (!event_has_stack(e)) {
		*p++ = '\n';
		return put(p, st->place->text, MIN(st->place->len, FRAME_MAX));
	}
	for (i = 0; i < MIN(st->nr, 64u); i++) {
		*p++ = '\n';
		p = put(p, st->frame[i]->text, MIN(st->frame[i]->len, FRAME_MAX));
	}
	return p;
}
_Static_assert(LABEL_MAX + 160 + 66 * (FRAME_MAX + 1) < CUBE_KEY_ROOM, "room for a stack");

/* As words, of which those that are not known are "-". */
static char *put_sock(char *p, const struct event *e)
{
	const struct whydrop_event *ev = &e->ev;
	const char *family = socket_family(ev->sock_family), *proto = proto_name(ev->sock_protocol);

	if (!(ev->flags & WHYDROP_EV_SK))
		return p;
	if (family)
		p += sprintf(p, "%s", family);
	else
		p += sprintf(p, "family %u", ev->sock_family);
	if (ev->flags & WHYDROP_EV_SK_FULL) {
		if (ev->sock_family != AF_INET && ev->sock_family != AF_INET6)
			;
		else if (proto)
			p += sprintf(p, " %s", proto);
		else
			p += sprintf(p, " proto %u", ev->sock_protocol);
		p += sprintf(p, " uid %u", ev->sock_uid);
		if (ev->sock_ino)
			p += sprintf(p, " inode %u", ev->sock_ino);
	}
	if (ev->sock_cookie)
		p += sprintf(p, " cookie %llu", (unsigned long long)ev->sock_cookie);
	return p;
}

static char *put_boot(char *p, const struct decoder *d, const struct host *h)
{
	static const char *const keys[] = { "node", "kernel", "machine", "version", "boot_id" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *val = h ? meta_get(&h->meta, keys[i]) : decoder_meta(d, keys[i]);

		if (i)
			*p++ = '\n';
		/* As whoever merged the streams knows it. */
		else if (h)
			val = h->label;
		if (val)
			p = put(p, val, strnlen(val, LABEL_MAX));
	}
	return p;
}

/* Behind a line feed, the process that has it. */
static char *put_proc(char *p, struct names *names, const struct event *e)
{
	const struct proc *proc = names && e->ev.flags & WHYDROP_EV_SK_FULL ?
				  names_proc(names, e->ev.sock_ino) : NULL;

	if (!proc)
		return p;
	*p++ = '\n';
	return p + names_proc_text(p, proc);
}

/* Behind a zero, the host, without which the number of a namespace means nothing. */
static char *put_host(char *p, const struct event *e)
{
	if (!e->host)
		return p;
	*p++ = '\0';
	return put(p, e->host->label, strnlen(e->host->label, LABEL_MAX));
}

void cube_key(enum cube_dim dim, const struct decoder *d, struct names *names,
	      const struct event *e, struct cube_key *k, char room[CUBE_KEY_ROOM])
{
	const char *name = NULL;
	char *end = room;

	*k = (struct cube_key){ .text = room };
	switch (dim) {
	case CUBE_STACK:
		end = put_stack(room, e);
		break;
	case CUBE_DEV:
		k->netns = e->ev.netns;
		end = put_host(put(room, e->ev.dev, strnlen(e->ev.dev, WHYDROP_DEV_LEN)), e);
		break;
	case CUBE_NETNS:
		k->netns = e->ev.netns;
		if (names && k->netns)
			name = names_netns(names, k->netns, e->ev.mono_ns)->name;
		if (name)
			end = put(room, name, strnlen(name, LABEL_MAX));
		end = put_host(end, e);
		break;
	case CUBE_FLOW:
		packet_flow_key(room, &e->pkt, &e->ev);
		end = room + strlen(room);
		break;
	case CUBE_SOCK:
		k->netns = e->ev.flags & WHYDROP_EV_SK ? e->ev.netns : 0;
		end = put_proc(put_sock(room, e), names, e);
		if (end > room)
			end = put_host(end, e);
		break;
	case CUBE_COMM:
		k->text = e->ev.comm;
		k->len = strnlen(e->ev.comm, WHYDROP_COMM_LEN);
		return;
	case CUBE_BOOT:
		end = put_boot(room, d, e ? e->host : NULL);
		break;
	case CUBE_DIMS:
		break;
	}
	k->len = end - room;
}

/* The expression that selects the packets of this flow; NULL: none does. */
static char *flow_expression(const struct packet *p)
{
	bool has_ports = p->has_ports && (p->proto == IPPROTO_TCP || p->proto == IPPROTO_UDP ||
					  p->proto == IPPROTO_SCTP);
	bool ipv4 = p->ethertype == ETH_IPV4;
	char text[256], addr[ADDR_TEXT];
	char *end = text;

	if (!p->src || (!ipv4 && p->ethertype != ETH_IPV6))
		return NULL;
	addr[addr_text(addr, p->src, p->addr_len)] = '\0';
	end += sprintf(end, "src host %s", addr);
	addr[addr_text(addr, p->dst, p->addr_len)] = '\0';
	end += sprintf(end, " and dst host %s", addr);
	if (has_ports)
		end += sprintf(end, " and %s src port %u and dst port %u", proto_name(p->proto),
			       p->sport, p->dport);
	else if (p->has_proto)
		end += sprintf(end, " and %s proto %u", ipv4 ? "ip" : "ip6", p->proto);
	return text_copy(text, end - text);
}

void cube_describe(enum cube_dim dim, const struct event *e, struct cube_value *v)
{
	const char *decided, *text;

	if (dim == CUBE_FLOW)
		v->note = flow_expression(&e->pkt);
	if (dim != CUBE_STACK)
		return;
	v->class = drop_class(e->reason, e->stack);
	text = e->reason->description ? e->reason->description : "";
	v->note = text_copy(text, strnlen(text, LABEL_MAX));
	if (!e->stack)
		return;
	decided = place_decided_by(e->stack);
	v->about = place_find(e->reason->label, decided);
}
