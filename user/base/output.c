// SPDX-License-Identifier: GPL-2.0-only
/* Files that commands write. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"
#include "base/util.h"

static bool is_same(const struct stat *st, const char *in)
{
	struct stat from;

	return in && !(strcmp(in, "-") ? stat(in, &from) : fstat(STDIN_FILENO, &from)) &&
	       st->st_dev == from.st_dev && st->st_ino == from.st_ino;
}

int output_open(struct output *t, const char *file, const char *in, const char *what)
{
	struct stat st = {};
	int err = 0;

	t->name = file;
	if (!strcmp(file, "-")) {
		t->name = "stdout";
		t->fd = STDOUT_FILENO;
		if (isatty(t->fd)) {
			complain("%s is binary, and stdout is a terminal", what);
			hint("use -w FILE, or pipe -w - into another program");
			return EXIT_USAGE;
		}
	} else {
		/* It holds what was in the packets: for its owner alone. */
		t->fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (t->fd < 0) {
			complain("cannot create %s: %s", file, strerror(errno));
			return EXIT_FAILED;
		}
	}
	t->regular = !fstat(t->fd, &st) && S_ISREG(st.st_mode) && t->fd != STDOUT_FILENO;
	if (!t->regular)
		return 0;
	if (is_same(&st, in)) {
		complain("%s is both the input and the output", file);
		err = EXIT_USAGE;
	} else if (ftruncate(t->fd, 0)) {
		complain("cannot truncate %s: %s", file, strerror(errno));
		err = EXIT_FAILED;
	}
	if (err) {
		close(t->fd);
		t->fd = -1;
	}
	return err;
}

void output_cut(const struct output *t, uint64_t whole)
{
	if (t->regular && ftruncate(t->fd, whole))
		note("%s may end in an incomplete record", t->name);
}

int output_close(struct output *t, int err)
{
	bool is_stdout = t->fd == STDOUT_FILENO;

	if (!is_stdout && close(t->fd) && !err)
		err = errno;
	t->fd = -1;
	if (!err || (err == EPIPE && is_stdout))
		return 0;
	complain("cannot write %s: %s", t->name, strerror(err));
	return EXIT_FAILED;
}
