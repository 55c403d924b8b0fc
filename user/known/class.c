// SPDX-License-Identifier: GPL-2.0-only
/* Lists what kind of drop each reason is, and what that mostly means. */
#include <string.h>

#include "base/util.h"
#include "known/class.h"

/*
 * The first row that has the name is the one. Classes are those of the IETF's model for
 * packet discard reporting (draft-ietf-opsawg-discardmodel): errors, policy, no-buffer,
 * by layer. It ends at IP: l4, of sockets and their protocols, follows its pattern, as
 * does no-loss, of what was not to arrive.
 */
const struct reason_class classes[] = {
	{ "NO_SOCKET", { "errors/l4/rx/no-socket", INTENT_USUAL } },
	{ "NOT_SPECIFIED NOT_AVAILABLE", { "unknown", INTENT_UNKNOWN } },

	{ "IP_CSUM", { "errors/l3/rx/checksum-error", INTENT_BAD } },
	{ "ICMP_CSUM TCP_CSUM UDP_CSUM", { "errors/l4/rx/checksum-error", INTENT_BAD } },
	{ "IP_INHDR", { "errors/l3/rx", INTENT_SUSPICIOUS } },
	{ "PKT_TOO_BIG", { "errors/l3/rx/mtu-exceeded", INTENT_SUSPICIOUS } },
	{ "openvswitch/OVS_DROP_IP_TTL", { "errors/l3/rx/ttl-expired", INTENT_SUSPICIOUS } },
	{ "PKT_TOO_SMALL HDR_TRUNC DEV_HDR IPV6_BAD_EXTHDR IPV6_TOO_MANY_EXTHDRS "
	  "openvswitch/OVS_DROP_FRAG_*", { "errors/l3/rx/invalid-packet", INTENT_SUSPICIOUS } },
	{ "DUP_FRAG FRAG_TOO_FAR FRAG_REASM_TIMEOUT",
	  { "errors/l3/rx/fragment", INTENT_SUSPICIOUS } },
	{ "IPV6_NDISC_NS_OTHERHOST", { "no-loss/not-for-us", INTENT_USUAL } },
	{ "IPV6_NDISC_*", { "errors/l3/rx/invalid-packet", INTENT_SUSPICIOUS } },
	{ "IP_INVALID_SOURCE IP_LOCAL_SOURCE IP_INVALID_DEST IP_LOCALNET UNICAST_IN_L2_MULTICAST "
	  "IP_INADDRERRORS", { "errors/l3/rx/invalid-address", INTENT_SUSPICIOUS } },
	{ "IP_NOPROTO", { "errors/l3/rx/no-protocol", INTENT_SUSPICIOUS } },
	{ "INVALID_PROTO", { "policy/l3/acl", INTENT_USUAL } },
	{ "IP_INNOROUTES IP_OUTNOROUTES", { "errors/l3/no-route", INTENT_SUSPICIOUS } },
	{ "NEIGH_*", { "errors/l3/no-neighbor", INTENT_SUSPICIOUS } },
	{ "IP_TUNNEL_ECN TUNNEL_TXINFO VXLAN_INVALID_HDR",
	  { "errors/l3/tunnel", INTENT_SUSPICIOUS } },
	{ "VXLAN_VNI_NOT_FOUND VXLAN_ENTRY_EXISTS NO_TX_TARGET", { "errors/l2/no-destination",
	  INTENT_SUSPICIOUS } },

	{ "OTHERHOST", { "no-loss/not-for-us", INTENT_USUAL } },
	{ "UNHANDLED_PROTO", { "errors/l2/rx/no-protocol", INTENT_USUAL } },
	{ "LOCAL_MAC MAC_INVALID_SOURCE", { "errors/l2/rx/invalid-mac", INTENT_SUSPICIOUS } },
	{ "MAC_IEEE_MAC_CONTROL", { "no-loss/not-for-us", INTENT_USUAL } },
	{ "BRIDGE_INGRESS_STP_STATE", { "policy/l2/stp", INTENT_USUAL } },
	{ "CAN*_RX_INVALID_FRAME", { "errors/l2/rx/invalid-frame", INTENT_SUSPICIOUS } },
	{ "mac80211*/RX_DROP*DUP mac80211*/RX_DROP*REPLAY mac80211*/RX_DROP*PN",
	  { "no-loss/duplicate", INTENT_USUAL } },
	{ "mac80211*/*OOM", { "no-buffer/memory", INTENT_BAD } },
	{ "mac80211*/*", { "errors/l2/rx/invalid-frame", INTENT_SUSPICIOUS } },

	{ "NETFILTER_DROP TC_INGRESS TC_EGRESS XDP BPF_CGROUP_EGRESS SOCKET_FILTER TAP_FILTER "
	  "TAP_TXFILTER openvswitch/OVS_DROP_EXPLICIT* openvswitch/OVS_DROP_LAST_ACTION",
	  { "policy/l3/acl", INTENT_USUAL } },
	{ "SECURITY_HOOK", { "policy/l4/acl", INTENT_SUSPICIOUS } },
	{ "XFRM_POLICY PSP_INPUT PSP_OUTPUT", { "policy/l3/encryption", INTENT_SUSPICIOUS } },
	{ "IP_RPFILTER", { "policy/l3/rpf", INTENT_SUSPICIOUS } },
	{ "openvswitch/OVS_DROP_METER", { "policy/l3/policer", INTENT_USUAL } },
	{ "IPV6DISABLED ARP_PVLAN_DISABLE", { "policy/l3/disabled", INTENT_USUAL } },
	{ "TCP_MD5* TCP_AO* TCP_AUTH_HDR", { "policy/l4/authentication", INTENT_SUSPICIOUS } },
	{ "TCP_MINTTL", { "policy/l4/acl", INTENT_SUSPICIOUS } },

	{ "SOCKET_RCVBUFF SOCKET_BACKLOG TCP_LISTEN_OVERFLOW PACKET_SOCK_ERROR",
	  { "no-buffer/socket", INTENT_BAD } },
	{ "PROTO_MEM NOMEM PFMEMALLOC", { "no-buffer/memory", INTENT_BAD } },
	{ "TCP_OFO_QUEUE_PRUNE", { "no-buffer/socket", INTENT_SUSPICIOUS } },
	{ "TCP_ZEROWINDOW", { "no-buffer/socket", INTENT_USUAL } },
	{ "CPU_BACKLOG FULL_RING MACVLAN_BROADCAST_BACKLOG IPVLAN_MULTICAST_BACKLOG QDISC_BURST_DROP",
	  { "no-buffer/queue", INTENT_BAD } },
	/* That is their work, and how TCP learns how fast it may be. */
	{ "QDISC_DROP qdisc/*", { "no-buffer/queue", INTENT_USUAL } },

	{ "TCP_OLD_DATA TCP_OFOMERGE TCP_OFO_DROP TCP_OLD_ACK TCP_OLD_SEQUENCE TCP_RFC7323_*",
	  { "no-loss/duplicate", INTENT_USUAL } },
	{ "TCP_RESET TCP_CLOSE TCP_ABORT_ON_DATA TCP_FASTOPEN",
	  { "no-loss/closed", INTENT_USUAL } },
	{ "TCP_*", { "errors/l4/rx/invalid-segment", INTENT_SUSPICIOUS } },
	{ "QUEUE_PURGE SOCKET_CLOSE UNIX_DISCONNECT UNIX_SKIP_OOB",
	  { "no-loss/closed", INTENT_USUAL } },

	{ "DEV_READY", { "errors/l2/device-down", INTENT_SUSPICIOUS } },
	{ "SKB_CSUM SKB_GSO_SEG SKB_BAD_GSO SKB_UCOPY_FAULT RECURSION_LIMIT TC_CHAIN_NOTFOUND "
	  "TC_COOKIE_ERROR TC_RECLASSIFY_LOOP", { "errors/internal", INTENT_BAD } },
	{ "openvswitch/*", { "errors/internal", INTENT_SUSPICIOUS } },
};

const size_t nr_classes = ARRAY_SIZE(classes);
const struct drop_class class_unknown = { "unknown", INTENT_UNKNOWN };

const struct drop_class *class_of(const char *label)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(classes); i++)
		if (match_words(classes[i].names, label, false))
			return &classes[i].class;
	return &class_unknown;
}

const char *intent_word(enum intent intent)
{
	static const char *const words[] = {
		[INTENT_UNKNOWN] = "unknown", [INTENT_USUAL] = "usual",
		[INTENT_SUSPICIOUS] = "suspicious", [INTENT_BAD] = "bad",
		[INTENT_MIXED] = "mixed",
	};

	return words[intent];
}

void class_add(struct drop_class *sum, const struct drop_class *c)
{
	if (!sum->name) {
		*sum = *c;
		return;
	}
	if (strcmp(sum->name, c->name))
		sum->name = "mixed";
	if (sum->intent != c->intent)
		sum->intent = INTENT_MIXED;
}
