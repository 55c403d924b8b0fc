// SPDX-License-Identifier: GPL-2.0-only
/* pcapng: link types, lengths, interfaces, comments, losses. */
#include <arpa/inet.h>
#include <stdlib.h>

#include "builder.h"
#include "ktap.h"
#include "walk.h"

#define NONE WHYDROP_NO_OFFSET

/* One event by itself. */
static struct walked one(const struct whydrop_event *ev, const uint8_t *data,
			 struct pcapng_seen *seen)
{
	struct walked w;
	struct builder b;
	const char *wrong;

	build_init(&b, false);
	build_header(&b);
	build_clock(&b, 1000, 2000000001000);
	build_event(&b, 3, ev, data);
	w = walk_bytes(b.buf, b.len, 0, true);
	wrong = pcapng_wrong(w.pcapng, w.pcapng_len, seen);
	if (wrong)
		FAIL("%s", wrong);
	CHECK_INT(seen->packets, 1);
	build_free(&b);
	return w;
}

static void test_framing(void)
{
	static const struct {
		const char *name;
		unsigned int flags, dev_type, type, l3, caplen, len;
		const char *data;	/* hex */
		unsigned int link, got_caplen, got_len;
		const char *got;
	} rows[] = {
		{ "Ethernet", WHYDROP_EV_MAC, 1, 0x0800, 14, 16, 60,
		  "02000000000202000000000108004500", 1, 16, 60, "02000000000202000000000108004500" },
		{ "Ethernet, its tag taken out", WHYDROP_EV_MAC | WHYDROP_EV_VLAN, 1, 0x0800, 14, 16, 60,
		  "02000000000202000000000108004500", 1, 20, 64,
		  "0200000000020200000000018100200a08004500" },
		{ "Ethernet, cut before its tag", WHYDROP_EV_MAC | WHYDROP_EV_VLAN, 1, 0x0800, 14, 11, 60,
		  "0200000000020200000000", 1, 11, 60, "0200000000020200000000" },
		{ "loopback", WHYDROP_EV_MAC, 772, 0x86dd, 14, 15, 60,
		  "00000000000000000000000086dd60", 1, 15, 60, "00000000000000000000000086dd60" },
		{ "IPv4", 0, 65534, 0x0800, 0, 2, 84, "4500", 101, 2, 84, "4500" },
		{ "IPv6", 0, 769, 0x86dd, 0, 2, 84, "6000", 101, 2, 84, "6000" },
		{ "IPv4 without a byte", 0, 1, 0x0800, 0, 0, 84, "", 101, 0, 84, "" },
		{ "IPv4 of another version", 0, 1, 0x0800, 0, 2, 84, "6500", 276, 22, 104,
		  "08000000000000070001000000000000000000006500" },
		{ "IPv4 behind a tunnel's header", WHYDROP_EV_MAC, 778, 0x0800, 24, 26, 108,
		  "4500000000000000402f0000c0000201c0000202000008004500", 101, 2, 84, "4500" },
		{ "a header that was not captured whole", WHYDROP_EV_MAC, 778, 0x0800, 24, 4, 108,
		  "45000000", 101, 0, 84, "" },
		{ "IPv4 with a tag, no header", WHYDROP_EV_VLAN, 1, 0x0800, 0, 1, 84, "45", 276, 25, 108,
		  "810000000000000700010000000000000000000" "0200a080045" },
		{ "ARP without header", 0, 1, 0x0806, 0, 2, 28, "0001", 276, 22, 48,
		  "08060000000000070001000000000000000000000001" },
		{ "802.11", WHYDROP_EV_MAC, 801, 0, NONE, 2, 30, "0802", 105, 2, 30, "0802" },
		{ "a header that nobody knows", WHYDROP_EV_MAC, 9999, 0, NONE, 2, 30, "abcd", 276, 22, 50,
		  "0000000000000007270f00000000000000000000abcd" },
		{ "bytes of a socket", 0, 0, 0, NONE, 2, 5, "6869", 276, 22, 25,
		  "00000000000000070000000000000000000000006869" },
		{ "nothing at all", 0, 0, 0, NONE, 0, 0, "", 276, 20, 20,
		  "0000000000000007000000000000000000000000" },
		{ "more captured than there was", 0, 0, 0, NONE, 2, 1, "6869", 276, 22, 22,
		  "00000000000000070000000000000000000000006869" },
	};
	struct pcapng_seen seen;
	uint8_t data[64];
	char hex[129];
	size_t i, j;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct whydrop_event ev = {
			.mono_ns = 1000, .reason = WHYDROP_NO_REASON, .flags = rows[i].flags,
			.dev = "x", .ifindex = 7, .dev_type = rows[i].dev_type, .l3_off = rows[i].l3,
			.protocol = htons(rows[i].type), .caplen = rows[i].caplen,
			.pkt_len = rows[i].len, .vlan_tci = 0x200a,
		};
		struct walked w;

		for (j = 0; j < rows[i].caplen; j++)
			sscanf(rows[i].data + 2 * j, "%2hhx", &data[j]);
		w = one(&ev, data, &seen);
		for (j = 0; j < seen.packet[0].caplen && j < 64; j++)
			sprintf(hex + 2 * j, "%02x", seen.packet[0].data[j]);
		hex[2 * j] = '\0';
		if (seen.packet[0].link != rows[i].link || seen.packet[0].caplen != rows[i].got_caplen ||
		    seen.packet[0].len != rows[i].got_len || strcmp(hex, rows[i].got))
			FAIL("%s: link %u caplen %u len %u %s", rows[i].name, seen.packet[0].link,
			     seen.packet[0].caplen, seen.packet[0].len, hex);
		walked_free(&w);
	}
}

static bool comment_is(const struct pcapng_seen *seen, unsigned int i, const char *want)
{
	return seen->packet[i].comment && seen->packet[i].comment_len == strlen(want) &&
	       !memcmp(seen->packet[i].comment, want, strlen(want));
}

static void test_sample(void)
{
	struct pcapng_seen seen;
	struct builder b;
	struct walked w;
	const char *wrong;

	build_init(&b, false);
	build_sample(&b);
	w = walk_bytes(b.buf, b.len, 0, true);
	wrong = pcapng_wrong(w.pcapng, w.pcapng_len, &seen);
	CHECK_STR(wrong ? wrong : "right", "right");
	CHECK_INT(seen.packets, 10);
	/* eth0 of Ethernet and of raw IP are two; losses are told at "-". */
	CHECK_INT(seen.interfaces, 8);
	CHECK_STR(seen.packet[1].name, "eth0");
	CHECK_INT(seen.packet[3].iface, seen.packet[1].iface);
	CHECK_INT(seen.packet[8].iface, seen.packet[9].iface);
	CHECK(seen.packet[8].iface != seen.packet[1].iface);
	CHECK_STR(seen.packet[6].name, "-");
	CHECK_STR(seen.packet[7].name, "d\\x9b1m\\xc2\\x9b");
	CHECK_INT(seen.packet[0].ns, 1795376527114201337);
	CHECK_INT(seen.received, 10);
	CHECK_INT(seen.dropped, 41 + 118);
	CHECK(comment_is(&seen, 1, "NO_SOCKET @ tcp_v4_rcv+0x1b0/0xf30\n"
			 "whydrop 1 cpu 1 seq 7 ctx softirq netns 4026531840 class errors/l4/rx/no-socket intent usual"
			 " comm irq/160-iwlwifi/712\n"
			 "tcp_v4_rcv+0x1b0/0xf30\nip_protocol_deliver_rcu+0x33/0x1c0\n"
			 "ip_local_deliver_finish+0x74/0x90\n..."));
	CHECK(comment_is(&seen, 2, "NETFILTER_DROP @ nf_hook_slow+0xa8/0xd0\n"
			 "whydrop 1 cpu 0 seq 1843 ctx task netns 4026531840 class policy/l3/acl intent usual"
			 " comm ping/4242\n"
			 "sock family inet type raw proto icmp state close uid 1000 ino 31337 rmem 768"
			 " rcvbuf 212992 rx 0 tx 1\n"
			 "nf_hook_slow+0xa8/0xd0\nnft_do_chain+0x3b0/0x5a0 [nf_tables]\n"
			 "ip_local_deliver+0xd7/0x100\n(an interrupt began here)"));
	CHECK(comment_is(&seen, 7, "openvswitch/OVS_LAST_ACTION @ evil\\x1b[31m\"name\\\\+0x1/0x2 [\\xff\xc3\xa9]\n"
			 "whydrop 1 cpu 1 seq 128 ctx task netns 4026531840 class errors/internal intent suspicious"
			 " comm a\\x1b[2Jb\\x0a\"c\\xff\\\\/13\n"
			 "evil\\x1b[31m\"name\\\\+0x1/0x2 [\\xff\xc3\xa9]"));
	walked_free(&w);
	build_free(&b);
}

/* A million devices are described by some thousand interfaces. */
static void test_interfaces(void)
{
	struct whydrop_event ev = { .reason = WHYDROP_NO_REASON, .l3_off = NONE };
	struct pcapng_seen seen;
	struct builder b;
	struct walked w;
	const char *wrong;

	build_init(&b, false);
	build_header(&b);
	for (ev.netns = 1; ev.netns <= 10000; ev.netns++) {
		snprintf(ev.dev, sizeof(ev.dev), "veth%u", ev.netns % 5000);
		build_event(&b, 0, &ev, NULL);
	}
	w = walk_bytes(b.buf, b.len, 0, true);
	wrong = pcapng_wrong(w.pcapng, w.pcapng_len, &seen);
	CHECK_STR(wrong ? wrong : "right", "right");
	CHECK_INT(seen.packets, 10000);
	CHECK_INT(seen.received, 10000);
	CHECK_INT(seen.interfaces, 4097);
	walked_free(&w);
	build_free(&b);
}

/* Texts as long as a recording may have them still make an option. */
static void test_long(void)
{
	struct whydrop_event ev = { .reason = 5, .stack_id = 1, .caplen = 60000, .pkt_len = 70000 };
	const char *text[66] = { "place+0x1/0x2" };
	struct pcapng_seen seen;
	static uint8_t data[60000];
	char *longest = malloc(9000);
	struct builder b;
	struct walked w;
	const char *wrong;
	unsigned int i;

	memset(longest, '\x1b', 8999);
	longest[8999] = '\0';
	build_init(&b, false);
	build_header(&b);
	build_reason(&b, 5, "core", longest + 8999 - 4000, "");
	for (i = 1; i < 65; i++)
		text[i] = longest;
	build_stack(&b, 1, 5, 0, text);
	build_event(&b, 0, &ev, data);
	text[0] = longest;
	text[1] = NULL;
	build_stack(&b, 1, 5, 0, text);
	build_event(&b, 0, &ev, data);
	w = walk_bytes(b.buf, b.len, 0, true);
	wrong = pcapng_wrong(w.pcapng, w.pcapng_len, &seen);
	CHECK_STR(wrong ? wrong : "right", "right");
	CHECK_INT(seen.packets, 2);
	CHECK_INT(seen.packet[0].len, 70020);
	CHECK(seen.packet[0].comment && seen.packet[0].comment_len > 16000);
	CHECK(seen.packet[1].comment && seen.packet[1].comment_len > 16000);
	walked_free(&w);
	build_free(&b);
	free(longest);
}

TESTS(
	{ "pcapng: link types and lengths", test_framing },
	{ "pcapng: the sample", test_sample },
	{ "pcapng: very many devices", test_interfaces },
	{ "pcapng: very long texts", test_long },
)
