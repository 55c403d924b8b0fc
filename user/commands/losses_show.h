/* SPDX-License-Identifier: GPL-2.0-only */
/* Shows a table of losses. */
#ifndef WHYDROP_LOSSES_SHOW_H
#define WHYDROP_LOSSES_SHOW_H

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
	uint64_t	netns;		/* inode of the namespace; 0: not known */
};

/* True if what the module saw is of other namespaces or counters, too. */
bool losses_show_text(const struct loss_view *v);
void losses_show_json(const struct loss_view *v);
/* What it is called: by its driver, if that counts it. */
static inline const char *loss_name(const struct loss_row *r)
{
	return r->name ? r->name : r->counter->name;
}

#endif
