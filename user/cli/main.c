// SPDX-License-Identifier: GPL-2.0-only
/* whydrop: the command line. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../module/version.h"
#include "commands/command.h"

static int wrong_value(const char *option, const char *value, const char *valid)
{
	complain("--%s: `%s' is not %s", option, value, valid);
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
	case OPT_FILE: opt->rq.file = value; break;
	case OPT_WRITE: opt->write = value; break;
	case OPT_BY: opt->by = value; break;
	case OPT_CMD: opt->cmd_line = value; break;
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
		n = choose(value, times, ARRAY_SIZE(times));
		if (n < 0)
			return wrong_value(name, value,
					   "abs, utc, rel, mono or none");
		opt->fmt.when = n;
		break;
	case OPT_COLOR:
		n = choose(value, colors, ARRAY_SIZE(colors));
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

static int unknown_option(const char *name, size_t len)
{
	char typed[64], text[64];
	struct nearest near = { .typed = typed };
	size_t i;

	snprintf(typed, sizeof(typed), "--%.*s", (int)MIN(len, 60), name);
	complain("unknown option `%s'", typed);
	for (i = 0; i < nr_option_words; i++) {
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
			enum color_when *color)
{
	bool is_long = (**word)[1] == '-';
	const char *p = **word + (is_long ? 2 : 1), *value;
	size_t len, i;
	int err = 0;

	do {
		len = is_long ? strcspn(p, "=") : 1;
		for (i = 0; i < nr_option_words; i++)
			if (is_long ? strlen(option_words[i].name) == len &&
				      !strncmp(option_words[i].name, p, len) :
				      option_words[i].letter == *p)
				break;
		if (i == nr_option_words && is_long)
			return unknown_option(p, len);
		if (i == nr_option_words) {
			complain("unknown option `-%c'", *p);
			hint("whydrop COMMAND --help lists a command's options");
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
		err = apply(opt, i, value, color);
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

/* A word of an expression that looks like an option was most likely meant as one. */
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

static int parse(struct options *opt, char **argv, uint64_t *given,
		 enum color_when *color)
{
	bool only_words = false;
	char **word;
	int err;

	for (word = argv + 1; *word; word++) {
		if (!only_words && !strcmp(*word, "--")) {
			only_words = true;
		} else if (!only_words && **word == '-' && (*word)[1]) {
			err = parse_option(opt, &word, given, color);
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
	enum color_when color = COLOR_AUTO;
	uint64_t given = 0;
	int err;

	if (argv[1] && !strcmp(argv[1], "--complete")) {
		out_init(opt->out, STDOUT_FILENO, COLOR_NEVER);
		return complete(opt, argv + 2);
	}
	err = parse(opt, argv, &given, &color);
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
	if (!err && opt->fmt.lines)
		opt->lines = lines_new();
	return err ? err : opt->cmd->run(opt);
}

int main(int argc, char **argv)
{
	static struct out out;
	struct options opt = {
		.out = &out,
		.rq = { .out = &out, .limit = UINT64_MAX, .duration_ms = -1, .ready_fd = -1 },
	};
	int err, fd;

	/* A file opened later must not become one of these. */
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	close(fd);
	signal(SIGPIPE, SIG_IGN);

	opt.rq.debugfs = getenv("WHYDROP_DEBUGFS");
	if (!opt.rq.debugfs)
		opt.rq.debugfs = "/sys/kernel/debug/whydrop";
	opt.rq.parameters = getenv("WHYDROP_PARAMETERS");
	if (!opt.rq.parameters)
		opt.rq.parameters = "/sys/module/whydrop/parameters";
	opt.arg = need(calloc(argc + 1, sizeof(*opt.arg)));
	fmt_init(&opt.fmt, &out);

	err = run(&opt, argv);
	out_flush(&out);
	if (out.err && out.err != EPIPE) {
		complain("cannot write to stdout: %s", strerror(out.err));
		err = err && err != EXIT_MATCHED ? err : EXIT_FAILED;
	}
	select_free(&opt.rq.sel);
	lines_free(opt.lines);
	free(opt.fmt.chosen);
	free(opt.arg);
	return err;
}
