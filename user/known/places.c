// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists what is known of places in the kernel: functions that drop without a
 * reason, or with one that says less than the function does. They are those of
 * kernels from 5.10 to 7.3.
 */
#include "base/util.h"
#include "known/places.h"

#define NDISC_ADVICE \
	.advice = "see the type: some messages are freed here after they were handled", \
	.meaning = "Kernels before 6.2 free all messages of neighbor discovery and MLD here.", \
	.causes = \
		"neighbor discovery and MLD that were handled: no loss\n" \
		"router advertisements that this host ignores, since it forwards or accept_ra is 0\n", \
	.look = \
		"whydrop list -r REASON -o dev,src,icmp_type # 134: router advertisement\n" \
		"sysctl net.ipv6.conf.DEV.accept_ra net.ipv6.conf.DEV.forwarding # 2: also if forwarding\n" \
		"nstat -asz Icmp6InErrors Icmp6InRouterAdvertisements # how many\n"

#define UNREAD_ADVICE \
	.advice = "usually no loss: a socket was closed with something unread", \
	.meaning = "What waited in the queues of a socket is freed when that is closed.", \
	.causes = \
		"a program ends, or closes without reading all\n", \
	.look = \
		"whydrop list -r REASON -o comm,pid,src,dst # whose packets\n" \
		"nstat -asz TcpExtTCPOFOQueue # of TCP, what waited out of order\n"

#define NETLINK_ADVICE \
	.advice = "usually no loss: a message of the kernel that nobody wanted", \
	.meaning = "The receiver of a netlink message is gone, or did not ask for it.", \
	.causes = \
		"a program ended while an answer to it was on its way\n", \
	.look = \
		"whydrop list -r REASON -o comm,pid # which programs\n"

#define UNIX_ADVICE \
	.advice = "usually no loss: a local socket was closed with messages unread", \
	.meaning = "Messages between programs of this host, freed with their socket.", \
	.causes = \
		"a program ended, or its peer did\n", \
	.look = \
		"whydrop list -r REASON -o comm,pid # which programs\n"

/* Where a kernel without reasons drops for many, only the packet tells more. */
#define MANY_REASONS \
	.causes = "this kernel does not say which; those from 5.17 on have reasons\n"

const struct known_place known_places[] = {
	/* ---- kernels without reasons, at places that newer ones have several for */
	{ .names = "tcp_v4_rcv tcp_v6_rcv",
	  .unnamed = true,
	  .class = { "errors/l4/rx", INTENT_USUAL },
	  .advice = "mostly a TCP packet to a port where nobody listens",
	  .meaning = "TCP refused the packet before it came to a connection.",
	  MANY_REASONS
		"nobody listens; a connection that is over\n"
		"a wrong checksum or header; a filter of the socket; a full backlog\n",
	  .look =
		"nstat -asz TcpOutRsts TcpInErrs TcpExtTCPBacklogDrop # which of them\n"
		"whydrop list -o src,dst,sport,dport,tcp_flags --at tcp_v* # which\n" },
	{ .names = "__udp4_lib_rcv __udp6_lib_rcv",
	  .unnamed = true,
	  .class = { "errors/l4/rx", INTENT_USUAL },
	  .advice = "mostly a datagram to a port where nobody listens",
	  .meaning = "UDP found no socket for the datagram, or it is broken.",
	  MANY_REASONS
		"nobody is bound to address and port\n"
		"a wrong checksum or length\n",
	  .look =
		"nstat -asz UdpNoPorts Udp6NoPorts UdpInErrors # which of them\n"
		"ss -lnup # who listens\n" },
	{ .names = "udp_queue_rcv_one_skb udpv6_queue_rcv_one_skb __udp_queue_rcv_skb",
	  .unnamed = true,
	  .advice = "a UDP socket did not take it: full, or its own filter",
	  .meaning = "The socket of the datagram refused it.",
	  MANY_REASONS
		"its receive buffer is full: the program reads too slowly\n"
		"its own filter; a wrong checksum\n",
	  .look =
		"nstat -asz UdpRcvbufErrors UdpInCsumErrors # which of them\n"
		"ss -uamp # skmem: r used, rb the limit, d dropped\n" },
	{ .names = "ip_rcv_core ip_rcv",
	  .unnamed = true,
	  .class = { "errors/l3/rx", INTENT_UNKNOWN },
	  .advice = "for another host's MAC address, or a broken header",
	  .meaning = "The packet was refused by its first look at the IP header.",
	  MANY_REASONS
		"a promiscuous device sees frames of other hosts\n"
		"a wrong checksum, version or length\n",
	  .look =
		"nstat -asz IpInHdrErrors IpExtInCsumErrors # broken ones\n"
		"whydrop list -o dev,mac_dst,src,dst --at ip_rcv* # which\n" },
	{ .names = "ip6_rcv_core ipv6_rcv",
	  .unnamed = true,
	  .class = { "errors/l3/rx", INTENT_UNKNOWN },
	  .advice = "for another host's MAC address, or addresses that may not be",
	  .meaning = "The packet was refused by its first look at the IPv6 header.",
	  MANY_REASONS
		"a promiscuous device sees frames of other hosts\n"
		"IPv6 is disabled on the device; a broken header\n",
	  .look =
		"nstat -asz Ip6InHdrErrors Ip6InDiscards # broken ones\n"
		"whydrop list -o dev,mac_dst,src,dst --at ip*6_rcv* # which\n" },
	{ .names = "__netif_receive_skb_core",
	  .unnamed = true,
	  .class = { "errors/l2/rx", INTENT_USUAL },
	  .advice = "mostly a protocol that this host does not speak: see its EtherType",
	  .meaning = "Nothing takes frames of this EtherType, or a rule of tc dropped it.",
	  MANY_REASONS
		"LLDP, STP, IPX and the like; VLANs that are not configured\n"
		"a filter of tc at ingress\n",
	  .look =
		"whydrop list -o dev,ethertype,mac_src,mac_dst --at __netif_receive* # which\n"
		"tc -s filter show dev DEV ingress # rules with their counts\n" },
	{ .names = "enqueue_to_backlog",
	  .unnamed = true,
	  .advice = "more packets than a CPU can take, or their device went down",
	  .meaning = "The queue of a CPU is full, or the device is not running.",
	  MANY_REASONS
		"a burst, or one CPU gets all packets\n"
		"a virtual device is removed\n",
	  .look =
		"cat /proc/net/softnet_stat # (host) second column: dropped, by CPU\n"
		"sysctl net.core.netdev_max_backlog # (host) how many may wait\n" },
	/* ---- IP: routes, addresses */
	{ .names = "ip_rcv_finish_core ip_rcv_finish ip_list_rcv_finish",
	  .class = { "errors/l3/rx", INTENT_UNKNOWN },
	  .advice = "a martian, or multicast that nobody here joined: see its addresses",
	  .meaning =
		"Routing refused the packet: its source or destination cannot be on this device. "
		"Newer kernels have reasons for it: IP_LOCAL_SOURCE, IP_INVALID_SOURCE, IP_LOCALNET.",
	  .causes =
		"a source address that is this host's own, loopback, zero or multicast\n"
		"multicast to a group that nobody on this host has joined\n"
		"127.0.0.0/8 that comes from outside; IP options that are not allowed\n",
	  .look =
		"whydrop list -r REASON -o dev,mac_src,src,dst # which addresses\n"
		"lnstat -i 1 -c 1 -f rt_cache -k in_martian_dst,in_martian_src # martians so far\n"
		"ip maddr show dev DEV # the groups that were joined\n"
		"sysctl net.ipv4.conf.DEV.log_martians # 1: the kernel's log names them\n" },
	{ .names = "ip6_pkt_drop ip6_pkt_discard ip6_pkt_discard_out ip6_pkt_prohibit "
		"ip6_pkt_prohibit_out ip_queue_xmit __ip_queue_xmit",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = "no route to the destination: see ip route get",
	  .meaning = "There is no route to the destination, or one that says so.",
	  .causes =
		"no default route for this protocol: IPv6 is on, and no router was found\n"
		"a blackhole, prohibit or unreachable route\n",
	  .look =
		"ip -6 route show # routes; likewise ip route show\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n" },
	{ .names = "ip_protocol_deliver_rcu ip6_protocol_deliver_rcu",
	  .class = { "errors/l3/rx/no-protocol", INTENT_SUSPICIOUS },
	  .advice = "nothing here handles its protocol: see who sends it",
	  .meaning = "No handler for the protocol in the IP header, or IPsec was required.",
	  .causes =
		"a protocol whose module is not loaded: SCTP, GRE, ESP, ...\n"
		"a policy of IPsec that the packet does not fulfill\n",
	  .look =
		"nstat -asz IpInUnknownProtos Ip6InUnknownProtos # how many\n"
		"whydrop list -r REASON -o dev,src,dst,proto # from whom\n" },
	{ .names = "ip_finish_output2",
	  .class = { "errors/l3/no-neighbor", INTENT_SUSPICIOUS },
	  .advice = "the next hop could not get an entry: see the table of neighbors",
	  .meaning = "There was no entry for the next hop, and none could be made.",
	  .causes =
		"the table of neighbors is full\n",
	  .look =
		"sysctl net.ipv4.neigh.default.gc_thresh3 # (host) the limit\n"
		"ip -s neigh show dev DEV # entries\n" },
	{ .names = "ip6_xmit",
	  .class = { "errors/l3/tx/mtu-exceeded", INTENT_SUSPICIOUS },
	  .advice = "larger than the MTU of the way: compare MTUs",
	  .meaning = "A packet of a socket does not fit the MTU of its route.",
	  .causes =
		"the MTU of the way became smaller\n",
	  .look =
		"ip -6 route get 2001:db8::1 # with the destination: mtu\n"
		"ip link show # MTU of each device\n" },
	{ .names = "__ip_flush_pending_frames ip_flush_pending_frames ip6_flush_pending_frames "
		"__ip6_flush_pending_frames",
	  .class = { "errors/l4/tx", INTENT_SUSPICIOUS },
	  .advice = "a program's own message could not be sent as a whole",
	  .meaning = "The parts of a message are freed because it could not be completed.",
	  .causes =
		"a program ended, or gave a wrong address, between two parts of a message\n",
	  .look =
		"whydrop list -r REASON -o comm,pid # which program\n" },
	{ .names = "ip_error",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = "not forwarded: its route is unreachable, prohibit or blackhole, or there is none",
	  .meaning = "The packet is for another host, and may not, or cannot, be forwarded.",
	  .causes =
		"this host does not forward (reason IP_INADDRERRORS, where the kernel has it)\n"
		"no route leads there (IP_INNOROUTES)\n"
		"a blackhole, prohibit or unreachable route, by hand or by a routing daemon\n"
		"IPv4 is not configured on the device that the packet came in by\n",
	  .look =
		"ip route show table all type blackhole # and so for unreachable and prohibit\n"
		"ip route get 192.0.2.1 from 198.51.100.1 iif DEV # with its two addresses\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n" },
	{ .names = "dst_discard_out dst_discard dst_blackhole_*",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = "a blackhole route, or a route whose device is gone",
	  .meaning = "The route discards whatever is sent by it.",
	  .causes =
		"an IPv6 route of type blackhole\n"
		"the device of a route that a connection still used went down\n"
		"IPsec: packets that wait for a state to be negotiated\n",
	  .look =
		"ip -6 route show table all type blackhole # such routes\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n" },
	{ .names = "ip_forward",
	  .class = { "errors/l3/rx", INTENT_SUSPICIOUS },
	  .advice = "a frame that is not to be forwarded: see its MAC address and options",
	  .meaning = "The packet was to be forwarded, and something about it forbids that.",
	  .causes =
		"unicast IP in a broadcast or multicast frame, which a router must not forward\n"
		"a strict source route that does not fit; out of memory\n",
	  .look =
		"whydrop list -r REASON -o dev,mac_src,mac_dst,src,dst # which frames\n" },
	{ .names = "ip6_forward",
	  .class = { "errors/l3", INTENT_SUSPICIOUS },
	  .advice = "a frame that is not to be forwarded: see its MAC address",
	  .meaning = "The packet was to be forwarded, and something about it forbids that.",
	  .causes =
		"unicast IP in a broadcast or multicast frame, which a router must not forward\n"
		"an IPsec policy for forwarding; a neighbor discovery proxy that refused it\n",
	  .look =
		"whydrop list -r REASON -o dev,mac_src,mac_dst,src,dst # which frames\n" },
	{ .names = "ip6_rcv_core ipv6_rcv",
	  .class = { "errors/l3/rx/invalid-address", INTENT_SUSPICIOUS },
	  .advice = "see its addresses: the standard does not allow them here",
	  .meaning = "IPv6 refuses addresses that must not come from a network.",
	  .causes =
		"loopback or multicast as the source; multicast of scope 0 or 1\n"
		"out of memory\n",
	  .look =
		"nstat -asz Ip6InHdrErrors Ip6InDiscards # how many\n"
		"whydrop list -r REASON -o dev,mac_src,src,dst # which addresses\n" },
	{ .names = "ip_mc_output ip6_finish_output2",
	  .class = { "no-loss/not-for-us", INTENT_USUAL },
	  .advice = "usually no loss: multicast that must not leave this host",
	  .meaning = "Multicast with a TTL of 0, or of node-local scope, stays here.",
	  .causes =
		"a program that set IP_MULTICAST_TTL to 0, or sends to ff01::/16\n",
	  .look =
		"whydrop list -r REASON -o comm,pid,src,dst # whose packets\n" },
	{ .names = "ip6_mc_input",
	  .class = { "no-loss/not-for-us", INTENT_USUAL },
	  .harmless = "NOT_SPECIFIED",
	  .advice = "usually no loss: IPv6 multicast to a group that nobody here joined",
	  .meaning = "The device passes more multicast than the groups that were joined.",
	  .causes =
		"neighbor discovery, MLD and mDNS of other hosts\n"
		"the device is promiscuous or in a bridge, or its filter is coarse\n",
	  .look =
		"whydrop list -r REASON -o dev,src,dst # which groups\n"
		"ip -6 maddr show dev DEV # the groups that were joined\n" },
	{ .names =
		"ip_mr_input ip_mr_forward ipmr_queue_xmit ipmr_queue_fwd_xmit "
		"ipmr_cache_unresolved ipmr_destroy_unres ip6_mr_input ip6_mr_forward "
		"ip6mr_forward2 ip6mr_cache_unresolved ip6mr_destroy_unres ip_mr_output_finish "
		"ip6_mr_output_finish",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = "multicast routing has no way for it: see its cache",
	  .meaning = "This host routes multicast, and did not forward this packet.",
	  .causes =
		"no entry for source and group, and the routing daemon did not make one in time\n"
		"it came in by another device than the entry says\n"
		"TTL is not above the threshold of the device, or nobody wants the group\n",
	  .look =
		"cat /proc/net/ip_mr_cache # entries; Wrong: packets by a wrong device\n"
		"cat /proc/net/ip_mr_vif # devices that take part, with their counts\n"
		"ip -s mroute show table all # the same in words\n" },
	{ .names = "pim_rcv pim_rcv_v1 pim6_rcv reg_vif_xmit",
	  .class = { "errors/l3/rx/no-protocol", INTENT_SUSPICIOUS },
	  .advice = "a PIM message that multicast routing did not take",
	  .meaning = "A register message of PIM is broken, or there is no register device.",
	  .causes =
		"no PIM daemon runs here, or it has not made the register device yet\n",
	  .look =
		"cat /proc/net/ip_mr_vif # is there a pimreg?\n"
		"whydrop list -r REASON -o dev,src,dst # from whom\n" },
	{ .names = "igmp_rcv igmp6_event_query igmp6_event_report",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .advice = "usually no loss: the message was read, and is freed so",
	  .meaning = "Messages about multicast groups are freed here after they were handled.",
	  .causes =
		"reports of other hosts: this one needs only queries\n"
		"a message with a wrong checksum or length\n",
	  .look =
		"cat /proc/net/igmp # the groups that were joined\n"
		"whydrop list -r REASON -o dev,src,dst # from whom\n" },
	{ .names = "ping_rcv icmp_rcv",
	  .class = { "errors/l4/rx", INTENT_UNKNOWN },
	  .harmless = "NO_SOCKET",
	  .advice = "an answer to a ping that no socket waits for, or a broken message",
	  .meaning = "ICMP messages that nobody waits for, or that are not valid.",
	  .causes =
		"an answer to a ping; a raw socket has a copy of its own\n"
		"a wrong checksum, an unknown type\n",
	  .look =
		"whydrop list -r REASON -o dev,src,dst,icmp_type # 0: answer to a ping\n"
		"nstat -asz IcmpInErrors IcmpInCsumErrors # how many were broken\n" },
	{ .names = "icmpv6_rcv",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .harmless = "NO_SOCKET",
	  NDISC_ADVICE },
	{ .names = "ndisc_rcv",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  NDISC_ADVICE },
	{ .names = "arp_process arp_rcv",
	  .class = { "errors/l3/rx/invalid-packet", INTENT_SUSPICIOUS },
	  .advice = "an ARP message that makes no sense: see who sends it",
	  .meaning = "Its addresses are not valid, or the device does not do ARP for them.",
	  .causes =
		"a target address that is multicast or loopback; a truncated message\n"
		"proxy ARP that is not wanted for this address\n",
	  .look =
		"whydrop list -r REASON -x -c 3 # the bytes of some of them\n"
		"ip -s neigh show dev DEV # what was learned so far\n" },
	{ .names =
		"neigh_xmit neigh_blackhole neigh_resolve_output neigh_connected_output "
		"__neigh_event_send neigh_invalidate neigh_update __neigh_update "
		"arp_error_report ndisc_error_report",
	  .class = { "errors/l3/no-neighbor", INTENT_SUSPICIOUS },
	  .advice = "the next hop has no entry, or its entry is being removed",
	  .meaning = "There is no neighbor to hand the packet to.",
	  .causes =
		"the device goes down, or the next hop is of a kind that it cannot have\n"
		"the next hop does not answer\n",
	  .look =
		"ip -s neigh show dev DEV # FAILED and INCOMPLETE do not answer\n"
		"ip monitor neigh # entries as they change; ends with Ctrl-C\n" },
	{ .names = "pneigh_enqueue pneigh_queue_purge neigh_proxy_process pndisc_redo",
	  .class = { "no-buffer/queue", INTENT_SUSPICIOUS },
	  .advice = "too many requests for proxied addresses wait",
	  .meaning = "Answers for proxied addresses are delayed in a queue, which is short.",
	  .causes =
		"many requests at once for addresses that this host is a proxy for\n",
	  .look =
		"ip neigh show proxy # the addresses\n"
		"ip ntable show name arp_cache # proxy_queue is the limit\n" },
	/* ---- fragments */
	{ .names =
		"ip_defrag ip_frag_queue ip_check_defrag ipv6_frag_rcv ip6_frag_queue "
		"nf_ct_frag6_queue",
	  .class = { "errors/l3/rx/fragment", INTENT_SUSPICIOUS },
	  .advice = "a fragment that does not fit, or memory for fragments is spent",
	  .meaning = "Reassembly could not use the fragment.",
	  .causes =
		"the limit of memory for fragments is reached: loss, or an attack\n"
		"fragments that overlap, or that end behind the end\n",
	  .look =
		"nstat -asz IpReasmReqds IpReasmFails Ip6ReasmReqds Ip6ReasmFails # how it goes\n"
		"sysctl net.ipv4.ipfrag_high_thresh net.ipv6.ip6frag_high_thresh # the limits\n" },
	{ .names =
		"ip_do_fragment ip_fragment ip6_fragment ip_finish_output_gso "
		"ip6_finish_output_gso_slowpath_drop br_nf_ip_fragment br_ip6_fragment "
		"nf_br_ip_fragment",
	  .class = { "errors/l3/tx/mtu-exceeded", INTENT_SUSPICIOUS },
	  .advice = "too large for the device, and it could not be cut: compare MTUs",
	  .meaning = "The packet is larger than the MTU of the device that it goes out by.",
	  .causes =
		"\"do not fragment\" is set, and the sender does not get or heed the ICMP message\n"
		"out of memory\n",
	  .look =
		"nstat -asz IpFragFails IpFragOKs Ip6FragFails # how many\n"
		"ip link show # MTU of each device\n" },
	{ .names =
		"ipv6_rthdr_rcv ipv6_srh_rcv ipv6_rpl_srh_rcv ipv6_parse_hopopts "
		"ipv6_destopt_rcv",
	  .class = { "errors/l3/rx/invalid-packet", INTENT_SUSPICIOUS },
	  .advice = "an extension header of IPv6 that this host does not accept",
	  .meaning = "Routing headers are refused unless a sysctl allows them.",
	  .causes =
		"a source route, segment routing or RPL, which is off by default\n"
		"a broken header\n",
	  .look =
		"nstat -asz Ip6InHdrErrors # how many\n"
		"sysctl net.ipv6.conf.DEV.accept_source_route net.ipv6.conf.DEV.seg6_enabled # 0: refused\n" },
	{ .names =
		"lwtunnel_xmit lwtunnel_output lwtunnel_input seg6_* input_action_end* "
		"end_dt_vrf_* rpl_input rpl_output ila_input ila_output ioam6_output bpf_xmit "
		"bpf_input bpf_output run_lwt_bpf",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = "a route with an encapsulation could not carry it out",
	  .meaning = "Segment routing, MPLS, BPF or the like of a route refused the packet.",
	  .causes =
		"the module for that kind of route is not loaded\n"
		"a BPF program of the route; a segment that is not this host's\n",
	  .look =
		"ip -6 route show table all # encap: the routes that do so\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n" },
	/* ---- IPsec */
	{ .names =
		"xfrm_input xfrm4_rcv_encap xfrm4_esp_rcv xfrm4_ah_rcv xfrm4_ipcomp_rcv "
		"xfrm6_rcv_encap xfrm6_esp_rcv xfrm6_ah_rcv xfrm6_ipcomp_rcv "
		"xfrm4_udp_encap_rcv xfrm6_udp_encap_rcv xfrm6_input_addr "
		"xfrm4_rcv_encap_finish xfrmi_input vti_input vti6_input_proto",
	  .class = { "policy/l3/encryption", INTENT_SUSPICIOUS },
	  .advice = "IPsec: no state fits, or the packet is replayed, late or forged",
	  .meaning = "A packet of ESP, AH or IPcomp could not be decrypted or verified.",
	  .causes =
		"the other end uses a state (SPI) that this host does not have: it restarted\n"
		"the packet was repeated or came too late for the replay window\n"
		"keys differ, or a middlebox changed the packet\n",
	  .look =
		"grep -v '[[:blank:]]0$' /proc/net/xfrm_stat # XfrmIn* tells which check failed\n"
		"ip -s xfrm state # SPIs, and replay and failed of each\n"
		"whydrop list -r REASON -o src,dst,proto # from whom\n" },
	{ .names =
		"xfrm_output* __xfrm6_output validate_xmit_xfrm xdst_queue_output "
		"xfrm_policy_queue_process esp_output_done xfrmi_xmit vti_xmit vti_tunnel_xmit "
		"vti6_tnl_xmit xfrm_dev_direct_output iptfs_*",
	  .class = { "policy/l3/encryption", INTENT_SUSPICIOUS },
	  .advice = "IPsec: it could not be encrypted: is there a state for it?",
	  .meaning = "A policy asks for encryption, which failed.",
	  .causes =
		"the state is not negotiated yet, or has expired\n"
		"the encrypted packet does not fit the MTU\n",
	  .look =
		"grep -v '[[:blank:]]0$' /proc/net/xfrm_stat # XfrmOut* tells which step failed\n"
		"ip -s xfrm state # states, with errors\n"
		"ip -s xfrm policy # what is required\n" },
	/* ---- tunnels */
	{ .names = "gre_rcv __ipgre_rcv erspan_rcv",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = "GRE without a tunnel for it: compare addresses and keys",
	  .meaning = "No tunnel of this host fits the GRE packet.",
	  .causes =
		"the tunnel is down or not configured, or its remote address or key differs\n"
		"PPTP (GRE version 1) without a program for it\n"
		"checksum or sequence numbers are on at one end only\n",
	  .look =
		"ip -d link show type gre # local, remote, ikey, flags; also gretap\n"
		"ip -s -s link show type gre # crc, fifo: checksums or sequence at one end only\n"
		"whydrop list -r REASON -o dev,src,dst # from whom\n" },
	{ .names =
		"tunnel4_rcv tunnel64_rcv tunnel6_rcv tunnel46_rcv tunnelmpls4_rcv "
		"tunnelmpls6_rcv ipip_tunnel_rcv ipip6_rcv sit_tunnel_rcv ipxip6_rcv "
		"__ip6_tnl_rcv ip_tunnel_rcv",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = "IP in IP without a tunnel for it: compare the addresses",
	  .meaning = "No tunnel of this host fits the packet, or the tunnel refused it.",
	  .causes =
		"the tunnel is down or not configured, or its remote address differs\n"
		"spoofed inner addresses; ECN bits that contradict each other\n",
	  .look =
		"ip -d tunnel show # local and remote; also ip -6 tunnel show\n"
		"nstat -asz IcmpOutDestUnreachs # the sender is told, if not of each\n"
		"whydrop list -r REASON -o dev,src,dst,proto # from whom\n" },
	{ .names =
		"ip_tunnel_xmit ip_md_tunnel_xmit ipgre_xmit gre_tap_xmit erspan_xmit "
		"gre_fb_xmit erspan_fb_xmit ipip_tunnel_xmit ip6_tnl_start_xmit "
		"ip6gre_tunnel_xmit ip6erspan_tunnel_xmit ipip6_tunnel_xmit sit_tunnel_xmit "
		"sit_tunnel_xmit__",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = "the tunnel could not send it: has its remote end a route?",
	  .meaning = "The packet was sent into a tunnel that could not put it into another one.",
	  .causes =
		"no route to the remote end, or one that goes through the tunnel itself\n"
		"no remote end is configured, and none follows from the route\n"
		"too large for the way, and it must not be fragmented\n",
	  .look =
		"ip -s -s -d link show dev DEV # errors; carrier: no route, collsns: a circle\n"
		"ip route get 192.0.2.1 # with the tunnel's remote end\n" },
	{ .names = "fou_udp_recv gue_udp_recv gue_control_message",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = "FOU or GUE that this host cannot unpack",
	  .meaning = "The header inside of the UDP packet is not one that is handled here.",
	  .causes =
		"another version or options of GUE; a port that something else sends to\n",
	  .look =
		"ip fou show # ports, and what they carry\n" },
	{ .names = "vxlan_rcv vxlan_xmit vxlan_xmit_one encap_bypass_if_local",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = "VXLAN: compare VNI and flags, or see the fdb for the remote end",
	  .meaning = "A VXLAN packet that fits no device, or a frame with nowhere to go.",
	  .causes =
		"the VNI is not configured here; flags differ (GBP, GPE)\n"
		"no entry for the MAC address, and no default destination\n"
		"no route to the remote end\n",
	  .look =
		"ip -s -s -d link show type vxlan # VNI, port; carrier errors: no route\n"
		"bridge fdb show # dst: remote ends\n" },
	{ .names = "l2tp_*",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = "L2TP: no session fits, or its cookie differs",
	  .meaning = "An L2TP packet could not be handed to a session, or sent by one.",
	  .causes =
		"session id or cookie differ at the two ends; the tunnel was taken down\n"
		"the device of the session is down\n",
	  .look =
		"ip l2tp show session # ids and cookies\n"
		"ip l2tp show tunnel # addresses and ports\n" },
	{ .names = "ppp_* pppoe_*",
	  .class = { "errors/l2/tunnel", INTENT_SUSPICIOUS },
	  .advice = "PPP: is the session up, and is its protocol enabled?",
	  .meaning = "A frame of PPP or PPPoE that no session took, or could not send.",
	  .causes =
		"the session ended; compression or a protocol was not negotiated\n"
		"PPPoE of other sessions on the same link\n",
	  .look =
		"ip -s -d link show type ppp # sessions, with errors and dropped\n"
		"whydrop list -r REASON -o dev,ethertype,mac_src # from whom\n" },
	{ .names = "wg_* send4 send6",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = "WireGuard: does a peer have the address, and an endpoint?",
	  .meaning =
		"A packet into a WireGuard device that no peer may get, or that has no endpoint. "
		"Most of what WireGuard throws away is not told as a drop at all.",
	  .causes =
		"the destination is in no peer's allowed IPs\n"
		"the peer has no endpoint: it has not called yet\n"
		"no route to the endpoint\n",
	  .look =
		"wg show DEV # allowed ips, endpoint, latest handshake of each peer\n"
		"ip -s -s link show dev DEV # errors and dropped, also those that are not told\n" },
	{ .names = "mpls_forward mpls_xmit",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = "MPLS: is the label known, and input on for the device?",
	  .meaning = "A labeled packet could not be forwarded.",
	  .causes =
		"no route for the label; MPLS input is off for the device\n"
		"TTL has ended, or the packet is larger than the MTU\n",
	  .look =
		"ip -f mpls route show # labels that are known\n"
		"sysctl net.mpls.conf.DEV.input net.mpls.platform_labels # 1: on; labels from 0 to this\n"
		"ip -f mpls stats show dev DEV group afstats # errors, dropped, noroute\n" },
	/* ---- bridges, VLANs, virtual devices */
	{ .names = "br_dev_queue_push_xmit",
	  .class = { "errors/l2/tx/mtu-exceeded", INTENT_SUSPICIOUS },
	  .advice = "larger than the MTU of the bridge port: compare MTUs",
	  .meaning = "The bridge forwards no frame that the port's device cannot send.",
	  .causes =
		"ports of one bridge with different MTUs (9000 and 1500)\n"
		"the port's device is down\n",
	  .look =
		"bridge link show # ports, with their MTU and state\n"
		"whydrop list -r REASON -o dev,len,src,dst # how long they were\n" },
	{ .names = "__dev_forward_skb __dev_forward_skb2 ____dev_forward_skb dev_forward_skb*",
	  .class = { "errors/l2/tx", INTENT_SUSPICIOUS },
	  .advice = "larger than the MTU of the other end, or that is down",
	  .meaning = "A virtual device handed a frame to its peer, which cannot receive it.",
	  .causes =
		"the two ends of a veth pair have different MTUs\n"
		"the peer, maybe in a container, is down\n",
	  .look =
		"ip -s -d link show type veth # MTU, state, dropped; also in the other namespace\n"
		"whydrop list -r REASON -o dev,netns,len,src,dst # how long they were\n" },
	{ .names = "veth_xmit",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = "the other end of the veth pair is gone",
	  .meaning = "A frame was sent into a veth device without a peer.",
	  .causes =
		"a container or namespace ends while packets are sent to it\n",
	  .look =
		"ip -s -d link show type veth # state and dropped\n" },
	{ .names = "br_handle_frame",
	  .class = { "policy/l2", INTENT_USUAL },
	  .advice = "a rule for bridge prerouting, a closed port, or a broken source MAC",
	  .meaning = "The bridge did not take the frame that came in by one of its ports.",
	  .causes =
		"a rule at the prerouting hook of the bridge, by nft or ebtables\n"
		"the port is disabled, blocked by spanning tree, or still listens\n"
		"a source MAC address that is multicast or zero\n",
	  .look =
		"nft list ruleset bridge # rules; `counter' shows how often they matched\n"
		"bridge -d link show # state of each port\n"
		"whydrop list -r REASON -o dev,mac_src,mac_dst # which frames\n" },
	{ .names = "br_handle_frame_finish br_pass_frame_up br_dev_xmit",
	  .class = { "errors/l2/no-destination", INTENT_SUSPICIOUS },
	  .advice = "no port that it may go out by, or the port that it came in by is not open",
	  .meaning = "The bridge took the frame, and may not pass it on.",
	  .causes =
		"no other port is up, in the VLAN, and with flooding on\n"
		"the port only learns still, or it is locked and the sender not in the fdb\n"
		"the bridge's own device is down, or not in the VLAN\n"
		"multicast snooping found a broken message\n",
	  .look =
		"bridge -d link show # state, locked and flood of each port\n"
		"bridge fdb show # behind which port the destination is\n"
		"bridge vlan show # VLANs of each port and of the bridge\n" },
	{ .names = "__br_forward br_forward br_flood br_multicast_flood",
	  .class = { "errors/l2/no-destination", INTENT_SUSPICIOUS },
	  .advice = "no port that it may go out by: see fdb, isolation and VLANs",
	  .meaning = "The bridge found no port for the frame.",
	  .causes =
		"it would go back where it came from (hairpin is off), or both ports are isolated\n"
		"the port is down, blocked, or not in the VLAN\n"
		"flooding is off for the port\n",
	  .look =
		"bridge fdb show # behind which port the destination is\n"
		"bridge -d link show # state, hairpin, isolated, flood of each port\n"
		"bridge vlan show # VLANs of each port\n" },
	{ .names = "__allowed_ingress br_allowed_ingress br_handle_vlan nbp_vlan_*",
	  .class = { "policy/l2/vlan", INTENT_SUSPICIOUS },
	  .advice = "the port of the bridge is not in that VLAN",
	  .meaning = "VLAN filtering of the bridge refused the frame.",
	  .causes =
		"the VLAN is not configured for the port that it came in by\n"
		"an untagged frame and no PVID on the port\n",
	  .look =
		"bridge vlan show # VLANs of each port; PVID: that of untagged frames\n"
		"whydrop list -r REASON -o dev,vlan,mac_src,mac_dst # which VLAN\n" },
	{ .names = "br_stp_rcv br_send_bpdu",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .advice = "usually no loss: spanning tree messages, and STP is off or has read them",
	  .meaning = "Spanning tree's messages are freed here after they were handled.",
	  .causes =
		"another switch or bridge speaks STP, and this one does not\n",
	  .look =
		"ip -d link show type bridge # stp_state\n"
		"bridge -d link show # state, root_block and guard of each port\n" },
	{ .names = "br_nf_*",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = "br_netfilter could not pass the frame on: see its destination",
	  .meaning = "The rules of IP for bridged frames gave it another destination, without a route.",
	  .causes =
		"NAT of bridged frames to an address that is not behind the bridge\n",
	  .look =
		"sysctl net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables # 0: off\n"
		"whydrop list -r REASON -o dev,src,dst # which frames\n" },
	{ .names = "vlan_do_receive",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = "the device of that VLAN is down",
	  .meaning = "A frame of a VLAN whose device exists and is not up.",
	  .causes =
		"somebody took the VLAN device down, or has not yet taken it up\n",
	  .look =
		"ip link show type vlan # VLANs, with their state\n"
		"whydrop list -r REASON -o dev,mac_src,src,dst # which frames\n" },
	{ .names = "skb_vlan_untag skb_reorder_vlan_header",
	  .class = { "errors/l2/rx/invalid-frame", INTENT_SUSPICIOUS },
	  .advice = "a frame that ends within its VLAN tag",
	  .meaning = "The VLAN tag of the frame could not be taken out.",
	  .causes =
		"a truncated frame; out of memory\n",
	  .look =
		"whydrop list -r REASON -x -c 3 # the bytes of some of them\n" },
	{ .names = "gro_cells_receive",
	  .advice = "a tunnel device is down, or gets more than one CPU can take",
	  .meaning = "What a tunnel unpacked could not be queued.",
	  .causes =
		"the tunnel device is down\n"
		"its queue is full: all of a tunnel's packets go to one CPU\n",
	  .look =
		"ip -s -s link show dev DEV # state, dropped\n"
		"sysctl net.core.netdev_max_backlog # (host) how many may wait\n" },
	{ .names = "macvlan_* ipvlan_*",
	  .class = { "errors/l2/no-destination", INTENT_SUSPICIOUS },
	  .advice = "the macvlan or ipvlan device is down, or its mode forbids it",
	  .meaning = "A frame to or from a device that shares its parent.",
	  .causes =
		"the device is down; private or VEPA mode; no address fits (ipvlan)\n",
	  .look =
		"ip -s -d link show dev DEV # mode, state, dropped\n" },
	{ .names = "bond_*",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = "see the state of the bond and of its slaves",
	  .meaning = "The bond has no slave that may send the frame, or could not take it.",
	  .causes =
		"no slave is up, or the active one is just changing\n",
	  .look =
		"grep . /proc/net/bonding/DEV # state of the bond and of each slave\n"
		"ip -s link show dev DEV # dropped\n" },
	/* ---- XDP, BPF, tc */
	{ .names = "do_xdp_generic netif_receive_generic_xdp generic_xdp_tx",
	  .class = { "policy/l3/acl", INTENT_USUAL },
	  .advice = "a program of generic XDP dropped it: find it on the device",
	  .meaning = "Generic XDP drops without a reason.",
	  .causes =
		"XDP_DROP: a filter or load balancer, on purpose\n"
		"the program ended with an error, or redirects to a device that is down\n",
	  .look =
		"ip -d link show dev DEV # xdpgeneric: id and name of the program\n"
		"bpftool net show # all programs on devices\n"
		"bpftool prog show # run_cnt, with sysctl kernel.bpf_stats_enabled=1\n" },
	{ .names = "veth_xdp_rcv_skb veth_convert_skb_to_xdp_buff",
	  .class = { "policy/l3/acl", INTENT_USUAL },
	  .advice = "an XDP program on the veth device dropped it",
	  .meaning = "XDP in the veth driver drops without a reason.",
	  .causes =
		"XDP_DROP: a filter, on purpose\n"
		"the program ended with an error, or the packet has no room for its headers\n",
	  .look =
		"ip -d link show dev DEV # xdp: id and name of the program\n"
		"ethtool -S DEV # rx_queue_N_xdp_drops counts them\n" },
	{ .names =
		"__bpf_redirect* __bpf_tx_skb skb_do_redirect bpf_out_neigh_v4 bpf_out_neigh_v6 "
		"bpf_clone_redirect bpf_kfree_skb",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = "a BPF program redirected it to a device that cannot take it",
	  .meaning = "The device or next hop that the program chose is down or gone.",
	  .causes =
		"Cilium and the like, while a container ends; a device that is down\n"
		"programs that redirect to each other in a circle\n",
	  .look =
		"bpftool net show # programs on devices\n"
		"tc filter show dev DEV ingress # those of tc; likewise egress\n" },
	{ .names = "sk_psock_* sk_msg_* run_bpf_filter",
	  .class = { "policy/l4/acl", INTENT_USUAL },
	  .advice = "a BPF program of a socket dropped or could not redirect it",
	  .meaning = "A socket map, or SO_ATTACH_REUSEPORT_EBPF, has no socket for it.",
	  .causes =
		"a proxy or service mesh with socket maps, while a connection ends\n",
	  .look =
		"bpftool map show # sockmap and sockhash\n"
		"bpftool prog show # sk_skb, sk_msg, sk_reuseport\n" },
	{ .names =
		"drop_func tbf_segment netem_dequeue sfb_enqueue pfifo_fast_reset "
		"timesortedlist_drop pfifo_tail_enqueue cake_*",
	  .class = { "no-buffer/queue", INTENT_USUAL },
	  .advice = "the qdisc of the device dropped it: see its counters",
	  .meaning = "The queueing discipline shortens its queue, or is being emptied.",
	  .causes =
		"CoDel at work: packets waited too long, so that senders slow down\n"
		"the device was taken down with packets in its queue\n",
	  .look =
		"tc -s qdisc show dev DEV # dropped, overlimits, backlog\n"
		"ip -s link show dev DEV # state, dropped\n" },
	{ .names =
		"rtnl_kfree_skbs __rtnl_unlock qdisc_reset __qdisc_reset_queue dev_reset_queue",
	  .class = { "errors/l2/device-down", INTENT_USUAL },
	  .advice = "a queue was emptied: the device went down or changed its qdisc",
	  .meaning = "Packets that waited to be sent are freed with their queue.",
	  .causes =
		"the device went down, or its qdisc was replaced\n",
	  .look =
		"ip -s link show dev DEV # state\n"
		"ip monitor link # who goes up and down; ends with Ctrl-C\n" },
	{ .names = "__dev_queue_xmit",
	  .unnamed = true,
	  .advice = "the queue of the device is full, or the device is down: see both",
	  .meaning = "The packet could not be queued, or the device does not send.",
	  .causes =
		"a queue at its limit: the device is slower than those who send\n"
		"the device was taken down while packets were on their way\n",
	  .look =
		"tc -s qdisc show dev DEV # dropped, overlimits, backlog\n"
		"ip -s link show dev DEV # state, dropped\n" },
	{ .names = "__dev_queue_xmit __dev_direct_xmit",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = "the device is down, or devices send to each other in a circle",
	  .meaning = "The packet reached a device that does not send.",
	  .causes =
		"the device was taken down while packets were on their way\n"
		"virtual devices on top of each other in a circle\n",
	  .look =
		"ip -s link show dev DEV # state, dropped\n"
		"dmesg # \"Dead loop on virtual device\" names a circle\n" },
	{ .names =
		"validate_xmit_skb validate_xmit_skb_list sk_validate_xmit_skb "
		"validate_xmit_unreadable_skb skb_checksum_help",
	  .class = { "errors/internal", INTENT_SUSPICIOUS },
	  .advice = "the packet could not be made fit for the device",
	  .meaning = "Segmentation, checksum, VLAN tag or TLS could not be done in software.",
	  .causes =
		"out of memory; a packet that its maker described wrongly\n"
		"kTLS or IPsec offload for another device\n",
	  .look =
		"ip -s -s link show dev DEV # dropped\n"
		"ethtool -k DEV # offloads in use\n" },
	{ .names = "flush_backlog process_backlog dev_cpu_dead enqueue_to_backlog",
	  .class = { "errors/l2/device-down", INTENT_USUAL },
	  .advice = "a device or CPU went away with packets waiting",
	  .meaning = "What waited for a CPU is freed when its device is removed.",
	  .causes =
		"a container, tunnel or other virtual device was removed\n",
	  .look =
		"ip monitor link # who goes; ends with Ctrl-C\n" },
	/* ---- netfilter */
	{ .names = "nf_queue",
	  .class = { "policy/l3", INTENT_SUSPICIOUS },
	  .advice = "a rule sends to a queue, and no program takes it",
	  .meaning = "NFQUEUE: there is no program for this queue, or its queue is full.",
	  .causes =
		"the program (an IDS, a firewall) is not running, or listens on another number\n"
		"it is too slow: raise its queue length, or use more queues\n",
	  .look =
		"cat /proc/net/netfilter/nfnetlink_queue # number, port id; 6th and 7th: dropped; none: no program\n"
		"nft list ruleset # rules with `queue'; bypass lets packets pass without a program\n" },
	{ .names = "nf_reinject nfqnl_* __nfqnl_enqueue_packet",
	  .class = { "policy/l3/acl", INTENT_USUAL },
	  .advice = "the program behind NFQUEUE said so, or a rule behind it",
	  .meaning = "A program in user space gave its verdict on a queued packet: drop.",
	  .causes =
		"an IDS or firewall at work: Suricata, fwsnort and the like\n"
		"the program ended with packets in its queue\n",
	  .look =
		"cat /proc/net/netfilter/nfnetlink_queue # number, port id; 6th and 7th: dropped\n"
		"nft list ruleset # rules with `queue'\n" },
	{ .names = "nf_hook_slow nft_do_chain",
	  .class = { "policy/l3/acl", INTENT_USUAL },
	  .advice = "find the rule: read the chains of the hook where it was dropped",
	  .meaning = "A rule or a module of netfilter dropped it.",
	  .causes =
		"a drop rule, or a chain whose policy is drop\n",
	  .look =
		"nft list ruleset # rules; those with `counter' show how often they matched\n" },
	{ .names = "nf_do_netdev_egress nf_fwd_netdev_egress nf_dup_*",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = "a rule forwards or copies to a device that cannot take it",
	  .meaning = "`fwd' or `dup' of nftables: the device is gone or down.",
	  .causes =
		"the device that the rule names is down\n",
	  .look =
		"nft list ruleset # rules with `fwd' or `dup'\n"
		"ip link show # state of each device\n" },
	{ .names = "ip_vs_* handle_response",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = "IPVS: no real server, or no way to it",
	  .meaning = "The load balancer could not send the packet to a real server.",
	  .causes =
		"no server is left, or its route is missing; too large for the tunnel to it\n",
	  .look =
		"cat /proc/net/ip_vs # services and real servers\n"
		"cat /proc/net/ip_vs_stats_percpu # connections, how many packets; hexadecimal\n" },
	/* ---- Open vSwitch */
	{ .names =
		"ovs_dp_process_packet queue_gso_packets queue_userspace_packet ovs_dp_upcall",
	  .class = { "no-buffer/queue", INTENT_SUSPICIOUS },
	  .advice = "Open vSwitch could not ask ovs-vswitchd about a new flow",
	  .meaning = "No flow of the kernel fits, and the question to user space got lost.",
	  .causes =
		"ovs-vswitchd is not running, or restarts\n"
		"too many new flows at once: its socket is full\n",
	  .look =
		"ovs-dpctl show -s # lost: questions that got lost\n"
		"ovs-vsctl show # bridges and ports, and errors\n" },
	{ .names =
		"ovs_* do_output do_execute_actions execute_recirc clone_execute "
		"internal_dev_recv netdev_port_receive handle_fragments",
	  .class = { "errors/l2", INTENT_SUSPICIOUS },
	  .advice = "Open vSwitch: see the flow's actions and the port that it goes to",
	  .meaning = "Open vSwitch could not carry out an action, or a port cannot send.",
	  .causes =
		"the actions end without an output, or a drop action: the rules say so\n"
		"larger than the MTU of the port, or the port is down\n",
	  .look =
		"ovs-dpctl dump-flows -m # flows of the kernel with their counts\n"
		"ovs-dpctl show -s # ports with errors and dropped\n" },
	/* ---- sockets */
	/* Newer kernels say NO_SOCKET, which would mean that nobody listens. */
	{ .names = "tcp_v4_do_rcv tcp_v6_do_rcv cookie_v4_check cookie_v6_check",
	  .reasons = "NO_SOCKET",
	  .class = { "errors/l4/rx", INTENT_SUSPICIOUS },
	  .advice = "the listen queue is full: see Recv-Q of the listening socket",
	  .meaning =
		"A handshake with a SYN cookie ended here: the queue of connections to accept is "
		"full, or the cookie is wrong or too old.",
	  .causes =
		"a server that accepts too slowly, or has a small backlog in listen()\n"
		"an ACK that fits no cookie: forged, or more than two minutes late\n",
	  .look =
		"ss -lnt # Recv-Q: waiting, Send-Q: the limit\n"
		"nstat -asz TcpExtListenOverflows TcpExtListenDrops # the queue was full\n"
		"nstat -asz TcpExtSyncookiesRecv TcpExtSyncookiesFailed # cookies that did not fit\n" },
	{ .names =
		"inet_sock_destruct sk_stream_kill_queues tcp_disconnect tcp_v4_destroy_sock "
		"packet_release",
	  .class = { "no-loss/closed", INTENT_USUAL },
	  .harmless = "QUEUE_PURGE NOT_SPECIFIED",
	  UNREAD_ADVICE },
	{ .names = "udp_destruct_common udp_destruct_sock udpv6_destruct_sock",
	  .class = { "no-loss/closed", INTENT_USUAL },
	  .harmless = "NOT_SPECIFIED",
	  UNREAD_ADVICE },
	{ .names =
		"skb_rbtree_purge inet_csk_destroy_sock sctp_ulpevent_free inet6_cleanup_sock "
		"inet6_destroy_sock",
	  .class = { "no-loss/closed", INTENT_USUAL },
	  UNREAD_ADVICE },
	{ .names = "sock_recv_errqueue",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .advice = "no loss: a program read its queue of errors or timestamps",
	  .meaning = "A message of the error queue is freed here after it was read.",
	  .causes =
		"timestamps of what was sent by a packet socket, as for PTP\n",
	  .look =
		"whydrop list -r REASON -o comm,pid,src,dst # which program\n" },
	{ .names =
		"ip_icmp_error ipv6_icmp_error ip_local_error ipv6_local_error "
		"ipv6_local_rxpmtu __skb_tstamp_tx __skb_complete_tx_timestamp "
		"skb_complete_tx_timestamp",
	  .class = { "no-buffer/socket", INTENT_SUSPICIOUS },
	  .advice = "the error queue of a socket is full: its program does not read it",
	  .meaning = "A message about an error, or a timestamp, could not be queued.",
	  .causes =
		"a program asks for errors or timestamps and does not read them\n",
	  .look =
		"ss -uampn # skmem: r is used, rb the limit\n" },
	{ .names =
		"udp_recvmsg udpv6_recvmsg __first_packet_length udp_read_skb skb_kill_datagram",
	  .class = { "errors/l4/rx/checksum-error", INTENT_BAD },
	  .advice = "a wrong checksum, found when the program read it",
	  .meaning = "The checksum of a datagram is checked as late as it is read.",
	  .causes =
		"packets that were corrupted on the way; offloads that leave the sum undone\n",
	  .look =
		"nstat -asz UdpInCsumErrors Udp6InCsumErrors # how many\n"
		"ethtool -k DEV # to rule offload out: ethtool -K DEV rx off\n" },
	{ .names = "udp_send_skb udp_v6_send_skb",
	  .class = { "errors/l4/tx/mtu-exceeded", INTENT_SUSPICIOUS },
	  .advice = "a program asks for segments that do not fit",
	  .meaning = "UDP_SEGMENT with segments larger than the MTU, or too many.",
	  .causes =
		"a QUIC program that assumes a larger MTU than the way has\n",
	  .look =
		"whydrop list -r REASON -o comm,pid,src,dst # which program\n"
		"ip link show # MTU of each device\n" },
	{ .names = "rawv6_rcv rawv6_rcv_skb raw_rcv raw_rcv_skb",
	  .advice = "a raw socket could not take it: see its buffer",
	  .meaning = "The receive buffer of a raw socket is full, or a checksum is wrong.",
	  .causes =
		"a routing daemon (OSPFv3, RIPng) or ping that reads too slowly\n",
	  .look =
		"ss -wamp # raw sockets: r used, rb the limit, d dropped\n" },
	{ .names = "sctp_*",
	  .class = { "errors/l4/rx", INTENT_SUSPICIOUS },
	  .advice = "SCTP: see its counters",
	  .meaning = "An SCTP packet that fits no association, or is broken.",
	  .causes =
		"nobody listens on the port; a wrong checksum; a queue that is full\n",
	  .look =
		"cat /proc/net/sctp/snmp # SctpInPktDiscards, SctpChecksumErrors, SctpOutOfBlues\n"
		"ss -S -an # endpoints and associations\n" },
	{ .names = "packet_rcv tpacket_rcv packet_rcv_spkt packet_rcv_fanout packet_create*",
	  .class = { "no-buffer/socket", INTENT_BAD },
	  .advice = "a sniffer loses packets: raise its buffer",
	  .meaning = "The buffer of a packet socket (tcpdump, DHCP) is full.",
	  .causes =
		"a capture slower than the traffic: larger buffer (tcpdump -B), a filter\n",
	  .look =
		"ss -0mpe # packet sockets: d dropped; none for a ring: its program alone counts\n"
		"whydrop list -r REASON -o dev,pkt_len,sock.ino # which socket, from 6.11 on\n" },
	{ .names =
		"packet_snd tpacket_snd packet_sendmsg_spkt raw_send_hdrinc rawv6_send_hdrinc",
	  .class = { "errors/l2/tx/invalid-frame", INTENT_SUSPICIOUS },
	  .advice = "a program's own packet could not be sent",
	  .meaning = "What a program writes to a packet or raw socket is broken or too long.",
	  .causes =
		"a header that is cut, or a frame larger than the device's MTU\n",
	  .look =
		"whydrop list -r REASON -o comm,pid,dev,pkt_len # which program\n" },
	{ .names = "netlink_attachskb",
	  .class = { "no-buffer/socket", INTENT_BAD },
	  .advice = "a program reads messages of the kernel too slowly: they get lost",
	  .meaning = "The receive buffer of a netlink socket is full.",
	  .causes =
		"ulogd, conntrackd, a routing daemon or ovs-vswitchd that is too slow\n"
		"the program hangs, or has a small buffer\n",
	  .look =
		"cat /proc/net/netlink # Pid, Rmem, Drops of each socket\n"
		"ss -0 -f netlink -m # the same with the program's name\n" },
	{ .names = "netlink_release netlink_sock_destruct",
	  .class = { "no-loss/closed", INTENT_USUAL },
	  .harmless = "QUEUE_PURGE NOT_SPECIFIED",
	  NETLINK_ADVICE },
	{ .names = "netlink_unicast netlink_dump do_one_broadcast",
	  .class = { "no-loss/closed", INTENT_USUAL },
	  .harmless = "*",
	  NETLINK_ADVICE },
	{ .names = "netlink_* genl_*",
	  .class = { "no-loss/closed", INTENT_USUAL },
	  NETLINK_ADVICE },
	{ .names = "unix_*",
	  .class = { "no-loss/closed", INTENT_USUAL },
	  .harmless = "*",
	  UNIX_ADVICE },
	{ .names = "queue_oob manage_oob",
	  .class = { "no-loss/closed", INTENT_USUAL },
	  UNIX_ADVICE },
	{ .names = "kauditd_*",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .advice = "usually no loss: a message of audit, which the kernel's log has instead",
	  .meaning = "Messages of audit that no auditd takes are logged, then freed.",
	  .causes =
		"auditd is not installed or not running\n",
	  .look =
		"dmesg # (host) the messages, behind \"audit:\"\n" },
	/* ---- others */
	{ .names = "hci_* l2cap_* sco_* mgmt_* rfcomm_* bnep_*",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .advice = "usually no loss: Bluetooth frees so what it has handled",
	  .meaning = "Commands and events of Bluetooth are freed as dropped after they were used.",
	  .causes =
		"ordinary traffic of Bluetooth\n",
	  .look =
		"whydrop list -r REASON -o comm,pid,at # where\n" },
	{ .names = "can_rcv canfd_rcv canxl_rcv",
	  .class = { "errors/l2/rx/invalid-frame", INTENT_SUSPICIOUS },
	  .advice = "a CAN frame that is not valid",
	  .meaning = "A frame of a CAN bus whose length does not fit its kind.",
	  .causes =
		"a device of another kind, or a program that writes such frames\n",
	  .look =
		"ip -s -d link show type can # state, errors\n" },
	{ .names = "tun_net_xmit tap_handle_frame",
	  .advice = "a VPN or virtual machine does not read: is it running, is its queue full?",
	  .meaning = "A frame for a TUN or TAP device, whose program did not take it.",
	  .causes =
		"no program has the device open; it reads too slowly\n"
		"a filter of the program\n",
	  .look =
		"ip -s -d link show dev DEV # state, dropped; qlen is the limit\n" },
	{ .names = "net_tx_action",
	  .advice = "a driver handed it over to be freed: see its device",
	  .meaning = "What interrupt handlers free, dropped or sent, is freed here, later.",
	  .causes =
		"a driver that dropped it, or that frees so what it has sent\n",
	  .look =
		"ip -s -s link show dev DEV # sent, dropped, errors\n" },
	{ .names = "llc_*",
	  .class = { "errors/l2/rx/no-protocol", INTENT_USUAL },
	  .advice = "usually no loss: an LLC frame that nobody here speaks",
	  .meaning = "A frame of IEEE 802.2, as of old protocols or of network printers.",
	  .causes =
		"IPX, NetBIOS or test frames of other devices on the link\n",
	  .look =
		"whydrop list -r REASON -o dev,mac_src,mac_dst # from whom\n" },
	{ .names = "ieee80211_*",
	  .class = { "errors/l2", INTENT_UNKNOWN },
	  .advice = "see the quality of the Wi-Fi link",
	  .meaning = "Wi-Fi could not send or use the frame.",
	  .causes =
		"the station left, or its queue is full; ordinary around roaming\n",
	  .look =
		"iw dev DEV station dump # signal, retries, rx drop misc\n" },
	{ .names = "skb_release_data kfree_skb_list kfree_skb_list_reason",
	  .advice = "part of another packet that was dropped: see its callers",
	  .meaning = "The fragments of a packet are told once more when it is freed.",
	  .causes =
		"segmented or reassembled packets: one drop shows as several\n",
	  .look =
		"whydrop stacks -r REASON -c 3 # who freed the whole\n" },
	{ .names = "*_clean_tx_* free_old_xmit*",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .harmless = "NOT_SPECIFIED",
	  .advice = "usually no loss: a driver frees what it has sent",
	  .meaning = "The driver uses the function for drops for what was sent, too.",
	  .causes =
		"ordinary traffic\n",
	  .look =
		"ip -s -s link show dev DEV # sent, dropped, errors\n" },
};

const size_t nr_known_places = ARRAY_SIZE(known_places);
