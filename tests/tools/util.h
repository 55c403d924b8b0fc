/* SPDX-License-Identifier: GPL-2.0 */
/* What programs that read a trace and a recording share. */
#ifndef WHYDROP_TOOLS_UTIL_H
#define WHYDROP_TOOLS_UTIL_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Exit status 2: it is not known whether there is a difference. */
__attribute__((format(printf, 1, 2), noreturn)) static void die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

static void *zalloc(size_t n)
{
	void *p = calloc(1, n ? n : 1);

	if (!p)
		die("out of memory");
	return p;
}

/* All of @path, with a NUL behind it; its length to *@len, unless that is NULL. */
static char *slurp(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY);
	size_t room = 1 << 20, n = 0;
	char *p = malloc(room);
	ssize_t r;

	if (fd < 0 || !p)
		die("cannot read %s: %s", path, strerror(errno));
	while ((r = read(fd, p + n, room - n - 1)) > 0) {
		n += r;
		if (room - n < 65536) {
			room *= 2;
			p = realloc(p, room);
			if (!p)
				die("out of memory");
		}
	}
	if (r < 0)
		die("cannot read %s: %s", path, strerror(errno));
	close(fd);
	p[n] = 0;
	if (len)
		*len = n;
	return p;
}

#endif
