/* SPDX-License-Identifier: GPL-2.0-only */
/* The recordings that -f names. */
#ifndef WHYDROP_INPUTS_H
#define WHYDROP_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/decode.h"
#include "stream/merge.h"
#include "stream/source.h"

/*
 * Recordings of the same boot of a host are read together, in order of time. Boots are read
 * one after the other, because their ids, devices and namespaces are not related.
 */
struct inputs {
	struct input	*input;
	size_t		nr, room;
	size_t		first, end;	/* of the boot that is being read */
	size_t		deferred;	/* behind them: found while they were read */
	bool		several;	/* there are several boots, as far as is known */
	bool		failed;		/* to read one of them, which was reported */
	struct source	rest;		/* the file that was read, from another boot's header on */
	bool		has_rest;
	char		skipped[200];	/* names of files that are no recordings */
	unsigned int	nr_skipped;
};

/* Add a word behind -f: a file, a directory, or a pattern of files; "-" is stdin. */
void inputs_add(struct inputs *in, const char *word);
/*
 * Read their beginnings, and put them in order. A single file or stdin is not read here,
 * because its reader finds out what it is. Return: 0, or an exit code, with the error reported.
 */
int inputs_open(struct inputs *in);
void inputs_free(struct inputs *in);

/* Are @d and @other certainly of the same boot, according to META? */
bool is_same_boot(const struct decoder *d, const struct decoder *other);

/* @s has come to the header of another boot, @other: read it after this one. */
void inputs_defer(struct inputs *in, struct source *s, const struct decoder *other);
/* Go on to the next boot. Return: false if there is none. */
bool inputs_next(struct inputs *in);

/* Open what is to be read now. Return: 0, or an exit code, with the error reported. */
int source_open_inputs(struct source *s, struct inputs *in);

#endif
