/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores the stacks of a stream, by id, and the names in them. */
#ifndef WHYDROP_STACKS_H
#define WHYDROP_STACKS_H

#include "base/hash.h"
#include "stream/event.h"
#include "stream/sysmap.h"

/* A limit of memory that only forged recordings reach. */
#define STACKS_BYTES_MAX (16u << 20)

struct stacks {
	struct hash	by_id;
	struct stack	**stack;	/* all but the transient one */
	size_t		nr, room;
	struct stack	*transient;	/* used by the next event only */
	void		*scratch;	/* its memory */
	size_t		scratch_room;
	struct hash	names;		/* by text */
	size_t		bytes;		/* of stacks and names */
	size_t		bytes_max;	/* 0: STACKS_BYTES_MAX */
	const struct sysmap *map;	/* -S, or NULL */
	bool		offsets;	/* instead of names: so it is on this host */
	bool		wrong;		/* and the map is that of another kernel */
	bool		unnamed;	/* of which some were seen, and there is no map of them */
	char		*named;		/* strings of a record, with its names */
	bool		full;		/* the limit was reached */
};

/* Add the stack of a STACK record, whose strings were checked, of load number @load. */
struct stack *stacks_add(struct stacks *s, uint32_t load, struct whydrop_stack_rec *rec,
			 const char *text, const char *end);
/* What META says of names: @anchors, if there are offsets instead, or NULL. */
void stacks_set_anchors(struct stacks *s, const char *anchors);
/* Return the stack with this id in that load of the module, or NULL. */
struct stack *stacks_find(const struct stacks *s, uint32_t load, uint32_t id);
void stacks_free(struct stacks *s);

/* Convert bits of enum whydrop_stack_flags to text, "cut, interrupted", and back. */
void stack_flags_text(char *buf, size_t room, unsigned int flags);
unsigned int stack_flags_parse(const char *text);

#endif
