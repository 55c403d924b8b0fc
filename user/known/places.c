// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists what is known of places in the kernel: functions that drop without a
 * reason, or with one that says less than the function does. They are those of
 * kernels from 5.10 to 7.3.
 */
#include "base/util.h"
#include "known/places.h"

/* For those who explain, which the small reader does not. */
#ifdef SMALL
#define TEXT(...)	NULL
#else
#define TEXT(...)	(__VA_ARGS__)
#endif

#define NDISC_ADVICE \
	.advice = TEXT("see the type: some messages are freed here after they were handled"), \
	.meaning = TEXT( \
		"Kernels before 6.2 free all messages of neighbor discovery and MLD here."), \
	.causes = TEXT( \
		"neighbor discovery and MLD that were handled: no loss\n" \
		"router advertisements that this host ignores, since it forwards or accept_ra is 0\n"), \
	.look = TEXT( \
		"whydrop list -r REASON -o dev,src,icmp_type # 134: router advertisement\n" \
		"sysctl net.ipv6.conf.DEV.accept_ra net.ipv6.conf.DEV.forwarding # 2: also if forwarding\n" \
		"nstat -asz Icmp6InErrors Icmp6InRouterAdvertisements # how many\n")

#define UNREAD_ADVICE \
	.advice = TEXT("usually no loss: a socket was closed with something unread"), \
	.meaning = TEXT("What waited in the queues of a socket is freed when that is closed."), \
	.causes = TEXT( \
		"a program ends, or closes without reading all\n"), \
	.look = TEXT( \
		"whydrop list -r REASON -o comm,pid,src,dst # whose packets\n" \
		"nstat -asz TcpExtTCPOFOQueue # of TCP, what waited out of order\n")

#define NETLINK_ADVICE \
	.advice = TEXT("usually no loss: a message of the kernel that nobody wanted"), \
	.meaning = TEXT("The receiver of a netlink message is gone, or did not ask for it."), \
	.causes = TEXT( \
		"a program ended while an answer to it was on its way\n"), \
	.look = TEXT( \
		"whydrop list -r REASON -o comm,pid # which programs\n")

#define UNIX_ADVICE \
	.advice = TEXT("usually no loss: a local socket was closed with messages unread"), \
	.meaning = TEXT("Messages between programs of this host, freed with their socket."), \
	.causes = TEXT( \
		"a program ended, or its peer did\n"), \
	.look = TEXT( \
		"whydrop list -r REASON -o comm,pid # which programs\n")

/* Where a kernel without reasons drops for many, only the packet tells more. */
#define MANY_REASONS "this kernel does not say which; those from 5.17 on have reasons\n"

const struct known_place known_places[] = {
	/* ---- kernels without reasons, at places that newer ones have several for */
	{ .names = "tcp_v4_rcv tcp_v6_rcv",
	  .unnamed = true,
	  .class = { "errors/l4/rx", INTENT_USUAL },
	  .advice = TEXT("mostly a TCP packet to a port where nobody listens"),
	  .meaning = TEXT("TCP refused the packet before it came to a connection."),
	  .causes = TEXT(
		MANY_REASONS
		"nobody listens; a connection that is over\n"
		"a wrong checksum or header; a filter of the socket; a full backlog\n"),
	  .look = TEXT(
		"nstat -asz TcpOutRsts TcpInErrs TcpExtTCPBacklogDrop # which of them\n"
		"whydrop list -o src,dst,sport,dport,tcp_flags --at tcp_v* # which\n") },
	{ .names = "__udp4_lib_rcv __udp6_lib_rcv",
	  .unnamed = true,
	  .class = { "errors/l4/rx", INTENT_USUAL },
	  .advice = TEXT("mostly a datagram to a port where nobody listens"),
	  .meaning = TEXT("UDP found no socket for the datagram, or it is broken."),
	  .causes = TEXT(
		MANY_REASONS
		"nobody is bound to address and port\n"
		"a wrong checksum or length\n"),
	  .look = TEXT(
		"nstat -asz UdpNoPorts Udp6NoPorts UdpInErrors # which of them\n"
		"ss -lnup # who listens\n") },
	{ .names = "udp_queue_rcv_one_skb udpv6_queue_rcv_one_skb __udp_queue_rcv_skb",
	  .unnamed = true,
	  .advice = TEXT("a UDP socket did not take it: full, or its own filter"),
	  .meaning = TEXT("The socket of the datagram refused it."),
	  .causes = TEXT(
		MANY_REASONS
		"its receive buffer is full: the program reads too slowly\n"
		"its own filter; a wrong checksum\n"),
	  .look = TEXT(
		"nstat -asz UdpRcvbufErrors UdpInCsumErrors # which of them\n"
		"ss -uamp # skmem: r used, rb the limit, d dropped\n") },
	{ .names = "ip_rcv_core ip_rcv",
	  .unnamed = true,
	  .class = { "errors/l3/rx", INTENT_UNKNOWN },
	  .advice = TEXT("for another host's MAC address, or a broken header"),
	  .meaning = TEXT("The packet was refused by its first look at the IP header."),
	  .causes = TEXT(
		MANY_REASONS
		"a promiscuous device sees frames of other hosts\n"
		"a wrong checksum, version or length\n"),
	  .look = TEXT(
		"nstat -asz IpInHdrErrors IpExtInCsumErrors # broken ones\n"
		"whydrop list -o dev,mac_dst,src,dst --at ip_rcv* # which\n") },
	{ .names = "ip6_rcv_core ipv6_rcv",
	  .unnamed = true,
	  .class = { "errors/l3/rx", INTENT_UNKNOWN },
	  .advice = TEXT("for another host's MAC address, or addresses that may not be"),
	  .meaning = TEXT("The packet was refused by its first look at the IPv6 header."),
	  .causes = TEXT(
		MANY_REASONS
		"a promiscuous device sees frames of other hosts\n"
		"IPv6 is disabled on the device; a broken header\n"),
	  .look = TEXT(
		"nstat -asz Ip6InHdrErrors Ip6InDiscards # broken ones\n"
		"whydrop list -o dev,mac_dst,src,dst --at ip*6_rcv* # which\n") },
	{ .names = "__netif_receive_skb_core",
	  .unnamed = true,
	  .class = { "errors/l2/rx", INTENT_USUAL },
	  .advice = TEXT("mostly a protocol that this host does not speak: see its EtherType"),
	  .meaning = TEXT("Nothing takes frames of this EtherType, or a rule of tc dropped it."),
	  .causes = TEXT(
		MANY_REASONS
		"LLDP, STP, IPX and the like; VLANs that are not configured\n"
		"a filter of tc at ingress\n"),
	  .look = TEXT(
		"whydrop list -o dev,ethertype,mac_src,mac_dst --at __netif_receive* # which\n"
		"tc -s filter show dev DEV ingress # rules with their counts\n") },
	{ .names = "enqueue_to_backlog",
	  .unnamed = true,
	  .advice = TEXT("more packets than a CPU can take, or their device went down"),
	  .meaning = TEXT("The queue of a CPU is full, or the device is not running."),
	  .causes = TEXT(
		MANY_REASONS
		"a burst, or one CPU gets all packets\n"
		"a virtual device is removed\n"),
	  .look = TEXT(
		"cat /proc/net/softnet_stat # (host) second column: dropped, by CPU\n"
		"sysctl net.core.netdev_max_backlog # (host) how many may wait\n") },
	/* ---- IP: routes, addresses */
	{ .names = "ip_rcv_finish_core ip_rcv_finish ip_list_rcv_finish",
	  .class = { "errors/l3/rx", INTENT_UNKNOWN },
	  .advice = TEXT("a martian, or multicast that nobody here joined: see its addresses"),
	  .meaning = TEXT(
		"Routing refused the packet: its source or destination cannot be on this device. "
		"Newer kernels have reasons for it: IP_LOCAL_SOURCE, IP_INVALID_SOURCE, IP_LOCALNET."),
	  .causes = TEXT(
		"a source address that is this host's own, loopback, zero or multicast\n"
		"multicast to a group that nobody on this host has joined\n"
		"127.0.0.0/8 that comes from outside; IP options that are not allowed\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o dev,mac_src,src,dst # which addresses\n"
		"lnstat -i 1 -c 1 -f rt_cache -k in_martian_dst,in_martian_src # martians so far\n"
		"ip maddr show dev DEV # the groups that were joined\n"
		"sysctl net.ipv4.conf.DEV.log_martians # 1: the kernel's log names them\n") },
	{ .names = "ip6_pkt_drop ip6_pkt_discard ip6_pkt_discard_out ip6_pkt_prohibit "
		"ip6_pkt_prohibit_out ip_queue_xmit __ip_queue_xmit",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = TEXT("no route to the destination: see ip route get"),
	  .meaning = TEXT("There is no route to the destination, or one that says so."),
	  .causes = TEXT(
		"no default route for this protocol: IPv6 is on, and no router was found\n"
		"a blackhole, prohibit or unreachable route\n"),
	  .look = TEXT(
		"ip -6 route show # routes; likewise ip route show\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n") },
	{ .names = "ip_protocol_deliver_rcu ip6_protocol_deliver_rcu",
	  .class = { "errors/l3/rx/no-protocol", INTENT_SUSPICIOUS },
	  .advice = TEXT("nothing here handles its protocol: see who sends it"),
	  .meaning = TEXT("No handler for the protocol in the IP header, or IPsec was required."),
	  .causes = TEXT(
		"a protocol whose module is not loaded: SCTP, GRE, ESP, ...\n"
		"a policy of IPsec that the packet does not fulfill\n"),
	  .look = TEXT(
		"nstat -asz IpInUnknownProtos Ip6InUnknownProtos # how many\n"
		"whydrop list -r REASON -o dev,src,dst,proto # from whom\n") },
	{ .names = "ip_finish_output2",
	  .class = { "errors/l3/no-neighbor", INTENT_SUSPICIOUS },
	  .advice = TEXT("the next hop could not get an entry: see the table of neighbors"),
	  .meaning = TEXT("There was no entry for the next hop, and none could be made."),
	  .causes = TEXT(
		"the table of neighbors is full\n"),
	  .look = TEXT(
		"sysctl net.ipv4.neigh.default.gc_thresh3 # (host) the limit\n"
		"ip -s neigh show dev DEV # entries\n") },
	{ .names = "ip6_xmit",
	  .class = { "errors/l3/tx/mtu-exceeded", INTENT_SUSPICIOUS },
	  .advice = TEXT("larger than the MTU of the way: compare MTUs"),
	  .meaning = TEXT("A packet of a socket does not fit the MTU of its route."),
	  .causes = TEXT(
		"the MTU of the way became smaller\n"),
	  .look = TEXT(
		"ip -6 route get 2001:db8::1 # with the destination: mtu\n"
		"ip link show # MTU of each device\n") },
	{ .names = "__ip_flush_pending_frames ip_flush_pending_frames ip6_flush_pending_frames "
		"__ip6_flush_pending_frames",
	  .class = { "errors/l4/tx", INTENT_SUSPICIOUS },
	  .advice = TEXT("a program's own message could not be sent as a whole"),
	  .meaning = TEXT("The parts of a message are freed because it could not be completed."),
	  .causes = TEXT(
		"a program ended, or gave a wrong address, between two parts of a message\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o comm,pid # which program\n") },
	{ .names = "ip_error",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = TEXT(
		"not forwarded: its route is unreachable, prohibit or blackhole, or there is none"),
	  .meaning = TEXT("The packet is for another host, and may not, or cannot, be forwarded."),
	  .causes = TEXT(
		"this host does not forward (reason IP_INADDRERRORS, where the kernel has it)\n"
		"no route leads there (IP_INNOROUTES)\n"
		"a blackhole, prohibit or unreachable route, by hand or by a routing daemon\n"
		"IPv4 is not configured on the device that the packet came in by\n"),
	  .look = TEXT(
		"ip route show table all type blackhole # and so for unreachable and prohibit\n"
		"ip route get 192.0.2.1 from 198.51.100.1 iif DEV # with its two addresses\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n") },
	{ .names = "dst_discard_out dst_discard dst_blackhole_*",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = TEXT("a blackhole route, or a route whose device is gone"),
	  .meaning = TEXT("The route discards whatever is sent by it."),
	  .causes = TEXT(
		"an IPv6 route of type blackhole\n"
		"the device of a route that a connection still used went down\n"
		"IPsec: packets that wait for a state to be negotiated\n"),
	  .look = TEXT(
		"ip -6 route show table all type blackhole # such routes\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n") },
	{ .names = "ip_forward",
	  .class = { "errors/l3/rx", INTENT_SUSPICIOUS },
	  .advice = TEXT("a frame that is not to be forwarded: see its MAC address and options"),
	  .meaning = TEXT("The packet was to be forwarded, and something about it forbids that."),
	  .causes = TEXT(
		"unicast IP in a broadcast or multicast frame, which a router must not forward\n"
		"a strict source route that does not fit; out of memory\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o dev,mac_src,mac_dst,src,dst # which frames\n") },
	{ .names = "ip6_forward",
	  .class = { "errors/l3", INTENT_SUSPICIOUS },
	  .advice = TEXT("a frame that is not to be forwarded: see its MAC address"),
	  .meaning = TEXT("The packet was to be forwarded, and something about it forbids that."),
	  .causes = TEXT(
		"unicast IP in a broadcast or multicast frame, which a router must not forward\n"
		"an IPsec policy for forwarding; a neighbor discovery proxy that refused it\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o dev,mac_src,mac_dst,src,dst # which frames\n") },
	{ .names = "ip6_rcv_core ipv6_rcv",
	  .class = { "errors/l3/rx/invalid-address", INTENT_SUSPICIOUS },
	  .advice = TEXT("see its addresses: the standard does not allow them here"),
	  .meaning = TEXT("IPv6 refuses addresses that must not come from a network."),
	  .causes = TEXT(
		"loopback or multicast as the source; multicast of scope 0 or 1\n"
		"out of memory\n"),
	  .look = TEXT(
		"nstat -asz Ip6InHdrErrors Ip6InDiscards # how many\n"
		"whydrop list -r REASON -o dev,mac_src,src,dst # which addresses\n") },
	{ .names = "ip_mc_output ip6_finish_output2",
	  .class = { "no-loss/not-for-us", INTENT_USUAL },
	  .advice = TEXT("usually no loss: multicast that must not leave this host"),
	  .meaning = TEXT("Multicast with a TTL of 0, or of node-local scope, stays here."),
	  .causes = TEXT(
		"a program that set IP_MULTICAST_TTL to 0, or sends to ff01::/16\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o comm,pid,src,dst # whose packets\n") },
	{ .names = "ip6_mc_input",
	  .class = { "no-loss/not-for-us", INTENT_USUAL },
	  .harmless = "NOT_SPECIFIED",
	  .advice = TEXT("usually no loss: IPv6 multicast to a group that nobody here joined"),
	  .meaning = TEXT("The device passes more multicast than the groups that were joined."),
	  .causes = TEXT(
		"neighbor discovery, MLD and mDNS of other hosts\n"
		"the device is promiscuous or in a bridge, or its filter is coarse\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o dev,src,dst # which groups\n"
		"ip -6 maddr show dev DEV # the groups that were joined\n") },
	{ .names =
		"ip_mr_input ip_mr_forward ipmr_queue_xmit ipmr_queue_fwd_xmit "
		"ipmr_cache_unresolved ipmr_destroy_unres ip6_mr_input ip6_mr_forward "
		"ip6mr_forward2 ip6mr_cache_unresolved ip6mr_destroy_unres ip_mr_output_finish "
		"ip6_mr_output_finish",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = TEXT("multicast routing has no way for it: see its cache"),
	  .meaning = TEXT("This host routes multicast, and did not forward this packet."),
	  .causes = TEXT(
		"no entry for source and group, and the routing daemon did not make one in time\n"
		"it came in by another device than the entry says\n"
		"TTL is not above the threshold of the device, or nobody wants the group\n"),
	  .look = TEXT(
		"cat /proc/net/ip_mr_cache # entries; Wrong: packets by a wrong device\n"
		"cat /proc/net/ip_mr_vif # devices that take part, with their counts\n"
		"ip -s mroute show table all # the same in words\n") },
	{ .names = "pim_rcv pim_rcv_v1 pim6_rcv reg_vif_xmit",
	  .class = { "errors/l3/rx/no-protocol", INTENT_SUSPICIOUS },
	  .advice = TEXT("a PIM message that multicast routing did not take"),
	  .meaning = TEXT("A register message of PIM is broken, or there is no register device."),
	  .causes = TEXT(
		"no PIM daemon runs here, or it has not made the register device yet\n"),
	  .look = TEXT(
		"cat /proc/net/ip_mr_vif # is there a pimreg?\n"
		"whydrop list -r REASON -o dev,src,dst # from whom\n") },
	{ .names = "igmp_rcv igmp6_event_query igmp6_event_report",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .advice = TEXT("usually no loss: the message was read, and is freed so"),
	  .meaning = TEXT(
		"Messages about multicast groups are freed here after they were handled."),
	  .causes = TEXT(
		"reports of other hosts: this one needs only queries\n"
		"a message with a wrong checksum or length\n"),
	  .look = TEXT(
		"cat /proc/net/igmp # the groups that were joined\n"
		"whydrop list -r REASON -o dev,src,dst # from whom\n") },
	{ .names = "ping_rcv icmp_rcv",
	  .class = { "errors/l4/rx", INTENT_UNKNOWN },
	  .harmless = "NO_SOCKET",
	  .advice = TEXT("an answer to a ping that no socket waits for, or a broken message"),
	  .meaning = TEXT("ICMP messages that nobody waits for, or that are not valid."),
	  .causes = TEXT(
		"an answer to a ping; a raw socket has a copy of its own\n"
		"a wrong checksum, an unknown type\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o dev,src,dst,icmp_type # 0: answer to a ping\n"
		"nstat -asz IcmpInErrors IcmpInCsumErrors # how many were broken\n") },
	{ .names = "icmpv6_rcv",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .harmless = "NO_SOCKET",
	  NDISC_ADVICE },
	{ .names = "ndisc_rcv",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  NDISC_ADVICE },
	{ .names = "arp_process arp_rcv",
	  .class = { "errors/l3/rx/invalid-packet", INTENT_SUSPICIOUS },
	  .advice = TEXT("an ARP message that makes no sense: see who sends it"),
	  .meaning = TEXT("Its addresses are not valid, or the device does not do ARP for them."),
	  .causes = TEXT(
		"a target address that is multicast or loopback; a truncated message\n"
		"proxy ARP that is not wanted for this address\n"),
	  .look = TEXT(
		"whydrop list -r REASON -x -c 3 # the bytes of some of them\n"
		"ip -s neigh show dev DEV # what was learned so far\n") },
	{ .names =
		"neigh_xmit neigh_blackhole neigh_resolve_output neigh_connected_output "
		"__neigh_event_send neigh_invalidate neigh_update __neigh_update "
		"arp_error_report ndisc_error_report",
	  .class = { "errors/l3/no-neighbor", INTENT_SUSPICIOUS },
	  .advice = TEXT("the next hop has no entry, or its entry is being removed"),
	  .meaning = TEXT("There is no neighbor to hand the packet to."),
	  .causes = TEXT(
		"the device goes down, or the next hop is of a kind that it cannot have\n"
		"the next hop does not answer\n"),
	  .look = TEXT(
		"ip -s neigh show dev DEV # FAILED and INCOMPLETE do not answer\n"
		"ip monitor neigh # entries as they change; ends with Ctrl-C\n") },
	{ .names = "pneigh_enqueue pneigh_queue_purge neigh_proxy_process pndisc_redo",
	  .class = { "no-buffer/queue", INTENT_SUSPICIOUS },
	  .advice = TEXT("too many requests for proxied addresses wait"),
	  .meaning = TEXT("Answers for proxied addresses are delayed in a queue, which is short."),
	  .causes = TEXT(
		"many requests at once for addresses that this host is a proxy for\n"),
	  .look = TEXT(
		"ip neigh show proxy # the addresses\n"
		"ip ntable show name arp_cache # proxy_queue is the limit\n") },
	/* ---- fragments */
	{ .names =
		"ip_defrag ip_frag_queue ip_check_defrag ipv6_frag_rcv ip6_frag_queue "
		"nf_ct_frag6_queue",
	  .class = { "errors/l3/rx/fragment", INTENT_SUSPICIOUS },
	  .advice = TEXT("a fragment that does not fit, or memory for fragments is spent"),
	  .meaning = TEXT("Reassembly could not use the fragment."),
	  .causes = TEXT(
		"the limit of memory for fragments is reached: loss, or an attack\n"
		"fragments that overlap, or that end behind the end\n"),
	  .look = TEXT(
		"nstat -asz IpReasmReqds IpReasmFails Ip6ReasmReqds Ip6ReasmFails # how it goes\n"
		"sysctl net.ipv4.ipfrag_high_thresh net.ipv6.ip6frag_high_thresh # the limits\n") },
	{ .names =
		"ip_do_fragment ip_fragment ip6_fragment ip_finish_output_gso "
		"ip6_finish_output_gso_slowpath_drop br_nf_ip_fragment br_ip6_fragment "
		"nf_br_ip_fragment",
	  .class = { "errors/l3/tx/mtu-exceeded", INTENT_SUSPICIOUS },
	  .advice = TEXT("too large for the device, and it could not be cut: compare MTUs"),
	  .meaning = TEXT("The packet is larger than the MTU of the device that it goes out by."),
	  .causes = TEXT(
		"\"do not fragment\" is set, and the sender does not get or heed the ICMP message\n"
		"out of memory\n"),
	  .look = TEXT(
		"nstat -asz IpFragFails IpFragOKs Ip6FragFails # how many\n"
		"ip link show # MTU of each device\n") },
	{ .names =
		"ipv6_rthdr_rcv ipv6_srh_rcv ipv6_rpl_srh_rcv ipv6_parse_hopopts "
		"ipv6_destopt_rcv",
	  .class = { "errors/l3/rx/invalid-packet", INTENT_SUSPICIOUS },
	  .advice = TEXT("an extension header of IPv6 that this host does not accept"),
	  .meaning = TEXT("Routing headers are refused unless a sysctl allows them."),
	  .causes = TEXT(
		"a source route, segment routing or RPL, which is off by default\n"
		"a broken header\n"),
	  .look = TEXT(
		"nstat -asz Ip6InHdrErrors # how many\n"
		"sysctl net.ipv6.conf.DEV.accept_source_route net.ipv6.conf.DEV.seg6_enabled # 0: refused\n") },
	{ .names =
		"lwtunnel_xmit lwtunnel_output lwtunnel_input seg6_* input_action_end* "
		"end_dt_vrf_* rpl_input rpl_output ila_input ila_output ioam6_output bpf_xmit "
		"bpf_input bpf_output run_lwt_bpf",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("a route with an encapsulation could not carry it out"),
	  .meaning = TEXT("Segment routing, MPLS, BPF or the like of a route refused the packet."),
	  .causes = TEXT(
		"the module for that kind of route is not loaded\n"
		"a BPF program of the route; a segment that is not this host's\n"),
	  .look = TEXT(
		"ip -6 route show table all # encap: the routes that do so\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n") },
	/* ---- IPsec */
	{ .names =
		"xfrm_input xfrm4_rcv_encap xfrm4_esp_rcv xfrm4_ah_rcv xfrm4_ipcomp_rcv "
		"xfrm6_rcv_encap xfrm6_esp_rcv xfrm6_ah_rcv xfrm6_ipcomp_rcv "
		"xfrm4_udp_encap_rcv xfrm6_udp_encap_rcv xfrm6_input_addr "
		"xfrm4_rcv_encap_finish xfrmi_input vti_input vti6_input_proto",
	  .class = { "policy/l3/encryption", INTENT_SUSPICIOUS },
	  .advice = TEXT("IPsec: no state fits, or the packet is replayed, late or forged"),
	  .meaning = TEXT("A packet of ESP, AH or IPcomp could not be decrypted or verified."),
	  .causes = TEXT(
		"the other end uses a state (SPI) that this host does not have: it restarted\n"
		"the packet was repeated or came too late for the replay window\n"
		"keys differ, or a middlebox changed the packet\n"),
	  .look = TEXT(
		"grep -v '[[:blank:]]0$' /proc/net/xfrm_stat # XfrmIn* tells which check failed\n"
		"ip -s xfrm state # SPIs, and replay and failed of each\n"
		"whydrop list -r REASON -o src,dst,proto # from whom\n") },
	{ .names =
		"xfrm_output* __xfrm6_output validate_xmit_xfrm xdst_queue_output "
		"xfrm_policy_queue_process esp_output_done xfrmi_xmit vti_xmit vti_tunnel_xmit "
		"vti6_tnl_xmit xfrm_dev_direct_output iptfs_*",
	  .class = { "policy/l3/encryption", INTENT_SUSPICIOUS },
	  .advice = TEXT("IPsec: it could not be encrypted: is there a state for it?"),
	  .meaning = TEXT("A policy asks for encryption, which failed."),
	  .causes = TEXT(
		"the state is not negotiated yet, or has expired\n"
		"the encrypted packet does not fit the MTU\n"),
	  .look = TEXT(
		"grep -v '[[:blank:]]0$' /proc/net/xfrm_stat # XfrmOut* tells which step failed\n"
		"ip -s xfrm state # states, with errors\n"
		"ip -s xfrm policy # what is required\n") },
	/* ---- tunnels */
	{ .names = "gre_rcv __ipgre_rcv erspan_rcv",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("GRE without a tunnel for it: compare addresses and keys"),
	  .meaning = TEXT("No tunnel of this host fits the GRE packet."),
	  .causes = TEXT(
		"the tunnel is down or not configured, or its remote address or key differs\n"
		"PPTP (GRE version 1) without a program for it\n"
		"checksum or sequence numbers are on at one end only\n"),
	  .look = TEXT(
		"ip -d link show type gre # local, remote, ikey, flags; also gretap\n"
		"ip -s -s link show type gre # crc, fifo: checksums or sequence at one end only\n"
		"whydrop list -r REASON -o dev,src,dst # from whom\n") },
	{ .names =
		"tunnel4_rcv tunnel64_rcv tunnel6_rcv tunnel46_rcv tunnelmpls4_rcv "
		"tunnelmpls6_rcv ipip_tunnel_rcv ipip6_rcv sit_tunnel_rcv ipxip6_rcv "
		"__ip6_tnl_rcv ip_tunnel_rcv",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("IP in IP without a tunnel for it: compare the addresses"),
	  .meaning = TEXT("No tunnel of this host fits the packet, or the tunnel refused it."),
	  .causes = TEXT(
		"the tunnel is down or not configured, or its remote address differs\n"
		"spoofed inner addresses; ECN bits that contradict each other\n"),
	  .look = TEXT(
		"ip -d tunnel show # local and remote; also ip -6 tunnel show\n"
		"nstat -asz IcmpOutDestUnreachs # the sender is told, if not of each\n"
		"whydrop list -r REASON -o dev,src,dst,proto # from whom\n") },
	{ .names =
		"ip_tunnel_xmit ip_md_tunnel_xmit ipgre_xmit gre_tap_xmit erspan_xmit "
		"gre_fb_xmit erspan_fb_xmit ipip_tunnel_xmit ip6_tnl_start_xmit "
		"ip6gre_tunnel_xmit ip6erspan_tunnel_xmit ipip6_tunnel_xmit sit_tunnel_xmit "
		"sit_tunnel_xmit__",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("the tunnel could not send it: has its remote end a route?"),
	  .meaning = TEXT(
		"The packet was sent into a tunnel that could not put it into another one."),
	  .causes = TEXT(
		"no route to the remote end, or one that goes through the tunnel itself\n"
		"no remote end is configured, and none follows from the route\n"
		"too large for the way, and it must not be fragmented\n"),
	  .look = TEXT(
		"ip -s -s -d link show dev DEV # errors; carrier: no route, collsns: a circle\n"
		"ip route get 192.0.2.1 # with the tunnel's remote end\n") },
	{ .names = "fou_udp_recv gue_udp_recv gue_control_message",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("FOU or GUE that this host cannot unpack"),
	  .meaning = TEXT("The header inside of the UDP packet is not one that is handled here."),
	  .causes = TEXT(
		"another version or options of GUE; a port that something else sends to\n"),
	  .look = TEXT(
		"ip fou show # ports, and what they carry\n") },
	{ .names = "vxlan_rcv vxlan_xmit vxlan_xmit_one encap_bypass_if_local",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("VXLAN: compare VNI and flags, or see the fdb for the remote end"),
	  .meaning = TEXT("A VXLAN packet that fits no device, or a frame with nowhere to go."),
	  .causes = TEXT(
		"the VNI is not configured here; flags differ (GBP, GPE)\n"
		"no entry for the MAC address, and no default destination\n"
		"no route to the remote end\n"),
	  .look = TEXT(
		"ip -s -s -d link show type vxlan # VNI, port; carrier errors: no route\n"
		"bridge fdb show # dst: remote ends\n") },
	{ .names = "l2tp_*",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("L2TP: no session fits, or its cookie differs"),
	  .meaning = TEXT("An L2TP packet could not be handed to a session, or sent by one."),
	  .causes = TEXT(
		"session id or cookie differ at the two ends; the tunnel was taken down\n"
		"the device of the session is down\n"),
	  .look = TEXT(
		"ip l2tp show session # ids and cookies\n"
		"ip l2tp show tunnel # addresses and ports\n") },
	{ .names = "ppp_* pppoe_*",
	  .class = { "errors/l2/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("PPP: is the session up, and is its protocol enabled?"),
	  .meaning = TEXT("A frame of PPP or PPPoE that no session took, or could not send."),
	  .causes = TEXT(
		"the session ended; compression or a protocol was not negotiated\n"
		"PPPoE of other sessions on the same link\n"),
	  .look = TEXT(
		"ip -s -d link show type ppp # sessions, with errors and dropped\n"
		"whydrop list -r REASON -o dev,ethertype,mac_src # from whom\n") },
	{ .names = "wg_* send4 send6",
	  .class = { "errors/l3/tunnel", INTENT_SUSPICIOUS },
	  .advice = TEXT("WireGuard: does a peer have the address, and an endpoint?"),
	  .meaning = TEXT(
		"A packet into a WireGuard device that no peer may get, or that has no endpoint. "
		"Most of what WireGuard throws away is not told as a drop at all."),
	  .causes = TEXT(
		"the destination is in no peer's allowed IPs\n"
		"the peer has no endpoint: it has not called yet\n"
		"no route to the endpoint\n"),
	  .look = TEXT(
		"wg show DEV # allowed ips, endpoint, latest handshake of each peer\n"
		"ip -s -s link show dev DEV # errors and dropped, also those that are not told\n") },
	{ .names = "mpls_forward mpls_xmit",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = TEXT("MPLS: is the label known, and input on for the device?"),
	  .meaning = TEXT("A labeled packet could not be forwarded."),
	  .causes = TEXT(
		"no route for the label; MPLS input is off for the device\n"
		"TTL has ended, or the packet is larger than the MTU\n"),
	  .look = TEXT(
		"ip -f mpls route show # labels that are known\n"
		"sysctl net.mpls.conf.DEV.input net.mpls.platform_labels # 1: on; labels from 0 to this\n"
		"ip -f mpls stats show dev DEV group afstats # errors, dropped, noroute\n") },
	/* ---- bridges, VLANs, virtual devices */
	{ .names = "br_dev_queue_push_xmit",
	  .class = { "errors/l2/tx/mtu-exceeded", INTENT_SUSPICIOUS },
	  .advice = TEXT("larger than the MTU of the bridge port: compare MTUs"),
	  .meaning = TEXT("The bridge forwards no frame that the port's device cannot send."),
	  .causes = TEXT(
		"ports of one bridge with different MTUs (9000 and 1500)\n"
		"the port's device is down\n"),
	  .look = TEXT(
		"bridge link show # ports, with their MTU and state\n"
		"whydrop list -r REASON -o dev,len,src,dst # how long they were\n") },
	{ .names = "__dev_forward_skb __dev_forward_skb2 ____dev_forward_skb dev_forward_skb*",
	  .class = { "errors/l2/tx", INTENT_SUSPICIOUS },
	  .advice = TEXT("larger than the MTU of the other end, or that is down"),
	  .meaning = TEXT("A virtual device handed a frame to its peer, which cannot receive it."),
	  .causes = TEXT(
		"the two ends of a veth pair have different MTUs\n"
		"the peer, maybe in a container, is down\n"),
	  .look = TEXT(
		"ip -s -d link show type veth # MTU, state, dropped; also in the other namespace\n"
		"whydrop list -r REASON -o dev,netns,len,src,dst # how long they were\n") },
	{ .names = "veth_xmit",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = TEXT("the other end of the veth pair is gone"),
	  .meaning = TEXT("A frame was sent into a veth device without a peer."),
	  .causes = TEXT(
		"a container or namespace ends while packets are sent to it\n"),
	  .look = TEXT(
		"ip -s -d link show type veth # state and dropped\n") },
	{ .names = "br_handle_frame",
	  .class = { "policy/l2", INTENT_USUAL },
	  .advice = TEXT("a rule for bridge prerouting, a closed port, or a broken source MAC"),
	  .meaning = TEXT("The bridge did not take the frame that came in by one of its ports."),
	  .causes = TEXT(
		"a rule at the prerouting hook of the bridge, by nft or ebtables\n"
		"the port is disabled, blocked by spanning tree, or still listens\n"
		"a source MAC address that is multicast or zero\n"),
	  .look = TEXT(
		"nft list ruleset bridge # rules; `counter' shows how often they matched\n"
		"bridge -d link show # state of each port\n"
		"whydrop list -r REASON -o dev,mac_src,mac_dst # which frames\n") },
	{ .names = "br_handle_frame_finish br_pass_frame_up br_dev_xmit",
	  .class = { "errors/l2/no-destination", INTENT_SUSPICIOUS },
	  .advice = TEXT(
		"no port that it may go out by, or the port that it came in by is not open"),
	  .meaning = TEXT("The bridge took the frame, and may not pass it on."),
	  .causes = TEXT(
		"no other port is up, in the VLAN, and with flooding on\n"
		"the port only learns still, or it is locked and the sender not in the fdb\n"
		"the bridge's own device is down, or not in the VLAN\n"
		"multicast snooping found a broken message\n"),
	  .look = TEXT(
		"bridge -d link show # state, locked and flood of each port\n"
		"bridge fdb show # behind which port the destination is\n"
		"bridge vlan show # VLANs of each port and of the bridge\n") },
	{ .names = "__br_forward br_forward br_flood br_multicast_flood",
	  .class = { "errors/l2/no-destination", INTENT_SUSPICIOUS },
	  .advice = TEXT("no port that it may go out by: see fdb, isolation and VLANs"),
	  .meaning = TEXT("The bridge found no port for the frame."),
	  .causes = TEXT(
		"it would go back where it came from (hairpin is off), or both ports are isolated\n"
		"the port is down, blocked, or not in the VLAN\n"
		"flooding is off for the port\n"),
	  .look = TEXT(
		"bridge fdb show # behind which port the destination is\n"
		"bridge -d link show # state, hairpin, isolated, flood of each port\n"
		"bridge vlan show # VLANs of each port\n") },
	{ .names = "__allowed_ingress br_allowed_ingress br_handle_vlan nbp_vlan_*",
	  .class = { "policy/l2/vlan", INTENT_SUSPICIOUS },
	  .advice = TEXT("the port of the bridge is not in that VLAN"),
	  .meaning = TEXT("VLAN filtering of the bridge refused the frame."),
	  .causes = TEXT(
		"the VLAN is not configured for the port that it came in by\n"
		"an untagged frame and no PVID on the port\n"),
	  .look = TEXT(
		"bridge vlan show # VLANs of each port; PVID: that of untagged frames\n"
		"whydrop list -r REASON -o dev,vlan,mac_src,mac_dst # which VLAN\n") },
	{ .names = "br_stp_rcv br_send_bpdu",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .advice = TEXT(
		"usually no loss: spanning tree messages, and STP is off or has read them"),
	  .meaning = TEXT("Spanning tree's messages are freed here after they were handled."),
	  .causes = TEXT(
		"another switch or bridge speaks STP, and this one does not\n"),
	  .look = TEXT(
		"ip -d link show type bridge # stp_state\n"
		"bridge -d link show # state, root_block and guard of each port\n") },
	{ .names = "br_nf_*",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = TEXT("br_netfilter could not pass the frame on: see its destination"),
	  .meaning = TEXT(
		"The rules of IP for bridged frames gave it another destination, without a route."),
	  .causes = TEXT(
		"NAT of bridged frames to an address that is not behind the bridge\n"),
	  .look = TEXT(
		"sysctl net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables # 0: off\n"
		"whydrop list -r REASON -o dev,src,dst # which frames\n") },
	{ .names = "vlan_do_receive",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = TEXT("the device of that VLAN is down"),
	  .meaning = TEXT("A frame of a VLAN whose device exists and is not up."),
	  .causes = TEXT(
		"somebody took the VLAN device down, or has not yet taken it up\n"),
	  .look = TEXT(
		"ip link show type vlan # VLANs, with their state\n"
		"whydrop list -r REASON -o dev,mac_src,src,dst # which frames\n") },
	{ .names = "skb_vlan_untag skb_reorder_vlan_header",
	  .class = { "errors/l2/rx/invalid-frame", INTENT_SUSPICIOUS },
	  .advice = TEXT("a frame that ends within its VLAN tag"),
	  .meaning = TEXT("The VLAN tag of the frame could not be taken out."),
	  .causes = TEXT(
		"a truncated frame; out of memory\n"),
	  .look = TEXT(
		"whydrop list -r REASON -x -c 3 # the bytes of some of them\n") },
	{ .names = "gro_cells_receive",
	  .advice = TEXT("a tunnel device is down, or gets more than one CPU can take"),
	  .meaning = TEXT("What a tunnel unpacked could not be queued."),
	  .causes = TEXT(
		"the tunnel device is down\n"
		"its queue is full: all of a tunnel's packets go to one CPU\n"),
	  .look = TEXT(
		"ip -s -s link show dev DEV # state, dropped\n"
		"sysctl net.core.netdev_max_backlog # (host) how many may wait\n") },
	{ .names = "macvlan_* ipvlan_*",
	  .class = { "errors/l2/no-destination", INTENT_SUSPICIOUS },
	  .advice = TEXT("the macvlan or ipvlan device is down, or its mode forbids it"),
	  .meaning = TEXT("A frame to or from a device that shares its parent."),
	  .causes = TEXT(
		"the device is down; private or VEPA mode; no address fits (ipvlan)\n"),
	  .look = TEXT(
		"ip -s -d link show dev DEV # mode, state, dropped\n") },
	{ .names = "bond_*",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = TEXT("see the state of the bond and of its slaves"),
	  .meaning = TEXT("The bond has no slave that may send the frame, or could not take it."),
	  .causes = TEXT(
		"no slave is up, or the active one is just changing\n"),
	  .look = TEXT(
		"grep . /proc/net/bonding/DEV # state of the bond and of each slave\n"
		"ip -s link show dev DEV # dropped\n") },
	/* ---- XDP, BPF, tc */
	{ .names = "do_xdp_generic netif_receive_generic_xdp generic_xdp_tx",
	  .class = { "policy/l3/acl", INTENT_USUAL },
	  .advice = TEXT("a program of generic XDP dropped it: find it on the device"),
	  .meaning = TEXT("Generic XDP drops without a reason."),
	  .causes = TEXT(
		"XDP_DROP: a filter or load balancer, on purpose\n"
		"the program ended with an error, or redirects to a device that is down\n"),
	  .look = TEXT(
		"ip -d link show dev DEV # xdpgeneric: id and name of the program\n"
		"bpftool net show # all programs on devices\n"
		"bpftool prog show # run_cnt, with sysctl kernel.bpf_stats_enabled=1\n") },
	{ .names = "veth_xdp_rcv_skb veth_convert_skb_to_xdp_buff",
	  .class = { "policy/l3/acl", INTENT_USUAL },
	  .advice = TEXT("an XDP program on the veth device dropped it"),
	  .meaning = TEXT("XDP in the veth driver drops without a reason."),
	  .causes = TEXT(
		"XDP_DROP: a filter, on purpose\n"
		"the program ended with an error, or the packet has no room for its headers\n"),
	  .look = TEXT(
		"ip -d link show dev DEV # xdp: id and name of the program\n"
		"ethtool -S DEV # rx_queue_N_xdp_drops counts them\n") },
	{ .names =
		"__bpf_redirect* __bpf_tx_skb skb_do_redirect bpf_out_neigh_v4 bpf_out_neigh_v6 "
		"bpf_clone_redirect bpf_kfree_skb",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = TEXT("a BPF program redirected it to a device that cannot take it"),
	  .meaning = TEXT("The device or next hop that the program chose is down or gone."),
	  .causes = TEXT(
		"Cilium and the like, while a container ends; a device that is down\n"
		"programs that redirect to each other in a circle\n"),
	  .look = TEXT(
		"bpftool net show # programs on devices\n"
		"tc filter show dev DEV ingress # those of tc; likewise egress\n") },
	{ .names = "sk_psock_* sk_msg_* run_bpf_filter",
	  .class = { "policy/l4/acl", INTENT_USUAL },
	  .advice = TEXT("a BPF program of a socket dropped or could not redirect it"),
	  .meaning = TEXT("A socket map, or SO_ATTACH_REUSEPORT_EBPF, has no socket for it."),
	  .causes = TEXT(
		"a proxy or service mesh with socket maps, while a connection ends\n"),
	  .look = TEXT(
		"bpftool map show # sockmap and sockhash\n"
		"bpftool prog show # sk_skb, sk_msg, sk_reuseport\n") },
	{ .names =
		"drop_func tbf_segment netem_dequeue sfb_enqueue pfifo_fast_reset "
		"timesortedlist_drop pfifo_tail_enqueue cake_*",
	  .class = { "no-buffer/queue", INTENT_USUAL },
	  .advice = TEXT("the qdisc of the device dropped it: see its counters"),
	  .meaning = TEXT("The queueing discipline shortens its queue, or is being emptied."),
	  .causes = TEXT(
		"CoDel at work: packets waited too long, so that senders slow down\n"
		"the device was taken down with packets in its queue\n"),
	  .look = TEXT(
		"tc -s qdisc show dev DEV # dropped, overlimits, backlog\n"
		"ip -s link show dev DEV # state, dropped\n") },
	{ .names =
		"rtnl_kfree_skbs __rtnl_unlock qdisc_reset __qdisc_reset_queue dev_reset_queue",
	  .class = { "errors/l2/device-down", INTENT_USUAL },
	  .advice = TEXT("a queue was emptied: the device went down or changed its qdisc"),
	  .meaning = TEXT("Packets that waited to be sent are freed with their queue."),
	  .causes = TEXT(
		"the device went down, or its qdisc was replaced\n"),
	  .look = TEXT(
		"ip -s link show dev DEV # state\n"
		"ip monitor link # who goes up and down; ends with Ctrl-C\n") },
	{ .names = "__dev_queue_xmit",
	  .unnamed = true,
	  .advice = TEXT("the queue of the device is full, or the device is down: see both"),
	  .meaning = TEXT("The packet could not be queued, or the device does not send."),
	  .causes = TEXT(
		"a queue at its limit: the device is slower than those who send\n"
		"the device was taken down while packets were on their way\n"),
	  .look = TEXT(
		"tc -s qdisc show dev DEV # dropped, overlimits, backlog\n"
		"ip -s link show dev DEV # state, dropped\n") },
	{ .names = "__dev_queue_xmit __dev_direct_xmit",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = TEXT("the device is down, or devices send to each other in a circle"),
	  .meaning = TEXT("The packet reached a device that does not send."),
	  .causes = TEXT(
		"the device was taken down while packets were on their way\n"
		"virtual devices on top of each other in a circle\n"),
	  .look = TEXT(
		"ip -s link show dev DEV # state, dropped\n"
		"dmesg # \"Dead loop on virtual device\" names a circle\n") },
	{ .names =
		"validate_xmit_skb validate_xmit_skb_list sk_validate_xmit_skb "
		"validate_xmit_unreadable_skb skb_checksum_help",
	  .class = { "errors/internal", INTENT_SUSPICIOUS },
	  .advice = TEXT("the packet could not be made fit for the device"),
	  .meaning = TEXT("Segmentation, checksum, VLAN tag or TLS could not be done in software."),
	  .causes = TEXT(
		"out of memory; a packet that its maker described wrongly\n"
		"kTLS or IPsec offload for another device\n"),
	  .look = TEXT(
		"ip -s -s link show dev DEV # dropped\n"
		"ethtool -k DEV # offloads in use\n") },
	{ .names = "flush_backlog process_backlog dev_cpu_dead enqueue_to_backlog",
	  .class = { "errors/l2/device-down", INTENT_USUAL },
	  .advice = TEXT("a device or CPU went away with packets waiting"),
	  .meaning = TEXT("What waited for a CPU is freed when its device is removed."),
	  .causes = TEXT(
		"a container, tunnel or other virtual device was removed\n"),
	  .look = TEXT(
		"ip monitor link # who goes; ends with Ctrl-C\n") },
	/* ---- netfilter */
	{ .names = "nf_queue",
	  .class = { "policy/l3", INTENT_SUSPICIOUS },
	  .advice = TEXT("a rule sends to a queue, and no program takes it"),
	  .meaning = TEXT("NFQUEUE: there is no program for this queue, or its queue is full."),
	  .causes = TEXT(
		"the program (an IDS, a firewall) is not running, or listens on another number\n"
		"it is too slow: raise its queue length, or use more queues\n"),
	  .look = TEXT(
		"cat /proc/net/netfilter/nfnetlink_queue # number, port id; 6th and 7th: dropped; none: no program\n"
		"nft list ruleset # rules with `queue'; bypass lets packets pass without a program\n") },
	{ .names = "nf_reinject nfqnl_* __nfqnl_enqueue_packet",
	  .class = { "policy/l3/acl", INTENT_USUAL },
	  .advice = TEXT("the program behind NFQUEUE said so, or a rule behind it"),
	  .meaning = TEXT("A program in user space gave its verdict on a queued packet: drop."),
	  .causes = TEXT(
		"an IDS or firewall at work: Suricata, fwsnort and the like\n"
		"the program ended with packets in its queue\n"),
	  .look = TEXT(
		"cat /proc/net/netfilter/nfnetlink_queue # number, port id; 6th and 7th: dropped\n"
		"nft list ruleset # rules with `queue'\n") },
	{ .names = "nf_hook_slow nft_do_chain",
	  .class = { "policy/l3/acl", INTENT_USUAL },
	  .advice = TEXT("find the rule: read the chains of the hook where it was dropped"),
	  .meaning = TEXT("A rule or a module of netfilter dropped it."),
	  .causes = TEXT(
		"a drop rule, or a chain whose policy is drop\n"),
	  .look = TEXT(
		"nft list ruleset # rules; those with `counter' show how often they matched\n") },
	{ .names = "nf_do_netdev_egress nf_fwd_netdev_egress nf_dup_*",
	  .class = { "errors/l2/device-down", INTENT_SUSPICIOUS },
	  .advice = TEXT("a rule forwards or copies to a device that cannot take it"),
	  .meaning = TEXT("`fwd' or `dup' of nftables: the device is gone or down."),
	  .causes = TEXT(
		"the device that the rule names is down\n"),
	  .look = TEXT(
		"nft list ruleset # rules with `fwd' or `dup'\n"
		"ip link show # state of each device\n") },
	{ .names = "ip_vs_* handle_response",
	  .class = { "errors/l3/no-route", INTENT_SUSPICIOUS },
	  .advice = TEXT("IPVS: no real server, or no way to it"),
	  .meaning = TEXT("The load balancer could not send the packet to a real server."),
	  .causes = TEXT(
		"no server is left, or its route is missing; too large for the tunnel to it\n"),
	  .look = TEXT(
		"cat /proc/net/ip_vs # services and real servers\n"
		"cat /proc/net/ip_vs_stats_percpu # connections, how many packets; hexadecimal\n") },
	/* ---- Open vSwitch */
	{ .names =
		"ovs_dp_process_packet queue_gso_packets queue_userspace_packet ovs_dp_upcall",
	  .class = { "no-buffer/queue", INTENT_SUSPICIOUS },
	  .advice = TEXT("Open vSwitch could not ask ovs-vswitchd about a new flow"),
	  .meaning = TEXT("No flow of the kernel fits, and the question to user space got lost."),
	  .causes = TEXT(
		"ovs-vswitchd is not running, or restarts\n"
		"too many new flows at once: its socket is full\n"),
	  .look = TEXT(
		"ovs-dpctl show -s # lost: questions that got lost\n"
		"ovs-vsctl show # bridges and ports, and errors\n") },
	{ .names =
		"ovs_* do_output do_execute_actions execute_recirc clone_execute "
		"internal_dev_recv netdev_port_receive handle_fragments",
	  .class = { "errors/l2", INTENT_SUSPICIOUS },
	  .advice = TEXT("Open vSwitch: see the flow's actions and the port that it goes to"),
	  .meaning = TEXT("Open vSwitch could not carry out an action, or a port cannot send."),
	  .causes = TEXT(
		"the actions end without an output, or a drop action: the rules say so\n"
		"larger than the MTU of the port, or the port is down\n"),
	  .look = TEXT(
		"ovs-dpctl dump-flows -m # flows of the kernel with their counts\n"
		"ovs-dpctl show -s # ports with errors and dropped\n") },
	/* ---- sockets */
	/* Newer kernels say NO_SOCKET, which would mean that nobody listens. */
	{ .names = "tcp_v4_do_rcv tcp_v6_do_rcv cookie_v4_check cookie_v6_check",
	  .reasons = "NO_SOCKET",
	  .class = { "errors/l4/rx", INTENT_SUSPICIOUS },
	  .advice = TEXT("the listen queue is full: see Recv-Q of the listening socket"),
	  .meaning = TEXT(
		"A handshake with a SYN cookie ended here: the queue of connections to accept is "
		"full, or the cookie is wrong or too old."),
	  .causes = TEXT(
		"a server that accepts too slowly, or has a small backlog in listen()\n"
		"an ACK that fits no cookie: forged, or more than two minutes late\n"),
	  .look = TEXT(
		"ss -lnt # Recv-Q: waiting, Send-Q: the limit\n"
		"nstat -asz TcpExtListenOverflows TcpExtListenDrops # the queue was full\n"
		"nstat -asz TcpExtSyncookiesRecv TcpExtSyncookiesFailed # cookies that did not fit\n") },
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
	  .advice = TEXT("no loss: a program read its queue of errors or timestamps"),
	  .meaning = TEXT("A message of the error queue is freed here after it was read."),
	  .causes = TEXT(
		"timestamps of what was sent by a packet socket, as for PTP\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o comm,pid,src,dst # which program\n") },
	{ .names =
		"ip_icmp_error ipv6_icmp_error ip_local_error ipv6_local_error "
		"ipv6_local_rxpmtu __skb_tstamp_tx __skb_complete_tx_timestamp "
		"skb_complete_tx_timestamp",
	  .class = { "no-buffer/socket", INTENT_SUSPICIOUS },
	  .advice = TEXT("the error queue of a socket is full: its program does not read it"),
	  .meaning = TEXT("A message about an error, or a timestamp, could not be queued."),
	  .causes = TEXT(
		"a program asks for errors or timestamps and does not read them\n"),
	  .look = TEXT(
		"ss -uampn # skmem: r is used, rb the limit\n") },
	{ .names =
		"udp_recvmsg udpv6_recvmsg __first_packet_length udp_read_skb skb_kill_datagram",
	  .class = { "errors/l4/rx/checksum-error", INTENT_BAD },
	  .advice = TEXT("a wrong checksum, found when the program read it"),
	  .meaning = TEXT("The checksum of a datagram is checked as late as it is read."),
	  .causes = TEXT(
		"packets that were corrupted on the way; offloads that leave the sum undone\n"),
	  .look = TEXT(
		"nstat -asz UdpInCsumErrors Udp6InCsumErrors # how many\n"
		"ethtool -k DEV # to rule offload out: ethtool -K DEV rx off\n") },
	{ .names = "udp_send_skb udp_v6_send_skb",
	  .class = { "errors/l4/tx/mtu-exceeded", INTENT_SUSPICIOUS },
	  .advice = TEXT("a program asks for segments that do not fit"),
	  .meaning = TEXT("UDP_SEGMENT with segments larger than the MTU, or too many."),
	  .causes = TEXT(
		"a QUIC program that assumes a larger MTU than the way has\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o comm,pid,src,dst # which program\n"
		"ip link show # MTU of each device\n") },
	{ .names = "rawv6_rcv rawv6_rcv_skb raw_rcv raw_rcv_skb",
	  .advice = TEXT("a raw socket could not take it: see its buffer"),
	  .meaning = TEXT("The receive buffer of a raw socket is full, or a checksum is wrong."),
	  .causes = TEXT(
		"a routing daemon (OSPFv3, RIPng) or ping that reads too slowly\n"),
	  .look = TEXT(
		"ss -wamp # raw sockets: r used, rb the limit, d dropped\n") },
	{ .names = "sctp_*",
	  .class = { "errors/l4/rx", INTENT_SUSPICIOUS },
	  .advice = TEXT("SCTP: see its counters"),
	  .meaning = TEXT("An SCTP packet that fits no association, or is broken."),
	  .causes = TEXT(
		"nobody listens on the port; a wrong checksum; a queue that is full\n"),
	  .look = TEXT(
		"cat /proc/net/sctp/snmp # SctpInPktDiscards, SctpChecksumErrors, SctpOutOfBlues\n"
		"ss -S -an # endpoints and associations\n") },
	{ .names = "packet_rcv tpacket_rcv packet_rcv_spkt packet_rcv_fanout packet_create*",
	  .class = { "no-buffer/socket", INTENT_BAD },
	  .advice = TEXT("a sniffer loses packets: raise its buffer"),
	  .meaning = TEXT("The buffer of a packet socket (tcpdump, DHCP) is full."),
	  .causes = TEXT(
		"a capture slower than the traffic: larger buffer (tcpdump -B), a filter\n"),
	  .look = TEXT(
		"ss -0mpe # packet sockets: d dropped; none for a ring: its program alone counts\n"
		"whydrop list -r REASON -o dev,pkt_len,sock.ino # which socket, from 6.11 on\n") },
	{ .names =
		"packet_snd tpacket_snd packet_sendmsg_spkt raw_send_hdrinc rawv6_send_hdrinc",
	  .class = { "errors/l2/tx/invalid-frame", INTENT_SUSPICIOUS },
	  .advice = TEXT("a program's own packet could not be sent"),
	  .meaning = TEXT("What a program writes to a packet or raw socket is broken or too long."),
	  .causes = TEXT(
		"a header that is cut, or a frame larger than the device's MTU\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o comm,pid,dev,pkt_len # which program\n") },
	{ .names = "netlink_attachskb",
	  .class = { "no-buffer/socket", INTENT_BAD },
	  .advice = TEXT("a program reads messages of the kernel too slowly: they get lost"),
	  .meaning = TEXT("The receive buffer of a netlink socket is full."),
	  .causes = TEXT(
		"ulogd, conntrackd, a routing daemon or ovs-vswitchd that is too slow\n"
		"the program hangs, or has a small buffer\n"),
	  .look = TEXT(
		"cat /proc/net/netlink # Pid, Rmem, Drops of each socket\n"
		"ss -0 -f netlink -m # the same with the program's name\n") },
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
	  .advice = TEXT("usually no loss: a message of audit, which the kernel's log has instead"),
	  .meaning = TEXT("Messages of audit that no auditd takes are logged, then freed."),
	  .causes = TEXT(
		"auditd is not installed or not running\n"),
	  .look = TEXT(
		"dmesg # (host) the messages, behind \"audit:\"\n") },
	/* ---- others */
	{ .names = "hci_* l2cap_* sco_* mgmt_* rfcomm_* bnep_*",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .advice = TEXT("usually no loss: Bluetooth frees so what it has handled"),
	  .meaning = TEXT(
		"Commands and events of Bluetooth are freed as dropped after they were used."),
	  .causes = TEXT(
		"ordinary traffic of Bluetooth\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o comm,pid,at # where\n") },
	{ .names = "can_rcv canfd_rcv canxl_rcv",
	  .class = { "errors/l2/rx/invalid-frame", INTENT_SUSPICIOUS },
	  .advice = TEXT("a CAN frame that is not valid"),
	  .meaning = TEXT("A frame of a CAN bus whose length does not fit its kind."),
	  .causes = TEXT(
		"a device of another kind, or a program that writes such frames\n"),
	  .look = TEXT(
		"ip -s -d link show type can # state, errors\n") },
	{ .names = "tun_net_xmit tap_handle_frame",
	  .advice = TEXT(
		"a VPN or virtual machine does not read: is it running, is its queue full?"),
	  .meaning = TEXT("A frame for a TUN or TAP device, whose program did not take it."),
	  .causes = TEXT(
		"no program has the device open; it reads too slowly\n"
		"a filter of the program\n"),
	  .look = TEXT(
		"ip -s -d link show dev DEV # state, dropped; qlen is the limit\n") },
	{ .names = "net_tx_action",
	  .advice = TEXT("a driver handed it over to be freed: see its device"),
	  .meaning = TEXT("What interrupt handlers free, dropped or sent, is freed here, later."),
	  .causes = TEXT(
		"a driver that dropped it, or that frees so what it has sent\n"),
	  .look = TEXT(
		"ip -s -s link show dev DEV # sent, dropped, errors\n") },
	{ .names = "llc_*",
	  .class = { "errors/l2/rx/no-protocol", INTENT_USUAL },
	  .advice = TEXT("usually no loss: an LLC frame that nobody here speaks"),
	  .meaning = TEXT("A frame of IEEE 802.2, as of old protocols or of network printers."),
	  .causes = TEXT(
		"IPX, NetBIOS or test frames of other devices on the link\n"),
	  .look = TEXT(
		"whydrop list -r REASON -o dev,mac_src,mac_dst # from whom\n") },
	{ .names = "ieee80211_*",
	  .class = { "errors/l2", INTENT_UNKNOWN },
	  .advice = TEXT("see the quality of the Wi-Fi link"),
	  .meaning = TEXT("Wi-Fi could not send or use the frame."),
	  .causes = TEXT(
		"the station left, or its queue is full; ordinary around roaming\n"),
	  .look = TEXT(
		"iw dev DEV station dump # signal, retries, rx drop misc\n") },
	{ .names = "skb_release_data kfree_skb_list kfree_skb_list_reason",
	  .advice = TEXT("part of another packet that was dropped: see its callers"),
	  .meaning = TEXT("The fragments of a packet are told once more when it is freed."),
	  .causes = TEXT(
		"segmented or reassembled packets: one drop shows as several\n"),
	  .look = TEXT(
		"whydrop stacks -r REASON -c 3 # who freed the whole\n") },
	{ .names = "*_clean_tx_* free_old_xmit*",
	  .class = { "no-loss/handled", INTENT_USUAL },
	  .harmless = "NOT_SPECIFIED",
	  .advice = TEXT("usually no loss: a driver frees what it has sent"),
	  .meaning = TEXT("The driver uses the function for drops for what was sent, too."),
	  .causes = TEXT(
		"ordinary traffic\n"),
	  .look = TEXT(
		"ip -s -s link show dev DEV # sent, dropped, errors\n") },
};

const size_t nr_known_places = ARRAY_SIZE(known_places);
