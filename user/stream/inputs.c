// SPDX-License-Identifier: GPL-2.0-only
/* Orders the recordings that -f names: which there are, whose they are, when they begin. */
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/util.h"
#include "stream/inputs.h"
#include "stream/merge.h"

/* So far from its beginning a recording is searched for its first event. */
#define PROBE_MAX (16u << 20)

void inputs_add(struct inputs *in, const char *word)
{
	in->input = grow(in->input, in->nr, &in->room, sizeof(*in->input));
	in->input[in->nr] = (struct input){
		.name = text_copy(word, strlen(word)),
		.nth = in->nr,
		.mono = UINT64_MAX,
	};
	in->nr++;
	in->end = in->nr;
}

void inputs_free(struct inputs *in)
{
	size_t i;

	for (i = 0; i < in->nr; i++)
		free(in->input[i].name);
	free(in->input);
	if (in->has_rest)
		source_close(&in->rest);
	memset(in, 0, sizeof(*in));
}

static void set_id(char id[ID_ROOM], const struct decoder *d, const char *key)
{
	const char *value = decoder_meta(d, key);

	snprintf(id, ID_ROOM, "%s", value ? value : "");
}

static bool same_id(const struct decoder *d, const struct decoder *other, const char *key, bool *known)
{
	const char *x = decoder_meta(d, key), *y = decoder_meta(other, key);

	*known = x && y && *x && *y;
	return *known && !strcmp(x, y);
}

bool is_same_boot(const struct decoder *d, const struct decoder *other)
{
	bool known;

	return same_id(d, other, "load_id", &known) || same_id(d, other, "boot_id", &known);
}

static void note_skipped(struct inputs *in, const char *name)
{
	size_t len = strlen(in->skipped);

	if (len + strlen(name) + 3 < sizeof(in->skipped) && in->nr_skipped < 4)
		snprintf(in->skipped + len, sizeof(in->skipped) - len, "%s%s", len ? ", " : "", name);
	in->nr_skipped++;
}

static void fill_input(struct input *i, const struct decoder *d, const struct event *e)
{
	set_id(i->load_id, d, "load_id");
	/* Those of the other byte order are not to be mixed with it. */
	if (d->swap && *i->load_id)
		snprintf(i->load_id + strlen(i->load_id), ID_ROOM - strlen(i->load_id), "~");
	set_id(i->boot_id, d, "boot_id");
	i->has_real = d->has_clock;
	i->real = e ? e->real_ns : d->real_minus_mono;
	if (e)
		i->mono = e->ev.mono_ns;
}

/*
 * Whose it is, and when its first event was. False: it is not to be read. @listed: it
 * was in a directory or fits a pattern, so it need not be a recording.
 */
static bool probe_input(struct inputs *in, struct input *i, bool listed)
{
	struct decoder dec;
	struct source src;
	struct item it;
	long n = 0;
	bool done = false;

	if (source_open_file(&src, i->name)) {
		in->failed = true;
		return false;
	}
	decoder_init(&dec);
	while (!done && n >= 0 && dec.offset < PROBE_MAX && source_more(&src) > 0) {
		while (!done && (n = decoder_step(&dec, src.buf + src.start, src.end - src.start,
						  &it)) > 0) {
			done = it.type == ITEM_EVENT || (it.type == ITEM_HEADER && dec.renewed);
			src.start += n;
			if (it.type != ITEM_HEADER)
				fill_input(i, &dec, it.type == ITEM_EVENT ? it.event : NULL);
		}
	}
	if (!dec.started) {
		n = n < 0 ? n : decoder_end(&dec, src.end - src.start);
		if (listed && n != DECODE_ABI) {
			note_skipped(in, i->name);
		} else {
			complain("%s: %s", i->name, dec.error);
			in->failed = true;
		}
	}
	done = dec.started;
	decoder_free(&dec);
	source_close(&src);
	return done;
}

/* ---- what -f stands for ---- */

static void add_file(struct inputs *in, const char *name, bool listed)
{
	struct input *i;

	inputs_add(in, name);
	i = &in->input[in->nr - 1];
	if (probe_input(in, i, listed))
		return;
	free(i->name);
	in->end = --in->nr;
}

static void add_directory(struct inputs *in, const char *dir)
{
	struct dirent **entry;
	int i, nr = scandir(dir, &entry, NULL, alphasort);
	size_t before = in->nr;
	bool slash = dir[strlen(dir) - 1] == '/';
	char path[4096];
	struct stat st;

	if (nr < 0) {
		complain("cannot read %s: %s", dir, strerror(errno));
		in->failed = true;
		return;
	}
	for (i = 0; i < nr; i++) {
		const char *name = entry[i]->d_name;
		int len = snprintf(path, sizeof(path), slash ? "%s%s" : "%s/%s", dir, name);

		/* As a shell's pattern: those that begin with a dot are not meant. */
		if (*name != '.' && len < (int)sizeof(path) &&
		    (stat(path, &st) || S_ISREG(st.st_mode)))
			add_file(in, path, true);
		free(entry[i]);
	}
	free(entry);
	if (in->nr == before && !in->failed) {
		complain("no recording in the directory %s", dir);
		in->failed = true;
	}
}

static void add_pattern(struct inputs *in, const char *pattern)
{
	size_t before = in->nr, i;
	struct stat st;
	glob_t found;

	if (glob(pattern, 0, NULL, &found)) {
		complain("no file matches `%s'", pattern);
		in->failed = true;
		return;
	}
	for (i = 0; i < found.gl_pathc; i++)
		if (stat(found.gl_pathv[i], &st) || S_ISREG(st.st_mode))
			add_file(in, found.gl_pathv[i], true);
	globfree(&found);
	if (in->nr == before && !in->failed) {
		complain("no recording matches `%s'", pattern);
		in->failed = true;
	}
}

static bool is_pattern(const char *word)
{
	struct stat st;

	return strpbrk(word, "*?[") && lstat(word, &st);
}

static void add_word(struct inputs *in, const char *word)
{
	struct stat st;

	if (!strcmp(word, "-") || (!stat(word, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))) {
		complain("%s can only be read alone: it is no regular file",
			 strcmp(word, "-") ? word : "stdin");
		hint("cat FILE... | whydrop list -f -");
		in->failed = true;
	} else if (is_pattern(word)) {
		add_pattern(in, word);
	} else if (!stat(word, &st) && S_ISDIR(st.st_mode)) {
		add_directory(in, word);
	} else {
		add_file(in, word, false);
	}
}

/* ---- whose they are ---- */

struct id {
	const char	*text;
	size_t		input;
};

static bool is_id(const void *val, const void *key)
{
	return !strcmp(((const struct id *)val)->text, key);
}

/* The first input with that id of that kind; @i, if it is the first. */
static size_t find_or_add_id(struct hash *ids, struct id *mem, const char *text, size_t i)
{
	uint32_t hash = hash_bytes(text, strlen(text));
	struct id *id;

	if (!*text)
		return i;
	id = hash_get(ids, hash, is_id, text);
	if (id)
		return id->input;
	*mem = (struct id){ text, i };
	hash_add(ids, hash, mem);
	return i;
}

static size_t find_root(const struct inputs *in, size_t i)
{
	while (in->input[i].boot != i)
		i = in->input[i].boot;
	return i;
}

static void find_boots(struct inputs *in)
{
	struct id *mem = need(calloc(2 * in->nr + 1, sizeof(*mem)));
	struct hash loads = { 0 }, boots = { 0 };
	size_t i, other;

	for (i = 0; i < in->nr; i++) {
		struct input *one = &in->input[i];

		one->boot = i;
		one->load = find_or_add_id(&loads, &mem[2 * i], one->load_id, i);
		other = find_or_add_id(&boots, &mem[2 * i + 1], one->boot_id, i);
		one->boot = find_root(in, one->load);
		in->input[find_root(in, other)].boot = one->boot;
	}
	for (i = 0; i < in->nr; i++) {
		in->input[i].boot = find_root(in, i);
		in->input[i].load_mono = UINT64_MAX;
		in->input[i].boot_real = INT64_MAX;
	}
	for (i = 0; i < in->nr; i++) {
		struct input *one = &in->input[i], *load = &in->input[one->load],
			     *boot = &in->input[one->boot];

		load->load_mono = MIN(load->load_mono, one->mono);
		if (one->has_real)
			boot->boot_real = MIN(boot->boot_real, one->real);
	}
	for (i = 0; i < in->nr; i++) {
		in->input[i].load_mono = in->input[in->input[i].load].load_mono;
		in->input[i].boot_real = in->input[in->input[i].boot].boot_real;
	}
	hash_free(&loads);
	hash_free(&boots);
	free(mem);
}

#define ORDER(x, y) ((x) > (y)) - ((x) < (y))

static int by_time(const void *a, const void *b)
{
	const struct input *x = a, *y = b;
	int order = ORDER(x->boot_real, y->boot_real);

	order = order ? order : ORDER(x->boot, y->boot);
	order = order ? order : ORDER(x->load_mono, y->load_mono);
	order = order ? order : ORDER(x->load, y->load);
	order = order ? order : ORDER(x->mono, y->mono);
	return order ? order : ORDER(x->nth, y->nth);
}

/* The inputs from @first on that are of one boot. */
static void choose_boot(struct inputs *in, size_t first)
{
	in->first = first;
	in->deferred = 0;
	for (in->end = first; in->end < in->nr; in->end++)
		if (in->input[in->end].boot != in->input[first].boot)
			break;
}

int inputs_open(struct inputs *in)
{
	struct inputs words = *in;
	struct stat st;
	size_t i;

	if (!in->nr || (in->nr == 1 && !is_pattern(in->input->name) &&
			(stat(in->input->name, &st) || !S_ISDIR(st.st_mode))))
		return 0;
	memset(in, 0, sizeof(*in));
	for (i = 0; i < words.nr; i++)
		add_word(in, words.input[i].name);
	inputs_free(&words);
	if (in->nr_skipped)
		note("%u file%s skipped, no recording%s: %s%s", in->nr_skipped,
		     in->nr_skipped == 1 ? "" : "s", in->nr_skipped == 1 ? "" : "s", in->skipped,
		     in->nr_skipped > 4 ? ", ..." : "");
	if (!in->nr)
		return EXIT_FAILED;
	find_boots(in);
	qsort(in->input, in->nr, sizeof(*in->input), by_time);
	choose_boot(in, 0);
	in->several = in->end < in->nr;
	return 0;
}

void inputs_defer(struct inputs *in, struct source *s, const struct decoder *other)
{
	struct input *i;
	uint64_t at = s->offset + s->start;
	size_t next;

	in->several = true;
	if (!s->merge) {
		/* `top' reads a file once more, for stacks, and comes here again. */
		if (in->has_rest)
			return;
		in->rest = *s;
		in->has_rest = true;
		/* Now it is theirs. */
		s->fd = -1;
		s->buf = NULL;
		s->start = s->end = 0;
		return;
	}
	in->input = grow(in->input, in->nr, &in->room, sizeof(*i));
	next = in->end + in->deferred++;
	memmove(in->input + next + 1, in->input + next, (in->nr - next) * sizeof(*i));
	i = memset(&in->input[next], 0, sizeof(*i));
	in->nr++;
	i->name = text_copy(s->name, strlen(s->name));
	i->offset = at;
	/* No other input is of that boot, so far as the order goes. */
	i->boot = in->nr;
	set_id(i->load_id, other, "load_id");
	set_id(i->boot_id, other, "boot_id");
}

bool inputs_next(struct inputs *in)
{
	if (in->has_rest)
		return true;
	if (in->end >= in->nr)
		return false;
	choose_boot(in, in->end);
	return true;
}

int source_open_inputs(struct source *s, struct inputs *in)
{
	struct input *i = &in->input[in->first];

	if (in->has_rest) {
		*s = in->rest;
		in->has_rest = false;
		return 0;
	}
	if (in->end - in->first > 1)
		return merge_open(s, i, in->end - in->first);
	return source_open_file_at(s, i->name, i->offset);
}
