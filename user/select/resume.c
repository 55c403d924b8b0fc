// SPDX-License-Identifier: GPL-2.0-only
/* Keeps the cursor of a reader that resumes: what it has written out, by CPU. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"
#include "base/util.h"
#include "select/resume.h"

#define CURSOR_HEAD "whydrop cursor 1"
#define CPU_LINE(number) "cpu %u known %d next %" number " nmi %" number " nobuf %" number "\n"
#define CPUS_MAX 65536

static const char *const uncounted_name[] = {
	[UNCOUNTED_NMI] = "nmi",
	[UNCOUNTED_NOBUF] = "nobuf",
};

static COLD struct resume_cpu *cpu_of(struct resume *r, unsigned int cpu)
{
	while (r->nr <= cpu) {
		r->cpu = grow(r->cpu, r->nr, &r->room, sizeof(*r->cpu));
		memset(&r->cpu[r->nr++], 0, sizeof(*r->cpu));
	}
	return &r->cpu[cpu];
}

static bool parse_cpu(struct resume *r, const char *line)
{
	struct resume_cpu c = { 0 };
	unsigned int cpu;
	int known;

	if (sscanf(line, CPU_LINE(SCNu64), &cpu, &known, &c.next, &c.told[UNCOUNTED_NMI],
		   &c.told[UNCOUNTED_NOBUF]) != 5 || cpu >= CPUS_MAX)
		return false;
	c.known = known;
	*cpu_of(r, cpu) = c;
	return true;
}

/* Return: what is wrong with it, or NULL. */
static COLD const char *parse_cursor(struct resume *r, char *text, size_t len)
{
	char *pos = text, *line, *word, sum[24];
	char *last = len > 1 ? memrchr(text, '\n', len - 1) : NULL;

	if (strlen(text) != len || !last)
		return "it is not whole";
	snprintf(sum, sizeof(sum), "sum %016" PRIx64 "\n", text_sum(text, last + 1 - text));
	if (strcmp(last + 1, sum))
		return "its checksum does not match";
	*last = '\0';
	line = next_line(&pos);
	if (!line || strcmp(line, CURSOR_HEAD))
		return "it is of another version";
	while ((line = next_line(&pos))) {
		if (!strncmp(line, "cpu ", 4)) {
			if (!parse_cpu(r, line))
				return "a line of it is wrong";
			continue;
		}
		word = next_word(&line);
		if (word && !strcmp(word, "boot_id"))
			snprintf(r->boot_id, sizeof(r->boot_id), "%s", line);
		else if (word && !strcmp(word, "load_id"))
			snprintf(r->load_id, sizeof(r->load_id), "%s", line);
	}
	return NULL;
}

static void forget(struct resume *r)
{
	free(r->cpu);
	r->cpu = NULL;
	r->nr = r->room = 0;
	r->dirty = true;
}

static COLD int read_cursor(struct resume *r)
{
	bool absolute = *r->file == '/';
	const char *wrong;
	struct stat st;
	size_t len;
	char *text;

	if (stat(r->file, &st) && errno == ENOENT)
		return 0;
	text = read_text(absolute ? "" : ".", r->file + absolute, &len);
	if (!text) {
		complain("cannot read %s: %s", r->file, strerror(errno));
		return EXIT_FAILED;
	}
	r->there = true;
	wrong = parse_cursor(r, text, len);
	if (wrong) {
		r->damaged = true;
		forget(r);
		note("the cursor %s is damaged: %s", r->file, wrong);
		note("all that the rings have is shown, maybe again; what is older may be lost");
	}
	free(text);
	return 0;
}

/* Whoever was killed while it wrote to this file has left a part of a line. */
static COLD void mend_output(struct out *o)
{
	char path[40], last = '\n';
	struct stat st;
	int fd;

	if (fstat(o->fd, &st) || !S_ISREG(st.st_mode) || !st.st_size)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", o->fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) == 1 && last != '\n') {
		note("stdout ends in an incomplete line of a killed run, which is not JSON");
		out_chr(o, '\n');
	}
	close(fd);
}

COLD int resume_init(struct resume *r, const char *file, struct out *out)
{
	struct stat st;
	int err;

	*r = (struct resume){ .file = file, .out = out, .lock = -1, .dirty = true };
	if ((size_t)snprintf(r->temporary, sizeof(r->temporary), "%s.new", file) >=
	    sizeof(r->temporary)) {
		complain("--cursor: %s", strerror(ENAMETOOLONG));
		return EXIT_USAGE;
	}
	if (!stat(file, &st) && !S_ISREG(st.st_mode)) {
		complain("--cursor: %s is not a file", file);
		return EXIT_USAGE;
	}
	r->lock = output_lock(file, r->lock_file, sizeof(r->lock_file));
	if (r->lock < 0)
		return EXIT_FAILED;
	err = read_cursor(r);
	if (err)
		return err;
	mend_output(out);
	out->patient = true;
	return 0;
}

/* What each CPU has lost without a number; none of it if the module does not say. */
static COLD void read_uncounted(struct resume *r, const char *debugfs)
{
	char *text = read_text(debugfs, "stats", NULL), *pos = text, *line, *key, *val;
	unsigned int cpu;
	uint64_t n;
	size_t i;
	int end;

	for (i = 0; i < r->nr; i++)
		memset(r->cpu[i].now, 0, sizeof(r->cpu[i].now));
	while (text && (line = next_line(&pos))) {
		key = next_word(&line);
		val = key ? next_word(&line) : NULL;
		end = 0;
		if (!val || sscanf(key, "cpu%5u.lost_%n", &cpu, &end) != 1 || !end || cpu >= CPUS_MAX ||
		    !parse_u64(val, UINT64_MAX, &n))
			continue;
		for (i = 0; i < UNCOUNTED_NR; i++)
			if (!strncmp(key + end, uncounted_name[i], strlen(uncounted_name[i])))
				cpu_of(r, cpu)->now[i] = n;
	}
	free(text);
}

static uint64_t all_uncounted(const struct resume *r)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < r->nr; i++)
		all += r->cpu[i].now[UNCOUNTED_NMI] + r->cpu[i].now[UNCOUNTED_NOBUF];
	return all;
}

/* The first time: read what is there, to know where it ends. */
static COLD int find_end(struct resume *r, const char *debugfs)
{
	struct resume_cpu *c;
	struct decoder dec;
	struct source src;
	struct item it;
	int err, more;
	long n;

	err = source_open_live(&src, debugfs, true, false);
	if (err)
		return err;
	decoder_init(&dec);
	do {
		more = source_more(&src);
		n = 0;
		while (src.end > src.start &&
		       (n = decoder_step(&dec, src.buf + src.start, src.end - src.start, &it)) > 0) {
			src.start += n;
			if (it.type != ITEM_EVENT)
				continue;
			if (dec.has_clock && it.event->ev.mono_ns > dec.first_ns)
				break;
			c = cpu_of(r, it.event->ev.rec.cpu);
			c->known = true;
			c->next = it.event->ev.seq + 1;
		}
	} while (more > 0 && !n);
	decoder_free(&dec);
	source_close(&src);
	return more < 0 ? EXIT_FAILED : 0;
}

COLD int resume_open(struct resume *r, struct source *src, const char *debugfs)
{
	bool first = !r->there && !r->history;
	uint64_t before;
	unsigned int i;
	int err;

	/* What is lost while it is opened is told once, too. */
	for (i = 0; ; i++) {
		read_uncounted(r, debugfs);
		before = all_uncounted(r);
		err = first ? find_end(r, debugfs) : 0;
		if (!err)
			err = source_open_live(src, debugfs, true, true);
		if (err)
			return err;
		read_uncounted(r, debugfs);
		if (before == all_uncounted(r) || i == 100)
			return 0;
		source_close(src);
	}
}

COLD void resume_begin(struct resume *r, const struct decoder *d)
{
	const char *boot = decoder_meta(d, "boot_id") ?: "", *load = decoder_meta(d, "load_id") ?: "";
	bool other_boot = strcmp(boot, r->boot_id), other = other_boot || strcmp(load, r->load_id);
	size_t i;

	if (r->begun)
		return;
	if (r->damaged) {
		r->unknown = LOST_CURSOR;
	} else if (r->there && other) {
		r->unknown = other_boot ? LOST_REBOOT : LOST_RELOAD;
		note("the cursor is of %s: how much of that was lost is not known",
		     other_boot ? "another boot" : "an earlier load of the module");
		note("of this %s, all that the rings have is shown", other_boot ? "boot" : "load");
		r->from_zero = true;
	}
	for (i = 0; i < r->nr; i++) {
		if (r->from_zero)
			r->cpu[i].known = false;
		/* What was told of these before is not known. */
		if (r->from_zero)
			memset(r->cpu[i].told, 0, sizeof(r->cpu[i].told));
		else if (!r->there || r->damaged)
			memcpy(r->cpu[i].told, r->cpu[i].now, sizeof(r->cpu[i].told));
	}
	snprintf(r->boot_id, sizeof(r->boot_id), "%s", boot);
	snprintf(r->load_id, sizeof(r->load_id), "%s", text_clean(load, strlen(load)) ? load : "");
	r->begun = r->dirty = true;
}

static COLD struct item lost_item(size_t cpu, unsigned int cause, uint64_t seq, uint64_t count)
{
	return (struct item){
		.type = ITEM_LOST,
		.lost = { .cpu = cpu, .cause = cause, .count = count, .has_seq = true, .seq = seq },
	};
}

COLD int resume_tell(struct resume *r, resume_put put, void *arg)
{
	struct item it = { .type = ITEM_LOST, .lost.cause = r->unknown };
	struct resume_cpu *c;
	size_t i, which;
	uint64_t told;
	int err = 0;

	if (r->unknown)
		err = put(arg, &it);
	r->unknown = 0;
	for (i = 0; !err && !r->counted && i < r->nr * UNCOUNTED_NR; i++) {
		c = &r->cpu[i / UNCOUNTED_NR];
		which = i % UNCOUNTED_NR;
		/* If they are fewer now, they were reset. */
		told = c->now[which] < c->told[which] ? 0 : c->told[which];
		c->told[which] = c->now[which];
		if (c->now[which] == told)
			continue;
		it = lost_item(c - r->cpu, which == UNCOUNTED_NMI ? WHYDROP_LOST_NMI : WHYDROP_LOST_NOBUF,
			       told, c->now[which] - told);
		err = put(arg, &it);
		r->dirty = true;
	}
	r->counted = true;
	return err;
}

COLD bool resume_lost(struct resume *r, struct item *it)
{
	struct resume_cpu *c = cpu_of(r, it->lost.cpu);
	unsigned int which;

	switch (it->lost.cause) {
	case WHYDROP_LOST_NMI:
	case WHYDROP_LOST_NOBUF:
		which = it->lost.cause == WHYDROP_LOST_NMI ? UNCOUNTED_NMI : UNCOUNTED_NOBUF;
		it->lost.seq = c->told[which];
		it->lost.has_seq = true;
		c->told[which] += it->lost.count;
		r->dirty = true;
		return true;
	case WHYDROP_LOST_HISTORY:
		/* Whether it was written out is what a damaged cursor does not say any more. */
		if (!r->damaged)
			c->held += it->lost.count;
		return false;
	case WHYDROP_LOST_OVERWRITTEN:
		c->held += it->lost.count;
		return false;
	default:
		return true;
	}
}

int resume_event(struct resume *r, const struct whydrop_event *ev, resume_put put, void *arg)
{
	struct resume_cpu *c = cpu_of(r, ev->rec.cpu);
	uint64_t held = c->held;
	struct item gap;

	c->held = 0;
	c->seen = true;
	c->last = ev->seq;
	if (!c->known)
		c->next = r->from_zero ? 0 : ev->seq - MIN(held, ev->seq);
	c->known = true;
	if (ev->seq < c->next)
		return 1;
	if (ev->seq == c->next)
		return 0;
	/* Without a cursor, these are from before it began. */
	gap = lost_item(ev->rec.cpu, r->there || r->checked ? WHYDROP_LOST_OVERWRITTEN :
			WHYDROP_LOST_HISTORY, c->next, ev->seq - c->next);
	c->next = ev->seq;
	r->dirty = true;
	return put(arg, &gap);
}

void resume_passed(struct resume *r, const struct whydrop_event *ev)
{
	cpu_of(r, ev->rec.cpu)->next = ev->seq + 1;
	r->dirty = true;
}

/* A cursor that is ahead of all that the rings had is none. */
static COLD void check_ahead(struct resume *r)
{
	bool ahead = false;
	size_t i;

	for (i = 0; i < r->nr; i++) {
		struct resume_cpu *c = &r->cpu[i];

		if (c->known && c->seen && c->last + 1 < c->next) {
			ahead = true;
			c->next = c->last + 1;
		}
	}
	r->checked = true;
	if (!ahead)
		return;
	note("the cursor is ahead of what the module has recorded: a restored snapshot?");
	r->unknown = LOST_CURSOR;
	r->dirty = true;
}

static COLD bool is_worth_a_line(const struct resume_cpu *c)
{
	return c->known || c->told[UNCOUNTED_NMI] || c->told[UNCOUNTED_NOBUF];
}

static COLD int write_cursor(struct resume *r)
{
	enum { LINE = 160 };
	char head[LINE], *text;
	size_t len, i, nr = 2, written = 0;
	ssize_t n;
	int fd;

	len = snprintf(head, sizeof(head), CURSOR_HEAD "\nboot_id %s\nload_id %s\n", r->boot_id,
		       r->load_id);
	for (i = 0; i < r->nr; i++)
		nr += is_worth_a_line(&r->cpu[i]);
	text = need(malloc(nr * LINE));
	memcpy(text, head, len);
	for (i = 0; i < r->nr; i++) {
		struct resume_cpu *c = &r->cpu[i];

		if (!is_worth_a_line(c))
			continue;
		len += sprintf(text + len, CPU_LINE(PRIu64), (unsigned int)i, c->known, c->next,
			       c->told[UNCOUNTED_NMI], c->told[UNCOUNTED_NOBUF]);
	}
	len += sprintf(text + len, "sum %016" PRIx64 "\n", text_sum(text, len));
	/* Of a run that was killed; with the lock, of no other. */
	unlink(r->temporary);
	fd = open(r->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	while (fd >= 0 && written < len) {
		n = write(fd, text + written, len - written);
		if (n < 0 && errno != EINTR)
			break;
		written += MAX(n, 0);
	}
	free(text);
	if (fd >= 0 && close(fd))
		written = 0;
	return fd >= 0 && written == len && !rename(r->temporary, r->file) ? 0 : -1;
}

COLD void resume_save(struct resume *r, bool drained)
{
	if (drained && !r->checked)
		check_ahead(r);
	/* What is to be told is told before the next event. */
	if (!r->dirty || r->out->err || !r->begun || r->unknown)
		return;
	if (!write_cursor(r)) {
		if (r->failing)
			note("the cursor %s can be written again", r->file);
		r->failing = r->dirty = false;
		return;
	}
	if (!r->failing)
		complain("cannot write the cursor %s: %s", r->file, strerror(errno));
	if (!r->failing)
		hint("until then, a restart shows again what was shown");
	r->failing = true;
}

COLD int resume_free(struct resume *r)
{
	bool failed = r->failing;

	if (r->lock >= 0) {
		unlink(r->lock_file);
		close(r->lock);
	}
	free(r->cpu);
	r->cpu = NULL;
	r->lock = -1;
	return failed ? EXIT_FAILED : 0;
}
