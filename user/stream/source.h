/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes of a stream: the live one, a recording, or stdin. */
#ifndef WHYDROP_SOURCE_H
#define WHYDROP_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stop.h"

struct source {
	const char	*name;		/* for messages */
	char		path[4096];
	int		fd;
	bool		live;
	bool		follow;		/* wait for more */
	bool		may_block;	/* reading may block: ask poll first */
	bool		ended;
	bool		failed;		/* a part of it could not be read, and said so */
	bool		expired;	/* the deadline came */
	int64_t		deadline;	/* of now_ms(); -1: none */
	int		tick_ms;	/* wait no longer at a time; 0: any time */
	char		*buf;
	size_t		room, start, end;
	uint64_t	offset;		/* of buf in the file */
	struct merge	*merge;		/* of several files; NULL: there is one */
	/* Of several files: instead of reading here, and before closing. */
	int		(*more)(struct source *s);
	void		(*end_merge)(struct source *s);
	bool		begins_next;	/* what is in buf begins one more of them */
	unsigned int	piece;		/* whose it is */
};

void source_init(struct source *s, const char *name);

/* 0, or an exit code and said why. */
int source_open_live(struct source *s, const char *debugfs, bool history,
		     bool follow);
int source_open_file(struct source *s, const char *file);
int source_open_file_at(struct source *s, const char *file, uint64_t offset);
void source_close(struct source *s);

/* More bytes behind end, or a tick: 1; 0: no more to come or to be waited for; -1: said. */
int source_more(struct source *s);
/*
 * Wait until there is more, @fd can be read, a signal came or @ms are over.
 * Return: 0; 1: @fd has hung up; -1: cannot wait, and said so.
 */
int source_wait(struct source *s, int64_t ms, int fd);
/* Would source_more() have to wait? Then what was shown should be seen. */
bool source_drained(const struct source *s);

/* The kernel's lockdown mode: "none", "integrity", ...; NULL: it does not say. */
const char *source_lockdown(char mode[32]);

/* Why @path cannot be opened, @err being errno, and the remedy. EXIT_SOURCE. */
int source_diagnose(const char *debugfs, const char *path, int err);

#endif
