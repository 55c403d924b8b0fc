// SPDX-License-Identifier: GPL-2.0-only
/* Writes the comment of a packet in a pcapng file: why and where it was dropped, and more. */
#include <string.h>

#include "format/comment.h"
#include "format/fields.h"
#include "format/text.h"
#include "known/drop.h"

#define PLACE_MAX 1024

/* "sock KEY VALUE ...", of what is known of it: words and numbers. */
static void comment_socket(struct out *t, const struct event *e)
{
	struct fmt any = { 0 };
	struct value v;
	size_t i;

	if (!(e->ev.flags & WHYDROP_EV_SK))
		return;
	out_str(t, "sock");
	for (i = 0; i < nr_fields; i++) {
		if (!fields[i].sock)
			continue;
		field_value(&fields[i], &any, e, false, &v);
		if (v.kind == KIND_STRING)
			out_fmt(t, " %s %.*s", fields[i].key + strlen("sock."), (int)v.len, v.str);
		else if (v.kind == KIND_NUMBER || v.kind == KIND_BOOL)
			out_fmt(t, " %s %llu", fields[i].key + strlen("sock."), (unsigned long long)v.number);
	}
	out_chr(t, '\n');
}

/*
 * What user/wireshark/whydrop.lua reads, and whydrop(8) describes. Pairs may be added in
 * front of comm; else the version is another.
 */
#define COMMENT_VERSION "1"

static void comment_head(struct out *t, const struct event *e)
{
	static const char *const ctxs[] = { "task", "softirq", "hardirq" };
	const struct drop_class *class = drop_class(e->reason, e->stack);
	const struct whydrop_event *ev = &e->ev;

	t->nr = 0;
	t->err = 0;
	out_text(t, e->reason->label, strlen(e->reason->label));
	if (e->stack && e->stack->place->len <= PLACE_MAX) {
		out_str(t, " @ ");
		out_text(t, e->stack->place->text, e->stack->place->len);
		if (e->stack->flags & WHYDROP_STACK_DEFERRED)
			out_str(t, " (freed later)");
		if (e->stack->flags & WHYDROP_STACK_HIDDEN)
			out_str(t, " (hidden by a tracer)");
		text_qdisc(t, e);
	}
	out_fmt(t, "\nwhydrop " COMMENT_VERSION " cpu %u seq %llu ctx %s", cpu_there(e->host, ev->rec.cpu),
		(unsigned long long)ev->seq, ev->ctx < ARRAY_SIZE(ctxs) ? ctxs[ev->ctx] : "-");
	if (ev->netns)
		out_fmt(t, " netns %u", ev->netns);
	if (class->name)
		out_fmt(t, " class %s intent %s", class->name, intent_word(class->intent));
	/* The last, because a task's name may have blanks. */
	out_str(t, " comm ");
	out_text(t, ev->comm, strnlen(ev->comm, WHYDROP_COMM_LEN));
	out_chr(t, '/');
	out_u64(t, ev->pid);
	out_chr(t, '\n');
	comment_socket(t, e);
}

static void comment_stack(struct out *t, const struct event *e, unsigned int max)
{
	size_t at = t->nr;
	unsigned int i;

	text_stack(t, e, 0);
	if (t->err || !event_has_stack(e) || e->stack->nr <= max)
		return;
	for (i = 0; i < max; i++)
		at = (char *)memchr(t->buf + at, '\n', t->nr - at) + 1 - t->buf;
	t->nr = at;
	out_str(t, "...\n");
}

void comment_write(struct out *t, const struct event *e, unsigned int max_frames)
{
	comment_head(t, e);
	comment_stack(t, e, max_frames);
	if (t->err || t->nr > COMMENT_MAX) {
		comment_head(t, e);
		out_str(t, "(a stack too long for a comment)\n");
	}
	t->nr--;	/* the last end of line */
}
