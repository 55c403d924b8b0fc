// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop count': how many drops, by reason, device, place and so on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "explain/explain.h"
#include "commands/command.h"

static void show_json(struct out *o, const struct sample *sm, enum by by, const struct group *g)
{
	const char *slash = strchr(g->key, '/'), *mostly = *g->mostly ? g->mostly : NULL;
	struct reason core = { .label = g->key, .subsys = "core" };

	if (g->rest) {
		out_str(o, "{\"type\":\"remainder\"");
		out_json_str(o, "by", by_what[by].name);
		out_json_u64(o, "count", g->count);
		json_number(o, "share", sm->t[by].total ? (double)g->count / sm->t[by].total : 0);
		json_number(o, "rate", sample_rate(sm, by, g));
		json_ns(o, "last", sample_last(sm, by, g));
		out_str(o, "}\n");
		return;
	}
	out_str(o, "{\"type\":\"count\"");
	if (by == BY_REASON) {
		out_json_str(o, "reason", slash ? slash + 1 : g->key);
		if (slash) {
			out_json_key(o, "subsys");
			out_json(o, g->key, slash - g->key);
		} else {
			out_json_str(o, "subsys", reason_subsys(&core));
		}
		out_json_known(o, "reason_id", g->reason_id, g->reason_id != WHYDROP_NO_REASON);
	} else if (by != BY_NETNS) {
		out_json_str(o, by_what[by].name, *g->key ? g->key : NULL);
	}
	if (by == BY_NETNS || by == BY_DEV) {
		out_json_or_null(o, "netns", g->netns);
		out_json_str(o, "netns_name", g->netns_name);
	}
	if (*g->host)
		out_json_str(o, "host", g->host);
	out_json_u64(o, "count", g->count);
	out_json_u64(o, "error", g->error);
	out_json_str(o, by == BY_REASON ? "mostly_at" : "mostly", mostly);
	out_json_u64(o, by == BY_REASON ? "mostly_at_count" : "mostly_count", g->mostly_count);
	json_number(o, "share", sm->t[by].total ? (double)g->count / sm->t[by].total : 0);
	json_number(o, "rate", sample_rate(sm, by, g));
	json_ns(o, "first", sample_first(sm, by, g));
	json_ns(o, "oldest", g->first);
	json_ns(o, "last", sample_last(sm, by, g));
	if (by != BY_CLASS)
		out_json_str(o, "class", g->class.name);
	if (by != BY_INTENT)
		out_json_str(o, "intent", g->class.name ? intent_word(g->class.intent) : NULL);
	out_str(o, "}\n");
}

/* Return: how many -c left out. */
static size_t show_groups(struct options *opt, const struct sample *sm, enum by by,
			  enum tally_sort sort)
{
	struct out *o = opt->out;
	struct group *g;
	size_t i, all = sample_groups(sm, by, sort, &g), nr = MIN(all, opt->rq.limit);
	struct view v;

	view_init(&v, o, sm, by, g, nr);
	if (!opt->json && opt->fmt.header && nr)
		view_header(&v);
	for (i = 0; i < nr; i++) {
		if (opt->json)
			show_json(o, sm, by, &g[i]);
		else
			view_group(&v, &g[i]);
	}
	out_flush(o);
	free(g);
	return all - nr;
}

/* What stands before the counts of each interval. */
static void show_time(struct options *opt, const struct sample *sm, enum by by)
{
	struct group sum = sample_sum(sm, by);
	char text[32] = "time unknown", rate[24];
	/* A recording ends with its last drop, not today. */
	int64_t ns = sample_last(sm, by, &sum);
	struct out *o = opt->out;
	struct timespec now;
	struct tm tm;
	time_t sec;

	if (!opt->rq.file) {
		clock_gettime(CLOCK_REALTIME, &now);
		ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
	}
	if (opt->json) {
		out_str(o, "{\"type\":\"sample\"");
		json_ns(o, "time", ns);
		out_json_str(o, "by", by_what[by].name);
		out_json_u64(o, "total", sum.count);
		json_number(o, "rate", sample_rate(sm, by, &sum));
		out_json_u64(o, "lost", sample_lost(sm, by));
		out_str(o, "}\n");
	} else {
		sec = ns / 1000000000;
		if (ns > 0 && localtime_r(&sec, &tm))
			strftime(text, sizeof(text), "%F %T UTC%z", &tm);
		view_rate(rate, sample_rate(sm, by, &sum));
		out_fmt(o, "%s# %s: %llu drops, %s/s, %llu lost\n", sm->nr > 1 ? "\n" : "", text,
			(unsigned long long)sum.count, rate,
			(unsigned long long)sample_lost(sm, by));
	}
}

void report_missing(struct options *opt, const struct sample *sm, enum by by)
{
	uint64_t total = sm->t[by].total;
	struct loss l;

	loss_of_sample(&l, sm, by);
	section_end(opt, &l, true);
	note("%llu drop%s", (unsigned long long)total, total == 1 ? "" : "s");
}

int count_intervals(struct options *opt, enum by by, enum tally_sort sort, int64_t ms)
{
	int64_t now = now_ms(), next = now + ms;
	int64_t end = opt->rq.duration_ms >= 0 ? now + opt->rq.duration_ms : INT64_MAX;
	struct sample sm;
	int err;

	stop_on_signals();
	err = sample_open(&sm, &opt->rq, BIT(by), opt->json);
	while (!err) {
		/* What is there at first may be a lot. */
		err = sample_pump(&sm, sm.nr ? 100 : 1000);
		now = now_ms();
		if (!err && sm.nr && now < MIN(next, end) && !stop_signal() && !sm.s.src.ended) {
			if (source_wait(&sm.s.src, MIN(next, end) - now, -1) < 0)
				err = EXIT_FAILED;
			continue;
		}
		if (err && (err != EXIT_FAILED || (opt->rq.file && !sm.s.dec.started)))
			break;
		err = sample_take(&sm) ?: err;
		if (sm.nr == 1)
			section_begin(opt, &sm.s.dec);
		show_time(opt, &sm, by);
		show_groups(opt, &sm, by, sort);
		if (stop_signal() || opt->out->err || sm.s.src.ended || now_ms() >= end)
			break;
		while (next <= now_ms())
			next += ms;
	}
	if (sm.nr)
		report_missing(opt, &sm, by);
	err = err ? err : exit_code_for(opt, sm.t[by].total);
	sample_free(&sm);
	return err;
}

void hint_at_explain(const struct options *opt, const struct sample *sm, enum by by)
{
	struct group *g;

	size_t i, nr = sample_groups(sm, by, SORT_COUNT, &g);

	for (i = 0; i < nr; i++)
		if (!g[i].rest)
			break;
	if (i < nr)
		explain_hint(opt, by == BY_REASON ? g[i].key : g[i].mostly);
	free(g);
}

int cmd_count(struct options *opt)
{
	int by = by_parse(opt->by), err;
	struct sample sm;
	size_t left;

	if (by < 0)
		return EXIT_USAGE;
	if (opt->interval_ms > 0)
		return count_intervals(opt, by, SORT_COUNT, opt->interval_ms);
	if (opt->rq.duration_ms >= 0) {
		complain("--duration needs --interval");
		return EXIT_USAGE;
	}
	err = sample_open(&sm, &opt->rq, BIT(by), opt->json);
	if (!err && !opt->rq.file && !sample_exact(&sm, by))
		note("counted from the events still in the rings, not since load");
	if (!err)
		err = sample_all(&sm);
	if (!err || (err == EXIT_FAILED && sm.t[by].total)) {
		section_begin(opt, &sm.s.dec);
		left = show_groups(opt, &sm, by, SORT_COUNT);
		report_missing(opt, &sm, by);
		if (left)
			note("%zu more row%s, which -c left out", left, left == 1 ? "" : "s");
		hint_at_explain(opt, &sm, by);
	}
	err = err ? err : exit_code_for(opt, sm.t[by].total);
	sample_free(&sm);
	return err;
}
