// SPDX-License-Identifier: GPL-2.0-only
/* Lists all that can be shown of an event, in one table. */
#include <string.h>

#include "format/field_ids.h"
#include "format/fields.h"

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
	[HOST] = { KEY("host") = 12, STR = "the host, in a recording of several", .on_request = true,
		   .color = COLOR_NAME },
	[DEV] = { KEY("dev") = 8, STR = "network device", .color = COLOR_NAME },
	[IFINDEX] = { KEY("ifindex") = 7, NUM = "index of the device" },
	[NETNS] = { KEY("netns") = 10, NUM = "inode of the network namespace" },
	[NETNS_NAME] = { KEY("netns_name") = 16,
			 STR = "its name: of ip netns, container, or oldest process" },
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
	[LINES] = { KEY("lines") = 0, .kind = KIND_LINES,
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
			BOOL = "no bytes kept: the kernel may not have written the packet" },
	[DEFERRED] = { KEY("deferred") = 8,
		       BOOL = "freed after the drop: place and stack are of the freeing" },
	[QDISC] = { KEY("qdisc") = 6, STR = "the queue's qdisc, as in tc; it or one below dropped it" },
	[QDISC_REASON] = { KEY("qdisc_reason") = 16,
			   STR = "why the qdisc dropped it; kernels from 7.1 on" },
	[INNER] = { KEY("inner") = 48, .kind = KIND_INNER, .on_request = true,
		    .meaning = "the packet in a tunnel: VXLAN, GENEVE, GRE, IP in IP" },
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
	[SOCK_PROC] = { .key = "sock.proc", IN_JSON("proc"), .sock = true, .width = 32,
			.kind = KIND_PROC, .meaning = "process that has it: COMM/PID and systemd's unit" },
	[CURRENT] = { KEY("current") = 20, STR = "comm/pid in one", .on_request = true },
	[FLOW] = { KEY("flow") = 48, STR = "the packet, as tcpdump prints it", .on_request = true },
	[CLASS] = { KEY("class") = 27, STR = "what kind of drop it is: errors/l3/no-route, ...",
		    .on_request = true },
	[INTENT] = { KEY("intent") = 10, STR = "what such drops mostly are: usual, suspicious, bad",
		     .on_request = true },
};

const size_t nr_fields = ARRAY_SIZE(fields);
_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "fmt.member has room for no more");

const struct field *field_find(const char *key)
{
	size_t i;

	for (i = 0; i < nr_fields; i++)
		if (!strcmp(fields[i].key, key))
			return &fields[i];
	return NULL;
}

/* In JSON, inode and name of a namespace are written at once, because they seldom change. */
static const struct field netns_with_name = { IN_JSON("netns"), .kind = KIND_NETNS };

void fields_members(struct fmt *f)
{
	size_t i, j;

	f->nr_members = 0;
	for (i = 0; i < nr_fields; i++) {
		for (j = 0; j < f->nr_chosen && f->chosen[j] != &fields[i]; j++)
			;
		if (f->chosen ? j < f->nr_chosen : !fields[i].on_request)
			f->member[f->nr_members++] = &fields[i];
		if (i == NETNS_NAME && f->nr_members > 1 &&
		    f->member[f->nr_members - 1] == &fields[NETNS_NAME] &&
		    f->member[f->nr_members - 2] == &fields[NETNS])
			f->member[--f->nr_members - 1] = &netns_with_name;
	}
}

#define SHOWN_MAX (8u << 20)

void stack_put_once(struct fmt *f, struct stack *st,
		    void (*put)(struct out *o, const struct stack *st))
{
	uint64_t flushed = f->out->flushed;
	size_t start = f->out->nr;
	struct out *o = f->out;

	if (st->shown && st->shown_by == put) {
		out_mem(o, st->shown, st->shown_len);
		return;
	}
	put(o, st);
	/* What is not whole in the buffer any more is rendered anew, the next time. */
	if (o->flushed != flushed || o->err || st->flags & WHYDROP_STACK_TRANSIENT ||
	    st->shown || f->shown > SHOWN_MAX)
		return;
	st->shown_by = put;
	st->shown_len = o->nr - start;
	st->shown = text_copy(o->buf + start, st->shown_len);
	f->shown += st->shown_len;
}

void fmt_init(struct fmt *f, struct out *o)
{
	memset(f, 0, sizeof(*f));
	f->out = o;
	f->header = true;
	f->date.day = -1;
	fields_members(f);
}
