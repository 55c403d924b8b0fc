/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes pcapng files. */
#ifndef WHYDROP_PCAPNG_H
#define WHYDROP_PCAPNG_H

#include "names/names.h"
#include "stream/decode.h"
#include "base/out.h"

/*
 * Writes events as packets of a pcapng file. Each (device, namespace, link type) is an
 * interface, described before its first packet. The comment of a packet says why and where
 * it was dropped. @out is flushed in whole blocks only.
 */
struct pcapng {
	struct out	*out;
	struct out	*text;		/* buffer for comments */
	unsigned int	max_frames;	/* of a stack in a comment */
	struct pcapng_if **iface;	/* in the order of their numbers */
	size_t		nr, room;
	struct pcapng_if *last;		/* of the last packet */
	struct names	*names;		/* NULL: --names off */
	const char	*netns_name;	/* of the packet that is being written; NULL: unknown */
	struct hash	by_key;
	uint64_t	time;		/* of the last packet */
	uint64_t	lost[6];	/* by cause, 0: unknown ones */
	bool		stale;		/* there are losses that no block has yet */
};

/* Interfaces beyond this number share one for each link type. */
#define PCAPNG_IF_MAX 4096
void pcapng_init(struct pcapng *p, struct out *o, struct names *names);
void pcapng_free(struct pcapng *p);
/* Write the section header: the first block, once META is known. */
void pcapng_section(struct pcapng *p, const struct decoder *d);
void pcapng_event(struct pcapng *p, const struct event *e);
void pcapng_lost(struct pcapng *p, const struct item *it);
/*
 * Write interface statistics: packets written, events lost. The device of lost events is not
 * known, so all are counted at the interface "-", that of unknown devices. Unless @all, only
 * that one is written, if it has changed.
 */
void pcapng_statistics(struct pcapng *p, bool all);
/* Are there interfaces of more than one link type? Not all programs can read that. */
bool pcapng_mixed(const struct pcapng *p);

#endif
