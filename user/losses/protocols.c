// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known of the counters of protocols, by nstat's names, read as those in counters.c:
 * where the kernel counts a packet that is no event, or an event has another reason than
 * the counter's name says, the sources say so.
 */
#include "base/util.h"
#include "losses/protocols.h"

#define SEEN .seen = LOSS_SEEN
#define PARTLY .seen = LOSS_PARTLY
#define UNSEEN .seen = LOSS_UNSEEN
#define USUAL .intent = INTENT_USUAL
#define SUSPICIOUS .intent = INTENT_SUSPICIOUS

#define SEND_FAILS "a failed send() has no packet yet"
#define LIST " # what they are\n"

const struct counter protocol_counters[] = {
	{ "ip", "IpInHdrErrors", SEEN, SUSPICIOUS, .reasons = "IP_INHDR IP_CSUM",
	  .meaning = "The IP header is wrong, or its TTL ended on this router.",
	  .look = "whydrop list -r IP_INHDR -x -c 3 # the bytes of some: the ninth is the TTL\n" },
	{ "ip", "IpInAddrErrors", SEEN, .reasons = "IP_INADDRERRORS",
	  .meaning = "Packets for an address that is not this host's, which does not forward.",
	  .look = "sysctl net.ipv4.ip_forward # 1: this host is a router\nip route show table local # its addresses\n" },
	{ "ip", "IpInUnknownProtos", SEEN, .reasons = "IP_NOPROTO",
	  .meaning = "Nothing here handles the protocol in the IP header.",
	  .look = "whydrop list -r IP_NOPROTO -o dev,src,proto" LIST },
	{ "ip", "IpInDiscards", SEEN, .reasons = "NOMEM NOT_SPECIFIED",
	  .meaning = "There was no memory for a packet that came in.",
	  .look = "free -m # memory\n" },
	{ "ip", "IpOutDiscards", PARTLY, .reasons = "QDISC_DROP NEIGH_CREATEFAIL NOT_SPECIFIED",
	  .why = SEND_FAILS,
	  .meaning = "A packet of this host could not be sent: no memory, or a full queue below.",
	  .look = "tc -s qdisc show # queues\nss -tump # sockets with their buffers\n" },
	{ "ip", "IpOutNoRoutes", PARTLY, .reasons = "IP_OUTNOROUTES", .why = SEND_FAILS,
	  .meaning = "There is no route to the destination. Most programs get an error for it.",
	  .look = "ip route show # routes\nip rule show # and which table is asked\n" },
	{ "ip", "IpReasmFails", PARTLY, .reasons = "FRAG_REASM_TIMEOUT FRAG_TOO_FAR DUP_FRAG NOT_SPECIFIED",
	  .why = "counted once for several fragments",
	  .meaning = "Fragments could not be put together: one was lost on the way, or came too late.",
	  .look =
		"sysctl net.ipv4.ipfrag_time net.ipv4.ipfrag_high_thresh # how long, how much memory\n"
		"nstat -asz IpReasmTimeout # those that came too late\n" },
	{ "ip", "IpFragFails", SEEN, .reasons = "PKT_TOO_BIG NOT_SPECIFIED",
	  .meaning = "The packet is larger than the next device's MTU, and must not be fragmented.",
	  .look = "whydrop list -r PKT_TOO_BIG -o dev,src,dst,len" LIST "ip link show # MTUs\n" },
	{ "ip", "IpExtInNoRoutes", SEEN, .reasons = "IP_INNOROUTES",
	  .meaning = "This router has no route to the destination.",
	  .look = "whydrop list -r IP_INNOROUTES -o dev,src,dst" LIST "ip route show # routes\n" },
	{ "ip", "IpExtInTruncatedPkts", SEEN, .reasons = "PKT_TOO_SMALL",
	  .meaning = "The IP header promises more bytes than came.",
	  .look = "whydrop list -r PKT_TOO_SMALL -x -c 3 # the bytes of some\n" },
	{ "ip", "IpExtInCsumErrors", SEEN, .reasons = "IP_CSUM", .part_of = "IpInHdrErrors",
	  .meaning = "The IP header's checksum is wrong.",
	  .look = "whydrop list -r IP_CSUM -o dev,src,mac_src" LIST },
	{ "ip", "TcpExtIPReversePathFilter", SEEN, .reasons = "IP_RPFILTER",
	  .meaning = "By the routes, the source address cannot come in by this device.",
	  .look =
		"sysctl -ar 'ipv4.conf.*[.]rp_filter' # of all and the device, the higher counts: 1 strict, 2 loose\n"
		"whydrop list -r IP_RPFILTER -o dev,src,dst" LIST },

	{ "ipv6", "Ip6InHdrErrors", SEEN, .reasons = "IP_INHDR UNHANDLED_PROTO NOT_SPECIFIED",
	  .meaning = "The IPv6 header or an extension header is wrong, or the hop limit ended here.",
	  .look = "whydrop list -r IP_INHDR -x -c 3 # the bytes of some: the eighth is the hop limit\n" },
	{ "ipv6", "Ip6InTooBigErrors", SEEN, .reasons = "PKT_TOO_BIG",
	  .meaning = "The packet is larger than the next device's MTU.",
	  .look = "whydrop list -r PKT_TOO_BIG -o dev,src,dst,len" LIST "ip link show # MTUs\n" },
	{ "ipv6", "Ip6InNoRoutes", SEEN, .reasons = "IP_INNOROUTES",
	  .meaning = "This router has no route to the destination.",
	  .look = "ip -6 route show # routes\n" },
	{ "ipv6", "Ip6InAddrErrors", SEEN, .reasons = "IP_INADDRERRORS NOT_SPECIFIED",
	  .meaning = "Packets for an address that is not this host's, or that no packet may have.",
	  .look = "ip -6 addr show # addresses\n" },
	{ "ipv6", "Ip6InUnknownProtos", SEEN, .reasons = "IP_NOPROTO",
	  .meaning = "Nothing here handles the next header.",
	  .look = "whydrop list -r IP_NOPROTO -o dev,src,proto" LIST },
	{ "ipv6", "Ip6InTruncatedPkts", SEEN, .reasons = "PKT_TOO_SMALL",
	  .meaning = "The IPv6 header promises more bytes than came.",
	  .look = "whydrop list -r PKT_TOO_SMALL -x -c 3 # the bytes of some\n" },
	{ "ipv6", "Ip6InDiscards", SEEN, SUSPICIOUS,
	  .reasons = "IPV6DISABLED XFRM_POLICY SOCKET_FILTER NOMEM NOT_SPECIFIED",
	  .meaning = "IPv6 is off on the device, a policy says no, or there was no memory.",
	  .look = "sysctl -ar disable_ipv6 # 1: off; of all devices, and of each\n" },
	{ "ipv6", "Ip6OutDiscards", PARTLY, .reasons = "IPV6DISABLED QDISC_DROP NOT_SPECIFIED",
	  .why = SEND_FAILS,
	  .meaning = "A packet of this host could not be sent.",
	  .look = "tc -s qdisc show # queues\n" },
	{ "ipv6", "Ip6OutNoRoutes", PARTLY, .reasons = "IP_OUTNOROUTES NEIGH_CREATEFAIL",
	  .why = SEND_FAILS,
	  .meaning = "There is no route to the destination. Most programs get an error for it.",
	  .look = "ip -6 route show # routes\n" },
	{ "ipv6", "Ip6ReasmFails", PARTLY, .reasons = "FRAG_REASM_TIMEOUT FRAG_TOO_FAR DUP_FRAG NOT_SPECIFIED",
	  .why = "counted once for several fragments",
	  .meaning = "Fragments could not be put together: one was lost on the way, or came too late.",
	  .look = "sysctl net.ipv6.ip6frag_time net.ipv6.ip6frag_high_thresh # how long, how much\n" },
	{ "ipv6", "Ip6FragFails", SEEN, .reasons = "PKT_TOO_BIG NOT_SPECIFIED",
	  .meaning = "The packet is larger than the next device's MTU.",
	  .look = "ip link show # MTUs\n" },

	{ "icmp", "IcmpInErrors", SEEN, SUSPICIOUS,
	  .reasons = "ICMP_CSUM PKT_TOO_SMALL UNHANDLED_PROTO INVALID_PROTO NOT_SPECIFIED",
	  .meaning = "An ICMP message that is broken, of an unknown type, or to a broadcast address.",
	  .look = "nstat -asz 'IcmpMsg*' # types that came\n" },
	{ "icmp", "IcmpInCsumErrors", SEEN, .reasons = "ICMP_CSUM", .part_of = "IcmpInErrors",
	  .meaning = "The checksum of an ICMP message is wrong.",
	  .look = "whydrop list -r ICMP_CSUM -o dev,src,mac_src" LIST },
	{ "icmp", "Icmp6InErrors", SEEN, SUSPICIOUS, .reasons = "ICMP_CSUM PKT_TOO_SMALL NOT_SPECIFIED",
	  .meaning = "An ICMPv6 message that is broken.",
	  .look = "nstat -asz 'Icmp6*' # what came\n" },
	{ "icmp", "Icmp6InCsumErrors", SEEN, .reasons = "ICMP_CSUM", .part_of = "Icmp6InErrors",
	  .meaning = "The checksum of an ICMPv6 message is wrong.",
	  .look = "whydrop list -r ICMP_CSUM -o dev,src,mac_src" LIST },

#define UDP(v) \
	{ "udp", "Udp" v "NoPorts", SEEN, USUAL, .reasons = "NO_SOCKET", \
	  .meaning = "No socket is bound to the address and port.", \
	  .look = "ss -lnup # who listens\nwhydrop list -r NO_SOCKET -o dev,proto,src,dst,dport" LIST }, \
	{ "udp", "Udp" v "InErrors", SEEN, \
	  .reasons = "SOCKET_RCVBUFF PROTO_MEM UDP_CSUM PKT_TOO_SMALL SOCKET_FILTER XFRM_POLICY", \
	  .meaning = \
		"Datagrams that no program got, for all causes together: no room in the socket, a " \
		"wrong checksum, a filter.", \
	  .look = "ss -uamp # sockets with their program: r used, rb limit, d dropped\n" }, \
	{ "udp", "Udp" v "RcvbufErrors", SEEN, .reasons = "SOCKET_RCVBUFF", \
	  .part_of = "Udp" v "InErrors", \
	  .meaning = "The socket's buffer was full: its program reads too slowly.", \
	  .look = "ss -uamp # sockets with their program: r used, rb limit, d dropped\n" }, \
	{ "udp", "Udp" v "SndbufErrors", PARTLY, .reasons = "QDISC_DROP", \
	  .why = "a full queue's are, a failed send() is not", \
	  .meaning = \
		"A datagram could not be sent: the socket's buffer was full, which its program was " \
		"told, or the device's queue, which it mostly was not.", \
	  .look = "tc -s qdisc show # queues\nss -uamp # sockets with their buffers\n" }, \
	{ "udp", "Udp" v "InCsumErrors", SEEN, .reasons = "UDP_CSUM", .part_of = "Udp" v "InErrors", \
	  .meaning = "The checksum of a datagram is wrong.", \
	  .look = "whydrop list -r UDP_CSUM -o dev,src,mac_src" LIST }, \
	{ "udp", "Udp" v "IgnoredMulti", SEEN, USUAL, .reasons = "NOT_SPECIFIED", \
	  .meaning = "Multicast or broadcast that no program here wants. Usually no loss.", \
	  .look = "ip maddr show # groups that somebody joined\n" }, \
	{ "udp", "Udp" v "MemErrors", SEEN, .reasons = "PROTO_MEM", .part_of = "Udp" v "InErrors", \
	  .meaning = "All sockets of UDP together were at their bound.", \
	  .look = "sysctl net.ipv4.udp_mem # (host) the bound, in pages\ncat /proc/net/sockstat # in use\n" }
	UDP(""),
	UDP("6"),

	{ "tcp", "TcpInErrs", SEEN, SUSPICIOUS, .reasons = "TCP_CSUM PKT_TOO_SMALL TCP_INVALID_SYN",
	  .meaning = "Segments that are broken, or a SYN where none may be.",
	  .look = "nstat -asz TcpInCsumErrors TcpExtTCPSYNChallenge # the two most frequent kinds\n" },
	{ "tcp", "TcpInCsumErrors", SEEN, .reasons = "TCP_CSUM", .part_of = "TcpInErrs",
	  .meaning = "The checksum of a segment is wrong.",
	  .look = "whydrop list -r TCP_CSUM -o dev,src,mac_src" LIST },
	{ "tcp", "TcpExtListenDrops", PARTLY, .reasons = "TCP_LISTEN_OVERFLOW NOT_SPECIFIED",
	  .why = "a SYN is not, the handshake's last ACK is",
	  .meaning =
		"A new connection was refused: the queue of those that the program has not accepted "
		"was full, or that of half-open ones. A SYN counts here and is freed as if it had been "
		"used, so it has no event.",
	  .look =
		"ss -lnt # Recv-Q: waiting to be accepted, Send-Q: how many may\n"
		"sysctl net.core.somaxconn net.ipv4.tcp_max_syn_backlog # the bounds\n" },
	{ "tcp", "TcpExtListenOverflows", PARTLY, .reasons = "TCP_LISTEN_OVERFLOW NOT_SPECIFIED",
	  .part_of = "TcpExtListenDrops", .why = "a SYN is not, the handshake's last ACK is",
	  .meaning = "The queue of connections that the program has not accepted yet was full.",
	  .look = "ss -lnt # Recv-Q: waiting to be accepted, Send-Q: how many may\n" },
	{ "tcp", "TcpExtTCPReqQFullDrop", UNSEEN, .part_of = "TcpExtListenDrops",
	  .why = "a refused SYN is freed as if used",
	  .meaning = "The queue of half-open connections was full, and SYN cookies are off.",
	  .look = "sysctl net.ipv4.tcp_syncookies net.ipv4.tcp_max_syn_backlog # the bounds\n" },
	{ "tcp", "TcpExtTCPBacklogDrop", SEEN, .reasons = "SOCKET_BACKLOG",
	  .meaning = "The program was busy with the socket, and too much came meanwhile.",
	  .look = "ss -tmp # sockets with their program: bl backlog, d dropped\n" },
	{ "tcp", "TcpExtPFMemallocDrop", SEEN, .reasons = "PFMEMALLOC NOMEM NOT_SPECIFIED",
	  .meaning = "The packet lay in the memory that is kept for writing memory out.",
	  .look = "free -m # memory\nsysctl vm.min_free_kbytes # the reserve\n" },
	{ "tcp", "TcpExtTCPMinTTLDrop", PARTLY, .reasons = "TCP_MINTTL",
	  .why = "an ICMP message about it is not",
	  .meaning = "The packet came from further away than the program allows (as BGP does).",
	  .look = "whydrop list -r TCP_MINTTL -x -c 3 # the bytes of some: the ninth is the TTL\n" },
	{ "tcp", "TcpExtTCPZeroWindowDrop", SEEN, USUAL, .reasons = "TCP_ZEROWINDOW",
	  .meaning = "The peer sent data although the window is closed: a probe, usually no loss.",
	  .look = "ss -tmp # Recv-Q: what the program has not read\n" },
	{ "tcp", "TcpExtTCPRcvQDrop", SEEN, .reasons = "PROTO_MEM SOCKET_RCVBUFF",
	  .meaning = "There was no memory for data that came in order.",
	  .look = "sysctl net.ipv4.tcp_mem net.ipv4.tcp_rmem # (host) the bounds\nss -tmp # sockets\n" },
	{ "tcp", "TcpExtTCPOFODrop", SEEN, .reasons = "PROTO_MEM",
	  .meaning = "There was no memory for data that came out of order.",
	  .look = "sysctl net.ipv4.tcp_mem net.ipv4.tcp_rmem # (host) the bounds\n" },
	{ "tcp", "TcpExtOfoPruned", PARTLY, .reasons = "TCP_OFO_QUEUE_PRUNE",
	  .why = "counted once for several packets",
	  .meaning = "Data that came out of order was thrown away to make room; it comes again.",
	  .look = "ss -tmp # sockets with their buffers\n" },
	{ "tcp", "TcpExtPAWSEstab", SEEN, USUAL, .reasons = "TCP_RFC7323_PAWS",
	  .meaning = "The timestamp is older than one that came before: an old duplicate, or NAT.",
	  .look = "whydrop list -r TCP_RFC7323_PAWS -o src,dst" LIST },
	{ "tcp", "TcpExtTCPMD5NotFound", SEEN, .reasons = "TCP_MD5NOTFOUND",
	  .meaning = "The peer does not sign with MD5, which this socket requires.",
	  .look = "whydrop list -r TCP_MD5NOTFOUND -o src,dst" LIST },
	{ "tcp", "TcpExtTCPMD5Unexpected", SEEN, .reasons = "TCP_MD5UNEXPECTED",
	  .meaning = "The peer signs with MD5, but there is no key for it here.",
	  .look = "whydrop list -r TCP_MD5UNEXPECTED -o src,dst" LIST },
	{ "tcp", "TcpExtTCPMD5Failure", SEEN, .reasons = "TCP_MD5FAILURE",
	  .meaning = "The signature is wrong: the keys differ.",
	  .look = "whydrop list -r TCP_MD5FAILURE -o src,dst" LIST },

#define XFRM_IN(n, text) \
	{ "ipsec", n, SEEN, .reasons = "NOT_SPECIFIED", .meaning = text, \
	  .look = "ip -s xfrm state # associations with their counters\n" }
#define XFRM_POLICY(n, text) \
	{ "ipsec", n, SEEN, .reasons = "XFRM_POLICY", .meaning = text, \
	  .look = "ip -s xfrm policy # policies\n" }
#define XFRM_SEND(n, text) \
	{ "ipsec", n, PARTLY, .reasons = "NOT_SPECIFIED", .why = SEND_FAILS, .meaning = text, \
	  .look = "ip -s xfrm policy # policies\nip -s xfrm state # associations\n" }
	XFRM_IN("XfrmInNoStates",
		"No security association has the SPI, address and protocol of the packet: one end has "
		"restarted, or keys were changed at one end only."),
	XFRM_IN("XfrmInStateProtoError", "Decryption or authentication failed: the keys differ."),
	XFRM_IN("XfrmInStateModeError", "The mode, transport or tunnel, is another one than agreed."),
	XFRM_IN("XfrmInStateSeqError",
		"The sequence number is outside of the replay window: reordering, or a replay."),
	XFRM_IN("XfrmInStateExpired", "The association has expired."),
	XFRM_IN("XfrmInBufferError", "There was no memory, or the packet has too many layers."),
	XFRM_IN("XfrmInHdrError", "The header of ESP or AH is broken."),
	XFRM_POLICY("XfrmInTmplMismatch",
		    "The packet was not protected as the policy demands, or not at all."),
	XFRM_POLICY("XfrmInNoPols", "It was protected, but no policy says that it may be."),
	XFRM_POLICY("XfrmInPolBlock", "A policy blocks it."),
	XFRM_IN("XfrmOutError", "The packet could not be encrypted."),
	XFRM_IN("XfrmOutStateProtoError", "The packet could not be encrypted."),
	XFRM_IN("XfrmOutStateExpired", "The association has expired."),
	XFRM_SEND("XfrmOutNoStates",
		  "There is a policy, but no association yet: the key daemon does not get one."),
	XFRM_SEND("XfrmOutPolBlock", "A policy blocks it."),
	XFRM_SEND("XfrmOutBundleGenError", "No way to apply the policy was found."),
};

const size_t nr_protocol_counters = ARRAY_SIZE(protocol_counters);
