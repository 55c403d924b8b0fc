// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop status': module, parameters and accounting, or what a recording contains. */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../module/version.h"
#include "commands/command.h"

struct status_pair {
	char *key, *value;
};

struct pairs {
	struct status_pair *pair;
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
	return strcmp(((const struct status_pair *)a)->key, ((const struct status_pair *)b)->key);
}

static int read_stats(const struct options *opt, struct pairs *stats)
{
	char *text = read_text(opt->rq.debugfs, "stats", NULL), *pos, *line;
	char path[4096];

	if (!text) {
		snprintf(path, sizeof(path), "%s/stats", opt->rq.debugfs);
		return source_diagnose(opt->rq.debugfs, path, errno);
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
	DIR *dir = opendir(opt->rq.parameters);
	struct dirent *d;
	char *text;

	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		text = read_text(opt->rq.parameters, d->d_name, NULL);
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

static uint64_t get_number(const struct pairs *p, const char *key)
{
	const char *text = get_pair(p, key);
	uint64_t val;

	return text && parse_u64(text, UINT64_MAX, &val) ? val : 0;
}

/* "lost_" stands for all keys that begin so: a later module may have another one. */
static uint64_t get_sum(const struct pairs *p, const char *key)
{
	size_t i, len = strlen(key);
	uint64_t sum = 0;

	if (key[len - 1] != '_')
		return get_number(p, key);
	for (i = 0; i < p->nr; i++)
		if (!strncmp(p->pair[i].key, key, len))
			sum += get_number(p, p->pair[i].key);
	return sum;
}

/*
 * Where every drop went. The second level adds up to the first; the third says
 * why, and is shown only if there is something to say.
 */
static void show_drops(struct out *o, const struct pairs *p)
{
	static const struct {
		const char *label, *key, *words;
	} rows[] = {
		{ "seen", "seen", " drops since load or reset" },
		{ "  recorded", "recorded", "" },
		{ "    place only", "stack_suppressed", " without stack: stack_rate was spent" },
		{ "    without stack", "stack_off", " stack_depth is 0" },
		{ "  filtered", "filtered", "" },
		{ "    by reasons", "filtered_reason", "" },
		{ "    by devs", "filtered_devs", "" },
		{ "    by netns", "filtered_netns", "" },
		{ "    by packet_filter", "filtered_packet", "" },
		{ "  lost", "lost_", "" },
		{ "    in NMI context", "lost_nmi", " counted only" },
		{ "    without a ring", "lost_nobuf", " no memory for that of a CPU" },
	};
	int width = snprintf(NULL, 0, "%llu", (unsigned long long)get_number(p, "seen"));
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t val = get_sum(p, rows[i].key);

		if (!val && !strncmp(rows[i].label, "    ", 4))
			continue;
		out_column(o, rows[i].label, 22);
		out_fmt(o, " %*llu%s\n", width, (unsigned long long)val, rows[i].words);
	}
}

static void __attribute__((format(printf, 3, 4)))
show_line(struct out *o, const char *label, const char *fmt, ...)
{
	/* A parameter's text is a page at most. */
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	out_column(o, label, 22);
	out_chr(o, ' ');
	out_text(o, text, strlen(text));
	out_chr(o, '\n');
}

static const char *or_unknown(const char *text)
{
	return text ? text : "?";
}

/* What an administrator asks first; how it comes about is for -v. */
static void show_module(struct out *o, const struct pairs *p)
{
	show_line(o, "module", "%s, ABI %s; kernel %s", or_unknown(get_pair(p, "version")),
		  or_unknown(get_pair(p, "abi")), or_unknown(get_pair(p, "kernel")));
	show_line(o, "enabled", "%s", get_number(p, "enabled") ? "yes" : "no");
	show_drops(o, p);
	show_line(o, "table of stacks", "%s of %s stacks, %s of %s frames",
		  or_unknown(get_pair(p, "stacks_stored")), or_unknown(get_pair(p, "stacks_room")),
		  or_unknown(get_pair(p, "frames_stored")), or_unknown(get_pair(p, "frames_room")));
	if (get_number(p, "stack_budget_percent"))
		show_line(o, "stack_rate spent", "%s%% by the busiest CPU",
			  get_pair(p, "stack_budget_percent"));
	if (get_number(p, "no_stacks"))
		show_line(o, "stacks", "none, places only: the kernel has no CONFIG_STACKTRACE");
	if (get_number(p, "no_symbols"))
		show_line(o, "names of functions", "none, see -S: the kernel has no CONFIG_KALLSYMS");
	show_line(o, "memory", "%.1f MB, with a ring of %.0f KiB for each CPU",
		  get_number(p, "memory_bytes") / 1e6, get_number(p, "ring_bytes") / 1024.0);
}

static void show_title(struct out *o, const char *title)
{
	out_color(o, COLOR_FAINT);
	out_fmt(o, "# %s", title);
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
}

static void show_pairs(struct out *o, const char *title, const struct pairs *p, bool shorten)
{
	size_t i;

	show_title(o, title);
	for (i = 0; i < p->nr; i++) {
		const char *value = p->pair[i].value;

		/* A program is long, and described in words behind the parameters. */
		if (shorten && !strcmp(p->pair[i].key, "packet_filter") && expr_is_program(value))
			show_line(o, p->pair[i].key, "a program of %.*s instructions",
				  (int)strspn(value, "0123456789"), value);
		else
			show_line(o, p->pair[i].key, "%s", value);
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
		const struct status_pair *pair = &p->pair[i];

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

static void warn_of_trouble(const struct pairs *stats)
{
	uint64_t wrong = get_number(stats, "walk_mismatches");

	if (wrong)
		note("%llu walked stack%s wrong, so stacks are unwound now: see the kernel's log",
		     (unsigned long long)wrong, wrong == 1 ? " was" : "s were");
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

static int show_live(struct options *opt)
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
		show_module(o, &stats);
		show_line(o, "reader", "%s, reads ABI %d.x", WHYDROP_VERSION, WHYDROP_ABI_MAJOR);
		show_line(o, "access", "uid %u, lockdown %s", (unsigned int)geteuid(),
			  lockdown ? lockdown : "unknown");
		show_pairs(o, "parameters", &param, !opt->fmt.verbose);
		show_program(o, get_pair(&param, "packet_filter"));
		if (opt->fmt.verbose)
			show_pairs(o, "counters", &stats, false);
		out_flush(o);
		module_report_filters(&opt->rq);
		warn_of_trouble(&stats);
	}
	free_pairs(&stats);
	free_pairs(&param);
	return 0;
}

struct span {
	uint64_t bytes, events, stacks;
	struct event first, last;
};

static int count_item(struct stream *s, const struct item *it)
{
	struct span *span = s->arg;

	span->bytes += it->size;
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

static int show_recording(struct options *opt)
{
	struct span span = { 0 };
	struct stream s = {
		.rq = &opt->rq,
		.item = count_item,
		.arg = &span,
		.no_limit = true,
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
	section_begin(opt, &s.dec);
	snprintf(abi, sizeof(abi), "%u.%u", s.dec.abi_major, s.dec.abi_minor);
	if (!opt->json) {
		add_pair(&p, "abi", abi);
		for (i = 0; i < s.dec.meta.nr; i++)
			add_pair(&p, s.dec.meta.item[i].key, s.dec.meta.item[i].value);
	}
	add_fmt(&p, "bytes", "%llu", (unsigned long long)span.bytes);
	add_fmt(&p, "events", "%llu", (unsigned long long)span.events);
	add_fmt(&p, "reasons", "%zu", s.dec.nr_reasons);
	add_fmt(&p, "stacks", "%llu", (unsigned long long)span.stacks);
	for (i = 0; i < LOST_CAUSES; i++) {
		/* A cause that only a later module has. */
		if (!i && !s.lost.by_cause[i])
			continue;
		snprintf(key, sizeof(key), "lost_%s", lost_cause(i));
		add_fmt(&p, key, "%llu", (unsigned long long)s.lost.by_cause[i]);
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
		show_pairs(opt->out, "recording", &p, false);
	}
out:
	free_pairs(&p);
	stream_free(&s);
	return err;
}

int cmd_status(struct options *opt)
{
	return opt->rq.file ? show_recording(opt) : show_live(opt);
}
