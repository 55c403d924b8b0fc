/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of the fields of an event, and how they are shown. */
#ifndef WHYDROP_FIELDS_H
#define WHYDROP_FIELDS_H

#include "names/names.h"
#include "stream/decode.h"
#include "base/out.h"
#include "format/labels.h"

/* Text, -o, JSON and `whydrop fields` all use this one table. */
enum when { WHEN_ABS, WHEN_UTC, WHEN_REL, WHEN_MONO, WHEN_NONE };

#define FIELDS_MAX 64

/* How to show events, and cached results. */
struct fmt {
	struct out	*out;
	struct labels	labels;		/* of each JSON line */
	enum when	when;
	bool		stack;		/* -s */
	bool		hex;		/* -x */
	bool		lines;		/* -l */
	bool		data;		/* -o data: the bytes as a field */
	bool		verbose;	/* -v */
	bool		header;		/* no -H */
	bool		narrow;		/* two short lines an event */
	const struct field **chosen;	/* -o; NULL: the usual ones */
	size_t		nr_chosen, chosen_room;
	const struct field *member[FIELDS_MAX];	/* fields in JSON, in their order */
	size_t		nr_members;
	const struct field *column[6], *flow, *at, *ctx, *current;
	unsigned int	nr_columns;
	size_t		shown;		/* bytes of all stack.shown so far */
	const struct field *pair[20];	/* of -v */
	bool		has_first;	/* WHEN_REL counts from */
	uint64_t	first_ns;
	struct {			/* last shown in a comment */
		int	year, day;	/* -1: none yet */
		long	offset;		/* from UTC, seconds */
	} date;
	struct names	*names;		/* NULL: --names off */
	struct netns_text {		/* "netns" with its name, as JSON */
		uint32_t ino, batch, len;
		uint64_t from;		/* of events since then */
		char	text[100];
	} netns[16];
	struct second {
		bool	valid;
		int64_t	sec;
		char	text[24];
	} utc, local;
};

enum kind { KIND_NULL, KIND_NUMBER, KIND_STRING, KIND_BOOL, KIND_LIST, KIND_LINES, KIND_INNER,
	    KIND_NETNS, KIND_PROC };

struct value {
	enum kind	kind;
	uint64_t	number;
	const char	*str;		/* not escaped */
	size_t		len;
	bool		clean;		/* needs no escapes */
	struct name	*const *list;
	size_t		nr;
	struct stack	*stack;		/* KIND_LIST: the stack that has the list */
	struct tunnel	tunnel;		/* KIND_INNER */
	const struct event *event;	/* KIND_NETNS: the event that has it */
	const struct proc *proc;	/* KIND_PROC */
	char		buf[2 * WHYDROP_SNAPLEN_MAX + 16];
};

struct field {
	const char	*key;
	short		width;
	bool		right;		/* its column is right-aligned */
	bool		on_request;	/* JSON has it only if -o names it */
	enum color	color;
	enum kind	kind;
	const char	*meaning;
	char		json[17];	/* the key in JSON, with a comma before it */
	unsigned char	json_len;
	bool		sock;		/* in the object "sock" */
};

extern const struct field fields[];
extern const size_t nr_fields;

const struct field *field_find(const char *key);
void field_value(const struct field *fl, struct fmt *f, const struct event *e,
		 bool text, struct value *v);
/* Add the fields of a list. Return: 0, or EXIT_USAGE, with the error reported. */
int fields_choose(struct fmt *f, const char *list);
/* Determine the fields that JSON has: each once, in the order of the table. */
void fields_members(struct fmt *f);

void fmt_init(struct fmt *f, struct out *o);

/*
 * Write the frames of a stack by @put. The result is cached, because a storm has few stacks,
 * and each event shows one.
 */
void stack_put_once(struct fmt *f, struct stack *st,
		    void (*put)(struct out *o, const struct stack *st));

#endif
