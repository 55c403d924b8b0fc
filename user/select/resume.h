/* SPDX-License-Identifier: GPL-2.0-only */
/* Remembers in a file how far a live stream was written out, and goes on there. */
#ifndef WHYDROP_RESUME_H
#define WHYDROP_RESUME_H

#include "base/out.h"
#include "select/lost.h"
#include "stream/decode.h"
#include "stream/ids.h"
#include "stream/source.h"

/* What the module loses without a sequence number, and counts. */
enum uncounted { UNCOUNTED_NMI, UNCOUNTED_NOBUF, UNCOUNTED_NR };

struct resume_cpu {
	bool		known;		/* next is valid */
	bool		seen;		/* the ring has had an event of it */
	uint64_t	next;		/* sequence number behind the last that was written out */
	uint64_t	held;		/* losses before the next event, as the stream has them */
	uint64_t	last;		/* sequence number of the last event of the ring */
	uint64_t	told[UNCOUNTED_NR];	/* of those without a number */
	uint64_t	now[UNCOUNTED_NR];	/* of the module, when the stream was opened */
};

struct resume {
	const char	*file;		/* the cursor */
	struct out	*out;		/* what it is about */
	char		temporary[4096], lock_file[4096];
	int		lock;
	bool		there;		/* there is a cursor, damaged or not */
	bool		damaged;
	bool		from_zero;	/* another load: nothing of this one was written out */
	bool		history;	/* without a cursor: begin with what the rings have */
	bool		dirty;		/* the file is older than this */
	bool		failing;	/* the file could not be written, which was reported */
	bool		begun;		/* META was read */
	bool		checked;	/* that the cursor is not ahead of the rings */
	unsigned int	unknown;	/* enum resume_cause to be told; 0: none */
	bool		counted;	/* losses without a number were told up to now */
	char		boot_id[BOOT_ID_LEN], load_id[LOAD_ID_LEN];
	struct resume_cpu *cpu;
	size_t		nr, room;
};

/* Read the cursor, and keep other runs from using it. Return: 0, or an exit code, reported. */
int resume_init(struct resume *r, const char *file, struct out *out);
/* Open the stream from its beginning. Return: 0, or an exit code, with the error reported. */
int resume_open(struct resume *r, struct source *src, const char *debugfs);
/* META was read: is it the load of the cursor? */
void resume_begin(struct resume *r, const struct decoder *d);

/* Hands on a loss. Return: 0, or what ends the walk. */
typedef int (*resume_put)(void *arg, const struct item *it);
/* Hand on what was lost meanwhile and leaves no gap. Return: 0, or that of @put. */
int resume_tell(struct resume *r, resume_put put, void *arg);
/* A loss of the stream. Return: true if it is to be told now; else with the next event. */
bool resume_lost(struct resume *r, struct item *it);
/*
 * Hand on what was lost before an event. Return: 0; 1: it was written out before; else that
 * of @put.
 */
int resume_event(struct resume *r, const struct whydrop_event *ev, resume_put put, void *arg);
/* The event was written out, or was not selected. */
void resume_passed(struct resume *r, const struct whydrop_event *ev);
/*
 * All that has passed was written out: write the cursor, if it has changed. @drained: all
 * that the rings had was read.
 */
void resume_save(struct resume *r, bool drained);
/* Return: 0, or EXIT_FAILED if the file does not have all of it. */
int resume_free(struct resume *r);

#endif
