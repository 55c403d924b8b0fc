/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_CMD_H
#define WHYDROP_CMD_H

#include "format/fields.h"
#include "format/lines.h"
#include "base/out.h"
#include "select/select.h"
#include "stream/stream.h"

struct command;

/* What the command line asks for. Lives in main(), nowhere else. */
struct options {
	const struct command *cmd;
	char		**arg;		/* words behind the command */
	int		nr_arg;
	const char	*debugfs;	/* directory of the module's files */
	const char	*parameters;	/* directory of its parameters */
	const char	*file;		/* -f */
	const char	*write;		/* -w */
	const char	*by;		/* --by */
	const char	*cmd_line;	/* --cmd */
	uint64_t	file_size;	/* -C, bytes; 0: one file */
	unsigned int	files;		/* -W; 0: any number */
	bool		json, exit_code, history, folded;
	uint64_t	limit;		/* -c; UINT64_MAX: none */
	int64_t		duration_ms;	/* --duration; -1: none */
	int64_t		interval_ms;	/* --interval; 0: none */
	int		ready_fd;	/* --ready-fd; -1: none */
	struct selection sel;
	struct lines	*lines;		/* -l */
	struct fmt	fmt;
	struct out	*out;
};

/* Options, each a bit of command.accepts. */
enum option {
	OPT_REASON, OPT_DEV, OPT_NETNS, OPT_COMM, OPT_AT, OPT_BENIGN,
	OPT_STACK, OPT_LINES, OPT_VERBOSE, OPT_HEX, OPT_FIELDS, OPT_TIME, OPT_NO_HEADER,
	OPT_JSON, OPT_COLOR,
	OPT_LIMIT, OPT_DURATION, OPT_EXIT_CODE, OPT_READY_FD,
	OPT_FILE, OPT_HISTORY, OPT_WRITE, OPT_BY, OPT_INTERVAL, OPT_FOLDED,
	OPT_FILE_SIZE, OPT_FILES, OPT_CMD,
	OPT_HELP, OPT_VERSION,
};

/* What they are called; by enum option, in commands.c. */
struct option_word {
	const char	*name;
	char		letter;		/* 0: none */
	bool		takes;		/* a value */
};

extern const struct option_word option_words[];
extern const size_t nr_option_words;

#define BIT(n) (UINT64_C(1) << (n))
/* -c, of a command that shows rows, not drops. */
#define LIMIT_ROWS (BIT(OPT_LIMIT) | BIT(63))
#define ACCEPTS_SELECT (BIT(OPT_REASON) | BIT(OPT_DEV) | BIT(OPT_NETNS) | \
			BIT(OPT_COMM) | BIT(OPT_AT) | BIT(OPT_BENIGN))
#define ACCEPTS_EVENTS (BIT(OPT_STACK) | BIT(OPT_LINES) | BIT(OPT_VERBOSE) | BIT(OPT_HEX) | \
			BIT(OPT_FIELDS) | BIT(OPT_TIME) | BIT(OPT_NO_HEADER) | \
			BIT(OPT_EXIT_CODE))
#define ACCEPTS_ALL (BIT(OPT_JSON) | BIT(OPT_COLOR) | BIT(OPT_HELP))

struct command {
	const char	*name;
	int		(*run)(struct options *opt);	/* an exit code */
	const char	*args;		/* in the usage line */
	const char	*summary;
	const char	*examples;	/* NULL-less, a line each */
	uint64_t	accepts;
	int		max_args;	/* words it takes; -1: an expression */
};

extern const struct command commands[];
extern const size_t nr_commands;

/* What --help says of it, without its name; "" if nothing. */
const char *option_help(const struct command *cmd, enum option option);
void help_command(struct out *o, const struct command *cmd);
void help_all(struct out *o);
/* complete.c: @word are those of the command line, the last to be completed. */
int complete(struct options *opt, char **word);

int cmd_watch(struct options *opt);
int cmd_list(struct options *opt);
int cmd_count(struct options *opt);
int cmd_top(struct options *opt);
int cmd_stacks(struct options *opt);
int cmd_metrics(struct options *opt);
int cmd_explain(struct options *opt);
int cmd_reasons(struct options *opt);
int cmd_fields(struct options *opt);
int cmd_status(struct options *opt);
int cmd_record(struct options *opt);
int cmd_pcap(struct options *opt);
int cmd_enable(struct options *opt);
int cmd_disable(struct options *opt);
int cmd_reset(struct options *opt);
int cmd_set(struct options *opt);

/* The exit code of a command that showed @shown things. */
static inline int shown_code(const struct options *opt, uint64_t shown)
{
	return opt->exit_code && shown ? EXIT_MATCHED : EXIT_OK;
}

/* tables.c: the module's text files */
struct reason_table {
	char		*text;
	struct reason	*reason;
	struct reason	**index;	/* for select_reason_check() */
	size_t		nr, room;
};

struct stack_row {
	uint64_t	count;
	struct reason	reason;		/* its text is the table's */
	struct stack	*stack;
};

struct stack_table {
	char		*text;
	struct stack_row *row;
	size_t		nr, room;
};

/* 0, or an exit code and said why. */
int table_reasons(const struct options *opt, struct reason_table *t);
void table_reasons_free(struct reason_table *t);
int table_stacks(const struct options *opt, struct stack_table *t);
void table_stacks_free(struct stack_table *t);
/* Do -r and --at select it? */
bool row_selected(struct options *opt, struct stack_row *row);
bool table_disabled(const struct options *opt);
/*
 * What keeps drops from being recorded: the value of the next parameter from
 * *@nr on that does, to be freed; NULL: no more.
 */
char *table_filter(const struct options *opt, unsigned int *nr, const char **name);
/* Say all that on stderr. */
void table_say_hidden(const struct options *opt);
/* Check -r against the running kernel's reasons. */
int table_check_reasons(struct options *opt);

#endif
