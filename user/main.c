// SPDX-License-Identifier: GPL-2.0-only
/* whydrop: the command line and help. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../module/version.h"
#include "cmd.h"

const struct option_word option_words[] = {
	[OPT_REASON] = { "reason", 'r', true },
	[OPT_DEV] = { "dev", 'i', true },
	[OPT_NETNS] = { "netns", 'N', true },
	[OPT_COMM] = { "comm", 0, true },
	[OPT_AT] = { "at", 0, true },
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
	[OPT_WRITE] = { "write", 'w', true },
	[OPT_BY] = { "by", 0, true },
	[OPT_FILE_SIZE] = { "file-size", 'C', true },
	[OPT_FILES] = { "files", 'W', true },
	[OPT_CMD] = { "cmd", 0, true },
	[OPT_INTERVAL] = { "interval", 0, true },
	[OPT_FOLDED] = { "folded", 0, false },
	[OPT_HELP] = { "help", 'h', false },
	[OPT_VERSION] = { "version", 0, false },
};

const size_t nr_option_words = ARRAY_SIZE(option_words);

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

static void help_command(struct out *o, const struct command *cmd)
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

static void help_all(struct out *o)
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

static int wrong_value(const char *option, const char *value, const char *is)
{
	complain("--%s %s: it is %s", option, value, is);
	return EXIT_USAGE;
}

static int choose(const char *value, const char *const *names, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(value, names[i]))
			return i;
	return -1;
}

static int apply(struct options *opt, enum option which, const char *value,
		 enum colour_when *colour)
{
	static const char *const times[] = {
		[WHEN_ABS] = "abs", [WHEN_UTC] = "utc", [WHEN_REL] = "rel",
		[WHEN_MONO] = "mono", [WHEN_NONE] = "none",
	};
	static const char *const colours[] = {
		[COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};
	const char *name = option_words[which].name;
	uint64_t val;
	int n;

	switch (which) {
	case OPT_REASON: return select_reason(&opt->sel, value);
	case OPT_DEV: return select_dev(&opt->sel, value);
	case OPT_NETNS: return select_netns(&opt->sel, value);
	case OPT_COMM: return select_comm(&opt->sel, value);
	case OPT_AT: return select_at(&opt->sel, value);
	case OPT_FIELDS: return fields_choose(&opt->fmt, value);
	case OPT_STACK: opt->fmt.stack = true; break;
	case OPT_LINES:
		if (lines_supported())
			return EXIT_USAGE;
		opt->fmt.lines = opt->fmt.stack = true;
		break;
	case OPT_VERBOSE: opt->fmt.verbose = true; break;
	case OPT_HEX: opt->fmt.hex = true; break;
	case OPT_NO_HEADER: opt->fmt.header = false; break;
	case OPT_JSON: opt->json = true; break;
	case OPT_EXIT_CODE: opt->exit_code = true; break;
	case OPT_HISTORY: opt->history = true; break;
	case OPT_FILE: opt->file = value; break;
	case OPT_WRITE: opt->write = value; break;
	case OPT_BY: opt->by = value; break;
	case OPT_CMD: opt->cmd_line = value; break;
	case OPT_FILE_SIZE:
		if (!parse_size(value, &opt->file_size))
			return wrong_value(name, value, "a number of millions, or with k, M or G");
		break;
	case OPT_FILES:
		if (!parse_u64(value, 1000000, &val) || !val)
			return wrong_value(name, value, "a number from 1 to 1000000");
		opt->files = val;
		break;
	case OPT_FOLDED: opt->folded = true; break;
	case OPT_INTERVAL:
		if (!parse_seconds(value, &opt->interval_ms) || opt->interval_ms < 100)
			return wrong_value(name, value, "a number of seconds from 0.1 on");
		break;
	case OPT_BENIGN:
		opt->sel.hide_benign = !strcmp(value, "hide");
		if (!opt->sel.hide_benign && strcmp(value, "show"))
			return wrong_value(name, value, "show or hide");
		break;
	case OPT_TIME:
		n = choose(value, times, ARRAY_SIZE(times));
		if (n < 0)
			return wrong_value(name, value,
					   "abs, utc, rel, mono or none");
		opt->fmt.when = n;
		break;
	case OPT_COLOR:
		n = choose(value, colours, ARRAY_SIZE(colours));
		if (n < 0)
			return wrong_value(name, value,
					   "auto, always or never");
		*colour = n;
		break;
	case OPT_LIMIT:
		if (!parse_u64(value, UINT64_MAX - 1, &val) || !val)
			return wrong_value(name, value, "a number from 1 on");
		opt->limit = val;
		break;
	case OPT_DURATION:
		if (!parse_seconds(value, &opt->duration_ms))
			return wrong_value(name, value, "a number of seconds");
		break;
	case OPT_READY_FD:
		if (!parse_u64(value, 65535, &val) ||
		    fcntl((int)val, F_GETFD) < 0)
			return wrong_value(name, value,
					   "the number of an open descriptor");
		opt->ready_fd = val;
		break;
	case OPT_HELP: case OPT_VERSION: break;
	}
	return 0;
}

static int unknown_option(const char *name, size_t len)
{
	char typed[64], text[64];
	struct nearest near = { .typed = typed };
	size_t i;

	snprintf(typed, sizeof(typed), "--%.*s", (int)MIN(len, 60), name);
	complain("unknown option `%s'", typed);
	for (i = 0; i < ARRAY_SIZE(option_words); i++) {
		snprintf(text, sizeof(text), "--%s", option_words[i].name);
		nearest_add(&near, text);
	}
	if (near.nr)
		nearest_say(&near);
	else
		hint("whydrop COMMAND --help lists a command's options");
	return EXIT_USAGE;
}

/* One word that starts with "-", or more if it has an argument. */
static int parse_option(struct options *opt, char ***word, uint64_t *given,
			enum colour_when *colour)
{
	bool is_long = (**word)[1] == '-';
	const char *p = **word + (is_long ? 2 : 1), *value;
	size_t len, i;
	int err = 0;

	do {
		len = is_long ? strcspn(p, "=") : 1;
		for (i = 0; i < ARRAY_SIZE(option_words); i++)
			if (is_long ? strlen(option_words[i].name) == len &&
				      !strncmp(option_words[i].name, p, len) :
				      option_words[i].letter == *p)
				break;
		if (i == ARRAY_SIZE(option_words) && is_long)
			return unknown_option(p, len);
		if (i == ARRAY_SIZE(option_words)) {
			complain("unknown option `-%c'", *p);
			return EXIT_USAGE;
		}
		p += len;
		value = NULL;
		if (option_words[i].takes) {
			if (*p)
				value = p + is_long;
			else
				value = *++*word;
			if (!value) {
				complain("--%s needs an argument",
					 option_words[i].name);
				return EXIT_USAGE;
			}
			p = "";
		} else if (is_long && *p) {
			complain("--%s takes no argument", option_words[i].name);
			return EXIT_USAGE;
		}
		*given |= BIT(i);
		err = apply(opt, i, value, colour);
	} while (!err && *p);
	return err;
}

static const struct command *find_command(const char *name)
{
	struct nearest near = { .typed = name };
	size_t i;

	for (i = 0; i < nr_commands; i++) {
		if (!strcmp(commands[i].name, name))
			return &commands[i];
		nearest_add(&near, commands[i].name);
	}
	complain("unknown command `%s'", name);
	if (near.nr)
		nearest_say(&near);
	else
		hint("whydrop --help lists the commands");
	return NULL;
}

static int check(struct options *opt, uint64_t given)
{
	const struct command *cmd = opt->cmd;
	uint64_t wrong = given & ~(cmd->accepts | BIT(OPT_VERSION));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(option_words); i++) {
		if (!(wrong & BIT(i)))
			continue;
		complain("--%s is no option of `whydrop %s'", option_words[i].name,
			 cmd->name);
		return EXIT_USAGE;
	}
	if (opt->nr_arg && cmd->max_args < 0)
		return select_expr(&opt->sel, opt->arg, opt->nr_arg);
	if (cmd->max_args >= 0 && opt->nr_arg > cmd->max_args) {
		complain("`whydrop %s' does not know what to do with `%s'",
			 cmd->name, opt->arg[cmd->max_args]);
		return EXIT_USAGE;
	}
	return 0;
}

static int parse(struct options *opt, char **argv, uint64_t *given,
		 enum colour_when *colour)
{
	bool only_words = false;
	char **word;
	int err;

	for (word = argv + 1; *word; word++) {
		if (!only_words && !strcmp(*word, "--")) {
			only_words = true;
		} else if (!only_words && **word == '-' && (*word)[1]) {
			err = parse_option(opt, &word, given, colour);
			if (err)
				return err;
		} else if (!opt->cmd && !strcmp(*word, "help")) {
			*given |= BIT(OPT_HELP);
		} else if (!opt->cmd && !strcmp(*word, "version")) {
			*given |= BIT(OPT_VERSION);
		} else if (!opt->cmd) {
			opt->cmd = find_command(*word);
			if (!opt->cmd)
				return EXIT_USAGE;
		} else {
			opt->arg[opt->nr_arg++] = *word;
			/* An expression goes to the end of the line. */
			only_words |= opt->cmd->max_args < 0;
		}
	}
	return 0;
}

static int run(struct options *opt, char **argv)
{
	enum colour_when colour = COLOUR_AUTO;
	uint64_t given = 0;
	int err;

	if (argv[1] && !strcmp(argv[1], "--complete")) {
		out_init(opt->out, STDOUT_FILENO, COLOUR_NEVER);
		return complete(opt, argv + 2);
	}
	err = parse(opt, argv, &given, &colour);
	if (err)
		return err;
	out_init(opt->out, STDOUT_FILENO, opt->json ? COLOUR_NEVER : colour);
	if (given & BIT(OPT_VERSION)) {
		out_fmt(opt->out, "whydrop %s, reads ABI %d.x\n",
			WHYDROP_VERSION, WHYDROP_ABI_MAJOR);
		return 0;
	}
	if (given & BIT(OPT_HELP)) {
		if (opt->cmd)
			help_command(opt->out, opt->cmd);
		else
			help_all(opt->out);
		return 0;
	}
	if (!opt->cmd) {
		opt->out->fd = STDERR_FILENO;
		help_all(opt->out);
		return EXIT_USAGE;
	}
	err = check(opt, given);
	if (!err && opt->fmt.lines)
		opt->lines = lines_new();
	return err ? err : opt->cmd->run(opt);
}

int main(int argc, char **argv)
{
	static struct out out;
	struct options opt = {
		.out = &out, .limit = UINT64_MAX, .duration_ms = -1,
		.ready_fd = -1,
	};
	int err, fd;

	/* A file opened later must not become one of these. */
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	close(fd);
	signal(SIGPIPE, SIG_IGN);

	opt.debugfs = getenv("WHYDROP_DEBUGFS");
	if (!opt.debugfs)
		opt.debugfs = "/sys/kernel/debug/whydrop";
	opt.parameters = getenv("WHYDROP_PARAMETERS");
	if (!opt.parameters)
		opt.parameters = "/sys/module/whydrop/parameters";
	opt.arg = need(calloc(argc + 1, sizeof(*opt.arg)));
	fmt_init(&opt.fmt, &out);

	err = run(&opt, argv);
	out_flush(&out);
	if (out.err && out.err != EPIPE) {
		complain("cannot write to stdout: %s", strerror(out.err));
		err = err && err != EXIT_MATCHED ? err : EXIT_FAILED;
	}
	select_free(&opt.sel);
	lines_free(opt.lines);
	free(opt.fmt.chosen);
	free(opt.arg);
	return err;
}
