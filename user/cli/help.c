// SPDX-License-Identifier: GPL-2.0-only
/* Prints --help, which is also where completion gets its descriptions from. */
#include <string.h>

#include "commands/command.h"

/* In one line, for commands that take both. */
#define CLASS_AND_BENIGN (BIT(OPT_CLASS) | BIT(OPT_BENIGN))
#define NETNS_AND_NAMES (BIT(OPT_NETNS) | BIT(OPT_NAMES))
#define HISTORY_AND_CURSOR (BIT(OPT_HISTORY) | BIT(OPT_CURSOR))
#define JSON_AND_LABELS (BIT(OPT_JSON) | BIT(OPT_HOST_LABELS) | BIT(OPT_LABEL))

/* Lines of help, for commands that take one of the options. */
static const struct help_line {
	uint64_t options;
	const char *text;
} help_lines[] = {
	{ BIT(OPT_WRITE), "-w, --write FILE    write to FILE; - is stdout" },
	{ BIT(OPT_FILE_SIZE), "-C, --file-size N   FILE.0, FILE.1, ... of N million bytes, or 64k, 10M" },
	{ BIT(OPT_FILES), "-W, --files N       keep N files, then overwrite the oldest" },
	{ BIT(OPT_CMD), "--cmd COMMAND       record while COMMAND runs, and exit with its status" },
	{ BIT(OPT_VIA), "--via PROGRAM       run as PROGRAM HOST COMMAND instead of ssh" },
	{ BIT(OPT_ALIGN), "--align-clocks      correct the times of hosts whose clocks are wrong" },
	{ BIT(OPT_YES), "-y, --yes           add the table without asking" },
	{ BIT(OPT_WHEN), "--when RULE         'REASON|CLASS > RATE[/s|/min|/h] [for TIME]'; several" },
	{ BIT(OPT_BASELINE), "--baseline FILE     learn what is usual of each reason, and keep it in FILE" },
	{ BIT(OPT_EXEC), "--exec COMMAND      run for each line, with variables, and JSON on stdin" },
	{ BIT(OPT_SYSLOG), "--syslog            also to the system's log" },
	{ BIT(OPT_BY), "--by WHAT           reason dev netns at comm flow class intent proc host" },
	{ BIT(OPT_INTERVAL), "--interval SECONDS  print again at this interval, with rates" },
	{ INTERVAL_RATES, "--interval SECONDS  rates are of so long, at least (10)" },
	{ BIT(OPT_FOLDED), "--folded            lines of frame;frame;REASON COUNT, for flame graphs" },
	{ BIT(OPT_LOSSES), "--losses            also other counters of lost packets, see `whydrop losses'" },
	{ BIT(OPT_HISTORY), "--history           first show the drops that are still in the rings" },
	{ BIT(OPT_CURSOR), "--cursor FILE       go on behind what was written out, as FILE says; with -j" },
	{ HISTORY_AND_CURSOR, "--history           show the rings first; --cursor FILE: resume as FILE says" },
	{ BIT(OPT_REASON), "-r, --reason LIST   these reasons: names, patterns, numbers; !NAME excludes" },
	{ BIT(OPT_DEV), "-i, --dev LIST      these devices, in the same way; - is no device" },
	{ BIT(OPT_NETNS), "-N, --netns LIST    these network namespaces: NAME, INODE, pid:N" },
	{ BIT(OPT_NAMES), "--names WHICH       show names of namespaces: on (default) or off" },
	{ NETNS_AND_NAMES, "-N, --netns LIST    namespaces: NAME, INODE, pid:N; --names off: no names" },
	{ BIT(OPT_COMM), "--comm LIST         these tasks, by name or pattern" },
	{ BIT(OPT_AT), "--at LIST           these places: functions of the kernel, or patterns" },
	{ BIT(OPT_BENIGN), "--benign WHICH      show (default) or hide drops that are usually harmless" },
	{ BIT(OPT_CLASS), "-k, --class LIST    by INTENT (usual, suspicious, bad) or by CLASS (policy/*)" },
	{ CLASS_AND_BENIGN, "-k, --class LIST    INTENT or CLASS: bad, policy/*; --benign hide: harmless" },
	{ BIT(OPT_STACK), "-s, --stack         with the kernel stack; -l, --lines: with source lines too" },
	{ BIT(OPT_LINES), "-l, --lines         with source lines, where debug information is installed" },
	{ BIT(OPT_STACK), "-v, -x              more lines: --verbose fields, --hex dump" },
	{ BIT(OPT_VERBOSE), "-v, --verbose       all counters of the module, and those of each CPU" },
	{ BIT(OPT_FIELDS), "-o, --fields LIST   only these fields, see `whydrop fields'" },
	{ BIT(OPT_TIME), "--time WHICH        abs, utc, rel, mono or none" },
	{ BIT(OPT_NO_HEADER), "-H, --no-header     no header line" },
	{ BIT(OPT_JSON), "-j, --json          JSON, one object per line" },
	{ BIT(OPT_HOST_LABELS), "--host-labels       node, boot_id and load_id in each line of -j" },
	{ BIT(OPT_LABEL), "--label KEY=VALUE   \"label_KEY\":\"VALUE\" in each line of -j" },
	{ JSON_AND_LABELS, "-j, --json          JSON lines; with --host-labels; with --label KEY=VALUE" },
	{ BIT(OPT_LIMIT), "-c, --limit N       stop after N drops" },
	{ LIMIT_FLOWS, "-c, --limit N       follow N flows at most (8), for 30 seconds" },
	{ LIMIT_ROWS, "-c, --limit N       show the first N rows only" },
	{ BIT(OPT_DURATION), "--duration SECONDS  stop after this time" },
	{ BIT(OPT_EXIT_CODE), "--exit-code         exit with status 10 if anything matched" },
	{ BIT(OPT_READY_FD), "--ready-fd N        write a newline to descriptor N once reading has begun" },
	{ BIT(OPT_FILE), "-f, --file FILE     read recordings instead: a file or directory; - is stdin" },
	{ BIT(OPT_SYSTEM_MAP), "-S, --system-map FILE  names of functions, if the kernel has none itself" },
	{ ACCEPTS_FILE, "-f, --file FILE     read recordings; - is stdin; -S, --system-map FILE: names" },
};

static bool is_for(const struct help_line *line, const struct command *cmd)
{
	uint64_t other = line->options ^ cmd->accepts;

	/* What -c limits is one or the other, and what --interval is of. */
	if ((line->options & BIT(OPT_LIMIT) && other & (LIMIT_ROWS | LIMIT_FLOWS)) ||
	    (line->options & BIT(OPT_INTERVAL) && other & INTERVAL_RATES))
		return false;
	return cmd->accepts & line->options;
}

const char *option_help(const struct command *cmd, enum option_id option)
{
	const char *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(help_lines); i++) {
		if (!is_for(&help_lines[i], cmd) || !(help_lines[i].options & BIT(option)))
			continue;
		/* Behind the option and its argument. */
		text = strstr(help_lines[i].text, "  ");
		return text + strspn(text, " ");
	}
	return "";
}

void help_command(struct out *o, const struct command *cmd)
{
	uint64_t seen = 0;
	size_t i;

	out_fmt(o, "Usage: whydrop %s [OPTIONS]%s%s\n", cmd->name, *cmd->args ? " " : "", cmd->args);
	out_fmt(o, "%s\n", cmd->summary);
	for (i = 0; i < ARRAY_SIZE(help_lines); i++) {
		uint64_t bits = help_lines[i].options;

		/*
		 * -v of events is described with -x, -l with -s, --benign with -k, --names with -N,
		 * labels with -j, -S with -f.
		 */
		if ((bits == BIT(OPT_VERBOSE) || bits == BIT(OPT_LINES)) && seen & BIT(OPT_STACK))
			continue;
		if (bits == BIT(OPT_HISTORY) || bits == BIT(OPT_CURSOR) || bits == BIT(OPT_HOST_LABELS) ||
		    bits == BIT(OPT_LABEL) || bits == BIT(OPT_SYSTEM_MAP))
			continue;
		if (bits & BIT(OPT_JSON) && (bits == JSON_AND_LABELS) != !!(cmd->accepts & BIT(OPT_LABEL)))
			continue;
		if (bits & CLASS_AND_BENIGN &&
		    (bits == CLASS_AND_BENIGN) != !!(cmd->accepts & BIT(OPT_BENIGN)))
			continue;
		if (bits & NETNS_AND_NAMES &&
		    (bits == NETNS_AND_NAMES) != !(NETNS_AND_NAMES & ~cmd->accepts))
			continue;
		if (bits & BIT(OPT_FILE) && (bits == ACCEPTS_FILE) != !(ACCEPTS_FILE & ~cmd->accepts))
			continue;
		if (is_for(&help_lines[i], cmd))
			out_fmt(o, "  %s\n", help_lines[i].text);
		seen |= cmd->accepts & bits;
	}
	if (cmd->max_args < 0)
		out_str(o, "  FILTER              a pcap-filter(7) expression; options go before it\n");
	out_str(o, "Examples:\n");
	out_str(o, cmd->examples);
}

void help_all(struct out *o)
{
	size_t i;

	out_str(o, "Usage: whydrop COMMAND [OPTIONS] [FILTER]  (packets that this kernel drops)\n");
	/* What fits a screen: `disable' is with `enable', `reset' with `set'. */
	for (i = 0; i < nr_commands; i++)
		if (commands[i].run != cmd_disable && commands[i].run != cmd_reset)
			out_fmt(o, "  %-8s %s\n", commands[i].name, commands[i].summary);
	out_str(o, "FILTER: a pcap-filter(7) expression, as `tcp port 443'; options go before it\n"
		"Options: whydrop COMMAND --help; all take --color WHEN, -h, --help; --version\n"
		"Exit status: 0 done, 1 failed, 2 usage, 3 nothing to read, 10 see --exit-code\n"
		"Examples: ssh HOST cat /sys/kernel/debug/whydrop/raw | whydrop watch -f -\n");
}
