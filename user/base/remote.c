// SPDX-License-Identifier: GPL-2.0-only
/* Runs a command on another host, by ssh or what is given in its place. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/remote.h"
#include "base/stop.h"
#include "base/util.h"

/* After SIGTERM. */
#define PATIENCE_MS 2000

bool remote_is_host(const char *word)
{
	return word && *word && *word != '-';
}

static void run(const struct remote *r, pid_t parent, int out, int err)
{
	sigset_t none;

	/* Wireshark may kill us. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	if (err >= 0)
		dup2(err, STDERR_FILENO);
	execl("/bin/sh", "sh", "-fc", "exec $0 \"$1\" \"$2\"", r->via, r->host, r->command, NULL);
	complain("cannot run /bin/sh: %s", strerror(errno));
	_exit(127);
}

bool remote_start(struct remote *r, bool own_err)
{
	int out[2] = { -1, -1 }, err[2] = { -1, -1 };
	pid_t parent = getpid();

	r->out = r->err = r->pid = -1;
	if (!pipe2(out, O_CLOEXEC) && (!own_err || !pipe2(err, O_CLOEXEC)))
		r->pid = fork();
	if (!r->pid)
		run(r, parent, out[1], err[1]);
	if (r->pid < 0)
		complain("%s: cannot start `%s': %s", r->host, r->via, strerror(errno));
	if (out[1] >= 0)
		close(out[1]);
	if (err[1] >= 0)
		close(err[1]);
	r->out = out[0];
	r->err = err[0];
	if (own_err && r->pid > 0) {
		ioctl(r->out, FIONBIO, &(int){ 1 });
		ioctl(r->err, FIONBIO, &(int){ 1 });
	}
	if (r->pid < 0)
		remote_close(r);
	return r->pid > 0;
}

void remote_close(struct remote *r)
{
	if (r->out >= 0)
		close(r->out);
	if (r->err >= 0)
		close(r->err);
	r->out = r->err = -1;
}

void remote_end(struct remote *r, bool ours, char *text, size_t room)
{
	int64_t until = now_ms() + PATIENCE_MS;
	int status = 0;

	*text = '\0';
	if (r->pid <= 0)
		return;
	if (ours)
		kill(r->pid, SIGTERM);
	while (waitpid(r->pid, &status, WNOHANG) == 0) {
		/* One that has closed its output may do as it likes, but not for ever. */
		if (now_ms() >= until)
			kill(r->pid, ours ? SIGKILL : SIGTERM);
		ours |= now_ms() >= until;
		poll(NULL, 0, 10);
	}
	r->pid = 0;
	if (ours || (WIFEXITED(status) && !WEXITSTATUS(status)))
		return;
	snprintf(text, room, "%s %d", WIFEXITED(status) ? "exit status" : "signal",
		 WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}
