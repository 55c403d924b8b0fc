// SPDX-License-Identifier: GPL-2.0-only
/* The module's text files `reasons' and `stacks'. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"

static char *table_open(const struct options *opt, const char *name, int *err)
{
	char *text = read_text(opt->debugfs, name, NULL);
	char path[4096];

	*err = 0;
	if (!text) {
		snprintf(path, sizeof(path), "%s/%s", opt->debugfs, name);
		*err = source_diagnose(opt->debugfs, path, errno);
	}
	return text;
}

static int malformed(const struct options *opt, const char *name, const char *line)
{
	complain("%s/%s: cannot parse this line: `%s'", opt->debugfs, name, line);
	hint("the module and this reader may have different versions: see `whydrop status'");
	return EXIT_FAILED;
}

/* Subsystem and name of SUBSYSTEM/NAME, or of a NAME of the core. */
static void split_label(struct reason *r, const char *label)
{
	const char *slash = strchr(label, '/');

	r->label = label;
	r->name = slash ? slash + 1 : label;
	snprintf(r->subsys_text, sizeof(r->subsys_text), "%.*s", slash ? (int)(slash - label) : 4,
		 slash ? label : "core");
	r->subsys = r->subsys_text;
}

int table_reasons(const struct options *opt, struct reason_table *t)
{
	char *pos, *line, *word;
	uint64_t id, count;
	struct reason *r;
	size_t i;
	int err;

	memset(t, 0, sizeof(*t));
	t->text = table_open(opt, "reasons", &err);
	for (pos = t->text; !err && (line = next_line(&pos));) {
		char *whole = line;

		if (*line == '#' || !*line)
			continue;
		t->reason = grow(t->reason, t->nr, &t->room, sizeof(*r));
		r = memset(&t->reason[t->nr++], 0, sizeof(*r));
		r->label = next_word(&line);
		word = next_word(&line);
		if (!word || !parse_u64(word, UINT32_MAX, &id)) {
			err = malformed(opt, "reasons", whole);
			break;
		}
		word = next_word(&line);
		if (!word || !parse_u64(word, UINT64_MAX, &count)) {
			err = malformed(opt, "reasons", whole);
			break;
		}
		r->id = id;
		r->count = count;
		r->description = line + strspn(line, " \t");
	}
	t->index = need(calloc(t->nr + 1, sizeof(*t->index)));
	for (i = 0; i < t->nr; i++) {
		t->index[i] = &t->reason[i];
		split_label(&t->reason[i], t->reason[i].label);
	}
	if (err)
		table_reasons_free(t);
	return err;
}

void table_reasons_free(struct reason_table *t)
{
	free(t->index);
	free(t->reason);
	free(t->text);
	memset(t, 0, sizeof(*t));
}

int table_check_reasons(struct options *opt)
{
	struct reason_table t;
	size_t i;
	int err;

	if (!opt->sel.reason.nr)
		return 0;
	err = table_reasons(opt, &t);
	if (err)
		return err;
	for (i = 0; i < t.nr; i++)
		select_reason_known(&opt->sel, &t.reason[i]);
	err = select_reason_check(&opt->sel, t.index, t.nr);
	table_reasons_free(&t);
	return err;
}

static struct name *new_name(const char *text)
{
	size_t len = strlen(text);
	struct name *n = need(calloc(1, sizeof(*n) + len + 1));

	memcpy(n->text, text, len + 1);
	n->len = len;
	n->clean = text_clean(text, len);
	return n;
}

static int number_rows(const struct options *opt, struct stack_table *t)
{
	struct reason_table reasons;
	int err = table_reasons(opt, &reasons);
	size_t i, j;

	for (i = 0; !err && i < t->nr; i++)
		for (j = 0; j < reasons.nr; j++)
			if (!strcmp(t->row[i].reason.label, reasons.reason[j].label))
				t->row[i].reason.id = reasons.reason[j].id;
	if (!err)
		table_reasons_free(&reasons);
	return err;
}

int table_stacks(const struct options *opt, struct stack_table *t)
{
	struct stack_row *row = NULL;
	char *pos, *line, *word;
	uint64_t count;
	size_t i;
	int err;

	memset(t, 0, sizeof(*t));
	t->text = table_open(opt, "stacks", &err);
	for (pos = t->text; !err && (line = next_line(&pos));) {
		char *whole = line, *flags;
		struct stack *st;

		if (!*line)
			row = NULL;
		if (*line == '#' || !*line)
			continue;
		/* An indented line is a frame, but for the first of a block. */
		if (row && (*line == ' ' || *line == '\t')) {
			line += strspn(line, " \t");
			if (row->stack->nr < WHYDROP_FRAMES_MAX)
				row->stack->frame[row->stack->nr++] = new_name(line);
			continue;
		}
		word = next_word(&line);
		if (!word || !parse_u64(word, UINT64_MAX, &count)) {
			err = malformed(opt, "stacks", whole);
			break;
		}
		word = next_word(&line);
		line = word ? strstr(line, "@ ") : NULL;
		if (!line) {
			err = malformed(opt, "stacks", whole);
			break;
		}
		line += 2;
		flags = strstr(line, " ; ");
		if (flags)
			*flags = '\0';
		st = need(calloc(1, sizeof(*st) + WHYDROP_FRAMES_MAX * sizeof(st->frame[0])));
		st->place = new_name(line);
		st->flags = flags ? stack_flags_parse(flags + 3) : 0;
		t->row = grow(t->row, t->nr, &t->room, sizeof(*row));
		row = &t->row[t->nr++];
		row->count = count;
		row->stack = st;
		memset(&row->reason, 0, sizeof(row->reason));
		row->reason.label = word;
	}
	for (i = 0; i < t->nr; i++)
		split_label(&t->row[i].reason, t->row[i].reason.label);
	/* Numbers are in the other file, and rarely asked for. */
	if (!err && opt->sel.reason.nr)
		err = number_rows(opt, t);
	for (i = 0; !err && opt->lines && i < t->nr; i++)
		lines_of_stack(opt->lines, NULL, t->row[i].stack);
	if (err)
		table_stacks_free(t);
	return err;
}

bool row_selected(struct options *opt, struct stack_row *row)
{
	return select_reason_match(&opt->sel, &row->reason) &&
	       select_at_match(&opt->sel, row->stack->place) &&
	       !select_hides(&opt->sel, &row->reason, row->stack, NULL, row->count);
}

void table_stacks_free(struct stack_table *t)
{
	unsigned int j;
	size_t i;

	for (i = 0; i < t->nr; i++) {
		for (j = 0; j < t->row[i].stack->nr; j++)
			free(t->row[i].stack->frame[j]);
		free(t->row[i].stack->place);
		free(t->row[i].stack);
	}
	free(t->row);
	free(t->text);
	memset(t, 0, sizeof(*t));
}

bool table_disabled(const struct options *opt)
{
	char *val = read_text(opt->parameters, "enabled", NULL);
	bool disabled = val && (*val == '0' || *val == 'N');

	free(val);
	return disabled;
}

char *table_filter(const struct options *opt, unsigned int *nr, const char **name)
{
	static const char *const filters[] = {
		"reasons",
		"devs",
		"netns",
		"packet_filter",
	};
	char *val, *text;

	while (*nr < ARRAY_SIZE(filters)) {
		*name = filters[(*nr)++];
		val = read_text(opt->parameters, *name, NULL);
		if (!val)
			continue;
		val[strcspn(val, "\n")] = '\0';
		/* All of them, and so none is hidden. */
		if (!strcmp(val, "*") && !strcmp(*name, "reasons"))
			*val = '\0';
		if (!strcmp(*name, "packet_filter") && *val) {
			val[strspn(val, "0123456789")] = '\0';
			text = need(malloc(64));
			snprintf(text, 64, "a program of %.16s instructions", val);
			free(val);
			val = text;
		}
		if (*val)
			return val;
		free(val);
	}
	return NULL;
}

void table_say_hidden(const struct options *opt)
{
	unsigned int nr = 0;
	const char *name;
	char *val;

	if (table_disabled(opt)) {
		note("nothing is recorded: the module is disabled");
		hint("whydrop enable");
	}
	while ((val = table_filter(opt, &nr, &name))) {
		note("the parameter %s filters drops: %s", name, val);
		free(val);
	}
}
