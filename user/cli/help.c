// SPDX-License-Identifier: GPL-2.0-only
/* What --help says, and so what completion does. */
#include <string.h>

#include "commands/command.h"

/* Lines of help, for commands that take one of the options. */
static const struct {
	uint64_t options;
	const char *text;
} help_lines[] = {
	{ BIT(OPT_WRITE), "-w, --write FILE    write there; - is stdout" },
	{ BIT(OPT_FILE_SIZE), "-C, --file-size N   files of N million bytes, or 64k, 10M: FILE.0, FILE.1" },
	{ BIT(OPT_FILES), "-W, --files N       so many; then the oldest is overwritten" },
	{ BIT(OPT_CMD), "--cmd COMMAND       while that runs; its exit status is passed on" },
	{ BIT(OPT_BY), "--by WHAT           group by reason, dev, netns, at, comm, flow" },
	{ BIT(OPT_INTERVAL), "--interval SECONDS  again each time, with the rates in between" },
	{ BIT(OPT_FOLDED), "--folded            frame;frame;REASON COUNT, for flame graphs" },
	{ BIT(OPT_HISTORY), "--history           first what the ring holds" },
	{ BIT(OPT_REASON), "-r, --reason LIST   these reasons: names, globs, numbers; !NAME: not it" },
	{ BIT(OPT_DEV), "-i, --dev LIST      these devices, likewise; - is none" },
	{ BIT(OPT_NETNS), "-N, --netns LIST    these namespaces: NAME, INODE, pid:N" },
	{ BIT(OPT_COMM), "--comm LIST         these tasks" },
	{ BIT(OPT_AT), "--at LIST           these places: SYMBOL or a glob" },
	{ BIT(OPT_BENIGN), "--benign WHICH      show (default), or hide what usually is no loss" },
	{ BIT(OPT_STACK), "-s, --stack         with the kernel stack; -l, --lines: and its source lines" },
	{ BIT(OPT_LINES), "-l, --lines         with source lines, if debug information is at hand" },
	{ BIT(OPT_STACK), "-v, -x              more lines: --verbose fields, --hex dump" },
	{ BIT(OPT_VERBOSE), "-v, --verbose       each CPU's numbers too" },
	{ BIT(OPT_FIELDS), "-o, --fields LIST   these fields, see `whydrop fields'" },
	{ BIT(OPT_TIME), "--time WHICH        abs, utc, rel, mono, none" },
	{ BIT(OPT_NO_HEADER), "-H, --no-header     no header line" },
	{ BIT(OPT_JSON), "-j, --json          JSON, one object a line" },
	{ BIT(OPT_LIMIT), "-c, --limit N       stop after N" },
	{ BIT(OPT_DURATION), "--duration SECONDS  stop then" },
	{ BIT(OPT_EXIT_CODE), "--exit-code         exit status 10 if anything matched" },
	{ BIT(OPT_READY_FD), "--ready-fd N        newline to descriptor N once reading has begun" },
	{ BIT(OPT_FILE), "-f, --file FILE     a recording instead of this kernel; - is stdin" },
};

const char *option_help(const struct command *cmd, enum option option)
{
	const char *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(help_lines); i++) {
		if (!(cmd->accepts & help_lines[i].options & BIT(option)))
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

	out_fmt(o, "Usage: whydrop %s [OPTIONS] %s\n", cmd->name, cmd->args);
	out_fmt(o, "%s\n", cmd->summary);
	for (i = 0; i < ARRAY_SIZE(help_lines); i++) {
		uint64_t bits = help_lines[i].options;

		/* -v of events is told with -x, -l with -s. */
		if ((bits == BIT(OPT_VERBOSE) || bits == BIT(OPT_LINES)) && seen & BIT(OPT_STACK))
			continue;
		if (cmd->accepts & bits)
			out_fmt(o, "  %s\n", help_lines[i].text);
		seen |= cmd->accepts & bits;
	}
	out_str(o, "Examples:\n");
	out_str(o, cmd->examples);
}

void help_all(struct out *o)
{
	size_t i;

	out_str(o, "Usage: whydrop [OPTIONS] COMMAND [OPTIONS] [FILTER]\n"
		"Why, where, which and how many packets this kernel drops.\n");
	for (i = 0; i < nr_commands; i++)
		out_fmt(o, "  %-8s %s\n", commands[i].name,
			commands[i].summary);
	out_str(o, "Options: whydrop COMMAND --help; of all: --color WHEN, -h, --help; --version\n"
		"Exit: 0 done, 1 failed, 2 usage, 3 no source, 10 see --exit-code\n"
		"Examples:\n"
		"  whydrop watch              who is hit, and why\n"
		"  whydrop explain            how often since load, and what to do about it\n"
		"  ssh HOST cat /sys/kernel/debug/whydrop/raw | whydrop watch -f -\n");
}
