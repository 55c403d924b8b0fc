// SPDX-License-Identifier: GPL-2.0-only
/* Reads and writes what was learned: --baseline FILE. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alarm/alarms.h"
#include "base/out.h"
#include "base/util.h"
#include "select/module.h"

#define HEAD "whydrop baseline 1"

/* Return: what is wrong with it, or NULL. */
static const char *parse(struct alarms *as, char *text, size_t len)
{
	char *last = len > 1 ? memrchr(text, '\n', len - 1) : NULL, *pos = text, *line, sum[32];
	struct reason r = { 0 };
	struct learned l;
	struct cause *c;
	int at;

	if (strlen(text) != len || !last)
		return "it is not whole";
	snprintf(sum, sizeof(sum), "sum %016" PRIx64 "\n", text_sum(text, last + 1 - text));
	if (strcmp(last + 1, sum))
		return "its checksum does not match";
	last[1] = '\0';
	line = next_line(&pos);
	if (!line || strcmp(line, HEAD))
		return "it is of another version";
	line = next_line(&pos);
	if (!line || sscanf(line, "minutes %" SCNu64, &as->minutes) != 1)
		return "a line of it is wrong";
	while ((line = next_line(&pos))) {
		if (sscanf(line, "%" SCNu64 " %lg %lg %n", &l.minutes, &l.mean, &l.square, &at) != 3 ||
		    !line[at] || !(l.mean >= 0 && l.square >= 0))
			return "a line of it is wrong";
		reason_split_label(&r, line + at);
		c = alarms_cause(as, &r, as->start_ms);
		if (c)
			c->learned = l;
	}
	return NULL;
}

int baseline_read(struct alarms *as, const char *file)
{
	bool absolute = *file == '/';
	const char *wrong = NULL;
	struct stat st;
	size_t i, len;
	char *text;

	if (stat(file, &st) && errno == ENOENT)
		return 0;
	text = read_text(absolute ? "" : ".", file + absolute, &len);
	if (!text) {
		complain("cannot read %s: %s", file, strerror(errno));
		return EXIT_FAILED;
	}
	wrong = parse(as, text, len);
	free(text);
	if (!wrong)
		return 0;
	note("the baseline %s is damaged: %s", file, wrong);
	note("it is learned anew, which takes %d minutes until there are alarms", LEARN_MINUTES);
	as->minutes = 0;
	for (i = 0; i < as->nr_causes; i++)
		as->cause[i]->learned = (struct learned){ 0 };
	return 0;
}

static void put(struct out *o, const struct alarms *as)
{
	const struct cause *c;
	uint64_t minutes = as->minutes;
	size_t i;

	for (i = 0; i < as->nr_causes; i++)
		minutes = MAX(minutes, as->cause[i]->learned.minutes);
	out_fmt(o, HEAD "\nminutes %" PRIu64 "\n", minutes);
	for (i = 0; i < as->nr_causes; i++) {
		c = as->cause[i];
		/* A name from a recording may be anything; all has to stay in the buffer. */
		if (c->own && c->learned.mean > 0 && o->nr < OUT_ROOM - 512 &&
		    strlen(c->label) < 128 && text_clean(c->label, strlen(c->label)))
			out_fmt(o, "%" PRIu64 " %.9g %.9g %s\n", c->learned.minutes,
				c->learned.mean, c->learned.square, c->label);
	}
	out_fmt(o, "sum %016" PRIx64 "\n", text_sum(o->buf, o->nr));
}

static int report_failure(const char *file, int err)
{
	complain("cannot write the baseline %s: %s", file, strerror(err));
	return EXIT_FAILED;
}

/* Whoever reads it has the old one or the new one. */
int baseline_write(const struct alarms *as, const char *file)
{
	static struct out o;
	char path[4096];
	int fd, err;

	if ((size_t)snprintf(path, sizeof(path), "%s.XXXXXX", file) >= sizeof(path))
		return report_failure(file, ENAMETOOLONG);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return report_failure(file, errno);
	out_init(&o, fd, COLOR_NEVER);
	put(&o, as);
	err = out_flush(&o) ? o.err : 0;
	if (!err && (fsync(fd) || rename(path, file)))
		err = errno;
	close(fd);
	if (!err)
		return 0;
	unlink(path);
	return report_failure(file, err);
}
