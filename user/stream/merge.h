/* SPDX-License-Identifier: GPL-2.0-only */
/* Several recordings of one boot as one source. */
#ifndef WHYDROP_MERGE_H
#define WHYDROP_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

#define ID_ROOM 72
/* One recording, or one of several in a file. */
struct input {
	char		*name;
	uint64_t	offset;		/* where it begins in the file */
	size_t		nth;		/* in the order of the command line */
	char		load_id[ID_ROOM], boot_id[ID_ROOM];	/* empty: not known */
	bool		has_real;
	uint64_t	mono;		/* of the first event; UINT64_MAX: there is none */
	int64_t		real;		/* likewise, or when it was booted */
	size_t		boot, load;	/* an input of the same */
	uint64_t	load_mono;	/* time of the first event of that load */
	int64_t		boot_real;	/* of that boot; INT64_MAX: not known */
};

/*
 * Merges the records of several recordings of one boot, events in order of time. A load of
 * the module is read to its end before the next one begins; within it, it does not matter
 * which recording explains an id. Each piece begins with its header, and the buffer has
 * data of one piece at a time.
 */
/* Return: 0, or an exit code, with the error reported. */
int merge_open(struct source *s, const struct input *input, size_t nr);
/* Skip the rest of the piece that is in the buffer. */
void merge_skip(struct source *s);

#endif
