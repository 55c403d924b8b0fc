/* SPDX-License-Identifier: GPL-2.0-only */
/* What a command gets from the command line, and what the commands share. */
#ifndef WHYDROP_CMD_H
#define WHYDROP_CMD_H

#include "base/out.h"
#include "format/json.h"
#include "format/lines.h"
#include "format/loss.h"
#include "format/text.h"
#include "format/view.h"
#include "select/module.h"
#include "select/walk.h"
#include "tally/rows.h"
#include "tally/sample.h"

struct command;

/* The options of the command line; a variable of main(). */
struct options {
	const struct command *cmd;
	char		**arg;		/* words behind the command */
	int		nr_arg;
	struct request	rq;		/* what to read and to select */
	struct selection asked;		/* the reasons that `explain' is asked for */
	const char	*write;		/* -w */
	const char	*by;		/* --by */
	const char	*cmd_line;	/* --cmd */
	const char	*cursor;	/* --cursor */
	const char	*when[64];	/* --when */
	unsigned int	nr_when;
	const char	*baseline, *exec;	/* --baseline, --exec */
	bool		syslog;		/* --syslog */
	const char	*via;		/* --via */
	bool		align_clocks;	/* --align-clocks */
	uint64_t	file_size;	/* -C, bytes; 0: one file */
	unsigned int	files;		/* -W; 0: any number */
	bool		json, exit_code, history, folded, losses, no_names;
	bool		yes;		/* --yes */
	bool		only_new;	/* pcap: none of the drops from before it began */
	unsigned int	max_frames;	/* pcap: of a stack in a comment */
	unsigned int	nr_sections;	/* sections that were begun */
	bool		enough;		/* skip the recordings of other boots */
	int64_t		interval_ms;	/* --interval; 0: none */
	struct lines	*lines;		/* -l */
	struct fmt	fmt;
	struct out	*out;
};

/* Options, each a bit of command.accepts. */
enum option_id {
	OPT_REASON, OPT_DEV, OPT_NETNS, OPT_COMM, OPT_AT, OPT_CLASS, OPT_BENIGN,
	OPT_STACK, OPT_LINES, OPT_VERBOSE, OPT_HEX, OPT_FIELDS, OPT_TIME, OPT_NO_HEADER,
	OPT_JSON, OPT_COLOR,
	OPT_LIMIT, OPT_DURATION, OPT_EXIT_CODE, OPT_READY_FD,
	OPT_FILE, OPT_HISTORY, OPT_CURSOR, OPT_HOST_LABELS, OPT_LABEL, OPT_WRITE, OPT_BY,
	OPT_INTERVAL, OPT_FOLDED, OPT_LOSSES,
	OPT_FILE_SIZE, OPT_FILES, OPT_CMD, OPT_NAMES, OPT_YES, OPT_VIA, OPT_ALIGN,
	OPT_WHEN, OPT_BASELINE, OPT_EXEC, OPT_SYSLOG, OPT_SYSTEM_MAP,
	OPT_HELP, OPT_VERSION,
};

/* Their names, by enum option_id, in commands.c. */
struct option_word {
	const char	*name;
	char		letter;		/* 0: none */
	bool		takes_value;
};

extern const struct option_word option_words[];
extern const size_t nr_option_words;

/* -c, of a command that shows rows, not drops. */
#define LIMIT_ROWS (BIT(OPT_LIMIT) | BIT(63))
/* -c, of one that follows flows. */
#define LIMIT_FLOWS (BIT(OPT_LIMIT) | BIT(62))
/* --interval, of one that watches rates. */
#define INTERVAL_RATES (BIT(OPT_INTERVAL) | BIT(61))
#define ACCEPTS_SELECT (BIT(OPT_REASON) | BIT(OPT_DEV) | BIT(OPT_NETNS) | \
			BIT(OPT_COMM) | BIT(OPT_AT) | BIT(OPT_CLASS) | BIT(OPT_BENIGN))
#define ACCEPTS_EVENTS (BIT(OPT_STACK) | BIT(OPT_LINES) | BIT(OPT_VERBOSE) | BIT(OPT_HEX) | \
			BIT(OPT_FIELDS) | BIT(OPT_TIME) | BIT(OPT_NO_HEADER) | \
			BIT(OPT_EXIT_CODE))
/* -f, of one that shows places. */
#define ACCEPTS_FILE (BIT(OPT_FILE) | BIT(OPT_SYSTEM_MAP))
#define ACCEPTS_ALL (BIT(OPT_JSON) | BIT(OPT_COLOR) | BIT(OPT_HELP))

struct command {
	const char	*name;
	int		(*run)(struct options *opt);	/* an exit code */
	const char	*args;		/* in the usage line */
	const char	*summary;
	const char	*examples;	/* NULL-less, a line each */
	uint64_t	accepts;
	int		max_args;	/* number of words; -1: an expression */
};

extern const struct command commands[];
extern const size_t nr_commands;

/* Return what --help says of an option, without its name; "" if nothing. */
const char *option_help(const struct command *cmd, enum option_id option);
void help_command(struct out *o, const struct command *cmd);
void help_all(struct out *o);
/* complete.c: complete the last one of @word, the words of the command line. */
int complete(struct options *opt, char **word);

int cmd_watch(struct options *opt);
int cmd_list(struct options *opt);
int cmd_count(struct options *opt);
int cmd_top(struct options *opt);
int cmd_stacks(struct options *opt);
int cmd_metrics(struct options *opt);
int cmd_explain(struct options *opt);
int cmd_losses(struct options *opt);
int cmd_rule(struct options *opt);
int cmd_alarm(struct options *opt);
int cmd_reasons(struct options *opt);
int cmd_fields(struct options *opt);
int cmd_status(struct options *opt);
int cmd_record(struct options *opt);
int cmd_pcap(struct options *opt);
int cmd_gather(struct options *opt);
int cmd_report(struct options *opt);
int cmd_enable(struct options *opt);
int cmd_disable(struct options *opt);
int cmd_reset(struct options *opt);
int cmd_set(struct options *opt);

/*
 * sections.c: begin what is shown of a recording with its host and boot; in text, only if
 * there are recordings of several boots.
 */
void section_begin(struct options *opt, const struct decoder *d);
/* End it with what is missing. @history: with what was too old at its start. Frees @l. */
void section_end(struct options *opt, struct loss *l, bool history);
/* Determine which names the command shows, so that only they are looked for. */
void sections_names(struct options *opt);
/* Run the command for each boot that there are recordings of. */
int sections_run(struct options *opt);

/* Return the exit code of a command that has shown @shown things. */
static inline int exit_code_for(const struct options *opt, uint64_t shown)
{
	return opt->exit_code && shown ? EXIT_MATCHED : EXIT_OK;
}

/* count.c: report what a sample lacks, and how many drops it has. */
void report_missing(struct options *opt, const struct sample *sm, enum by by);
/* Count every @ms milliseconds, until a signal, the end or --duration. */
int count_intervals(struct options *opt, enum by by, enum tally_sort sort, int64_t ms);
/* Suggest `whydrop explain' for the most frequent reason. */
void hint_at_explain(const struct options *opt, const struct sample *sm, enum by by);
/* explain.c: the same for this reason, on stderr if that is a terminal. */
#ifndef SMALL
void explain_hint(const struct options *opt, const char *label);
#else
static inline void explain_hint(const struct options *opt, const char *label)
{
	(void)opt, (void)label;
}
#endif

#endif
