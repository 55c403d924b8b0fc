// SPDX-License-Identifier: GPL-2.0-only
/* Reads the bytes of a stream, and tells why it cannot. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "stream/decode.h"
#include "stream/source.h"
#include "base/stop.h"
#include "base/util.h"

#ifndef READ_ROOM	/* a fuzzer's is small */
#define READ_ROOM (256u << 10)
#endif
#define READ_LEAST (READ_ROOM / 4) /* the module's records all fit in that */

static bool debugfs_mounted(void)
{
	char *text = read_text("/proc", "mounts", NULL), *pos = text, *line;
	bool found = false;

	while (!found && (line = next_line(&pos)))
		found = strstr(line, " debugfs ");
	free(text);
	return found;
}

/* Does this process see other mounts than the system's first one? */
static bool sees_other_mounts(void)
{
	char own[64], first[64];
	ssize_t own_len = readlink("/proc/self/ns/mnt", own, sizeof(own));
	ssize_t first_len = readlink("/proc/1/ns/mnt", first, sizeof(first));

	return own_len > 0 && first_len > 0 &&
	       (own_len != first_len || memcmp(own, first, own_len));
}

const char *source_lockdown(char mode[32])
{
	char *text = read_text("/sys/kernel/security", "lockdown", NULL);
	char *open = text ? strchr(text, '[') : NULL;

	if (open)
		snprintf(mode, 32, "%.*s", (int)strcspn(open + 1, "]"), open + 1);
	free(text);
	return open ? mode : NULL;
}

/* Whether the kernel refuses modules that nobody it trusts has signed. */
static bool needs_signature(void)
{
	char *text = read_text("/sys/module/module/parameters", "sig_enforce", NULL);
	bool enforced = text && *text == 'Y';
	char mode[32];

	free(text);
	return enforced || (source_lockdown(mode) && strcmp(mode, "none"));
}

static void report_not_loaded(bool is_debugfs)
{
	complain("the module whydrop is not loaded");
	hint("%smodprobe whydrop, or insmod whydrop.ko; if it fails, see dmesg",
	     geteuid() ? "as root: " : "");
	if (geteuid() && is_debugfs)
		hint("to look at a recording, which needs neither root nor module: -f FILE");
	if (needs_signature()) {
		hint("this kernel loads signed modules only: sign it with an enrolled key");
		hint("the key of dkms: mokutil --import /var/lib/dkms/mok.pub, then reboot");
	}
}

int source_diagnose(const char *debugfs, const char *path, int err)
{
	bool is_debugfs = !strncmp(path, debugfs, strlen(debugfs));
	const char *env = is_debugfs ? "WHYDROP_DEBUGFS" : "WHYDROP_PARAMETERS";
	const char *elsewhere = getenv(env);
	/* Parameters are in sysfs. */
	bool mounted = elsewhere || !is_debugfs || debugfs_mounted();
	char mode[32];

	if (elsewhere && err == ENOENT) {
		complain("cannot open %s: %s", path, strerror(err));
		hint("%s is set to %s: are the module's files there?", env, elsewhere);
	} else if (!elsewhere && access("/sys/module/whydrop", F_OK)) {
		report_not_loaded(is_debugfs);
		if (!mounted && !geteuid())
			hint("debugfs is not mounted either: mount -t debugfs none /sys/kernel/debug");
	} else if (!mounted && sees_other_mounts()) {
		complain("debugfs is not mounted in this mount namespace, so there is no %s", path);
		hint("ip netns exec, for example, mounts its own /sys: run whydrop outside it");
		hint("it sees all network namespaces: whydrop COMMAND -N NAME selects one");
	} else if (!mounted) {
		complain("debugfs is not mounted, so there is no %s", path);
		hint("mount -t debugfs none /sys/kernel/debug");
	} else if (err == EACCES) {
		complain("cannot open %s: %s", path, strerror(err));
		hint("only root may see what the kernel drops: use sudo");
	} else if (err == EPERM && source_lockdown(mode) && strcmp(mode, "none")) {
		complain("cannot open %s: the kernel is locked down (%s)", path, mode);
		hint("early 5.10 kernels then refuse it: disable Secure Boot, or upgrade");
	} else {
		complain("cannot open %s: %s", path, strerror(err));
		hint("the module is loaded, but debugfs does not have this file: see dmesg");
	}
	return EXIT_SOURCE;
}

void source_note_absent(const char *debugfs, const char *path, int err)
{
	if (getenv("WHYDROP_DEBUGFS") || !access("/sys/module/whydrop", F_OK))
		source_diagnose(debugfs, path, err);
	else
		note("nothing was counted here: the module is not loaded; as root: modprobe whydrop");
}

void source_init(struct source *s, const char *name)
{
	memset(s, 0, sizeof(*s));
	s->name = name;
	s->fd = -1;
	s->deadline = -1;
}

int source_open_live(struct source *s, const char *debugfs, bool history, bool follow)
{
	source_init(s, s->path);
	snprintf(s->path, sizeof(s->path), "%s/raw", debugfs);
	s->fd = open(s->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (s->fd < 0)
		return source_diagnose(debugfs, s->path, errno);
	s->live = true;
	s->follow = follow;
	/* A pipe in its place has no past to skip. */
	if (!history && lseek(s->fd, 0, SEEK_END) < 0 && errno != ESPIPE) {
		complain("cannot go to the end of %s: %s", s->path, strerror(errno));
		source_close(s);
		return EXIT_FAILED;
	}
	return 0;
}

int source_open_file(struct source *s, const char *file)
{
	struct stat st;

	source_init(s, strcmp(file, "-") ? file : "stdin");
	s->fd = strcmp(file, "-") ? open(file, O_RDONLY | O_CLOEXEC) : dup(0);
	if (s->fd < 0) {
		complain("cannot open %s: %s", s->name, strerror(errno));
		return EXIT_FAILED;
	}
	s->follow = true;
	s->may_block = fstat(s->fd, &st) || !S_ISREG(st.st_mode);
	if (!strcmp(file, "-") && isatty(s->fd)) {
		complain("stdin is a terminal, not a recording");
		hint("cat drops.wd | whydrop list -f -");
		source_close(s);
		return EXIT_USAGE;
	}
	return 0;
}

int source_open_file_at(struct source *s, const char *file, uint64_t offset)
{
	int err = source_open_file(s, file);

	if (err || !offset)
		return err;
	s->offset = offset;
	if (lseek(s->fd, offset, SEEK_SET) >= 0)
		return 0;
	complain("cannot go to byte %llu of %s: %s", (unsigned long long)offset, s->name,
		 strerror(errno));
	source_close(s);
	return EXIT_FAILED;
}

void source_close(struct source *s)
{
	if (s->end_merge)
		s->end_merge(s);
	if (s->fd >= 0)
		close(s->fd);
	free(s->buf);
	s->fd = -1;
	s->buf = NULL;
}

static void end_with_child(struct source *s)
{
	int64_t now;

	if (!child_ended())
		return;
	now = now_ms();
	if (s->deadline < 0 || s->deadline > now)
		s->deadline = now;
}

/*
 * Wait until there is something to read. Return: 1; 2: a tick; 0: do not wait any more; -1,
 * with the error reported.
 */
static int wait_readable(struct source *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	struct timespec ts, *timeout = NULL;
	int64_t left;
	sigset_t old;
	int n;

	block_stop_signals(&old);
	do {
		end_with_child(s);
		if (s->deadline >= 0 || s->tick_ms) {
			left = s->tick_ms ? s->tick_ms : INT64_MAX;
			if (s->deadline >= 0)
				left = MIN(left, MAX(s->deadline - now_ms(), 0));
			ts.tv_sec = left / 1000;
			ts.tv_nsec = left % 1000 * 1000000;
			timeout = &ts;
		}
		n = stop_signal() ? 0 : ppoll(&p, 1, timeout, &old);
	} while (n < 0 && errno == EINTR && !stop_signal());
	if (n < 0 && errno != EINTR) {
		complain("cannot wait for %s: %s", s->name, strerror(errno));
	} else if (n <= 0) {
		n = !stop_signal() && (s->deadline < 0 || now_ms() < s->deadline) ? 2 : 0;
		s->expired = !n && !stop_signal();
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return n;
}

int source_wait(struct source *s, int64_t ms, int fd)
{
	struct pollfd p[] = {
		{ .fd = s->ended ? -1 : s->fd, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	sigset_t old;
	int n;

	block_stop_signals(&old);
	n = stop_signal() ? 0 : ppoll(p, ARRAY_SIZE(p), &ts, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (n >= 0 || errno == EINTR)
		return n > 0 && p[1].revents & (POLLHUP | POLLERR) ? 1 : 0;
	complain("cannot wait for %s: %s", s->name, strerror(errno));
	return -1;
}

bool source_drained(const struct source *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };

	return s->live || (s->may_block && poll(&p, 1, 0) != 1);
}

int source_more(struct source *s)
{
	bool ask = s->may_block;
	ssize_t n;
	int ready;

	if (s->more)
		return s->more(s);
	if (s->ended)
		return 0;
	s->offset += s->start;
	if (s->start)
		memmove(s->buf, s->buf + s->start, s->end - s->start);
	s->end -= s->start;
	s->start = 0;
	if (s->room - s->end < READ_LEAST) {
		/* Not twice as much: many may be open, and the largest record is known. */
		s->room = s->room ? s->room + MAX(s->room / 4, READ_ROOM) : READ_ROOM;
		s->buf = need(realloc(s->buf, s->room));
	}
	for (;;) {
		if (stop_signal())
			return 0;
		end_with_child(s);
		if (s->deadline >= 0 && now_ms() >= s->deadline && (!s->live || s->expired)) {
			s->expired = true;
			return 0;
		}
		if (ask) {
			ready = wait_readable(s);
			/* What is there when the time is over is still shown. */
			if (ready < 0 || (!ready && !(s->live && s->expired)))
				return ready;
			if (ready == 2)
				return 1;
		}
		n = read(s->fd, s->buf + s->end, s->room - s->end);
		if (n > 0) {
			s->end += n;
			return 1;
		}
		if (!n) {
			s->ended = s->drained = true;
			return 0;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN) {
			complain("cannot read %s: %s", s->name, strerror(errno));
			return -1;
		}
		s->drained = true;
		if (!s->follow || s->expired)
			return 0;
		ask = true;
	}
}
