/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes in, what the program makes of them out. */
#ifndef TESTS_WALK_H
#define TESTS_WALK_H

#include "format/json.h"
#include "format/text.h"
#include "select/select.h"

struct walked {
	unsigned int	headers, metas, reasons, stacks, events, lost, unknown;
	uint64_t	lost_count;
	long		err;		/* of decoder_step() */
	int		end;		/* of decoder_end() */
	char		error[160];
	char		*json;		/* all lines, NUL behind */
	char		*text;
	char		*pcapng;
	size_t		pcapng_len;
};

/*
 * Decode @len bytes, given to the decoder @chunk at a time; render each event
 * if @render. The bytes are in memory of exactly their size, so that a step
 * beyond is noticed.
 */
struct walked walk_bytes(const void *bytes, size_t len, size_t chunk,
			 bool render);
void walked_free(struct walked *w);

/* NULL, or what is wrong with @text as JSON Lines. */
const char *json_wrong(const char *text);
/* NULL, or where @text holds bytes that steer a terminal. */
const char *text_wrong(const char *text);

/* What a pcapng file holds, as its own specification says. */
struct pcapng_seen {
	unsigned int	sections, interfaces, packets, statistics;
	uint64_t	received, dropped;	/* last told, over all interfaces */
	struct {
		unsigned int	iface, link, caplen, len;
		char		name[80];	/* of the interface */
		uint64_t	ns;
		const uint8_t	*data;
		const char	*comment;
		size_t		comment_len;
	} packet[16];				/* the first ones */
};

/* NULL, or what is wrong with @len bytes of one. @seen may be NULL. */
const char *pcapng_wrong(const void *bytes, size_t len, struct pcapng_seen *seen);

#endif
