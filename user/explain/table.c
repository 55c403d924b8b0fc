// SPDX-License-Identifier: GPL-2.0-only
/*
 * What `whydrop explain' knows of reasons, in our own words: advice for whom
 * the name says little. See entry.h for the parts of an entry; the first
 * entry that has the name is the one. tests/cli and tests/guest/explain hold
 * names, counters, sysctls and commands against kernels.
 */
#include "explain/table.h"

const struct explain explain_table[] = {
	{ .names = "NO_SOCKET",
	  .advice = "find who sends, and whether a service should listen there",
	  .meaning = "The packet reached this host, but no socket is bound to its address and port.",
	  .causes =
		"the service is down, restarts, or listens on another address (127.0.0.1 only)\n"
		"a client uses an old address or port, or scans ports\n"
		"an answer that comes after the socket has gone: DNS, NTP, a closed connection\n"
		"the service is bound to another device or VRF than the packet came in by\n",
	  .counters = "UdpNoPorts Udp6NoPorts TcpOutRsts",
	  .look =
		"ss -lntup # who listens, and on which address; %NAME: of that device or VRF only\n"
		"whydrop list -r REASON -o src,dst,proto,dport # who sends, and where to\n" },
	{ .names = "NOT_SPECIFIED",
	  .advice = "the place is the answer: whydrop explain @PLACE knows many",
	  .meaning =
		"This code of the kernel gives no reason. The function that dropped says more; what "
		"is known of it stands at the places that were seen.",
	  .causes =
		"a driver or protocol that was never taught to give reasons\n"
		"a socket was closed with unread data in it\n"
		"often no loss at all: hide the usual suspects with --benign hide\n",
	  .look =
		"whydrop stacks -r REASON -c 3 # where, with callers\n"
		"whydrop count -r REASON --benign hide # without what usually is no loss\n"
		"ip -s -s link show # drops that the devices counted themselves\n" },
	{ .names = "NOT_AVAILABLE",
	  .advice = "the kernel gives no reasons: whydrop count --by at",
	  .meaning = "Kernels before 5.17 (5.15.58) do not say why they drop; the place does.",
	  .causes =
		"any of those that have names on later kernels\n",
	  .look =
		"whydrop stacks -c 5 # where, with callers\n"
		"nstat -az # every counter of the protocols\n" },
	{ .names = "PKT_TOO_SMALL",
	  .advice = "look at a whole packet: is it cut, or does a header lie about its length?",
	  .meaning = "A length field says more than there is, or less than its own header takes.",
	  .causes =
		"crafted or broken packets: a faulty sender, fuzzing, a scan\n"
		"a tunnel or middlebox that cuts packets, or a wrong MTU on the way\n"
		"a driver or network card that delivers truncated frames\n",
	  .counters =
		"IpExtInTruncatedPkts Ip6InTruncatedPkts UdpInErrors Udp6InErrors TcpInErrs "
		"IcmpInErrors",
	  .look =
		"whydrop list -r REASON -x -c 3 # the bytes of some of them\n"
		"ethtool -S DEV # length and truncation errors that the card counted\n" },
	{ .names = "TCP_CSUM UDP_CSUM IP_CSUM ICMP_CSUM",
	  .advice = "do all come by one device? then suspect its card, cable or offloads",
	  .meaning = "The checksum does not fit the packet, so its bytes changed on the way.",
	  .causes =
		"checksum offload of a virtual device: the sum was never filled in\n"
		"a faulty cable, card, memory or switch that corrupts packets\n"
		"a NAT or middlebox that changes packets and does not correct the sum\n",
	  .counters =
		"TcpInCsumErrors UdpInCsumErrors Udp6InCsumErrors IpExtInCsumErrors "
		"IcmpInCsumErrors Icmp6InCsumErrors",
	  .look =
		"ethtool -k DEV # to rule offload out: ethtool -K DEV rx off tx off\n"
		"ip -s -s link show dev DEV # crc and frame errors say cable or card\n"
		"ethtool -S DEV # the same in the words of the driver\n" },
	{ .names = "SKB_CSUM",
	  .advice = "try the device without checksum offload",
	  .meaning = "The kernel itself could not compute a checksum when handing the packet on.",
	  .causes =
		"too little memory, or a packet whose layout does not fit its headers\n"
		"a bug of a driver or of the tunnel that made the packet\n",
	  .look =
		"ethtool -k DEV # offloads in use\n"
		"ip -s -s link show dev DEV # what the device dropped\n" },
	{ .names = "SOCKET_FILTER",
	  .advice = "find the program whose socket has the filter: usually it is right",
	  .meaning = "A filter attached to the socket, or a BPF program of its cgroup, said no.",
	  .causes =
		"ping, a DHCP client or a VPN: its raw or UDP socket wants only some packets\n"
		"SO_ATTACH_FILTER or SO_ATTACH_BPF of the application itself\n"
		"a cgroup BPF program of systemd (IPAddressDeny=) or a container runtime\n"
		"a security module, on kernels where it has no reason of its own\n",
	  .look =
		"ss -tuwlep # sockets that receive: address, program, ino, uid\n"
		"whydrop list -r REASON -o comm,dev,src,dst,sock.ino,sock.uid # whose socket\n" },
	{ .names = "NETFILTER_DROP",
	  .advice = "find the rule: whydrop's command `rule' follows packets up to it",
	  .meaning = "A rule or a module of netfilter dropped it: nftables, iptables, conntrack, ...",
	  .causes =
		"a drop rule, or a chain whose policy is drop\n"
		"the table of connections is full, or a packet fits no connection\n"
		"a rate limit, an ipset, fail2ban, a container or VPN firewall\n"
		"bridged frames that br_netfilter sends through the chains of IP\n",
	  .look =
		"nft list ruleset # rules; those with `counter' show how often they matched\n"
		"iptables-save -c # rules of iptables with their counters\n"
		"lnstat -i 1 -c 1 -f nf_conntrack # drop and insert_failed are losses of conntrack\n"
		"sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max # is it full?\n" },
	{ .names = "OTHERHOST",
	  .advice = "harmless if for another MAC; lost if of an unknown VLAN, as list tells",
	  .meaning = "The frame has the MAC address of another host; a promiscuous device sees it.",
	  .causes =
		"a capture, a bridge or a virtual machine made the device promiscuous\n"
		"a switch floods frames whose destination it does not know\n"
		"a wrong static ARP entry, or a cluster address that moved\n"
		"a VLAN that is not configured here; newer kernels forget which\n",
	  .look =
		"ip -d link show dev DEV # promiscuity: how many asked for it\n"
		"whydrop list -r REASON -o dev,vlan,mac_dst,src,dst -c 5 # for whom they are\n"
		"ip -d link show type vlan # VLANs that are there\n"
		"ip -s -s link show dev DEV # otherhost counts them, from 5.19 on\n" },
	{ .names = "IP_INHDR",
	  .advice = "TTL 1 is a traceroute or a routing loop; else look at the header's bytes",
	  .meaning = "The IP header is wrong, or its TTL or hop limit ended on this router.",
	  .causes =
		"a traceroute through this router: its probes end here on purpose\n"
		"a routing loop: packets go in circles until their TTL is spent\n"
		"a wrong version or header length: a broken sender or driver\n",
	  .counters = "IpInHdrErrors Ip6InHdrErrors",
	  .look =
		"whydrop list -r REASON -x -c 3 # TTL is byte 8, hop limit byte 7\n"
		"ip route get 192.0.2.1 # with its destination: does it go back where it came from?\n" },
	{ .names = "IP_RPFILTER",
	  .advice = "is the way back through another device? then rp_filter=2 on this one",
	  .meaning = "Reverse path filter: the route to the source does not use this device.",
	  .causes =
		"asymmetric routing: two uplinks, a VPN, policy routing\n"
		"the route to the source is missing, or points elsewhere\n"
		"a spoofed source address: then the filter does its job\n",
	  .counters = "TcpExtIPReversePathFilter",
	  .look =
		"sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.DEV.rp_filter # the higher counts: 1 strict, 2 loose\n"
		"ip route get 192.0.2.1 # with the source address: by which device would it go?\n"
		"sysctl net.ipv4.conf.DEV.log_martians # 1: the kernel's log names them\n" },
	{ .names = "UNICAST_IN_L2_MULTICAST",
	  .advice = "see who sends unicast IP in broadcast or multicast frames",
	  .meaning = "Unicast IP in a multicast or broadcast frame, and the sysctl forbids it.",
	  .causes =
		"a Wi-Fi attack, or a broken access point or cluster that sends so\n"
		"a load balancer that uses multicast MAC addresses on purpose\n",
	  .counters = "Ip6InHdrErrors",
	  .look =
		"sysctl net.ipv4.conf.DEV.drop_unicast_in_l2_multicast # 0: allow\n"
		"sysctl net.ipv6.conf.DEV.drop_unicast_in_l2_multicast # the same for IPv6\n"
		"whydrop list -r REASON -o dev,mac_src,mac_dst,src,dst # from whom\n" },
	{ .names = "XFRM_POLICY",
	  .advice = "check both ends of IPsec: a policy asks for what the packet has not",
	  .meaning = "IPsec: an inbound policy wants the packet protected otherwise than it came.",
	  .causes =
		"plain packets where the policy requires encryption: the peer lost its tunnel\n"
		"selectors of the two ends differ; a NAT in between\n"
		"states have expired and rekeying failed\n",
	  .look =
		"ip -s xfrm policy # what is required, and used when\n"
		"ip -s xfrm state # which states are there\n"
		"grep -v '[[:blank:]]0$' /proc/net/xfrm_stat # XfrmIn* tells which check failed\n" },
	{ .names = "IP_NOPROTO IPV6_BAD_EXTHDR IPV6_TOO_MANY_EXTHDRS",
	  .advice = "see which protocol number it is; does its module need to be loaded?",
	  .meaning = "Nothing in this kernel handles the protocol, or the extension headers, inside.",
	  .causes =
		"GRE, SCTP, ESP, VRRP or IPIP, and its module or program is not there\n"
		"crafted packets: a scan of protocols, a strange extension header\n",
	  .counters = "IpInUnknownProtos Ip6InUnknownProtos Ip6InHdrErrors Icmp6InErrors",
	  .look =
		"whydrop list -r REASON -o src,dst,proto # which protocol, from whom\n"
		"ss -wan # raw sockets that would take it\n" },
	{ .names = "SOCKET_RCVBUFF",
	  .advice = "the program reads too slowly: speed it up, or raise its SO_RCVBUF",
	  .meaning = "The socket's receive buffer is full, so the program has not read for a while.",
	  .causes =
		"bursts larger than the buffer: syslog, DNS, RTP, netflow, multicast\n"
		"the program is overloaded, stopped, swapped out, or has too few threads\n"
		"the buffer is small: SO_RCVBUF is capped by net.core.rmem_max\n",
	  .counters = "UdpRcvbufErrors Udp6RcvbufErrors",
	  .look =
		"ss -uampn # skmem: r is used, rb the limit, d what was dropped\n"
		"sysctl net.core.rmem_default net.core.rmem_max # (host) what a socket gets, and may ask for\n"
		"whydrop count --by at -r REASON # protocol by protocol\n" },
	{ .names = "PROTO_MEM",
	  .advice = "memory for all sockets of a protocol is spent: who holds it?",
	  .meaning = "The limit of memory for the whole protocol, tcp_mem or udp_mem, was reached.",
	  .causes =
		"many sockets with much unread data; a leak of connections\n"
		"the limits, set from the memory at boot, are low on this machine or container\n",
	  .counters = "UdpMemErrors Udp6MemErrors TcpExtTCPRcvQDrop TcpExtTCPOFODrop",
	  .look =
		"cat /proc/net/sockstat # mem, in pages, against the third number of:\n"
		"sysctl net.ipv4.tcp_mem net.ipv4.udp_mem # (host) low, pressure, high; in pages\n"
		"ss -tumapn # which sockets hold it: skmem r\n" },
	{ .names = "TCP_MD5NOTFOUND TCP_MD5UNEXPECTED TCP_MD5FAILURE",
	  .advice = "compare the TCP MD5 passwords of both ends, BGP mostly",
	  .meaning = "TCP MD5 (RFC 2385): one end signs and the other does not, or with another key.",
	  .causes =
		"the password is set at one end only, or differs\n"
		"the peer's address in the configuration is not the one that it uses\n"
		"a NAT between the two\n",
	  .counters = "TcpExtTCPMD5NotFound TcpExtTCPMD5Unexpected TcpExtTCPMD5Failure",
	  .look =
		"ss -tnei dport = :179 or sport = :179 # BGP sessions; md5keys are shown to root\n"
		"whydrop list -r REASON -o src,dst,dport # which peer\n" },
	{ .names = "TCP_AONOTFOUND TCP_AOUNEXPECTED TCP_AOKEYNOTFOUND TCP_AOFAILURE TCP_AUTH_HDR",
	  .advice = "compare the TCP-AO keys of both ends, and their key ids",
	  .meaning = "TCP-AO (RFC 5925): the signature is missing, of an unknown key, or wrong.",
	  .causes =
		"keys or key ids differ, or one end does not sign\n"
		"MD5 at one end and AO at the other; both in one packet is refused\n"
		"a key rollover that only one end has done\n",
	  .counters = "TcpExtTCPAORequired TcpExtTCPAOKeyNotFound TcpExtTCPAOBad",
	  .look =
		"ss -tne # the connections\n"
		"whydrop list -r REASON -o src,dst,dport # which peer\n" },
	{ .names = "SOCKET_BACKLOG",
	  .advice = "the program is busy with this connection: see its CPU",
	  .meaning = "While a program works on the socket packets wait in its backlog; that is full.",
	  .causes =
		"a program that makes large calls on a fast connection\n"
		"one CPU takes all the packets; a small receive buffer\n",
	  .counters = "TcpExtTCPBacklogDrop",
	  .look =
		"ss -tmin # skmem: bl is the backlog, rb and tb make its limit\n"
		"sysctl net.ipv4.tcp_rmem # largest receive buffer is the third\n" },
	{ .names = "TCP_FLAGS",
	  .advice = "look who sends segments that no TCP would",
	  .meaning = "A segment whose flags make no sense in this state: no ACK, or SYN with FIN.",
	  .causes =
		"a port scan: NULL, FIN or Xmas probes\n"
		"a middlebox that mangles flags\n",
	  .look =
		"whydrop list -r REASON -o src,dst,dport,tcp_flags # who, and which flags\n" },
	{ .names = "TCP_ZEROWINDOW",
	  .advice = "the program does not read: find it",
	  .meaning = "Data came though the receive window was closed: the buffer is full.",
	  .causes =
		"the program that should read hangs or is too slow\n"
		"the sender probes whether the window has opened: one drop for each probe\n",
	  .counters = "TcpExtTCPZeroWindowDrop",
	  .look =
		"ss -tmpn # large Recv-Q: this program does not read\n"
		"nstat -asz TcpExtTCPToZeroWindowAdv # how often windows closed\n" },
	{ .names = "TCP_OLD_DATA",
	  .advice = "usually no loss: the sender repeated what had arrived",
	  .meaning = "All bytes of the segment have been received before.",
	  .causes =
		"our acknowledgment got lost, or came later than the sender's timeout\n"
		"TCP keepalive probes of some systems carry one old byte\n"
		"packets that a network duplicates\n",
	  .counters = "TcpExtDelayedACKLost",
	  .look =
		"nstat -asz TcpExtTCPDSACKOldSent # that we told the sender so\n"
		"ss -tin # rtt and retrans of the connections\n" },
	{ .names = "TCP_OVERWINDOW TCP_INVALID_END_SEQUENCE",
	  .advice = "see whether one peer alone does this: it ignores the window",
	  .meaning = "The segment lies behind the right edge of the receive window.",
	  .causes =
		"a probe of a sender that found the window closed\n"
		"a peer or middlebox that does not respect the window\n"
		"the buffer was shrunk while data was on the way\n",
	  .counters = "TcpExtBeyondWindow",
	  .look =
		"ss -tmin # skmem and rcv_space of the connections\n"
		"whydrop list -r REASON -o src,sport,dst,dport # which connection\n" },
	{ .names = "TCP_OFOMERGE",
	  .advice = "usually no loss: these bytes were there already",
	  .meaning = "An out-of-order segment whose bytes others in the queue already have.",
	  .causes =
		"the sender repeats more than was lost\n"
		"reordering on the way: several paths, bonding, Wi-Fi\n",
	  .counters = "TcpExtTCPOFOMerge",
	  .look =
		"nstat -asz TcpExtTCPOFOQueue # segments that came out of order\n"
		"ss -tin # reordering, rcv_ooopack\n" },
	{ .names = "TCP_OFO_DROP",
	  .advice = "usually no loss: these bytes were there already",
	  .meaning = "An out-of-order segment that became superfluous when the gap was filled.",
	  .causes =
		"the sender repeats more than was lost\n"
		"reordering on the way: several paths, bonding, Wi-Fi\n",
	  .look =
		"nstat -asz TcpExtTCPOFOQueue # segments that came out of order\n"
		"ss -tin # reordering, rcv_ooopack\n" },
	{ .names = "TCP_OFO_QUEUE_PRUNE",
	  .advice = "memory is short: see why a connection holds so much out of order",
	  .meaning = "To save memory, segments that came out of order were thrown away again.",
	  .causes =
		"loss on a fast long path: much waits for one missing segment\n"
		"the receive buffer or tcp_mem is too small for it\n",
	  .counters = "TcpExtOfoPruned",
	  .look =
		"nstat -asz TcpExtPruneCalled TcpExtRcvPruned # how hard it was pressed\n"
		"ss -tmin # skmem r against rb\n"
		"sysctl net.ipv4.tcp_rmem # limits of a socket; those of all are in tcp_mem\n" },
	{ .names = "TCP_RFC7323_PAWS TCP_RFC7323_PAWS_ACK TCP_RFC7323_TW_PAWS TCP_RFC7323_TSECR",
	  .advice = "are several hosts behind one NAT, or packets very late?",
	  .meaning = "TCP timestamps: the segment is older than one that was already accepted.",
	  .causes =
		"a late duplicate, by reordering or a retransmission: no loss\n"
		"hosts behind one address with timestamps of their own\n"
		"a middlebox that changes timestamps\n",
	  .counters =
		"TcpExtPAWSEstab TcpExtPAWSActive TcpExtPAWSOldAck TcpExtPAWSTimewait "
		"TcpExtTSEcrRejected",
	  .look =
		"sysctl net.ipv4.tcp_timestamps # 0 takes the check away, and more\n"
		"whydrop list -r REASON -o src,sport,dst,dport # which peer\n" },
	{ .names = "TCP_OLD_SEQUENCE TCP_INVALID_SEQUENCE TCP_INVALID_ACK_SEQUENCE",
	  .advice = "see which connection, and whether its end still knows it",
	  .meaning = "The sequence number is outside of what the connection can accept.",
	  .causes =
		"a late duplicate, or an answer to a connection that was reused\n"
		"a middlebox or firewall that lost its state\n"
		"somebody guesses numbers, to break into a connection\n",
	  .counters = "TcpExtDelayedACKLost TcpExtTCPACKSkippedSeq TcpExtTCPDSACKOldSent",
	  .look =
		"whydrop list -r REASON -o src,sport,dst,dport,tcp_flags # which connection\n"
		"ss -tin # state and numbers of the connections\n" },
	{ .names = "TCP_RESET TCP_INVALID_SYN",
	  .advice = "see who sends resets or SYNs into connections that live",
	  .meaning = "RST or SYN with a number that is not exactly right: answered by a challenge.",
	  .causes =
		"the peer rebooted and starts anew with the same ports\n"
		"a firewall that ends connections with made-up resets\n"
		"blind attacks (RFC 5961): the check did its job\n",
	  .counters = "TcpExtTCPChallengeACK TcpExtTCPSYNChallenge",
	  .look =
		"whydrop list -r REASON -o src,sport,dst,dport,tcp_flags # who\n"
		"ss -tn # is the connection here still established?\n" },
	{ .names = "TCP_CLOSE",
	  .advice = "usually harmless: the segment came after the end",
	  .meaning = "The socket is closed, but packets for it were still on their way.",
	  .causes =
		"the program closed, and the peer goes on sending\n"
		"one that waited in the backlog when the socket ended\n",
	  .look =
		"ss -tan state closing state last-ack state fin-wait-2 # connections that end\n"
		"nstat -asz TcpExtTCPAbortOnClose TcpExtTCPAbortOnData # ends with data unread\n" },
	{ .names = "TCP_ABORT_ON_DATA",
	  .advice = "the program closed before it had read all: its peer sees a reset",
	  .meaning = "Data came for a connection that its program had closed already.",
	  .causes =
		"the program ends or times out while the peer still sends\n"
		"a server that answers without reading the whole request\n",
	  .counters = "TcpExtTCPAbortOnData",
	  .look =
		"nstat -asz TcpExtTCPAbortOnClose # closed with unread data\n"
		"ss -tanp state fin-wait-1 state fin-wait-2 # connections half closed\n" },
	{ .names = "TCP_FASTOPEN",
	  .advice = "usually harmless: see the counters of fast open",
	  .meaning = "A segment for a fast-open connection whose handshake is not done.",
	  .causes =
		"a repeated SYN, or data before the handshake ended\n",
	  .look =
		"nstat -asz TcpExtTCPFastOpenPassive TcpExtTCPFastOpenPassiveFail # how often it works\n"
		"sysctl net.ipv4.tcp_fastopen # bits: 1 client, 2 server\n" },
	{ .names = "TCP_OLD_ACK TCP_TOO_OLD_ACK TCP_ACK_UNSENT_DATA",
	  .advice = "see which peer acknowledges what it should not",
	  .meaning = "It acknowledges data of long ago, or data that was never sent.",
	  .causes =
		"a late duplicate: no loss\n"
		"a peer that mixes up two connections, after a failover or a restart\n"
		"blind injection (RFC 5961): the check did its job\n",
	  .look =
		"nstat -asz TcpExtTCPChallengeACK TcpExtTCPACKSkippedChallenge # answers to TOO_OLD, sent and spared\n"
		"whydrop list -r REASON -o src,sport,dst,dport # which peer\n"
		"ss -tin # bytes_acked and unacked of the connections\n" },
	{ .names = "TCP_LISTEN_OVERFLOW",
	  .advice = "the server accepts too slowly: see Recv-Q of its listening socket",
	  .meaning = "A handshake is done but the queue of connections to accept is full.",
	  .causes =
		"a server that is overloaded, stopped, or has too few workers\n"
		"a small backlog in listen(); net.core.somaxconn caps it\n",
	  .counters = "TcpExtListenOverflows TcpExtListenDrops",
	  .look =
		"ss -lnt # Recv-Q: waiting, Send-Q: the limit\n"
		"sysctl net.core.somaxconn net.ipv4.tcp_max_syn_backlog # limits\n" },
	{ .names = "TCP_MINTTL",
	  .advice = "is the peer really that near? see its TTL",
	  .meaning = "The TTL is below what the socket asked for (IP_MINTTL): BGP's TTL security.",
	  .causes =
		"a BGP peer that is not directly connected, with ttl-security\n"
		"spoofed packets from far away: the check did its job\n",
	  .counters = "TcpExtTCPMinTTLDrop",
	  .look =
		"whydrop list -r REASON -x -c 3 # TTL is byte 8 of the header\n" },
	{ .names = "IP_OUTNOROUTES",
	  .advice = "where should it go? ip route get says",
	  .meaning = "This host wanted to send, and found no route to the destination.",
	  .causes =
		"a route or the default route is missing, or its device went down\n"
		"policy routing: the rules lead to an empty table\n"
		"a connection that outlived its route\n",
	  .counters = "IpOutNoRoutes Ip6OutNoRoutes",
	  .look =
		"ip route show table all # all routes\n"
		"ip rule show # which table is asked\n"
		"ip route get 192.0.2.1 # with the destination\n" },
	{ .names = "IP_INNOROUTES",
	  .advice = "should this host forward it? then it lacks the route",
	  .meaning = "A packet to be forwarded came in, and there is no route to its destination.",
	  .causes =
		"a route is missing on this router; the prefix is not (yet) learned\n"
		"an IPv6 route of type unreachable or prohibit matches\n"
		"the sender uses this host as its gateway by mistake\n",
	  .counters = "IpExtInNoRoutes Ip6InNoRoutes",
	  .look =
		"ip route get 192.0.2.1 from 198.51.100.1 iif DEV # with its two addresses\n"
		"ip route show table all # all routes\n"
		"whydrop list -r REASON -o dev,src,dst # which destinations\n" },
	{ .names = "IP_INADDRERRORS",
	  .advice = "not an address of this host: should it forward, or lacks it the address?",
	  .meaning = "The packet is for another address, and this host does not forward it.",
	  .causes =
		"forwarding is off, and the sender takes this host for its gateway\n"
		"a virtual address (VRRP, keepalived) that this host does not have now\n"
		"IPv6: an address that must not be forwarded, as link-local\n",
	  .counters = "IpInAddrErrors Ip6InAddrErrors",
	  .look =
		"sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding # 1: this host is a router\n"
		"ip addr show dev DEV # its addresses\n"
		"whydrop list -r REASON -o dev,src,dst,mac_src # who sends them here\n" },
	{ .names = "IP_LOCAL_SOURCE IP_INVALID_SOURCE IP_LOCALNET IP_INVALID_DEST",
	  .advice = "a martian: see by which device it comes, and who sends it",
	  .meaning = "An address that cannot be on this device: own, loopback, zero or multicast.",
	  .causes =
		"a loop: own packets come back, by a switch, bridge or mirror port\n"
		"another host has the same address\n"
		"spoofed packets, or 127.0.0.0/8 that leaks from a tunnel or NAT\n",
	  .look =
		"sysctl net.ipv4.conf.DEV.log_martians # 1: the kernel's log names them\n"
		"sysctl net.ipv4.conf.DEV.accept_local net.ipv4.conf.DEV.route_localnet # 1: allow\n"
		"whydrop list -r REASON -o dev,mac_src,src,dst # who\n" },
	{ .names = "IPV6DISABLED",
	  .advice = "is IPv6 off on this device on purpose?",
	  .meaning = "IPv6 is switched off on the device.",
	  .causes =
		"disable_ipv6=1 by configuration, or by a duplicate address (accept_dad=2)\n"
		"a device whose MTU is below 1280\n",
	  .counters = "Ip6InDiscards Ip6OutDiscards",
	  .look =
		"sysctl net.ipv6.conf.all.disable_ipv6 net.ipv6.conf.DEV.disable_ipv6 # 1: off\n"
		"ip link show dev DEV # its MTU\n" },
	{ .names =
		"IPV6_NDISC_FRAG IPV6_NDISC_HOP_LIMIT IPV6_NDISC_BAD_CODE "
		"IPV6_NDISC_BAD_OPTIONS",
	  .advice = "see who sends broken neighbor discovery: it may be an attack",
	  .meaning = "A message of neighbor discovery that the standard does not allow.",
	  .causes =
		"forwarded or spoofed from another network: its hop limit is not 255\n"
		"a broken or hostile host on the link\n",
	  .look =
		"whydrop list -r REASON -x -c 3 # the bytes of some of them\n"
		"ip -6 neigh show # what was learned so far\n" },
	{ .names = "IPV6_NDISC_NS_OTHERHOST",
	  .advice = "harmless: somebody asks for another host",
	  .meaning = "A neighbor solicitation for an address that this host does not have.",
	  .causes =
		"ordinary traffic that multicast filters let through\n"
		"proxy_ndp is off and somebody expects it on\n",
	  .look =
		"ip -6 addr show dev DEV # the addresses that it answers for\n"
		"sysctl net.ipv6.conf.DEV.proxy_ndp # 1: answers for others, too\n" },
	{ .names = "PKT_TOO_BIG",
	  .advice = "compare MTUs along the way; is ICMP blocked somewhere?",
	  .meaning = "Larger than the MTU of the next device, and it must not be fragmented.",
	  .causes =
		"path MTU discovery at work: the sender is told and sends smaller ones\n"
		"a tunnel or VPN without clamping of the MSS, and ICMP blocked somewhere\n"
		"devices of one network with different MTUs (9000 and 1500)\n",
	  .counters = "IpFragFails Ip6InTooBigErrors Ip6FragFails",
	  .look =
		"ip link show # MTU of each device\n"
		"ip route get 192.0.2.1 # with the destination: device, and mtu if it was learned\n"
		"nft list ruleset # for tunnels: tcp option maxseg size set rt mtu\n" },
	{ .names = "DUP_FRAG",
	  .advice = "usually no loss: a fragment came twice",
	  .meaning = "The same fragment is there already, waiting for the others.",
	  .causes =
		"a network or mirror port that duplicates packets\n"
		"16-bit ids that come round quickly at a high rate\n",
	  .look =
		"nstat -asz IpReasmReqds IpReasmOKs IpReasmFails # how reassembly goes\n" },
	{ .names = "FRAG_REASM_TIMEOUT",
	  .advice = "find out why the other fragments do not come",
	  .meaning = "Some fragments of the packet did not come in time; those that did were freed.",
	  .causes =
		"loss on the way; a firewall or load balancer that drops or spreads fragments\n"
		"memory for reassembly is short\n"
		"fragments sent on purpose without an end\n",
	  .counters = "IpReasmTimeout Ip6ReasmTimeout IpReasmFails Ip6ReasmFails",
	  .look =
		"sysctl net.ipv4.ipfrag_time net.ipv6.ip6frag_time # how long it waits, in s\n"
		"sysctl net.ipv4.ipfrag_high_thresh net.ipv6.ip6frag_high_thresh # memory for it\n"
		"grep FRAG /proc/net/sockstat /proc/net/sockstat6 # in use now\n" },
	{ .names = "FRAG_TOO_FAR",
	  .advice = "fragments of one source are lost or much reordered",
	  .meaning = "Too many other fragments of the same source came in between.",
	  .causes =
		"loss or strong reordering at a high rate of fragments\n",
	  .counters = "IpReasmFails",
	  .look =
		"sysctl net.ipv4.ipfrag_max_dist # 0 takes the check away\n" },
	{ .names = "BPF_CGROUP_EGRESS",
	  .advice = "find the BPF program of the task's cgroup",
	  .meaning = "A BPF program of the sender's cgroup refused what it sent.",
	  .causes =
		"IPAddressDeny= of a systemd unit\n"
		"a policy of a container runtime (Cilium and others)\n",
	  .look =
		"whydrop list -r REASON -o comm,pid,dst,dport # whose packets\n"
		"bpftool cgroup tree # programs by cgroup\n" },
	{ .names = "NEIGH_CREATEFAIL",
	  .advice = "the table of neighbors is full: raise gc_thresh3",
	  .meaning = "No entry for the next hop could be made.",
	  .causes =
		"a large flat network or a scan: more neighbors than the table takes\n"
		"out of memory\n",
	  .look =
		"lnstat -i 1 -c 1 -f arp_cache # (host) table_fulls, entries\n"
		"sysctl net.ipv4.neigh.default.gc_thresh3 net.ipv6.neigh.default.gc_thresh3 # (host) the limits\n" },
	{ .names = "NEIGH_FAILED",
	  .advice = "the next hop does not answer ARP or neighbor discovery: is it up?",
	  .meaning = "The MAC address of the next hop could not be found out in time.",
	  .causes =
		"the host is down, in another VLAN, or has another address\n"
		"a wrong prefix length: it is not on this link at all\n"
		"somebody scans unused addresses\n",
	  .look =
		"ip neigh show nud failed # who does not answer\n"
		"ip -s neigh show dev DEV # all of this device\n"
		"lnstat -i 1 -c 1 -f arp_cache # (host) res_failed: neighbors, not packets\n" },
	{ .names = "NEIGH_QUEUEFULL",
	  .advice = "the next hop is slow to answer, and much waits for it",
	  .meaning = "Packets wait for a MAC address, and more came than may wait.",
	  .causes =
		"bursts to a host that does not answer (yet)\n"
		"unres_qlen_bytes is small for this rate\n",
	  .look =
		"ip neigh show nud incomplete # who is asked for\n"
		"lnstat -i 1 -c 1 -f arp_cache # (host) unresolved_discards\n"
		"sysctl net.ipv4.neigh.DEV.unres_qlen_bytes # how much may wait\n" },
	{ .names = "NEIGH_DEAD NEIGH_HH_FILLFAIL",
	  .advice = "was a device or address taken away just then?",
	  .meaning = "The entry of the next hop went away, or its link header cannot be made.",
	  .causes =
		"the device goes down or away while packets wait\n"
		"a device type that cannot build the header\n",
	  .look =
		"ip neigh show dev DEV # neighbors\n"
		"ip monitor link neigh # what changes; ends with Ctrl-C\n" },
	{ .names = "TC_EGRESS",
	  .advice = "find the filter or BPF program: tc says which counts",
	  .meaning = "A filter at the exit of the device dropped it.",
	  .causes =
		"a tc filter with `action drop', a policer\n"
		"a BPF program: Cilium, Calico, a service mesh\n",
	  .look =
		"tc -s filter show dev DEV egress # filters with their counts\n"
		"tc -s qdisc show dev DEV # dropped, of clsact\n" },
	{ .names = "TC_INGRESS",
	  .advice = "find the filter or BPF program: tc says which counts",
	  .meaning = "A filter at the entrance of the device dropped it.",
	  .causes =
		"a tc filter with `action drop', a policer\n"
		"a BPF program: Cilium, Calico, a service mesh\n",
	  .look =
		"tc -s filter show dev DEV ingress # filters with their counts\n"
		"tc -s qdisc show dev DEV # dropped, of clsact or ingress\n" },
	{ .names = "TC_CHAIN_NOTFOUND TC_COOKIE_ERROR TC_RECLASSIFY_LOOP",
	  .advice = "the filters of tc contradict each other, or the hardware's",
	  .meaning = "tc could not go on: a chain that is missing, a loop, a lost offload state.",
	  .causes =
		"`goto chain' to a chain that has no filters\n"
		"hardware offload and software rules that differ\n",
	  .look =
		"tc -s filter show dev DEV ingress # the filters\n"
		"tc chain show dev DEV ingress # the chains\n" },
	{ .names =
		"QDISC_DROP qdisc/GENERIC qdisc/OVERLIMIT qdisc/CONGESTED qdisc/BAND_LIMIT "
		"qdisc/FLOW_LIMIT",
	  .advice = "the device cannot send that much: see backlog and dropped of its qdisc",
	  .meaning =
		"The queueing discipline of the device refused it: the queue is full or shaped. "
		"From 7.1 on, the line of a drop ends with the qdisc of its queue, and why that or "
		"one below it dropped the packet.",
	  .causes =
		"more is sent than the link, or its shaper, takes\n"
		"shaping (htb, tbf), policing or fq_codel at work: to slow senders down\n"
		"netem or blackhole left over from a test\n",
	  .look =
		"tc -s qdisc show dev DEV # dropped, overlimits, backlog\n"
		"tc -s class show dev DEV # the same for each class\n"
		"ip -s link show dev DEV # is the link itself busy? txqueuelen is qlen\n" },
	{ .names =
		"qdisc/MAXFLOWS qdisc/FLOOD_PROTECTION qdisc/HORIZON_LIMIT "
		"qdisc/L4S_STEP_NON_ECN qdisc/UNSPEC",
	  .advice = "see the parameters of the device's qdisc",
	  .meaning = "A special limit of the queueing discipline was reached.",
	  .causes =
		"more flows than it keeps apart, or one that does not slow down\n"
		"a packet with a departure time too far in the future (fq's horizon)\n",
	  .look =
		"tc -s -d qdisc show dev DEV # its parameters and what it dropped\n" },
	{ .names = "QDISC_BURST_DROP",
	  .advice = "more CPUs send at once than the qdisc can take",
	  .meaning = "Too many packets wait for the lock of one qdisc (net.core.qdisc_max_burst).",
	  .causes =
		"many CPUs send through one queue: use a multiqueue device or qdisc\n",
	  .look =
		"sysctl net.core.qdisc_max_burst # (host) how many may wait\n"
		"tc -s qdisc show dev DEV # is it one queue for all?\n" },
	{ .names = "CPU_BACKLOG",
	  .advice = "one CPU gets more than it can handle: spread, or raise the backlog",
	  .meaning = "The queue of a CPU between device and protocols is full, or a flow is limited.",
	  .causes =
		"RPS, loopback, veth or a tunnel brings more than a CPU can take\n"
		"all interrupts of a card go to one CPU\n"
		"RPS flow limit, in favor of small flows\n",
	  .look =
		"cat /proc/net/softnet_stat # a line for each CPU, hexadecimal; the second column is this\n"
		"sysctl net.core.netdev_max_backlog # (host) how many may wait\n"
		"cat /proc/interrupts # how a card's interrupts are spread\n" },
	{ .names = "XDP",
	  .advice = "find the XDP program on the device",
	  .meaning =
		"A program of generic XDP could not redirect it. What such a program drops itself is "
		"NOT_SPECIFIED at do_xdp_generic, on veth at veth_xdp_rcv_skb; what one drops in "
		"the driver of a card is not seen here.",
	  .causes =
		"the device or map entry that it redirects to is gone or down\n"
		"a load balancer while its targets change\n",
	  .look =
		"ip -d link show dev DEV # prog/xdp: id and name\n"
		"bpftool net show # all programs on devices\n" },
	{ .names = "UNHANDLED_PROTO",
	  .advice = "see which EtherType: nobody here speaks it",
	  .meaning = "Nothing on this host handles this kind of frame or message.",
	  .causes =
		"LLDP, STP, CDP, EtherCAT, PPPoE and the like, without a program for it\n"
		"a VLAN that is not configured here\n"
		"the inactive slave of a bond: /proc/net/bonding has the active one\n"
		"an ICMP type, or IP version, that does not exist\n",
	  .counters = "IcmpInErrors Ip6InHdrErrors",
	  .look =
		"whydrop list -r REASON -o dev,ethertype,mac_src,vlan # what, from whom\n"
		"ip -s -s link show dev DEV # dropped, nohandler\n"
		"ip -d link show type vlan # VLANs that are there\n" },
	{ .names = "SKB_GSO_SEG SKB_BAD_GSO",
	  .advice = "try the device without segmentation offload",
	  .meaning = "A large packet could not be cut into segments for the device.",
	  .causes =
		"a virtual machine or tunnel that describes its packet wrongly\n"
		"out of memory\n",
	  .look =
		"ethtool -k DEV # to rule it out: ethtool -K DEV tso off gso off\n"
		"ip -d link show dev DEV # gso_max_size\n" },
	{ .names = "SKB_UCOPY_FAULT",
	  .advice = "a program passed memory that cannot be read: see the task",
	  .meaning = "Copying from the program's memory failed.",
	  .causes =
		"a bug of the program behind a tun or tap device: a virtual machine, a VPN\n",
	  .look =
		"whydrop list -r REASON -o comm,pid,dev # which program\n" },
	{ .names = "DEV_HDR HDR_TRUNC",
	  .advice = "see which program writes to the device",
	  .meaning = "What a program wrote to a tun or tap device lacks a proper header.",
	  .causes =
		"a VPN or emulator with other flags (IFF_VNET_HDR, IFF_NO_PI) than the device\n",
	  .look =
		"ip -d link show dev DEV # flags of the tun or tap device\n"
		"whydrop list -r REASON -o comm,pid,dev # which program\n" },
	{ .names = "DEV_READY",
	  .advice = "is the device up, and is its program running?",
	  .meaning = "The device is down, or nobody holds its other end.",
	  .causes =
		"a tun or tap device whose program ended, or has no carrier\n"
		"the device was taken down while packets were on their way\n",
	  .look =
		"ip -s link show dev DEV # state, carrier, dropped\n"
		"ip monitor link # who goes up and down; ends with Ctrl-C\n" },
	{ .names = "FULL_RING",
	  .advice = "the program behind the tap or tun device reads too slowly",
	  .meaning = "The queue to the program behind the device is full.",
	  .causes =
		"a virtual machine or VPN that has too little CPU\n"
		"bursts: raise txqueuelen\n",
	  .look =
		"ip -s link show dev DEV # dropped; qlen is the limit\n" },
	{ .names = "NOMEM PFMEMALLOC",
	  .advice = "the kernel is short of memory: see what eats it",
	  .meaning = "There was no memory for the packet, or only the reserve for writing memory out.",
	  .causes =
		"the machine swaps or is out of memory\n"
		"fragmented memory and large frames; min_free_kbytes is small\n",
	  .counters = "TcpExtPFMemallocDrop",
	  .look =
		"free -m # memory\n"
		"sysctl vm.min_free_kbytes # the reserve for such moments\n"
		"grep -e ^allocstall -e ^oom_kill /proc/vmstat # how often it ran out\n" },
	{ .names = "TAP_FILTER TAP_TXFILTER",
	  .advice = "by wish of the program behind the device",
	  .meaning = "A filter that a virtual machine or VPN put on its tun or tap device.",
	  .causes =
		"the guest's list of MAC addresses (TUNSETTXFILTER)\n"
		"a BPF filter (TUNSETFILTEREBPF)\n",
	  .look =
		"ip -s link show dev DEV # dropped\n"
		"whydrop list -r REASON -o dev,mac_dst,src,dst # what it refuses\n" },
	{ .names = "INVALID_PROTO",
	  .advice = "see who pings broadcast addresses",
	  .meaning = "An ICMP message to broadcast or multicast that is not answered.",
	  .causes =
		"a ping to a broadcast address: a network scan, a smurf attack\n",
	  .counters = "IcmpInErrors",
	  .look =
		"sysctl net.ipv4.icmp_echo_ignore_broadcasts # 0: answer\n"
		"whydrop list -r REASON -o dev,src,dst,icmp_type # who\n" },
	{ .names = "PACKET_SOCK_ERROR",
	  .advice = "a sniffer loses packets: raise its buffer",
	  .meaning = "A packet socket (tcpdump, DHCP) could not take what its filter wanted.",
	  .causes =
		"a capture slower than the traffic: larger buffer (tcpdump -B), a filter\n"
		"out of memory\n",
	  .look =
		"ss -0mpe # packet sockets: d dropped; none for a ring: its program alone counts\n"
		"whydrop list -r REASON -o dev,pkt_len,sock.ino # which socket: ino of ss\n" },
	{ .names = "QUEUE_PURGE SOCKET_CLOSE UNIX_DISCONNECT UNIX_SKIP_OOB",
	  .advice = "usually no loss: a socket or device closed with packets waiting",
	  .meaning = "A queue was emptied because its owner went away.",
	  .causes =
		"a program closed a socket without reading all\n"
		"a device or network namespace was removed\n",
	  .look =
		"whydrop stacks -r REASON -c 3 # which queue\n"
		"whydrop count --benign hide # without what usually is no loss\n" },
	{ .names = "SECURITY_HOOK",
	  .advice = "a security module refused it: see its log",
	  .meaning = "SELinux, AppArmor, Smack or another security module said no.",
	  .causes =
		"labeled networking, or a policy for peers or ports\n",
	  .look =
		"cat /sys/kernel/security/lsm # (host) which are active\n"
		"dmesg # denials, unless auditd has them: ausearch -m avc\n" },
	{ .names = "LOCAL_MAC MAC_INVALID_SOURCE",
	  .advice = "a loop? a frame came back with an address that cannot be the sender's",
	  .meaning = "The source MAC address is this device's own, or no valid address.",
	  .causes =
		"a loop in the bridge or VXLAN network\n"
		"two hosts with the same MAC address: a cloned virtual machine\n",
	  .look =
		"bridge fdb show # where addresses were learned\n"
		"ip -d link show dev DEV # its own address\n" },
	{ .names = "MAC_IEEE_MAC_CONTROL",
	  .advice = "harmless: flow control frames are for the link only",
	  .meaning = "A frame to a reserved MAC address, as of PAUSE, is not forwarded by a bridge.",
	  .causes =
		"the card passes on PAUSE frames that it should handle itself\n",
	  .look =
		"ethtool -a DEV # flow control\n" },
	{ .names = "BRIDGE_INGRESS_STP_STATE",
	  .advice = "spanning tree keeps this port closed: on purpose?",
	  .meaning = "The port of the bridge does not forward in its present state.",
	  .causes =
		"a redundant link that spanning tree blocks\n"
		"a port that has just come up: it listens and learns first\n",
	  .look =
		"bridge -d link show # state of each port\n" },
	{ .names = "NO_TX_TARGET",
	  .advice = "the bridge or VXLAN knows nobody to send it to",
	  .meaning = "There is no port or remote end that the frame should go to.",
	  .causes =
		"flooding is off and the address is not (yet) learned\n"
		"a VXLAN without a default destination\n",
	  .look =
		"bridge fdb show dev DEV # learned and static entries\n"
		"bridge -d link show # flood and mcast_flood of the ports\n" },
	{ .names =
		"VXLAN_INVALID_HDR VXLAN_VNI_NOT_FOUND VXLAN_ENTRY_EXISTS TUNNEL_TXINFO "
		"IP_TUNNEL_ECN",
	  .advice = "compare the tunnel's parameters at both ends",
	  .meaning = "The tunnel cannot make sense of the packet, or has no idea where to send it.",
	  .causes =
		"the VNI is not configured here; flags differ (GBP, GPE)\n"
		"an address that must not move to another tunnel end\n"
		"ECN bits inside and outside that contradict each other\n",
	  .look =
		"ip -d link show type vxlan # VNI, port, flags\n"
		"bridge fdb show dev DEV # remote ends\n" },
	{ .names = "MACVLAN_BROADCAST_BACKLOG IPVLAN_MULTICAST_BACKLOG",
	  .advice = "too much broadcast or multicast for the virtual devices",
	  .meaning = "The queue for broadcast to macvlan or ipvlan devices is full.",
	  .causes =
		"a broadcast storm; many devices on one parent\n",
	  .look =
		"ip -s -d link show dev DEV # multicast, dropped; bcqueuelen of macvlan\n" },
	{ .names = "ARP_PVLAN_DISABLE",
	  .advice = "does this network need proxy ARP within one device?",
	  .meaning = "A request that would be answered for a host on the same device.",
	  .causes =
		"private VLANs, and proxy_arp_pvlan is off\n",
	  .look =
		"sysctl net.ipv4.conf.DEV.proxy_arp_pvlan net.ipv4.conf.DEV.proxy_arp # 1: answer\n" },
	{ .names = "RECURSION_LIMIT",
	  .advice = "virtual devices are stacked in a circle",
	  .meaning = "The packet went through too many devices on top of each other.",
	  .causes =
		"a tunnel whose own route goes through the tunnel\n"
		"bridges or redirecting filters that feed each other\n",
	  .look =
		"dmesg # \"Dead loop on virtual device\" names it\n"
		"ip -d link show # what is on top of what\n"
		"ip route get 192.0.2.1 # with the tunnel's remote end\n" },
	{ .names = "CAN_RX_INVALID_FRAME CANFD_RX_INVALID_FRAME CANXL_RX_INVALID_FRAME",
	  .advice = "see who feeds this CAN device",
	  .meaning = "A frame that is no valid CAN frame for this device.",
	  .causes =
		"CAN FD frames on a device with the MTU of plain CAN\n"
		"a program that writes to a virtual CAN device\n",
	  .look =
		"ip -d -s link show dev DEV # MTU: 16 CAN, 72 CAN FD\n" },
	{ .names = "PSP_INPUT PSP_OUTPUT",
	  .advice = "compare the PSP state of both ends",
	  .meaning = "PSP encryption: the packet is not protected as its socket requires.",
	  .causes =
		"one end has not switched to encryption yet, or changed its key\n",
	  .look =
		"ss -tne # the connection\n" },
	{ .names = "openvswitch/OVS_DROP_LAST_ACTION",
	  .advice = "no rule sends it anywhere: read the flow that matches",
	  .meaning = "The actions of the flow ended without an output.",
	  .causes =
		"the OpenFlow rules drop it so; no rule fits (table miss)\n",
	  .look =
		"ovs-dpctl dump-flows -m # flows of the kernel with their counts\n"
		"ovs-ofctl dump-flows br0 # rules of the bridge, with counts\n" },
	{ .names = "openvswitch/OVS_DROP_EXPLICIT*",
	  .advice = "a drop action: read the flow that matches",
	  .meaning = "The flow has an action that drops.",
	  .causes =
		"a firewall or policy of the controller\n",
	  .look =
		"ovs-dpctl dump-flows -m # flows of the kernel with their counts\n" },
	{ .names = "openvswitch/OVS_DROP_METER",
	  .advice = "the rate of a meter is spent",
	  .meaning = "A meter limits the rate, and the packet was above it.",
	  .causes =
		"a policer of the controller; for the slow path: its protection\n",
	  .look =
		"ovs-ofctl -O OpenFlow13 meter-stats br0 # rates and drops\n" },
	{ .names = "openvswitch/*",
	  .advice = "read the flow that matches, and the log of ovs-vswitchd",
	  .meaning = "Open vSwitch could not carry out the actions of the flow.",
	  .causes =
		"too deep recursion, fragments that do not fit, a TTL that ended\n"
		"connection tracking refused the packet\n",
	  .look =
		"ovs-dpctl dump-flows -m # flows of the kernel with their counts\n"
		"ovs-dpctl show -s # hit, missed, lost\n" },
	{ .names = "mac80211*/RX_DROP*DUP mac80211*/RX_DROP*REPLAY mac80211*/RX_DROP*PN",
	  .advice = "usually no loss: Wi-Fi frames that came twice",
	  .meaning = "A repeated or replayed Wi-Fi frame was dropped.",
	  .causes =
		"the access point repeats because our acknowledgment got lost: weak signal\n"
		"a replay attack, when there are many\n",
	  .look =
		"iw dev DEV station dump # signal, retries, rx drop misc\n" },
	{ .names =
		"mac80211*/RX_DROP*MIC* mac80211*/RX_DROP*DEC* mac80211*/RX_DROP*KEY* "
		"mac80211*/RX_DROP*CIPHER* mac80211*/RX_DROP*CMAC* mac80211*/RX_DROP*GMAC*",
	  .advice = "decryption failed: reconnect, and see whether it goes on",
	  .meaning = "A Wi-Fi frame could not be decrypted or authenticated.",
	  .causes =
		"keys changed at one end only: around roaming and rekeying\n"
		"corruption, or an attack\n",
	  .look =
		"iw dev DEV link # which access point\n"
		"iw dev DEV station dump # signal, rx drop misc\n" },
	{ .names = "mac80211*/*",
	  .advice = "see the quality of the Wi-Fi link",
	  .meaning = "Wi-Fi could not use the frame.",
	  .causes =
		"frames that are not protected as they must be, malformed, or unexpected\n"
		"ordinary on a busy channel and around roaming\n",
	  .look =
		"iw dev DEV station dump # signal, retries, rx drop misc\n" },
};

const size_t nr_explain = sizeof(explain_table) / sizeof(explain_table[0]);
