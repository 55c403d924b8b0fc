// SPDX-License-Identifier: GPL-2.0-only
/* Writes events as lines of text. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "format/text.h"

static void add_column(struct fmt *f, const char *key)
{
	f->column[f->nr_columns++] = field_find(key);
}

/* What the lines of -v have, in this order, and what it is called there. */
static const struct {
	const char *key, *label;
} pairs[] = {
	{ "seq", "seq" }, { "netns", "netns" }, { "netns_name", "named" }, { "ifindex", "ifindex" }, { "iif", "iif" },
	{ "mark", "mark" }, { "mac_src", "mac_src" }, { "mac_dst", "mac_dst" },
	{ "pkt_len", "pkt_len" }, { "caplen", "caplen" },
	{ "sock.family", "family" }, { "sock.type", "type" }, { "sock.proto", "proto" },
	{ "sock.state", "state" }, { "sock.uid", "uid" }, { "sock.ino", "ino" },
	{ "sock.cookie", "cookie" }, { "sock.rmem", "rmem" }, { "sock.rcvbuf", "of rcvbuf" },
	{ "sock.proc", "proc" },
};
_Static_assert(ARRAY_SIZE(pairs) == ARRAY_SIZE(((struct fmt *)0)->pair), "a field for each");

/*
 * The columns of a line; FLOW @ PLACE stands behind them. A narrow terminal
 * gets two lines: why and where, then what and who.
 */
static void prepare(struct fmt *f)
{
	size_t i;

	f->nr_columns = 0;
	if (f->when != WHEN_NONE)
		add_column(f, "time");
	if (!f->narrow) {
		add_column(f, "cpu");
		add_column(f, "ctx");
		add_column(f, "current");
	}
	add_column(f, "reason");
	add_column(f, "dev");
	f->flow = field_find("flow");
	f->at = field_find("at");
	f->ctx = field_find("ctx");
	f->current = field_find("current");
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		f->pair[i] = field_find(pairs[i].key);
}

static void write_text(struct out *o, const char *s, size_t len, bool clean)
{
	if (clean)
		out_mem(o, s, len);
	else
		out_text(o, s, len);
}

static void write_value(struct out *o, const struct value *v)
{
	size_t i;

	switch (v->kind) {
	case KIND_NULL:
		out_chr(o, '-');
		break;
	case KIND_NUMBER:
		out_u64(o, v->number);
		break;
	case KIND_STRING:
		if (v->len)
			write_text(o, v->str, v->len, v->clean);
		else
			out_chr(o, '-');
		break;
	case KIND_BOOL:
		out_str(o, v->number ? "yes" : "no");
		break;
	case KIND_INNER:	/* in text strings */
	case KIND_NETNS:
	case KIND_PROC:
		break;
	case KIND_LIST:
		for (i = 0; i < v->nr; i++) {
			if (i)
				out_chr(o, ';');
			write_text(o, v->list[i]->text, v->list[i]->len, v->list[i]->clean);
		}
		break;
	case KIND_LINES:
		for (i = 0; i < v->nr; i++) {
			const char *line = v->list[i]->line ? v->list[i]->line : "-";

			if (i)
				out_chr(o, ';');
			out_text(o, line, strlen(line));
		}
		break;
	}
}

/* One field in a column of its width; 0 as @width: as wide as it is. */
static void write_field(struct fmt *f, const struct event *e, const struct field *fl, int width)
{
	struct out *o = f->out;
	int columns = 0;
	struct value v;
	size_t start;

	field_value(fl, f, e, true, &v);
	if (width && fl->right && v.kind <= KIND_NUMBER) {
		char *end = v.buf;

		if (v.kind == KIND_NUMBER)
			end = put_u64(end, v.number);
		else
			*end++ = '-';
		out_pad(o, width - (int)(end - v.buf));
		out_mem(o, v.buf, end - v.buf);
		return;
	}
	if (fl->color && v.kind != KIND_NULL)
		out_color(o, fl->color);
	out_reserve(o, 4096);
	start = o->nr;
	write_value(o, &v);
	if (width && v.kind == KIND_STRING && v.clean && v.len)
		columns = v.len;
	else if (width && o->nr >= start)
		columns = text_columns(o->buf + start, o->nr - start);
	if (fl->color && v.kind != KIND_NULL)
		out_color(o, COLOR_OFF);
	if (width)
		out_pad(o, width - columns);
}

static void write_header(struct fmt *f, const struct field *fl, int width)
{
	char text[32];
	size_t i;

	for (i = 0; fl->key[i]; i++)
		text[i] = toupper((unsigned char)fl->key[i]);
	text[i] = '\0';
	if (fl->right)
		out_pad(f->out, width - (int)i);
	out_str(f->out, text);
	if (!fl->right)
		out_pad(f->out, width - (int)i);
}

static int width_of(const struct fmt *f, const struct field *fl)
{
	if (fl != f->column[0] || f->when == WHEN_NONE)
		return fl->width;
	return f->when == WHEN_UTC ? 30 : f->when == WHEN_REL ? 10 : fl->width;
}

static void write_columns(struct fmt *f, const struct event *e)
{
	unsigned int i;

	if (!e)
		out_str(f->out, "# ");
	for (i = 0; i < f->nr_columns; i++) {
		const struct field *fl = f->column[i];

		if (e)
			write_field(f, e, fl, width_of(f, fl));
		else
			/* "# " took two columns of the first. */
			write_header(f, fl, width_of(f, fl) - (i ? 0 : 2));
		out_chr(f->out, ' ');
	}
}

void text_header(struct fmt *f)
{
	struct out *o = f->out;
	size_t i;

	prepare(f);
	if (!f->header)
		return;
	out_color(o, COLOR_FAINT);
	if (f->chosen) {
		for (i = 0; i < f->nr_chosen; i++) {
			const struct field *fl = f->chosen[i];
			int width = i + 1 < f->nr_chosen ? width_of(f, fl) : 0;

			if (i)
				out_chr(o, ' ');
			write_header(f, fl, width);
		}
	} else {
		write_columns(f, NULL);
		out_str(o, f->narrow ? "PLACE\n#   FLOW, CTX CURRENT CPU" : "FLOW @ PLACE");
	}
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
}

/* The time of day needs its date once, and again when that or the offset is another. */
static void write_day(struct fmt *f, const struct event *e)
{
	time_t t = e->real_ns / 1000000000;
	char text[64];
	struct tm tm;

	if (f->when != WHEN_ABS || !e->has_real || !f->header ||
	    (f->date.day >= 0 && t == (time_t)f->local.sec) || !localtime_r(&t, &tm))
		return;
	if (tm.tm_yday == f->date.day && tm.tm_year == f->date.year && tm.tm_gmtoff == f->date.offset)
		return;
	f->date.day = tm.tm_yday;
	f->date.year = tm.tm_year;
	f->date.offset = tm.tm_gmtoff;
	strftime(text, sizeof(text), "# %Y-%m-%d %A, UTC%z\n", &tm);
	out_color(f->out, COLOR_FAINT);
	out_str(f->out, text);
	out_color(f->out, COLOR_OFF);
}

void text_frames(struct out *o, const struct stack *st, int indent)
{
	unsigned int i;

	for (i = 0; i < st->nr; i++) {
		out_pad(o, indent);
		write_text(o, st->frame[i]->text, st->frame[i]->len, st->frame[i]->clean);
		if (st->frame[i]->line) {
			out_chr(o, ' ');
			out_color(o, COLOR_FAINT);
			out_text(o, st->frame[i]->line, strlen(st->frame[i]->line));
			out_color(o, COLOR_OFF);
		}
		out_chr(o, '\n');
	}
}

/* With what is to be known of them. */
static void write_frames(struct out *o, const struct stack *st, int indent)
{
	static const struct {
		unsigned int flag;
		const char *text;
	} remarks[] = {
		{ WHYDROP_STACK_CUT, "..." },
		{ WHYDROP_STACK_INTERRUPTED, "(an interrupt began here)" },
		{ WHYDROP_STACK_NOT_TRIMMED,
		  "(not trimmed: the first frames are those of the tracing)" },
		{ WHYDROP_STACK_UNLOADED, "(a module of these is unloaded)" },
	};
	size_t i;

	text_frames(o, st, indent);
	for (i = 0; i < ARRAY_SIZE(remarks); i++)
		if (st->flags & remarks[i].flag) {
			out_pad(o, indent);
			out_str(o, remarks[i].text);
			out_chr(o, '\n');
		}
}

/* A reset frees entries of the module, of which it may yet have older events. */
static const char *why_place_only(const struct stack *st)
{
	if (st->flags & WHYDROP_STACK_HIDDEN || strcmp(st->place->text, WHYDROP_UNKNOWN_PLACE))
		return "(no stack: a tracer ends the kernel's own)";
	return "(no stack: forgotten at a reset)";
}

void text_stack(struct out *o, const struct event *e, int indent)
{
	const char *why = "(no stack in this recording)";

	if (event_has_stack(e)) {
		write_frames(o, e->stack, indent);
		return;
	}
	if (e->ev.stack_kind == WHYDROP_STACK_SUPPRESSED)
		why = "(no stack: stack_rate was spent)";
	else if (e->ev.stack_kind == WHYDROP_STACK_OFF)
		why = "(no stack: stack_depth is 0)";
	else if (e->stack && e->stack->flags & WHYDROP_STACK_PLACE_ONLY)
		why = why_place_only(e->stack);
	out_pad(o, indent);
	out_str(o, why);
	out_chr(o, '\n');
}

#define STACK_INDENT 16

static void put_frames(struct out *o, const struct stack *st)
{
	write_frames(o, st, STACK_INDENT);
}

/* " KEY VALUE", if there is a value. */
static void write_pair(struct fmt *f, const struct event *e, size_t i)
{
	struct value v;

	field_value(f->pair[i], f, e, true, &v);
	if (v.kind == KIND_NULL)
		return;
	out_chr(f->out, ' ');
	out_str(f->out, pairs[i].label);
	out_chr(f->out, ' ');
	write_value(f->out, &v);
}

static void write_verbose(struct fmt *f, const struct event *e)
{
	struct out *o = f->out;
	size_t i;

	out_pad(o, 7);
	for (i = 0; !f->pair[i]->sock; i++)
		if (e->ev.mark || strcmp(pairs[i].key, "mark"))
			write_pair(f, e, i);
	if (e->ev.flags & WHYDROP_EV_DEV_BY_IIF)
		out_str(o, " (device found by iif)");
	if (e->ev.flags & WHYDROP_EV_SK) {
		out_str(o, "\n        socket:");
		for (; i < ARRAY_SIZE(pairs); i++)
			write_pair(f, e, i);
		if (e->ev.flags & WHYDROP_EV_RX_SK)
			out_str(o, ", the receiver");
		if (e->ev.flags & WHYDROP_EV_TX_SK)
			out_str(o, ", the sender");
	}
	out_chr(o, '\n');
	if (*e->reason->description) {
		out_str(o, "        ");
		out_text(o, e->reason->description, strlen(e->reason->description));
		out_chr(o, '\n');
	}
}

/* Lines of 16 bytes, as hexdump and tcpdump have them. */
static void write_hex(struct out *o, const uint8_t *data, unsigned int len)
{
	static const char hex[] = "0123456789abcdef";
	char line[96], *p, *text;
	unsigned int i, j;

	for (i = 0; i < len; i += 16) {
		memset(line, ' ', sizeof(line));
		p = stpcpy(line + 8, "0x");
		for (j = 16; j; j -= 4)
			*p++ = hex[i >> (j - 4) & 15];
		*p++ = ':';
		*p++ = ' ';
		text = p + 16 / 2 * 5 + 2;
		for (j = i; j < i + 16 && j < len; j++) {
			if (!(j % 2))
				*p++ = ' ';
			*p++ = hex[data[j] >> 4];
			*p++ = hex[data[j] & 15];
			*text++ = data[j] < 0x20 || data[j] > 0x7e ? '.' : (char)data[j];
		}
		*text++ = '\n';
		out_mem(o, line, text - line);
	}
}

void text_qdisc(struct out *o, const struct event *e)
{
	if (!e->ev.qdisc_reason)
		return;
	out_fmt(o, " (qdisc %x: ", e->ev.qdisc);
	if (e->qdisc)
		out_text(o, e->qdisc->name, strlen(e->qdisc->name));
	else
		out_fmt(o, "reason %u", e->ev.qdisc_reason);
	out_chr(o, ')');
}

void text_short_place(char *buf, size_t room, const char *place, size_t len)
{
	const char *slash = memchr(place, '/', len), *end = place + len;
	const char *module = slash ? memchr(slash, ' ', end - slash) : NULL;

	snprintf(buf, room, "%.*s%.*s", (int)((slash ? slash : end) - place), place,
		 module ? (int)(end - module) : 0, module ? module : "");
}

/* In the narrow layout without what would break the line. */
static void write_at(struct fmt *f, const struct event *e)
{
	struct out *o = f->out;
	struct value v;
	char buf[512];

	field_value(f->at, f, e, true, &v);
	if (!f->narrow || v.kind != KIND_STRING) {
		write_field(f, e, f->at, 0);
		return;
	}
	text_short_place(buf, sizeof(buf), v.str, v.len);
	out_color(o, f->at->color);
	out_text(o, buf, strlen(buf));
	out_color(o, COLOR_OFF);
}

static void write_place(struct fmt *f, const struct event *e)
{
	write_at(f, e);
	if (e->stack && e->stack->flags & WHYDROP_STACK_DEFERRED)
		out_str(f->out, " (freed later)");
	if (e->stack && e->stack->flags & WHYDROP_STACK_HIDDEN)
		out_str(f->out, " (hidden by a tracer)");
	text_qdisc(f->out, e);
	if (event_unknown_vlan(e) && e->pkt.has_vlan)
		out_fmt(f->out, " (unknown VLAN %u)", e->pkt.vlan);
	else if (event_unknown_vlan(e))
		out_str(f->out, " (unknown VLAN)");
}

void text_event(struct fmt *f, const struct event *e)
{
	struct out *o = f->out;
	size_t i;

	if (f->chosen) {
		for (i = 0; i < f->nr_chosen; i++) {
			const struct field *fl = f->chosen[i];
			int width = i + 1 < f->nr_chosen ? width_of(f, fl) : 0;

			if (i)
				out_chr(o, ' ');
			write_field(f, e, fl, width);
		}
		out_chr(o, '\n');
	} else {
		write_day(f, e);
		write_columns(f, e);
		if (f->narrow) {
			write_place(f, e);
			out_str(o, "\n    ");
			write_field(f, e, f->flow, 0);
			out_str(o, ", ");
			write_field(f, e, f->ctx, 0);
			out_chr(o, ' ');
			write_field(f, e, f->current, 0);
			out_str(o, " cpu ");
			out_u64(o, cpu_there(e->host, e->ev.rec.cpu));
		} else {
			write_field(f, e, f->flow, 0);
			out_str(o, " @ ");
			write_place(f, e);
		}
		if (e->host) {
			out_str(o, " of ");
			out_text(o, e->host->label, strlen(e->host->label));
		}
		out_chr(o, '\n');
	}
	if (f->verbose)
		write_verbose(f, e);
	if (f->stack && event_has_stack(e))
		stack_put_once(f, e->stack, put_frames);
	else if (f->stack)
		text_stack(o, e, STACK_INDENT);
	if (f->hex)
		write_hex(o, e->data, e->ev.caplen);
}
