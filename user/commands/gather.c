// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop gather': record several hosts at once into one file, in order of time. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/output.h"
#include "base/remote.h"
#include "commands/command.h"
#include "stream/join.h"

/* For root, cat alone. */
#define RAW "/sys/kernel/debug/whydrop/raw"
#define RAW_THERE "if test -r " RAW "; then exec cat " RAW "; else exec sudo -n cat " RAW "; fi"
/* It ends with the connection. */
#define VIA "ssh -o ServerAliveInterval=15"
/* So long without a byte, somebody is told. */
#define SILENT_MS 30000
#define READ_MAX (256u << 10)

struct source_host {
	struct remote	remote;
	struct join_host *h;
	bool		running;
	bool		silent;		/* which was reported */
	bool		skew_told;
	bool		failed, bad_told;
	int64_t		read_ms;	/* the last bytes came; or the start */
	char		said[200];	/* the last line of its stderr */
	size_t		said_nr;
	bool		said_ends;
};

struct gather {
	struct options	*opt;
	struct output	to;
	struct join	join;
	struct source_host *src;
	size_t		nr, running;
	char		buf[1 << 18];
	size_t		buffered;
	uint64_t	bytes, events, saved;	/* written; of them events, and all so far */
	int		err;
	int64_t		booted;		/* CLOCK_REALTIME when CLOCK_BOOTTIME began */
	int64_t		reported_ms;
	uint64_t	reported_events;
};

static int64_t clock_ns(clockid_t which)
{
	struct timespec ts;

	clock_gettime(which, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* The time of day, as if nobody set it meanwhile: what is waited for might come never. */
static int64_t now_real(const struct gather *g)
{
	return g->booted + clock_ns(CLOCK_BOOTTIME);
}

/* ---- the file ---- */

static void write_out(struct gather *g, const char *p, size_t len)
{
	ssize_t n;

	while (!g->err && len) {
		n = write(g->to.fd, p, len);
		if (n < 0 && errno != EINTR)
			g->err = errno;
		p += MAX(n, 0);
		len -= MAX(n, 0);
	}
}

/* On an error the file is cut back to what was whole. */
static void flush(struct gather *g)
{
	write_out(g, g->buf, g->buffered);
	if (!g->err) {
		g->bytes += g->buffered;
		g->saved = g->events;
	} else {
		output_truncate(&g->to, g->bytes);
	}
	g->buffered = 0;
	if (!g->err && g->bytes && output_rename(&g->to)) {
		g->err = EIO;
		g->bytes = g->saved = 0;
	}
}

static void put(void *arg, const void *rec, size_t len, bool event)
{
	struct gather *g = arg;

	if (len > sizeof(g->buf) - g->buffered)
		flush(g);
	if (len <= sizeof(g->buf)) {
		memcpy(g->buf + g->buffered, rec, len);
		g->buffered += len;
	} else {
		write_out(g, rec, len);
		g->bytes += g->err ? 0 : len;
	}
	g->events += event;
}

/* ---- hosts ---- */

static void seconds_text(char text[32], int64_t ns)
{
	snprintf(text, 32, "%.*f s", ns < INT64_C(100000000000) ? 1 : 0, ns / 1e9);
}

static void tell_skew(struct gather *g, struct source_host *s)
{
	const struct join_host *h = s->h;
	bool ahead = h->skew > 0;
	char least[32];

	if (h->skewed == s->skew_told)
		return;
	s->skew_told = h->skewed;
	if (!h->skewed) {
		note("%s: its clock was set, and agrees with this host's now", h->label);
		return;
	}
	seconds_text(least, ahead ? h->skew : -h->skew_max);
	complain("%s: its clock is at least %s %s this host's", h->label, least,
		 ahead ? "ahead of" : "behind");
	if (!g->join.align)
		hint("its times are saved as they are; --align-clocks corrects them");
}

/* Its words, as far as they are kept: the last line. */
static void read_words(struct source_host *s)
{
	char buf[4096];
	ssize_t n, i;

	while ((n = read(s->remote.err, buf, sizeof(buf))) > 0) {
		for (i = 0; i < n; i++) {
			if (buf[i] == '\n' || buf[i] == '\r') {
				s->said_ends = true;
				continue;
			}
			if (s->said_ends)
				s->said_nr = 0;
			s->said_ends = false;
			if (s->said_nr + 1 < sizeof(s->said))
				s->said[s->said_nr++] = buf[i];
		}
	}
	s->said[s->said_nr] = '\0';
	if (!n || errno != EAGAIN) {
		close(s->remote.err);
		s->remote.err = -1;
	}
}

/* @ours: it was asked to end. */
static void end_host(struct gather *g, struct source_host *s, bool ours)
{
	struct join_host *h = s->h;
	char how[32];

	if (!s->running)
		return;
	s->running = false;
	g->running--;
	join_end(&g->join, h, now_real(g), now_ms());
	if (s->remote.err >= 0)
		read_words(s);
	remote_close(&s->remote);
	remote_end(&s->remote, ours, how, sizeof(how));
	if (stop_signal() || ours)
		return;
	s->failed = *how;
	if (*how)
		complain("%s: `%s' ended with %s%s%s", h->label, s->remote.via, how,
			 *s->said ? ": " : "", s->said);
	else if (h->begun)
		note("%s: its stream has ended", h->label);
}

/* Has it sent what is no recording? Then it may go on with that for ever. */
static void check_host(struct gather *g, struct source_host *s)
{
	const struct join_host *h = s->h;

	if (!h->bad || s->bad_told)
		return;
	s->bad_told = true;
	/* What is behind the last record is no news of one that was told to end. */
	if (h->ended && (stop_signal() || (s->failed && !h->begun)))
		return;
	complain("%s: %s%s%s", h->label, h->dec.error, *s->said && !s->failed ? ": " : "",
		 s->failed ? "" : s->said);
	s->failed = true;
	end_host(g, s, true);
}

static void read_host(struct gather *g, struct source_host *s)
{
	struct join_host *h = s->h;
	size_t room, left = READ_MAX;
	bool over = false;
	void *p;
	ssize_t n;

	while (left && (p = join_room(h, &room), room)) {
		n = read(s->remote.out, p, MIN(room, left));
		if (n < 0 && errno == EINTR)
			continue;
		over = !n || (n < 0 && errno != EAGAIN);
		if (n <= 0)
			break;
		s->read_ms = now_ms();
		s->silent = false;
		left -= n;
		join_add(&g->join, h, n, now_real(g), s->read_ms);
	}
	tell_skew(g, s);
	if (over)
		end_host(g, s, false);
}

static void tell_silent(struct source_host *s, int64_t ms)
{
	int64_t for_ms = ms - s->read_ms;

	if (!s->running || s->silent || for_ms < SILENT_MS)
		return;
	s->silent = true;
	if (s->h->begun)
		note("%s: silent for %d s: no drops, or no connection", s->h->label, SILENT_MS / 1000);
	else
		complain("%s: nothing has come for %d s%s%s", s->h->label, SILENT_MS / 1000,
			 *s->said ? ": " : "", s->said);
}

static uint64_t lost_of(const struct join_host *h)
{
	uint64_t lost = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(h->lost); i++)
		lost += i == WHYDROP_LOST_HISTORY ? 0 : h->lost[i];
	return lost;
}

static void report(struct gather *g, int64_t now)
{
	int64_t ms = now - g->reported_ms;
	uint64_t lost = 0;
	size_t i;

	for (i = 0; i < g->nr; i++)
		lost += lost_of(g->src[i].h);
	progress("%zu of %zu hosts, %llu events, %.1f MB, %llu events/s, %llu lost: %s", g->running,
		 g->nr, (unsigned long long)g->events, g->bytes / 1e6,
		 (unsigned long long)((g->events - g->reported_events) * 1000 / ms),
		 (unsigned long long)lost, g->to.name);
	g->reported_ms = now;
	g->reported_events = g->events;
}

/* Each second: what is written can be read by then, too. */
static void tick(struct gather *g, int64_t now)
{
	size_t i;

	if (now - g->reported_ms < 1000)
		return;
	flush(g);
	for (i = 0; i < g->nr; i++)
		tell_silent(&g->src[i], now);
	if (progress_wanted())
		report(g, now);
	else
		g->reported_ms = now;
}

/* Wait until a host has said something. */
static int wait_for_hosts(struct gather *g, struct pollfd *p, int64_t until)
{
	int64_t ms = join_waits(&g->join) ? 50 : 1000;
	struct timespec ts;
	sigset_t old;
	size_t i, room;
	int n;

	if (until >= 0)
		ms = MIN(ms, MAX(until - now_ms(), 0));
	for (i = 0; i < g->nr; i++) {
		const struct source_host *s = &g->src[i];

		room = 0;
		if (s->running)
			join_room(s->h, &room);
		p[2 * i] = (struct pollfd){ .fd = room ? s->remote.out : -1, .events = POLLIN };
		p[2 * i + 1] = (struct pollfd){ .fd = s->running ? s->remote.err : -1, .events = POLLIN };
	}
	ts = (struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	block_stop_signals(&old);
	n = stop_signal() ? 0 : ppoll(p, 2 * g->nr, &ts, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (n >= 0 || errno == EINTR)
		return MAX(n, 0);
	complain("cannot wait for the hosts: %s", strerror(errno));
	return -1;
}

static int run(struct gather *g)
{
	struct pollfd *p = need(calloc(2 * g->nr, sizeof(*p)));
	int64_t ms = g->opt->rq.duration_ms, until = ms < 0 ? -1 : now_ms() + ms;
	int err = 0, n;
	size_t i;

	g->reported_ms = now_ms();
	while (!err && !g->err && !stop_signal() && (g->running || join_waits(&g->join)) &&
	       (until < 0 || now_ms() < until)) {
		n = wait_for_hosts(g, p, until);
		err = n < 0 ? EXIT_FAILED : 0;
		for (i = 0; n > 0 && i < g->nr; i++) {
			if (p[2 * i + 1].revents)
				read_words(&g->src[i]);
			if (p[2 * i].revents)
				read_host(g, &g->src[i]);
		}
		join_write(&g->join, now_real(g), now_ms(), false);
		for (i = 0; i < g->nr; i++)
			check_host(g, &g->src[i]);
		tick(g, now_ms());
	}
	free(p);
	for (i = 0; i < g->nr; i++)
		if (g->src[i].running)
			kill(g->src[i].remote.pid, SIGTERM);
	for (i = 0; i < g->nr; i++)
		end_host(g, &g->src[i], true);
	join_write(&g->join, now_real(g), now_ms(), true);
	flush(g);
	return err;
}

/* ---- and what came of it ---- */

static void tell_host(const struct source_host *s, int64_t real)
{
	const struct join_host *h = s->h;
	unsigned long long lost = lost_of(h), older = h->lost[WHYDROP_LOST_HISTORY];
	char last[64] = "", rings[64] = "", order[64] = "", ago[32];

	if (h->events && real > h->last_real) {
		seconds_text(ago, real - h->last_real);
		snprintf(last, sizeof(last), ", the last %s ago", ago);
	}
	if (older)
		snprintf(rings, sizeof(rings), ", %llu older than its rings", older);
	if (h->late)
		snprintf(order, sizeof(order), ", %llu came too late to be in order",
			 (unsigned long long)h->late);
	note("%s: %llu events, %llu lost%s%s%s%s", h->label, (unsigned long long)h->events, lost, rings,
	     order, last, !h->begun ? ": it has sent no recording" : s->failed ? "; it has failed" : "");
}

static int tell_all(struct gather *g)
{
	int64_t real = now_real(g);
	bool failed = false;
	size_t i;

	for (i = 0; i < g->nr; i++) {
		tell_host(&g->src[i], real);
		failed |= g->src[i].failed || !g->src[i].h->begun;
	}
	note("%llu events, %llu bytes saved in %s", (unsigned long long)g->saved,
	     (unsigned long long)g->bytes, g->to.name);
	return failed ? EXIT_FAILED : 0;
}

static int check_usage(const struct options *opt)
{
	int i, j;

	if (!opt->nr_arg || !opt->write) {
		complain(opt->nr_arg ? "no output file: -w FILE is missing" : "no HOST to gather from");
		hint("whydrop gather web1 web2 -w drops.wd");
		return EXIT_USAGE;
	}
	for (i = 0; i < opt->nr_arg; i++) {
		if (!remote_is_host(opt->arg[i]) || strlen(opt->arg[i]) > 255) {
			complain("`%s' is not a host", opt->arg[i]);
			return EXIT_USAGE;
		}
		for (j = 0; j < i; j++)
			if (!strcmp(opt->arg[i], opt->arg[j])) {
				complain("the host %s is given twice", opt->arg[i]);
				return EXIT_USAGE;
			}
	}
	return 0;
}

static void start(struct gather *g)
{
	const struct options *opt = g->opt;
	size_t i;

	for (i = 0; i < g->nr; i++) {
		struct source_host *s = &g->src[i];

		s->h = &g->join.host[i];
		s->read_ms = now_ms();
		s->remote = (struct remote){
			.host = opt->arg[i], .command = RAW_THERE,
			.via = opt->via && *opt->via ? opt->via : VIA,
		};
		s->running = remote_start(&s->remote, true);
		s->failed = !s->running;
		g->running += s->running;
		if (!s->running)
			join_end(&g->join, s->h, now_real(g), now_ms());
	}
}

int cmd_gather(struct options *opt)
{
	struct gather *g;
	int err = check_usage(opt);

	if (err)
		return err;
	g = need(calloc(1, sizeof(*g)));
	g->opt = opt;
	g->nr = opt->nr_arg;
	err = output_open(&g->to, opt->write, NULL, "a recording");
	if (err) {
		free(g);
		return err;
	}
	stop_on_signals();
	g->booted = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);
	g->src = need(calloc(g->nr, sizeof(*g->src)));
	join_init(&g->join, (const char *const *)opt->arg, g->nr, now_real(g), now_ms());
	g->join.put = put;
	g->join.arg = g;
	g->join.align = opt->align_clocks;
	start(g);
	if (opt->rq.duration_ms < 0)
		note("recording drops of %zu hosts to %s until Ctrl-C", g->nr, g->to.name);
	err = run(g);
	/* None of them has sent a recording. */
	if (!g->err && !g->bytes) {
		tell_all(g);
		output_discard(&g->to);
		err = EXIT_FAILED;
	} else {
		if (output_close(&g->to, g->err))
			err = EXIT_FAILED;
		err = tell_all(g) ?: err;
	}
	join_free(&g->join);
	free(g->src);
	free(g);
	return err;
}
