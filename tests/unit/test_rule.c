// SPDX-License-Identifier: GPL-2.0-only
/*
 * `whydrop rule': traces of packets as the kernel tells them, also cut and damaged; the text
 * of rulesets, also one that was made to mislead; which rule is told, and when none is.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "ktap.h"
#include "rule/flow.h"
#include "rule/follow.h"
#include "rule/ruleset.h"
#include "rule/trace.h"

#define ID 0x12345678
#define MARK "limit rate 100/second burst 100 packets meta nftrace set 1 accept comment "

enum {
	UNSPEC	= NFT_TRACETYPE_UNSPEC,
	POLICY	= NFT_TRACETYPE_POLICY,
	RETURN	= NFT_TRACETYPE_RETURN,
	RULE	= NFT_TRACETYPE_RULE,
};

struct message {
	char	buf[2048] __attribute__((aligned(8)));
	size_t	len;
};

static void put(struct message *m, uint16_t type, const void *val, size_t len)
{
	const struct nlattr attr = { .nla_len = sizeof(attr) + len, .nla_type = type };

	memcpy(m->buf + m->len, &attr, sizeof(attr));
	memcpy(m->buf + m->len + sizeof(attr), val, len);
	m->len += NLA_ALIGN(attr.nla_len);
}

static void put_u32(struct message *m, uint16_t type, uint32_t val)
{
	val = htonl(val);
	put(m, type, &val, sizeof(val));
}

static const struct nlmsghdr *finish(struct message *m)
{
	struct nlmsghdr *h = (struct nlmsghdr *)m->buf;

	h->nlmsg_len = m->len;
	return h;
}

/* As nft_trace_notify() writes it; @verdict of a rule or a policy. */
static void make(struct message *m, uint8_t family, const char *table, const char *chain,
		 uint32_t type, uint64_t handle, int32_t verdict)
{
	const struct nfgenmsg body = { .nfgen_family = family };
	struct nlmsghdr h = { .nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE };
	struct message nest = { .len = 0 };

	memset(m, 0, sizeof(*m));
	memcpy(m->buf, &h, sizeof(h));
	memcpy(m->buf + NLMSG_HDRLEN, &body, sizeof(body));
	m->len = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(body));
	put_u32(m, NFTA_TRACE_NFPROTO, NFPROTO_IPV4);
	put_u32(m, NFTA_TRACE_TYPE, type);
	put_u32(m, NFTA_TRACE_ID, ID);
	put(m, NFTA_TRACE_CHAIN, chain, strlen(chain) + 1);
	put(m, NFTA_TRACE_TABLE, table, strlen(table) + 1);
	handle = htobe64(handle);
	if (handle)
		put(m, NFTA_TRACE_RULE_HANDLE, &handle, sizeof(handle));
	if (type == POLICY) {
		put_u32(m, NFTA_TRACE_POLICY, verdict);
	} else {
		put_u32(&nest, NFTA_VERDICT_CODE, verdict);
		put(m, NFTA_TRACE_VERDICT | NLA_F_NESTED, nest.buf, nest.len);
	}
	put(m, NFTA_TRACE_NETWORK_HEADER, "E234567890123456789", 20);
}

static const struct {
	uint8_t		family;
	const char	*name;
	uint32_t	type;
	uint64_t	handle;
	int32_t		verdict;
	int		kind;		/* -1: it is none */
} messages[] = {
	{ NFPROTO_INET, "inet", RULE, 7, NF_DROP, TRACE_RULE_DROPS },
	{ NFPROTO_IPV4, "ip", RULE, 1ULL << 40, NF_DROP, TRACE_RULE_DROPS },
	{ NFPROTO_IPV6, "ip6", RULE, 7, NF_DROP | 1 << 16, TRACE_RULE_DROPS },
	{ NFPROTO_BRIDGE, "bridge", RULE, 7, NF_ACCEPT, TRACE_PASSES },
	{ NFPROTO_NETDEV, "netdev", RULE, 7, NF_QUEUE | 3 << 16, TRACE_RULE_QUEUES },
	{ NFPROTO_ARP, "arp", RULE, 7, NF_STOLEN, TRACE_PASSES },
	{ NFPROTO_INET, "inet", RULE, 7, NFT_JUMP, TRACE_PASSES },
	{ NFPROTO_INET, "inet", RULE, 7, NFT_RETURN, TRACE_PASSES },
	{ NFPROTO_INET, "inet", RULE, 7, NFT_CONTINUE, TRACE_PASSES },
	{ NFPROTO_INET, "inet", RULE, 7, NFT_BREAK, TRACE_PASSES },
	{ NFPROTO_INET, "inet", RULE, 0, NF_DROP, -1 },
	{ NFPROTO_INET, "inet", RETURN, 0, NF_DROP, TRACE_PASSES },
	{ NFPROTO_INET, "inet", POLICY, 0, NF_DROP, TRACE_POLICY_DROPS },
	{ NFPROTO_INET, "inet", POLICY, 0, NF_ACCEPT, TRACE_PASSES },
	{ NFPROTO_INET, "inet", UNSPEC, 7, NF_DROP, -1 },
	{ NFPROTO_INET, "inet", 4, 7, NF_DROP, -1 },
	{ 77, NULL, RULE, 7, NF_DROP, -1 },
};

static void traces(void)
{
	struct message m;
	struct trace t;
	size_t i;
	bool ok;

	for (i = 0; i < ARRAY_SIZE(messages); i++) {
		make(&m, messages[i].family, "a table", "a chain", messages[i].type,
		     messages[i].handle, messages[i].verdict);
		ok = trace_decode(finish(&m), &t);
		if (ok != (messages[i].kind >= 0))
			FAIL("%zu: %sdecoded", i, ok ? "" : "not ");
		if (ok && ((int)t.kind != messages[i].kind || t.id != ID ||
			   t.handle != messages[i].handle || strcmp(t.family, messages[i].name) ||
			   strcmp(t.table, "a table") ||
			   strcmp(t.chain, "a chain")))
			FAIL("%zu: kind %d, id %x, handle %llu, %s %s %s", i, t.kind, t.id,
			     (unsigned long long)t.handle, t.family, t.table, t.chain);
	}
}

/* A name that does not fit is none, so that it is not taken for a shorter one. */
static void long_names(void)
{
	char name[400];
	struct message m;
	struct trace t;

	memset(name, 'x', sizeof(name));
	name[254] = '\0';
	make(&m, NFPROTO_INET, name, "c", RULE, 7, NF_DROP);
	if (!trace_decode(finish(&m), &t) || strcmp(t.table, name))
		FAIL("a name of 254 bytes");
	name[254] = 'x';
	name[300] = '\0';
	make(&m, NFPROTO_INET, name, "c", RULE, 7, NF_DROP);
	if (trace_decode(finish(&m), &t))
		FAIL("a name of 300 bytes");
	make(&m, NFPROTO_INET, "", "c", RULE, 7, NF_DROP);
	if (trace_decode(finish(&m), &t))
		FAIL("a name of no bytes");
}

/* In memory that ends where it ends, which the sanitizers watch. */
static void decode_copy(const struct message *m, size_t len)
{
	struct nlmsghdr *h = need(malloc(len));
	struct trace t;

	memcpy(h, m->buf, len);
	h->nlmsg_len = len;
	if (trace_decode(h, &t)) {
		bool by_rule = t.kind == TRACE_RULE_DROPS || t.kind == TRACE_RULE_QUEUES;

		if (!t.family || !*t.table || !*t.chain || t.kind > TRACE_POLICY_DROPS ||
		    strlen(t.table) >= TRACE_NAME || strlen(t.chain) >= TRACE_NAME ||
		    (by_rule && !t.handle))
			FAIL("a trace of kind %d", t.kind);
	}
	free(h);
}

static void damaged(void)
{
	struct message m, bad;
	size_t i, n, len;

	srand(23);
	for (i = 0; i < ARRAY_SIZE(messages); i++) {
		make(&m, messages[i].family, "t", "c", messages[i].type, messages[i].handle,
		     messages[i].verdict);
		for (len = NLMSG_HDRLEN; len <= m.len; len++)
			decode_copy(&m, len);
		for (n = 0; n < 5000; n++) {
			bad = m;
			for (len = rand() % 4 + 1; len; len--)
				bad.buf[rand() % m.len] = rand() % 3 ? rand() % 40 : rand();
			decode_copy(&bad, m.len);
		}
	}
}

/* ---- rulesets ---- */

#define OURS								\
	"table inet whydrop_rule { # handle 9 progname whydrop\n"	\
	"\tflags owner\n\n"						\
	"\tchain input { # handle 1\n"					\
	"\t\ttype filter hook input priority -2147483648; policy accept;\n" \
	"\t\tip saddr 1.2.3.4 ip daddr 1.2.3.5 udp dport 53 meta nftrace set 1 accept comment \"flow 1\" # handle 2\n" \
	"\t}\n"								\
	"}\n"

static const char rules[] =
	"table inet t { # handle 3\n"
	"\tset s { # handle 3\n"
	"\t\ttype ipv4_addr\n"
	"\t\telements = { 1.2.3.4 }\n"
	"\t}\n\n"
	"\tchain sub { # handle 1\n"
	"\t\tudp dport 53 drop comment \"x # handle 7\" # handle 4\n"
	"\t}\n\n"
	"\tchain c { # handle 2\n"
	"\t\tcomment \"# handle 77\"\n"
	"\t\ttype filter hook input priority filter; policy drop;\n"
	"\t\tjump sub # handle 5\n"
	"\t\tudp dport vmap { 1 : drop, 2 : accept } # handle 7\n"
	"\t}\n"
	"}\n"
	"table ip t { # handle 4\n"
	"\tchain c { # handle 1\n"
	"\t\ttype filter hook forward priority filter; policy accept;\n"
	"\t\tdrop # handle 7\n"
	"\t}\n"
	"}\n" OURS;

static void ruleset(void)
{
	const struct ruleset_chain *c;
	const struct ruleset_rule *rule;
	struct ruleset r;

	ruleset_parse(&r, rules);
	c = ruleset_chain(&r, "inet", "t", "c");
	if (!c || !c->hook || strcmp(c->hook, "input") || !c->policy_drop || c->table_handle != 3 ||
	    c->handle != 2)
		FAIL("inet t c");
	c = ruleset_chain(&r, "ip", "t", "c");
	if (!c || !c->hook || strcmp(c->hook, "forward") || c->policy_drop || c->table_handle != 4)
		FAIL("ip t c");
	c = ruleset_chain(&r, "inet", "t", "sub");
	if (!c || c->hook)
		FAIL("inet t sub");
	rule = ruleset_rule(&r, "inet", "t", "sub", 4);
	if (!rule || strcmp(rule->text, "udp dport 53 drop comment \"x # handle 7\""))
		FAIL("inet t sub 4: %s", rule ? rule->text : "none");
	rule = ruleset_rule(&r, "inet", "t", "c", 7);
	if (!rule || strcmp(rule->text, "udp dport vmap { 1 : drop, 2 : accept }"))
		FAIL("inet t c 7: %s", rule ? rule->text : "none");
	rule = ruleset_rule(&r, "ip", "t", "c", 7);
	if (!rule || strcmp(rule->text, "drop"))
		FAIL("ip t c 7: %s", rule ? rule->text : "none");
	if (ruleset_rule(&r, "inet", "t", "c", 4) || ruleset_rule(&r, "inet", "t", "sub", 7) ||
	    ruleset_rule(&r, "inet", "t", "c", 77) || ruleset_rule(&r, "bridge", "t", "c", 7))
		FAIL("rules that are not there");
	if (ruleset_table(&r, "inet", "t") != 3 || ruleset_table(&r, "ip6", "t") != 0)
		FAIL("handles of tables");
	ruleset_free(&r);
}

#define BASE(hook, policy) "\t\ttype filter hook " hook " priority filter; policy " policy ";\n"
#define CHAIN(name, rules) "\tchain " name " { # handle 1\n" rules "\t}\n"
#define TABLE(family, name, chains) "table " family " " name " { # handle 1\n" chains "}\n"
#define DROP "\t\tudp dport 1 drop # handle 5\n"

/* Which chain and rule alone drop packets of a family at the hook input. */
static void only(void)
{
	static const struct {
		const char *rules, *packets, *chain;	/* NULL: none, or not known */
		uint64_t handle;			/* 0: the policy */
	} cases[] = {
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop"))), "ip", "c", 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop"))), "ip6", "c", 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop"))), "inet", "c", 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop"))), "bridge", NULL, 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("output", "drop"))), "ip", NULL, 0 },
		{ TABLE("ip", "t", CHAIN("c", BASE("input", "drop"))), "inet", "c", 0 },
		{ TABLE("ip6", "t", CHAIN("c", BASE("input", "drop"))), "ip", NULL, 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "accept") DROP)), "ip", "c", 5 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "accept")
				"\t\ticmp type 8 reject with icmp 3 # handle 6\n")), "ip", "c", 6 },
		/* at another hook, of another family, or of a table that sleeps */
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "accept") DROP)
				CHAIN("d", BASE("output", "drop") DROP))
		  TABLE("bridge", "t", CHAIN("c", BASE("input", "drop"))), "ip", "c", 5 },
		{ "table inet s { # handle 1\n\tflags dormant\n\n" CHAIN("c", BASE("input", "drop")) "}\n"
		  TABLE("inet", "t", CHAIN("d", BASE("input", "accept") DROP)), "ip", "d", 5 },
		/* two */
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop") DROP)), "ip", NULL, 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "accept") DROP DROP)), "ip", NULL, 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop")))
		  TABLE("ip", "t", CHAIN("c", BASE("input", "drop"))), "ip", NULL, 0 },
		/* not known who jumps there, or what a map, a program or another module decides */
		{ TABLE("inet", "t", CHAIN("sub", DROP) CHAIN("c", BASE("input", "accept")
				"\t\tjump sub # handle 7\n")), "ip", NULL, 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop")
				"\t\tudp dport vmap @m # handle 7\n")), "ip", NULL, 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop")
				"\t\tqueue to 1 # handle 7\n")), "ip", NULL, 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "drop")
				"\t\txt target \"LOG\" # handle 7\n")), "ip", NULL, 0 },
		/* names and comments are no verdicts */
		{ TABLE("inet", "t", CHAIN("drop", "\t\treturn # handle 8\n")
				CHAIN("c", BASE("input", "drop") "\t\tjump drop # handle 6\n"
				"\t\taccept comment \"drop vmap\" # handle 7\n")), "ip", "c", 0 },
		{ TABLE("inet", "t", CHAIN("c", BASE("input", "accept")
				"\t\taccept comment \"\" # handle 7\n" DROP)), "ip", "c", 5 },
	};
	const struct ruleset_chain *c;
	const struct ruleset_rule *rule;
	struct ruleset r;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ruleset_parse(&r, cases[i].rules);
		c = ruleset_only_drop(&r, cases[i].packets, "input", &rule);
		if (!c != !cases[i].chain || (c && (strcmp(c->name, cases[i].chain) ||
		    (rule ? rule->handle : 0) != cases[i].handle)))
			FAIL("case %zu: %s %llu", i, c ? c->name : "none",
			     c && rule ? (unsigned long long)rule->handle : 0);
		ruleset_free(&r);
	}
}

/* What a comment with a new line in it makes look like a rule is no better than the rule. */
static void misleading(void)
{
	static const char *const texts[] = {
		"", "table", "table ", "table x", "table inet t {", "\tchain c { # handle 1\n\t\tdrop # handle 2\n",
		"table inet t { # handle 1\n\t\tdrop # handle 2\n", "table inet t { # handle x\n\tchain c { # handle 1\n",
		"table inet { # handle 1\n\tchain { # handle 1\n\t\t # handle 2\n", " # handle ", "\t\t",
		"table inet t { # handle 99999999999999999999999\n",
		"table inet t { # handle 1\n\tchain c { # handle 2\n\t\ttype x hook \n\t\ttype filter hook\n",
	};
	struct ruleset r;
	size_t i, n;
	char *text;

	ruleset_parse(&r, "table inet t { # handle 1\n\tchain c { # handle 1\n"
			  "\t\tdrop comment \"a\n\t\taccept # handle 3\n\" # handle 2\n"
			  "\t\tudp dport 1 drop # handle 3\n\t}\n}\n");
	if (ruleset_rule(&r, "inet", "t", "c", 3))
		FAIL("a rule that is there twice");
	ruleset_free(&r);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		ruleset_parse(&r, texts[i]);
		ruleset_free(&r);
	}
	srand(42);
	for (n = 0; n < 3000; n++) {
		text = text_copy(rules, sizeof(rules) - 1);
		for (i = rand() % 6 + 1; i; i--)
			text[rand() % (sizeof(rules) - 1)] = "\n\t {}#;h0\""[rand() % 10];
		ruleset_parse(&r, text);
		for (i = 0; i < r.nr_rules; i++)
			if (r.rule[i].chain >= r.nr_chains)
				FAIL("a rule of no chain");
		ruleset_free(&r);
		free(text);
	}
}

/* ---- packets ---- */

struct scene {
	struct rule_flow	flow;
	struct rule_flows	flows;
	struct ruleset		before, now;
	struct follow		f;
};

static void open_scene(struct scene *s, const char *now)
{
	*s = (struct scene){ .flow = { .family = "inet", .hook = "input" } };
	s->flows = (struct rule_flows){ .flow = &s->flow, .nr = 1 };
	ruleset_parse(&s->before, rules);
	ruleset_parse(&s->now, now);
	if (!follow_init(&s->f, "whydrop_rule", &s->flows, &s->before))
		FAIL("our rule is not found");
}

static void close_scene(struct scene *s)
{
	follow_free(&s->f);
	ruleset_free(&s->before);
	ruleset_free(&s->now);
}

static struct rule_hit *meet(struct scene *s, bool changed, uint8_t family, const char *table,
			     const char *chain, uint32_t type, uint64_t handle, int32_t verdict)
{
	struct message m;
	struct trace t;

	make(&m, family, table, chain, type, handle, verdict);
	if (!trace_decode(finish(&m), &t)) {
		FAIL("not decoded");
		return NULL;
	}
	return follow_packet(&s->f, &t, &s->before, changed ? &s->now : &s->before);
}

static void ours(struct scene *s)
{
	if (meet(s, false, NFPROTO_INET, "whydrop_rule", "input", RULE, 2, NF_ACCEPT))
		FAIL("our own rule drops");
}

static void expect(const char *what, const struct rule_hit *h, const char *hook, const char *text)
{
	if (!h || strcmp(h->hook, hook) || strcmp(h->text, text))
		FAIL("%s: %s: %s", what, h ? h->hook : "none", h ? h->text : "");
}

static void packets(void)
{
	struct rule_hit *h;
	struct scene s;

	open_scene(&s, rules);
	/* One that others have traced is none of ours. */
	if (meet(&s, false, NFPROTO_INET, "t", "c", RULE, 7, NF_DROP))
		FAIL("a packet without our rule");
	ours(&s);
	meet(&s, false, NFPROTO_INET, "t", "c", RULE, 5, NFT_JUMP);
	expect("jump", meet(&s, false, NFPROTO_INET, "t", "sub", RULE, 4, NF_DROP), "input",
	       "udp dport 53 drop comment \"x # handle 7\"");
	/* It is gone: what comes with its number is another packet. */
	if (meet(&s, false, NFPROTO_INET, "t", "c", RULE, 7, NF_DROP))
		FAIL("a packet that is gone");
	ours(&s);
	expect("policy", meet(&s, false, NFPROTO_INET, "t", "c", POLICY, 0, NF_DROP), "input",
	       "policy drop");
	ours(&s);
	meet(&s, false, NFPROTO_INET, "t", "c", POLICY, 0, NF_ACCEPT);
	h = meet(&s, false, NFPROTO_IPV4, "t", "c", RULE, 7, NF_DROP);
	expect("another family", h, "forward", "drop");
	ours(&s);
	if (meet(&s, false, NFPROTO_IPV4, "t", "c", RULE, 7, NF_DROP) || h->count != 2)
		FAIL("the second of these: %llu", (unsigned long long)h->count);
	ours(&s);
	expect("unknown", meet(&s, false, NFPROTO_IPV4, "u", "c", RULE, 7, NF_DROP), "",
	       "(a rule that was deleted meanwhile)");
	if (s.f.packets[0] != 5)
		FAIL("%llu packets, not 5", (unsigned long long)s.f.packets[0]);
	close_scene(&s);
}

/* Between two looks at the rules they have changed. */
static void changes(void)
{
	static const char gone[] = "table inet t { # handle 3\n\tchain c { # handle 2\n"
		"\t\ttype filter hook input priority filter; policy drop;\n\t\tdrop # handle 8\n\t}\n}\n";
	static const char other[] = "table inet t { # handle 33\n\tchain c { # handle 2\n"
		"\t\ttype filter hook output priority filter; policy drop;\n\t\taccept # handle 7\n\t}\n}\n";
	struct rule_hit *h;
	struct scene s;

	open_scene(&s, gone);
	ours(&s);
	expect("deleted since", meet(&s, true, NFPROTO_INET, "t", "c", RULE, 7, NF_DROP),
	       "input", "udp dport vmap { 1 : drop, 2 : accept }");
	ours(&s);
	expect("new", meet(&s, true, NFPROTO_INET, "t", "c", RULE, 8, NF_DROP), "input", "drop");
	close_scene(&s);

	open_scene(&s, other);
	ours(&s);
	h = meet(&s, false, NFPROTO_INET, "t", "c", RULE, 7, NF_DROP);
	expect("before", h, "input", "udp dport vmap { 1 : drop, 2 : accept }");
	follow_changed(&s.f, &s.before, &s.now);
	ours(&s);
	expect("of another table", meet(&s, true, NFPROTO_INET, "t", "c", RULE, 7, NF_DROP), "",
	       "(the rules were replaced meanwhile; run it again)");
	if (s.f.hit[0].count != 1)
		FAIL("the first is counted %llu times", (unsigned long long)s.f.hit[0].count);
	close_scene(&s);
}

/* What nft gets: one rule for each flow, in a chain at its hook. */
static void tables(void)
{
	struct rule_flow flow[] = {
		{ .family = "netdev", .hook = "ingress", .dev = "eth0",
		  .match = "ip saddr 1.2.3.4 ip daddr 1.2.3.5 meta l4proto 17" },
		{ .family = "netdev", .hook = "ingress", .dev = "eth0",
		  .match = "ip saddr 1.2.3.4 ip daddr 1.2.3.5 udp dport 53" },
		{ .family = "inet", .hook = "output", .match = "ip6 saddr ::1 ip6 daddr ::1 tcp sport 443" },
	};
	struct rule_flows flows = { .flow = flow, .nr = 3 };
	static const char want[] =
		"table inet t {\n"
		"\tflags owner\n"
		"\tchain output {\n"
		"\t\ttype filter hook output priority -2147483648; policy accept;\n"
		"\t\tip6 saddr ::1 ip6 daddr ::1 tcp sport 443 " MARK "\"flow 3\"\n"
		"\t}\n"
		"\tchain output_behind_nat {\n"
		"\t\ttype filter hook output priority -99; policy accept;\n"
		"\t\tip6 saddr ::1 ip6 daddr ::1 tcp sport 443 " MARK "\"flow 3\"\n"
		"\t}\n"
		"}\n"
		"table netdev t {\n"
		"\tflags owner\n"
		"\tchain ingress_1 {\n"
		"\t\ttype filter hook ingress device \"eth0\" priority -2147483648; policy accept;\n"
		"\t\tip saddr 1.2.3.4 ip daddr 1.2.3.5 udp dport 53 " MARK "\"flow 2\"\n"
		"\t\tip saddr 1.2.3.4 ip daddr 1.2.3.5 meta l4proto 17 " MARK "\"flow 1\"\n"
		"\t}\n"
		"}\n";
	char *text = rule_flows_tables(&flows, "t", true);

	if (strcmp(text, want))
		FAIL("%s", text);
	if (rule_flow_of(&flows, "x comment \"flow 3\"") != 2 ||
	    rule_flow_of(&flows, "x comment \"flow 4\"") != 3 ||
	    rule_flow_of(&flows, "x comment \"flow 0\"") != 3 || rule_flow_of(&flows, "x") != 3)
		FAIL("flows of rules");
	free(text);
}

int main(void)
{
	static const struct test tests[] = {
		{ "traces of packets", traces },
		{ "traces with long names", long_names },
		{ "traces, cut and damaged", damaged },
		{ "rulesets", ruleset },
		{ "what alone drops at a hook", only },
		{ "rulesets that mislead", misleading },
		{ "packets and what drops them", packets },
		{ "rules that change meanwhile", changes },
		{ "tables of our own", tables },
	};

	return run_tests(tests, ARRAY_SIZE(tests));
}
