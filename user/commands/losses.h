/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef WHYDROP_CMD_LOSSES_H
#define WHYDROP_CMD_LOSSES_H

#include "commands/command.h"
#include "losses/losses.h"
#include "losses/saw.h"

/* A table of losses, as it is shown. */
struct loss_view {
	struct options	*opt;
	const struct losses *now;
	const struct saw *saw;
	double		seconds;	/* that it is of; 0: since the counters began */
	unsigned int	left;		/* bits of enum left_out */
};

void losses_show_text(const struct loss_view *v);
void losses_show_json(const struct loss_view *v);
/* The rows that have lost something, from the wire to the socket; to be freed. */
struct loss_row **losses_sorted(const struct losses *l, size_t *nr);
/* What nobody but the row's own counter has, and whydrop cannot see. */
uint64_t losses_unseen(const struct losses *l);

/* What it is called: by its driver, if that counts it. */
static inline const char *loss_name(const struct loss_row *r)
{
	return r->name ? r->name : r->counter->name;
}

/* By enum loss_seen. */
extern const char *const loss_seen_word[];

/*
 * counter.c: explain the counters that @word names, in all layers, or those that a driver
 * may call so. False: there are none. @shown: how many things stand above it already.
 */
bool explain_counter(struct options *opt, const char *word, unsigned int *shown);

/* metrics.c: append a label's value: what steers a terminal or is no UTF-8 as \xNN. */
void metrics_value(struct out *o, const char *s, size_t len);
/* losses_metrics.c: all counters but those of sockets, which come and go. */
void metrics_losses(struct out *o, bool into_file);

#endif
