// SPDX-License-Identifier: GPL-2.0
/* Writes events as text, for cat, to a task that reads. */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/utsname.h>
#include "capture/reason.h"
#include "show/flow.h"
#include "show/symbol.h"
#include "show/text.h"

#define INDENT		22
#define LINE_MAX	1024
#define UNIT_MAX	(LINE_MAX + WHYDROP_SYMBOLS_MAX + (WHYDROP_FRAMES_MAX + 1) * (INDENT + 1))

struct scratch {
	char symbols[WHYDROP_SYMBOLS_MAX];
};

static size_t scratch_bytes(void)
{
	return sizeof(struct scratch);
}

size_t whydrop_text_escape(char *buf, const char *name, size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < max && name[i]; i++) {
		u8 c = name[i];

		if (c > ' ' && c < 0x7f && c != '\\')
			buf[n++] = c;
		else
			n += sprintf(buf + n, "\\x%02x", c);
	}
	buf[n] = '\0';
	return n;
}

static __printf(2, 3) void put(struct whydrop_view *v, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	v->len += vscnprintf(v->buf + v->len, whydrop_view_room(v), fmt, args);
	va_end(args);
}

static const char *lost_cause(u32 cause)
{
	switch (cause) {
	case WHYDROP_LOST_OVERWRITTEN:
		return "overwritten before they were read; raise ring_kb";
	case WHYDROP_LOST_HISTORY:
		return "overwritten before this file was opened; raise ring_kb";
	case WHYDROP_LOST_NMI:
		return "dropped in NMI context, where nothing can be recorded";
	case WHYDROP_LOST_NOBUF:
		return "the CPU has no ring; see ring_kb";
	}
	return "unknown";
}

/* Why an event has no stack, or NULL: it has one, or none are wanted. */
static const char *why_no_stack(const struct whydrop_event *ev, u16 flags, const char *place)
{
	if (ev->stack_kind == WHYDROP_STACK_SUPPRESSED)
		return "stack_rate was spent";
	if (ev->stack_kind == WHYDROP_STACK_OFF || !(flags & WHYDROP_STACK_PLACE_ONLY))
		return NULL;
	/* A reset frees entries, which a file that was open before may yet have records of. */
	if (!(flags & WHYDROP_STACK_HIDDEN) && !strcmp(place, WHYDROP_UNKNOWN_PLACE))
		return "forgotten at a reset";
	return "a tracer ends the kernel's own";
}

static void put_event(struct whydrop_view *v, const struct whydrop_event *ev)
{
	static const char ctx[] = { 'T', 'S', 'H' };
	char *symbols = ((struct scratch *)v->priv)->symbols;
	char current_name[4 * WHYDROP_COMM_LEN + 16];
	char dev[4 * WHYDROP_DEV_LEN + 1];
	unsigned int i, nr = 0;
	struct whydrop_reason r;
	const char *p = symbols, *why;
	u32 ns;
	u64 sec;
	u16 flags = 0;
	size_t n;

	if (ev->flags & WHYDROP_EV_ATTACHED) {
		const struct whydrop_attached *a =
			(const void *)ev + whydrop_attached_offset(ev->caplen);

		whydrop_symbols_attached(a, symbols, sizeof(struct scratch), &flags);
		nr = a->nr;
	} else {
		whydrop_symbols_stack(ev->stack_id, symbols, sizeof(struct scratch), &nr, &flags);
	}

	whydrop_reason_get(ev->reason, &r);
	n = whydrop_text_escape(current_name, ev->comm, sizeof(ev->comm));
	sprintf(current_name + n, "/%u", ev->pid);
	if (ev->dev[0])
		whydrop_text_escape(dev, ev->dev, sizeof(ev->dev));
	else
		strscpy(dev, "-", sizeof(dev));
	sec = div_u64_rem(ev->mono_ns, NSEC_PER_SEC, &ns);

	put(v, "%7llu.%09u %3u %c   %-20s %-20s %-8s ", sec, ns, ev->rec.cpu,
	    ctx[min_t(u8, ev->ctx, WHYDROP_CTX_HARDIRQ)], current_name, r.full, dev);
	v->len += whydrop_flow_print(ev, v->buf + v->len, whydrop_view_room(v));
	put(v, " @ %s%s", p, flags & WHYDROP_STACK_DEFERRED ? " (freed later)" :
	    flags & WHYDROP_STACK_HIDDEN ? " (hidden by a tracer)" : "");
	if (ev->qdisc_reason)
		put(v, " (qdisc %x: %s)", ev->qdisc,
		    whydrop_reason_qdisc(ev->qdisc_reason) ?: "reason unknown");
	put(v, "\n");
	for (i = 0; i < nr; i++) {
		p += strlen(p) + 1;
		put(v, "%*s%s\n", INDENT, "", p);
	}
	why = why_no_stack(ev, flags, symbols);
	if (why)
		put(v, "%*s(no stack: %s)\n", INDENT, "", why);
}

static void fill(struct whydrop_view *v)
{
	struct whydrop_item item;

	if (!v->started)
		put(v, "# whydrop %s v1 kernel %s\n"
		       "# TIME            CPU CTX CURRENT              REASON               DEV      FLOW @ PLACE\n",
		    v->ops->follow ? "events_pipe" : "events", init_utsname()->release);
	while (whydrop_view_room(v) > UNIT_MAX &&
	       whydrop_cursor_next(&v->cursor, v->until, &item)) {
		if (item.ev)
			put_event(v, item.ev);
		else
			put(v, "# lost %llu events on CPU %d: %s\n", item.lost, item.cpu,
			    lost_cause(item.cause));
	}
}

const struct whydrop_view_ops whydrop_text_ops = {
	.fill = fill,
	.priv_bytes = scratch_bytes,
};

const struct whydrop_view_ops whydrop_text_pipe_ops = {
	.fill = fill,
	.priv_bytes = scratch_bytes,
	.follow = true,
};
