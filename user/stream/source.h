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
	bool		failed;		/* a part of it could not be read, which was reported */
	bool		expired;	/* the deadline has passed */
	bool		drained;	/* live: all that was there has been read once */
	int64_t		deadline;	/* of now_ms(); -1: none */
	int		tick_ms;	/* maximum time of one wait; 0: no limit */
	char		*buf;
	size_t		room, start, end;
	uint64_t	offset;		/* of buf in the file */
	struct merge	*merge;		/* of several files; NULL: there is one */
	/* For several files: called instead of reading, and before closing. */
	int		(*more)(struct source *s);
	void		(*end_merge)(struct source *s);
	bool		begins_next;	/* buf has the beginning of another one */
	unsigned int	piece;		/* the one that buf has data of */
};

void source_init(struct source *s, const char *name);

/* Return: 0, or an exit code, with the error reported. */
int source_open_live(struct source *s, const char *debugfs, bool history,
		     bool follow);
int source_open_file(struct source *s, const char *file);
int source_open_file_at(struct source *s, const char *file, uint64_t offset);
void source_close(struct source *s);

/*
 * Read more behind end. Return: 1: there may be more, or it was a tick; 0: nothing more will
 * come, or is to be waited for; -1, with the error reported.
 */
int source_more(struct source *s);
/*
 * Wait until there is more, @fd can be read, a signal comes, or @ms have passed. Return: 0;
 * 1: @fd has hung up; -1, with the error reported.
 */
int source_wait(struct source *s, int64_t ms, int fd);
/* Would source_more() have to wait? Then flush the output first. */
bool source_drained(const struct source *s);

/* Return the kernel's lockdown mode: "none", "integrity", ...; NULL: unknown. */
const char *source_lockdown(char mode[32]);

/* Report why @path cannot be opened, @err being errno, and the remedy. Return: EXIT_SOURCE. */
int source_diagnose(const char *debugfs, const char *path, int err);
/* The same in one note, if it is only that the module is not loaded: nothing failed. */
void source_note_absent(const char *debugfs, const char *path, int err);

#endif
