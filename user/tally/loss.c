// SPDX-License-Identifier: GPL-2.0-only
/* Gathers what is missing from a view, from wherever it is known. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tally/loss.h"

static const char *const names[] = {
	"enabled", "reasons", "devs", "netns", "packet_filter",
};

static void add_selection(struct loss *l, const struct selection *sel)
{
	l->hidden = sel->hidden;
	l->too_short = sel->too_short;
	l->no_header = sel->no_header;
}

static void add_parameters(struct loss *l, const struct request *rq)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		char *value = read_text(rq->parameters, names[i], NULL);

		l->filter[i] = (struct loss_filter){ names[i], value };
		if (!value)
			continue;
		value[strcspn(value, "\n")] = '\0';
		/* As the kernel shows a bool, and as a recording has it. */
		if (!i && (*value == 'Y' || *value == 'N'))
			*value = *value == 'Y' ? '1' : '0';
		l->filters = FILTERS_KNOWN;
	}
}

static void add_settings(struct loss *l, const struct decoder *d)
{
	const char *value;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		value = decoder_setting(d, names[i]);
		l->filter[i] = (struct loss_filter){
			names[i], value ? text_copy(value, strlen(value)) : NULL,
		};
		if (value)
			l->filters = FILTERS_KNOWN;
	}
	l->changes = d->setting_changes;
	value = decoder_meta(d, "selected");
	if (value && *value)
		l->selected = text_copy(value, strlen(value));
}

static uint64_t get_stat(const char *text, const char *key)
{
	char pattern[32];
	const char *line;

	snprintf(pattern, sizeof(pattern), "\n%s: ", key);
	line = strstr(text, pattern);
	return line ? strtoull(line + strlen(pattern), NULL, 10) : 0;
}

static void add_stats(struct loss *l, const struct request *rq, bool all)
{
	char *text = read_text(rq->debugfs, "stats", NULL);

	if (!text)
		return;
	l->has_stats = true;
	if (!all) {
		l->filtered = get_stat(text, "filtered");
		l->unjudged = get_stat(text, "filter_unjudged");
	}
	/* Of these there is a count by reason, and nothing else. */
	if (l->exact && !all) {
		l->lost[WHYDROP_LOST_NMI] = get_stat(text, "lost_nmi");
		l->lost[WHYDROP_LOST_NOBUF] = get_stat(text, "lost_nobuf");
	}
	free(text);
}

void loss_of_stream(struct loss *l, const struct stream *s)
{
	memset(l, 0, sizeof(*l));
	l->live = !s->rq->file;
	l->nothing = !s->dec.started;
	memcpy(l->lost, s->lost.by_cause, sizeof(l->lost));
	/* What was too old already when `watch' began was not asked for. */
	if (l->live && !s->history)
		l->lost[WHYDROP_LOST_HISTORY] = 0;
	l->twice = s->duplicates;
	l->may_be_twice = s->overlap_unknown;
	add_selection(l, &s->rq->sel);
	if (l->live) {
		add_parameters(l, s->rq);
		add_stats(l, s->rq, false);
	} else {
		add_settings(l, &s->dec);
	}
}

void loss_of_module(struct loss *l, const struct request *rq, bool all)
{
	memset(l, 0, sizeof(*l));
	l->live = l->exact = true;
	add_selection(l, &rq->sel);
	add_parameters(l, rq);
	add_stats(l, rq, all);
	if (all && l->filters == FILTERS_KNOWN)
		l->filters = FILTERS_BEHIND;
}

void loss_of_sample(struct loss *l, const struct sample *sm, enum by by)
{
	if (sample_exact(sm, by))
		loss_of_module(l, sm->rq, sample_is_unfiltered(sm, by));
	else
		loss_of_stream(l, &sm->s);
	l->hidden = sm->hidden;
	l->remainder = sm->t[by].rest.count;
	l->error = sm->t[by].floor;
}

void loss_of_rows(struct loss *l, const struct rows *rows, enum by by)
{
	if (rows_exact(rows->rq, by))
		loss_of_module(l, rows->rq, false);
	else
		loss_of_stream(l, &rows->s);
	l->without = rows->without;
	l->by_place = rows->by_place;
}

void loss_free(struct loss *l)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(l->filter); i++)
		free(l->filter[i].value);
	free(l->selected);
	memset(l, 0, sizeof(*l));
}

bool loss_filter_is_set(const struct loss *l, unsigned int i)
{
	const char *value = l->filter[i].value;

	if (!value)
		return false;
	if (!i)
		return !strcmp(value, "0");
	/* All reasons, and so none is left out. */
	return *value && (strcmp(value, "*") || strcmp(l->filter[i].name, "reasons"));
}
