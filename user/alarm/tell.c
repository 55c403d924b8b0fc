// SPDX-License-Identifier: GPL-2.0-only
/* Hands alarms on to a command and to syslog, in processes that may hang. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "alarm/tell.h"
#include "base/util.h"

void tell_reap(struct tell *t)
{
	int status;
	size_t i;

	for (i = 0; i < TELL_MAX; i++) {
		if (!t->pid[i] || !waitpid(t->pid[i], &status, WNOHANG))
			continue;
		t->pid[i] = 0;
		if (WIFSIGNALED(status) || WEXITSTATUS(status))
			note("--exec: the command failed, with %s %d",
			     WIFSIGNALED(status) ? "signal" : "status",
			     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	}
}

/* In the child. Output goes to stderr, since stdout has the alarms. */
static void run_command(const char *command, int in, const struct tell_word *words)
{
	signal(SIGPIPE, SIG_DFL);
	dup2(in, STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	for (; words->name; words++)
		setenv(words->name, words->value, 1);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Return whether this is the child. */
static bool start(struct tell *t)
{
	size_t i = 0;

	tell_reap(t);
	while (i < TELL_MAX && t->pid[i])
		i++;
	if (i == TELL_MAX) {
		note("--exec, --syslog: not told: %d of them hang", TELL_MAX);
		return false;
	}
	t->pid[i] = fork();
	if (t->pid[i] < 0) {
		complain("--exec, --syslog: %s", strerror(errno));
		t->pid[i] = 0;
		return false;
	}
	return !t->pid[i];
}

static void start_command(struct tell *t, const char *json, size_t len,
			  const struct tell_word *words)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC)) {
		complain("--exec: %s", strerror(errno));
		return;
	}
	/* Any pipe has room for so much: nobody waits for the command to read it. */
	if (write(fds[1], json, MIN(len, PIPE_BUF)) != (ssize_t)len)
		note("--exec: the command gets a part of the line only");
	if (start(t))
		run_command(t->command, fds[0], words);
	close(fds[0]);
	close(fds[1]);
}

void tell(struct tell *t, bool begins, const char *text, const char *json, size_t len,
	  const struct tell_word *words)
{
	if (t->command)
		start_command(t, json, len, words);
	/* This waits while nobody reads the log's socket. */
	if (t->syslog && start(t)) {
		openlog("whydrop", LOG_PID, LOG_DAEMON);
		syslog(begins ? LOG_WARNING : LOG_NOTICE, "%s", text);
		_exit(0);
	}
}
