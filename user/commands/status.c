// SPDX-License-Identifier: GPL-2.0-only
/* status: module, parameters, accounting; or what a recording is. */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../module/version.h"
#include "commands/command.h"

struct pair {
	char *key, *value;
};

struct pairs {
	struct pair *pair;
	size_t nr, room;
};

static void add_pair(struct pairs *p, const char *key, const char *value)
{
	p->pair = grow(p->pair, p->nr, &p->room, sizeof(*p->pair));
	p->pair[p->nr].key = text_copy(key, strlen(key));
	p->pair[p->nr++].value = text_copy(value, strlen(value));
}

static void __attribute__((format(printf, 3, 4)))
add_fmt(struct pairs *p, const char *key, const char *fmt, ...)
{
	char value[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	add_pair(p, key, value);
}

static const char *get_pair(const struct pairs *p, const char *key)
{
	size_t i;

	for (i = 0; i < p->nr; i++)
		if (!strcmp(p->pair[i].key, key))
			return p->pair[i].value;
	return NULL;
}

static void free_pairs(struct pairs *p)
{
	size_t i;

	for (i = 0; i < p->nr; i++) {
		free(p->pair[i].key);
		free(p->pair[i].value);
	}
	free(p->pair);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

static int read_stats(const struct options *opt, struct pairs *stats)
{
	char *text = read_text(opt->debugfs, "stats", NULL), *pos, *line;
	char path[4096];

	if (!text) {
		snprintf(path, sizeof(path), "%s/stats", opt->debugfs);
		return source_diagnose(opt->debugfs, path, errno);
	}
	for (pos = text; (line = next_line(&pos));) {
		char *colon = strchr(line, ':');

		if (*line == '#' || !colon)
			continue;
		*colon++ = '\0';
		add_pair(stats, line, colon + strspn(colon, " \t"));
	}
	free(text);
	return 0;
}

static void read_parameters(const struct options *opt, struct pairs *param)
{
	DIR *dir = opendir(opt->parameters);
	struct dirent *d;
	char *text;

	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		text = read_text(opt->parameters, d->d_name, NULL);
		if (text) {
			text[strcspn(text, "\n")] = '\0';
			add_pair(param, d->d_name, text);
		}
		free(text);
	}
	if (dir)
		closedir(dir);
	if (param->nr)
		qsort(param->pair, param->nr, sizeof(*param->pair), by_key);
}

/* Numbers that say more side by side; so they also show that none is missing. */
static const struct {
	const char *label;
	struct {
		const char *key, *words;
	} part[7];
} sums[] = {
	{ "drops", { { "seen", "seen =" }, { "recorded", "recorded +" },
		     { "filtered", "filtered +" }, { "lost_nmi", "lost in NMI +" },
		     { "lost_nobuf", "lost without a ring" } } },
	{ "their stacks", { { "stack_by_id", "in the table +" }, { "stack_inline", "inline +" },
			    { "stack_suppressed", "suppressed by stack_rate +" },
			    { "stack_off", "off" } } },
	{ "table of stacks", { { "stacks_stored", "of" }, { "stacks_room", "stacks," },
			       { "frames_stored", "of" }, { "frames_room", "frames" } } },
	{ "stacks walked", { { "walked", "walked," }, { "walk_audits", "compared," },
			     { "walk_mismatches", "wrong;" }, { "walk_learned", "addresses learned," },
			     { "walk_refused", "refused" } } },
	{ "stacks unwound", { { "unwound_unknown", "address not known yet +" },
			      { "unwound_dynamic", "address refused +" },
			      { "unwound_stack", "elsewhere +" }, { "unwound_place", "no place +" },
			      { "unwound_changed", "learned meanwhile +" },
			      { "unwound_scope", "interrupted +" }, { "unwound_off", "off" } } },
};

static bool in_sums(const char *key)
{
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(sums); i++)
		for (j = 0; j < ARRAY_SIZE(sums[i].part) && sums[i].part[j].key; j++)
			if (!strcmp(sums[i].part[j].key, key))
				return true;
	return false;
}

static void show_sums(struct out *o, const struct pairs *p)
{
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(sums); i++) {
		out_column(o, sums[i].label, 18);
		for (j = 0; j < ARRAY_SIZE(sums[i].part) && sums[i].part[j].key; j++) {
			const char *val = get_pair(p, sums[i].part[j].key);

			out_chr(o, ' ');
			out_text(o, val ? val : "?", val ? strlen(val) : 1);
			out_chr(o, ' ');
			out_str(o, sums[i].part[j].words);
		}
		out_chr(o, '\n');
	}
}

static void show_text(struct out *o, const char *title, const struct pairs *p, bool all)
{
	size_t i;

	out_colour(o, COLOUR_FAINT);
	out_fmt(o, "# %s", title);
	out_colour(o, COLOUR_OFF);
	out_chr(o, '\n');
	for (i = 0; i < p->nr; i++) {
		const struct pair *pair = &p->pair[i];

		if (!all && (strchr(pair->key, '.') || in_sums(pair->key)))
			continue;
		out_column(o, pair->key, 18);
		out_chr(o, ' ');
		out_text(o, pair->value, strlen(pair->value));
		out_chr(o, '\n');
	}
}

/* What has its own key in JSON. */
static bool is_text(const char *key)
{
	return !strcmp(key, "version") || !strcmp(key, "abi") || !strcmp(key, "kernel");
}

/* Numbers as such, if @numbers. */
static void show_json(struct out *o, const char *key, const struct pairs *p, bool numbers)
{
	bool first = true;
	uint64_t val;
	size_t i;

	out_json_key(o, key);
	if (!p) {
		out_str(o, "null");
		return;
	}
	out_chr(o, '{');
	for (i = 0; i < p->nr; i++) {
		const struct pair *pair = &p->pair[i];

		if (numbers && is_text(pair->key))
			continue;
		if (!first)
			out_chr(o, ',');
		first = false;
		out_json(o, pair->key, strlen(pair->key));
		out_chr(o, ':');
		if (numbers && parse_u64(pair->value, UINT64_MAX, &val))
			out_u64(o, val);
		else
			out_json(o, pair->value, strlen(pair->value));
	}
	out_chr(o, '}');
}

static void json_start(struct out *o, const char *version, const char *abi, const char *kernel)
{
	out_str(o, "{\"type\":\"status\"");
	out_json_str(o, "version", version);
	out_json_str(o, "abi", abi);
	out_json_str(o, "kernel", kernel);
	out_json_str(o, "reader", WHYDROP_VERSION);
}

static void warn(const struct pairs *stats)
{
	static const char *const losses[] = { "lost_nmi", "lost_nobuf" };
	const char *val;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(losses); i++) {
		val = get_pair(stats, losses[i]);
		if (val && strcmp(val, "0"))
			note("%s %s: counted, but without event", losses[i], val);
	}
	val = get_pair(stats, "walk_mismatches");
	if (val && strcmp(val, "0"))
		note("walk_mismatches %s: stacks are unwound now, see the kernel's log", val);
}

/* The words that it was made of are not kept; what it does is all there is. */
static void show_program(struct out *o, const char *text)
{
	const char *pos = text ? text + strspn(text, "0123456789") : "", *line;
	unsigned int nr;

	for (nr = 0; (line = expr_explain(&pos, nr)); nr++) {
		if (!nr)
			out_str(o, "# packet_filter, from the IP header on\n");
		out_fmt(o, "%s\n", line);
	}
}

static int live(struct options *opt)
{
	struct pairs stats = { 0 }, param = { 0 };
	struct out *o = opt->out;
	const char *lockdown;
	char mode[32];
	int err;

	err = read_stats(opt, &stats);
	if (err)
		return err;
	read_parameters(opt, &param);
	lockdown = source_lockdown(mode);
	if (opt->json) {
		json_start(o, get_pair(&stats, "version"), get_pair(&stats, "abi"),
			   get_pair(&stats, "kernel"));
		show_json(o, "parameters", &param, false);
		show_json(o, "stats", &stats, true);
		show_json(o, "recording", NULL, false);
		out_str(o, ",\"access\":{\"uid\":");
		out_u64(o, geteuid());
		out_json_str(o, "lockdown", lockdown);
		out_str(o, "}}\n");
	} else {
		out_fmt(o, "# reader %s, reads ABI %d.x\n", WHYDROP_VERSION, WHYDROP_ABI_MAJOR);
		show_text(o, "module", &stats, opt->fmt.verbose);
		if (!opt->fmt.verbose)
			show_sums(o, &stats);
		out_fmt(o, "%-18s uid %u, lockdown %s\n", "access", (unsigned int)geteuid(),
			lockdown ? lockdown : "unknown");
		show_text(o, "parameters", &param, true);
		show_program(o, get_pair(&param, "packet_filter"));
		out_flush(o);
		table_say_hidden(opt);
		warn(&stats);
	}
	free_pairs(&stats);
	free_pairs(&param);
	return 0;
}

struct span {
	uint64_t events, stacks;
	struct event first, last;
};

static int look(struct stream *s, const struct item *it)
{
	struct span *span = s->arg;

	if (it->type == ITEM_STACK)
		span->stacks++;
	if (it->type != ITEM_EVENT)
		return 0;
	if (!span->events++)
		span->first = event_kept(it->event);
	span->last = event_kept(it->event);
	return 0;
}

static void add_time(struct pairs *p, struct options *opt, const char *key, const struct event *e)
{
	struct value v;

	field_value(field_find("time"), &opt->fmt, e, false, &v);
	add_fmt(p, key, "%.*s", v.kind == KIND_STRING ? (int)v.len : 1,
		v.kind == KIND_STRING ? v.str : "-");
}

static int recording(struct options *opt)
{
	struct span span = { 0 };
	struct stream s = {
		.opt = opt,
		.item = look,
		.arg = &span,
		.to_the_end = true,
		.quiet = true,
		.src.fd = -1,
	};
	struct pairs p = { 0 };
	char abi[32], key[32];
	size_t i;
	int err;

	err = stream_run(&s);
	if (err && err != EXIT_FAILED)
		goto out;
	if (!s.dec.started)
		goto out;
	snprintf(abi, sizeof(abi), "%u.%u", s.dec.abi_major, s.dec.abi_minor);
	if (!opt->json) {
		add_pair(&p, "abi", abi);
		for (i = 0; i < s.dec.nr_meta; i++)
			add_pair(&p, s.dec.meta[i].key, s.dec.meta[i].value);
	}
	add_fmt(&p, "bytes", "%llu", (unsigned long long)s.dec.offset);
	add_fmt(&p, "events", "%llu", (unsigned long long)span.events);
	add_fmt(&p, "reasons", "%zu", s.dec.nr_reasons);
	add_fmt(&p, "stacks", "%llu", (unsigned long long)span.stacks);
	for (i = 1; i < ARRAY_SIZE(s.lost); i++) {
		snprintf(key, sizeof(key), "lost_%s", lost_cause(i));
		add_fmt(&p, key, "%llu", (unsigned long long)s.lost[i]);
	}
	if (span.events) {
		add_time(&p, opt, "first", &span.first);
		add_time(&p, opt, "last", &span.last);
	}
	if (opt->json) {
		json_start(opt->out, decoder_meta(&s.dec, "version"), abi,
			   decoder_meta(&s.dec, "kernel"));
		show_json(opt->out, "parameters", NULL, false);
		show_json(opt->out, "stats", NULL, false);
		show_json(opt->out, "recording", &p, true);
		out_str(opt->out, ",\"access\":null}\n");
	} else {
		show_text(opt->out, "recording", &p, true);
	}
out:
	free_pairs(&p);
	stream_free(&s);
	return err;
}

int cmd_status(struct options *opt)
{
	return opt->file ? recording(opt) : live(opt);
}
