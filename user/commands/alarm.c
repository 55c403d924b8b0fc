// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop alarm': tells when there are more drops than a rule allows, or than is usual. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/stop.h"
#include "commands/alarm_show.h"

#define INTERVAL_MS 10000
#define SAVE_MS 600000

/*
 * Rates are of the module's exact counts, so no drop is missed, however many there are. Its
 * rings are read when an incident begins, for where and whose the drops were. A recording
 * has its events, and its own time.
 */
struct alarm_run {
	struct options	*opt;
	struct alarms	as;
	struct alarm_show show;
	int64_t		duration_ms;
	int		ready_fd;
	bool		learns;		/* --baseline was read, and may be replaced */
	/* Live: */
	ino_t		ino;		/* of the file of counts; 0: there is none */
	const char	*blind;		/* why nothing is counted; NULL: it is */
	int64_t		saved_ms;
	/* Of a recording: */
	struct stream	s;
	bool		started;
	int64_t		now_ms;		/* of its last event */
	/* While the rings are read: */
	const struct alarm *about;
};

static void take_where(struct alarm_run *r, const struct event *e, const struct alarm *only,
		       int64_t now)
{
	struct names *names = r->opt->rq.names;
	const struct proc *p = names && e->ev.flags & WHYDROP_EV_SK_FULL ?
			       names_proc(names, e->ev.sock_ino) : NULL;
	const struct cause *c = alarms_cause(&r->as, e->reason, now);
	char dev[WHYDROP_DEV_LEN + 1], proc[PROC_TEXT];

	if (!c)
		return;
	snprintf(dev, sizeof(dev), "%.*s", WHYDROP_DEV_LEN, e->ev.dev);
	if (names)
		names_netns(names, e->ev.netns, e->ev.mono_ns);
	if (p)
		names_proc_text(proc, p);
	alarms_where(&r->as, c, only, MOST_AT, e->stack ? e->stack->place->text : NULL, 0);
	alarms_where(&r->as, c, only, MOST_DEV, dev, e->ev.netns);
	alarms_where(&r->as, c, only, MOST_PROC, p ? proc : NULL, 0);
}

static int take_ring(struct stream *s, const struct item *it)
{
	struct alarm_run *r = s->arg;
	int64_t at = it->type == ITEM_EVENT ? (int64_t)(it->event->ev.mono_ns / 1000000) : -1;

	if (at >= r->about->judge.above_ms)
		take_where(r, it->event, r->about, r->about->judge.from_ms);
	return 0;
}

static void read_rings(struct alarm_run *r, struct alarm *a)
{
	struct stream s = {
		.rq = &r->opt->rq, .item = take_ring, .arg = r, .history = true, .no_limit = true,
		.quiet = true, .no_filter_note = true,
	};

	most_clear(&a->most[MOST_AT]);
	most_clear(&a->most[MOST_DEV]);
	most_clear(&a->most[MOST_PROC]);
	r->about = a;
	stream_run(&s);
	stream_free(&s);
}

static void on_alarm(void *arg, struct alarm *a, bool begins)
{
	struct alarm_run *r = arg;

	if (begins && !r->opt->rq.file)
		read_rings(r, a);
	alarm_show(&r->show, a, begins);
}

/* ---- live ---- */

/* The time of day may be set, so it is asked for when it is shown. */
static void set_clock(struct alarm_run *r, int64_t now)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	r->show.real_ms = ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000 - now;
}

static int read_baseline(struct alarm_run *r)
{
	int err = r->opt->baseline ? baseline_read(&r->as, r->opt->baseline) : 0;

	r->learns = r->opt->baseline && !err;
	return err;
}

static void forget_counts(struct alarm_run *r)
{
	size_t i;

	for (i = 0; i < r->as.nr_causes; i++)
		r->as.cause[i]->before = 0;
}

/* Take the counts; they fall, all at once, if somebody resets them. @count: what is new. */
static int take_counts(struct alarm_run *r, int64_t now, bool count)
{
	struct reason_table table;
	struct cause *c;
	bool again = false;
	size_t i;
	int err = module_reasons(&r->opt->rq, &table);

	for (i = 0; !err && i < table.nr; i++) {
		c = alarms_cause(&r->as, &table.reason[i], now);
		again |= c && table.reason[i].count < c->before;
	}
	if (again) {
		note("the counts were reset");
		forget_counts(r);
	}
	for (i = 0; !err && i < table.nr; i++) {
		c = alarms_cause(&r->as, &table.reason[i], now);
		if (c && count)
			alarms_count(&r->as, c, table.reason[i].count - c->before);
		if (c)
			c->before = table.reason[i].count;
	}
	if (!err)
		module_reasons_free(&table);
	return err;
}

/* Each load of the module has a file of its own. */
static ino_t file_of_counts(const struct alarm_run *r)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/reasons", r->opt->rq.debugfs);
	return stat(path, &st) ? 0 : st.st_ino;
}

static void look(struct alarm_run *r)
{
	int64_t now = now_ms();
	ino_t ino = file_of_counts(r);
	const char *blind = !ino ? "the module is not loaded: no drop is counted" :
			    module_disabled(&r->opt->rq) ? "the module is disabled: no drop is counted" :
			    NULL;

	set_clock(r, now);
	if (blind != r->blind)
		alarm_show_blind(&r->show, blind, now);
	r->blind = blind;
	if (ino != r->ino) {
		if (ino && r->ino)
			note("the module was loaded again: what it counted before that is not known");
		forget_counts(r);
	}
	r->ino = ino;
	if (blind || take_counts(r, now, true))
		alarms_skip(&r->as, now);
	else
		alarms_judge(&r->as, now);
}

/* Until @until, a signal, or nobody reads the output any more: false. */
static bool wait_until(int64_t until)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	int64_t left = until - now_ms();
	struct timespec ts;
	sigset_t old;
	bool lost = false;

	block_stop_signals(&old);
	while (!stop_signal() && !lost && (left = until - now_ms()) > 0) {
		ts = (struct timespec){ left / 1000, left % 1000 * 1000000 };
		lost = ppoll(&out, 1, &ts, &old) > 0;
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return !stop_signal() && !lost;
}

/* A reason that is written wrong would never be met. */
static int check_rules(struct alarm_run *r)
{
	struct reason_table t;
	size_t i, j;
	int err = module_reasons(&r->opt->rq, &t);

	for (i = 0; !err && i < r->as.nr_rules; i++) {
		for (j = 0; j < t.nr; j++)
			select_mark_reason(&r->as.when[i].sel, &t.reason[j]);
		err = select_check_reasons(&r->as.when[i].sel, "", t.index, t.nr);
	}
	module_reasons_free(&t);
	return err;
}

static void save(struct alarm_run *r, int64_t now)
{
	if (r->learns && now - r->saved_ms >= SAVE_MS) {
		baseline_write(&r->as, r->opt->baseline);
		r->saved_ms = now;
	}
}

static int watch_module(struct alarm_run *r)
{
	int64_t now = now_ms(), next = now, step = r->as.interval_ms;
	int64_t end = r->duration_ms >= 0 ? now + r->duration_ms : INT64_MAX;
	int err;

	r->as.slack_ms = step / 2;
	alarms_start(&r->as, now);
	r->ino = file_of_counts(r);
	r->saved_ms = now;
	err = check_rules(r);
	if (!err)
		err = read_baseline(r);
	if (!err)
		err = take_counts(r, now, false);
	if (err)
		return err;
	stop_on_signals();
	if (r->ready_fd >= 0 && write(r->ready_fd, "\n", 1) != 1)
		note("cannot write to --ready-fd: nobody reads it");
	do {
		while (next <= now)
			next += step;
		if (!wait_until(MIN(next, end)))
			break;
		look(r);
		tell_reap(&r->show.tell);
		now = now_ms();
		save(r, now);
	} while (now < end && !r->opt->out->err);
	return 0;
}

/* ---- a recording ---- */

static void begin_recording(struct alarm_run *r)
{
	r->started = true;
	alarms_start(&r->as, r->now_ms);
	section_begin(r->opt, &r->s.dec);
}

static int take_recorded(struct stream *s, const struct item *it)
{
	struct alarm_run *r = s->arg;
	const struct event *e = it->event;
	int64_t at;

	if (it->type != ITEM_EVENT)
		return 0;
	/* Of several CPUs, in a stream they may be a little out of order. */
	at = e->ev.mono_ns / 1000000;
	r->now_ms = MAX(r->now_ms, at);
	if (e->has_real)
		r->show.real_ms = e->real_ns / 1000000 - at;
	if (!r->started) {
		begin_recording(r);
		if (read_baseline(r))
			return -EXIT_FAILED;
	}
	alarms_judge_until(&r->as, r->now_ms);
	take_where(r, e, NULL, r->now_ms);
	if (alarms_cause(&r->as, e->reason, r->now_ms))
		alarms_count(&r->as, alarms_cause(&r->as, e->reason, r->now_ms), 1);
	return 0;
}

static int read_recording(struct alarm_run *r)
{
	struct alarm *a;
	struct loss l;
	size_t i;
	int err;

	r->s = (struct stream){
		.rq = &r->opt->rq, .item = take_recorded, .arg = r, .history = true,
		.no_limit = true, .quiet = true,
	};
	err = stream_run(&r->s);
	if (!r->started)
		begin_recording(r);
	for (i = 0; (a = alarms_next(&r->as, &i));)
		if (a->judge.firing)
			note("incident %llu has not ended when the recording does",
			     (unsigned long long)a->nr);
	loss_of_stream(&l, &r->s);
	section_end(r->opt, &l, true);
	return err;
}

int cmd_alarm(struct options *opt)
{
	struct alarm_run *r = need(calloc(1, sizeof(*r)));
	unsigned int i;
	int err = 0;

	r->opt = r->show.opt = opt;
	r->duration_ms = opt->rq.duration_ms;
	r->ready_fd = opt->rq.ready_fd;
	r->s.src.fd = r->show.json.fd = r->show.text.fd = r->show.words.fd = -1;
	r->as.interval_ms = opt->interval_ms ? opt->interval_ms : INTERVAL_MS;
	r->as.learns = opt->baseline;
	r->as.tell = on_alarm;
	r->as.arg = r;
	r->show.tell.command = opt->exec;
	r->show.tell.syslog = opt->syslog;
	if (!opt->nr_when && !opt->baseline) {
		complain("nothing to watch for: --when RULE, or --baseline FILE");
		err = EXIT_USAGE;
	} else if (opt->rq.file && (opt->exec || opt->syslog)) {
		complain("--exec and --syslog are not for alarms of a recording");
		err = EXIT_USAGE;
	}
	for (i = 0; !err && i < opt->nr_when; i++)
		err = alarms_add(&r->as, opt->when[i]);
	if (!err && !opt->rq.file) {
		/* Of this command, not of each time that the rings are read. */
		opt->rq.duration_ms = opt->rq.ready_fd = -1;
		err = watch_module(r);
	} else if (!err) {
		err = read_recording(r);
	}
	if (r->learns && baseline_write(&r->as, opt->baseline))
		err = EXIT_FAILED;
	err = err ? err : exit_code_for(opt, r->as.incidents);
	alarms_free(&r->as);
	stream_free(&r->s);
	free(r);
	return err;
}
