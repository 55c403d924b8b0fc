// SPDX-License-Identifier: GPL-2.0-only
/* Decides when to end: signals, the end of a child, and the clock for deadlines. */
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "base/stop.h"

static volatile sig_atomic_t stop_asked, child_has_ended;

static void on_signal(int sig)
{
	stop_asked = sig;
}

static void on_child(int sig)
{
	(void)sig;
	child_has_ended = 1;
}

int stop_signal(void)
{
	return stop_asked;
}

bool child_ended(void)
{
	return child_has_ended;
}

void stop_with_child(void)
{
	struct sigaction sa = { .sa_handler = on_child, .sa_flags = SA_NOCLDSTOP };

	sigaction(SIGCHLD, &sa, NULL);
}

/* Signals are delivered only inside ppoll() and the like, so none is missed before it. */
void block_stop_signals(sigset_t *old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, old);
}

void wait_child(int known)
{
	sigset_t old;

	block_stop_signals(&old);
	while (!child_has_ended && stop_asked == known)
		sigsuspend(&old);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

void stop_on_signals(void)
{
	/* Without SA_RESTART; a second one ends the program at once. */
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

void stop_on_all_signals(sigset_t *old)
{
	static const int all[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	struct sigaction sa = { .sa_handler = on_signal }, was;
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		sigaddset(&set, all[i]);
		/* nohup has it ignored. */
		if (all[i] != SIGHUP || (!sigaction(SIGHUP, NULL, &was) && was.sa_handler != SIG_IGN))
			sigaction(all[i], &sa, NULL);
	}
	sigprocmask(SIG_BLOCK, &set, old);
}

int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}
