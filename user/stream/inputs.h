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
 * The recordings that -f names. Those of one boot of one host are read together,
 * in the order of time; boots one after the other, because what their ids, devices
 * and namespaces mean has nothing to do with each other.
 */
struct inputs {
	struct input	*input;
	size_t		nr, room;
	size_t		first, end;	/* those of the boot that is read */
	size_t		deferred;	/* behind them: found while they are read */
	bool		several;	/* boots, as far as is known */
	bool		failed;		/* to read one of them, and said so */
	struct source	rest;		/* the file that was read, from another boot's header on */
	bool		has_rest;
	char		skipped[200];	/* names of files that are no recordings */
	unsigned int	nr_skipped;
};

/* A word behind -f: a file, a directory, or a pattern of files; "-" is stdin. */
void inputs_add(struct inputs *in, const char *word);
/*
 * Look at them and put them in order. One file or stdin is not looked at, for its
 * reader finds out. Return: 0, or an exit code and said why.
 */
int inputs_open(struct inputs *in);
void inputs_free(struct inputs *in);

/* Is what META of @d and of @other says of the same boot? Only if it is certain. */
bool is_same_boot(const struct decoder *d, const struct decoder *other);

/* @s has come to the header of another boot, which @other is: read it next. */
void inputs_defer(struct inputs *in, struct source *s, const struct decoder *other);
/* Go on to the next boot; false: there is none. */
bool inputs_next(struct inputs *in);

/* Open what is to be read now: 0, or an exit code and said why. */
int source_open_inputs(struct source *s, struct inputs *in);

#endif
