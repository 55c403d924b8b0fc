// SPDX-License-Identifier: GPL-2.0-only
/* Reads the module's exact counts by reason and stack: its file `stacks'. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "select/unmatched.h"
#include "tally/table.h"

/* @map: of its kernel, or NULL. */
static struct name *new_name(const struct sysmap *map, const char *text, bool place)
{
	char buf[SYSMAP_NAME_MAX];
	struct name *n;
	size_t len;

	if (map)
		text = sysmap_name(map, text, place, buf);
	len = strlen(text);
	n = need(calloc(1, sizeof(*n) + len + 1));
	memcpy(n->text, text, len + 1);
	n->len = len;
	n->clean = text_clean(text, len);
	return n;
}

static int set_reason_numbers(const struct request *rq, struct stack_table *t)
{
	struct reason_table reasons;
	int err = module_reasons(rq, &reasons);
	size_t i, j;

	for (i = 0; !err && i < t->nr; i++)
		for (j = 0; j < reasons.nr; j++)
			if (!strcmp(t->row[i].reason.label, reasons.reason[j].label))
				t->row[i].reason.id = reasons.reason[j].id;
	if (!err)
		module_reasons_free(&reasons);
	return err;
}

static void parse_by_place(const char *line, struct stack_table *t)
{
	unsigned long long nr, of;
	int end = 0;

	if (sscanf(line, "# %llu of %llu drops are counted by place%n", &nr, &of, &end) != 2 || !end)
		return;
	t->by_place = nr;
	t->of = of;
}

int table_read(const struct request *rq, struct stack_table *t)
{
	const struct sysmap *map = NULL;
	struct stack_row *row = NULL;
	char *pos, *line, *word;
	uint64_t count;
	size_t i;
	int err;

	memset(t, 0, sizeof(*t));
	t->text = module_table(rq, "stacks", &err);
	for (pos = t->text; !err && (line = next_line(&pos));) {
		char *whole = line, *flags;
		struct stack *st;

		if (!*line)
			row = NULL;
		if (*line == '#')
			parse_by_place(line, t);
		if (!strncmp(line, "# anchors=", 10)) {
			map = rq->map && sysmap_fits(rq->map, line + 10) ? rq->map : NULL;
			t->nameless = !map;
		}
		if (*line == '#' || !*line)
			continue;
		/* An indented line is a frame, but for the first of a block. */
		if (row && (*line == ' ' || *line == '\t')) {
			line += strspn(line, " \t");
			if (row->stack->nr < WHYDROP_FRAMES_MAX)
				row->stack->frame[row->stack->nr++] = new_name(map, line, false);
			continue;
		}
		word = next_word(&line);
		if (!word || !parse_u64(word, UINT64_MAX, &count)) {
			err = module_report_malformed(rq, "stacks", whole);
			break;
		}
		word = next_word(&line);
		line = word ? strstr(line, "@ ") : NULL;
		if (!line) {
			err = module_report_malformed(rq, "stacks", whole);
			break;
		}
		line += 2;
		flags = strstr(line, " ; ");
		if (flags)
			*flags = '\0';
		st = need(calloc(1, sizeof(*st) + WHYDROP_FRAMES_MAX * sizeof(st->frame[0])));
		st->place = new_name(map, line, true);
		st->flags = flags ? stack_flags_parse(flags + 3) : 0;
		if (map && strstr(st->place->text, "+0x0/"))
			st->flags |= WHYDROP_STACK_DEFERRED;
		t->row = grow(t->row, t->nr, &t->room, sizeof(*row));
		row = &t->row[t->nr++];
		row->count = count;
		row->stack = st;
		memset(&row->reason, 0, sizeof(row->reason));
		row->reason.label = word;
	}
	for (i = 0; i < t->nr; i++)
		reason_split_label(&t->row[i].reason, t->row[i].reason.label);
	/* Numbers are in the other file, and rarely asked for. */
	if (!err && rq->sel.reason.nr)
		err = set_reason_numbers(rq, t);
	if (err)
		table_free(t);
	return err;
}

bool table_row_selected(struct request *rq, struct stack_row *row)
{
	unmatched_check_place(&rq->sel, row->stack->place);
	return select_reason_match(&rq->sel, &row->reason) &&
	       select_at_match(&rq->sel, row->stack->place) &&
	       select_class_match(&rq->sel, &row->reason, row->stack, NULL, row->count);
}

void table_free(struct stack_table *t)
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
