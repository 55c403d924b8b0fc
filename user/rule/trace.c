// SPDX-License-Identifier: GPL-2.0-only
/* Decodes the kernel's messages about packets that nftables traces. */
#include <arpa/inet.h>
#include <endian.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <stddef.h>
#include <string.h>

#include "losses/nl.h"
#include "rule/trace.h"

#define BODY sizeof(struct nfgenmsg)
#define VERDICT_MASK 0xff

static const char *family_name(uint8_t family)
{
	switch (family) {
	case NFPROTO_INET: return "inet";
	case NFPROTO_IPV4: return "ip";
	case NFPROTO_IPV6: return "ip6";
	case NFPROTO_ARP: return "arp";
	case NFPROTO_BRIDGE: return "bridge";
	case NFPROTO_NETDEV: return "netdev";
	default: return NULL;
	}
}

static bool number(const void *attr, uint32_t *val)
{
	if (!attr || nl_attr_len(attr) != sizeof(*val))
		return false;
	memcpy(val, attr, sizeof(*val));
	*val = ntohl(*val);
	return true;
}

/* A name that was cut would be another one's. */
static bool name(const struct nlmsghdr *h, uint16_t type, char *to)
{
	const void *attr = nl_attr(h, BODY, type, 1);

	nl_text(attr, to, TRACE_NAME);
	return *to && strlen(to) < TRACE_NAME - 1;
}

static enum trace_kind kind_of_verdict(uint32_t code)
{
	/* Those of nftables, to jump or to go on, are negative. */
	if (code & 0x80000000)
		return TRACE_PASSES;
	switch (code & VERDICT_MASK) {
	case NF_DROP: return TRACE_RULE_DROPS;
	case NF_QUEUE: return TRACE_RULE_QUEUES;
	default: return TRACE_PASSES;
	}
}

bool trace_decode(const struct nlmsghdr *h, struct trace *t)
{
	const struct nfgenmsg *body = nl_body(h, BODY);
	uint32_t type, code;
	const void *attr;

	*t = (struct trace){ 0 };
	if (!body || h->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE))
		return false;
	t->family = family_name(body->nfgen_family);
	if (!t->family || !number(nl_attr(h, BODY, NFTA_TRACE_TYPE, sizeof(type)), &type) ||
	    !number(nl_attr(h, BODY, NFTA_TRACE_ID, sizeof(t->id)), &t->id) ||
	    !name(h, NFTA_TRACE_TABLE, t->table) || !name(h, NFTA_TRACE_CHAIN, t->chain))
		return false;
	if (type == NFT_TRACETYPE_POLICY) {
		if (!number(nl_attr(h, BODY, NFTA_TRACE_POLICY, sizeof(code)), &code))
			return false;
		if (kind_of_verdict(code) == TRACE_RULE_DROPS)
			t->kind = TRACE_POLICY_DROPS;
		return true;
	}
	attr = nl_attr(h, BODY, NFTA_TRACE_RULE_HANDLE, sizeof(t->handle));
	if (attr) {
		memcpy(&t->handle, attr, sizeof(t->handle));
		t->handle = be64toh(t->handle);
	}
	if (type == NFT_TRACETYPE_RETURN)
		return true;
	attr = nl_attr(h, BODY, NFTA_TRACE_VERDICT, 0);
	if (type != NFT_TRACETYPE_RULE || !attr || !t->handle ||
	    !number(nl_attr_in(attr, NFTA_VERDICT_CODE, sizeof(code)), &code))
		return false;
	t->kind = kind_of_verdict(code);
	return true;
}
