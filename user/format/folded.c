// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes folded stacks, as flame-graph tools read them: the frames from the outermost
 * on, with ";" between, then the reason, a blank and the count.
 */
#include <stdlib.h>
#include <string.h>

#include "format/folded.h"
#include "format/view.h"

struct line {
	char *text;
	uint64_t count;
	size_t rank;		/* of its group */
};

/* So all frames, escaped, have room in the buffer of a struct out. */
#define FRAME_MAX 240

/* What would part frames or the count is put in other words. */
static void put_frame(struct out *o, const char *s, size_t len)
{
	size_t start = o->nr, i;

	out_text(o, s, MIN(len, FRAME_MAX));
	for (i = start; i < o->nr; i++) {
		if (o->buf[i] == ';')
			o->buf[i] = ':';
		else if (o->buf[i] == ' ')
			o->buf[i] = '_';
	}
}

/* A function, whatever the place in it: SYMBOL [MODULE] of a frame. */
static void put_symbol(struct out *o, const struct name *frame)
{
	const char *plus = strstr(frame->text, "+0x"), *module;

	/* A bare address has none. */
	if (!plus || plus == frame->text) {
		put_frame(o, frame->text, frame->len);
		return;
	}
	module = strstr(plus, " [");
	put_frame(o, frame->text, plus - frame->text);
	if (module)
		put_frame(o, module, strlen(module));
}

static char *fold(struct out *o, const struct row *r, enum by by, bool grouped)
{
	const struct stack *st = r->stack;
	char netns[VIEW_KEY_ROOM], *text;
	size_t i;

	o->nr = 0;
	view_netns_of(netns, r->netns, r->netns_name, r->host);
	if (grouped && by == BY_NETNS)
		put_frame(o, netns, strlen(netns));
	else if (grouped)
		put_frame(o, *r->key ? r->key : "-", *r->key ? strlen(r->key) : 1);
	if (grouped && by == BY_DEV && (r->netns || *r->host)) {
		out_chr(o, '@');
		put_frame(o, netns, strlen(netns));
	}
	if (grouped)
		out_chr(o, ';');
	for (i = st->flags & WHYDROP_STACK_PLACE_ONLY ? 0 : st->nr; i--;) {
		put_symbol(o, st->frame[i]);
		out_chr(o, ';');
	}
	if (!st->nr || st->flags & WHYDROP_STACK_PLACE_ONLY) {
		put_symbol(o, st->place);
		out_chr(o, ';');
	}
	put_frame(o, r->label, strlen(r->label));
	text = text_copy(o->buf, o->nr);
	o->nr = 0;
	return text;
}

static void put_line(struct out *o, const struct line *l)
{
	out_str(o, l->text);
	out_chr(o, ' ');
	out_u64(o, l->count);
	out_chr(o, '\n');
}

static int by_text(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return strcmp(x->text, y->text);
}

static int by_rank(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->text, y->text);
}

/* Stacks that differ by places within functions are one line. */
static size_t merge(struct line *line, size_t nr)
{
	size_t i, n = 0;

	qsort(line, nr, sizeof(*line), by_text);
	for (i = 0; i < nr; i++) {
		if (n && !by_text(&line[n - 1], &line[i])) {
			line[n - 1].count += line[i].count;
			free(line[i].text);
		} else {
			line[n++] = line[i];
		}
	}
	qsort(line, n, sizeof(*line), by_rank);
	return n;
}

void folded_rows(struct out *o, const struct rows *rows, bool grouped, enum by by, uint64_t limit)
{
	struct line *line = need(calloc(rows->nr + 1, sizeof(*line)));
	struct out *scratch = need(calloc(1, sizeof(*scratch)));
	size_t i, nr, rank = 0, shown = 0;

	scratch->fd = -1;
	for (i = 0; i < rows->nr; i++) {
		const struct row *r = &rows->row[i];

		if (i && (strcmp(r->key, r[-1].key) || r->netns != r[-1].netns))
			rank++;
		line[i] = (struct line){ fold(scratch, r, by, grouped), r->count, rank };
	}
	nr = merge(line, rows->nr);
	for (i = 0; i < nr; i++) {
		shown = i && line[i].rank == line[i - 1].rank ? shown + 1 : 0;
		if (shown < limit)
			put_line(o, &line[i]);
		free(line[i].text);
	}
	free(scratch);
	free(line);
}
