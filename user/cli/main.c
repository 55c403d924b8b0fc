// SPDX-License-Identifier: GPL-2.0-only
/* Parses the command line and runs the command. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../module/version.h"
#include "cli/extcap.h"
#include "commands/command.h"

static int wrong_value(const char *option, const char *value, const char *valid)
{
	complain("--%s: `%s' is not %s", option, value, valid);
	return EXIT_USAGE;
}

static int index_of(const char *value, const char *const *names, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(value, names[i]))
			return i;
	return -1;
}

/* What a command that is suggested needs, to be about the same. */
static void add_again(struct options *opt, const char *file)
{
	char *word = shell_word(file);

	opt->rq.again = need(realloc(opt->rq.again, strlen(opt->rq.again) + strlen(word) + 5));
	strcat(strcat(opt->rq.again, " -f "), word);
	free(word);
}

static int apply(struct options *opt, enum option_id which, const char *value,
		 enum color_when *color)
{
	static const char *const times[] = {
		[WHEN_ABS] = "abs", [WHEN_UTC] = "utc", [WHEN_REL] = "rel",
		[WHEN_MONO] = "mono", [WHEN_NONE] = "none",
	};
	static const char *const colors[] = {
		[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always",
		[COLOR_NEVER] = "never",
	};
	const char *name = option_words[which].name;
	uint64_t val;
	int n;

	switch (which) {
	case OPT_REASON: return select_reason(&opt->rq.sel, value);
	case OPT_DEV: return select_dev(&opt->rq.sel, value);
	case OPT_NETNS: return select_netns(&opt->rq.sel, value);
	case OPT_COMM: return select_comm(&opt->rq.sel, value);
	case OPT_AT: return select_at(&opt->rq.sel, value);
	case OPT_CLASS: return select_class(&opt->rq.sel, value);
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
	case OPT_CURSOR: opt->cursor = value; break;
	case OPT_HOST_LABELS: opt->fmt.labels.host = true; break;
	case OPT_LABEL: return labels_add(&opt->fmt.labels, value);
	case OPT_FILE:
		inputs_add(&opt->rq.in, value);
		if (!opt->rq.file)
			opt->rq.file = value;
		add_again(opt, value);
		break;
	case OPT_WRITE: opt->write = value; break;
	case OPT_BY: opt->by = value; break;
	case OPT_CMD: opt->cmd_line = value; break;
	case OPT_NAMES:
		opt->no_names = !strcmp(value, "off");
		if (!opt->no_names && strcmp(value, "on"))
			return wrong_value(name, value, "on or off");
		break;
	case OPT_YES: opt->yes = true; break;
	case OPT_WHEN:
		if (opt->nr_when == ARRAY_SIZE(opt->when))
			return wrong_value(name, value, "one of the first 64 rules");
		opt->when[opt->nr_when++] = value;
		break;
	case OPT_BASELINE: opt->baseline = value; break;
	case OPT_EXEC: opt->exec = value; break;
	case OPT_SYSLOG: opt->syslog = true; break;
	case OPT_SYSTEM_MAP:
		sysmap_free(opt->rq.map);
		opt->rq.map = sysmap_read(value);
		return opt->rq.map ? 0 : EXIT_FAILED;
	case OPT_VIA: opt->via = value; break;
	case OPT_ALIGN: opt->align_clocks = true; break;
	case OPT_FILE_SIZE:
		if (!parse_size(value, &opt->file_size))
			return wrong_value(name, value, "a number of million bytes, or of k, M or G, such as 100 or 64k");
		break;
	case OPT_FILES:
		if (!parse_u64(value, 1000000, &val) || !val)
			return wrong_value(name, value, "a number from 1 to 1000000");
		opt->files = val;
		break;
	case OPT_FOLDED: opt->folded = true; break;
	case OPT_LOSSES: opt->losses = true; break;
	case OPT_INTERVAL:
		if (!parse_seconds(value, &opt->interval_ms) || opt->interval_ms < 100)
			return wrong_value(name, value, "a number of seconds, at least 0.1");
		break;
	case OPT_BENIGN:
		opt->rq.sel.hide_benign = !strcmp(value, "hide");
		if (!opt->rq.sel.hide_benign && strcmp(value, "show"))
			return wrong_value(name, value, "show or hide");
		break;
	case OPT_TIME:
		n = index_of(value, times, ARRAY_SIZE(times));
		if (n < 0)
			return wrong_value(name, value,
					   "abs, utc, rel, mono or none");
		opt->fmt.when = n;
		break;
	case OPT_COLOR:
		n = index_of(value, colors, ARRAY_SIZE(colors));
		if (n < 0)
			return wrong_value(name, value,
					   "auto, always or never");
		*color = n;
		break;
	case OPT_LIMIT:
		if (!parse_u64(value, UINT64_MAX - 1, &val) || !val)
			return wrong_value(name, value, "a number of at least 1");
		opt->rq.limit = val;
		break;
	case OPT_DURATION:
		if (!parse_seconds(value, &opt->rq.duration_ms))
			return wrong_value(name, value, "a number of seconds, such as 10 or 0.5");
		break;
	case OPT_READY_FD:
		if (!parse_u64(value, 65535, &val) ||
		    fcntl((int)val, F_GETFD) < 0)
			return wrong_value(name, value,
					   "the number of an open descriptor");
		opt->rq.ready_fd = val;
		break;
	case OPT_HELP: case OPT_VERSION: break;
	}
	return 0;
}

/* getopt_long() returns this and a number of enum option_id, or a letter. */
#define LONG_OPTION 256

static enum option_id option_of(int val)
{
	size_t i;

	if (val >= LONG_OPTION)
		return val - LONG_OPTION;
	for (i = 0; i < nr_option_words; i++)
		if (option_words[i].letter == val)
			break;
	return i;
}

/*
 * getopt_long() takes the beginning of a name for the whole. Scripts would break
 * when a new option begins the same, so only whole ones are valid.
 */
static bool is_abbreviated(const char *word)
{
	size_t i, len = strcspn(word, "=");

	if (strncmp(word, "--", 2) || !word[2])
		return false;
	for (i = 0; i < nr_option_words; i++)
		if (strlen(option_words[i].name) == len - 2 &&
		    !strncmp(option_words[i].name, word + 2, len - 2))
			return false;
	return true;
}

/* @word is that of a long one; @val what getopt_long() gave in optopt. */
static int wrong_option(const char *word, int val, bool needs)
{
	size_t i = val ? option_of(val) : nr_option_words;
	char typed[64], text[64];
	struct nearest near = { .typed = typed };

	if (i < nr_option_words) {
		complain(needs ? "--%s needs an argument" : "--%s takes no argument",
			 option_words[i].name);
		return EXIT_USAGE;
	}
	if (val)
		snprintf(typed, sizeof(typed), "-%c", val);
	else
		snprintf(typed, sizeof(typed), "%.*s", (int)MIN(strcspn(word, "="), 62), word);
	complain("unknown option `%s'", typed);
	for (i = 0; !val && i < nr_option_words; i++) {
		snprintf(text, sizeof(text), "--%s", option_words[i].name);
		nearest_add(&near, text);
	}
	if (near.nr)
		nearest_report(&near);
	else
		hint("whydrop COMMAND --help lists a command's options");
	return EXIT_USAGE;
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
#ifdef SMALL
	if (match_words("metrics gather report losses rule alarm explain", name, false)) {
		complain("this is the small reader, which has no `%s'", name);
		hint("record with `whydrop record -w FILE', and read FILE on another host");
		return NULL;
	}
#endif
	complain("unknown command `%s'", name);
	if (near.nr)
		nearest_report(&near);
	else
		hint("whydrop --help lists the commands");
	return NULL;
}

/*
 * A word of an expression that looks like an option was most likely meant as one, and a
 * file as one more recording: a shell that sees a pattern makes words of it.
 */
static void hint_order(const struct options *opt)
{
	int i;

	for (i = 0; i < opt->nr_arg; i++) {
		const char *word = opt->arg[i];

		if (*word == '-' && (isalpha((unsigned char)word[1]) || word[1] == '-')) {
			hint("options go before the expression: whydrop %s %s ...", opt->cmd->name,
			     word);
			return;
		}
		if (opt->rq.file && !access(word, F_OK)) {
			hint("quote a pattern of files, or repeat -f: -f %s -f %s", opt->rq.file,
			     word);
			return;
		}
	}
}

static int check(struct options *opt, uint64_t given)
{
	const struct command *cmd = opt->cmd;
	uint64_t wrong = given & ~(cmd->accepts | BIT(OPT_VERSION));
	size_t i;

	for (i = 0; i < nr_option_words; i++) {
		if (!(wrong & BIT(i)))
			continue;
		complain("`whydrop %s' has no option --%s", cmd->name, option_words[i].name);
		hint("`whydrop %s --help' lists its options", cmd->name);
		return EXIT_USAGE;
	}
	if (!opt->json && given & (BIT(OPT_CURSOR) | BIT(OPT_HOST_LABELS) | BIT(OPT_LABEL))) {
		complain("--cursor, --host-labels and --label are for JSON: add -j");
		return EXIT_USAGE;
	}
	if (opt->cursor && opt->rq.file) {
		complain("--cursor: a recording has no position to go on from");
		return EXIT_USAGE;
	}
	/* Fatal in a recording, where the newline would be the first byte. */
	if (opt->rq.ready_fd == STDOUT_FILENO && opt->write && !strcmp(opt->write, "-")) {
		complain("--ready-fd: 1 is stdout, which has the data");
		return EXIT_USAGE;
	}
	if (opt->nr_arg && cmd->max_args < 0) {
		int err = select_expr(&opt->rq.sel, opt->arg, opt->nr_arg);

		if (err)
			hint_order(opt);
		return err;
	}
	if (cmd->max_args >= 0 && opt->nr_arg > cmd->max_args) {
		complain("unexpected argument `%s'", opt->arg[cmd->max_args]);
		hint("usage: whydrop %s [OPTIONS] %s", cmd->name, cmd->args);
		return EXIT_USAGE;
	}
	return 0;
}

/* One that is no option, nor an argument of one. */
static int parse_word(struct options *opt, char *word, uint64_t *given)
{
	if (opt->cmd) {
		opt->arg[opt->nr_arg++] = word;
	} else if (!strcmp(word, "help")) {
		*given |= BIT(OPT_HELP);
	} else if (!strcmp(word, "version")) {
		*given |= BIT(OPT_VERSION);
	} else {
		opt->cmd = find_command(word);
		if (!opt->cmd)
			return EXIT_USAGE;
	}
	return 0;
}

static int parse(struct options *opt, int argc, char **argv, uint64_t *given,
		 enum color_when *color)
{
	struct option *table = need(calloc(nr_option_words + 1, sizeof(*table)));
	/* "+": in the order they are in, ":": a missing argument is an error of its own. */
	char letters[2 * 64 + 3] = "+:", *p = letters + 2;
	bool only_words = false;
	int c, at, err = 0;
	size_t i;

	for (i = 0; i < nr_option_words; i++) {
		const struct option_word *o = &option_words[i];

		table[i] = (struct option){ o->name, o->takes_value ? required_argument : no_argument,
					    NULL, LONG_OPTION + (int)i };
		if (o->letter) {
			*p++ = o->letter;
			if (o->takes_value)
				*p++ = ':';
		}
	}
	opterr = 0;
	optind = 0;
	for (at = 1; !err && at < argc; at = optind) {
		if (!only_words && is_abbreviated(argv[at])) {
			err = wrong_option(argv[at], 0, false);
			break;
		}
		c = only_words ? -1 : getopt_long(argc, argv, letters, table, NULL);
		if (c == '?' || c == ':') {
			err = wrong_option(argv[optind - 1], optopt, c == ':');
		} else if (c != -1) {
			enum option_id which = option_of(c);

			*given |= BIT(which);
			err = apply(opt, which, optarg, color);
		} else if (!only_words && optind > at) {
			only_words = true;	/* "--" */
		} else {
			err = parse_word(opt, argv[optind++], given);
			/* An expression goes to the end of the line. */
			only_words |= opt->nr_arg && opt->cmd->max_args < 0;
		}
	}
	free(table);
	return err;
}

/* A namespace may be named on the command line though no name is shown. */
static int prepare_names(struct options *opt, struct names *names)
{
	if (opt->cmd->accepts & BIT(OPT_NAMES) && !opt->no_names) {
		opt->rq.names = opt->fmt.names = names;
		sections_names(opt);
	}
	return select_find_netns(&opt->rq.sel, names, opt->rq.file ? opt->rq.names : NULL);
}

static int run(struct options *opt, struct names *names, int argc, char **argv)
{
	enum color_when color = COLOR_AUTO;
	uint64_t given = 0;
	int err;

#ifndef SMALL
	if (argv[1] && !strcmp(argv[1], "--complete")) {
		out_init(opt->out, STDOUT_FILENO, COLOR_NEVER);
		return complete(opt, argv + 2);
	}
#endif
	if (is_extcap(argv[1]))
		return extcap(opt, argc, argv);
	err = parse(opt, argc, argv, &given, &color);
	if (err)
		return err;
	out_init(opt->out, STDOUT_FILENO, opt->json ? COLOR_NEVER : color);
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
	opt->rq.tell_nameless = opt->cmd->accepts & BIT(OPT_SYSTEM_MAP);
	if (!err)
		err = prepare_names(opt, names);
	if (!err && opt->fmt.lines)
		opt->lines = lines_new();
	if (!err)
		err = inputs_open(&opt->rq.in);
	return err ? err : sections_run(opt);
}

/*
 * A file opened later must not become one of these. Whoever closed stdin or stdout gets
 * an error if it is used, as from a closed one: not the end of it, nor a success.
 */
static void open_standard(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO  ? O_WRONLY :
				      fd == STDOUT_FILENO ? O_RDONLY :
							    O_RDWR) < 0)
			return;
}

int main(int argc, char **argv)
{
	static struct out out;
	struct options opt = {
		.out = &out,
		.rq = { .out = &out, .limit = UINT64_MAX, .duration_ms = -1, .ready_fd = -1 },
		.max_frames = UINT_MAX,
	};
	struct names *names;
	int err;

	open_standard();
	signal(SIGPIPE, SIG_IGN);

	opt.rq.debugfs = getenv("WHYDROP_DEBUGFS");
	if (!opt.rq.debugfs)
		opt.rq.debugfs = "/sys/kernel/debug/whydrop";
	opt.rq.parameters = getenv("WHYDROP_PARAMETERS");
	if (!opt.rq.parameters)
		opt.rq.parameters = "/sys/module/whydrop/parameters";
	opt.arg = need(calloc(argc + 1, sizeof(*opt.arg)));
	opt.rq.again = need(calloc(1, 1));
	fmt_init(&opt.fmt, &out);

	names = names_new("");
	err = run(&opt, names, argc, argv);
	out_flush(&out);
	if (out.err && out.err != EPIPE) {
		complain("cannot write to stdout: %s", strerror(out.err));
		err = err && err != EXIT_MATCHED ? err : EXIT_FAILED;
	}
	select_free(&opt.rq.sel);
	select_free(&opt.asked);
	inputs_free(&opt.rq.in);
	lines_free(opt.lines);
	names_free(names);
	sysmap_free(opt.rq.map);
	labels_free(&opt.fmt.labels);
	free(opt.fmt.chosen);
	free(opt.rq.again);
	free(opt.arg);
	return err;
}
