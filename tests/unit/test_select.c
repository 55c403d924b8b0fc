// SPDX-License-Identifier: GPL-2.0-only
/* Selecting: reasons, devices, namespaces, tasks, places. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"
#include "ktap.h"
#include "known/drop.h"
#include "select/select.h"
#include "stream/decode.h"

static struct reason reason(uint32_t id, const char *subsys, const char *name,
			    const char *label)
{
	return (struct reason){
		.id = id, .subsys = subsys, .name = name, .label = label,
		.description = "",
	};
}

static bool fits(const char *list, uint32_t id, const char *subsys,
		 const char *name)
{
	struct selection s = { 0 };
	char label[64];
	struct reason r;
	bool yes;

	if (strcmp(subsys, "core"))
		snprintf(label, sizeof(label), "%s/%s", subsys, name);
	r = reason(id, subsys, name, strcmp(subsys, "core") ? label : name);
	CHECK_INT(select_reason(&s, list), 0);
	yes = select_reason_match(&s, &r);
	CHECK(select_reason_match(&s, &r) == yes);
	select_free(&s);
	return yes;
}

static void test_reason(void)
{
	CHECK(fits("NO_SOCKET", 3, "core", "NO_SOCKET"));
	CHECK(fits("no_socket", 3, "core", "NO_SOCKET"));
	CHECK(fits("core/NO_SOCKET", 3, "core", "NO_SOCKET"));
	CHECK(!fits("NO_SOCK", 3, "core", "NO_SOCKET"));
	CHECK(!fits("mac80211/NO_SOCKET", 3, "core", "NO_SOCKET"));
	CHECK(fits("*SOCKET*", 3, "core", "NO_SOCKET"));
	CHECK(fits("NO_SOCK?T", 3, "core", "NO_SOCKET"));
	CHECK(fits("3", 3, "core", "NO_SOCKET"));
	CHECK(fits("0x3", 3, "core", "NO_SOCKET"));
	CHECK(!fits("0x4", 3, "core", "NO_SOCKET"));
	CHECK(fits("OTHERHOST,NO_SOCKET", 3, "core", "NO_SOCKET"));
	CHECK(!fits("!NO_SOCKET", 3, "core", "NO_SOCKET"));
	CHECK(fits("!NO_SOCKET", 7, "core", "OTHERHOST"));
	CHECK(!fits("!NO_SOCKET,!OTHERHOST", 7, "core", "OTHERHOST"));
	CHECK(fits("*SOCKET*,!SOCKET_FILTER", 3, "core", "NO_SOCKET"));
	CHECK(!fits("*SOCKET*,!SOCKET_FILTER", 6, "core", "SOCKET_FILTER"));
	CHECK(!fits("!3", 3, "core", "NO_SOCKET"));
	CHECK(fits("openvswitch/*", 0x30001, "openvswitch", "OVS_X"));
	CHECK(fits("ovs_x", 0x30001, "openvswitch", "OVS_X"));
	CHECK(fits("openvswitch/OVS_X", 0x30001, "openvswitch", "OVS_X"));
	CHECK(!fits("core/*", 0x30001, "openvswitch", "OVS_X"));
	CHECK(fits("0x30001", 0x30001, "openvswitch", "OVS_X"));
	CHECK(fits("UNKNOWN(0x7)", 7, "core", "UNKNOWN(0x7)"));
}

static void test_lists(void)
{
	struct selection s = { 0 };

	CHECK_INT(select_reason(&s, ""), EXIT_USAGE);
	CHECK_INT(select_reason(&s, "A,,B"), EXIT_USAGE);
	CHECK_INT(select_reason(&s, "A,"), EXIT_USAGE);
	CHECK_INT(select_dev(&s, "!"), EXIT_USAGE);
	CHECK_INT(select_netns(&s, "pid:x"), EXIT_USAGE);
	select_free(&s);
}

static void test_known(void)
{
	struct reason a = reason(3, "core", "NO_SOCKET", "NO_SOCKET");
	struct reason b = reason(0x30001, "ovs", "OVS_X", "ovs/OVS_X");
	struct reason *all[] = { &a, &b };
	static const struct {
		const char *list;
		int err;
	} cases[] = {
		{ "NO_SOCKET", 0 }, { "NO_SOKET", EXIT_USAGE }, { "7", EXIT_USAGE },
		{ "3", 0 }, { "0x30001", 0 },
		{ "OVS_X,NO_*", 0 }, { "OVS_Y,NO_*", EXIT_USAGE },
		{ "!NO_SOKET", EXIT_USAGE }, { "XYZ*", EXIT_USAGE },
		{ "NOT_AVAILABLE", 0 }, { "ovs/*", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct selection s = { 0 };

		CHECK_INT(select_reason(&s, cases[i].list), 0);
		select_mark_reason(&s, &a);
		select_mark_reason(&s, &b);
		CHECK_INT(select_check_reasons(&s, "", all, 2), cases[i].err);
		select_free(&s);
	}
}

static void test_none(void)
{
	struct reason none = reason(WHYDROP_NO_REASON, "core", "NOT_AVAILABLE", "NOT_AVAILABLE");
	struct reason some = reason(3, "core", "NO_SOCKET", "NO_SOCKET");
	struct reason *all[] = { &none, &some };

	CHECK(!reasons_are_named(all, 0));
	CHECK(!reasons_are_named(all, 1));
	CHECK(reasons_are_named(all, 2));
	CHECK(!reason_subsys(&none));
	CHECK_STR(reason_subsys(&some), "core");
	some.label = "UNKNOWN(0x77)";
	CHECK_STR(reason_subsys(&some), "core");
	some.label = "UNKNOWN(0x70007)";
	CHECK(!reason_subsys(&some));
}

static bool event_fits(int (*add)(struct selection *, const char *),
		       const char *list, const char *dev, const char *comm,
		       uint32_t netns, const char *place)
{
	struct reason r = reason(3, "core", "NO_SOCKET", "NO_SOCKET");
	struct selection s = { 0 };
	char mem[sizeof(struct name) + 128] __attribute__((aligned(8))) = "";
	struct name *name = (struct name *)mem;
	struct stack st = { .place = name };
	struct event e = { .reason = &r, .stack = place ? &st : NULL };
	bool yes;

	/* Full length, so without NUL behind. */
	memcpy(e.ev.dev, dev, strnlen(dev, WHYDROP_DEV_LEN));
	memcpy(e.ev.comm, comm, strnlen(comm, WHYDROP_COMM_LEN));
	e.ev.netns = netns;
	if (place) {
		name->len = strlen(place);
		memcpy(name->text, place, name->len + 1);
	}
	CHECK_INT(add(&s, list), 0);
	yes = select_event(&s, &e);
	select_free(&s);
	return yes;
}

static void test_event(void)
{
	struct stat st;
	char text[64];

	CHECK(event_fits(select_dev, "eth0", "eth0", "", 0, NULL));
	CHECK(event_fits(select_dev, "eth*", "eth0", "", 0, NULL));
	CHECK(!event_fits(select_dev, "ETH0", "eth0", "", 0, NULL));
	CHECK(!event_fits(select_dev, "!eth0", "eth0", "", 0, NULL));
	CHECK(!event_fits(select_dev, "eth0", "", "", 0, NULL));
	CHECK(event_fits(select_dev, "-", "", "", 0, NULL));
	CHECK(event_fits(select_dev, "!lo", "", "", 0, NULL));
	CHECK(event_fits(select_dev, "sixteenbytesname",
			 "sixteenbytesname", "", 0, NULL));
	CHECK(event_fits(select_comm, "sixteenbytescomm", "",
			 "sixteenbytescomm", 0, NULL));
	CHECK(event_fits(select_comm, "irq/*", "", "irq/160-iwl", 0, NULL));
	CHECK(!event_fits(select_comm, "irq", "", "irq/160-iwl", 0, NULL));
	CHECK(event_fits(select_netns, "4026531840", "", "", 4026531840u, NULL));
	CHECK(!event_fits(select_netns, "4026531840", "", "", 7, NULL));
	CHECK(event_fits(select_netns, "!4026531840", "", "", 7, NULL));
	if (!stat("/proc/self/ns/net", &st)) {
		snprintf(text, sizeof(text), "pid:%d", (int)getpid());
		CHECK(event_fits(select_netns, text, "", "", st.st_ino, NULL));
		CHECK(event_fits(select_netns, "pid:self", "", "", st.st_ino,
				 NULL));
		CHECK(event_fits(select_netns, "/proc/self/ns/net", "", "",
				 st.st_ino, NULL));
	}
	CHECK(event_fits(select_at, "tcp_v4_rcv", "", "", 0,
			 "tcp_v4_rcv+0x1b0/0xf30"));
	CHECK(event_fits(select_at, "tcp_v4_rcv+0x1b0/0xf30", "", "", 0,
			 "tcp_v4_rcv+0x1b0/0xf30"));
	CHECK(event_fits(select_at, "tcp_*", "", "", 0,
			 "tcp_v4_rcv+0x1b0/0xf30"));
	CHECK(event_fits(select_at, "*nf_tables*", "", "", 0,
			 "nft_do_chain+0x1/0x2 [nf_tables]"));
	CHECK(!event_fits(select_at, "tcp_v4", "", "", 0,
			  "tcp_v4_rcv+0x1b0/0xf30"));
	CHECK(!event_fits(select_at, "tcp_v4_rcv", "", "", 0, NULL));
	CHECK(event_fits(select_at, "!tcp_v4_rcv", "", "", 0, NULL));
}

static void nearest_is(const char *typed, const char *want)
{
	static const char *const names[] = {
		"NO_SOCKET", "SOCKET_FILTER", "SOCKET_RCVBUFF", "OTHERHOST",
		"IP_CSUM", "UDP_CSUM", "TCP_CSUM", "watch", "list", "stacks",
		"status",
	};
	struct nearest n = { .typed = typed };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		nearest_add(&n, names[i]);
	CHECK_STR(n.nr ? n.name[0] : "", want);
}

static void test_nearest(void)
{
	nearest_is("NO_SOKET", "NO_SOCKET");
	nearest_is("no_socket", "NO_SOCKET");
	nearest_is("NOSOCKET", "NO_SOCKET");
	nearest_is("wacth", "watch");
	nearest_is("SOCKET", "NO_SOCKET");
	nearest_is("TPC_CSUM", "TCP_CSUM");
	nearest_is("stcaks", "stacks");
	nearest_is("rcvbuff", "SOCKET_RCVBUFF");
	nearest_is("quite something else", "");
	nearest_is("x", "");
	nearest_is("a-word-that-is-so-long-that-it-has-no-neighbor-in-any-table-here",
		   "");
}

static void test_numbers(void)
{
	uint64_t v;
	int64_t ms;

	CHECK(parse_u64("0", 9, &v) && v == 0);
	CHECK(parse_u64("0x1F", 99, &v) && v == 31);
	CHECK(parse_u64("18446744073709551615", UINT64_MAX, &v));
	CHECK(!parse_u64("18446744073709551616", UINT64_MAX, &v));
	CHECK(!parse_u64("10", 9, &v));
	CHECK(!parse_u64("", 9, &v));
	CHECK(!parse_u64(" 1", 9, &v));
	CHECK(!parse_u64("-1", 9, &v));
	CHECK(!parse_u64("1x", 9, &v));
	CHECK(!parse_u64("0x", 9, &v));
	CHECK(parse_seconds("1.5", &ms) && ms == 1500);
	CHECK(parse_seconds("0", &ms) && ms == 0);
	CHECK(parse_seconds("0.0015", &ms) && ms == 1);
	CHECK(!parse_seconds(".5", &ms));
	CHECK(!parse_seconds("1s", &ms));
	CHECK(!parse_seconds("", &ms));
	CHECK(!parse_seconds("99999999999", &ms));
}

/* Each reason of any kernel, but those that say nothing, is of some kind. */
static void test_class(void)
{
	const char *dir = getenv("REASONS");
	char *text = read_text(dir ? dir : "tests/cli", "reasons.txt", NULL), *pos = text, *line;
	const struct drop_class *c;
	unsigned int nr = 0;

	CHECK(text);
	while ((line = next_line(&pos))) {
		if (*line == '#' || !strcmp(line, "NOT_SPECIFIED") || !strcmp(line, "NOT_AVAILABLE"))
			continue;
		c = class_of(line);
		nr++;
		if (c->intent == INTENT_UNKNOWN || !strcmp(c->name, "unknown"))
			FAIL("%s is of no class", line);
		if (strncmp(c->name, "errors/", 7) && strncmp(c->name, "policy/", 7) &&
		    strncmp(c->name, "no-buffer/", 10) && strncmp(c->name, "no-loss/", 8))
			FAIL("%s: no class begins as %s", line, c->name);
	}
	CHECK(nr > 200);
	free(text);
	CHECK_STR(class_of("IP_INNOROUTES")->name, "errors/l3/no-route");
	CHECK_STR(class_of("NETFILTER_DROP")->name, "policy/l3/acl");
	CHECK_STR(class_of("mac80211_unusable/RX_DROP_U_REPLAY")->name, "no-loss/duplicate");
	CHECK(class_of("TCP_CSUM")->intent == INTENT_BAD);
	CHECK(class_of("A_REASON_OF_TOMORROW")->intent == INTENT_UNKNOWN);
}

static struct drop_class class_at(const char *label, const char *place)
{
	char mem[sizeof(struct name) + 128] __attribute__((aligned(8))) = "";
	struct name *name = (struct name *)mem;
	struct stack st = { .place = name };
	struct reason r = reason(2, "core", label, label);

	strcpy(name->text, place);
	return *drop_class(&r, &st);
}

static bool harmless_at(const char *label, const char *place)
{
	char mem[sizeof(struct name) + 128] __attribute__((aligned(8))) = "";
	struct name *name = (struct name *)mem;
	struct stack st = { .place = name };
	struct reason r = reason(2, "core", label, label);

	strcpy(name->text, place);
	return drop_is_harmless(&r, &st, NULL);
}

/* Where the reason tells nothing, the place does, or nobody knows. */
static void test_places(void)
{
	unsigned int nr = 0;
	const char *p;
	size_t i;

	for (i = 0; i < nr_known_places; i++) {
		const struct known_place *k = &known_places[i];

		if (!k->class.name) {
			CHECK(k->class.intent == INTENT_UNKNOWN);
			continue;
		}
		if (strncmp(k->class.name, "errors/", 7) && strncmp(k->class.name, "policy/", 7) &&
		    strncmp(k->class.name, "no-buffer/", 10) && strncmp(k->class.name, "no-loss/", 8))
			FAIL("%s: no class begins as %s", k->names, k->class.name);
		/* What harms nobody is usual. */
		CHECK(!k->harmless || k->class.intent != INTENT_BAD);
		for (p = k->names; *p; p += strcspn(p, " "), p += strspn(p, " "))
			nr++;
	}
	CHECK(nr > 200);
	CHECK_STR(class_at("NOT_SPECIFIED", "ip6_mc_input+0x1/0x2").name, "no-loss/not-for-us");
	CHECK_STR(class_at("NOT_SPECIFIED", "no_such_function+0x1/0x2").name, "unknown");
	CHECK(class_at("NOT_SPECIFIED", "netlink_attachskb+0x1/0x2").intent == INTENT_BAD);
	CHECK_STR(class_at("QUEUE_PURGE", "unix_release_sock+0x1/0x2").name, "no-loss/closed");
	/* A reason that says something says more. */
	CHECK_STR(class_at("IP_CSUM", "ip6_mc_input+0x1/0x2").name, "errors/l3/rx/checksum-error");
	/* Kernels without reasons drop for many at one place. */
	CHECK_STR(class_at("NOT_AVAILABLE", "tcp_v4_rcv+0x1/0x2").name, "errors/l4/rx");
	CHECK_STR(class_at("NOT_SPECIFIED", "tcp_v4_rcv+0x1/0x2").name, "unknown");
	CHECK(class_at("NOT_AVAILABLE", "__dev_queue_xmit+0x1/0x2").intent == INTENT_UNKNOWN);
	CHECK_STR(class_at("NOT_SPECIFIED", "__dev_queue_xmit+0x1/0x2").name, "errors/l2/device-down");
}

/* What --benign hide skips: the reason has to fit as well as the place. */
static void test_harmless(void)
{
	CHECK(harmless_at("NOT_SPECIFIED", "ip6_mc_input+0x1/0x2"));
	CHECK(harmless_at("NOT_AVAILABLE", "ip6_mc_input+0x1/0x2"));
	CHECK(!harmless_at("QUEUE_PURGE", "ip6_mc_input+0x1/0x2"));
	CHECK(harmless_at("QUEUE_PURGE", "packet_release+0x1/0x2"));
	CHECK(!harmless_at("QUEUE_PURGE", "udp_destruct_common+0x1/0x2"));
	CHECK(harmless_at("NOT_SPECIFIED", "udp_destruct_common+0x1/0x2"));
	CHECK(harmless_at("SOCKET_FILTER", "unix_dgram_sendmsg+0x1/0x2"));
	CHECK(harmless_at("NO_SOCKET", "icmpv6_rcv+0x1/0x2"));
	CHECK(!harmless_at("NO_SOCKET", "ndisc_rcv+0x1/0x2"));
	CHECK(!harmless_at("NOT_SPECIFIED", "icmpv6_rcv+0x1/0x2"));
	CHECK(!harmless_at("NOT_SPECIFIED", "skb_rbtree_purge+0x1/0x2"));
	CHECK(!harmless_at("OTHERHOST", "ip_rcv_core+0x1/0x2"));
	CHECK(!harmless_at("SOCKET_RCVBUFF", "netlink_attachskb+0x1/0x2"));
}

int main(void)
{
	static const struct test tests[] = {
		{ "reasons by name, glob, number, subsystem", test_reason },
		{ "lists that make no sense", test_lists },
		{ "reasons that do not exist", test_known },
		{ "each reason is of some kind", test_class },
		{ "a place is of some kind, or unknown", test_places },
		{ "what usually harms nobody", test_harmless },
		{ "a kernel that gives none", test_none },
		{ "devices, namespaces, tasks, places", test_event },
		{ "nearest names", test_nearest },
		{ "numbers are parsed strictly", test_numbers },
	};

	/* The complaints are not of interest. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	return run_tests(tests, ARRAY_SIZE(tests));
}
