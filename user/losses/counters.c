// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known of the counters of devices, queues and sockets, read from the sources of
 * kernels 5.10 to 7.3: by counting code, and whether what it frees then has the event.
 * Those of the protocols are in protocols.c.
 */
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/protocols.h"

#define SEEN .seen = LOSS_SEEN
#define PARTLY .seen = LOSS_PARTLY
#define UNSEEN .seen = LOSS_UNSEEN
#define USUAL .intent = INTENT_USUAL
#define SUSPICIOUS .intent = INTENT_SUSPICIOUS

#define DEVICE_LOOK \
	"ip -s -s link show dev DEV # all counters of the device\n" \
	"ethtool -S DEV # the same in the words of its driver\n"

static const struct counter device_counters[] = {
	/* Of a card: what it did not hand to the kernel was never a packet of the kernel's. */
	{ "nic", "rx_missed_errors", UNSEEN, .why = "the card's ring was full",
	  .meaning =
		"The card had a frame and no free buffer in its receive ring: the host takes them out "
		"too slowly, or a burst was longer than the ring.",
	  .look =
		"ethtool -g DEV # size of the ring, and how large it can be: ethtool -G DEV rx N\n"
		"ethtool -S DEV # which queue\n"
		"cat /proc/net/softnet_stat # (host) third column: how often a CPU ran out of its budget\n" },
	{ "nic", "rx_fifo_errors", UNSEEN, .why = "the card's own memory was full",
	  .meaning =
		"The card's FIFO overflowed before the frame could be copied to the host: the bus or "
		"the host is too slow. Some drivers count missed frames here.",
	  .look = DEVICE_LOOK },
	{ "nic", "rx_over_errors", UNSEEN, .part_of = "rx_fifo_errors",
	  .why = "it did not fit the card's buffers",
	  .meaning =
		"The frame did not fit into the buffers that the host provided, or the card's memory "
		"overflowed; drivers use this and rx_fifo_errors for one another.",
	  .look = DEVICE_LOOK },
	{ "nic", "rx_crc_errors", UNSEEN, .why = "the frame came in damaged",
	  .meaning =
		"The frame's checksum was wrong when it came in: cable, optics, connector, or the "
		"port at the other end.",
	  .look =
		"ethtool -m DEV # levels of the optics, if there are any\n" DEVICE_LOOK },
	{ "nic", "rx_frame_errors", UNSEEN, .why = "the frame came in damaged",
	  .meaning = "The frame did not end at a whole byte: cable, or half duplex at one end.",
	  .look = "ethtool DEV # speed and duplex; the other end must have the same\n" DEVICE_LOOK },
	{ "nic", "rx_length_errors", PARTLY, .why = "most cards drop it themselves",
	  .meaning =
		"The frame was shorter or longer than may be: the sender's MTU is larger than this "
		"device's.",
	  .look = "ip link show dev DEV # mtu\n" DEVICE_LOOK },
	{ "nic", "rx_errors", PARTLY, .why = "the card's are not, the driver's may be",
	  .meaning =
		"Bad frames of all kinds together. The rows of single kinds are part of it; what is "
		"more than those, only the driver can say.",
	  .look = DEVICE_LOOK },
	{ "nic", "tx_errors", PARTLY, .why = "the card's are not, the driver's may be",
	  .meaning = "Frames that could not be sent, of all kinds together.",
	  .look = DEVICE_LOOK },
	{ "nic", "tx_aborted_errors", UNSEEN, .part_of = "tx_errors", .why = "the card gave up",
	  .meaning =
		"The card gave up sending: too many collisions at half duplex, or what its driver "
		"counts here as discarded.",
	  .look = "ethtool DEV # speed and duplex\n" DEVICE_LOOK },
	{ "nic", "tx_carrier_errors", UNSEEN, SUSPICIOUS, .part_of = "tx_errors",
	  .why = "the link was lost meanwhile",
	  .meaning = "The carrier was lost while the frame was sent: the link went down.",
	  .look =
		"cat /sys/class/net/DEV/carrier_changes # how often the link came and went\n"
		DEVICE_LOOK },
	{ "nic", "tx_fifo_errors", UNSEEN, .part_of = "tx_errors",
	  .why = "the card got it too slowly",
	  .meaning = "The card began to send before it had the whole frame, and then ran dry.",
	  .look = DEVICE_LOOK },
	{ "nic", "tx_window_errors", UNSEEN, .part_of = "tx_errors", .why = "a late collision",
	  .meaning = "A collision after the first 64 bytes: duplex differs at both ends.",
	  .look = "ethtool DEV # speed and duplex\n" },
	{ "nic", "rx_dropped", PARTLY, SUSPICIOUS,
	  .reasons = "UNHANDLED_PROTO CPU_BACKLOG DEV_READY NOT_SPECIFIED",
	  .why = "the kernel's are, the driver's may be",
	  .meaning =
		"Two things in one number: frames that the driver dropped, and frames that the kernel "
		"dropped soon after, because nothing handles their protocol or a CPU's backlog is full.",
	  .look = DEVICE_LOOK
		"whydrop list -i DEV # those that have an event\n" },
	{ "nic", "tx_dropped", PARTLY, SUSPICIOUS, .reasons = "DEV_READY QDISC_DROP QDISC_BURST_DROP NOT_SPECIFIED",
	  .why = "most are, unless the card dropped it",
	  .meaning = "Frames that were dropped on their way out, by the kernel or by the driver.",
	  .look = DEVICE_LOOK
		"whydrop list -i DEV # those that have an event\n" },
	{ "nic", "rx_nohandler", SEEN, USUAL, .reasons = "UNHANDLED_PROTO NOT_SPECIFIED",
	  .meaning =
		"The device is not meant to receive, as the inactive port of a bond is not. Usually "
		"no loss: the active port gets the same.",
	  .look = "cat /proc/net/bonding/* # which port is active\n" },
	{ "nic", "rx_otherhost_dropped", SEEN, USUAL, .reasons = "OTHERHOST",
	  .meaning =
		"Frames for another host's MAC address, which come in because the device is "
		"promiscuous or a switch floods. Usually no loss.",
	  .look = "ip -d link show dev DEV # promiscuity\n" },

	/* Of its queues, where the driver tells; these names are the kernel's for all drivers. */
	{ "nic", "rx_hw_drops", UNSEEN, SUSPICIOUS, .part_of = "rx_missed_errors", .why = "the card dropped it",
	  .meaning =
		"The card dropped it on the way to this queue, for all causes together. Often "
		"rx_missed_errors of the device has the same frames.",
	  .look = "ethtool -g DEV # size of the ring: ethtool -G DEV rx N\n" DEVICE_LOOK },
	{ "nic", "rx_hw_drop_overruns", UNSEEN, .part_of = "rx_hw_drops",
	  .why = "the queue's ring was full",
	  .meaning =
		"The card had no free buffer in the ring of this queue. If others have room, too much "
		"of the load goes to this one.",
	  .look =
		"ethtool -g DEV # size of the ring: ethtool -G DEV rx N\n"
		"ethtool -x DEV # which queue gets which flows\n" },
	{ "nic", "rx_hw_drop_ratelimits", UNSEEN, SUSPICIOUS, .part_of = "rx_hw_drops",
	  .why = "the card's limit for the rate",
	  .meaning = "More came in than the card, or the host of a virtual card, lets in.",
	  .look = DEVICE_LOOK },
	{ "nic", "rx_alloc_fail", .seen = LOSS_NONE, .why = "no memory for a buffer",
	  .meaning =
		"There was no memory for a new buffer or packet. Depending on the driver that loses a "
		"frame, or the ring is filled a little later.",
	  .look = "free -m # memory\nsysctl vm.min_free_kbytes # the reserve\n" },
	{ "nic", "tx_hw_drops", UNSEEN, SUSPICIOUS, .part_of = "tx_errors", .why = "the card dropped it",
	  .meaning = "The card dropped what it was given to send, for all causes together.",
	  .look = DEVICE_LOOK },
	{ "nic", "tx_hw_drop_errors", UNSEEN, .part_of = "tx_hw_drops",
	  .why = "it was not valid for the card",
	  .meaning = "The card refused what it was given to send: it was malformed.",
	  .look = "ethtool -k DEV # offloads: is one of them broken?\n" DEVICE_LOOK },
	{ "nic", "tx_hw_drop_ratelimits", UNSEEN, SUSPICIOUS, .part_of = "tx_hw_drops",
	  .why = "the card's limit for the rate",
	  .meaning = "More was sent than the card, or the host of a virtual card, lets out.",
	  .look = DEVICE_LOOK },
	/* Of hardware that forwards by itself; what a trap is called, its driver says. */
	{ "nic", "trap_dropped", UNSEEN, SUSPICIOUS, .why = "the hardware dropped it itself",
	  .meaning =
		"The switch or the card dropped it by the rule that this trap is named for, and showed "
		"it to nobody.",
	  .look = "devlink -s trap show DEV # all traps: cause, action, counters\n" },
	{ "nic", "trap_reported", UNSEEN, SUSPICIOUS, .why = "this host got a copy only to report it",
	  .meaning =
		"The switch or the card dropped it by the rule that this trap is named for. Its action "
		"is \"trap\", so this host gets to see what is dropped.",
	  .look =
		"devlink -s trap show DEV # all traps: cause, action, counters\n"
		"dropwatch -l kas # alertmode packet, set hw true, start: shows these packets\n" },
	{ "nic", "policer_dropped", UNSEEN, SUSPICIOUS, .why = "the hardware's limit for this host",
	  .meaning =
		"More packets were meant for this host's own processor (routing protocols, unknown "
		"neighbors) than the hardware's policer lets through.",
	  .look =
		"devlink -s trap policer show DEV # rate, burst, counters\n"
		"devlink -s trap group show DEV # which traps share a policer\n" },

	/* Of a device that is software: a tunnel, a bridge, veth, tun. */
	{ "device", "rx_dropped", PARTLY, SUSPICIOUS,
	  .reasons = "UNHANDLED_PROTO CPU_BACKLOG DEV_READY FULL_RING NOT_SPECIFIED",
	  .why = "as a packet yes, as an XDP frame no",
	  .meaning =
		"Packets that the virtual device or the kernel dropped when they came in: nothing "
		"handles their protocol, a backlog or queue is full, an XDP program's verdict failed.",
	  .look = DEVICE_LOOK
		"whydrop list -i DEV # those that have an event\n" },
	{ "device", "tx_dropped", PARTLY, SUSPICIOUS,
	  .reasons = "CPU_BACKLOG DEV_READY FULL_RING QDISC_DROP NOT_SPECIFIED",
	  .why = "as a packet yes, as an XDP frame no",
	  .meaning =
		"Packets that the virtual device did not get rid of: nobody is at the other end, its "
		"queue is full, or the device below refused them.",
	  .look = DEVICE_LOOK
		"whydrop list -i DEV # those that have an event\n" },
	{ "device", "rx_errors", PARTLY, .why = "depends on the kind of device",
	  .meaning = "Packets that the virtual device could make no sense of, as a tunnel that gets "
		"what is not encapsulated as it expects.",
	  .look = DEVICE_LOOK },
	{ "device", "tx_errors", PARTLY, .why = "depends on the kind of device",
	  .meaning =
		"Packets that the virtual device could not send on: no route to the tunnel's other "
		"end, or a loop.",
	  .look = DEVICE_LOOK },
	{ "device", "rx_nohandler", SEEN, USUAL, .reasons = "UNHANDLED_PROTO NOT_SPECIFIED",
	  .meaning = "The device is not meant to receive. Usually no loss.",
	  .look = "cat /proc/net/bonding/* # which port is active\n" },
	{ "device", "rx_otherhost_dropped", SEEN, USUAL, .reasons = "OTHERHOST",
	  .meaning = "Frames for another host's MAC address. Usually no loss.",
	  .look = "ip -d link show dev DEV # promiscuity\n" },
	/* What /proc/net/dev tells, which knows no kinds of devices. */
	{ "device", "rx_drop", PARTLY, SUSPICIOUS, .reasons = "UNHANDLED_PROTO CPU_BACKLOG NOT_SPECIFIED",
	  .why = "the kernel's are, the card's are not",
	  .meaning = "rx_dropped and rx_missed_errors together, as /proc/net/dev has them.",
	  .look = DEVICE_LOOK },
	{ "device", "tx_drop", PARTLY, SUSPICIOUS, .reasons = "DEV_READY QDISC_DROP NOT_SPECIFIED",
	  .why = "most are, unless the card dropped it",
	  .meaning = "tx_dropped, as /proc/net/dev has it.",
	  .look = DEVICE_LOOK },
	{ "device", "rx_errs", PARTLY, .why = "the card's are not",
	  .meaning = "rx_errors, as /proc/net/dev has it.",
	  .look = DEVICE_LOOK },
	{ "device", "tx_errs", PARTLY, .why = "the card's are not",
	  .meaning = "tx_errors, as /proc/net/dev has it.",
	  .look = DEVICE_LOOK },

	{ "bridge", "igmp_parse_errors", SEEN, .reasons = "NOT_SPECIFIED",
	  .meaning =
		"A bridge or its port got an IGMP message that is broken. It is counted only while "
		"mcast_stats_enabled is on.",
	  .look = "bridge -d link show dev DEV # of which bridge it is a port\n"
		"tcpdump -c 3 -nvi DEV igmp # a wrong checksum is shown\n" },
	{ "bridge", "mld_parse_errors", SEEN, .reasons = "NOT_SPECIFIED",
	  .meaning =
		"A bridge or its port got an MLD message, as IPv6 has for its groups, that is broken. "
		"It is counted only while mcast_stats_enabled is on.",
	  .look = "bridge -d link show dev DEV # of which bridge it is a port\n"
		"tcpdump -c 3 -nvi DEV icmp6 # a wrong checksum is shown\n" },

	{ "softnet", "backlog_full", SEEN, .reasons = "CPU_BACKLOG NOT_SPECIFIED",
	  .meaning =
		"The queue of a CPU for packets of virtual devices, loopback and RPS was longer than "
		"net.core.netdev_max_backlog. The device counts the same packets as rx_dropped.",
	  .look =
		"sysctl net.core.netdev_max_backlog # (host) the bound\n"
		"grep . /sys/class/net/*/queues/rx-*/rps_cpus # which CPUs the load goes to\n" },
	{ "softnet", "flow_limit", SEEN, .reasons = "CPU_BACKLOG NOT_SPECIFIED",
	  .part_of = "backlog_full",
	  .meaning = "The backlog was half full, and most of it was of one flow.",
	  .look = "sysctl net.core.flow_limit_cpu_bitmap # (host) CPUs that limit flows\n" },
	{ "softnet", "time_squeeze", .seen = LOSS_NONE, .why = "a CPU ran out of its budget",
	  .meaning =
		"A CPU had more packets to receive than it may take in one go, so some waited. That "
		"alone loses nothing, but rings and backlogs fill up meanwhile.",
	  .look =
		"sysctl net.core.netdev_budget net.core.netdev_budget_usecs # (host) the bounds\n" },

	{ "qdisc", "drops", SEEN, USUAL, .reasons = "QDISC_DROP NOT_SPECIFIED",
	  .meaning =
		"The queue in front of the device was full, or its discipline dropped the packet to "
		"tell the sender to slow down, which is its job.",
	  .look =
		"tc -s -d qdisc show dev DEV # limits, and which queue drops\n" },
	{ "qdisc", "class_drops", SEEN, USUAL, .part_of = "drops", .reasons = "QDISC_DROP NOT_SPECIFIED",
	  .meaning = "The same of a queue below another one, which counts it, too.",
	  .look = "tc -s -d qdisc show dev DEV # limits, and which queue drops\n" },
	{ "qdisc", "filter_drops", SEEN, USUAL, .reasons = "TC_INGRESS TC_EGRESS",
	  .meaning = "A filter of tc, or a BPF program that is attached there, dropped it.",
	  .look =
		"tc -s filter show dev DEV ingress # filters with their counts\n"
		"tc -s filter show dev DEV egress # the same on the way out\n" },

	{ "neighbor", "unresolved_discards", SEEN, .reasons = "NEIGH_QUEUEFULL",
	  .meaning =
		"Packets waited for the MAC address of a neighbor that does not answer, and there "
		"were too many of them.",
	  .look =
		"ip neigh show nud incomplete nud failed # who does not answer\n" },
	{ "neighbor", "table_fulls", PARTLY, .reasons = "NEIGH_CREATEFAIL",
	  .why = "also counted where no packet waits",
	  .meaning = "There was no room for another neighbor, so packets to it were dropped.",
	  .look =
		"sysctl net.ipv4.neigh.default.gc_thresh3 # (host) the bound; for IPv6 the same in net.ipv6\n"
		"ip -s neigh show # what the table is full of\n" },

	{ "conntrack", "drop", SEEN, .intent = INTENT_BAD, .reasons = "NETFILTER_DROP",
	  .meaning =
		"Connection tracking could not take the packet: the table is full, or it lost a race "
		"for the same addresses.",
	  .look =
		"sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max # is it full?\n"
		"dmesg # (host) \"table full, dropping packet\"\n" },
	{ "conntrack", "insert_failed", SEEN, SUSPICIOUS, .part_of = "drop", .reasons = "NETFILTER_DROP",
	  .meaning =
		"A connection could not be entered: another packet did the same at once, as two DNS "
		"questions from one socket.",
	  .look = "lnstat -i 1 -c 1 -f nf_conntrack # all counters\n" },
	{ "conntrack", "early_drop", .seen = LOSS_NONE, .why = "a connection was forgotten",
	  .meaning =
		"The table was full, and a connection that nobody had answered was forgotten to make "
		"room. Its next packet may be refused.",
	  .look =
		"sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max # is it full?\n" },

	{ "socket", "udp_drops", SEEN, .part_of = "UdpInErrors",
	  .reasons = "SOCKET_RCVBUFF PROTO_MEM UDP_CSUM SOCKET_FILTER XFRM_POLICY",
	  .meaning =
		"The socket had no room: its program reads too slowly, or its buffer is too small for "
		"a burst. The counters of UDP have the same packets.",
	  .look =
		"ss -uamp # sockets with their program: r used, rb limit, d dropped\n"
		"sysctl net.core.rmem_max # (host) how much a program may ask for\n" },
	{ "socket", "raw_drops", SEEN, .reasons = "SOCKET_RCVBUFF PROTO_MEM XFRM_POLICY",
	  .meaning = "A raw socket (ping, a routing daemon) had no room.",
	  .look = "ss -wamp # raw sockets with their program: r used, rb limit, d dropped\n" },
	{ "socket", "icmp_drops", SEEN, .reasons = "SOCKET_RCVBUFF PROTO_MEM",
	  .meaning = "A ping socket had no room.",
	  .look = "ss -wamp # sockets with their program\n" },
	{ "socket", "packet_drops", PARTLY, SUSPICIOUS, .reasons = "PACKET_SOCK_ERROR",
	  .why = "only if nobody else took the packet",
	  .meaning =
		"A packet socket (tcpdump, a DHCP client) had no room. The packet itself goes on, "
		"only the capture lacks it. What rings that are mapped (as tcpdump's) lose, the kernel "
		"tells nobody but the program.",
	  .look =
		"ss -0mpe # packet sockets: d dropped; none for a ring: its program alone counts\n" },
	{ "socket", "netlink_drops", PARTLY, .reasons = "NOT_SPECIFIED",
	  .why = "one message to many is one event at most",
	  .meaning =
		"A program that listens to the kernel's messages (routes, devices, audit) missed some: "
		"it reads too slowly. No packet was lost, but what the program believes may be old.",
	  .look = "ss -f netlink -mp # netlink sockets with their program\n" },

	/* What drivers count; by pattern, see driver.c. */
	{ "driver", "xdp_drop", UNSEEN, USUAL, .why = "dropped by an XDP program",
	  .meaning = "An XDP program told the driver to drop it, before it became a packet.",
	  .look = "ip -d link show dev DEV # prog/xdp: id and name\nbpftool net show # all programs\n" },
	{ "driver", "xdp_drop_veth", PARTLY, USUAL, .reasons = "NOT_SPECIFIED",
	  .why = "as a packet yes, as an XDP frame no",
	  .meaning =
		"An XDP program on veth dropped it. What this host sent is a packet, whose drop has an "
		"event; what another XDP program redirected has none.",
	  .look = "ip -d link show dev DEV # prog/xdp: id and name\n" },
	{ "driver", "xdp_error", UNSEEN, .why = "an XDP frame could not be sent",
	  .meaning = "An XDP program redirected a frame or sent it back, and there was no room.",
	  .look = "ethtool -g DEV # size of the rings\n" },
	{ "driver", "no_buffer", UNSEEN, .part_of = "rx_missed_errors",
	  .why = "no room in the card or its ring",
	  .meaning =
		"The card or its driver had no buffer for the frame. Often rx_missed_errors or "
		"rx_fifo_errors has the same frames.",
	  .look = "ethtool -g DEV # size of the ring: ethtool -G DEV rx N\n" },
	{ "driver", "damaged", UNSEEN, .part_of = "rx_crc_errors", .why = "the frame came in damaged",
	  .meaning = "The frame was damaged: cable, optics, or the other end.",
	  .look = "ethtool -m DEV # levels of the optics, if there are any\n" },
	{ "driver", "allowance", UNSEEN, .why = "the cloud's limit for this machine",
	  .meaning = "The cloud drops or delays what is above the allowance of this kind of machine.",
	  .look = "ethtool -S DEV # which allowance\n" },
	{ "driver", "rx_drop", PARTLY, .part_of = "rx_dropped", .why = "only the driver knows",
	  .meaning = "The driver or the card dropped it on the way in. Often rx_dropped has the same.",
	  .look = DEVICE_LOOK },
	{ "driver", "tx_drop", PARTLY, .part_of = "tx_dropped", .why = "only the driver knows",
	  .meaning = "The driver or the card dropped it on the way out. Often tx_dropped has the same.",
	  .look = DEVICE_LOOK },
};

const struct counter *counter_find(const char *layer, const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(device_counters); i++)
		if (layer && !strcmp(device_counters[i].layer, layer) &&
		    !strcmp(device_counters[i].name, name))
			return &device_counters[i];
	for (i = 0; i < nr_protocol_counters; i++)
		if (!strcmp(protocol_counters[i].name, name) &&
		    (!layer || !strcmp(protocol_counters[i].layer, layer)))
			return &protocol_counters[i];
	return NULL;
}

const char *counter_seen(const struct counter *c)
{
	static const char *const words[] = {
		[LOSS_SEEN] = "yes", [LOSS_PARTLY] = "partly", [LOSS_UNSEEN] = "no",
		[LOSS_NONE] = "no loss",
	};

	return words[c->seen];
}

enum intent counter_intent(const struct counter *c)
{
	enum intent worst = c->intent;
	const char *p = c->reasons;
	char name[64];
	size_t len;

	for (; !c->intent && p && *p; p += len + strspn(p + len, " ")) {
		len = strcspn(p, " ");
		snprintf(name, sizeof(name), "%.*s", (int)len, p);
		worst = MAX(worst, class_of(name)->intent);
	}
	if (worst != INTENT_UNKNOWN)
		return worst;
	return c->seen == LOSS_UNSEEN ? INTENT_BAD : INTENT_SUSPICIOUS;
}

const struct counter *counter_next(size_t *i)
{
	size_t at = (*i)++;

	if (at < ARRAY_SIZE(device_counters))
		return &device_counters[at];
	at -= ARRAY_SIZE(device_counters);
	return at < nr_protocol_counters ? &protocol_counters[at] : NULL;
}
