/* SPDX-License-Identifier: GPL-2.0-only */
/* What is decoded from a stream: events, and the reasons, stacks and names they refer to. */
#ifndef WHYDROP_EVENT_H
#define WHYDROP_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <whydrop.h>

#include "stream/meta.h"
#include "stream/packet.h"

/* A symbol. One of each text, so pointers can be compared. */
struct name {
	uint32_t	len;
	signed char	match;	/* for select.c: 0 not looked at yet */
	bool		clean;	/* needs no escape */
	const char	*line;	/* of lines.c: source line; NULL: none known */
	char		text[];
};

struct drop_class;

/* They stay until the end, so pointers may be kept. */
struct reason {
	struct reason	*older;	/* what its id meant before */
	uint32_t	id;
	uint32_t	nth;	/* of decoder.reason */
	uint32_t	load;	/* decoder.load of its last record */
	signed char	match;	/* for select.c: 0 not looked at yet */
	uint64_t	count;	/* for commands: how many events */
	const struct drop_class *class;	/* of known/: NULL: not looked up yet */
	const char	*subsys, *name, *description;
	const char	*label;	/* NAME of the core, else SUBSYS/NAME */
	char		subsys_text[32];	/* room for tables.c */
};

struct out;

struct stack {
	uint32_t	id;
	uint32_t	nth;	/* of decoder.stack, if it lasts */
	uint32_t	load;	/* decoder.load of its last record */
	uint32_t	reason;
	uint16_t	flags;
	uint16_t	nr;
	uint64_t	count;	/* for commands: how many events */
	struct reason	*named;	/* for commands: its reason, if it has a name */
	const struct drop_class *class;	/* of known/: NULL: not looked up yet; */
	const struct reason *class_with;	/* and with which reason */
	char		*shown;	/* for format: its frames as shown_by() has them, or NULL */
	size_t		shown_len;
	void		(*shown_by)(struct out *o, const struct stack *st);
	struct name	*place;
	struct name	*frame[];
};

/* Of a stream of several: some of its CPUs. */
struct host {
	const char	*label;		/* as who merged the streams called it */
	struct meta_list meta;		/* its own */
	unsigned int	first, there;	/* the same CPU, here and there */
	void		*rec;		/* as it was read */
	size_t		size;
};

struct event {
	struct whydrop_event ev;	/* in this machine's byte order */
	const uint8_t	*data;		/* ev.caplen bytes */
	struct reason	*reason;	/* never NULL */
	struct reason	*qdisc;		/* why a qdisc dropped it; NULL: not known */
	struct stack	*stack;		/* NULL: the stream does not have it */
	int64_t		real_ns;	/* since 1970; if has_real */
	bool		has_real;
	bool		tells_mac;	/* whether it is another's: from ABI 1.2 on */
	const struct host *host;	/* NULL: all are of the same */
	struct packet	pkt;
};

/* The name that stands for reasons where the kernel gives none. */
#define REASON_NONE "NOT_AVAILABLE"

/* What may be kept of an event: not its stack, nor its bytes. */
static inline struct event event_kept(const struct event *e)
{
	struct event kept = *e;

	kept.stack = NULL;
	kept.host = NULL;
	kept.data = NULL;
	kept.pkt = (struct packet){ 0 };
	return kept;
}

/* The number of a CPU on its host. */
static inline unsigned int cpu_there(const struct host *h, unsigned int cpu)
{
	return h ? cpu - h->first + h->there : cpu;
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
static inline bool event_unknown_vlan(const struct event *e)
{
	return e->tells_mac && !strcmp(e->reason->label, "OTHERHOST") &&
	       (e->ev.flags & (WHYDROP_EV_MAC | WHYDROP_EV_OTHER_MAC)) == WHYDROP_EV_MAC;
}

#endif
