// SPDX-License-Identifier: GPL-2.0-only
/* Opens, names and closes the files that commands write, for -w. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/output.h"
#include "base/stop.h"
#include "base/util.h"

static bool is_same_file(const struct stat *st, const char *in)
{
	struct stat from;

	return in && !(strcmp(in, "-") ? stat(in, &from) : fstat(STDIN_FILENO, &from)) &&
	       st->st_dev == from.st_dev && st->st_ino == from.st_ino;
}

/* Of the directory that @file is in, or is to be. To be freed. */
static char *directory_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	if (!slash)
		return text_copy(".", 1);
	return text_copy(file, slash == file ? 1 : slash - file);
}

bool output_is_descriptor(const char *file)
{
	char *dir = directory_of(file), link[64];
	ssize_t len = readlink(file, link, sizeof(link) - 1);
	struct statfs fs;
	bool is;

	/* /dev/stdout is a link to /proc/self/fd/1, /dev/fd one to its directory. */
	link[MAX(len, 0)] = '\0';
	is = !strncmp(link, "/proc/self/fd/", 14) || (!statfs(dir, &fs) && fs.f_type == PROC_SUPER_MAGIC);
	free(dir);
	return is;
}

/* A new file, for its owner alone: it holds what was in the packets. */
static int create_file(struct output *t, const char *file)
{
	char *dir;

	t->fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	t->created = t->fd >= 0;
	if (t->created)
		return 0;
	dir = directory_of(file);
	if (errno == EEXIST) {
		/* Its mode, its owner and who has it open are not ours. */
		t->temporary = need(malloc(strlen(dir) + sizeof("/.whydrop.XXXXXX")));
		strcat(strcpy(t->temporary, dir), "/.whydrop.XXXXXX");
		t->fd = mkostemp(t->temporary, O_CLOEXEC);
	}
	if (t->fd < 0) {
		complain("cannot %s %s: %s", t->temporary ? "replace" : "create", file,
			 strerror(errno));
		if (errno == EACCES || errno == EPERM || errno == EROFS)
			hint("-w makes a new file in %s, and there is no right to do so", dir);
		free(t->temporary);
		t->temporary = NULL;
	}
	free(dir);
	return t->fd < 0 ? EXIT_FAILED : 0;
}

static int open_stdout(struct output *t, const char *what)
{
	t->name = "stdout";
	t->fd = STDOUT_FILENO;
	if (!isatty(t->fd))
		return 0;
	complain("%s is binary, and stdout is a terminal", what);
	hint("use -w FILE, or pipe -w - into another program");
	return EXIT_USAGE;
}

/* What is no file of its own cannot be replaced: a pipe, a device. */
static int open_special(struct output *t, const char *file)
{
	t->fd = open(file, O_WRONLY | O_CLOEXEC);
	if (t->fd >= 0 && (!t->regular || !ftruncate(t->fd, 0)))
		return 0;
	complain("cannot open %s: %s", file, strerror(errno));
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	return EXIT_FAILED;
}

int output_open(struct output *t, const char *file, const char *in, const char *what)
{
	struct stat st;
	bool there;

	*t = (struct output){ .name = file, .fd = -1 };
	if (!strcmp(file, "-"))
		return open_stdout(t, what);
	there = !stat(file, &st);
	t->regular = !there || S_ISREG(st.st_mode);
	if (there && t->regular && is_same_file(&st, in)) {
		complain("%s is both the input and the output", file);
		return EXIT_USAGE;
	}
	if (there && (!t->regular || output_is_descriptor(file)))
		return open_special(t, file);
	return create_file(t, file);
}

int output_rename(struct output *t)
{
	if (!t->temporary)
		return t->failed ? EXIT_FAILED : 0;
	if (rename(t->temporary, t->name)) {
		complain("cannot replace %s: %s", t->name, strerror(errno));
		unlink(t->temporary);
		t->failed = true;
	}
	free(t->temporary);
	t->temporary = NULL;
	return t->failed ? EXIT_FAILED : 0;
}

void output_truncate(const struct output *t, uint64_t whole)
{
	if (t->regular && ftruncate(t->fd, whole))
		note("%s may end in an incomplete record", t->name);
}

int output_close(struct output *t, int err)
{
	bool is_stdout = t->fd == STDOUT_FILENO;

	/* Nothing came: what was there stays. */
	if (t->temporary)
		unlink(t->temporary);
	free(t->temporary);
	t->temporary = NULL;
	if (!is_stdout && close(t->fd) && !err)
		err = errno;
	t->fd = -1;
	if (t->failed)
		return EXIT_FAILED;
	/* Whoever read the pipe has had enough. */
	if (!err || err == EPIPE)
		return 0;
	complain("cannot write %s: %s", t->name, strerror(err));
	return EXIT_FAILED;
}

void output_hint_owner(const struct output *t)
{
	const char *uid = getenv("SUDO_UID");
	struct stat st;
	char *word;

	if (!uid || !strcmp(uid, "0") || !t->regular || stat(t->name, &st) || st.st_uid ||
	    st.st_mode & 0044)
		return;
	word = shell_word(t->name);
	hint("only root may read it; to make it yours: sudo chown $USER %s", word);
	free(word);
}

void output_discard(struct output *t)
{
	if (t->created)
		unlink(t->name);
	output_close(t, 0);
}

#define LOCK_WAIT_MS 5000

/* What others may read, be it a directory, they may lock, too: so it is a file of our own. */
int output_lock(const char *file, char *path, size_t room)
{
	int64_t end = now_ms() + LOCK_WAIT_MS;
	struct stat ours, there;
	int fd;

	if ((size_t)snprintf(path, room, "%s.lock", file) >= room) {
		complain("cannot write %s: %s", file, strerror(ENAMETOOLONG));
		return -1;
	}
	do {
		fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0) {
			complain("cannot create %s: %s", path, strerror(errno));
			return -1;
		}
		/* Who had it took the file away at the end: then it is none any more. */
		if (!flock(fd, LOCK_EX | LOCK_NB)) {
			if (!fstat(fd, &ours) && !lstat(path, &there) && ours.st_ino == there.st_ino &&
			    ours.st_dev == there.st_dev)
				return fd;
		} else {
			poll(NULL, 0, 20);
		}
		close(fd);
	} while (now_ms() < end);
	complain("%s: another run is at it, and %d seconds were not enough for it", file,
		 LOCK_WAIT_MS / 1000);
	hint("it has a lock on %s; fuser tells who", path);
	return -1;
}
