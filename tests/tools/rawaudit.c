// SPDX-License-Identifier: GPL-2.0
/*
 * rawaudit - read whydrop's binary stream and check that it adds up
 *
 * usage: rawaudit [-b BYTES] [-d MICROSECONDS] [-t SECONDS] [-s] [-u] [-o FILE] FILE
 *
 * Reads FILE (<debugfs>/whydrop/raw, or a recording) to its end: of a
 * recording its last byte; of raw, where a read would block after SIGTERM was
 * received (without -t) or after nothing came for SECONDS (-t). -b and -d make
 * it slow: BYTES a read, then MICROSECONDS of sleep. -s starts at the end
 * (lseek SEEK_END). -o keeps the stream. -u: reasons of subsystems come and go,
 * and their names may be gone when they are read.
 *
 * Checks each record's frame, that nothing is used before the stream told it,
 * that each CPU's events come in order with gaps told exactly, and prints
 * KEY=VALUE lines; errors= is how many things were wrong, each told on
 * stderr (the first twenty). Shares no code with the reader in user/.
 * Exit status: 0 no errors, 1 errors, 2 cannot run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../module/uapi/whydrop.h"

#define CPUS 64
#define CAUSES 8

static struct percpu {
	uint64_t events, lost[CAUSES], first, next, gap, last_ns[3];
	bool any;
} cpus[CPUS];

static uint64_t errors, bytes, records, reads, unknown, by_kind[4], by_ctx[3], stacks, reasons,
	settings;
static uint32_t abi_minor;
static bool come_and_go;
static volatile sig_atomic_t stop;

/* ids that the stream has told of: an open hash */
struct set {
	uint32_t *key;
	size_t size, used;
} known_stacks, known_reasons;

static void bad(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void bad(const char *fmt, ...)
{
	va_list ap;

	if (errors++ >= 20)
		return;
	fputs("rawaudit: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void set_grow(struct set *s);

/* true if it was there; key + 1 is stored, so that 0 says empty */
static bool set_add(struct set *s, uint32_t key, bool insert)
{
	size_t i;

	if (s->used * 2 >= s->size)
		set_grow(s);
	for (i = key * 2654435761u % s->size; s->key[i]; i = (i + 1) % s->size)
		if (s->key[i] == key + 1)
			return true;
	if (insert) {
		s->key[i] = key + 1;
		s->used++;
	}
	return false;
}

static void set_grow(struct set *s)
{
	struct set old = *s;
	size_t i;

	s->size = old.size ? old.size * 2 : 1024;
	s->key = calloc(s->size, sizeof(*s->key));
	s->used = 0;
	if (!s->key) {
		perror("rawaudit");
		exit(2);
	}
	for (i = 0; i < old.size; i++)
		if (old.key[i])
			set_add(s, old.key[i] - 1, true);
	free(old.key);
}

/* n strings end within text */
static bool strings_fit(const char *text, size_t len, int n)
{
	const char *end = text + len, *p;

	while (n--) {
		p = memchr(text, 0, end - text);
		if (!p)
			return false;
		text = p + 1;
	}
	return true;
}

static bool zeros(const void *p, size_t n)
{
	const uint8_t *b = p;

	while (n--)
		if (*b++)
			return false;
	return true;
}

static uint32_t transient_id;

static void event(const struct whydrop_rec *r)
{
	const struct whydrop_event *e = (const void *)r;
	struct percpu *c = &cpus[r->cpu];
	size_t room;

	if (r->size < sizeof(*e)) {
		bad("event of %u bytes", r->size);
		return;
	}
	room = r->size - sizeof(*e);
	if (e->caplen > room || e->caplen > WHYDROP_SNAPLEN_MAX || room - e->caplen > 7)
		bad("cpu %u seq %llu: caplen %u in a record of %u", r->cpu,
		    (unsigned long long)e->seq, e->caplen, r->size);
	else if (!zeros(e->data + e->caplen, room - e->caplen) || e->pad)
		bad("cpu %u seq %llu: padding is not zero", r->cpu, (unsigned long long)e->seq);
	if (e->caplen > e->pkt_len)
		bad("cpu %u seq %llu: caplen %u of a packet of %u", r->cpu,
		    (unsigned long long)e->seq, e->caplen, e->pkt_len);
	if (e->l3_off != WHYDROP_NO_OFFSET && e->l3_off > e->pkt_len)
		bad("cpu %u seq %llu: l3_off %u", r->cpu, (unsigned long long)e->seq, e->l3_off);
	if (e->stack_kind > 3 || e->ctx > 2) {
		bad("cpu %u seq %llu: kind %u ctx %u", r->cpu, (unsigned long long)e->seq,
		    e->stack_kind, e->ctx);
	} else {
		by_kind[e->stack_kind]++;
		by_ctx[e->ctx]++;
	}
	if (e->reason >> 16 && come_and_go)
		;
	else if (e->reason != WHYDROP_NO_REASON && !set_add(&known_reasons, e->reason, false))
		bad("cpu %u seq %llu: reason %u not told before", r->cpu,
		    (unsigned long long)e->seq, e->reason);
	if (e->stack_id != transient_id && !set_add(&known_stacks, e->stack_id, false))
		bad("cpu %u seq %llu: stack %u not told before", r->cpu,
		    (unsigned long long)e->seq, e->stack_id);
	transient_id = 0;
	if (!c->any) {
		c->any = true;
		c->first = e->seq;
	} else if (e->seq != c->next + c->gap) {
		bad("cpu %u: seq %llu after %llu, told lost %llu", r->cpu,
		    (unsigned long long)e->seq, (unsigned long long)(c->next - 1),
		    (unsigned long long)c->gap);
	}
	/* What interrupted it was recorded before, though dropped after it. */
	if (e->ctx <= WHYDROP_CTX_HARDIRQ) {
		uint64_t last = c->last_ns[e->ctx];

		if (e->mono_ns < last)
			bad("cpu %u seq %llu: time goes back by %llu ns", r->cpu,
			    (unsigned long long)e->seq, (unsigned long long)(last - e->mono_ns));
		for (int i = e->ctx; i <= WHYDROP_CTX_HARDIRQ; i++)
			if (c->last_ns[i] < e->mono_ns)
				c->last_ns[i] = e->mono_ns;
	}
	c->gap = 0;
	c->next = e->seq + 1;
	c->events++;
}

static void record(const struct whydrop_rec *r)
{
	records++;
	if (r->cpu >= CPUS) {
		bad("cpu %u", r->cpu);
		return;
	}
	switch (r->type) {
	case WHYDROP_REC_META:
	case WHYDROP_REC_CLOCK:
		break;
	case WHYDROP_REC_REASON: {
		const struct whydrop_reason_rec *x = (const void *)r;

		if (r->size < sizeof(*x) || !strings_fit(x->text, r->size - sizeof(*x), 3))
			bad("reason record of %u bytes", r->size);
		else if (set_add(&known_reasons, x->reason, true))
			bad("reason %u told twice", x->reason);
		reasons++;
		break;
	}
	case WHYDROP_REC_STACK: {
		const struct whydrop_stack_rec *x = (const void *)r;

		if (r->size < sizeof(*x) || x->text_len > r->size - sizeof(*x) ||
		    !strings_fit(x->text, x->text_len, 1 + x->nr) || x->nr > WHYDROP_FRAMES_MAX)
			bad("stack record of %u bytes", r->size);
		else if (!x->id)
			bad("stack 0");
		else if (x->flags & WHYDROP_STACK_TRANSIENT)
			transient_id = x->id;
		else if (set_add(&known_stacks, x->id, true))
			bad("stack %u told twice", x->id);
		stacks++;
		break;
	}
	case WHYDROP_REC_EVENT:
		event(r);
		break;
	case WHYDROP_REC_LOST: {
		const struct whydrop_lost *x = (const void *)r;

		if (r->size < sizeof(*x) || !x->cause || x->cause >= CAUSES || !x->count) {
			bad("lost record of %u bytes", r->size);
			break;
		}
		cpus[r->cpu].lost[x->cause] += x->count;
		if (x->cause == WHYDROP_LOST_OVERWRITTEN || x->cause == WHYDROP_LOST_HISTORY)
			cpus[r->cpu].gap += x->count;
		break;
	}
	case WHYDROP_REC_SETTING: {
		const struct whydrop_setting *x = (const void *)r;

		if (r->size < sizeof(*x) || !strings_fit(x->text, r->size - sizeof(*x), 1) ||
		    !strchr(x->text, '='))
			bad("setting of %u bytes", r->size);
		settings++;
		break;
	}
	case WHYDROP_REC_NAME: {
		const struct whydrop_name *x = (const void *)r;

		/* The module writes none; a program that records does. */
		if (r->size < sizeof(*x) || !x->id || x->kind < WHYDROP_NAME_NETNS ||
		    x->kind > WHYDROP_NAME_SOCKET)
			bad("name of %u bytes", r->size);
		break;
	}
	default:
		unknown++;
	}
}

static uint8_t *buf;
static size_t have, room;
static bool headed;

/* takes whole records from the front of buf */
static bool consume(void)
{
	size_t at = 0;

	if (!headed) {
		const struct whydrop_file_header *h = (const void *)buf;

		if (have < sizeof(*h) || have < h->header_size)
			return true;
		if (memcmp(h->magic, WHYDROP_MAGIC, WHYDROP_MAGIC_LEN) ||
		    h->byte_order != WHYDROP_BYTE_ORDER || h->abi_major != WHYDROP_ABI_MAJOR ||
		    h->header_size < sizeof(*h) || h->header_size > 4096) {
			bad("header");
			return false;
		}
		abi_minor = h->abi_minor;
		at = h->header_size;
		headed = true;
	}
	while (have - at >= sizeof(struct whydrop_rec)) {
		const struct whydrop_rec *r = (const void *)(buf + at);

		if (r->size < sizeof(*r) || r->size % 8 || r->size > 1 << 20) {
			bad("record of %u bytes at %llu", r->size,
			    (unsigned long long)(bytes - have + at));
			return false;
		}
		if (have - at < r->size)
			break;
		record(r);
		at += r->size;
	}
	memmove(buf, buf + at, have - at);
	have -= at;
	return true;
}

static void on_term(int sig)
{
	(void)sig;
	stop = 1;
}

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static void print(const char *name)
{
	static const char *const cause[] = { "?", "overwritten", "history", "nmi", "nobuf" };
	uint64_t events = 0, lost = 0;
	int i, k;

	for (i = 0; i < CPUS; i++) {
		const struct percpu *c = &cpus[i];

		if (!c->any && zeros(c->lost, sizeof(c->lost)))
			continue;
		events += c->events;
		lost += c->lost[WHYDROP_LOST_OVERWRITTEN] + c->lost[WHYDROP_LOST_HISTORY];
		printf("cpu%d.events=%llu\n", i, (unsigned long long)c->events);
		for (k = 1; k < 5; k++)
			printf("cpu%d.%s=%llu\n", i, cause[k], (unsigned long long)c->lost[k]);
		printf("cpu%d.total=%llu\n", i,
		       (unsigned long long)(c->events + c->lost[WHYDROP_LOST_OVERWRITTEN] +
					    c->lost[WHYDROP_LOST_HISTORY]));
		printf("cpu%d.first=%llu\ncpu%d.next=%llu\n", i, (unsigned long long)c->first, i,
		       (unsigned long long)(c->next + c->gap));
	}
	printf("name=%s\nabi_minor=%u\nbytes=%llu\nreads=%llu\nrecords=%llu\nevents=%llu\nlost=%llu\n",
	       name, abi_minor, (unsigned long long)bytes, (unsigned long long)reads,
	       (unsigned long long)records, (unsigned long long)events, (unsigned long long)lost);
	printf("by_id=%llu\ninline=%llu\nsuppressed=%llu\noff=%llu\nstacks=%llu\nreasons=%llu\n",
	       (unsigned long long)by_kind[0], (unsigned long long)by_kind[1],
	       (unsigned long long)by_kind[2], (unsigned long long)by_kind[3],
	       (unsigned long long)stacks, (unsigned long long)reasons);
	printf("task=%llu\nsoftirq=%llu\nhardirq=%llu\n",
	       (unsigned long long)by_ctx[WHYDROP_CTX_TASK],
	       (unsigned long long)by_ctx[WHYDROP_CTX_SOFTIRQ],
	       (unsigned long long)by_ctx[WHYDROP_CTX_HARDIRQ]);
	printf("settings=%llu\n", (unsigned long long)settings);
	printf("unknown=%llu\nerrors=%llu\n", (unsigned long long)unknown,
	       (unsigned long long)errors);
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_term };
	size_t chunk = 65536;
	const char *keep = NULL;
	bool at_end = false;
	long delay = 0, idle = 0;
	uint64_t last;
	int opt, fd, out = -1;

	while ((opt = getopt(argc, argv, "b:d:t:so:u")) != -1)
		switch (opt) {
		case 'b':
			chunk = atol(optarg);
			break;
		case 'd':
			delay = atol(optarg);
			break;
		case 't':
			idle = atol(optarg);
			break;
		case 's':
			at_end = true;
			break;
		case 'o':
			keep = optarg;
			break;
		case 'u':
			come_and_go = true;
			break;
		default:
			return 2;
		}
	if (optind + 1 != argc)
		return 2;
	sigaction(SIGTERM, &sa, NULL);
	fd = open(argv[optind], O_RDONLY | O_NONBLOCK);
	if (fd < 0) {
		perror(argv[optind]);
		return 2;
	}
	if (at_end && lseek(fd, 0, SEEK_END) < 0) {
		perror("lseek");
		return 2;
	}
	if (keep) {
		out = open(keep, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		if (out < 0) {
			perror(keep);
			return 2;
		}
	}
	last = now_ms();
	for (;;) {
		bool stopping = stop;
		ssize_t n;

		if (room - have < chunk) {
			room = have + 2 * chunk;
			buf = realloc(buf, room);
			if (!buf)
				return 2;
		}
		n = read(fd, buf + have, chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { .fd = fd, .events = POLLIN };

			/* stopping: set before this read, which found nothing more */
			if (stopping || (idle && now_ms() - last > (uint64_t)idle * 1000))
				break;
			poll(&p, 1, 100);
			continue;
		}
		if (n < 0) {
			bad("read: %s", strerror(errno));
			break;
		}
		if (!n)
			break;
		last = now_ms();
		reads++;
		bytes += n;
		if (out >= 0 && write(out, buf + have, n) != n) {
			perror(keep);
			return 2;
		}
		have += n;
		if (!consume())
			break;
		if (delay && !stop)
			usleep(delay);
	}
	if (have)
		bad("%zu bytes behind the last whole record", have);
	print(argv[optind]);
	return errors ? 1 : 0;
}
