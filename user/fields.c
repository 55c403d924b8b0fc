// SPDX-License-Identifier: GPL-2.0-only
/* The table of what can be shown of an event, and how to get each. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "fields.h"

static void set_str(struct value *v, const char *s)
{
	if (!s)
		return;
	v->kind = KIND_STRING;
	v->str = s;
	v->len = strlen(s);
}

static void set_number(struct value *v, uint64_t number)
{
	v->kind = KIND_NUMBER;
	v->number = number;
}

static void set_bool(struct value *v, bool b)
{
	v->kind = KIND_BOOL;
	v->number = b;
}

/* @digits digits of @val, leading zeros too. */
static char *put_digits(char *p, uint64_t val, unsigned int digits)
{
	unsigned int i;

	for (i = digits; i--; val /= 10)
		p[i] = '0' + val % 10;
	return p + digits;
}

/* Seconds and @digits digits of a fraction that @ns nanoseconds are. */
static void set_seconds(struct value *v, uint64_t ns, unsigned int digits)
{
	uint64_t frac = ns % 1000000000;
	unsigned int i;

	for (i = digits; i < 9; i++)
		frac /= 10;
	v->len = snprintf(v->buf, sizeof(v->buf), "%llu.%0*llu",
			  (unsigned long long)(ns / 1000000000), (int)digits,
			  (unsigned long long)frac);
	v->kind = KIND_STRING;
	v->str = v->buf;
}

static void split_ns(int64_t ns, int64_t *sec, uint32_t *rest)
{
	*sec = ns / 1000000000;
	if (ns % 1000000000 < 0)
		--*sec;
	*rest = ns - *sec * 1000000000;
}

static void get_time(struct fmt *f, const struct event *e, struct value *v)
{
	uint32_t rest;
	struct tm tm;
	int64_t sec;
	time_t t;
	char *p;

	if (!e->has_real)
		return;
	split_ns(e->real_ns, &sec, &rest);
	if (sec != f->utc_sec) {
		t = sec;
		if (!gmtime_r(&t, &tm) ||
		    !strftime(f->utc, sizeof(f->utc), "%Y-%m-%dT%H:%M:%S.", &tm))
			return;
		f->utc_sec = sec;
	}
	p = stpcpy(v->buf, f->utc);
	p = put_digits(p, rest, 9);
	*p++ = 'Z';
	v->kind = KIND_STRING;
	v->str = v->buf;
	v->len = p - v->buf;
}

static void get_mono(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_seconds(v, e->ev.mono_ns, 9);
}

static void text_time(struct fmt *f, const struct event *e, struct value *v)
{
	uint32_t rest;
	struct tm tm;
	int64_t sec;
	time_t t;
	char *p;

	switch (f->when) {
	case WHEN_UTC:
		get_time(f, e, v);
		return;
	case WHEN_REL:
		if (!f->has_first)
			f->first_ns = e->ev.mono_ns;
		f->has_first = true;
		if (e->ev.mono_ns >= f->first_ns) {
			set_seconds(v, e->ev.mono_ns - f->first_ns, 6);
			return;
		}
		/* Another CPU's, merged in later than it happened. */
		set_seconds(v, f->first_ns - e->ev.mono_ns, 6);
		memmove(v->buf + 1, v->buf, ++v->len);
		v->buf[0] = '-';
		return;
	case WHEN_MONO:
		get_mono(f, e, v);
		return;
	default:
		break;
	}
	if (!e->has_real)
		return;
	split_ns(e->real_ns, &sec, &rest);
	if (sec != f->local_sec) {
		t = sec;
		if (!localtime_r(&t, &tm) ||
		    !strftime(f->local, sizeof(f->local), "%H:%M:%S.", &tm))
			return;
		f->local_sec = sec;
	}
	p = stpcpy(v->buf, f->local);
	p = put_digits(p, rest / 1000, 6);
	v->kind = KIND_STRING;
	v->str = v->buf;
	v->len = p - v->buf;
}

static void get_cpu(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_number(v, e->ev.rec.cpu);
}

static void get_ctx(struct fmt *f, const struct event *e, struct value *v)
{
	static const char *const names[] = { "task", "softirq", "hardirq" };

	(void)f;
	if (e->ev.ctx < ARRAY_SIZE(names))
		set_str(v, names[e->ev.ctx]);
}

static void text_ctx(struct fmt *f, const struct event *e, struct value *v)
{
	static const char *const names[] = { "T", "S", "H" };

	(void)f;
	if (e->ev.ctx < ARRAY_SIZE(names))
		set_str(v, names[e->ev.ctx]);
}

static void get_comm(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	v->kind = KIND_STRING;
	v->str = e->ev.comm;
	v->len = strnlen(e->ev.comm, WHYDROP_COMM_LEN);
}

static void text_current(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	v->kind = KIND_STRING;
	v->str = v->buf;
	v->len = snprintf(v->buf, sizeof(v->buf), "%.*s/%u", WHYDROP_COMM_LEN,
			  e->ev.comm, e->ev.pid);
}

static void get_reason(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_str(v, e->reason->name);
}

static void text_reason(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_str(v, e->reason->label);
}

static void get_subsys(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (e->ev.reason != WHYDROP_NO_REASON)
		set_str(v, e->reason->subsys);
}

static void get_reason_id(struct fmt *f, const struct event *e,
			  struct value *v)
{
	(void)f;
	if (e->ev.reason != WHYDROP_NO_REASON)
		set_number(v, e->ev.reason);
}

static void get_dev(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (!*e->ev.dev)
		return;
	v->kind = KIND_STRING;
	v->str = e->ev.dev;
	v->len = strnlen(e->ev.dev, WHYDROP_DEV_LEN);
}

static void get_family(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (e->pkt.ethertype)
		set_str(v, ethertype_name(e->pkt.ethertype));
	else if (e->ev.flags & WHYDROP_EV_SK)
		set_str(v, socket_family(e->ev.sock_family));
}

static void set_proto(struct value *v, unsigned int proto)
{
	const char *name = proto_name(proto);

	if (!name) {
		snprintf(v->buf, sizeof(v->buf), "%u", proto);
		name = v->buf;
	}
	set_str(v, name);
}

static void get_proto(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (e->pkt.has_proto)
		set_proto(v, e->pkt.proto);
}

static void set_addr(struct value *v, const uint8_t *addr, unsigned int len)
{
	if (!addr)
		return;
	v->len = addr_text(v->buf, addr, len);
	v->str = v->buf;
	v->kind = KIND_STRING;
}

static void get_src(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_addr(v, e->pkt.src, e->pkt.addr_len);
}

static void get_dst(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_addr(v, e->pkt.dst, e->pkt.addr_len);
}

static void get_sport(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (e->pkt.has_ports)
		set_number(v, e->pkt.sport);
}

static void get_dport(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (e->pkt.has_ports)
		set_number(v, e->pkt.dport);
}

static void get_len(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_number(v, e->pkt.len);
}

static void get_at(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (!e->stack)
		return;
	v->kind = KIND_STRING;
	v->str = e->stack->place->text;
	v->len = e->stack->place->len;
}

static void get_stack(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (!event_has_stack(e))
		return;
	v->kind = KIND_LIST;
	v->list = e->stack->frame;
	v->nr = e->stack->nr;
}

static void get_stack_kind(struct fmt *f, const struct event *e,
			   struct value *v)
{
	static const char *const names[] = {
		"by_id", "inline", "suppressed", "off"
	};

	(void)f;
	if (e->ev.stack_kind < ARRAY_SIZE(names))
		set_str(v, names[e->ev.stack_kind]);
}

static void get_stack_flags(struct fmt *f, const struct event *e,
			    struct value *v)
{
	(void)f;
	if (!e->stack)
		return;
	text_stack_flags(v->buf, sizeof(v->buf), e->stack->flags);
	set_str(v, *v->buf ? v->buf : NULL);
}

static void get_vlan(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (e->pkt.has_vlan)
		set_number(v, e->pkt.vlan);
}

static void get_ethertype(struct fmt *f, const struct event *e,
			  struct value *v)
{
	(void)f;
	if (!e->pkt.ethertype)
		return;
	snprintf(v->buf, sizeof(v->buf), "0x%04x", e->pkt.ethertype);
	set_str(v, v->buf);
}

static void get_mac_src(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	if (e->pkt.mac)
		set_addr(v, e->pkt.mac + 6, 6);
}

static void get_mac_dst(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_addr(v, e->pkt.mac, 6);
}

static void get_tcp_flags(struct fmt *f, const struct event *e,
			  struct value *v)
{
	(void)f;
	if (!e->pkt.has_tcp)
		return;
	tcp_flags(v->buf, e->pkt.tcp_flags);
	set_str(v, v->buf);
}

static void get_icmp_type(struct fmt *f, const struct event *e,
			  struct value *v)
{
	(void)f;
	if (e->pkt.has_icmp)
		set_number(v, e->pkt.icmp_type);
}

static void get_icmp_code(struct fmt *f, const struct event *e,
			  struct value *v)
{
	(void)f;
	if (e->pkt.has_icmp)
		set_number(v, e->pkt.icmp_code);
}

static void get_frag_off(struct fmt *f, const struct event *e,
			 struct value *v)
{
	(void)f;
	if (e->pkt.fragment)
		set_number(v, e->pkt.frag_off);
}

static void get_by_iif(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_bool(v, e->ev.flags & WHYDROP_EV_DEV_BY_IIF);
}

static void get_deferred(struct fmt *f, const struct event *e,
			 struct value *v)
{
	(void)f;
	set_bool(v, e->stack && e->stack->flags & WHYDROP_STACK_DEFERRED);
}

static void get_data(struct fmt *f, const struct event *e, struct value *v)
{
	static const char hex[] = "0123456789abcdef";
	size_t i, n = MIN(e->ev.caplen, WHYDROP_SNAPLEN_MAX);

	if (!f->hex)
		return;
	for (i = 0; i < n; i++) {
		v->buf[2 * i] = hex[e->data[i] >> 4];
		v->buf[2 * i + 1] = hex[e->data[i] & 15];
	}
	v->kind = KIND_STRING;
	v->str = v->buf;
	v->len = 2 * n;
}

static void text_flow(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	packet_flow(v->buf, sizeof(v->buf), &e->pkt, &e->ev);
	set_str(v, v->buf);
}

static void get_sk_family(struct fmt *f, const struct event *e,
			  struct value *v)
{
	const char *name = socket_family(e->ev.sock_family);

	(void)f;
	if (!name) {
		snprintf(v->buf, sizeof(v->buf), "%u", e->ev.sock_family);
		name = v->buf;
	}
	set_str(v, name);
}

static void get_sk_type(struct fmt *f, const struct event *e, struct value *v)
{
	static const char *const names[] = {
		[SOCK_STREAM] = "stream", [SOCK_DGRAM] = "dgram",
		[SOCK_RAW] = "raw", [SOCK_RDM] = "rdm",
		[SOCK_SEQPACKET] = "seqpacket", [SOCK_DCCP] = "dccp",
		[SOCK_PACKET] = "packet",
	};

	(void)f;
	if (e->ev.sock_type < ARRAY_SIZE(names))
		set_str(v, names[e->ev.sock_type]);
}

static void get_sk_proto(struct fmt *f, const struct event *e,
			 struct value *v)
{
	(void)f;
	if (e->ev.sock_family == AF_INET || e->ev.sock_family == AF_INET6)
		set_proto(v, e->ev.sock_protocol);
}

static void get_sk_state(struct fmt *f, const struct event *e,
			 struct value *v)
{
	static const char *const names[] = {
		NULL, "established", "syn-sent", "syn-recv", "fin-wait-1",
		"fin-wait-2", "time-wait", "close", "close-wait", "last-ack",
		"listen", "closing", "new-syn-recv",
	};

	(void)f;
	if (e->ev.sock_state < ARRAY_SIZE(names))
		set_str(v, names[e->ev.sock_state]);
}

static void get_rx_sk(struct fmt *f, const struct event *e, struct value *v)
{
	(void)f;
	set_bool(v, e->ev.flags & WHYDROP_EV_RX_SK);
}

#define STR(fn) .kind = KIND_STRING, .get = fn
#define NUMBER(fn) .kind = KIND_NUMBER, .right = true, .get = fn
#define BOOL(fn) .kind = KIND_BOOL, .get = fn
#define INT(member) .kind = KIND_NUMBER, .right = true,			\
	.at = offsetof(struct whydrop_event, member),			\
	.size = sizeof(((struct whydrop_event *)0)->member)
#define SK .flag = WHYDROP_EV_SK
#define SK_FULL .flag = WHYDROP_EV_SK_FULL

/* In the order of JSON. The key of a part of an object is OBJECT.PART. */
const struct field fields[] = {
	{ "seq", NULL, 8, INT(seq),
	  .meaning = "number of the event on its CPU; a gap is a loss" },
	{ "cpu", NULL, 3, NUMBER(get_cpu), .meaning = "CPU that dropped it" },
	{ "time", NULL, 15, STR(get_time), .text = text_time,
	  .meaning = "when: UTC, RFC 3339; in text as --time says" },
	{ "mono", NULL, 19, STR(get_mono),
	  .meaning = "when: CLOCK_MONOTONIC, seconds since boot" },
	{ "ctx", NULL, 3, STR(get_ctx), .text = text_ctx,
	  .meaning = "task, softirq, hardirq; in text T, S, H" },
	{ "comm", NULL, 16, STR(get_comm),
	  .meaning = "task on that CPU; unless ctx is task, merely interrupted" },
	{ "pid", NULL, 7, INT(pid), .meaning = "thread id of that task" },
	{ "reason", NULL, 20, STR(get_reason), .text = text_reason,
	  .colour = COLOUR_BAD,
	  .meaning = "why: the kernel's drop reason; in text SUBSYS/NAME" },
	{ "subsys", NULL, 8, STR(get_subsys),
	  .meaning = "whose reason: core, or a subsystem of the kernel" },
	{ "reason_id", NULL, 6, NUMBER(get_reason_id),
	  .meaning = "its number in that kernel" },
	{ "dev", NULL, 8, STR(get_dev), .colour = COLOUR_NAME,
	  .meaning = "network device" },
	{ "ifindex", NULL, 7, INT(ifindex), .zero_is_null = true,
	  .meaning = "index of the device" },
	{ "netns", NULL, 10, INT(netns), .zero_is_null = true,
	  .meaning = "inode of the network namespace" },
	{ "family", NULL, 7, STR(get_family),
	  .meaning = "ipv4, ipv6, arp, ...; else the socket's: unix, netlink" },
	{ "proto", NULL, 6, STR(get_proto),
	  .meaning = "tcp, udp, icmp, ...; one without name as number" },
	{ "src", NULL, 15, STR(get_src), .meaning = "source address" },
	{ "dst", NULL, 15, STR(get_dst), .meaning = "destination address" },
	{ "sport", NULL, 5, NUMBER(get_sport), .meaning = "source port" },
	{ "dport", NULL, 5, NUMBER(get_dport), .meaning = "destination port" },
	{ "len", NULL, 5, NUMBER(get_len),
	  .meaning = "bytes from the network header on" },
	{ "mark", NULL, 6, INT(mark), .meaning = "skb mark (fwmark)" },
	{ "at", NULL, 32, STR(get_at), .colour = COLOUR_PLACE,
	  .meaning = "place of the drop in the kernel" },
	{ "stack", NULL, 0, .kind = KIND_LIST, .get = get_stack,
	  .meaning = "kernel stack, from that place outwards" },
	{ "stack_kind", NULL, 10, STR(get_stack_kind),
	  .meaning = "by_id, inline; suppressed (by stack_rate), off: no stack" },
	{ "stack_flags", NULL, 12, STR(get_stack_flags),
	  .meaning = "cut, interrupted, ...: what is to be known of the stack" },
	{ "iif", NULL, 5, INT(iif), .zero_is_null = true,
	  .meaning = "index of the device it came in by" },
	{ "vlan", NULL, 4, NUMBER(get_vlan), .meaning = "VLAN id" },
	{ "ethertype", NULL, 9, STR(get_ethertype), .meaning = "EtherType" },
	{ "mac_src", NULL, 17, STR(get_mac_src),
	  .meaning = "source MAC address, if captured" },
	{ "mac_dst", NULL, 17, STR(get_mac_dst),
	  .meaning = "destination MAC address, if captured" },
	{ "tcp_flags", NULL, 9, STR(get_tcp_flags),
	  .meaning = "of F S R P . (ACK) U E W" },
	{ "icmp_type", NULL, 9, NUMBER(get_icmp_type),
	  .meaning = "type of an ICMP or ICMPv6 message" },
	{ "icmp_code", NULL, 9, NUMBER(get_icmp_code),
	  .meaning = "code of it" },
	{ "frag_off", NULL, 8, NUMBER(get_frag_off),
	  .meaning = "offset of an IP fragment in bytes" },
	{ "pkt_len", NULL, 7, INT(pkt_len),
	  .meaning = "bytes of the packet from its first captured byte on" },
	{ "caplen", NULL, 6, INT(caplen), .meaning = "bytes captured of it" },
	{ "dev_type", NULL, 8, INT(dev_type),
	  .meaning = "ARPHRD_ type of the device" },
	{ "dev_by_iif", NULL, 10, BOOL(get_by_iif),
	  .meaning = "the device was found by iif alone" },
	{ "deferred", NULL, 8, BOOL(get_deferred),
	  .meaning = "freed later than dropped: place and stack are of then" },
	{ "data", NULL, 0, STR(get_data),
	  .meaning = "the captured bytes as hex digits, with -x" },
	{ "sock.family", NULL, 11, STR(get_sk_family), SK,
	  .meaning = "address family of the socket: inet, inet6, unix, ..." },
	{ "sock.type", NULL, 9, STR(get_sk_type), SK_FULL,
	  .meaning = "stream, dgram, raw, ..." },
	{ "sock.proto", NULL, 10, STR(get_sk_proto), SK_FULL,
	  .meaning = "its protocol, as proto" },
	{ "sock.state", NULL, 11, STR(get_sk_state), SK,
	  .meaning = "established, listen, close, ... as in TCP" },
	{ "sock.cookie", NULL, 11, INT(sock_cookie), SK, .zero_is_null = true,
	  .meaning = "its cookie, if it has one" },
	{ "sock.uid", NULL, 8, INT(sock_uid), SK_FULL,
	  .meaning = "user id of its owner" },
	{ "sock.ino", NULL, 9, INT(sock_ino), SK_FULL, .zero_is_null = true,
	  .meaning = "its inode, as in ss -e and /proc/PID/fd" },
	{ "sock.rmem", NULL, 9, INT(sock_rmem), SK_FULL,
	  .meaning = "bytes of its receive buffer in use" },
	{ "sock.rcvbuf", NULL, 11, INT(sock_rcvbuf), SK_FULL,
	  .meaning = "limit of its receive buffer" },
	{ "sock.rx", NULL, 7, BOOL(get_rx_sk), SK,
	  .meaning = "it is the one that should have received the packet" },
	{ "current", NULL, 20, STR(text_current), .text_only = true,
	  .meaning = "comm/pid in one" },
	{ "flow", NULL, 48, STR(text_flow), .text_only = true,
	  .meaning = "the packet in the words of tcpdump" },
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

void field_value(const struct field *fl, struct fmt *f, const struct event *e,
		 bool text, struct value *v)
{
	const char *p = (const char *)&e->ev + fl->at;

	v->kind = KIND_NULL;
	if (fl->flag && !(e->ev.flags & fl->flag))
		return;
	if (text && fl->text) {
		fl->text(f, e, v);
		return;
	}
	if (fl->get) {
		fl->get(f, e, v);
		return;
	}
	switch (fl->size) {
	case 2:
		v->number = *(const uint16_t *)p;
		break;
	case 4:
		v->number = *(const uint32_t *)p;
		break;
	default:
		v->number = *(const uint64_t *)p;
		break;
	}
	if (v->number || !fl->zero_is_null)
		v->kind = KIND_NUMBER;
}

int fields_choose(struct fmt *f, const char *list)
{
	char *copy = text_copy(list, strlen(list)), *key, *save;
	int err = 0;
	size_t i;

	for (key = strtok_r(copy, ",", &save); key && !err;
	     key = strtok_r(NULL, ",", &save)) {
		const struct field *fl = field_find(key);
		struct nearest near = { .typed = key };

		if (fl) {
			f->chosen = grow(f->chosen, f->nr_chosen,
					 &f->chosen_room, sizeof(fl));
			f->chosen[f->nr_chosen++] = fl;
			f->picked |= 1ull << (fl - fields);
			continue;
		}
		complain("an event has no field `%s'", key);
		for (i = 0; i < nr_fields; i++)
			nearest_add(&near, fields[i].key);
		if (near.nr)
			nearest_say(&near);
		else
			hint("`whydrop fields' lists them");
		err = EXIT_USAGE;
	}
	if (!err && !f->nr_chosen) {
		complain("an empty list of fields");
		err = EXIT_USAGE;
	}
	free(copy);
	return err;
}

void fmt_init(struct fmt *f, struct out *o)
{
	memset(f, 0, sizeof(*f));
	f->out = o;
	f->header = true;
	f->utc_sec = INT64_MIN;
	f->local_sec = INT64_MIN;
	f->day = -1;
}
