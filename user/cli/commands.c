// SPDX-License-Identifier: GPL-2.0-only
/* Lists the commands, the options, and which command takes which. */
#include "commands/command.h"
#include "stream/join.h"

const struct command commands[] = {
	{ "watch", cmd_watch, "[FILTER]", "drops as they happen",
	  "  whydrop watch -s -r SOCKET_FILTER\n"
	  "  whydrop watch tcp port 443 and net 192.0.2.0/24\n",
	  ACCEPTS_ALL | ACCEPTS_SELECT | ACCEPTS_EVENTS | ACCEPTS_FILE |
	  BIT(OPT_HISTORY) | BIT(OPT_CURSOR) | BIT(OPT_HOST_LABELS) | BIT(OPT_LABEL) |
	  BIT(OPT_LIMIT) | BIT(OPT_DURATION) | BIT(OPT_READY_FD) |
	  BIT(OPT_NAMES), -1 },
	{ "list", cmd_list, "[FILTER]", "drops that are still in the rings",
	  "  whydrop list -N blue --at 'tcp_*'\n"
	  "  whydrop list -f drops.wd -j | jq .reason\n",
	  ACCEPTS_ALL | ACCEPTS_SELECT | ACCEPTS_EVENTS | ACCEPTS_FILE |
	  BIT(OPT_HOST_LABELS) | BIT(OPT_LABEL) | BIT(OPT_LIMIT) | BIT(OPT_NAMES), -1 },
	{ "count", cmd_count, "[FILTER]", "totals and rates, by reason, device, place or flow",
	  "  whydrop count\n  whydrop count --by at -r NETFILTER_DROP\n"
	  "  whydrop count --interval 10 --by dev\n",
	  ACCEPTS_ALL | ACCEPTS_SELECT | ACCEPTS_FILE | BIT(OPT_BY) |
	  LIMIT_ROWS | BIT(OPT_NO_HEADER) | BIT(OPT_EXIT_CODE) |
	  BIT(OPT_INTERVAL) | BIT(OPT_DURATION) | BIT(OPT_NAMES), -1 },
	{ "top", cmd_top, "[FILTER]", "totals on a full screen, refreshed; ? lists its keys",
	  "  whydrop top\n  whydrop top --by flow -i eth0\n"
	  "  ssh HOST cat /sys/kernel/debug/whydrop/raw | whydrop top -f -\n",
	  ACCEPTS_ALL | ACCEPTS_SELECT | ACCEPTS_FILE | BIT(OPT_BY) |
	  LIMIT_ROWS | BIT(OPT_NO_HEADER) | BIT(OPT_INTERVAL) |
	  BIT(OPT_DURATION) | BIT(OPT_NAMES), -1 },
	{ "stacks", cmd_stacks, "[FILTER]", "kernel stacks, with counts",
	  "  whydrop stacks -c 3\n  whydrop stacks -r NO_SOCKET -f drops.wd\n"
	  "  whydrop stacks --folded | flamegraph.pl > drops.svg\n",
	  ACCEPTS_ALL | ACCEPTS_SELECT | ACCEPTS_FILE | LIMIT_ROWS |
	  BIT(OPT_LINES) | BIT(OPT_BY) | BIT(OPT_FOLDED) | BIT(OPT_EXIT_CODE) | BIT(OPT_NAMES), -1 },
#ifndef SMALL
	{ "metrics", cmd_metrics, "", "counters for Prometheus, as OpenMetrics text",
	  "  whydrop metrics\n"
	  "  whydrop metrics -w /var/lib/prometheus/node-exporter/whydrop.prom\n",
	  BIT(OPT_HELP) | BIT(OPT_COLOR) | BIT(OPT_FILE) | BIT(OPT_WRITE) | BIT(OPT_LOSSES), 0 },
#endif
	{ "record", cmd_record, "-w FILE [FILTER]",
	  "save drops, old and new, to a file that -f reads",
	  "  whydrop record -w now.wd --duration 0\n"
	  "  whydrop record -w drops.wd -C 100 -W 10\n"
	  "  whydrop record -w test.wd --cmd 'make test'\n",
	  BIT(OPT_HELP) | BIT(OPT_COLOR) | ACCEPTS_SELECT | BIT(OPT_FILE) | BIT(OPT_WRITE) |
	  BIT(OPT_FILE_SIZE) | BIT(OPT_FILES) | BIT(OPT_CMD) |
	  BIT(OPT_LIMIT) | BIT(OPT_DURATION) | BIT(OPT_READY_FD) |
	  BIT(OPT_EXIT_CODE) | BIT(OPT_NAMES), -1 },
#ifndef SMALL
	{ "gather", cmd_gather, "HOST... -w FILE", "save drops of many hosts to one file, over ssh",
	  "  whydrop gather web1 web2 root@router -w drops.wd\n"
	  "  whydrop count --by host -f drops.wd\n",
	  BIT(OPT_HELP) | BIT(OPT_COLOR) | BIT(OPT_WRITE) | BIT(OPT_VIA) | BIT(OPT_ALIGN) |
	  BIT(OPT_DURATION), JOIN_HOSTS_MAX },
#endif
	{ "pcap", cmd_pcap, "-w FILE [FILTER]",
	  "save drops as packets for Wireshark, with reasons as comments",
	  "  whydrop pcap -w drops.pcapng -f drops.wd\n"
	  "  whydrop pcap -w - tcp port 443 | tshark -i - -T fields -e frame.comment\n"
	  "  ssh HOST whydrop pcap -w - | wireshark -k -i -\n",
	  BIT(OPT_HELP) | BIT(OPT_COLOR) | ACCEPTS_SELECT | ACCEPTS_FILE | BIT(OPT_WRITE) |
	  BIT(OPT_LIMIT) | BIT(OPT_DURATION) | BIT(OPT_READY_FD) | BIT(OPT_LINES) |
	  BIT(OPT_EXIT_CODE) | BIT(OPT_NAMES), -1 },
#ifndef SMALL
	{ "report", cmd_report, "-w FILE [FILTER]",
	  "save drops as a page for a browser: timeline, flame graph, advice",
	  "  whydrop report -w drops.html\n"
	  "  whydrop report -w drops.html -f drops.wd -r '!OTHERHOST'\n",
	  BIT(OPT_HELP) | BIT(OPT_COLOR) | ACCEPTS_SELECT | ACCEPTS_FILE | BIT(OPT_WRITE) |
	  BIT(OPT_EXIT_CODE) | BIT(OPT_NAMES), -1 },
	{ "losses", cmd_losses, "", "what all counters lost, from the card to the socket, seen or not",
	  "  whydrop losses\n  whydrop losses --interval 5\n"
	  "  whydrop losses -N blue --duration 10 -j | jq 'select(.seen == \"no\")'\n",
	  ACCEPTS_ALL | BIT(OPT_NETNS) | LIMIT_ROWS | BIT(OPT_NO_HEADER) |
	  BIT(OPT_INTERVAL) | BIT(OPT_DURATION) | BIT(OPT_READY_FD), 0 },
	{ "rule", cmd_rule, "[FILTER]", "which nftables rule drops these packets; adds a table, asks",
	  "  whydrop rule -i eth0\n"
	  "  whydrop rule --yes --duration 10 host 192.0.2.1 and tcp port 443\n",
	  BIT(OPT_HELP) | BIT(OPT_COLOR) | ACCEPTS_SELECT | BIT(OPT_YES) | LIMIT_FLOWS |
	  BIT(OPT_DURATION) | BIT(OPT_READY_FD), -1 },
	{ "alarm", cmd_alarm, "", "a line when drops exceed a rate or what is usual, and when no more",
	  "  whydrop alarm --when 'bad > 1/s for 5min' --when 'NETFILTER_DROP > 100/s'\n"
	  "  whydrop alarm --baseline /var/lib/whydrop.baseline --syslog\n"
	  "  whydrop alarm --when 'NO_SOCKET > 10/s for 30s' -f drops.wd\n",
	  ACCEPTS_ALL | BIT(OPT_WHEN) | BIT(OPT_BASELINE) | BIT(OPT_EXEC) | BIT(OPT_SYSLOG) |
	  ACCEPTS_FILE | INTERVAL_RATES | BIT(OPT_DURATION) | BIT(OPT_READY_FD) |
	  BIT(OPT_EXIT_CODE) | BIT(OPT_NAMES), 0 },
	{ "explain", cmd_explain, "[REASON|COUNTER|@FUNCTION...]", "what a reason means, and what to look at next",
	  "  whydrop explain            what was dropped here, with advice\n"
	  "  whydrop explain NO_SOCKET  causes, commands, places, devices\n"
	  "  whydrop explain @ip_error  what drops at a place in the kernel mean\n"
	  "  whydrop explain rx_missed_errors  a counter, as `whydrop losses' shows it\n",
	  ACCEPTS_ALL | ACCEPTS_FILE | BIT(OPT_CLASS) | LIMIT_ROWS | BIT(OPT_NAMES), 64 },
#endif
	{ "reasons", cmd_reasons, "", "all drop reasons of this kernel",
	  "  whydrop reasons -r '*SOCKET*'\n  whydrop reasons -k bad\n",
	  ACCEPTS_ALL | BIT(OPT_REASON) | BIT(OPT_CLASS) | BIT(OPT_FILE) | LIMIT_ROWS |
	  BIT(OPT_NO_HEADER), 0 },
	{ "fields", cmd_fields, "", "fields of an event, for -o and -j",
	  "  whydrop fields\n", ACCEPTS_ALL | BIT(OPT_NO_HEADER), 0 },
	{ "status", cmd_status, "", "the module, its settings, and what it counted",
	  "  whydrop status -v\n  whydrop status -f drops.wd\n",
	  ACCEPTS_ALL | BIT(OPT_FILE) | BIT(OPT_VERBOSE), 0 },
	{ "enable", cmd_enable, "", "start recording: register the probe; `disable' stops it",
	  "  whydrop enable\n", ACCEPTS_ALL, 0 },
	{ "disable", cmd_disable, "", "stop recording: unregister the probe",
	  "  whydrop disable\n", ACCEPTS_ALL, 0 },
	{ "reset", cmd_reset, "", "start all counts from zero",
	  "  whydrop reset\n", ACCEPTS_ALL, 0 },
	{ "set", cmd_set, "NAME=VALUE...", "change settings of the module; `reset' starts its counts from zero",
	  "  whydrop set stack_depth=32 stack_rate=0\n"
	  "  whydrop set reasons='!OTHERHOST,!QDISC_DROP'\n"
	  "  whydrop set packet_filter='tcp port 443'    # packet_filter= is all again\n",
	  ACCEPTS_ALL, 64 },
};

const size_t nr_commands = ARRAY_SIZE(commands);

const struct option_word option_words[] = {
	[OPT_REASON] = { "reason", 'r', true },
	[OPT_DEV] = { "dev", 'i', true },
	[OPT_NETNS] = { "netns", 'N', true },
	[OPT_COMM] = { "comm", 0, true },
	[OPT_AT] = { "at", 0, true },
	[OPT_CLASS] = { "class", 'k', true },
	[OPT_BENIGN] = { "benign", 0, true },
	[OPT_STACK] = { "stack", 's', false },
	[OPT_LINES] = { "lines", 'l', false },
	[OPT_VERBOSE] = { "verbose", 'v', false },
	[OPT_HEX] = { "hex", 'x', false },
	[OPT_FIELDS] = { "fields", 'o', true },
	[OPT_TIME] = { "time", 0, true },
	[OPT_NO_HEADER] = { "no-header", 'H', false },
	[OPT_JSON] = { "json", 'j', false },
	[OPT_COLOR] = { "color", 0, true },
	[OPT_LIMIT] = { "limit", 'c', true },
	[OPT_DURATION] = { "duration", 0, true },
	[OPT_EXIT_CODE] = { "exit-code", 0, false },
	[OPT_READY_FD] = { "ready-fd", 0, true },
	[OPT_FILE] = { "file", 'f', true },
	[OPT_HISTORY] = { "history", 0, false },
	[OPT_CURSOR] = { "cursor", 0, true },
	[OPT_HOST_LABELS] = { "host-labels", 0, false },
	[OPT_LABEL] = { "label", 0, true },
	[OPT_WRITE] = { "write", 'w', true },
	[OPT_BY] = { "by", 0, true },
	[OPT_FILE_SIZE] = { "file-size", 'C', true },
	[OPT_FILES] = { "files", 'W', true },
	[OPT_CMD] = { "cmd", 0, true },
	[OPT_NAMES] = { "names", 0, true },
	[OPT_YES] = { "yes", 'y', false },
	[OPT_WHEN] = { "when", 0, true },
	[OPT_BASELINE] = { "baseline", 0, true },
	[OPT_EXEC] = { "exec", 0, true },
	[OPT_SYSLOG] = { "syslog", 0, false },
	[OPT_SYSTEM_MAP] = { "system-map", 'S', true },
	[OPT_VIA] = { "via", 0, true },
	[OPT_ALIGN] = { "align-clocks", 0, false },
	[OPT_INTERVAL] = { "interval", 0, true },
	[OPT_FOLDED] = { "folded", 0, false },
	[OPT_LOSSES] = { "losses", 0, false },
	[OPT_HELP] = { "help", 'h', false },
	[OPT_VERSION] = { "version", 0, false },
};

const size_t nr_option_words = ARRAY_SIZE(option_words);
