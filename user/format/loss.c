// SPDX-License-Identifier: GPL-2.0-only
/* Shows what a view does not have: as words on stderr, as JSON, as a line of `whydrop top'. */
#include <stdio.h>
#include <string.h>

#include "format/fields.h"
#include "format/loss.h"

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* A program is long, and its words are not kept. */
static const char *filter_words(const struct loss_filter *f, char room[64])
{
	if (strcmp(f->name, "packet_filter") || !expr_is_program(f->value))
		return f->value;
	snprintf(room, 64, "a program of %.*s instructions",
		 (int)MIN(strspn(f->value, "0123456789"), 16), f->value);
	return room;
}

static void say_filters(const struct loss *l)
{
	char room[64];
	unsigned int i;

	if (l->filters == FILTERS_UNKNOWN) {
		note("filters unknown: the recording does not say what the module left out");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(l->filter); i++) {
		if (!loss_filter_is_set(l, i))
			continue;
		if (!i)
			note("the module was disabled when the recording ended");
		else
			note("the parameter %s filtered drops: %s", l->filter[i].name,
			     filter_words(&l->filter[i], room));
	}
	if (l->changes)
		note("%u change%s of filters during the recording", l->changes,
		     plural(l->changes));
}

COLD void loss_report(const struct loss *l, bool history)
{
	size_t i;

	if (l->remainder)
		note("%llu drops in groups too rare to keep; any other may have up to %llu of them",
		     (unsigned long long)l->remainder, (unsigned long long)l->error);
	if (l->hidden)
		note("%llu usually harmless drop%s skipped: see --benign",
		     (unsigned long long)l->hidden, plural(l->hidden));
	if (l->too_short)
		note("%llu packet%s skipped: too few bytes for this expression; raise snaplen",
		     (unsigned long long)l->too_short, plural(l->too_short));
	if (l->no_header)
		note("%llu packet%s skipped: no IP header for this expression",
		     (unsigned long long)l->no_header, plural(l->no_header));
	if (l->twice)
		note("%llu event%s in more than one recording: counted once",
		     (unsigned long long)l->twice, plural(l->twice));
	if (l->may_be_twice)
		note("too many gaps to tell all that is in two recordings: some may be counted twice");
	for (i = 0; !l->exact && i < ARRAY_SIZE(l->lost); i++)
		if (l->lost[i] && (i != WHYDROP_LOST_HISTORY || history || !l->live))
			note("lost %llu event%s: %s", (unsigned long long)l->lost[i],
			     plural(l->lost[i]), lost_words(l->live, i));
	/* The module's own were reported at the beginning. */
	if (!l->live && !l->nothing)
		say_filters(l);
	if (l->selected)
		note("the recording has only what was selected for it: %s", l->selected);
}

COLD void loss_json(struct out *o, const struct labels *labels, const struct loss *l)
{
	size_t i;

	out_str(o, "{\"type\":\"loss\"");
	if (labels && labels->len)
		out_mem(o, labels->text, labels->len);
	out_json_key(o, "exact");
	out_str(o, l->exact ? "true" : "false");
	out_str(o, ",\"lost\":{");
	for (i = 1; i <= ARRAY_SIZE(l->lost); i++) {
		size_t cause = i % ARRAY_SIZE(l->lost);

		out_fmt(o, "%s\"%s\":%llu", i > 1 ? "," : "", lost_cause(cause),
			(unsigned long long)l->lost[cause]);
	}
	out_chr(o, '}');
	out_json_u64(o, "remainder", l->remainder);
	out_json_u64(o, "error", l->remainder ? l->error : 0);
	out_json_u64(o, "without_stack", l->without);
	out_json_u64(o, "by_place", l->by_place);
	out_json_u64(o, "hidden", l->hidden);
	out_json_u64(o, "too_short", l->too_short);
	out_json_u64(o, "no_header", l->no_header);
	out_json_known(o, "filtered", l->filtered, l->has_stats);
	out_json_known(o, "filter_unjudged", l->unjudged, l->has_stats);
	out_json_key(o, "filters");
	out_str(o, l->filters == FILTERS_UNKNOWN ? "null" : "{");
	for (i = 0; l->filters != FILTERS_UNKNOWN && i < ARRAY_SIZE(l->filter); i++) {
		const struct loss_filter *f = &l->filter[i];

		if (i)
			out_chr(o, ',');
		out_fmt(o, "\"%s\":", f->name);
		if (f->value)
			out_json(o, f->value, strlen(f->value));
		else
			out_str(o, "null");
	}
	out_str(o, l->filters == FILTERS_UNKNOWN ? "" : "}");
	out_json_key(o, "filters_apply");
	out_str(o, l->filters == FILTERS_BEHIND ? "false" : "true");
	out_json_known(o, "filter_changes", l->changes,
		       !l->live && l->filters != FILTERS_UNKNOWN);
	out_json_str(o, "selected", l->selected);
	out_json_u64(o, "twice", l->twice);
	out_json_key(o, "may_be_twice");
	out_str(o, l->may_be_twice ? "true}\n" : "false}\n");
}

bool loss_line(struct out *o, const struct loss *l, const char *sep)
{
	char room[64];
	bool first = true;
	size_t i;

	for (i = 0; !l->exact && i < ARRAY_SIZE(l->lost); i++) {
		if (!l->lost[i] || i == WHYDROP_LOST_HISTORY)
			continue;
		out_fmt(o, "%slost %llu (%s)", sep, (unsigned long long)l->lost[i], lost_cause(i));
		sep = "; ";
	}
	if (l->too_short + l->no_header) {
		out_fmt(o, "%s%llu not judged", sep,
			(unsigned long long)(l->too_short + l->no_header));
		sep = "; ";
	}
	if (l->filters == FILTERS_UNKNOWN && !l->nothing) {
		out_fmt(o, "%sfilters unknown: the %s", sep,
			l->live ? "parameters cannot be read" : "recording does not say");
		sep = "; ";
	}
	for (i = 1; i < ARRAY_SIZE(l->filter); i++) {
		const char *words;

		if (!loss_filter_is_set(l, i))
			continue;
		out_fmt(o, first ? "%srecorded only: " : "%s", first ? sep : " ");
		words = filter_words(&l->filter[i], room);
		out_fmt(o, "%s=", l->filter[i].name);
		out_text(o, words, strlen(words));
		first = false;
		sep = "; ";
	}
	if (l->changes) {
		out_fmt(o, "%sfilters changed meanwhile", sep);
		sep = "; ";
	}
	if (l->selected) {
		out_fmt(o, "%sselected only: ", sep);
		out_text(o, l->selected, strlen(l->selected));
		sep = "; ";
	}
	return *sep;
}
