// SPDX-License-Identifier: GPL-2.0-only
/* The table of what can be shown of an event, and how to get each. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "format/fields.h"

static void set_str(struct value *v, const char *s, size_t len)
{
	v->kind = KIND_STRING;
	v->str = s;
	v->len = len;
	v->clean = false;
}

/* Text of our own making, in which nothing has to be escaped. */
static void set_own(struct value *v, const char *s, size_t len)
{
	set_str(v, s, len);
	v->clean = true;
}

static void set_word(struct value *v, const char *s)
{
	if (s)
		set_str(v, s, strlen(s));
}

static void set_own_word(struct value *v, const char *s)
{
	if (s)
		set_own(v, s, strlen(s));
}


static void __attribute__((format(printf, 2, 3))) set_fmt(struct value *v, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(v->buf, sizeof(v->buf), fmt, ap);
	va_end(ap);
	set_word(v, v->buf);
}

/* One that is not of @names, as a later module or kernel may have it, is told as its number. */
static void set_name_of(struct value *v, const char *const *names, size_t nr, unsigned int i)
{
	if (i < nr && names[i])
		set_own_word(v, names[i]);
	else if (i)
		set_fmt(v, "%u", i);
}

#define set_name(v, names, i) set_name_of(v, names, ARRAY_SIZE(names), i)

static void set_number(struct value *v, uint64_t number)
{
	v->kind = KIND_NUMBER;
	v->number = number;
}

/* A number of which 0 says that it is not known. */
static void set_known(struct value *v, uint64_t number)
{
	if (number)
		set_number(v, number);
}

static void set_bool(struct value *v, bool b)
{
	v->kind = KIND_BOOL;
	v->number = b;
}

static void set_addr(struct value *v, const uint8_t *addr, unsigned int len)
{
	if (addr)
		set_own(v, v->buf, addr_text(v->buf, addr, len));
}

static void set_proto(struct value *v, unsigned int proto)
{
	if (proto_name(proto))
		set_own_word(v, proto_name(proto));
	else
		set_fmt(v, "%u", proto);
}

static void set_socket_family(struct value *v, unsigned int family)
{
	if (socket_family(family))
		set_own_word(v, socket_family(family));
	else
		set_fmt(v, "%u", family);
}

/* The last @digits decimal digits of @val at @p. */
static void put_digits(char *p, uint32_t val, unsigned int digits)
{
	while (digits--) {
		p[digits] = '0' + val % 10;
		val /= 10;
	}
}

/* With the first @digits of the fraction. */
static void set_seconds(struct value *v, uint64_t ns, unsigned int digits)
{
	uint64_t sec = ns / 1000000000;
	char fraction[9], *p = v->buf + 20;

	put_digits(fraction, ns % 1000000000, 9);
	*p = '.';
	memcpy(p + 1, fraction, digits);
	p[1 + digits] = '\0';
	do
		*--p = '0' + sec % 10;
	while (sec /= 10);
	set_own(v, p, v->buf + 21 + digits - p);
}

static void set_hex16(struct value *v, unsigned int val)
{
	static const char hex[] = "0123456789abcdef";
	unsigned int i;

	memcpy(v->buf, "0x", 2);
	for (i = 0; i < 4; i++)
		v->buf[2 + i] = hex[val >> (12 - 4 * i) & 15];
	set_own(v, v->buf, 6);
}

/*
 * The time of day with @digits of the second. The text of a second is kept in
 * @cache, because the next event mostly is of the same.
 */
static void set_clock(struct value *v, int64_t ns, bool utc, unsigned int digits,
		      struct second *cache)
{
	int64_t sec = ns / 1000000000 - (ns % 1000000000 < 0);
	uint32_t rest = ns - sec * 1000000000;
	time_t t = sec;
	struct tm tm;
	unsigned int i;
	char *p;

	if (!cache->valid || sec != cache->sec) {
		if (!(utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) ||
		    !strftime(cache->text, sizeof(cache->text),
			      utc ? "%Y-%m-%dT%H:%M:%S." : "%H:%M:%S.", &tm))
			return;
		cache->valid = true;
		cache->sec = sec;
	}
	p = stpcpy(v->buf, cache->text);
	for (i = digits; i < 9; i++)
		rest /= 10;
	put_digits(p, rest, digits);
	p += digits;
	if (utc)
		*p++ = 'Z';
	set_own(v, v->buf, p - v->buf);
}

static void get_time(struct fmt *f, const struct event *e, bool text, struct value *v)
{
	uint64_t ns = e->ev.mono_ns;

	if (text && f->when == WHEN_MONO) {
		set_seconds(v, ns, 9);
	} else if (text && f->when == WHEN_REL) {
		if (!f->has_first)
			f->first_ns = ns;
		f->has_first = true;
		if (ns >= f->first_ns) {
			set_seconds(v, ns - f->first_ns, 6);
		} else {
			/* Another CPU's, merged in later than it happened. */
			set_seconds(v, f->first_ns - ns, 6);
			memmove(v->buf + 1, v->str, v->len);
			v->buf[0] = '-';
			set_own(v, v->buf, v->len + 1);
		}
	} else if (e->has_real && text && f->when != WHEN_UTC) {
		set_clock(v, e->real_ns, false, 6, &f->local);
	} else if (e->has_real) {
		set_clock(v, e->real_ns, true, 9, &f->utc);
	}
}

static void get_data(const struct event *e, struct value *v)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, n = MIN(e->ev.caplen, WHYDROP_SNAPLEN_MAX);

	for (i = 0; i < n; i++) {
		v->buf[2 * i] = hex[e->data[i] >> 4];
		v->buf[2 * i + 1] = hex[e->data[i] & 15];
	}
	set_own(v, v->buf, 2 * n);
}

enum id {
	SEQ, CPU, TIME, MONO, CTX, COMM, PID, REASON, SUBSYS, REASON_ID, DEV, IFINDEX, NETNS,
	FAMILY, PROTO, SRC, DST, SPORT, DPORT, LEN, MARK, AT, STACK, LINES, STACK_KIND, STACK_FLAGS, IIF,
	VLAN, ETHERTYPE, MAC_SRC, MAC_DST, TCP_FLAGS, ICMP_TYPE, ICMP_CODE, FRAG_OFF, PKT_LEN,
	CAPLEN, DEV_TYPE, DEV_BY_IIF, UNWRITTEN, DEFERRED, QDISC, QDISC_REASON, DATA,
	SOCK_FAMILY, SOCK_TYPE, SOCK_PROTO, SOCK_STATE, SOCK_COOKIE, SOCK_UID, SOCK_INO, SOCK_RMEM,
	SOCK_RCVBUF, SOCK_RX, SOCK_TX, CURRENT, FLOW,
};

static void get_socket(enum id id, const struct whydrop_event *ev, struct value *v)
{
	static const char *const types[] = {
		[SOCK_STREAM] = "stream", [SOCK_DGRAM] = "dgram", [SOCK_RAW] = "raw",
		[SOCK_RDM] = "rdm", [SOCK_SEQPACKET] = "seqpacket", [SOCK_DCCP] = "dccp",
		[SOCK_PACKET] = "packet",
	};
	static const char *const states[] = {
		NULL, "established", "syn-sent", "syn-recv", "fin-wait-1", "fin-wait-2",
		"time-wait", "close", "close-wait", "last-ack", "listen", "closing",
		"new-syn-recv",
	};
	bool full = ev->flags & WHYDROP_EV_SK_FULL;

	if (!(ev->flags & WHYDROP_EV_SK))
		return;
	switch (id) {
	case SOCK_FAMILY:
		set_socket_family(v, ev->sock_family);
		return;
	case SOCK_STATE: set_name(v, states, ev->sock_state); return;
	case SOCK_COOKIE: set_known(v, ev->sock_cookie); return;
	case SOCK_RX: set_bool(v, ev->flags & WHYDROP_EV_RX_SK); return;
	case SOCK_TX: set_bool(v, ev->flags & WHYDROP_EV_TX_SK); return;
	default: break;
	}
	if (!full)
		return;
	switch (id) {
	case SOCK_TYPE: set_name(v, types, ev->sock_type); break;
	case SOCK_PROTO:
		if (ev->sock_family == AF_INET || ev->sock_family == AF_INET6)
			set_proto(v, ev->sock_protocol);
		break;
	case SOCK_UID: set_number(v, ev->sock_uid); break;
	case SOCK_INO: set_known(v, ev->sock_ino); break;
	case SOCK_RMEM: set_number(v, ev->sock_rmem); break;
	case SOCK_RCVBUF: set_number(v, ev->sock_rcvbuf); break;
	default: break;
	}
}

static void get_packet(enum id id, const struct packet *p, struct value *v)
{
	switch (id) {
	case PROTO: if (p->has_proto) set_proto(v, p->proto); break;
	case SRC: set_addr(v, p->src, p->addr_len); break;
	case DST: set_addr(v, p->dst, p->addr_len); break;
	case SPORT: if (p->has_ports) set_number(v, p->sport); break;
	case DPORT: if (p->has_ports) set_number(v, p->dport); break;
	case LEN: set_number(v, p->len); break;
	case VLAN: if (p->has_vlan) set_number(v, p->vlan); break;
	case ETHERTYPE: if (p->ethertype) set_hex16(v, p->ethertype); break;
	case MAC_SRC: set_addr(v, p->mac ? p->mac + 6 : NULL, 6); break;
	case MAC_DST: set_addr(v, p->mac, 6); break;
	case TCP_FLAGS:
		if (!p->has_tcp)
			break;
		tcp_flags(v->buf, p->tcp_flags);
		set_word(v, v->buf);
		break;
	case ICMP_TYPE: if (p->has_icmp) set_number(v, p->icmp_type); break;
	case ICMP_CODE: if (p->has_icmp) set_number(v, p->icmp_code); break;
	case FRAG_OFF: if (p->fragment) set_number(v, p->frag_off); break;
	default: break;
	}
}

/* Where text differs from JSON, @text says which. */
static void get(enum id id, struct fmt *f, const struct event *e, bool text, struct value *v)
{
	static const char *const ctxs[] = { "task", "softirq", "hardirq" };
	static const char *const letters[] = { "T", "S", "H" };
	static const char *const kinds[] = { "by_id", "inline", "suppressed", "off" };
	bool no_reason = e->ev.reason == WHYDROP_NO_REASON;
	unsigned int flags = e->stack ? e->stack->flags : 0;
	const struct whydrop_event *ev = &e->ev;

	switch (id) {
	case SEQ: set_number(v, ev->seq); break;
	case CPU: set_number(v, ev->rec.cpu); break;
	case TIME: get_time(f, e, text, v); break;
	case MONO: set_seconds(v, ev->mono_ns, 9); break;
	case CTX:
		if (text)
			set_name(v, letters, ev->ctx);
		else
			set_name(v, ctxs, ev->ctx);
		break;
	case COMM: set_str(v, ev->comm, strnlen(ev->comm, WHYDROP_COMM_LEN)); break;
	case PID: set_number(v, ev->pid); break;
	case REASON: set_word(v, text ? e->reason->label : e->reason->name); break;
	case SUBSYS: set_word(v, no_reason ? NULL : e->reason->subsys); break;
	case REASON_ID: if (!no_reason) set_number(v, ev->reason); break;
	case DEV: if (*ev->dev) set_str(v, ev->dev, strnlen(ev->dev, WHYDROP_DEV_LEN)); break;
	case IFINDEX: set_known(v, ev->ifindex); break;
	case NETNS: set_known(v, ev->netns); break;
	case FAMILY:
		if (ethertype_name(e->pkt.ethertype))
			set_own_word(v, ethertype_name(e->pkt.ethertype));
		else if (e->pkt.ethertype)
			set_hex16(v, e->pkt.ethertype);
		else if (ev->flags & WHYDROP_EV_SK)
			set_socket_family(v, ev->sock_family);
		break;
	case MARK: set_number(v, ev->mark); break;
	case AT:
		if (!e->stack)
			break;
		set_str(v, e->stack->place->text, e->stack->place->len);
		v->clean = e->stack->place->clean;
		break;
	case STACK:
		if (!event_has_stack(e))
			break;
		v->kind = KIND_LIST;
		v->list = e->stack->frame;
		v->nr = e->stack->nr;
		break;
	case LINES:
		if (!f->lines || !event_has_stack(e))
			break;
		v->kind = KIND_LINES;
		v->list = e->stack->frame;
		v->nr = e->stack->nr;
		break;
	case STACK_KIND: set_name(v, kinds, ev->stack_kind); break;
	case STACK_FLAGS:
		stack_flags_text(v->buf, sizeof(v->buf), flags);
		set_word(v, *v->buf ? v->buf : NULL);
		break;
	case IIF: set_known(v, ev->iif); break;
	case PKT_LEN: set_number(v, ev->pkt_len); break;
	case CAPLEN: set_number(v, ev->caplen); break;
	case DEV_TYPE: set_number(v, ev->dev_type); break;
	case DEV_BY_IIF: set_bool(v, ev->flags & WHYDROP_EV_DEV_BY_IIF); break;
	case UNWRITTEN: set_bool(v, ev->flags & WHYDROP_EV_UNWRITTEN); break;
	case DEFERRED: set_bool(v, flags & WHYDROP_STACK_DEFERRED); break;
	case QDISC: if (ev->qdisc_reason) set_fmt(v, "%x:", ev->qdisc); break;
	case QDISC_REASON:
		if (e->qdisc)
			set_word(v, e->qdisc->name);
		else if (ev->qdisc_reason)
			set_fmt(v, "UNKNOWN(%u)", ev->qdisc_reason);
		break;
	case DATA: if (f->hex || f->picked >> DATA & 1) get_data(e, v); break;
	case CURRENT: set_fmt(v, "%.*s/%u", WHYDROP_COMM_LEN, ev->comm, ev->pid); break;
	case FLOW:
		packet_flow(v->buf, sizeof(v->buf), &e->pkt, ev);
		set_word(v, v->buf);
		break;
	default:
		if (id >= SOCK_FAMILY)
			get_socket(id, ev, v);
		else
			get_packet(id, &e->pkt, v);
	}
}

#define STR .kind = KIND_STRING, .meaning
#define NUM .kind = KIND_NUMBER, .right = true, .meaning
#define BOOL .kind = KIND_BOOL, .meaning
#define IN_JSON(k) .json = ",\"" k "\":", .json_len = sizeof(",\"" k "\":") - 1
#define KEY(k) .key = k, IN_JSON(k), .width
#define SOCK(k) .key = "sock." k, IN_JSON(k), .sock = true, .width

/* In the order of JSON. The key of a part of an object is OBJECT.PART. */
const struct field fields[] = {
	[SEQ] = { KEY("seq") = 8, NUM = "number of the event on its CPU; a gap means lost events" },
	[CPU] = { KEY("cpu") = 3, NUM = "CPU that dropped it" },
	[TIME] = { KEY("time") = 15, STR = "time: UTC, RFC 3339; in text see --time" },
	[MONO] = { KEY("mono") = 19, STR = "time: CLOCK_MONOTONIC, seconds since boot" },
	[CTX] = { KEY("ctx") = 3, STR = "task, softirq, hardirq; in text T, S, H" },
	[COMM] = { KEY("comm") = 16, STR = "task on that CPU; only interrupted, unless ctx is task" },
	[PID] = { KEY("pid") = 7, NUM = "thread id of that task" },
	[REASON] = { KEY("reason") = 20, STR = "the kernel's drop reason; in text SUBSYS/NAME",
		     .color = COLOR_BAD },
	[SUBSYS] = { KEY("subsys") = 8, STR = "who defines the reason: core, or a subsystem of the kernel" },
	[REASON_ID] = { KEY("reason_id") = 9, NUM = "its number in that kernel" },
	[DEV] = { KEY("dev") = 8, STR = "network device", .color = COLOR_NAME },
	[IFINDEX] = { KEY("ifindex") = 7, NUM = "index of the device" },
	[NETNS] = { KEY("netns") = 10, NUM = "inode of the network namespace" },
	[FAMILY] = { KEY("family") = 7, STR = "ipv4, arp, 0x88b5, ...; else the socket's: unix, netlink" },
	[PROTO] = { KEY("proto") = 6, STR = "tcp, udp, icmp, ...; an unnamed one is a number" },
	[SRC] = { KEY("src") = 15, STR = "source address" },
	[DST] = { KEY("dst") = 15, STR = "destination address" },
	[SPORT] = { KEY("sport") = 5, NUM = "source port" },
	[DPORT] = { KEY("dport") = 5, NUM = "destination port" },
	[LEN] = { KEY("len") = 5, NUM = "bytes from the network header on" },
	[MARK] = { KEY("mark") = 6, NUM = "skb mark (fwmark)" },
	[AT] = { KEY("at") = 32, STR = "place of the drop in the kernel", .color = COLOR_PLACE },
	[STACK] = { KEY("stack") = 0, .kind = KIND_LIST,
		    .meaning = "kernel stack, from that place outwards" },
	[LINES] = { KEY("lines") = 0, .kind = KIND_LIST,
		    .meaning = "source lines of these frames, with -l or -o" },
	[STACK_KIND] = { KEY("stack_kind") = 10,
			 STR = "by_id, inline; suppressed (by stack_rate), off: no stack" },
	[STACK_FLAGS] = { KEY("stack_flags") = 12,
			  STR = "cut, interrupted, ...: remarks about the stack" },
	[IIF] = { KEY("iif") = 5, NUM = "index of the device it came in by" },
	[VLAN] = { KEY("vlan") = 4, NUM = "VLAN id" },
	[ETHERTYPE] = { KEY("ethertype") = 9, STR = "EtherType" },
	[MAC_SRC] = { KEY("mac_src") = 17, STR = "source MAC address, if captured" },
	[MAC_DST] = { KEY("mac_dst") = 17, STR = "destination MAC address, if captured" },
	[TCP_FLAGS] = { KEY("tcp_flags") = 9, STR = "of F S R P . (ACK) U E W" },
	[ICMP_TYPE] = { KEY("icmp_type") = 9, NUM = "type of an ICMP or ICMPv6 message" },
	[ICMP_CODE] = { KEY("icmp_code") = 9, NUM = "code of that message" },
	[FRAG_OFF] = { KEY("frag_off") = 8, NUM = "offset of an IP fragment in bytes" },
	[PKT_LEN] = { KEY("pkt_len") = 7, NUM = "bytes of the packet from its first captured byte on" },
	[CAPLEN] = { KEY("caplen") = 6, NUM = "bytes captured of the packet" },
	[DEV_TYPE] = { KEY("dev_type") = 8, NUM = "ARPHRD_ type of the device" },
	[DEV_BY_IIF] = { KEY("dev_by_iif") = 10, BOOL = "the device was found by iif alone" },
	[UNWRITTEN] = { KEY("unwritten") = 9,
			BOOL = "no bytes were kept: the kernel may not have written the packet" },
	[DEFERRED] = { KEY("deferred") = 8,
		       BOOL = "freed later than dropped: place and stack are of the freeing" },
	[QDISC] = { KEY("qdisc") = 6, STR = "the queue's qdisc, as in tc; it or one below dropped it" },
	[QDISC_REASON] = { KEY("qdisc_reason") = 16,
			   STR = "why the qdisc dropped it; kernels from 7.1 on" },
	[DATA] = { KEY("data") = 0, STR = "the captured bytes as hex digits, with -x or -o" },
	[SOCK_FAMILY] = { SOCK("family") = 11,
			  STR = "address family of the socket: inet, inet6, unix, ..." },
	[SOCK_TYPE] = { SOCK("type") = 9, STR = "stream, dgram, raw, ..." },
	[SOCK_PROTO] = { SOCK("proto") = 10, STR = "its protocol, as proto" },
	[SOCK_STATE] = { SOCK("state") = 11, STR = "established, listen, close, ... as in TCP" },
	[SOCK_COOKIE] = { SOCK("cookie") = 11, NUM = "its cookie, if it has one" },
	[SOCK_UID] = { SOCK("uid") = 8, NUM = "user id of its owner" },
	[SOCK_INO] = { SOCK("ino") = 9, NUM = "its inode, as in ss -e and /proc/PID/fd" },
	[SOCK_RMEM] = { SOCK("rmem") = 9, NUM = "bytes of its receive buffer in use" },
	[SOCK_RCVBUF] = { SOCK("rcvbuf") = 11, NUM = "limit of its receive buffer" },
	[SOCK_RX] = { SOCK("rx") = 7,
		      BOOL = "that socket should have received the packet" },
	[SOCK_TX] = { SOCK("tx") = 7,
		      BOOL = "that socket sent the packet, maybe in another namespace" },
	[CURRENT] = { KEY("current") = 20, STR = "comm/pid in one", .text_only = true },
	[FLOW] = { KEY("flow") = 48, STR = "the packet, as tcpdump prints it", .text_only = true },
};

const size_t nr_fields = ARRAY_SIZE(fields);
_Static_assert(ARRAY_SIZE(fields) <= 64, "fmt.picked has no more bits");

const struct field *field_find(const char *key)
{
	size_t i;

	for (i = 0; i < nr_fields; i++)
		if (!strcmp(fields[i].key, key))
			return &fields[i];
	return NULL;
}

void field_value(const struct field *fl, struct fmt *f, const struct event *e, bool text,
		 struct value *v)
{
	v->kind = KIND_NULL;
	get(fl - fields, f, e, text, v);
}

void fmt_init(struct fmt *f, struct out *o)
{
	memset(f, 0, sizeof(*f));
	f->out = o;
	f->header = true;
	f->date.day = -1;
}
