// SPDX-License-Identifier: GPL-2.0-only
/* Finds the hook of netfilter that a packet was dropped at, by the stack of its drop. */
#include <string.h>

#include "stream/decode.h"
#include "stream/place.h"
#include "explain/hook.h"

/* Who calls the hooks; the caller that is nearest to the drop is it. */
static const struct {
	const char *symbol, *family, *hook;
} callers[] = {
	{ "ip_local_deliver", "ip", "input" },
	{ "ip_forward", "ip", "forward" },
	{ "ip_mr_forward", "ip", "forward" },
	{ "ipmr_queue_xmit", "ip", "forward" },
	{ "ipmr_queue_fwd_xmit", "ip", "forward" },
	{ "ip_rcv", "ip", "prerouting" },
	{ "ip_list_rcv", "ip", "prerouting" },
	{ "ip_sublist_rcv", "ip", "prerouting" },
	{ "xfrm4_transport_finish", "ip", "prerouting" },
	{ "input_action_end_dx4", "ip", "prerouting" },
	{ "__ip_local_out", "ip", "output" },
	{ "ip_local_out", "ip", "output" },
	{ "raw_send_hdrinc", "ip", "output" },
	{ "raw_sendmsg", "ip", "output" },
	{ "ip_output", "ip", "postrouting" },
	{ "ip_mc_output", "ip", "postrouting" },
	{ "xfrm4_output", "ip", "postrouting" },
	{ "ip6_input", "ip6", "input" },
	{ "seg6_local_input", "ip6", "input" },
	{ "ip6_forward", "ip6", "forward" },
	{ "ip6_mr_forward", "ip6", "forward" },
	{ "ip6mr_forward2", "ip6", "forward" },
	{ "ipv6_rcv", "ip6", "prerouting" },
	{ "ipv6_list_rcv", "ip6", "prerouting" },
	{ "ip6_sublist_rcv", "ip6", "prerouting" },
	{ "xfrm6_transport_finish", "ip6", "prerouting" },
	{ "input_action_end_dx6", "ip6", "prerouting" },
	{ "__ip6_local_out", "ip6", "output" },
	{ "ip6_local_out", "ip6", "output" },
	{ "ip6_xmit", "ip6", "output" },
	{ "rawv6_send_hdrinc", "ip6", "output" },
	{ "rawv6_sendmsg", "ip6", "output" },
	{ "ndisc_send_skb", "ip6", "output" },
	{ "mld_sendpack", "ip6", "output" },
	{ "igmp6_send", "ip6", "output" },
	{ "ip6_output", "ip6", "postrouting" },
	{ "ip6_finish_output2", "ip6", "postrouting" },
	{ "xfrm6_output", "ip6", "postrouting" },
	{ "xfrm_output_resume", "inet", "postrouting" },
	{ "vrf_l3_rcv", "inet", "prerouting" },
	{ "vrf_ip_local_out", "ip", "output" },
	{ "vrf_ip6_local_out", "ip6", "output" },
	{ "vrf_l3_out", "inet", "output" },
	{ "vrf_output", "ip", "postrouting" },
	{ "vrf_output6", "ip6", "postrouting" },
	{ "ip_vs_nat_xmit", "ip", "output" },
	{ "ip_vs_tunnel_xmit", "ip", "output" },
	{ "ip_vs_dr_xmit", "ip", "output" },
	{ "ip_vs_nat_xmit_v6", "ip6", "output" },
	{ "ip_vs_tunnel_xmit_v6", "ip6", "output" },
	{ "ip_vs_dr_xmit_v6", "ip6", "output" },
	{ "arp_rcv", "arp", "input" },
	{ "arp_xmit", "arp", "output" },
	/* The rules of IP for bridged frames, by br_netfilter; */
	{ "br_nf_pre_routing", "ip", "prerouting" },
	{ "br_nf_pre_routing_ipv6", "ip6", "prerouting" },
	{ "br_nf_forward_ip", "inet", "forward" },
	{ "br_nf_forward_arp", "arp", "forward" },
	{ "br_nf_forward", "inet", "forward" },
	{ "br_nf_post_routing", "inet", "postrouting" },
	/* behind them it goes on with those of the bridge. */
	{ "br_nf_pre_routing_finish", "bridge", "prerouting" },
	{ "br_nf_pre_routing_finish_ipv6", "bridge", "prerouting" },
	{ "br_nf_pre_routing_finish_bridge", "bridge", "prerouting" },
	{ "br_nf_forward_finish", "bridge", "forward" },
	{ "br_handle_frame", "bridge", "prerouting" },
	{ "br_pass_frame_up", "bridge", "input" },
	{ "br_handle_frame_finish", "bridge", "input" },
	{ "br_multicast_send_query", "bridge", "output" },
	{ "__br_multicast_send_query", "bridge", "output" },
	{ "br_send_bpdu", "bridge", "output" },
	{ "br_forward_finish", "bridge", "postrouting" },
	{ "__netif_receive_skb_core", "netdev", "ingress" },
	{ "__dev_queue_xmit", "netdev", "egress" },
	{ "nf_hook_direct_egress", "netdev", "egress" },
};

/*
 * Who calls several: @from, between it and the drop, tells which, or @to, the
 * nearest further out of those that stand here for the same symbol.
 */
static const struct {
	const char *symbol, *from, *to, *family, *hook;
} choices[] = {
	/* Frames of the link itself, as of spanning tree, are input at once. */
	{ "br_handle_frame", "nf_hook_slow", NULL, "bridge", "input" },
	{ "__br_forward", NULL, "br_dev_xmit", "bridge", "output" },
	{ "__br_forward", NULL, "br_handle_frame_finish", "bridge", "forward" },
	/* Chains of the families netdev and inet are called here. */
	{ "__netif_receive_skb_core", "nft_do_chain_inet_ingress", NULL, "inet", "ingress" },
};

static bool frame_is(const struct stack *st, int i, const char *symbol)
{
	return place_is_in(st->frame[i]->text, symbol);
}

/* Is @symbol the place or one of the frames before @end? */
static bool has_frame_before(const struct stack *st, const char *symbol, int end)
{
	int i;

	for (i = 0; i < end; i++)
		if (frame_is(st, i, symbol))
			return true;
	return place_is_in(st->place->text, symbol);
}

/* Of the choices that frame @i has, the one that fits, if one does: into @h. */
static bool choose_hook(const struct stack *st, int i, struct explain_hook *h)
{
	size_t c;
	int j;

	for (j = i; j < st->nr; j++) {
		for (c = 0; c < ARRAY_SIZE(choices); c++) {
			if (!frame_is(st, i, choices[c].symbol) ||
			    (choices[c].from && (j > i || !has_frame_before(st, choices[c].from, i))) ||
			    (choices[c].to && !frame_is(st, j, choices[c].to)))
				continue;
			h->family = choices[c].family;
			h->hook = choices[c].hook;
			return true;
		}
	}
	return false;
}

struct explain_hook explain_hook(const struct stack *st)
{
	struct explain_hook h = { 0 };
	size_t c;
	int i;

	if (place_is_in(st->place->text, "nft_do_chain"))
		h.by = "nftables";
	for (i = 0; i < st->nr && !choose_hook(st, i, &h); i++) {
		for (c = 0; c < ARRAY_SIZE(callers); c++) {
			if (!frame_is(st, i, callers[c].symbol))
				continue;
			h.family = callers[c].family;
			h.hook = callers[c].hook;
			return h;
		}
	}
	return h;
}
