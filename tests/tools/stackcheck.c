// SPDX-License-Identifier: GPL-2.0
/*
 * stackcheck - compare whydrop's places and stacks with ftrace's, by address
 *
 * usage: stackcheck [-d] [-e] [-m] [-p] RECORDING INSTANCE CPUS
 *
 * RECORDING is what reading <debugfs>/whydrop/raw gave. INSTANCE is a folder of
 * tracefs, with the event skb:kfree_skb and the option stacktrace, whose buffers are
 * read (and so emptied) here, as they are in memory. That is a hundred times faster
 * than what tracefs prints, and compares a million drops. What else an event tells
 * is left to oracle.
 *
 * Both are cut to what lies between the first and the last drop of a task named
 * wd-marker on each CPU. The names that whydrop gives become addresses again by
 * /proc/kallsyms.
 *
 * Where the return of the freeing function is hooked by a tracer, what
 * the event says of its place is the tracer's own address, and in no stack. The place
 * is then where ftrace's stack leaves the freeing function. whydrop may say that it is
 * hidden, which is counted. Where ftrace's stack has the tracer's address, too, nobody can
 * tell the place ("opaque"), and whydrop must say so. What differs and is marked as in doubt
 * is counted, too, and is no difference. -d, -e, -m: as in oracle. -p: plants differences before,
 * each on its own, and prints how many were found of each. Exit status: 0 equal, 1
 * differences, 2 cannot compare.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

#define CPUS		8
#define WINDOW		16
#define WINDOW_LATE	1024
#define PAGE		65536	/* the largest that a kernel has */

struct ev {
	uint32_t reason, pid;
	uint16_t proto, nr, flags;
	bool marker, matched, hooked, opaque;
	uint64_t place;			/* theirs */
	const uint64_t *at;
	const struct frame *our_place;	/* ours */
	const struct frame *const *frames;
};

static struct list {
	struct ev *ev;
	size_t n, room, from, to;
} ours[CPUS], theirs[CPUS];

static unsigned int ncpu;
static bool late, ends_early, without_data;
static unsigned long compared, hooked, opaque, hidden, doubted, wrong, missing, extra, moved, prefix, frames_compared;

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

struct stack {
	uint32_t id;
	uint16_t nr, flags;
	const struct frame *place;
	const struct frame **frames;
	struct stack *next;
};

static struct stack *stacks[4096];

static void take_stack(const struct whydrop_stack_rec *x)
{
	struct stack *s = zalloc(sizeof(*s)), **b = &stacks[x->id % 4096];
	const char *p = x->text;
	int i;

	s->id = x->id;
	s->nr = x->nr;
	s->flags = x->flags;
	s->frames = zalloc(x->nr * sizeof(*s->frames));
	s->place = frame_of(p);
	for (i = 0; i < x->nr; i++) {
		p += strlen(p) + 1;
		s->frames[i] = frame_of(p);
	}
	/* The latest one of this number is meant. */
	s->next = *b;
	*b = s;
}

static void take_event(const struct whydrop_event *e)
{
	struct ev *v = add(&ours[e->rec.cpu]);
	const struct stack *s = stacks[e->stack_id % 4096];

	while (s && s->id != e->stack_id)
		s = s->next;
	if (!s)
		die("stack %u was not told", e->stack_id);
	v->reason = e->reason;
	v->pid = e->pid;
	v->proto = ntohs(e->protocol);
	v->marker = !strncmp(e->comm, "wd-marker", WHYDROP_COMM_LEN);
	v->flags = s->flags;
	v->nr = s->nr;
	v->our_place = s->place;
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

		if (r->size < sizeof(*r) || r->size % 8 || r->size > len - at || r->cpu >= CPUS)
			die("%s: bad record at %zu", path, at);
		if (r->type == WHYDROP_REC_STACK)
			take_stack((const void *)r);
		else if (r->type == WHYDROP_REC_EVENT)
			take_event((const void *)r);
		else if (r->type == WHYDROP_REC_LOST)
			die("%s: events were lost", path);
		at += r->size;
	}
}

/* ---- ftrace's buffers ---- */

static struct field {
	const char *name;
	unsigned int at, size;
} kfree_skb[] = { { "location", 0, 0 }, { "protocol", 0, 0 }, { "reason", 0, 0 } },
  kernel_stack[] = { { "size", 0, 0 }, { "caller", 0, 0 } };

/* Where the fields of an event are. Return: its number. */
static unsigned int read_format(const char *dir, const char *event, struct field *f, size_t n)
{
	char path[512], *p, *line, *name;
	unsigned int id;
	size_t i;

	snprintf(path, sizeof(path), "%s/events/%s/format", dir, event);
	p = slurp(path, NULL);
	line = strstr(p, "\nID: ");
	if (!line || sscanf(line, " ID: %u", &id) != 1)
		die("%s: no ID", path);
	for (i = 0; i < n; i++)
		for (line = strstr(p, "field:"); line; line = strstr(line + 1, "field:")) {
			char *semicolon = strchr(line, ';');

			for (name = semicolon; name > line && name[-1] != ' ' && name[-1] != '*'; name--)
				;
			if (strncmp(name, f[i].name, strlen(f[i].name)) ||
			    !strchr(";[", name[strlen(f[i].name)]))
				continue;
			sscanf(semicolon, "; offset:%u; size:%u;", &f[i].at, &f[i].size);
			break;
		}
	return id;
}

static uint64_t value(const char *data, const struct field *f)
{
	uint16_t half;
	uint32_t single;
	uint64_t v = 0;

	switch (f->size) {
	case 2:
		memcpy(&half, data + f->at, sizeof(half));
		return half;
	case 4:
		memcpy(&single, data + f->at, sizeof(single));
		return single;
	case 8:
		memcpy(&v, data + f->at, sizeof(v));
		return v;
	default:
		die("a field of %u bytes", f->size);
	}
}

/* The kernel's long, which is this program's as well. */
static const size_t word = sizeof(long);

static uint64_t word_at(const char *p)
{
	unsigned long v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static bool frees(uint64_t at)
{
	static const char *const names[] = {
		"sk_skb_reason_drop", "__sk_skb_reason_drop", "kfree_skb_reason",
		"__kfree_skb_reason", "kfree_skb",
	};
	const char *name = symbol_of(at - 1);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* Where a function returns to that a tracer hooks. */
static bool is_tracers(uint64_t at)
{
	static const char *const names[] = {
		"return_to_handler", "arch_rethook_trampoline", "__kretprobe_trampoline",
		"kretprobe_trampoline",
	};
	const char *name = symbol_of(at);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

#define POWER_MODULES	0xc008000000000000

/* On POWER: in no text of the kernel's image, nor where modules are. */
static bool is_data(uint64_t at)
{
	static size_t last;

	/* those of modules are behind */
	while (last + 1 < nsymbols && symbols[last + 1].at < POWER_MODULES)
		last++;
	return at < symbols[0].at || (at > symbols[last].at && at < POWER_MODULES);
}

/* The trace of a drop: let it begin at its place. */
static void take_trace(struct ev *v, const char *data)
{
	unsigned int i, at, nr = 0, size = value(data, &kernel_stack[0]);
	uint64_t *frames = zalloc(size * sizeof(*frames));

	for (i = 0; i < size; i++) {
		frames[nr] = word_at(data + kernel_stack[1].at + i * word);
		nr += !without_data || !is_data(frames[nr]);
	}
	for (at = 0; at < nr && frames[at] != v->place; at++)
		;
	v->opaque = is_tracers(v->place);
	if (at == nr) {
		for (at = 0; at < nr && !frees(frames[at]); at++)
			;
		if (++at >= nr)
			return;
		/* The event has the place, or nobody, if the trace has the tracer's. */
		if (is_tracers(frames[at]))
			return;
		v->place = frames[at];
		v->hooked = true;
		v->opaque = false;
	}
	v->nr = nr - at;
	/* What ends the trace on older kernels. */
	for (i = at; i < nr; i++)
		if (word == 8 && frames[i] == UINT64_MAX)
			v->nr = i - at;
	v->at = frames + at;
}

#define PENDING	16

static unsigned int id_kfree_skb, id_kernel_stack;

static void take_data(struct list *l, const char *data, size_t *pending, unsigned int *n)
{
	uint16_t type;
	int32_t pid;
	struct ev *v;

	memcpy(&type, data, 2);
	if (type == id_kfree_skb) {
		if (*n == PENDING)
			die("events without stack");
		pending[(*n)++] = l->n;
		v = add(l);
		memcpy(&pid, data + 4, 4);
		v->pid = pid;
		v->place = value(data, &kfree_skb[0]);
		v->proto = value(data, &kfree_skb[1]);
		v->reason = kfree_skb[2].size ? value(data, &kfree_skb[2]) : WHYDROP_NO_REASON;
	} else if (type == id_kernel_stack) {
		/* of the latest without one: an interrupt may be between */
		if (!*n)
			die("a stack without event");
		take_trace(&l->ev[pending[--*n]], data);
	}
}

static void take_page(struct list *l, const char *page, size_t *pending, unsigned int *n)
{
	uint64_t commit = word_at(page + 8);
	size_t at = 8 + word, end = at + (commit & 0xfffff);
	uint32_t head, len, type;

	if (commit & (1u << 31))
		die("ftrace lost events");
	while (at + 4 <= end) {
		memcpy(&head, page + at, 4);
		/* a bit field of 5 bits, then one of 27 */
		type = htons(1) == 1 ? head >> 27 : head & 31;
		switch (type) {
		case 29:	/* padding */
			if (!(htons(1) == 1 ? head << 5 : head >> 5))
				return;
			memcpy(&len, page + at + 4, 4);
			at += 4 + len;
			break;
		case 30:	/* time */
		case 31:
			at += 8;
			break;
		case 0:
			memcpy(&len, page + at + 4, 4);
			take_data(l, page + at + 8, pending, n);
			at += 4 + len;
			break;
		default:
			take_data(l, page + at + 4, pending, n);
			at += 4 + type * 4;
		}
	}
}

static void read_buffers(const char *dir, unsigned int cpu)
{
	static char page[PAGE] __attribute__((aligned(8)));
	size_t pending[PENDING];
	unsigned int n = 0;
	char path[512];
	ssize_t r;
	int fd;

	snprintf(path, sizeof(path), "%s/per_cpu/cpu%u/trace_pipe_raw", dir, cpu);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	while ((r = read(fd, page, 4096)) > 0)
		take_page(&theirs[cpu], page, pending, &n);
	if (r < 0 && errno != EAGAIN)
		die("%s: %s", path, strerror(errno));
	close(fd);
	if (n)
		die("%u events without stack on CPU %u", n, cpu);
}

/* ---- comparison ---- */

static bool same_kind(const struct ev *o, const struct ev *t)
{
	return o->reason == t->reason && o->pid == t->pid && o->proto == t->proto;
}

static bool ends_at_stack(const struct ev *v)
{
	return ends_early && v->nr && !strcmp(symbol_of(v->at[v->nr - 1] - 1), "call_on_irq_stack");
}

/* Return: what is different, or NULL. */
static const char *difference(const struct ev *o, const struct ev *t)
{
	int i, n = o->nr;

	if (!same_kind(o, t))
		return "another drop";
	for (i = 0; i < n; i++)
		if (strstr(o->frames[i]->text, " [whydrop]"))
			return "a frame of whydrop itself";
	if (o->flags & WHYDROP_STACK_HIDDEN)
		return NULL;
	if (t->opaque)
		return "place, which is a tracer's";
	if (!is(o->our_place, t->place))
		return "place";
	if (!t->nr || o->flags & WHYDROP_STACK_PLACE_ONLY)
		return NULL;
	if (ends_at_stack(t) && n > t->nr)
		n = t->nr;
	if (n > t->nr ||
	    (n != t->nr && !(o->flags & (WHYDROP_STACK_CUT | WHYDROP_STACK_INTERRUPTED))))
		return "number of frames";
	for (i = 0; i < n; i++)
		if (!is(o->frames[i], t->at[i]))
			return "frame";
	return NULL;
}

static void equal(struct ev *o, const struct ev *t)
{
	o->matched = true;
	compared++;
	hooked += t->hooked;
	opaque += t->opaque;
	hidden += o->flags & WHYDROP_STACK_HIDDEN && !t->opaque;
	prefix += o->nr != t->nr;
	frames_compared += o->nr;
}

static void show(const char *what, const struct ev *o, const struct ev *t)
{
	static unsigned int shown;
	int i;

	if (shown++ >= 5)
		return;
	fprintf(stderr, "stackcheck: %s\n", what);
	if (t) {
		fprintf(stderr, "  ftrace: reason %u pid %u proto 0x%04x place %llx in %s%s\n", t->reason,
			t->pid, t->proto, (unsigned long long)t->place, symbol_of(t->place - 1),
			t->hooked ? " (hooked)" : "");
		for (i = 0; i < t->nr; i++)
			fprintf(stderr, "    %llx %s\n", (unsigned long long)t->at[i], symbol_of(t->at[i] - 1));
	}
	if (o) {
		fprintf(stderr, "  whydrop: reason %u pid %u proto 0x%04x flags 0x%x place %s\n", o->reason,
			o->pid, o->proto, o->flags, o->our_place->text);
		for (i = 0; i < o->nr; i++)
			fprintf(stderr, "    %s\n", o->frames[i]->text);
	}
}

/* Theirs that is in @a, from @*first on: matched, if one is the same. */
static bool find(struct list *a, size_t *first, const struct ev *t, size_t window)
{
	size_t k, end;

	while (*first < a->to && a->ev[*first].matched)
		++*first;
	end = *first + window < a->to ? *first + window : a->to;
	for (k = *first; k < end; k++)
		if (!a->ev[k].matched && !difference(&a->ev[k], t)) {
			equal(&a->ev[k], t);
			/* One that has no counterpart must not hold up the window. */
			if (k - *first > window / 2)
				++*first;
			return true;
		}
	return false;
}

static void compare(void)
{
	size_t first[CPUS], i, k, end;
	unsigned int cpu, other;

	for (cpu = 0; cpu < ncpu; cpu++)
		first[cpu] = ours[cpu].from;
	for (cpu = 0; cpu < ncpu; cpu++)
		for (i = theirs[cpu].from; i < theirs[cpu].to; i++) {
			struct ev *t = &theirs[cpu].ev[i];

			t->matched = find(&ours[cpu], &first[cpu], t, late ? WINDOW_LATE : WINDOW);
		}
	/*
	 * What was preempted between the two probes may stand further off, or be on another
	 * CPU; then what differs.
	 */
	for (cpu = 0; cpu < ncpu; cpu++)
		for (i = theirs[cpu].from; i < theirs[cpu].to; i++) {
			struct ev *t = &theirs[cpu].ev[i], *o = NULL;

			for (other = 0; late && other < ncpu && !t->matched; other++) {
				size_t from = ours[other].from;

				t->matched = find(&ours[other], &from, t, SIZE_MAX / 2);
				moved += t->matched;
			}
			if (t->matched)
				continue;
			k = first[cpu] = ours[cpu].from;
			for (end = ours[cpu].to; k < end && !o; k++)
				if (!ours[cpu].ev[k].matched && same_kind(&ours[cpu].ev[k], t))
					o = &ours[cpu].ev[k];
			if (o) {
				o->matched = true;
				if (o->flags & WHYDROP_STACK_DOUBTED) {
					doubted++;
					continue;
				}
				wrong++;
				show(difference(o, t), o, t);
			} else {
				missing++;
				show("missing in whydrop", NULL, t);
			}
		}
	for (cpu = 0; cpu < ncpu; cpu++)
		for (k = ours[cpu].from; k < ours[cpu].to; k++)
			if (!ours[cpu].ev[k].matched) {
				extra++;
				show("not in ftrace", &ours[cpu].ev[k], NULL);
			}
}

/* Between the markers, and with them: whydrop knows their names, ftrace their numbers. */
static void cut(struct list *l, const char *whose, unsigned int cpu)
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
		die("no two markers on CPU %u in %s", cpu, whose);
}

static void mark_theirs(void)
{
	unsigned int cpu, other;
	size_t i, k;

	for (cpu = 0; cpu < ncpu; cpu++)
		for (i = 0; i < ours[cpu].n; i++)
			for (other = 0; ours[cpu].ev[i].marker && other < ncpu; other++)
				for (k = 0; k < theirs[other].n; k++)
					theirs[other].ev[k].marker |=
						theirs[other].ev[k].pid == ours[cpu].ev[i].pid;
}

/* In the middle, where there is a stack to spoil. */
static void plant(const char *what)
{
	struct list *l = &ours[0];
	static const struct frame planted = { .text = "planted" };
	const struct frame **frames;
	struct ev *v, copy;
	size_t i, last;

	for (i = l->from + (l->to - l->from) / 2; i + 1 < l->to; i++)
		if (l->ev[i].nr > 4 && !l->ev[i].flags)
			break;
	v = &l->ev[i];
	frames = zalloc(v->nr * sizeof(*frames));
	memcpy(frames, v->frames, v->nr * sizeof(*frames));
	v->frames = frames;
	/* ftrace's may have no more */
	last = ends_early ? 4 : v->nr - 1;
	if (!strcmp(what, "place"))
		v->our_place = &planted;
	else if (!strcmp(what, "frame"))
		frames[last - 1] = &planted;
	else if (!strcmp(what, "short"))
		v->nr = last;
	else if (!strcmp(what, "missing"))
		v->matched = true;
	if (strcmp(what, "extra"))
		return;
	/* In the place of the first one behind the marker. add() may move what v points to. */
	copy = *v;
	if (l->to == l->n)
		add(l);
	l->ev[l->to++] = copy;
}

/* each in a process of its own, so that all start from the same */
static void plants(void)
{
	static const char *const kinds[] = { "place", "frame", "short", "missing", "extra" };
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
			plant(kinds[i]);
			compare();
			printf("planted_%s=%lu\n", kinds[i], wrong + missing + extra);
			exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	bool planted = false;
	unsigned int cpu;
	int opt;

	while ((opt = getopt(argc, argv, "demp")) != -1)
		switch (opt) {
		case 'd':
			without_data = true;
			break;
		case 'e':
			ends_early = true;
			break;
		case 'm':
			late = true;
			break;
		case 'p':
			planted = true;
			break;
		default:
			return 2;
		}
	ncpu = argc - optind == 3 ? strtoul(argv[optind + 2], NULL, 10) : 0;
	if (!ncpu || ncpu > CPUS)
		die("usage: stackcheck [-d] [-e] [-m] [-p] RECORDING INSTANCE CPUS");
	id_kfree_skb = read_format(argv[optind + 1], "skb/kfree_skb", kfree_skb, 3);
	id_kernel_stack = read_format("/sys/kernel/tracing", "ftrace/kernel_stack", kernel_stack, 2);
	read_symbols();
	read_recording(argv[optind]);
	for (cpu = 0; cpu < ncpu; cpu++)
		read_buffers(argv[optind + 1], cpu);
	mark_theirs();
	for (cpu = 0; cpu < ncpu; cpu++) {
		cut(&ours[cpu], "whydrop", cpu);
		cut(&theirs[cpu], "ftrace", cpu);
	}
	if (planted)
		plants();
	compare();
	printf("compared=%lu\nhooked=%lu\nopaque=%lu\nhidden=%lu\ndoubted=%lu\nwrong=%lu\nmissing=%lu\nextra=%lu\n",
	       compared, hooked, opaque, hidden, doubted, wrong, missing, extra);
	printf("moved=%lu\nprefix=%lu\nframes=%lu\n", moved, prefix, frames_compared);
	return wrong || missing || extra;
}
