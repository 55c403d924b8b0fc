// SPDX-License-Identifier: GPL-2.0-only
/* `whydrop losses': all that counts lost packets, from the wire to the socket. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/losses_show.h"
#include "losses/counters.h"
#include "losses/netns.h"
#include "losses/nl.h"
#include "losses/take.h"

/* Until @end, or a signal. */
static void wait_until(int64_t end)
{
	struct timespec ts;
	sigset_t old;
	int64_t left;

	block_stop_signals(&old);
	while (!stop_signal() && (left = end - now_ms()) > 0) {
		ts = (struct timespec){ left / 1000, left % 1000 * 1000000 };
		ppoll(NULL, 0, &ts, &old);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* True if rows say that others are included, which is told at the end. */
static bool show(struct options *opt, const struct losses *now, const struct saw *saw, double seconds,
		 unsigned int left)
{
	const struct loss_view v = { opt, now, saw, seconds, left, losses_netns() };
	bool others = false;

	if (opt->json)
		losses_show_json(&v);
	else
		others = losses_show_text(&v);
	out_flush(opt->out);
	return others;
}

/* What comes, each interval; of all --duration without one. */
static int follow(struct options *opt, struct losses *now, struct saw *saw, unsigned int left,
		  bool *others)
{
	int64_t end = opt->rq.duration_ms >= 0 ? now->taken_ms + opt->rq.duration_ms : INT64_MAX;
	int64_t ms = opt->interval_ms > 0 ? opt->interval_ms : opt->rq.duration_ms;
	int64_t next = now->taken_ms + ms;
	struct losses before;

	stop_on_signals();
	if (opt->rq.ready_fd >= 0 && write(opt->rq.ready_fd, "\n", 1) != 1) {
		complain("--ready-fd: cannot write to %d", opt->rq.ready_fd);
		return EXIT_FAILED;
	}
	do {
		wait_until(MIN(next, end));
		before = *now;
		left |= losses_take(now);
		losses_since(now, &before);
		saw_again(saw, &opt->rq);
		*others |= show(opt, now, saw, MAX(now->taken_ms - before.taken_ms, 1) / 1e3, left);
		losses_free(&before);
		while (next <= now_ms())
			next += MAX(ms, 1);
	} while (!stop_signal() && !opt->out->err && now_ms() < end);
	return 0;
}

/* What is not of this namespace alone, and what is missing. */
static void say(struct options *opt, const struct saw *saw, unsigned int left, bool since,
		bool others)
{
	if (!saw->loaded)
		note("the module is not loaded: shown is what whydrop would see, without counts");
	else if (!saw->readable)
		note("what the module counted cannot be read%s", geteuid() ? ": only root may" : "");
	else if (module_disabled(&opt->rq))
		note("the module is disabled, and counts nothing");
	else if (!since)
		note("losses are since boot, whydrop's counts since its load: --duration 10 compares");
	if (others)
		note("among others: whydrop counts by reason, for all namespaces and counters");
	if (left & BIT(LEFT_NETLINK)) {
		note("left out: qdiscs, queues, bridges, packet sockets, kinds of errors");
		if (nl_usable())
			hint("the kernel does not answer to netlink");
		else
			hint("built without libmnl: install it (Debian: libmnl-dev), build again");
	}
	if (left & BIT(LEFT_PACKET))
		note("left out: packet sockets, which this kernel does not tell about");
	if (left & BIT(LEFT_NEIGHBORS))
		note("left out: neighbors, which only the first network namespace tells all of");
	if (left & BIT(LEFT_OWNERS))
		note("left out: programs of some sockets, which only root may see");
}

static int enter(const struct patterns *netns)
{
	if (!netns->nr)
		return 0;
	if (netns->nr > 1 || netns->item[0].exclude) {
		complain("--netns: losses are of one network namespace at a time");
		return EXIT_USAGE;
	}
	return losses_enter(netns->item[0].val);
}

int cmd_losses(struct options *opt)
{
	bool since = opt->interval_ms > 0 || opt->rq.duration_ms >= 0, others = false;
	struct saw saw = { 0 };
	struct losses now;
	unsigned int left;
	int err;

	/* The module's files are where they are: ask first. */
	saw_take(&saw, &opt->rq);
	err = enter(&opt->rq.sel.netns);
	if (err) {
		saw_free(&saw);
		return err;
	}
	left = losses_take(&now);
	if (since)
		err = follow(opt, &now, &saw, left, &others);
	else
		others = show(opt, &now, &saw, 0, left);
	if (!opt->json)
		say(opt, &saw, left, since, others);
	losses_free(&now);
	saw_free(&saw);
	return err;
}
