/* SPDX-License-Identifier: GPL-2.0-only */
/* Walks over a stream, and hands its items to a command. */
#ifndef WHYDROP_WALK_H
#define WHYDROP_WALK_H

#include "select/lost.h"
#include "select/request.h"
#include "select/resume.h"
#include "stream/decode.h"
#include "stream/cover.h"
#include "stream/source.h"

/* Source → decoder → selection → a command's item(). */
struct stream {
	struct request	*rq;
	struct source	src;
	struct decoder	dec;
	struct decoder	peek;		/* META of a recording that may come next */
	size_t		peeked;		/* bytes of it that were decoded */
	struct resume	*resume;	/* live: go on where the cursor is; or NULL */
	bool		follow;		/* live: wait for more */
	bool		history;	/* live: begin with what the rings have */
	bool		only_new;	/* a stream: skip what was dropped before it began */
	bool		no_limit;	/* -c does not limit events */
	bool		quiet;		/* do not report losses meanwhile */
	bool		no_filter_note;	/* nor what the module's filters leave out */
	/*
	 * Called for each item; for events only if they are selected.
	 * 0: go on; 1: enough; else an exit code, negative.
	 */
	int		(*item)(struct stream *s, const struct item *it);
	/* Called before waiting, when all that was there has been read; or NULL. */
	int		(*before_wait)(struct stream *s);
	void		*arg;
	bool		checked;	/* -r, against the names of a recording */
	bool		warned;		/* that -r may match none */
	uint64_t	shown, skipped;
	uint64_t	first_ns, last_ns; /* of a recording's events, selected or not */
	uint64_t	duplicates;	/* in more than one recording: skipped */
	struct cover	cover;
	unsigned int	headers;
	bool		overlap_unknown; /* some duplicates may not be found */
	struct lost	lost;
	unsigned int	nr_changes;	/* changes of the module's filters, reported */
};

/* Each returns 0, or an exit code, with the error reported. */
int stream_open(struct stream *s);
int stream_walk(struct stream *s);	/* of a file up to its end, whatever --duration */
int stream_run(struct stream *s);	/* both */
/*
 * Call this before stream_walk(), to say that it goes on until it is ended, if so. @what and
 * @where are for "# recording to FILE until Ctrl-C".
 */
void stream_announce(const struct stream *s, const char *what, const char *where);
/* Walk over what there is, for about @ms at most; do not wait for more. */
int stream_pump(struct stream *s, int64_t ms);
/* Go on to the recordings of the next boot, for another stream_walk(). */
bool stream_next(struct stream *s);
/* Names that item() was given are freed with it. */
void stream_free(struct stream *s);

#endif
