// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop top': counts and rates on a full screen, refreshed. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/command.h"
#include "commands/top_draw.h"

/* Stacks that can be looked at. */
#define STACKS_MAX 100

static void regroup(struct top *t)
{
	char key[VIEW_KEY_ROOM] = "";
	uint32_t netns = 0;
	size_t i;

	/* Keys are those of tallies, which stay, but not of this grouping. */
	if (t->pinned && t->selected < t->nr) {
		snprintf(key, sizeof(key), "%s", t->group[t->selected].key);
		netns = t->group[t->selected].netns;
	}
	free(t->group);
	t->nr = sample_groups(&t->sm, t->by, t->sort, &t->group);
	t->sum = sample_sum(&t->sm, t->by);
	loss_free(&t->loss);
	loss_of_sample(&t->loss, &t->sm, t->by);
	for (i = 0; t->pinned && i < t->nr; i++)
		if (t->group[i].netns == netns && !strcmp(t->group[i].key, key))
			t->selected = i;
	t->selected = t->nr ? MIN(t->selected, t->nr - 1) : 0;
	t->dirty = true;
}

static void add_text(struct top *t)
{
	while (t->text_len + t->line.nr > t->text_room) {
		t->text_room = MAX(t->text_room * 2, 1 << 16);
		t->text = need(realloc(t->text, t->text_room));
	}
	memcpy(t->text + t->text_len, t->line.buf, t->line.nr);
	t->text_len += t->line.nr;
	t->line.nr = 0;
}

static void show_stacks(struct top *t)
{
	struct request *rq = &t->opt->rq;
	struct selection *sel = &rq->sel;
	struct names *names = rq->names;
	uint64_t hidden = sel->hidden, too_short = sel->too_short, no_header = sel->no_header;
	struct rows rows;
	size_t i;

	if (t->selected >= t->nr)
		return;
	view_key(t->by, &t->group[t->selected], t->stacks_of);
	t->text_len = t->scroll = 0;
	t->shows = SHOWS_STACKS;
	t->line.nr = 0;
	if (rq->file && !t->whole) {
		out_str(&t->line, "Drops from a pipe are counted, but not kept: "
				  "record them, then use whydrop top -f FILE.\n");
		add_text(t);
		return;
	}
	/* Who reads a recording once more forgets its names, which the counts still have. */
	if (rq->file && names)
		rq->names = names_new("");
	rows_gather(&rows, rq, t->by, false, &t->group[t->selected]);
	for (i = 0; i < rows.nr && i < STACKS_MAX; i++) {
		view_row(&t->line, &rows.row[i]);
		add_text(t);
	}
	if (rows.without) {
		out_fmt(&t->line, "%" PRIu64 " more with an unknown stack\n", rows.without);
		add_text(t);
	}
	if (!t->text_len) {
		out_str(&t->line, "None of them is still in the rings.\n");
		add_text(t);
	}
	rows_free(&rows);
	if (rq->names != names)
		names_free(rq->names);
	rq->names = names;
	/* Those of the counts, which are reported at the end. */
	sel->hidden = hidden;
	sel->too_short = too_short;
	sel->no_header = no_header;
}

/* Moves a line number of @nr; not a key for that: false. */
static bool move_line(int key, size_t *at, size_t nr, size_t page)
{
	size_t last = nr ? nr - 1 : 0;

	switch (key) {
	case KEY_IS_UP: case 'k': *at -= *at > 0; break;
	case KEY_IS_DOWN: case 'j': *at += *at < last; break;
	case KEY_IS_PAGE_UP: *at -= MIN(*at, page); break;
	case KEY_IS_PAGE_DOWN: *at = MIN(*at + page, last); break;
	case KEY_IS_HOME: *at = 0; break;
	case KEY_IS_END: *at = last; break;
	default: return false;
	}
	return true;
}

static void set_group_by(struct top *t, enum by by)
{
	t->by = by;
	t->selected = t->first = 0;
	t->pinned = false;
	regroup(t);
}

static void handle_counts_key(struct top *t, int key)
{
	static const char letters[] = "rdnacfKIo";
	const char *letter = key > 0 && key < 128 ? strchr(letters, key) : NULL;

	if (move_line(key, &t->selected, t->nr, top_room(t))) {
		t->pinned = key != KEY_IS_HOME;
	} else if (letter) {
		set_group_by(t, letter - letters);
	} else if (key == 'g' || key == '\t') {
		set_group_by(t, (t->by + 1) % BY_HOST);
	} else if (key == 'G') {
		set_group_by(t, (t->by + BY_HOST - 1) % BY_HOST);
	} else if (key == 's') {
		t->sort = (t->sort + 1) % SORT_NR;
		regroup(t);
	} else if (key == 'p' || key == ' ') {
		t->paused = !t->paused;
	} else if (key == KEY_IS_ENTER) {
		/* The remainder is of no key to look for. */
		if (t->selected >= t->nr || !t->group[t->selected].rest)
			show_stacks(t);
	} else if (key == '?' || key == 'h') {
		t->shows = SHOWS_HELP;
	} else if (key == 'q') {
		t->quit = true;
	}
}

static void handle_keys(struct top *t)
{
	int key;

	while (!t->quit && (key = screen_key(&t->scr)) != KEY_IS_NONE) {
		t->dirty = true;
		if (key == KEY_IS_RESIZE)
			continue;
		if (t->shows == SHOWS_COUNTS)
			handle_counts_key(t, key);
		else if (t->shows == SHOWS_HELP || key == 'q' || key == KEY_IS_ESCAPE ||
			 key == KEY_IS_ENTER)
			t->shows = SHOWS_COUNTS;
		else
			move_line(key, &t->scroll, top_lines(t), top_room(t));
	}
}

/* Is a new sample to be taken? Of a file there is one, at its end. */
static bool is_due(const struct top *t, int64_t now, int64_t next)
{
	if (t->whole)
		return t->ended && !t->sm.nr;
	return !t->sm.nr || (!t->paused && !t->ended && now >= next);
}

static int64_t refresh_ms(const struct options *opt)
{
	return opt->interval_ms > 0 ? opt->interval_ms : 1000;
}

static int run_screen(struct top *t)
{
	int64_t ms = refresh_ms(t->opt);
	int64_t now = now_ms(), next = now;
	int64_t end = t->opt->rq.duration_ms >= 0 ? now + t->opt->rq.duration_ms : INT64_MAX;
	int err = 0;

	while (!t->quit && !stop_signal() && now < end) {
		if (!t->ended)
			err = sample_pump(&t->sm, t->sm.nr ? 100 : 300);
		/* What there is of a recording is still shown. */
		if (err && (err != EXIT_FAILED || !t->opt->rq.file))
			return err;
		t->failed |= err;
		t->ended |= t->failed || t->sm.s.src.ended;
		now = now_ms();
		if (is_due(t, now, next)) {
			err = sample_take(&t->sm);
			if (err)
				return err;
			regroup(t);
		}
		while (next <= now)
			next += ms;
		t->dirty |= t->whole && !t->ended;
		handle_keys(t);
		if (t->quit)
			break;
		if (t->dirty)
			top_draw(t);
		if (t->whole && !t->ended)
			continue;
		err = source_wait(&t->sm.s.src, MAX(MIN(next, end) - now_ms(), 0), t->scr.fd);
		if (err)
			break;
	}
	return err < 0 || t->failed ? EXIT_FAILED : EXIT_OK;
}

static bool is_regular(const char *file)
{
	struct stat st;

	return file && strcmp(file, "-") && !stat(file, &st) && S_ISREG(st.st_mode);
}

int cmd_top(struct options *opt)
{
	int by = by_parse(opt->by), err;
	const char *why;
	struct top *t;

	if (by < 0)
		return EXIT_USAGE;
	if (opt->json || opt->rq.in.several || !screen_usable(&why)) {
		if (opt->rq.in.several)
			why = "these are recordings of more than one boot";
		if (!opt->json)
			note("plain lines: %s", why);
		opt->rq.limit = MIN(opt->rq.limit, 10);
		return count_intervals(opt, by, SORT_RATE, refresh_ms(opt));
	}
	t = need(calloc(1, sizeof(*t)));
	t->opt = opt;
	t->by = by;
	t->sort = SORT_RATE;
	t->whole = is_regular(opt->rq.file);
	t->line.fd = -1;
	/* Stacks are read again, when somebody asks for them. */
	opt->rq.two_streams = true;
	stop_on_signals();
	err = sample_open(&t->sm, &opt->rq, (BIT(BY_HOST) - 1) | BIT(by), opt->json);
	if (!err && !screen_open(&t->scr, opt->out->color))
		err = EXIT_FAILED;
	if (!err) {
		err = run_screen(t);
		screen_close(&t->scr);
	}
	if (opt->rq.in.several) {
		note("only the first boot was shown: `whydrop count' shows all");
		opt->enough = true;
	}
	if (t->sm.nr) {
		report_missing(opt, &t->sm, t->by);
		hint_at_explain(t->opt, &t->sm, t->by);
	}
	free(t->group);
	loss_free(&t->loss);
	free(t->text);
	sample_free(&t->sm);
	free(t);
	return err;
}
