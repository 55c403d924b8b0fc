/* SPDX-License-Identifier: GPL-2.0-only */
/* The command lines that are fuzzed. A new view of the program is a new line. */
#ifndef FUZZ_VIEWS_H
#define FUZZ_VIEWS_H

/* What is printed, and so what can be wrong with it. */
enum print { TEXT, JSON, FOLDED, METRICS, PCAPNG, RECORDING, PAGE, COMPLETION };

struct view {
	enum print	print;
	const char	*words[10];	/* -f and what it takes stand behind the first */
	const char	*file;		/* that the same kind of thing is written to */
};

/* For -S, unless the input has something else: what fits the recording "offsets". */
static const char map[] =
	"00001000 T schedule\n00001040 T __udp4_lib_rcv\n00001080 T consume_skb\n000010c0 T vfree\n"
	"00001100 T seq_read\n00001140 T get_random_bytes\n00001180 t net_tx_action\n"
	"000011c0 T eth_type_trans\n00001200 T kobject_put\n00001240 T _etext\n00002000 T _sinittext\n";

/* The first word of a `top' that has a screen. */
#define SCREEN "top on a screen"

static const struct view views[] = {
	{ TEXT, { "list", "-svx", "--time", "utc" }, NULL },
	{ JSON, { "list", "-jx" }, NULL },
	{ TEXT, { "list", "--time", "rel" }, NULL },
	{ TEXT, { "list", "-s" }, NULL },
	{ TEXT, { "list", "-o", "seq,mono,current,flow,stack,lines,sock.family,data", "-H" }, NULL },
	{ JSON, { "list", "-j", "-o", "time,reason,data,stack,packet" }, NULL },
	{ TEXT, { "list", "-r", "*SOCK*,!NO_*", "-i", "e*,-", "--at", "t*,ip*", "--benign", "hide" }, NULL },
	{ JSON, { "list", "-N", "4026531840", "--comm", "!swapper*", "-c", "3", "-j" }, NULL },
	{ TEXT, { "count" }, NULL },
	{ JSON, { "count", "-j" }, NULL },
	{ TEXT, { "count", "--by", "dev" }, NULL },
	{ JSON, { "count", "--by", "dev", "-j" }, NULL },
	{ TEXT, { "count", "--by", "netns" }, NULL },
	{ JSON, { "count", "--by", "netns", "-j" }, NULL },
	{ TEXT, { "count", "--by", "at" }, NULL },
	{ JSON, { "count", "--by", "at", "-j" }, NULL },
	{ TEXT, { "count", "--by", "comm" }, NULL },
	{ TEXT, { "count", "--by", "proc", "-N", "web,!blue" }, NULL },
	{ JSON, { "count", "--by", "proc", "-j" }, NULL },
	{ JSON, { "count", "--by", "host", "-j" }, NULL },
	{ TEXT, { "list", "-o", "host,cpu,reason" }, NULL },
	{ TEXT, { "list", "-k", "!usual,no-*,errors/l?", "-o", "reason,class,intent" }, NULL },
	{ JSON, { "count", "--by", "class", "-k", "!benign", "-j" }, NULL },
	{ TEXT, { "count", "--by", "intent" }, NULL },
	{ JSON, { "explain", "-j", "-k", "unknown,usual" }, NULL },
	{ TEXT, { "count", "--by", "flow" }, NULL },
	{ JSON, { "count", "--by", "flow", "-j" }, NULL },
	{ TEXT, { "count", "--by", "flow", "--interval", "1" }, NULL },
	{ JSON, { "count", "-j", "--interval", "0.1", "--duration", "3" }, NULL },
	{ JSON, { "top", "-j" }, NULL },
	{ TEXT, { "top" }, NULL },
	{ TEXT, { "top", "--by", "flow", "-H", "--benign", "hide" }, NULL },
	{ TEXT, { SCREEN }, NULL },
	{ TEXT, { SCREEN, "--by", "at", "-r", "!OTHERHOST" }, NULL },
	{ TEXT, { SCREEN, "--by", "flow", "--interval", "0.5" }, NULL },
	{ TEXT, { "stacks" }, NULL },
	{ JSON, { "stacks", "-j" }, NULL },
	{ JSON, { "stacks", "--by", "flow", "-j" }, NULL },
	{ TEXT, { "stacks", "--by", "comm" }, NULL },
	{ TEXT, { "stacks", "--by", "dev", "-r", "*", "-c", "2" }, NULL },
	{ FOLDED, { "stacks", "--folded" }, NULL },
	{ FOLDED, { "stacks", "--folded", "--by", "dev" }, NULL },
	{ FOLDED, { "stacks", "--folded", "--by", "at", "-c", "2" }, NULL },
	{ METRICS, { "metrics" }, NULL },
	{ METRICS, { "metrics", "-w", "w/m" }, "w/m" },
	{ TEXT, { "explain" }, NULL },
	{ JSON, { "explain", "-j" }, NULL },
	{ TEXT, { "explain", "*" }, NULL },
	{ TEXT, { "explain", "@ip_error", "@tcp*", "3" }, NULL },
	{ JSON, { "explain", "-j", "NO_SOCKET", "NETFILTER_DROP", "SOCKET_*" }, NULL },
	{ TEXT, { "watch", "-s", "-x", "-v", "--time", "abs", "--history" }, NULL },
	{ JSON, { "watch", "-j", "--duration", "100" }, NULL },
	{ JSON, { "watch", "-j", "--history", "--cursor", "w/cursor", "--duration", "1" }, NULL },
	{ JSON, { "list", "-j", "--host-labels", "--label", "a=\"\\", "-c", "9" }, NULL },
	{ TEXT, { "alarm", "--when", "* > 0/s", "--baseline", "w/b", "--duration", "9" }, NULL },
	{ JSON, { "alarm", "--when", "bad,!policy/* > 1/min for 5s", "--when", "NO_* > 0", "-j",
		  "--duration", "9" }, NULL },
	{ TEXT, { "list", "-s", "-S", "map" }, NULL },
	{ JSON, { "stacks", "-j", "-S", "map" }, NULL },
	{ FOLDED, { "stacks", "--folded", "-S", "map" }, NULL },
	{ TEXT, { "count", "--by", "at", "-S", "map" }, NULL },
	{ TEXT, { "reasons" }, NULL },
	{ JSON, { "reasons", "-j", "-r", "*" }, NULL },
	{ TEXT, { "status" }, NULL },
	{ TEXT, { "status", "-v" }, NULL },
	{ JSON, { "status", "-j" }, NULL },
	{ PCAPNG, { "pcap", "-w", "-" }, NULL },
	{ PCAPNG, { "pcap", "-w", "-", "-r", "!OTHERHOST" }, NULL },
	{ PCAPNG, { "pcap", "-w", "w/p" }, "w/p" },
	{ PAGE, { "report", "-w", "-" }, NULL },
	{ PAGE, { "report", "-w", "w/h", "-r", "!OTHERHOST" }, "w/h" },
	{ RECORDING, { "record", "-w", "-" }, NULL },
	{ RECORDING, { "record", "-w", "w/r", "--cmd", "true" }, "w/r" },
	{ RECORDING, { "record", "-w", "w/r", "-i", "e*" }, "w/r" },
	{ RECORDING, { "record", "-w", "w/r", "-C", "100k", "-W", "3" }, "w/r.1" },
	{ TEXT, { "set", "stack_depth=3" }, NULL },
	{ TEXT, { "enable" }, NULL },
	{ TEXT, { "fields", "-j" }, NULL },
	{ COMPLETION, { "--complete" }, NULL },
#ifdef HAVE_LIBPCAP
	{ JSON, { "list", "-j", "--", "tcp", "or", "ip6[6]", "!=", "17" }, NULL },
	{ TEXT, { "count", "--by", "flow", "--", "udp", "or", "icmp" }, NULL },
	{ TEXT, { "list", "--" }, NULL },
#endif
	/* Only what the input says. */
	{ TEXT, { NULL }, NULL },
};

#endif
