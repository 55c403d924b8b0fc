// SPDX-License-Identifier: GPL-2.0-only
/* Flows whose packets netfilter dropped, and the rules that have them traced. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "explain/explain.h"
#include "explain/hook.h"
#include "rule/flow.h"
#include "stream/place.h"

/* Before all other chains of a hook: among those of equal priority, the newest is first. */
#define FIRST "-2147483648"
/* And behind the translation of destination addresses, which is done at -100. */
#define BEHIND_NAT "-99"
/* A storm of packets must not become one of messages. */
#define LIMIT "limit rate 100/second burst 100 packets"
/*
 * Not `return': kernels of 6.1 tell of such a rule only if the packet was traced before. Other
 * chains see what one accepts.
 */
#define MARK "meta nftrace set 1 accept"

/* Who frees what a hook drops, if the kernel gives no reason for it. */
static const char places[] = "nf_hook_slow nf_hook_slow_list nft_do_chain nft_do_chain_* "
	"br_handle_frame nf_hook_bridge_pre br_nf_hook_thresh nf_hook_ingress nf_hook_egress __nf_hook nf_queue";

static bool is_netfilter(const struct event *e)
{
	return !strcmp(e->reason->label, "NETFILTER_DROP") ||
	       (e->stack && e->stack->place && place_matches(places, e->stack->place->text));
}

static const char *transport(const struct packet *p)
{
	switch (p->has_ports ? p->proto : 0) {
	case IPPROTO_TCP: return "tcp";
	case IPPROTO_UDP: return "udp";
	case IPPROTO_UDPLITE: return "udplite";
	case IPPROTO_SCTP: return "sctp";
	case IPPROTO_DCCP: return "dccp";
	default: return NULL;
	}
}

/* A client takes another port for the next try; the service keeps its own. */
static bool describe(struct rule_flow *f, const struct packet *p)
{
	const char *ip = p->addr_len == 4 ? "ip" : "ip6", *proto = transport(p);
	char src[ADDR_TEXT], dst[ADDR_TEXT];
	bool by_source = p->sport < 1024 && p->dport >= 1024;
	int n;

	if ((p->ethertype != ETH_IPV4 && p->ethertype != ETH_IPV6) || !p->src)
		return false;
	addr_text(src, p->src, p->addr_len);
	addr_text(dst, p->dst, p->addr_len);
	n = snprintf(f->match, sizeof(f->match), "%s saddr %s %s daddr %s", ip, src, ip, dst);
	if (proto)
		snprintf(f->match + n, sizeof(f->match) - n, " %s %s %u", proto,
			 by_source ? "sport" : "dport", by_source ? p->sport : p->dport);
	else if (p->has_proto)
		snprintf(f->match + n, sizeof(f->match) - n, " meta l4proto %u", p->proto);
	return true;
}

/* Which chains the packet was in when it was dropped, and so which table can have it traced. */
static bool locate(struct rule_flow *f, const struct event *e)
{
	struct explain_hook h = { 0 };

	if (e->stack && e->stack->place)
		h = explain_hook(e->stack);
	f->hook = h.hook;
	f->family = "inet";
	if (!h.hook)
		return true;
	if (!strcmp(h.hook, "ingress") || !strcmp(h.hook, "egress")) {
		f->family = "netdev";
		memcpy(f->dev, e->ev.dev, WHYDROP_DEV_LEN);
		/* What is no plain word may be anything to nft. */
		return explain_is_word(f->dev);
	}
	if (!strcmp(h.family, "bridge"))
		f->family = "bridge";
	return strcmp(h.family, "arp");
}

static bool of_netns(struct rule_flows *f, const struct event *e, uint64_t netns)
{
	if (e->ev.netns == netns)
		return true;
	f->elsewhere++;
	return false;
}

static bool same_hook(const struct rule_flow *a, const struct rule_flow *b)
{
	return a->hook == b->hook || (a->hook && b->hook && !strcmp(a->hook, b->hook));
}

void rule_flows_add(struct rule_flows *f, const struct event *e, uint64_t netns)
{
	struct rule_flow new = { .last_ns = e->ev.mono_ns };
	size_t i;

	if (!is_netfilter(e)) {
		f->others++;
		return;
	}
	if (!of_netns(f, e, netns))
		return;
	f->dropped++;
	if (!locate(&new, e) || !describe(&new, &e->pkt)) {
		f->unusable++;
		return;
	}
	for (i = 0; i < f->nr; i++) {
		struct rule_flow *old = &f->flow[i];

		if (strcmp(old->match, new.match) || strcmp(old->family, new.family) ||
		    !same_hook(old, &new) || strcmp(old->dev, new.dev))
			continue;
		old->last_ns = MAX(old->last_ns, new.last_ns);
		return;
	}
	if (f->nr == FLOWS_MAX) {
		f->unusable++;
		return;
	}
	f->flow = grow(f->flow, f->nr, &f->room, sizeof(*f->flow));
	f->flow[f->nr++] = new;
}

static int newer(const void *a, const void *b)
{
	const struct rule_flow *f = a, *g = b;

	return (g->last_ns > f->last_ns) - (g->last_ns < f->last_ns);
}

size_t rule_flows_keep(struct rule_flows *f, size_t max)
{
	size_t left = f->nr > max ? f->nr - max : 0;

	if (f->nr)
		qsort(f->flow, f->nr, sizeof(*f->flow), newer);
	f->nr -= left;
	return left;
}

void rule_flows_count(struct rule_flows *f, const struct event *e, uint64_t netns)
{
	struct rule_flow now = { 0 };
	size_t i, best = f->nr;

	if (!is_netfilter(e) || e->ev.netns != netns || !describe(&now, &e->pkt))
		return;
	locate(&now, e);
	/* Dropped at another hook than before, it still is a drop of this flow. */
	for (i = 0; i < f->nr; i++) {
		if (strcmp(f->flow[i].match, now.match))
			continue;
		if (best == f->nr || same_hook(&f->flow[i], &now))
			best = i;
	}
	if (best == f->nr)
		return;
	f->flow[best].drops++;
	snprintf(f->flow[best].place, sizeof(f->flow[best].place), "%s",
		 e->stack && e->stack->place ? e->stack->place->text : "?");
}

/* ---- as text for nft ---- */

static const char families[][8] = { "inet", "bridge", "netdev" };

static bool is_at(const struct rule_flow *f, const char *family, const char *hook)
{
	if (strcmp(f->family, family))
		return false;
	if (!f->hook)
		return !strcmp(hook, "prerouting") || !strcmp(hook, "output");
	return !strcmp(f->hook, hook);
}

/* Those of a port go first: what has none would take their packets. */
static void put_rules(FILE *o, const struct rule_flows *f, const struct rule_flow *first,
		      const char *family, const char *hook, bool with_port)
{
	const struct rule_flow *flow;

	for (flow = first; flow < f->flow + f->nr; flow++)
		if (is_at(flow, family, hook) && !strcmp(flow->dev, first->dev) &&
		    !strstr(flow->match, "port ") != with_port)
			fprintf(o, "\t\t%s " LIMIT " " MARK " comment \"flow %zu\"\n", flow->match,
				(size_t)(flow - f->flow) + 1);
}

static void put_chain(FILE *o, const struct rule_flows *f, const struct rule_flow *first,
		      const char *family, const char *hook, bool behind_nat)
{
	fprintf(o, "\tchain %s%s", hook, behind_nat ? "_behind_nat" : "");
	/* The names of devices are no names of chains. */
	if (*first->dev)
		fprintf(o, "_%zu", (size_t)(first - f->flow) + 1);
	fprintf(o, " {\n\t\ttype filter hook %s", hook);
	if (*first->dev)
		fprintf(o, " device \"%s\"", first->dev);
	fprintf(o, " priority %s; policy accept;\n", behind_nat ? BEHIND_NAT : FIRST);
	put_rules(o, f, first, family, hook, true);
	put_rules(o, f, first, family, hook, false);
	fprintf(o, "\t}\n");
}

/* A chain for each hook, and for each device of netdev. */
static void put_hook(FILE *o, const struct rule_flows *f, const char *family, const char *hook)
{
	bool translates = !strcmp(family, "inet") &&
			  (!strcmp(hook, "prerouting") || !strcmp(hook, "output"));
	size_t i, j;

	for (i = 0; i < f->nr; i++) {
		if (!is_at(&f->flow[i], family, hook))
			continue;
		for (j = 0; j < i; j++)
			if (is_at(&f->flow[j], family, hook) &&
			    !strcmp(f->flow[j].dev, f->flow[i].dev))
				break;
		if (j < i)
			continue;
		put_chain(o, f, &f->flow[i], family, hook, false);
		if (translates)
			put_chain(o, f, &f->flow[i], family, hook, true);
	}
}

static bool has_family(const struct rule_flows *f, const char *family)
{
	size_t i;

	for (i = 0; i < f->nr; i++)
		if (!strcmp(f->flow[i].family, family))
			return true;
	return false;
}

char *rule_flows_tables(const struct rule_flows *f, const char *name, bool owner)
{
	static const char *const hooks[] = {
		"ingress", "prerouting", "input", "forward", "output", "postrouting", "egress",
	};
	size_t i, j, len;
	char *text = NULL;
	FILE *o = need(open_memstream(&text, &len));

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		if (!has_family(f, families[i]))
			continue;
		fprintf(o, "table %s %s {\n%s", families[i], name, owner ? "\tflags owner\n" : "");
		for (j = 0; j < ARRAY_SIZE(hooks); j++)
			put_hook(o, f, families[i], hooks[j]);
		fprintf(o, "}\n");
	}
	fclose(o);
	return need(text);
}

size_t rule_flow_of(const struct rule_flows *f, const char *text)
{
	static const char word[] = " comment \"flow ";
	const char *p = strstr(text, word);
	unsigned long nr = p ? strtoul(p + sizeof(word) - 1, NULL, 10) : 0;

	return nr && nr <= f->nr ? nr - 1 : f->nr;
}
