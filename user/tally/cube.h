/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts events by time and by several properties at once, in bounded memory. */
#ifndef WHYDROP_CUBE_H
#define WHYDROP_CUBE_H

#include "base/hash.h"
#include "names/names.h"
#include "tally/cube_key.h"

/*
 * A cell counts the events of a span of time that have the same value in each dimension, so
 * that whoever has the cells can select by any of them. There may be any number of values and
 * any span of time: when there are too many cells, spans are joined two by two, and rare values
 * become one, the remainder of their dimension. Each event is in one cell, whatever was joined.
 */
struct cube_cell {
	int32_t		span;		/* counted from cube.base */
	uint32_t	count;
};

struct cube_row {
	struct cube_value *of[CUBE_DIMS];
	struct cube_cell *cell;		/* in order of time */
	size_t		nr, room;
	int64_t		first, last;	/* ns */
};

struct cube_values {
	struct hash	by_key;
	struct cube_value *rest;	/* NULL: none was removed */
	uint64_t	floor;
	size_t		bytes;
	struct cube_value *last;	/* of the event before: most are the same */
};

struct cube {
	struct cube_values dim[CUBE_DIMS];
	struct hash	rows;		/* by their values */
	struct cube_value **kept;	/* removed, but with references */
	size_t		nr_kept, kept_room;
	size_t		cells;
	uint64_t	events;
	bool		real;		/* times are of the day; else of CLOCK_MONOTONIC */
	unsigned int	shift;		/* a span has 1 << shift ns */
	int64_t		base, low, high; /* spans: base, first and last with an event */
	int64_t		now;		/* ns, of the last event */
	struct cube_stack {		/* by number of a stack in the decoder */
		const struct reason *reason;
		struct cube_value *value;
	} *stack;
	size_t		nr_stacks;
	struct cube_value *boot;
	struct names	*names;		/* NULL: --names off */
};

#define CUBE_SPANS 720
#define CUBE_CELLS 400000
#define CUBE_ROWS 24000
#define CUBE_VALUES 6000	/* of a dimension */
#define CUBE_VALUE_BYTES (3u << 20)

/* The events that follow are of this boot. What the decoder had before is forgotten. */
void cube_boot(struct cube *c, const struct decoder *d);
/* Count an event. Return: its row, until the next call. */
const struct cube_row *cube_add(struct cube *c, const struct decoder *d, const struct event *e);
/* All rows, by their stacks and so on, to be freed. */
struct cube_row **cube_rows(const struct cube *c);
/* The values of a dimension, the most frequent first, with their numbers; to be freed. */
struct cube_value **cube_values(struct cube *c, enum cube_dim dim, size_t *nr);
/* The value that stands for @v now. */
struct cube_value *cube_now(const struct cube *c, enum cube_dim dim, struct cube_value *v);
void cube_free(struct cube *c);

#endif
