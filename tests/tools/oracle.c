// SPDX-License-Identifier: GPL-2.0
/*
 * oracle - compare a whydrop recording with ftrace's trace of the same drops
 *
 * usage: oracle [-d] [-e] [-k] [-m] [-n] [-p] [-s] [-u] [-v] RECORDING TRACE...
 *
 * RECORDING is what reading <debugfs>/whydrop/raw gave, TRACE what reading
 * <tracefs>/per_cpu/cpuN/trace gave for N = 0, 1, ... with the event
 * skb:kfree_skb, its stacktrace trigger, task:task_rename, and the options
 * sym-offset, sym-addr and hash-ptr. TRACE.at has the location= of each event in
 * the same order, from a second look with nohash-ptr (of which 6.1 forgets to
 * print the reason). Older kernels only tell a hash of it, and TRACE.at has "hashed":
 * then it is the frame behind kfree_skb(), the only function that had the event.
 *
 * Both are cut to what lies between the first and the last event of a task
 * named wd-marker on that CPU. There each event of one must be in the other:
 * reason, place, protocol, context, task and each frame from the place
 * outwards. ftrace prints the address of each frame and that of the place, so
 * that its stacks are cut by address, with no rule in common with whydrop. An
 * interrupt between the two probes can swap neighbors: an event may come a
 * few places late, and then is counted as reordered.
 *
 * -d: ftrace's stacks have what is no code, as POWER's unwinder takes anything for a return
 * address behind do_softirq_own_stack(): left out.
 *
 * -e: ftrace's stacks end where the kernel changes to the stack of interrupts, as on
 * RISC-V: whydrop's go on, and if a task runs a softirq itself, to where it entered the kernel.
 *
 * -k: ftrace's stacks may begin with the caller of the place, which the event names all the
 * same: whydrop's is compared with that by /proc/kallsyms. So it is on ARM, where taking a
 * stack leaves out one frame more than it is asked to, and ftrace asks for none but its own.
 *
 * -m: a task can be preempted between the two probes, as from 7.0 on: its drop
 * comes later by what others drop meanwhile, or on another CPU, which is counted
 * as moved. With -s, one in a softirq, too.
 *
 * -n: ftrace has 8 entries for a stack that it takes in an interrupt of taking another,
 * as until 5.2: such a stack may be the beginning of whydrop's, and is counted as nested.
 *
 * -s: ftrace's flags do not know softirqs, as with PREEMPT_RT, where the count of
 * them is the task's; that its stack came through them tells it then.
 *
 * -u: ftrace's stacks may go on behind where a program entered the kernel or was interrupted, or
 * a thread of the kernel began, with what a register happened to have, as on MIPS: that is left out, and must
 * not be in whydrop's.
 *
 * A whydrop stack marked as cut, or as ending at an interrupt, must be the
 * beginning of ftrace's. It must not end at a softirq that a task runs itself, as one that
 * sends does ("own"), and must end where a softirq began at the end of an interrupt
 * ("behind" tells of those that show what the interrupted task did).
 *
 * -p plants one difference of each kind, each on its own, and prints how many were found
 * (nothing else): it must be few, and never none.
 * Exit status: 0 equal, 1 differences, 2 cannot compare.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "symbols.h"
#include "util.h"

#include "../../module/uapi/whydrop.h"

#define CPUS 8
#define WINDOW 16
#define WINDOW_TASK 1024
#define FRAMES 256

struct ev {
	const char *reason, *place, *comm;
	uint32_t pid;
	uint16_t proto, nframes, flags;
	uint8_t ctx, kind;
	bool matched, marker, nested;
	uint8_t passed;
	const char **frames;
	uint64_t place_at;	/* with -k, where the stack begins behind it */
};

static struct list {
	struct ev *ev;
	size_t n, room, from, to;
} ours[CPUS], theirs[CPUS];

static bool verbose, quiet, by_stack, preempted, few_nested, ends_early, without_data, without_user, at_caller;

/* by preemption between the two probes; with PREEMPT_RT, softirqs are preempted, too */
static bool may_be_late(const struct ev *e)
{
	return preempted && (e->ctx == WHYDROP_CTX_TASK ||
			     (by_stack && e->ctx == WHYDROP_CTX_SOFTIRQ));
}

static unsigned long shown, lost, no_place, different;

static struct ev *add(struct list *l)
{
	if (l->n == l->room) {
		l->room = l->room ? l->room * 2 : 4096;
		l->ev = realloc(l->ev, l->room * sizeof(*l->ev));
		if (!l->ev)
			die("out of memory");
	}
	memset(&l->ev[l->n], 0, sizeof(*l->ev));
	return &l->ev[l->n++];
}

/* ---- whydrop's stream ---- */

#define IDS (1 << 20)

static struct stack {
	const char *place, **frames;
	uint16_t n, flags;
} *by_id[IDS], transient;
static uint32_t transient_id;

static struct named {
	uint32_t id;
	char name[64];
} names[512];
static int nnames;

/* of each event, on kernels without reasons */
static const char no_reason[] = "none";

static const char *reason_name(uint32_t id)
{
	int i;

	if (id == WHYDROP_NO_REASON)
		return no_reason;
	for (i = 0; i < nnames; i++)
		if (names[i].id == id)
			return names[i].name;
	die("reason %u was not told", id);
}

static void take_stack(const struct whydrop_stack_rec *x)
{
	struct stack *s = &transient;
	const char *p = x->text;
	int i;

	if (x->flags & WHYDROP_STACK_TRANSIENT) {
		transient_id = x->id;
	} else {
		if (x->id >= IDS)
			die("stack id %u", x->id);
		s = by_id[x->id] = zalloc(sizeof(*s));
	}
	s->n = x->nr;
	s->flags = x->flags;
	s->frames = zalloc(x->nr * sizeof(*s->frames));
	s->place = p;
	p += strlen(p) + 1;
	for (i = 0; i < x->nr; i++, p += strlen(p) + 1)
		s->frames[i] = p;
}

static void take_event(const struct whydrop_event *e)
{
	struct ev *v = add(&ours[e->rec.cpu]);
	const struct stack *s = e->stack_id < IDS ? by_id[e->stack_id] : NULL;
	char comm[WHYDROP_COMM_LEN + 1] = "";

	if (transient_id && transient_id == e->stack_id)
		s = &transient;
	transient_id = 0;
	if (!s)
		die("stack %u was not told", e->stack_id);
	memcpy(comm, e->comm, WHYDROP_COMM_LEN);
	v->reason = reason_name(e->reason);
	v->place = s->place;
	v->comm = strdup(comm);
	v->marker = !strcmp(comm, "wd-marker");
	v->pid = e->pid;
	v->proto = ntohs(e->protocol);
	v->ctx = e->ctx;
	v->kind = e->stack_kind;
	v->flags = s->flags;
	v->nframes = s->n;
	v->frames = s->frames;
}

static void read_recording(const char *path)
{
	size_t len, at;
	char *p = slurp(path, &len);
	const struct whydrop_file_header *h = (const void *)p;

	if (len < sizeof(*h) || memcmp(h->magic, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN))
		die("%s: no recording", path);
	for (at = h->header_size; at + sizeof(struct whydrop_rec) <= len;) {
		const struct whydrop_rec *r = (const void *)(p + at);

		if (r->size < sizeof(*r) || r->size % 8 || r->size > len - at)
			die("%s: bad record at %zu", path, at);
		if (r->cpu >= CPUS)
			die("%s: cpu %u", path, r->cpu);
		switch (r->type) {
		case WHYDROP_REC_REASON: {
			const struct whydrop_reason_rec *x = (const void *)r;
			const char *name = x->text + strlen(x->text) + 1;

			if (nnames == 512)
				die("too many reasons");
			names[nnames].id = x->reason;
			snprintf(names[nnames++].name, sizeof(names->name), "%s", name);
			break;
		}
		case WHYDROP_REC_STACK:
			take_stack((const void *)r);
			break;
		case WHYDROP_REC_EVENT:
			take_event((const void *)r);
			break;
		case WHYDROP_REC_LOST:
			lost += ((const struct whydrop_lost *)r)->count;
			break;
		}
		at += r->size;
	}
}

/* ---- ftrace's text ---- */

/*
 * ftrace knows a task by its last name only, so each change of a name is
 * traced too: what a task was called before.
 */
static struct alias {
	uint32_t pid;
	const char *comm;
} *aliases;
static size_t naliases;

static void add_alias(uint32_t pid, const char *comm)
{
	aliases = realloc(aliases, (naliases + 1) * sizeof(*aliases));
	if (!aliases)
		die("out of memory");
	aliases[naliases].pid = pid;
	aliases[naliases++].comm = comm;
}

static bool was_called(uint32_t pid, const char *comm)
{
	size_t i;

	for (i = 0; i < naliases; i++)
		if (aliases[i].pid == pid && !strcmp(aliases[i].comm, comm))
			return true;
	return false;
}

/* "pid=12 oldcomm=sh newcomm=cat oom_score_adj=0" */
static void renamed(char *p)
{
	uint32_t pid = strtoul(strstr(p, "pid=") + 4, NULL, 10);
	char *old = strstr(p, " oldcomm="), *new = strstr(p, " newcomm="), *end;

	end = new ? strstr(new, " oom_score_adj=") : NULL;
	if (!old || !end)
		die("what is this: %s", p);
	*new = *end = 0;
	add_alias(pid, old + strlen(" oldcomm="));
	add_alias(pid, new + strlen(" newcomm="));
}

/*
 * "=> symbol+0x1/0x2 [module] <ffffffff81000000>", or "=> 0" where POWER's unwinder finds
 * nothing in the frame that an interrupt interrupted
 */
static char *frame(char *line, unsigned long long *address)
{
	char *lt = strrchr(line, '<');

	if (!strcmp(line, " => 0")) {
		*address = 0;
		return line + 4;
	}
	if (strncmp(line, " => ", 4) || !lt || sscanf(lt, "<%llx>", address) != 1)
		return NULL;
	while (lt > line && lt[-1] == ' ')
		lt--;
	*lt = 0;
	return line + 4;
}

/* Is that where a trace begins, on MIPS? */
static bool is_entry(const char *frame)
{
	return !strncmp(frame, "work_notifysig+", 15) || !strncmp(frame, "syscall_common+", 15) ||
	       !strncmp(frame, "ret_from_kernel_thread+", 23);
}

/*
 * The place of a drop, as ftrace prints it: its address, or "symbol+0x1/0x2" on newer kernels
 */
struct location {
	unsigned long long address;
	char symbol[256];
	bool hashed;
};

static struct location location_of(const char *line)
{
	struct location l = { strtoull(line, NULL, 16), "", !strcmp(line, "hashed\n") };

	if (strstr(line, "+0x"))
		sscanf(line, "%255s", l.symbol);
	return l;
}

static bool is_at(const struct location *l, unsigned long long address, const char *frame,
		  const char *before)
{
	size_t len = strlen(l->symbol);

	if (l->hashed)
		return !strncmp(before, "kfree_skb+0x", 12);
	if (!len)
		return address == l->address;
	return !strncmp(frame, l->symbol, len) && (!frame[len] || frame[len] == ' ');
}

/* "  comm-123   [000] ..s1.   1.234567: kfree_skb: ...": comm may hold anything */
static bool task(char *line, struct ev *v)
{
	char *p = line, *cpu, *dash;
	int c;

	while ((p = strstr(p, " ["))) {
		if (isdigit(p[2]) && sscanf(p, " [%d] ", &c) == 1 && strchr(p, ']'))
			break;
		p += 2;
	}
	if (!p)
		return false;
	cpu = p;
	while (cpu > line && cpu[-1] == ' ')
		cpu--;
	*cpu = 0;
	dash = strrchr(line, '-');
	if (!dash)
		return false;
	v->pid = strtoul(dash + 1, NULL, 10);
	*dash = 0;
	while (*line == ' ')
		line++;
	v->comm = line;
	v->marker = !strcmp(line, "wd-marker");
	p = strchr(p, ']') + 1;
	while (*p == ' ')
		p++;
	v->ctx = strchr("hHzZ", p[2]) ? WHYDROP_CTX_HARDIRQ :
		 p[2] == 's' ? WHYDROP_CTX_SOFTIRQ : WHYDROP_CTX_TASK;
	return true;
}

/* close_stack: of these lines of a stack, the first @above are of the tracing itself */
static void close_stack(struct ev *v, const char **stack, int lines, int above,
			const struct location *l)
{
	int n = lines - above;

	v->nested = few_nested && lines == 8;
	if (!n && at_caller && l->address) {
		v->place_at = l->address;
		n = lines;
	} else if (!n) {
		no_place++;
	}
	v->nframes = n;
	v->frames = zalloc(n * sizeof(*stack));
	memcpy(v->frames, stack + lines - n, n * sizeof(*stack));
	v->place = n && !v->place_at ? *v->frames : "?";
}

#define PENDING 8

static void read_trace(const char *path, struct list *l)
{
	static struct location location[PENDING];
	unsigned long long address;
	size_t pending[PENDING], npending = 0, len;
	const char *stack[FRAMES];
	char name[4096], at[256];
	unsigned long in, written;
	bool in_stack = false;
	char *p, *next, *q;
	struct ev *v;
	FILE *places;
	int lines = 0, above = 0;

	p = slurp(path, &len);
	snprintf(name, sizeof(name), "%s.at", path);
	places = fopen(name, "r");
	if (!places)
		die("cannot read %s", name);
	for (; p && *p; p = next) {
		next = strchr(p, '\n');
		if (next)
			*next++ = 0;
		if (sscanf(p, "# entries-in-buffer/entries-written: %lu/%lu", &in, &written) == 2 &&
		    in != written)
			die("%s: %lu of %lu entries", path, in, written);
		if (*p == '#' || !*p)
			continue;
		if (strstr(p, "LOST ") && strstr(p, " EVENTS]"))
			die("%s: %s", path, p);
		if (in_stack && !strncmp(p, " => ", 4)) {
			char *text = frame(p, &address);

			if (!text)
				die("%s: no frame: %s", path, p);
			if (without_data && *text == '0')
				continue;
			if (without_user && lines && is_entry(stack[lines - 1]))
				continue;
			if (lines == FRAMES)
				die("%s: a stack without end", path);
			if (above == lines && !is_at(&location[npending], address, text,
						     above ? stack[above - 1] : ""))
				above++;
			stack[lines++] = text;
			continue;
		}
		if (in_stack) {
			in_stack = false;
			close_stack(&l->ev[pending[npending]], stack, lines, above, &location[npending]);
		}
		if (strstr(p, "<stack trace>")) {
			/* of the latest without one: an interrupt may be between */
			if (!npending)
				die("%s: stack without event", path);
			npending--;
			in_stack = true;
			lines = above = 0;
			continue;
		}
		q = strstr(p, ": task_rename: ");
		if (q) {
			renamed(q);
			continue;
		}
		q = strstr(p, ": kfree_skb: ");
		if (!q)
			die("%s: what is this: %s", path, p);
		if (npending == PENDING)
			die("%s: events without stack", path);
		pending[npending] = l->n;
		v = add(l);
		v->proto = strtoul(strstr(q, "protocol=") + 9, NULL, 10);
		if (!fgets(at, sizeof(at), places))
			die("%s is too short", name);
		location[npending++] = location_of(at);
		v->reason = strstr(q, "reason: ");
		v->reason = v->reason ? v->reason + 8 : no_reason;
		q[0] = 0;
		if (!task(p, v))
			die("%s: no task: %s", path, p);
	}
	if (in_stack)
		close_stack(&l->ev[pending[npending]], stack, lines, above, &location[npending]);
	if (npending)
		die("%s: %zu events without stack", path, npending);
	if (fgets(at, sizeof(at), places))
		die("%s is too long", name);
	fclose(places);
}

static void softirqs(struct list *l)
{
	size_t i;
	int k;

	for (i = 0; i < l->n; i++)
		for (k = 0; k < l->ev[i].nframes; k++)
			if (l->ev[i].ctx == WHYDROP_CTX_TASK &&
			    (!strncmp(l->ev[i].frames[k], "handle_softirqs", 15) ||
			     !strncmp(l->ev[i].frames[k], "__do_softirq", 12)))
				l->ev[i].ctx = WHYDROP_CTX_SOFTIRQ;
}

/* ---- comparison ---- */

static unsigned long boundary, other_name;

/*
 * The kernel names the caller of a function that never returns by the start of
 * the next function, where ftrace prints it, and by the end of the one that
 * called, where whydrop does.
 */
static bool same_symbol(const char *a, const char *b)
{
	unsigned long off, size, o2, s2;
	const char *x, *y;

	/* ftrace prints a number for what is in no function */
	if (!strcmp(a, b) || (!strcmp(a, "[unknown]") && (!strncmp(b, "0x", 2) || !strcmp(b, "0"))))
		return true;
	x = strstr(a, "+0x");
	y = strstr(b, "+0x");
	if (x && y && sscanf(x, "+0x%lx/0x%lx", &off, &size) == 2 &&
	    sscanf(y, "+0x%lx/0x%lx", &o2, &s2) == 2 && off == size && o2 == 0) {
		boundary++;
		return true;
	}
	return false;
}

static bool same_task(const struct ev *a, const struct ev *b)
{
	if (!strcmp(a->comm, b->comm))
		return true;
	/* ftrace has a name of its own for swapper, and may not know one */
	if (!strcmp(b->comm, "<idle>"))
		return !strncmp(a->comm, "swapper/", 8);
	return was_called(a->pid, a->comm);
}

/* where the kernel changes to another stack, and what it prints ends */
static bool ends_at_stack(const struct ev *v)
{
	return ends_early && v->nframes && !strncmp(v->frames[v->nframes - 1], "call_on_irq_stack+", 18);
}

/* On MIPS: an interrupt of a program, behind which ftrace's stack has a frame more. */
static bool interrupts_user(const struct ev *a, const struct ev *b)
{
	const char *last = a->nframes ? a->frames[a->nframes - 1] : "";

	return without_user && a->nframes + 1 == b->nframes &&
	       (!strncmp(last, "handle_int+", 11) || !strncmp(last, "except_vec_vi_end+", 18));
}

static const char *difference(const struct ev *a, const struct ev *b)
{
	bool prefix = a->flags & (WHYDROP_STACK_CUT | WHYDROP_STACK_INTERRUPTED);
	int i, first = !!b->place_at, n = a->nframes - first;

	if (strcmp(a->reason, b->reason))
		return "reason";
	if (a->proto != b->proto)
		return "protocol";
	if (a->pid != b->pid)
		return "pid";
	if (!same_task(a, b))
		return "comm";
	if (a->ctx != b->ctx)
		return "context";
	if (first ? !is(frame_of(a->place), b->place_at) : !same_symbol(a->place, b->place))
		return "place";
	if (first && (n < 0 || strcmp(a->frames[0], a->place)))
		return "frame of the place";
	if (b->nested && n > b->nframes)
		n = b->nframes;
	if (ends_at_stack(b) && n > b->nframes)
		n = b->nframes;
	if (n > b->nframes || (!prefix && n != b->nframes - interrupts_user(a, b)))
		return "number of frames";
	for (i = 0; i < n; i++)
		if (!same_symbol(a->frames[first + i], b->frames[i]))
			return "frame";
	return NULL;
}

static void show(const char *whose, const struct ev *v)
{
	int i;

	fprintf(stderr, "  %-8s %s/%u ctx %u proto 0x%04x %s @ %s flags 0x%x\n", whose, v->comm,
		v->pid, v->ctx, v->proto, v->reason, v->place, v->flags);
	for (i = 0; i < v->nframes; i++)
		fprintf(stderr, "             %s\n", v->frames[i]);
}

/* task events that one of the two has on another CPU, or not at all */
static struct strays {
	struct {
		const struct ev *ev;
		int cpu;
	} at[4096];
	size_t n;
} our_strays, their_strays;

/* an event that the other has not */
static void only(const char *whose, int cpu, const struct ev *v)
{
	different++;
	if (shown++ >= 5 && !verbose)
		return;
	fprintf(stderr, "oracle: cpu %d: only in %s\n", cpu, whose);
	show("this:", v);
}

static void stray(struct strays *s, const char *whose, int cpu, const struct ev *v)
{
	if (!may_be_late(v) || s->n == sizeof(s->at) / sizeof(*s->at)) {
		only(whose, cpu, v);
		return;
	}
	s->at[s->n].ev = v;
	s->at[s->n++].cpu = cpu;
}

static void only_ours(int cpu, struct ev *v)
{
	v->matched = true;
	stray(&our_strays, "whydrop", cpu, v);
}

static void cut(struct list *l, int cpu, const char *whose)
{
	size_t i;

	l->from = l->n;
	for (i = 0; i < l->n; i++)
		if (l->ev[i].marker) {
			if (l->from == l->n)
				l->from = i;
			l->to = i + 1;
		}
	if (l->from == l->n || l->to == l->from + 1)
		die("cpu %d: no two markers in %s", cpu, whose);
}

static void plant(const char *what, struct list *l)
{
	struct ev *v = NULL, w;
	const char **f;
	size_t i;

	/* somewhere in the middle, in an event that has a stack to spoil */
	for (i = l->from + (l->to - l->from) / 2; i + 1 < l->to; i++) {
		v = &l->ev[i];
		if (v->nframes > 6 && !(ends_early && v->ctx != WHYDROP_CTX_TASK) && !(v->flags & (WHYDROP_STACK_CUT | WHYDROP_STACK_INTERRUPTED)))
			break;
	}
	if (!v)
		die("nothing to plant in");
	f = zalloc((v->nframes + 1) * sizeof(*f));
	memcpy(f, v->frames, v->nframes * sizeof(*f));
	if (!strcmp(what, "reason")) {
		v->reason = "PLANTED";
	} else if (!strcmp(what, "place")) {
		v->place = "planted+0x1/0x2";
	} else if (!strcmp(what, "protocol")) {
		v->proto ^= 1;
	} else if (!strcmp(what, "pid")) {
		v->pid ^= 1 << 20;
	} else if (!strcmp(what, "comm")) {
		v->comm = "planted";
	} else if (!strcmp(what, "context")) {
		v->ctx = v->ctx == WHYDROP_CTX_TASK ? WHYDROP_CTX_SOFTIRQ : WHYDROP_CTX_TASK;
	} else if (!strcmp(what, "missing")) {
		memmove(v, v + 1, (l->n - i - 1) * sizeof(*v));
		l->n--;
		l->to--;
	} else if (!strcmp(what, "extra")) {
		w = *v;
		w.pid ^= 1 << 20;
		add(l);
		memmove(&l->ev[i + 1], &l->ev[i], (l->n - i - 1) * sizeof(*v));
		l->ev[i] = w;
		l->to++;
	} else if (!strcmp(what, "frame")) {
		f[v->nframes - 2] = "planted+0x1/0x2";
		v->frames = f;
	} else if (!strcmp(what, "skip")) {	/* one frame too many cut off */
		v->frames = f + 1;
		v->nframes--;
	} else if (!strcmp(what, "short")) {	/* the outermost missing */
		v->nframes--;
	} else {
		die("cannot plant %s", what);
	}
}

/* What a softirq is run by; between that and the softirq are only frames of these. */
static bool is_softirq(const char *frame)
{
	return strstr(frame, "do_softirq") || !strncmp(frame, "handle_softirqs", 15) ||
	       !strncmp(frame, "call_on_irq_stack", 17) ||
	       !strncmp(frame, "call_on_stack", 13) || !strncmp(frame, "call_with_stack", 15) ||
	       !strncmp(frame, "asm_call_", 9);	/* until 5.11 */
}

static int softirq_end(const struct ev *v)
{
	int i = 0;

	while (i < v->nframes && !is_softirq(v->frames[i]))
		i++;
	while (i < v->nframes && is_softirq(v->frames[i]))
		i++;
	return i;
}

/* Names that only a task has in its trace, or an idle processor. */
static bool is_of_task(const char *frame)
{
	static const char *const known[] = {
		"do_idle+", "cpu_startup_entry+", "__sys_", "__se_sys_", "ksys_", "kthread+",
		"do_syscall", "system_call", "ret_from_", "do_trap_ecall_u+",
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strncmp(frame, known[i], strlen(known[i])))
			return true;
	return false;
}

static unsigned long own, own_cut, through, interrupted, behind;

/* @t: ftrace's, which goes on behind everything, or ends at the stack */
static void note_end(const struct ev *o, const struct ev *t)
{
	bool early = ends_at_stack(t);
	int i, end;

	if ((early && o->nframes > t->nframes) || t->place_at)
		t = o;
	end = softirq_end(t);
	if (o->ctx != WHYDROP_CTX_SOFTIRQ || end == t->nframes || o->flags & WHYDROP_STACK_CUT)
		return;
	if (!strncmp(t->frames[end], "__local_bh_enable_ip", 20)) {
		own++;
		if (o->flags & WHYDROP_STACK_INTERRUPTED || o->nframes <= end ||
		    (early && strncmp(o->frames[o->nframes - 1], "handle_exception+", 17) &&
		     strncmp(o->frames[o->nframes - 1], "ret_from_fork", 13))) {
			own_cut++;
			if (own_cut == 1)
				show("own cut:", o);
		}
	} else if (strstr(t->frames[end], "irq_exit")) {
		through++;
		interrupted += !!(o->flags & WHYDROP_STACK_INTERRUPTED);
		for (i = end; i < o->nframes; i++)
			if (is_of_task(o->frames[i])) {
				if (!behind++)
					show("behind:", o);
				break;
			}
	}
}

static unsigned long compared, frames, moved, nested, reordered, prefix, soft, in_task, suppressed,
	not_trimmed;
static const char *places[4096], *reasons[512];
static size_t nplaces, nreasons;

static void note(const char **list, size_t *n, size_t max, const char *s)
{
	size_t k;

	for (k = 0; k < *n; k++)
		if (!strcmp(list[k], s))
			return;
	if (*n < max)
		list[(*n)++] = s;
}

static void equal(const struct ev *o, const struct ev *t)
{
	compared++;
	frames += o->nframes;
	nested += t->nested && o->nframes > t->nframes + !!t->place_at;
	prefix += !!(o->flags & (WHYDROP_STACK_CUT | WHYDROP_STACK_INTERRUPTED));
	not_trimmed += !!(o->flags & WHYDROP_STACK_NOT_TRIMMED);
	suppressed += o->kind == WHYDROP_STACK_SUPPRESSED || o->kind == WHYDROP_STACK_OFF;
	soft += o->ctx == WHYDROP_CTX_SOFTIRQ;
	in_task += o->ctx == WHYDROP_CTX_TASK;
	other_name += strcmp(o->comm, t->comm) && strcmp(t->comm, "<idle>");
	note(places, &nplaces, 4096, o->place);
	note(reasons, &nreasons, 512, o->reason);
	note_end(o, t);
}

/* how many places the two may have it apart */
static size_t window(const struct ev *e)
{
	return may_be_late(e) ? WINDOW_TASK : WINDOW;
}

static void compare(int cpu, struct list *a, struct list *b)
{
	size_t i, j = a->from, k, end;

	for (i = b->from; i < b->to; i++) {
		const struct ev *t = &b->ev[i];

		while (j < a->to && a->ev[j].matched)
			j++;
		end = j + window(t) < a->to ? j + window(t) : a->to;
		for (k = j; k < end; k++)
			if (!a->ev[k].matched && !difference(&a->ev[k], t))
				break;
		if (k < end) {
			a->ev[k].matched = true;
			equal(&a->ev[k], t);
			reordered += k != j;
			if (k != j && ++a->ev[j].passed > WINDOW / 2)
				only_ours(cpu, &a->ev[j]);
			continue;
		}
		if (may_be_late(t)) {
			stray(&their_strays, "ftrace", cpu, t);
			continue;
		}
		different++;
		if (shown++ < 5 || verbose) {
			fprintf(stderr, "oracle: cpu %d, event %zu: %s\n", cpu, i - b->from,
				j < a->to ? difference(&a->ev[j], t) : "no counterpart");
			show("ftrace:", t);
			if (j < a->to)
				show("whydrop:", &a->ev[j]);
		}
		/*
		 * If ftrace's next is what stands here, then this one is missing
		 * in whydrop; else the two are a pair that differs.
		 */
		if (j < a->to && (i + 1 == b->to || difference(&a->ev[j], &b->ev[i + 1])))
			a->ev[j].matched = true;
	}
	for (k = a->from; k < a->to; k++)
		if (!a->ev[k].matched)
			only_ours(cpu, &a->ev[k]);
	if (!quiet)
		printf("cpu%d.whydrop=%zu\ncpu%d.ftrace=%zu\n", cpu, a->to - a->from, cpu,
		       b->to - b->from);
	if (!preempted && a->to - a->from != b->to - b->from)
		different++;
}

static void pair_strays(void)
{
	size_t i, k;

	for (i = 0; i < their_strays.n; i++) {
		const struct ev *t = their_strays.at[i].ev;

		for (k = 0; k < our_strays.n; k++)
			if (our_strays.at[k].ev && our_strays.at[k].cpu != their_strays.at[i].cpu &&
			    !difference(our_strays.at[k].ev, t))
				break;
		if (k == our_strays.n) {
			only("ftrace", their_strays.at[i].cpu, t);
			continue;
		}
		equal(our_strays.at[k].ev, t);
		our_strays.at[k].ev = NULL;
		moved++;
	}
	for (k = 0; k < our_strays.n; k++)
		if (our_strays.at[k].ev)
			only("whydrop", our_strays.at[k].cpu, our_strays.at[k].ev);
}

static void compare_all(int ncpu)
{
	size_t a = 0, b = 0;
	int cpu;

	for (cpu = 0; cpu < ncpu; cpu++) {
		compare(cpu, &ours[cpu], &theirs[cpu]);
		a += ours[cpu].to - ours[cpu].from;
		b += theirs[cpu].to - theirs[cpu].from;
	}
	pair_strays();
	if (preempted)
		different += a != b;
}

/* each in a process of its own, so that all start from the same */
static void plants(int ncpu)
{
	static const char *const kinds[] = {
		"reason", "place", "protocol", "pid", "comm", "context", "frame", "skip", "short",
		"missing", "extra",
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		pid_t pid;

		fflush(stdout);
		pid = fork();
		if (pid < 0)
			die("cannot fork");
		if (!pid) {
			if (!freopen("/dev/null", "w", stderr))
				_exit(2);
			quiet = true;
			plant(kinds[i], &ours[0]);
			compare_all(ncpu);
			printf("%s %lu\n", kinds[i], different);
			exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	bool planted = false;
	int opt, cpu, ncpu;

	while ((opt = getopt(argc, argv, "dekmnpsuv")) != -1)
		switch (opt) {
		case 'd':
			without_data = true;
			break;
		case 'e':
			ends_early = true;
			break;
		case 'k':
			at_caller = true;
			break;
		case 'm':
			preempted = true;
			break;
		case 'n':
			few_nested = true;
			break;
		case 'p':
			planted = true;
			break;
		case 's':
			by_stack = true;
			break;
		case 'u':
			without_user = true;
			break;
		case 'v':
			verbose = true;
			break;
		default:
			return 2;
		}
	ncpu = argc - optind - 1;
	if (ncpu < 1 || ncpu > CPUS)
		die("usage: oracle [-d] [-e] [-k] [-m] [-n] [-p] [-s] [-u] RECORDING TRACE...");
	if (at_caller)
		read_symbols();
	read_recording(argv[optind]);
	for (cpu = 0; cpu < ncpu; cpu++) {
		read_trace(argv[optind + 1 + cpu], &theirs[cpu]);
		if (by_stack)
			softirqs(&theirs[cpu]);
		cut(&ours[cpu], cpu, argv[optind]);
		cut(&theirs[cpu], cpu, argv[optind + 1 + cpu]);
	}
	if (planted) {
		plants(ncpu);
		return 0;
	}
	compare_all(ncpu);
	printf("compared=%lu\nframes=%lu\nsoftirq=%lu\ntask=%lu\nreasons=%zu\nplaces=%zu\n", compared,
	       frames, soft, in_task, nreasons, nplaces);
	printf("reordered=%lu\nprefix=%lu\nboundary=%lu\nother_name=%lu\nno_place=%lu\nnot_trimmed=%lu\n",
	       reordered, prefix, boundary, other_name, no_place, not_trimmed);
	printf("moved=%lu\nnested=%lu\nsuppressed=%lu\nlost=%lu\ndifferent=%lu\n", moved, nested, suppressed, lost, different);
	printf("own=%lu\nown_cut=%lu\nthrough=%lu\ninterrupted=%lu\nbehind=%lu\n", own, own_cut,
	       through, interrupted, behind);
	return different ? 1 : 0;
}
