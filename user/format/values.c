// SPDX-License-Identifier: GPL-2.0-only
/* Gets the value of each field from an event. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "format/field_ids.h"
#include "format/fields.h"
#include "known/drop.h"

/* Text of our own making, in which nothing has to be escaped. */
static void set_own(struct value *v, const char *s, size_t len)
{
	v->kind = KIND_STRING;
	v->str = s;
	v->len = len;
	v->clean = true;
}

static void set_str(struct value *v, const char *s, size_t len)
{
	set_own(v, s, len);
	v->clean = text_clean(s, len);
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
	set_own_word(v, v->buf);
}

/* One that is not of @names, as a later module or kernel may have it, is shown as its number. */
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

/* "." and the first @digits of nine of the fraction of a second; the end. */
static char *put_fraction(char *p, uint32_t ns, unsigned int digits)
{
	/* With ten digits, none of the nine is left out; the first becomes the point. */
	put_u64(p, UINT64_C(1000000000) + ns);
	*p = '.';
	return p + 1 + digits;
}

static void set_seconds(struct value *v, uint64_t ns, unsigned int digits)
{
	char *p = put_u64(v->buf, ns / 1000000000);

	set_own(v, v->buf, put_fraction(p, ns % 1000000000, digits) - v->buf);
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
	int64_t sec = ns / 1000000000, rest = ns % 1000000000;
	time_t t;
	struct tm tm;
	char *p;

	/* Before 1970: the second that it is in begins before it. */
	if (rest < 0) {
		sec--;
		rest += 1000000000;
	}
	t = sec;
	if (!cache->valid || sec != cache->sec) {
		if (!(utc ? gmtime_r(&t, &tm) : localtime_r(&t, &tm)) ||
		    !strftime(cache->text, sizeof(cache->text),
			      utc ? "%Y-%m-%dT%H:%M:%S" : "%H:%M:%S", &tm))
			return;
		cache->valid = true;
		cache->sec = sec;
	}
	p = put_fraction(stpcpy(v->buf, cache->text), rest, digits);
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

/* COMM/PID */
static void get_current(const struct whydrop_event *ev, struct value *v)
{
	char *p = mempcpy(v->buf, ev->comm, strnlen(ev->comm, WHYDROP_COMM_LEN));

	*p++ = '/';
	set_str(v, v->buf, put_u64(p, ev->pid) - v->buf);
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

/* Is there a socket, and not only the little one of a handshake or of TIME_WAIT? */
static bool full_socket(const struct whydrop_event *ev)
{
	return ev->flags & WHYDROP_EV_SK && ev->flags & WHYDROP_EV_SK_FULL;
}

static void get_number(enum id id, const struct event *e, struct value *v)
{
	const struct whydrop_event *ev = &e->ev;
	const struct packet *p = &e->pkt;

	switch (id) {
	case SEQ: set_number(v, ev->seq); break;
	case CPU: set_number(v, cpu_there(e->host, ev->rec.cpu)); break;
	case PID: set_number(v, ev->pid); break;
	case REASON_ID: if (ev->reason != WHYDROP_NO_REASON) set_number(v, ev->reason); break;
	case IFINDEX: set_known(v, ev->ifindex); break;
	case NETNS: set_known(v, ev->netns); break;
	case SPORT: if (p->has_ports) set_number(v, p->sport); break;
	case DPORT: if (p->has_ports) set_number(v, p->dport); break;
	case LEN: set_number(v, p->len); break;
	case MARK: set_number(v, ev->mark); break;
	case IIF: set_known(v, ev->iif); break;
	case VLAN: if (p->has_vlan) set_number(v, p->vlan); break;
	case ICMP_TYPE: if (p->has_icmp) set_number(v, p->icmp_type); break;
	case ICMP_CODE: if (p->has_icmp) set_number(v, p->icmp_code); break;
	case FRAG_OFF: if (p->fragment) set_number(v, p->frag_off); break;
	case PKT_LEN: set_number(v, ev->pkt_len); break;
	case CAPLEN: set_number(v, ev->caplen); break;
	case DEV_TYPE: set_number(v, ev->dev_type); break;
	case SOCK_COOKIE: if (ev->flags & WHYDROP_EV_SK) set_known(v, ev->sock_cookie); break;
	case SOCK_UID: if (full_socket(ev)) set_number(v, ev->sock_uid); break;
	case SOCK_INO: if (full_socket(ev)) set_known(v, ev->sock_ino); break;
	case SOCK_RMEM: if (full_socket(ev)) set_number(v, ev->sock_rmem); break;
	case SOCK_RCVBUF: if (full_socket(ev)) set_number(v, ev->sock_rcvbuf); break;
	default: break;
	}
}

static void get_bool(enum id id, const struct event *e, struct value *v)
{
	const struct whydrop_event *ev = &e->ev;

	switch (id) {
	case DEV_BY_IIF: set_bool(v, ev->flags & WHYDROP_EV_DEV_BY_IIF); break;
	case UNWRITTEN: set_bool(v, ev->flags & WHYDROP_EV_UNWRITTEN); break;
	case DEFERRED: set_bool(v, e->stack && e->stack->flags & WHYDROP_STACK_DEFERRED); break;
	case SOCK_RX: if (ev->flags & WHYDROP_EV_SK) set_bool(v, ev->flags & WHYDROP_EV_RX_SK); break;
	case SOCK_TX: if (ev->flags & WHYDROP_EV_SK) set_bool(v, ev->flags & WHYDROP_EV_TX_SK); break;
	default: break;
	}
}

static void get_frames(enum kind kind, const struct event *e, struct value *v)
{
	if (!event_has_stack(e))
		return;
	v->kind = kind;
	v->stack = e->stack;
	v->list = e->stack->frame;
	v->nr = e->stack->nr;
}

static void __attribute__((noinline)) get_inner(const struct event *e, bool text, struct value *v)
{
	if (!packet_tunnel(&v->tunnel, &e->pkt))
		return;
	if (text)
		set_own(v, v->buf, packet_inner_flow(v->buf, &v->tunnel));
	else
		v->kind = KIND_INNER;
}

static void __attribute__((noinline)) get_proc(struct fmt *f, const struct event *e, bool text,
					       struct value *v)
{
	v->proc = names_proc(f->names, e->ev.sock_ino);
	if (v->proc && text)
		set_str(v, v->buf, names_proc_text(v->buf, v->proc));
	else if (v->proc)
		v->kind = KIND_PROC;
}

static void get_socket(enum id id, const struct whydrop_event *ev, struct value *v)
{
	static const char *const types[] = {
		[WHYDROP_SOCK_STREAM] = "stream", [WHYDROP_SOCK_DGRAM] = "dgram",
		[SOCK_RAW] = "raw", [SOCK_RDM] = "rdm", [SOCK_SEQPACKET] = "seqpacket",
		[SOCK_DCCP] = "dccp", [SOCK_PACKET] = "packet",
	};
	static const char *const states[] = {
		NULL, "established", "syn-sent", "syn-recv", "fin-wait-1", "fin-wait-2",
		"time-wait", "close", "close-wait", "last-ack", "listen", "closing",
		"new-syn-recv",
	};

	if (!(ev->flags & WHYDROP_EV_SK))
		return;
	switch (id) {
	case SOCK_FAMILY: set_socket_family(v, ev->sock_family); break;
	case SOCK_TYPE: if (full_socket(ev)) set_name(v, types, ev->sock_type); break;
	case SOCK_PROTO:
		if (full_socket(ev) && (ev->sock_family == AF_INET || ev->sock_family == AF_INET6))
			set_proto(v, ev->sock_protocol);
		break;
	case SOCK_STATE: set_name(v, states, ev->sock_state); break;
	default: break;
	}
}

static void get_packet(enum id id, const struct packet *p, struct value *v)
{
	switch (id) {
	case PROTO: if (p->has_proto) set_proto(v, p->proto); break;
	case SRC: set_addr(v, p->src, p->addr_len); break;
	case DST: set_addr(v, p->dst, p->addr_len); break;
	case ETHERTYPE: if (p->ethertype) set_hex16(v, p->ethertype); break;
	case MAC_SRC: set_addr(v, p->mac ? p->mac + 6 : NULL, 6); break;
	case MAC_DST: set_addr(v, p->mac, 6); break;
	case TCP_FLAGS:
		if (!p->has_tcp)
			break;
		tcp_flags(v->buf, p->tcp_flags);
		set_own_word(v, v->buf);
		break;
	default: break;
	}
}

/*
 * Where text differs from JSON, @text says which. Not inlined, because of all its calls the
 * getters of numbers would save registers, too.
 */
static void __attribute__((noinline)) get_string(enum id id, struct fmt *f, const struct event *e, bool text, struct value *v)
{
	static const char *const ctxs[] = { "task", "softirq", "hardirq" };
	static const char *const letters[] = { "T", "S", "H" };
	static const char *const kinds[] = { "by_id", "inline", "suppressed", "off" };
	const struct whydrop_event *ev = &e->ev;

	switch (id) {
	case TIME: get_time(f, e, text, v); break;
	case MONO: set_seconds(v, ev->mono_ns, 9); break;
	case CTX:
		if (text)
			set_name(v, letters, ev->ctx);
		else
			set_name(v, ctxs, ev->ctx);
		break;
	case COMM: set_str(v, ev->comm, strnlen(ev->comm, WHYDROP_COMM_LEN)); break;
	case REASON: set_word(v, text ? e->reason->label : e->reason->name); break;
	case SUBSYS: if (ev->reason != WHYDROP_NO_REASON) set_word(v, e->reason->subsys); break;
	case HOST: set_word(v, e->host ? e->host->label : NULL); break;
	case DEV: if (*ev->dev) set_str(v, ev->dev, strnlen(ev->dev, WHYDROP_DEV_LEN)); break;
	case FAMILY:
		if (ethertype_name(e->pkt.ethertype))
			set_own_word(v, ethertype_name(e->pkt.ethertype));
		else if (e->pkt.ethertype)
			set_hex16(v, e->pkt.ethertype);
		else if (ev->flags & WHYDROP_EV_SK)
			set_socket_family(v, ev->sock_family);
		break;
	case AT:
		if (!e->stack)
			break;
		set_own(v, e->stack->place->text, e->stack->place->len);
		v->clean = e->stack->place->clean;
		break;
	case NETNS_NAME:
		if (f->names && ev->netns)
			set_word(v, names_netns(f->names, ev->netns, ev->mono_ns)->name);
		break;
	case STACK_KIND: set_name(v, kinds, ev->stack_kind); break;
	case STACK_FLAGS:
		if (!e->stack || !e->stack->flags)
			break;
		stack_flags_text(v->buf, sizeof(v->buf), e->stack->flags);
		set_own_word(v, *v->buf ? v->buf : NULL);
		break;
	case QDISC: if (ev->qdisc_reason) set_fmt(v, "%x:", ev->qdisc); break;
	case QDISC_REASON:
		if (e->qdisc)
			set_word(v, e->qdisc->name);
		else if (ev->qdisc_reason)
			set_fmt(v, "UNKNOWN(%u)", ev->qdisc_reason);
		break;
	case DATA: if (f->hex || f->data) get_data(e, v); break;
	case CURRENT: get_current(ev, v); break;
	case CLASS: set_own_word(v, drop_class(e->reason, e->stack)->name); break;
	case INTENT: set_own_word(v, intent_word(drop_class(e->reason, e->stack)->intent)); break;
	case FLOW: set_own(v, v->buf, packet_flow(v->buf, &e->pkt, ev)); break;
	default:
		if (id >= SOCK_FAMILY)
			get_socket(id, ev, v);
		else
			get_packet(id, &e->pkt, v);
	}
}

void field_value(const struct field *fl, struct fmt *f, const struct event *e, bool text,
		 struct value *v)
{
	v->kind = KIND_NULL;
	switch (fl->kind) {
	case KIND_NUMBER: get_number(fl - fields, e, v); break;
	case KIND_BOOL: get_bool(fl - fields, e, v); break;
	case KIND_INNER: if (packet_may_be_tunnel(&e->pkt)) get_inner(e, text, v); break;
	case KIND_PROC: if (f->names && full_socket(&e->ev)) get_proc(f, e, text, v); break;
	case KIND_NETNS: v->kind = KIND_NETNS; v->event = e; break;
	case KIND_LIST: get_frames(KIND_LIST, e, v); break;
	case KIND_LINES: if (f->lines) get_frames(KIND_LINES, e, v); break;
	default: get_string(fl - fields, f, e, text, v);
	}
}
