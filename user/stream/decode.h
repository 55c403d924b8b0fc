/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_DECODE_H
#define WHYDROP_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <whydrop.h>

#include "base/hash.h"
#include "base/util.h"
#include "stream/packet.h"

/*
 * From the bytes of a stream to events. Nothing here reads files, prints or
 * has state outside struct decoder, and nothing in the bytes is trusted.
 */

/* A symbol. One of each text, so pointers can be compared. */
struct name {
	uint32_t	len;
	signed char	match;	/* for select.c: 0 not looked at yet */
	bool		clean;	/* needs no escape */
	const char	*line;	/* of lines.c: source line; NULL: none known */
	char		text[];
};

/* They stay until the end, so pointers may be kept. */
struct reason {
	struct reason	*older;	/* what its id meant before */
	uint32_t	id;
	uint32_t	nth;	/* of decoder.reason */
	uint32_t	load;	/* decoder.load when it was told last */
	signed char	match;	/* for select.c: 0 not looked at yet */
	uint64_t	count;	/* for commands: how many events */
	const char	*subsys, *name, *description;
	const char	*label;	/* NAME of the core, else SUBSYS/NAME */
	char		subsys_text[32];	/* room for tables.c */
};

struct out;

struct stack {
	uint32_t	id;
	uint32_t	nth;	/* of decoder.stack, if it lasts */
	uint32_t	load;	/* decoder.load when it was told last */
	uint32_t	reason;
	uint16_t	flags;
	uint16_t	nr;
	uint64_t	count;	/* for commands: how many events */
	struct reason	*named;	/* for commands: its reason, if it has a name */
	char		*shown;	/* for format: its frames as shown_by() has them, or NULL */
	size_t		shown_len;
	void		(*shown_by)(struct out *o, const struct stack *st);
	struct name	*place;
	struct name	*frame[];
};

struct event {
	struct whydrop_event ev;	/* in this machine's byte order */
	const uint8_t	*data;		/* ev.caplen bytes */
	struct reason	*reason;	/* never NULL */
	struct reason	*qdisc;		/* why a qdisc dropped it; NULL: not told */
	struct stack	*stack;		/* NULL: the stream does not tell */
	int64_t		real_ns;	/* since 1970; if has_real */
	bool		has_real;
	bool		tells_mac;	/* whether it is another's: from ABI 1.2 on */
	struct packet	pkt;
};

enum item_type {
	ITEM_HEADER,
	ITEM_META,
	ITEM_CLOCK,
	ITEM_REASON,
	ITEM_STACK,
	ITEM_EVENT,
	ITEM_LOST,
	ITEM_SETTING,
	ITEM_UNKNOWN,		/* of a type that this program does not know */
};

/* What one step decoded. All of it holds until the next step. */
struct item {
	enum item_type	type;
	const void	*bytes;
	size_t		size;
	struct event	*event;		/* ITEM_EVENT */
	struct reason	*reason;	/* ITEM_REASON */
	struct stack	*stack;		/* ITEM_STACK */
	const struct meta *changed;	/* ITEM_SETTING, if it has another value now */
	struct {
		unsigned int	cpu;
		unsigned int	cause;
		uint64_t	count;
	} lost;				/* ITEM_LOST */
};

#define LOAD_ID_LEN 64

struct meta {
	char		*key;
	const char	*value;
};

/*
 * A stream may be several, one behind the other: a header in it starts anew. What
 * ids mean is forgotten unless the same load of the module goes on; what they
 * meant stays, for there are pointers to it.
 */
struct decoder {
	bool		started;
	bool		renewed;	/* by a header, and only META came since */
	uint32_t	load;		/* of the module, counted from 0 */
	char		load_id[LOAD_ID_LEN]; /* of what was before that header */
	bool		swap;		/* written in the other byte order */
	bool		forgets;	/* the caps below were reached */
	uint64_t	offset;		/* of the next record */
	unsigned int	abi_major, abi_minor;
	struct meta	*meta;
	size_t		nr_meta, meta_room;
	struct meta	*setting;	/* of the module, as last told */
	size_t		nr_settings, setting_room;
	unsigned int	setting_changes;
	bool		has_clock;
	int64_t		real_minus_mono;
	struct hash	reasons;	/* by id */
	uint32_t	qdisc_reasons;	/* the bits of their subsystem; 0: unknown */
	struct reason	**reason;	/* in the order of the stream */
	size_t		nr_reasons, nr_older, reason_room;
	size_t		reason_bytes;
	struct reason	unnamed;
	char		unnamed_label[32];
	struct hash	stacks;		/* by id */
	struct stack	**stack;	/* all that last */
	size_t		nr_stacks, stack_room;
	struct stack	*transient;	/* for the next event only */
	void		*scratch;	/* memory of it */
	size_t		scratch_room;
	struct hash	names;		/* by text */
	size_t		memory;		/* of stacks and names */
	struct event	event;
	char		error[160];
};

#define DECODE_BAD	(-1)	/* the bytes are no valid stream */
#define DECODE_ABI	(-2)	/* a version that this program cannot read */

#define RECORD_MAX	(1u << 20)
/* Bounds that only forged recordings reach: a whole program has 64 MB. */
#define REASONS_MAX	65536
#define REASON_BYTES_MAX (12u << 20)	/* of them */
#define META_MAX	64
#define SETTINGS_MAX	16
#define MEMORY_MAX	(16u << 20)	/* of stacks and names */

void decoder_init(struct decoder *d);
void decoder_free(struct decoder *d);

/*
 * Decode the header or record at @buf.
 * Return: its size; 0 if @len bytes are not yet all of it; else DECODE_BAD or
 * DECODE_ABI, with d->error saying what and where.
 */
long decoder_step(struct decoder *d, const void *buf, size_t len,
		  struct item *it);

/*
 * Whose is the recording that begins at @buf? Then @other has its META; to be freed
 * in any case. False: that may go on behind @len bytes.
 */
bool decoder_peek(struct decoder *other, const void *buf, size_t len);

/* The stream ended and @left bytes of a record are there: 0 or DECODE_BAD. */
int decoder_end(struct decoder *d, size_t left);

/* The name that stands for reasons where the kernel gives none. */
#define REASON_NONE "NOT_AVAILABLE"
/* Whose reason it is, as JSON has it; NULL: nobody knows, or there is none. */
const char *reason_subsys(const struct reason *r);

/*
 * Reason number @id. If no record named it, this is &d->unnamed, which the next
 * one without a name is, too.
 */
struct reason *decoder_reason(struct decoder *d, uint32_t id);

/* Set a META key, as a record would. */
void decoder_set_meta(struct decoder *d, const char *key, const char *value);
/* Value of a META key, or NULL. */
const char *decoder_meta(const struct decoder *d, const char *key);

/* Value of a parameter of the module, or NULL: the stream does not tell. */
const char *decoder_setting(const struct decoder *d, const char *name);

/* The stack of this id, or NULL. */
struct stack *decoder_stack(const struct decoder *d, uint32_t id);

/* meta.c: lists of them. Set a key; true: it was something else. */
bool meta_set(struct meta **list, size_t *nr, size_t *room, size_t max, const char *key,
	      const char *value);
void meta_clear(struct meta *list, size_t *nr);

/* stacks.c: add what a STACK record has, its strings checked; let go of all. */
struct stack *stacks_add(struct decoder *d, const struct whydrop_stack_rec *rec, const char *text,
		const char *end);
void stacks_free(struct decoder *d);

/* What may be kept of an event: not its stack, nor its bytes. */
static inline struct event event_kept(const struct event *e)
{
	struct event kept = *e;

	kept.stack = NULL;
	kept.data = NULL;
	kept.pkt = (struct packet){ 0 };
	return kept;
}

/* Does the event have a stack to show, not just a place? */
static inline bool event_has_stack(const struct event *e)
{
	return e->stack && e->stack->nr &&
	       !(e->stack->flags & WHYDROP_STACK_PLACE_ONLY) &&
	       (e->ev.stack_kind == WHYDROP_STACK_BY_ID ||
		e->ev.stack_kind == WHYDROP_STACK_INLINE);
}

/*
 * A frame that the kernel takes for another host's, though its MAC address is not
 * one: the kernel has no device for its VLAN. From 6.2 on, and 6.1.y, it forgets the id.
 */
bool event_unknown_vlan(const struct event *e);

/* stacks.c: "cut, interrupted" for bits of enum whydrop_stack_flags, and back */
void stack_flags_text(char *buf, size_t room, unsigned int flags);
unsigned int stack_flags_parse(const char *text);

#endif
