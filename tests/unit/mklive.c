// SPDX-License-Identifier: GPL-2.0-only
/*
 * mklive NR RATE AHEAD LOSE CUT COUNTS: the stream of a host that drops NR packets, RATE a
 * second, on two CPUs, on stdout, as they happen. Its clock is AHEAD seconds ahead of this
 * machine's. Of every LOSE events one is lost, which a record tells; 0: none. CUT: it is
 * killed in the middle of the last one. NR 0: no end. To the file COUNTS goes what it has
 * sent: events, lost. As a program in place of ssh it has more arguments: ignored.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "builder.h"

#define SECOND INT64_C(1000000000)
/* Since it was booted, which was another time for each of them. */
static int64_t booted;

static int64_t now(clockid_t which)
{
	struct timespec ts;

	clock_gettime(which, &ts);
	return ts.tv_sec * SECOND + ts.tv_nsec;
}

static void send_all(struct builder *b, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = write(STDOUT_FILENO, b->buf + done, len - done);
		if (n < 0 && errno != EINTR)
			exit(1);
		done += n > 0 ? n : 0;
	}
	b->len = 0;
}

static void wait_until(int64_t due)
{
	struct timespec ts = { .tv_sec = due / SECOND, .tv_nsec = due % SECOND };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void begin(struct builder *b, int64_t ahead)
{
	static const char *const place[] = { "nf_hook_slow+0xa8/0xd0", "nf_hook_slow+0xa8/0xd0", NULL };
	static const char *const other[] = { "udp_rcv+0x1/0x2", "udp_rcv+0x1/0x2", NULL };
	/* What one of them calls a reason, the next calls another one's. */
	unsigned int turn = getpid() & 1;
	int64_t mono, real;
	char node[32], load[64];

	snprintf(node, sizeof(node), "node=node%d", getpid());
	snprintf(load, sizeof(load), "load_id=00000000-0000-0000-0000-%012d", getpid());
	build_header(b);
	build_meta(b, "version=0.1.0", "kernel=6.1.0-test", node, load, NULL);
	/* At the same instant, but for a millisecond. */
	do {
		mono = now(CLOCK_MONOTONIC);
		real = now(CLOCK_REALTIME);
	} while (now(CLOCK_MONOTONIC) - mono > SECOND / 1000);
	build_clock(b, mono + booted, real + ahead * SECOND);
	build_setting(b, 1, "enabled=1");
	build_setting(b, 1, "reasons=");
	build_reason(b, 3 + turn, "core", "NETFILTER_DROP", "by a rule");
	build_reason(b, 4 - turn, "core", "NO_SOCKET", "nobody listens");
	build_stack(b, 1 + turn, 3 + turn, 0, place);
	build_stack(b, 2 - turn, 4 - turn, 0, other);
}

int main(int argc, char **argv)
{
	long nr, rate, ahead, lose, cut, i, sent = 0, lost = 0;
	int64_t start = now(CLOCK_MONOTONIC), due;
	struct whydrop_event ev = { .pid = 1, .comm = "mklive", .dev = "eth0", .ifindex = 2,
				    .pkt_len = 60, .l3_off = WHYDROP_NO_OFFSET };
	uint64_t seq[2] = { 0 };
	struct builder b;
	FILE *f;

	if (argc < 7)
		return 2;
	nr = atol(argv[1]);
	rate = atol(argv[2]);
	ahead = atol(argv[3]);
	lose = atol(argv[4]);
	cut = atol(argv[5]);
	booted = (getpid() % 1000) * 1000 * SECOND;
	build_init(&b, getpid() & 2);
	begin(&b, ahead);
	for (i = 0; !nr || i < nr; i++) {
		unsigned int cpu = i & 1, turn = getpid() & 1;

		due = start + i * SECOND / rate;
		/* As the module's, those of some milliseconds come together. */
		if (i % 64 == 0) {
			wait_until(due);
			send_all(&b, b.len);
		}
		ev.seq = seq[cpu]++;
		if (lose && i % lose == lose - 1) {
			build_lost(&b, cpu, WHYDROP_LOST_OVERWRITTEN, 1);
			lost++;
			continue;
		}
		ev.mono_ns = due + booted;
		ev.reason = i % 3 ? 3 + turn : 4 - turn;
		ev.stack_id = i % 3 ? 1 + turn : 2 - turn;
		build_event(&b, cpu, &ev, NULL);
		sent++;
	}
	wait_until(start + i * SECOND / rate);
	f = fopen(argv[6], "w");
	if (!f || fprintf(f, "%ld %ld\n", sent - (cut ? 1 : 0), lost) < 0 || fclose(f))
		return 1;
	send_all(&b, b.len - (cut ? 40 : 0));
	if (cut)
		raise(SIGKILL);
	return 0;
}
