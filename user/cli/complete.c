// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completes words for the shells, as `whydrop --complete WORD...': what the last word may
 * become, a line each, a tab and what it is; ":files" for names of files.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "explain/explain.h"
#include "explain/table.h"
#include "known/drop.h"
#include "losses/counters.h"
#include "tally/tally.h"

struct completion {
	struct options	*opt;
	const char	*word;		/* what there is of it */
	size_t		keep;		/* bytes of it that stay as they are */
};

static void suggest(const struct completion *c, const char *text, const char *end, const char *what)
{
	struct out *o = c->opt->out;

	/* Somebody may have chosen it to be typed into a shell. */
	if (!explain_is_word(text) && *text != '-')
		return;
	if (strncasecmp(text, c->word + c->keep, strlen(c->word + c->keep)))
		return;
	out_mem(o, c->word, c->keep);
	out_fmt(o, "%s%s\t", text, end);
	out_text(o, what, strlen(what));
	out_chr(o, '\n');
}

static void suggest_words(const struct completion *c, const char *words)
{
	char word[64];
	size_t len;

	for (; *words; words += len + strspn(words + len, " ")) {
		len = strcspn(words, " ");
		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		suggest(c, word, "", "");
	}
}

static void suggest_dir(const struct completion *c, const char *path, const char *end)
{
	DIR *dir = opendir(path);
	struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			suggest(c, d->d_name, end, "");
	if (dir)
		closedir(dir);
}

/* This kernel's; those that are explained where it cannot be asked. */
static void suggest_reasons(const struct completion *c)
{
	struct reason_table t;
	size_t i;

	if (!module_reasons(&c->opt->rq, &t)) {
		for (i = 0; i < t.nr; i++)
			suggest(c, t.reason[i].label, "", t.reason[i].description);
		module_reasons_free(&t);
		return;
	}
	for (i = 0; i < nr_explain; i++)
		suggest_words(c, explain_table[i].names);
}

static void suggest_counters(const struct completion *c)
{
	const struct counter *counter;
	size_t i = 0;

	while ((counter = counter_next(&i)))
		suggest(c, counter->name, "", counter->layer);
}

static void suggest_places(const struct completion *c)
{
	struct stack_table t;
	char symbol[128];
	size_t i;

	if (table_read(&c->opt->rq, &t))
		return;
	for (i = 0; i < t.nr; i++) {
		snprintf(symbol, sizeof(symbol), "%s", t.row[i].stack->place->text);
		symbol[strcspn(symbol, "+ ")] = '\0';
		suggest(c, symbol, "", t.row[i].reason.label);
	}
	table_free(&t);
}

static void suggest_classes(const struct completion *c)
{
	const char *name, *again;
	size_t i, j;

	suggest_words(c, "usual suspicious bad benign");
	for (i = 0; (name = drop_class_next(&i));) {
		for (j = 0; (again = drop_class_next(&j)) && strcmp(again, name);)
			;
		if (j == i)
			suggest(c, name, "", "");
	}
}

static void suggest_names(const struct completion *c)
{
	struct names *names = names_new("");
	const char *name;
	size_t i;

	names_look(names, NAMES_NETNS);
	for (i = 0; (name = names_next(names, &i));)
		suggest(c, name, "", "");
	names_free(names);
}

/* Behind the last comma of a list, and a "!" there. */
static void skip_to_last_item(struct completion *c)
{
	const char *comma = strrchr(c->word + c->keep, ',');

	if (comma)
		c->keep = comma + 1 - c->word;
	c->keep += c->word[c->keep] == '!';
}

static void suggest_value(struct completion *c, enum option_id option)
{
	size_t i;

	switch (option) {
	case OPT_REASON:
		skip_to_last_item(c);
		suggest_reasons(c);
		break;
	case OPT_DEV:
		skip_to_last_item(c);
		suggest_dir(c, "/sys/class/net", "");
		break;
	case OPT_NETNS:
		skip_to_last_item(c);
		suggest_names(c);
		break;
	case OPT_AT:
		skip_to_last_item(c);
		suggest_places(c);
		break;
	case OPT_WHEN:
		skip_to_last_item(c);
		suggest_reasons(c);
		suggest_classes(c);
		break;
	case OPT_CLASS:
		skip_to_last_item(c);
		suggest_classes(c);
		break;
	case OPT_FIELDS:
		skip_to_last_item(c);
		for (i = 0; i < nr_fields; i++)
			suggest(c, fields[i].key, "", fields[i].meaning);
		break;
	case OPT_TIME: suggest_words(c, "abs utc rel mono none"); break;
	case OPT_COLOR: suggest_words(c, "auto always never"); break;
	case OPT_BENIGN: suggest_words(c, "show hide"); break;
	case OPT_NAMES: suggest_words(c, "on off"); break;
	case OPT_BY:
		for (i = 0; i < BY_NR; i++)
			suggest(c, by_what[i].name, "", "");
		break;
	case OPT_FILE: case OPT_WRITE: case OPT_CURSOR: case OPT_BASELINE: case OPT_SYSTEM_MAP:
		out_str(c->opt->out, ":files\n");
		break;
	default:
		break;
	}
}

static void suggest_options(const struct completion *c)
{
	const struct command *cmd = c->opt->cmd;
	char text[40];
	size_t i;

	for (i = 0; i < nr_option_words; i++) {
		if (cmd ? !(cmd->accepts & BIT(i)) : i != OPT_HELP && i != OPT_VERSION)
			continue;
		snprintf(text, sizeof(text), "--%s", option_words[i].name);
		suggest(c, text, "", cmd ? option_help(cmd, i) : "");
		if (!option_words[i].letter)
			continue;
		snprintf(text, sizeof(text), "-%c", option_words[i].letter);
		suggest(c, text, "", cmd ? option_help(cmd, i) : "");
	}
}

static void suggest_commands(const struct completion *c)
{
	size_t i;

	for (i = 0; i < nr_commands; i++)
		suggest(c, commands[i].name, "", commands[i].summary);
}

/* Which option waits for a value behind @word; -1: none does. */
static int option_that_needs_value(const char *word)
{
	size_t i;

	if (word[0] != '-' || !word[1])
		return -1;
	if (word[1] == '-') {
		for (i = 0; i < nr_option_words; i++)
			if (option_words[i].takes_value && !strcmp(option_words[i].name, word + 2))
				return i;
		return -1;
	}
	while (*++word)
		for (i = 0; i < nr_option_words; i++)
			if (option_words[i].letter == *word && option_words[i].takes_value)
				return word[1] ? -1 : (int)i;
	return -1;
}

static void find_command(struct options *opt, const char *word)
{
	size_t i;

	for (i = 0; i < nr_commands; i++)
		if (!strcmp(commands[i].name, word))
			opt->cmd = &commands[i];
}

int complete(struct options *opt, char **word)
{
	struct completion c = { .opt = opt, .word = "" };
	bool help = false, only_words = false;
	const char *equals;
	char name[64];
	int value = -1;

	for (; *word && word[1]; word++) {
		/* Bash hands on --time=abs as three words. */
		if (value >= 0 && !strcmp(*word, "="))
			continue;
		if (value >= 0) {
			value = -1;
		} else if (!strcmp(*word, "--")) {
			only_words = true;
		} else if (**word == '-' && !only_words) {
			value = option_that_needs_value(*word);
		} else if (!opt->cmd) {
			help |= !strcmp(*word, "help");
			find_command(opt, *word);
		}
	}
	if (*word)
		c.word = *word;
	if (value >= 0 && !strcmp(c.word, "="))
		c.word = "";
	equals = strchr(c.word, '=');
	snprintf(name, sizeof(name), "%.*s", equals ? (int)(equals - c.word) : 0, c.word);
	if (value >= 0) {
		suggest_value(&c, value);
	} else if (equals && option_that_needs_value(name) >= 0 && !only_words) {
		c.keep = equals + 1 - c.word;
		suggest_value(&c, option_that_needs_value(name));
	} else if (!opt->cmd && *c.word != '-') {
		suggest_commands(&c);
		if (!help)
			suggest_words(&c, "help version");
	} else if (!help && !only_words) {
		if (opt->cmd && !strcmp(opt->cmd->name, "set"))
			suggest_dir(&c, opt->rq.parameters, "=");
		if (opt->cmd && !strcmp(opt->cmd->name, "explain") && *c.word != '-') {
			suggest_reasons(&c);
			suggest_counters(&c);
		}
		if (*c.word == '-' || !opt->cmd || opt->cmd->max_args <= 0)
			suggest_options(&c);
	}
	return 0;
}
