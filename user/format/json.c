// SPDX-License-Identifier: GPL-2.0-only
/* Writes events as JSON, one object a line, its keys always there. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "format/json.h"
#include "select/lost.h"

#define JSON_SCHEMA 1

COLD void json_meta(struct fmt *f, const struct decoder *d)
{
	static const char *const keys[] = {
		"version", "kernel", "boot_id", "machine", "node", "load_id",
	};
	struct out *o = f->out;
	size_t i;

	out_str(o, "{\"type\":\"meta\"");
	out_json_u64(o, "schema", JSON_SCHEMA);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		out_json_str(o, keys[i], decoder_meta(d, keys[i]));
	if (f->labels.own)
		out_str(o, f->labels.own);
	out_str(o, "}\n");
}

static void json_text(struct out *o, const char *s, size_t len, bool clean)
{
	if (clean)
		out_mem(o, s, len);
	else
		out_json_text(o, s, len);
}

void json_frames(struct out *o, struct name *const *frame, size_t nr)
{
	size_t i;

	if (!nr) {
		out_str(o, "[]");
		return;
	}
	out_str(o, "[\"");
	for (i = 0; i < nr; i++) {
		if (i)
			out_str(o, "\",\"");
		json_text(o, frame[i]->text, frame[i]->len, frame[i]->clean);
	}
	out_str(o, "\"]");
}

void json_lines(struct out *o, struct name *const *frame, size_t nr)
{
	size_t i;

	out_chr(o, '[');
	for (i = 0; i < nr; i++) {
		if (i)
			out_chr(o, ',');
		if (frame[i]->line)
			out_json(o, frame[i]->line, strlen(frame[i]->line));
		else
			out_str(o, "null");
	}
	out_chr(o, ']');
}

static void put_stack(struct out *o, const struct stack *st)
{
	json_frames(o, st->frame, st->nr);
}

static void put_addr(struct out *o, const char *key, const uint8_t *addr, unsigned int len)
{
	char text[ADDR_TEXT];

	if (addr)
		text[addr_text(text, addr, len)] = '\0';
	out_json_str(o, key, addr ? text : NULL);
}

void json_proc(struct out *o, const struct proc *p)
{
	if (!p) {
		out_str(o, "null");
		return;
	}
	out_str(o, "{\"pid\":");
	out_u64(o, p->pid);
	out_json_str(o, "comm", p->comm);
	out_json_str(o, "unit", p->unit);
	out_chr(o, '}');
}

/* Not inlined: of all values, the rarest would make json_value() save registers. */
static void __attribute__((noinline)) put_inner(struct out *o, const struct tunnel *t)
{
	const struct packet *p = &t->inner;
	char number[8];

	out_str(o, "{\"tunnel\":");
	out_json(o, t->name, strlen(t->name));
	out_json_known(o, "id", t->id, t->has_id);
	snprintf(number, sizeof(number), "0x%04x", p->ethertype);
	out_json_str(o, "family", ethertype_name(p->ethertype) ?: number);
	snprintf(number, sizeof(number), "%u", p->proto);
	out_json_str(o, "proto", p->has_proto ? proto_name(p->proto) ?: number : NULL);
	put_addr(o, "src", p->src, p->addr_len);
	put_addr(o, "dst", p->dst, p->addr_len);
	out_json_known(o, "sport", p->sport, p->has_ports);
	out_json_known(o, "dport", p->dport, p->has_ports);
	out_chr(o, '}');
}

/* Return: whether it may be cached. */
static bool put_name(struct fmt *f, const struct whydrop_event *ev, struct netns_text *c)
{
	const struct netns *ns = f->names && ev->netns ?
				 names_netns(f->names, ev->netns, ev->mono_ns) : NULL;

	if (ns && ns->name)
		out_json(f->out, ns->name, strlen(ns->name));
	else
		out_str(f->out, "null");
	c->ino = ev->netns;
	c->batch = f->names ? names_batch(f->names) : 1;
	c->from = ns ? ns->from : 0;
	return !ns || !ns->gone;
}

static void __attribute__((noinline)) put_netns_anew(struct fmt *f, const struct whydrop_event *ev)
{
	struct netns_text *c = &f->netns[ev->netns % ARRAY_SIZE(f->netns)];
	struct out *o = f->out;
	size_t start;

	out_reserve(o, sizeof(c->text));
	start = o->nr;
	c->batch = 0;
	if (ev->netns)
		out_u64(o, ev->netns);
	else
		out_str(o, "null");
	out_str(o, ",\"netns_name\":");
	if (!put_name(f, ev, c) || o->nr <= start || o->nr - start > sizeof(c->text)) {
		c->batch = 0;
		return;
	}
	c->len = o->nr - start;
	memcpy(c->text, o->buf + start, c->len);
}

/* Both, from the cache: that takes less time than the digits of the inode. */
static void put_netns(struct fmt *f, const struct whydrop_event *ev)
{
	const struct netns_text *c = &f->netns[ev->netns % ARRAY_SIZE(f->netns)];
	struct out *o = f->out;

	if (c->ino != ev->netns || c->batch != (f->names ? names_batch(f->names) : 1) ||
	    ev->mono_ns < c->from) {
		put_netns_anew(f, ev);
		return;
	}
	out_reserve(o, sizeof(c->text));
	memcpy(o->buf + o->nr, c->text, sizeof(c->text));
	o->nr += c->len;
}

static void json_value(struct fmt *f, const struct value *v)
{
	struct out *o = f->out;

	switch (v->kind) {
	case KIND_NULL:
		out_str(o, "null");
		break;
	case KIND_NUMBER:
		out_u64(o, v->number);
		break;
	case KIND_STRING:
		out_chr(o, '"');
		json_text(o, v->str, v->len, v->clean);
		out_chr(o, '"');
		break;
	case KIND_BOOL:
		if (v->number)
			out_str(o, "true");
		else
			out_str(o, "false");
		break;
	case KIND_LIST:
		stack_put_once(f, v->stack, put_stack);
		break;
	case KIND_LINES:
		json_lines(o, v->list, v->nr);
		break;
	case KIND_INNER:
		put_inner(o, &v->tunnel);
		break;
	case KIND_PROC:
		json_proc(o, v->proc);
		break;
	case KIND_NETNS:
		put_netns(f, &v->event->ev);
		break;
	}
}

/* From number @i on, those of the object "sock" or those that are not; the number behind. */
static size_t put_members(struct fmt *f, const struct event *e, size_t i, bool sock)
{
	enum { LONGEST = sizeof(fields->json) - 1 };
	struct out *o = f->out;
	struct value v;

	for (; i < f->nr_members && f->member[i]->sock == sock; i++) {
		const struct field *fl = f->member[i];

		/* A copy of always the same size takes less time than one of the key's. */
		out_reserve(o, LONGEST);
		memcpy(o->buf + o->nr, fl->json, LONGEST);
		o->nr += fl->json_len;
		field_value(fl, f, e, false, &v);
		json_value(f, &v);
	}
	return i;
}

static size_t put_sock(struct fmt *f, const struct event *e, size_t i)
{
	struct out *o = f->out;
	size_t start;

	if (!(e->ev.flags & WHYDROP_EV_SK)) {
		out_str(o, ",\"sock\":null");
		while (i < f->nr_members && f->member[i]->sock)
			i++;
		return i;
	}
	out_str(o, ",\"sock\":");
	/* All of it stays where it is, because the comma before the first is to be a brace. */
	out_reserve(o, 1024);
	start = o->nr;
	i = put_members(f, e, i, true);
	o->buf[start] = '{';
	out_chr(o, '}');
	return i;
}

void json_event(struct fmt *f, const struct event *e)
{
	size_t i;

	out_str(f->out, "{\"type\":\"drop\"");
	if (f->labels.len)
		out_mem(f->out, f->labels.text, f->labels.len);
	if (e->host && !f->chosen)
		out_json_str(f->out, "host", e->host->label);
	i = put_members(f, e, 0, false);
	if (i < f->nr_members)
		i = put_sock(f, e, i);
	put_members(f, e, i, false);
	out_str(f->out, "}\n");
}

COLD void json_lost(struct fmt *f, const struct item *it)
{
	/* Of a cursor that says too little: how many is not known. */
	bool known = it->lost.cause < LOST_CAUSES || it->lost.count;
	struct out *o = f->out;

	out_str(o, "{\"type\":\"lost\"");
	if (f->labels.len)
		out_mem(o, f->labels.text, f->labels.len);
	if (it->lost.host)
		out_json_str(o, "host", it->lost.host->label);
	out_json_known(o, "cpu", cpu_there(it->lost.host, it->lost.cpu), known);
	out_json_known(o, "seq", it->lost.seq, it->lost.has_seq);
	out_json_known(o, "count", it->lost.count, known);
	out_json_str(o, "cause", lost_cause(it->lost.cause));
	out_str(o, "}\n");
}

void json_number(struct out *o, const char *key, double val)
{
	out_json_key(o, key);
	if (val < 0)
		out_str(o, "null");
	else
		out_fmt(o, "%.6f", val);
}

void json_ns(struct out *o, const char *key, int64_t ns)
{
	time_t sec = ns / 1000000000;
	char text[32] = "";
	struct tm tm;

	out_json_key(o, key);
	if (ns > 0 && gmtime_r(&sec, &tm) && strftime(text, sizeof(text), "%FT%T", &tm))
		out_fmt(o, "\"%s.%09dZ\"", text, (int)(ns % 1000000000));
	else
		out_str(o, "null");
}
