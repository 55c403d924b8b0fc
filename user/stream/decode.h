/* SPDX-License-Identifier: GPL-2.0-only */
/* Decodes the bytes of a stream into events. */
#ifndef WHYDROP_DECODE_H
#define WHYDROP_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/util.h"
#include "stream/event.h"
#include "stream/host.h"
#include "stream/meta.h"
#include "stream/owner.h"
#include "stream/stacks.h"

/*
 * The decoder reads no files, prints nothing, has no state outside struct decoder, and
 * trusts nothing in the bytes.
 */

enum item_type {
	ITEM_HEADER,
	ITEM_META,
	ITEM_CLOCK,
	ITEM_REASON,
	ITEM_STACK,
	ITEM_EVENT,
	ITEM_LOST,
	ITEM_SETTING,
	ITEM_NAME,
	ITEM_HOST,
	ITEM_UNKNOWN,		/* of a type that this program does not know */
};

/* What one step decoded. Valid until the next step. */
struct item {
	enum item_type	type;
	const void	*bytes;
	size_t		size;
	struct event	*event;		/* ITEM_EVENT */
	struct reason	*reason;	/* ITEM_REASON */
	struct stack	*stack;		/* ITEM_STACK */
	const struct meta *changed;	/* ITEM_SETTING, if it has another value now */
	struct owner	name;		/* ITEM_NAME */
	struct {
		const struct host *host;	/* NULL: all are of the same */
		unsigned int	cpu;
		unsigned int	cause;
		uint64_t	count;
		bool		has_seq;	/* not of the stream: of resume.h */
		uint64_t	seq;		/* of the first of them */
	} lost;				/* ITEM_LOST */
};

#define LOAD_ID_LEN 64

/*
 * A stream may consist of several, one after the other, each with a header. Unless a header
 * belongs to the same load of the module, ids lose their meaning; the reasons and stacks
 * that they stood for are kept, because there are pointers to them.
 */
struct decoder {
	bool		started;
	bool		renewed;	/* there was a header, and since then only META */
	uint32_t	load;		/* of the module, counted from 0 */
	char		load_id[LOAD_ID_LEN]; /* before that header */
	bool		swap;		/* written in the other byte order */
	uint64_t	offset;		/* of the next record */
	unsigned int	abi_major, abi_minor;
	struct meta_list meta;
	struct meta_list settings;	/* of the module, as last read */
	unsigned int	setting_changes;
	bool		has_clock;
	uint64_t	first_ns;	/* CLOCK_MONOTONIC of the first of these: when the stream began */
	int64_t		real_minus_mono;
	struct hash	reasons;	/* by id */
	uint32_t	qdisc_reasons;	/* the bits of their subsystem; 0: unknown */
	struct reason	**reason;	/* in the order of the stream */
	size_t		nr_reasons, nr_older, reason_room;
	size_t		reason_bytes;
	struct reason	unnamed;
	char		unnamed_label[32];
	struct stacks	stacks;
	struct host	**hosts;	/* of a stream of several, by CPU; or NULL */
	struct event	event;
	char		error[160];
};

#define DECODE_BAD	(-1)	/* the bytes are no valid stream */
#define DECODE_ABI	(-2)	/* a version that this program cannot read */

#define RECORD_MAX	(1u << 20)
/* Limits that only forged recordings reach, so that the program stays below 64 MB. */
#define REASONS_MAX	65536
#define REASON_BYTES_MAX (8u << 20)	/* of them */
#define META_MAX	64
#define SETTINGS_MAX	16

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
 * Read the META of the recording that begins at @buf into @other, which is to be freed in
 * any case. Return: false if it may not end within @len bytes: call again when there are
 * more, with the same *@peeked, which is 0 at first, when @other is empty.
 */
bool decoder_peek(struct decoder *other, size_t *peeked, const void *buf, size_t len);

/* The stream has ended with @left bytes of a record. Return: 0 or DECODE_BAD. */
int decoder_end(struct decoder *d, size_t left);

/* Return the subsystem of a reason, as in JSON; NULL: unknown, or there is no reason. */
const char *reason_subsys(const struct reason *r);

/*
 * Return reason number @id. If no record named it, this is &d->unnamed, which the next call
 * for one without a name overwrites.
 */
struct reason *decoder_reason(struct decoder *d, uint32_t id);

/* Set a META key, as a record would. */
static inline void decoder_set_meta(struct decoder *d, const char *key, const char *value)
{
	meta_set(&d->meta, META_MAX, key, value);
}

/* Value of a META key, or NULL. */
static inline const char *decoder_meta(const struct decoder *d, const char *key)
{
	return meta_get(&d->meta, key);
}

/* Value of a parameter of the module, or NULL: the stream does not have it. */
static inline const char *decoder_setting(const struct decoder *d, const char *name)
{
	return meta_get(&d->settings, name);
}

/* Whose CPU it is, or NULL: all are of the same. */
static inline const struct host *decoder_host(const struct decoder *d, unsigned int cpu)
{
	return d->hosts ? d->hosts[cpu / WHYDROP_HOST_CPUS % HOST_BLOCKS] : NULL;
}

/* The stack of this id, or NULL. */
static inline struct stack *decoder_stack(const struct decoder *d, uint32_t id)
{
	return stacks_find(&d->stacks, d->load, id);
}

#endif
