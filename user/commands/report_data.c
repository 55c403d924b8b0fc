// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the data of a report: values of each dimension, rows that refer to them by their
 * number, and some events. user/report/data.ts reads it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../module/version.h"
#include "commands/advice.h"
#include "commands/report_data.h"

/* Of this form. The page is of the same program, so nothing else reads it. */
#define REPORT_VERSION 1

struct writer {
	struct report	*r;
	struct out	*o;
	struct out	*p;		/* the piece */
	struct explain_words words;
	/* Names of frames, and of what is known of places: their numbers. */
	struct hash	names;
	size_t		nr_names;
	struct name_nr {
		struct name_nr *next;
		size_t	nr;
		size_t	len;
		char	text[];
	} *first, **end;
	const struct known_place *place[256];
	size_t		nr_places;
};

/*
 * Write what the piece holds. Inside of a script, "<" could end it or begin a comment; JSON
 * may have it only in a string, where it has another spelling.
 */
static void put_piece(struct writer *w)
{
	static const char special[] = "<>&";
	struct out *p = w->p;
	size_t i, start = 0;

	for (i = 0; i < p->nr; i++) {
		if (!memchr(special, p->buf[i], 3))
			continue;
		out_mem(w->o, p->buf + start, i - start);
		out_fmt(w->o, "\\u%04x", p->buf[i]);
		start = i + 1;
	}
	out_mem(w->o, p->buf + start, p->nr - start);
	p->nr = 0;
}

static void put_text(struct out *o, const char *key, const char *s, size_t len)
{
	out_json_key(o, key);
	out_json(o, s, len);
}

static bool same_name(const void *val, const void *key)
{
	const struct name_nr *n = val;
	const struct name_nr *k = *(const struct name_nr *const *)key;

	return n->len == k->len && !memcmp(n->text, k->text, n->len);
}

static size_t name_number(struct writer *w, const char *s, size_t len)
{
	struct name_nr *n = need(malloc(sizeof(*n) + len)), *old;
	uint32_t hash = hash_bytes(s, len);

	n->next = NULL;
	n->nr = w->nr_names;
	n->len = len;
	memcpy(n->text, s, len);
	old = hash_get(&w->names, hash, same_name, &n);
	if (old) {
		free(n);
		return old->nr;
	}
	hash_add(&w->names, hash, n);
	w->nr_names++;
	*w->end = n;
	w->end = &n->next;
	return n->nr;
}

static int place_number(struct writer *w, const struct known_place *p)
{
	size_t i;

	for (i = 0; p && i < w->nr_places; i++)
		if (w->place[i] == p)
			return i;
	if (!p || w->nr_places == ARRAY_SIZE(w->place))
		return -1;
	w->place[w->nr_places] = p;
	return w->nr_places++;
}

/* "[", then each element with a comma before it, if it is not the first. */
static void next_element(struct writer *w, size_t i)
{
	if (i)
		out_chr(w->p, ',');
}

static void put_stack(struct writer *w, const struct cube_value *v)
{
	const char *label = v->key, *end = v->key + v->len, *flags, *s;
	size_t len = strcspn(label, "\n"), i = 0;

	put_text(w->p, "reason", label, v->rest ? 0 : len);
	flags = label + len + (label + len < end);
	len = strcspn(flags, "\n");
	put_text(w->p, "flags", flags, len);
	out_str(w->p, ",\"frames\":[");
	for (s = flags + len; s < end; s += len, i++) {
		len = strcspn(++s, "\n");
		next_element(w, i);
		out_u64(w->p, name_number(w, s, len));
	}
	out_chr(w->p, ']');
	out_json_str(w->p, "class", v->class->name);
	out_json_str(w->p, "intent", intent_word(v->class->intent));
	out_fmt(w->p, ",\"place\":%d", place_number(w, v->about));
}

static void put_boot(struct writer *w, const struct cube_value *v)
{
	static const char *const keys[] = { "node", "kernel", "machine", "version", "boot_id" };
	const char *s = v->key;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(keys); i++, s += len + (s[len] == '\n')) {
		len = strcspn(s, "\n");
		put_text(w->p, keys[i], s, len);
	}
}

/* Of a socket, what it is, and the process that has it. */
static void put_sock(struct writer *w, const struct cube_value *v)
{
	size_t len = strcspn(v->key, "\n");

	put_text(w->p, "name", v->key, len);
	out_json_str(w->p, "proc", v->key[len] ? v->key + len + 1 : NULL);
}

static void put_value(struct writer *w, enum cube_dim dim, const struct cube_value *v)
{
	out_str(w->p, "{\"count\":");
	out_u64(w->p, v->count);
	if (v->rest)
		out_str(w->p, ",\"rest\":true");
	if (v->error)
		out_json_u64(w->p, "error", v->error);
	if (dim == CUBE_STACK)
		put_stack(w, v);
	else if (dim == CUBE_BOOT)
		put_boot(w, v);
	else if (dim == CUBE_SOCK)
		put_sock(w, v);
	else if (dim == CUBE_NETNS)
		out_json_str(w->p, "netns_name", *v->key ? v->key : NULL);
	else
		put_text(w->p, "name", v->key, strnlen(v->key, v->len));
	if (dim == CUBE_DEV || dim == CUBE_NETNS || dim == CUBE_SOCK) {
		out_json_or_null(w->p, "netns", v->netns);
		/* In a recording of several. */
		if (strlen(v->key) < v->len)
			out_json_str(w->p, "host", v->key + strlen(v->key) + 1);
	}
	if (dim == CUBE_FLOW)
		out_json_str(w->p, "expr", v->note);
	out_chr(w->p, '}');
}

/* What is known of a reason, as `whydrop explain -j' has it. */
static void put_explain(struct writer *w, const struct cube_value *v)
{
	struct explain_words words = w->words;
	char label[512], line[512], *why;
	const struct explain *e;
	const char *pos;
	bool first = true;

	snprintf(label, sizeof(label), "%.*s", (int)strcspn(v->key, "\n"), v->key);
	e = explain_find(label);
	words.reason = label;
	put_text(w->p, "description", v->note ? v->note : "", v->note ? strlen(v->note) : 0);
	out_json_str(w->p, "meaning", e ? e->meaning : NULL);
	pos = e ? e->advice : "";
	out_json_str(w->p, "advice", explain_line(&pos, &words, line, sizeof(line), &why));
	advice_json_texts(w->p, "causes", e ? e->causes : NULL);
	out_str(w->p, ",\"look\":[");
	for (pos = e ? e->look : ""; explain_line(&pos, &words, line, sizeof(line), &why);)
		advice_json_command(w->p, &first, line, why);
	out_str(w->p, "]}");
}

/* Those of the stacks, each once: the number of reasons is limited with that of the stacks. */
static void put_reasons(struct writer *w, struct cube_value **stack, size_t nr)
{
	struct hash seen = { 0 };
	struct name_nr *n, *first = NULL;
	size_t i, j, len;

	out_str(w->p, ",\"reasons\":{");
	for (i = j = 0; i < nr; i++) {
		len = strcspn(stack[i]->key, "\n");
		if (stack[i]->rest)
			continue;
		n = need(malloc(sizeof(*n) + len));
		n->len = len;
		memcpy(n->text, stack[i]->key, len);
		n->next = first;
		first = n;
		if (hash_get(&seen, hash_bytes(n->text, len), same_name, &n))
			continue;
		hash_add(&seen, hash_bytes(n->text, len), n);
		next_element(w, j++);
		out_json(w->p, n->text, len);
		out_str(w->p, ":{\"nth\":");
		out_u64(w->p, j - 1);
		put_explain(w, stack[i]);
		put_piece(w);
	}
	out_chr(w->p, '}');
	while ((n = first)) {
		first = n->next;
		free(n);
	}
	hash_free(&seen);
}

static void put_dims(struct writer *w)
{
	static const char *const names[] = {
		"stacks", "devs", "netns", "flows", "socks", "comms", "boots",
	};
	struct cube_value **all;
	enum cube_dim dim;
	size_t i, nr;

	for (dim = 0; dim < CUBE_DIMS; dim++) {
		all = cube_values(&w->r->cube, dim, &nr);
		out_fmt(w->p, ",\"%s\":[", names[dim]);
		for (i = 0; i < nr; i++) {
			next_element(w, i);
			put_value(w, dim, all[i]);
			put_piece(w);
		}
		out_chr(w->p, ']');
		if (dim == CUBE_STACK)
			put_reasons(w, all, nr);
		free(all);
	}
}

static void put_names(struct writer *w)
{
	struct name_nr *n;
	size_t i;

	out_str(w->p, ",\"names\":[");
	while ((n = w->first)) {
		next_element(w, n->nr);
		out_json(w->p, n->text, n->len);
		put_piece(w);
		w->first = n->next;
		free(n);
	}
	hash_free(&w->names);
	out_str(w->p, "],\"places\":[");
	for (i = 0; i < w->nr_places; i++) {
		next_element(w, i);
		out_str(w->p, "{\"functions\":");
		out_json(w->p, w->place[i]->names, strlen(w->place[i]->names));
		advice_json_place(w->p, w->place[i], &w->words);
		out_chr(w->p, '}');
		put_piece(w);
	}
	out_chr(w->p, ']');
}

static void put_number(struct out *o, int64_t v)
{
	out_fmt(o, "%lld", (long long)v);
}

/* [values..., first, last, span, count, spans later, count, ...] */
static void put_rows(struct writer *w)
{
	const struct cube *c = &w->r->cube;
	struct cube_row **all = cube_rows(c);
	int64_t start = (int64_t)((uint64_t)c->low << c->shift), before;
	size_t i, j;

	out_json_str(w->p, "clock", c->real ? "real" : "mono");
	out_fmt(w->p, ",\"start\":\"%lld\",\"span\":%.0f,\"spans\":", (long long)start,
		(double)(UINT64_C(1) << c->shift));
	put_number(w->p, c->events ? c->high - c->low + 1 : 0);
	out_str(w->p, ",\"rows\":[");
	for (i = 0; i < c->rows.nr; i++) {
		next_element(w, i);
		out_chr(w->p, '[');
		for (j = 0; j < CUBE_DIMS; j++) {
			out_u64(w->p, all[i]->of[j]->nth);
			out_chr(w->p, ',');
		}
		put_number(w->p, (int64_t)((uint64_t)all[i]->first - start));
		out_chr(w->p, ',');
		put_number(w->p, (int64_t)((uint64_t)all[i]->last - start));
		before = c->low - c->base;
		for (j = 0; j < all[i]->nr; j++) {
			out_chr(w->p, ',');
			put_number(w->p, all[i]->cell[j].span - before);
			out_chr(w->p, ',');
			out_u64(w->p, all[i]->cell[j].count);
			before = all[i]->cell[j].span;
		}
		out_chr(w->p, ']');
		put_piece(w);
	}
	out_chr(w->p, ']');
	free(all);
}

static void put_events(struct writer *w)
{
	const struct pick **all = picker_all(&w->r->picker);
	size_t i, j;

	out_str(w->p, ",\"events\":[");
	for (i = 0; i < w->r->picker.nr; i++) {
		next_element(w, i);
		out_str(w->p, "{\"of\":[");
		for (j = 0; j < CUBE_DIMS; j++) {
			next_element(w, j);
			out_u64(w->p, cube_now(&w->r->cube, j, all[i]->of[j])->nth);
		}
		out_str(w->p, "],\"event\":");
		out_mem(w->p, all[i]->text, all[i]->len);
		out_chr(w->p, '}');
		put_piece(w);
	}
	out_chr(w->p, ']');
	free(all);
}

/* What each cause means, and how many the module has counted of each reason. */
static void put_missing(struct writer *w)
{
	const struct report *r = w->r;
	size_t i;

	out_str(w->p, ",\"loss\":");
	loss_json(w->p, NULL, &r->loss);
	w->p->nr--;		/* its line feed */
	put_piece(w);
	out_str(w->p, ",\"causes\":{");
	for (i = 0; i < LOST_CAUSES; i++) {
		next_element(w, i);
		out_json(w->p, lost_cause(i), strlen(lost_cause(i)));
		out_chr(w->p, ':');
		out_json(w->p, lost_words(r->loss.live, i), strlen(lost_words(r->loss.live, i)));
	}
	out_str(w->p, "},\"counted\":");
	out_str(w->p, r->has_counts ? "{" : "null");
	for (i = 0; r->has_counts && i < r->counts.nr; i++) {
		const char *label = r->counts.reason[i].label;

		next_element(w, i);
		out_json(w->p, label, strlen(label));
		out_chr(w->p, ':');
		out_u64(w->p, r->counts.reason[i].count);
		put_piece(w);
	}
	out_str(w->p, r->has_counts ? "}" : "");
}

void report_data(struct report *r, struct out *o)
{
	struct writer w = { .r = r, .o = o, .p = &r->piece };
	char *selected = select_text(&r->opt->rq.sel);

	w.end = &w.first;
	w.words.again = r->opt->rq.again;
	out_fmt(w.p, "{\"report\":%d", REPORT_VERSION);
	out_json_str(w.p, "whydrop", WHYDROP_VERSION);
	out_json_u64(w.p, "total", r->cube.events);
	out_json_key(w.p, "live");
	out_str(w.p, r->loss.live ? "true" : "false");
	out_json_str(w.p, "again", strlen(r->opt->rq.again) < 4096 ? r->opt->rq.again : " -f FILE");
	out_json_str(w.p, "selected", selected && strlen(selected) < 4096 ? selected : NULL);
	free(selected);
	put_piece(&w);
	put_dims(&w);
	put_names(&w);
	put_rows(&w);
	put_events(&w);
	put_missing(&w);
	out_chr(w.p, '}');
	put_piece(&w);
}
