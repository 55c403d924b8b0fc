// SPDX-License-Identifier: GPL-2.0-only
/* Runs the command of --cmd beside the reader. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/stop.h"
#include "base/util.h"

pid_t child_start(const char *command, bool keep_stdout)
{
	pid_t pid;

	stop_on_signals();
	stop_with_child();
	pid = fork();
	if (pid < 0) {
		complain("cannot start `%s': %s", command, strerror(errno));
	} else if (!pid) {
		signal(SIGPIPE, SIG_DFL);
		if (keep_stdout)
			dup2(STDERR_FILENO, STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		complain("cannot run /bin/sh: %s", strerror(errno));
		_exit(127);
	}
	return pid;
}

int child_wait(pid_t pid)
{
	int sig = 0, status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (sig != stop_signal()) {
			sig = stop_signal();
			/* The terminal sends the other one to all. */
			if (sig == SIGTERM)
				kill(pid, sig);
		}
		wait_child(sig);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
