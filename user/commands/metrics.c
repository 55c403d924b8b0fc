// SPDX-License-Identifier: GPL-2.0-only
/*
 * `whydrop metrics': counters for Prometheus.
 *
 * There are two grammars, and they name a counter differently in HELP and TYPE: stdout
 * is OpenMetrics (without _total); a file is for node_exporter's textfile collector, which
 * reads the older one (with it). All else is the same, so there are no comments, which
 * OpenMetrics has none of.
 *
 * Counts by reason are the module's own. By device it has none: events are
 * counted here, and what was counted before is read back from the file that
 * is about to be replaced, with the number of the event on each CPU to go on
 * from. An event that is in no ring any more by then is counted as lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"
#include "commands/command.h"
#include "commands/losses_metrics.h"
#include "commands/metrics_places.h"
#include "format/openmetrics.h"
#include "known/class.h"
#include "tally/tally.h"

#define CPUS_MAX 65536		/* as in struct whydrop_rec */
#define DEVICES_MAX 1024

struct metrics {
	struct options	*opt;
	struct stream	s;
	struct out	value;		/* where a label's value is put together */
	struct tallies	devices;	/* keys as values are written */
	struct tallies	unnamed_reasons;
	uint64_t	*next;		/* of each CPU: the event to go on from */
	size_t		nr_cpus, cpus_room;
	char		load_id[64];	/* of the module that they are about */
	bool		checked;	/* it is the one that is read */
	bool		absent;		/* there is none, and only losses are asked for */
	bool		into_file;	/* not to stdout */
	bool		carried;	/* there is a file to go on from, next time */
	uint64_t	overwritten;	/* were in no ring any more */
	uint64_t	unnamed;	/* of more devices than are kept apart */
};

static uint64_t *get_next_seq(struct metrics *m, unsigned int cpu)
{
	size_t nr = m->nr_cpus;

	if (cpu >= m->cpus_room) {
		m->cpus_room = MAX(cpu + 1, 2 * m->cpus_room);
		m->next = need(reallocarray(m->next, m->cpus_room, sizeof(*m->next)));
	}
	if (cpu >= nr) {
		m->nr_cpus = cpu + 1;
		memset(m->next + nr, 0, (m->nr_cpus - nr) * sizeof(*m->next));
	}
	return &m->next[cpu];
}

static void add_device(struct metrics *m, const char *value, uint64_t count)
{
	struct tally *one;

	/* A counter that went away would seem to be reset: the first ones stay. */
	m->devices.fixed = true;
	m->devices.max = DEVICES_MAX;
	one = tally_get(&m->devices, value);
	if (one)
		one->c.count += count;
	else
		m->unnamed += count;
}

/*
 * The value of the one label of a sample, as it is written, and its number;
 * NULL: it is not a sample of @name with that label.
 */
static char *parse_sample(char *line, const char *name, uint64_t *number)
{
	size_t len = strlen(name);
	char *value = line + len, *end;

	if (strncmp(line, name, len))
		return NULL;
	for (end = value; *end && *end != '"'; end++)
		end += *end == '\\' && end[1];
	if (strncmp(end, "\"} ", 3) || !parse_u64(end + 3, UINT64_MAX, number))
		return NULL;
	*end = '\0';
	return value;
}

/* Go on from the file that was written last time, if there is one. */
static void read_state(struct metrics *m, const char *file)
{
	char *text = read_text(*file == '/' ? "" : ".", file, NULL), *pos = text, *line, *value;
	uint64_t number, cpu;

	while ((line = next_line(&pos))) {
		if ((value = parse_sample(line, "whydrop_load_info{load_id=\"", &number)))
			snprintf(m->load_id, sizeof(m->load_id), "%s", value);
		else if ((value = parse_sample(line, "whydrop_device_drops_total{dev=\"", &number)))
			add_device(m, value, number);
		else if ((value = parse_sample(line, "whydrop_ring_position{cpu=\"", &number)) &&
			 parse_u64(value, CPUS_MAX - 1, &cpu))
			*get_next_seq(m, cpu) = number;
		else if ((value = parse_sample(line, "whydrop_lost_events_total{cause=\"", &number)))
			*(strcmp(value, "overwritten") ? strcmp(value, "devices") ?
			  &number : &m->unnamed : &m->overwritten) = number;
	}
	free(text);
}

/* What was counted of a module that was loaded before is of no use. */
static void check_state(struct metrics *m)
{
	const char *id = decoder_meta(&m->s.dec, "load_id");

	m->checked = true;
	if (id && !strcmp(id, m->load_id))
		return;
	tallies_free(&m->devices);
	memset(&m->devices, 0, sizeof(m->devices));
	free(m->next);
	m->next = NULL;
	m->nr_cpus = m->cpus_room = 0;
	m->overwritten = m->unnamed = 0;
	snprintf(m->load_id, sizeof(m->load_id), "%s", id ? id : "");
}

static int add(struct stream *s, const struct item *it)
{
	struct metrics *m = s->arg;
	const struct whydrop_event *ev;
	uint64_t *next;

	if (it->type != ITEM_EVENT && it->type != ITEM_LOST)
		return 0;
	if (!m->checked)
		check_state(m);
	/*
	 * A CPU that there is nothing to go on from: its numbers count from load,
	 * this, which comes before its first event, from the reset.
	 */
	if (it->type == ITEM_LOST) {
		if (s->src.live && it->lost.cause == WHYDROP_LOST_HISTORY &&
		    !*get_next_seq(m, it->lost.cpu))
			m->overwritten += it->lost.count;
		return 0;
	}
	ev = &it->event->ev;
	next = get_next_seq(m, ev->rec.cpu);
	if (s->src.live && ev->seq < *next)
		return 0;
	if (s->src.live && *next)
		m->overwritten += ev->seq - *next;
	*next = ev->seq + 1;
	if (it->event->reason != &s->dec.unnamed)
		it->event->reason->count++;
	else
		tally_get(&m->unnamed_reasons, it->event->reason->label)->c.count++;
	m->value.nr = 0;
	openmetrics_value(&m->value, ev->dev, strnlen(ev->dev, WHYDROP_DEV_LEN));
	out_chr(&m->value, '\0');
	add_device(m, m->value.buf, 1);
	return 0;
}

static void put_family(struct out *o, const char *name, const char *type, const char *help)
{
	out_fmt(o, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_counter(const struct metrics *m, struct out *o, const char *name, const char *help)
{
	char family[64];

	snprintf(family, sizeof(family), "%s%s", name, m->into_file ? "_total" : "");
	put_family(o, family, "counter", help);
}

static void put_number(struct out *o, uint64_t number)
{
	out_str(o, "\"} ");
	out_u64(o, number);
	out_chr(o, '\n');
}

static void put_reason(struct out *o, const struct reason *r)
{
	const struct drop_class *c = class_of(r->label ? r->label : r->name);

	out_str(o, "whydrop_drops_total{reason=\"");
	openmetrics_value(o, r->name, strlen(r->name));
	out_str(o, "\",subsys=\"");
	openmetrics_value(o, r->subsys ? r->subsys : "", r->subsys ? strlen(r->subsys) : 0);
	/* By the reason alone: what is of another class next time would not go on counting. */
	out_fmt(o, "\",class=\"%s\",intent=\"%s", c->name, intent_word(c->intent));
	put_number(o, r->count);
}

static int put_reasons(struct metrics *m, struct out *o)
{
	const struct decoder *d = &m->s.dec;
	struct reason_table table;
	const struct tally *one;
	size_t i;
	int err;

	put_counter(m, o, "whydrop_drops", "Packets dropped since the module was loaded or reset.");
	if (m->opt->rq.file) {
		for (i = 0; i < d->nr_reasons; i++)
			put_reason(o, d->reason[i]);
		for (i = 0; (one = hash_next(&m->unnamed_reasons.keys, &i));)
			put_reason(o, &(struct reason){ .name = one->key, .subsys = "core",
							.count = one->c.count });
		return 0;
	}
	err = module_reasons(&m->opt->rq, &table);
	if (err)
		return err;
	for (i = 0; i < table.nr; i++)
		put_reason(o, &table.reason[i]);
	err = metrics_places(o, &m->opt->rq, &table);
	module_reasons_free(&table);
	return err;
}

static int by_name(const void *a, const void *b)
{
	const struct tally *x = *(struct tally *const *)a, *y = *(struct tally *const *)b;

	return strcmp(x->key, y->key);
}

static void put_devices(const struct metrics *m, struct out *o)
{
	struct tally **all = need(calloc(m->devices.keys.nr + 1, sizeof(*all))), *one;
	size_t i, nr = 0;

	for (i = 0; (one = hash_next(&m->devices.keys, &i));)
		all[nr++] = one;
	qsort(all, nr, sizeof(*all), by_name);
	put_counter(m, o, "whydrop_device_drops", "Packets dropped that have an event, by device.");
	for (i = 0; i < nr; i++) {
		out_fmt(o, "whydrop_device_drops_total{dev=\"");
		out_str(o, all[i]->key);
		put_number(o, all[i]->c.count);
	}
	free(all);
}

static void put_lost(struct out *o, const char *cause, uint64_t count)
{
	out_fmt(o, "whydrop_lost_events_total{cause=\"%s", cause);
	put_number(o, count);
}

/* A number of the module's file `stats'. */
static int stat_number(struct metrics *m, char *text, const char *key, uint64_t *number)
{
	char *pos = strstr(text, key), digits[24];

	if (pos) {
		snprintf(digits, sizeof(digits), "%.*s", (int)strspn(pos + strlen(key), "0123456789"),
			 pos + strlen(key));
		if (parse_u64(digits, UINT64_MAX, number))
			return 0;
	}
	complain("%s/stats has no `%s'", m->opt->rq.debugfs, key + 1);
	return EXIT_FAILED;
}

static int put_losses(struct metrics *m, struct out *o)
{
	uint64_t nmi = 0, nobuf = 0;
	int err = 0;
	size_t i;
	char *text;

	put_counter(m, o, "whydrop_lost_events",
		    "Drops that are counted by reason, but not by device, by cause.");
	for (i = 0; m->opt->rq.file && i < LOST_CAUSES; i++)
		put_lost(o, lost_cause(i), m->s.lost.by_cause[i]);
	if (m->opt->rq.file)
		return 0;
	text = read_text(m->opt->rq.debugfs, "stats", NULL);
	if (!text) {
		complain("cannot read %s/stats: %s", m->opt->rq.debugfs, strerror(errno));
		return EXIT_SOURCE;
	}
	err = stat_number(m, text, "\nlost_nmi: ", &nmi) ?:
	      stat_number(m, text, "\nlost_nobuf: ", &nobuf);
	free(text);
	put_lost(o, "nmi", nmi);
	put_lost(o, "nobuf", nobuf);
	if (m->carried) {
		put_lost(o, "overwritten", m->overwritten);
		put_lost(o, "devices", m->unnamed);
	}
	return err;
}

static int put_module(struct metrics *m, struct out *o)
{
	const char *version = decoder_meta(&m->s.dec, "version");
	size_t i;
	int err;

	err = put_reasons(m, o);
	if (!err && (m->carried || m->opt->rq.file))
		put_devices(m, o);
	if (!err)
		err = put_losses(m, o);
	put_family(o, "whydrop_info", "gauge", "Version of the module.");
	out_str(o, "whydrop_info{version=\"");
	openmetrics_value(o, version ? version : "", version ? strlen(version) : 0);
	put_number(o, 1);
	if (m->carried) {
		put_family(o, "whydrop_load_info", "gauge", "Identifies this load of the module.");
		out_str(o, "whydrop_load_info{load_id=\"");
		openmetrics_value(o, m->load_id, strlen(m->load_id));
		put_number(o, 1);
		put_family(o, "whydrop_ring_position", "gauge",
			   "Events of a CPU that were counted by device, or lost.");
		for (i = 0; i < m->nr_cpus; i++) {
			out_fmt(o, "whydrop_ring_position{cpu=\"%zu", i);
			put_number(o, m->next[i]);
		}
	}
	return err;
}

static int put_all(struct metrics *m, struct out *o)
{
	int err = m->absent ? 0 : put_module(m, o);

	if (m->opt->losses)
		metrics_losses(o, m->into_file);
	out_str(o, "# EOF\n");
	return err;
}

static int report_failure(const char *what, const char *file)
{
	complain("cannot %s %s: %s", what, file, strerror(errno));
	return EXIT_FAILED;
}

/* @dir is that of @file; nobody else does the same now. */
static int replace_file(struct metrics *m, int dir, const char *file)
{
	static struct out o;
	char tmp[4096];
	int err, fd;

	if ((size_t)snprintf(tmp, sizeof(tmp), "%s.XXXXXX", file) >= sizeof(tmp)) {
		errno = ENAMETOOLONG;
		return report_failure("write", file);
	}
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0)
		return report_failure("create", tmp);
	out_init(&o, fd, COLOR_NEVER);
	err = put_all(m, &o);
	if (!err && (out_flush(&o) || fchmod(fd, 0644) || fsync(fd))) {
		errno = o.err ? o.err : errno;
		err = report_failure("write", tmp);
	}
	close(fd);
	if (!err && rename(tmp, file))
		err = report_failure("replace", file);
	if (err)
		unlink(tmp);
	else
		fsync(dir);
	return err;
}

/* rename() would put a file where a device, say /dev/null, or a pipe was. */
static int check_target(const char *file)
{
	struct stat st;

	if (!output_is_descriptor(file) &&
	    (stat(file, &st) || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return 0;
	complain("%s is not a regular file, and -w would replace it", file);
	hint("without -w, metrics go to stdout");
	return EXIT_USAGE;
}

static int open_directory_of(const char *file)
{
	char *path = text_copy(file, strlen(file)), *slash = strrchr(path, '/');
	int dir;

	if (slash)
		slash[slash == path] = '\0';
	dir = open(slash ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		report_failure("open", slash ? path : ".");
	free(path);
	return dir;
}

int cmd_metrics(struct options *opt)
{
	bool into_file = opt->write && strcmp(opt->write, "-");
	struct metrics *m = need(calloc(1, sizeof(*m)));
	int err = 0, dir = -1, turn = -1;
	char lock[4096];

	m->into_file = into_file;
	m->opt = opt;
	m->value.fd = -1;
	m->s = (struct stream){
		.rq = &opt->rq,
		.item = add,
		.arg = m,
		.history = true,
		.no_limit = true,
		.quiet = true,
		.no_filter_note = true,
		.src.fd = -1,
	};
	m->carried = into_file && !opt->rq.file;
	m->absent = opt->losses && access(opt->rq.parameters, F_OK);
	if (opt->losses && opt->rq.file) {
		complain("--losses are those of this host, and -f is a recording");
		err = EXIT_USAGE;
	}
	if (into_file && !err)
		err = check_target(opt->write);
	if (into_file && !err) {
		dir = open_directory_of(opt->write);
		turn = dir < 0 ? -1 : output_lock(opt->write, lock, sizeof(lock));
		err = turn < 0 ? EXIT_FAILED : 0;
	}
	if (!err && m->carried && !m->absent)
		read_state(m, opt->write);
	if (!err && !m->absent)
		err = stream_run(&m->s);
	/* Samples of the same name and labels would be of one host. */
	if (!err && inputs_next(&opt->rq.in)) {
		complain("recordings of more than one boot, each with counters of its own");
		hint("make metrics of each: whydrop metrics -f FILE");
		opt->enough = true;
		err = EXIT_FAILED;
	}
	if (!err && !m->absent && !m->checked)
		check_state(m);
	if (!err && into_file)
		err = replace_file(m, dir, opt->write);
	else if (!err)
		err = put_all(m, opt->out);
	if (!err && !m->absent && !m->carried && !opt->rq.file)
		hint("counts by device are kept in the output file between runs: use -w FILE");
	if (turn >= 0) {
		unlink(lock);
		close(turn);
	}
	if (dir >= 0)
		close(dir);
	tallies_free(&m->devices);
	tallies_free(&m->unnamed_reasons);
	stream_free(&m->s);
	free(m->next);
	free(m);
	return err;
}
