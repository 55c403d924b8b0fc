/* SPDX-License-Identifier: GPL-2.0-only */
/* A walk over a stream. */
#ifndef WHYDROP_WALK_H
#define WHYDROP_WALK_H

#include "select/lost.h"
#include "select/request.h"
#include "stream/decode.h"
#include "stream/cover.h"
#include "stream/source.h"

/* Source → decoder → selection → a command's item(). */
struct stream {
	struct request	*rq;
	struct source	src;
	struct decoder	dec;
	struct decoder	peek;		/* of the recording that may come next */
	size_t		peeked;		/* bytes of it that this knows */
	bool		follow;		/* a live one: wait for more */
	bool		history;	/* a live one: what the ring has first */
	bool		no_limit;	/* -c is not for events */
	bool		quiet;		/* no words about losses on the way */
	bool		no_filter_note;	/* none on what the module's filters hide */
	/*
	 * Called for each item; for events only if they are selected.
	 * 0: go on; 1: enough; else an exit code, negative.
	 */
	int		(*item)(struct stream *s, const struct item *it);
	/* Called when what was there is read, before waiting; or NULL. */
	int		(*before_wait)(struct stream *s);
	void		*arg;
	bool		checked;	/* -r, against the names of a recording */
	bool		warned;		/* that it may fit none */
	uint64_t	shown, skipped;
	uint64_t	duplicates;	/* in more than one recording: skipped */
	struct cover	cover;
	unsigned int	headers;
	bool		overlap_unknown; /* some duplicates may not be found */
	struct lost	lost;
	unsigned int	nr_changes;	/* of the module's filters, reported */
};

/* Each: 0, or an exit code and said why. */
int stream_open(struct stream *s);
int stream_walk(struct stream *s);
int stream_run(struct stream *s);	/* both */
/*
 * Before stream_walk(): say that this goes on until somebody ends it, if so.
 * @what and @where are for "# recording to FILE until Ctrl-C".
 */
void stream_announce(const struct stream *s, const char *what, const char *where);
/* What there is to read, for about @ms at most; do not wait for more. */
int stream_pump(struct stream *s, int64_t ms);
/* Recordings of another boot follow: go on to them, for another stream_walk(). */
bool stream_next(struct stream *s);
/* Names that item() was given are gone with it. */
void stream_free(struct stream *s);

#endif
