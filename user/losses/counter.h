/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of a counter of the kernel or of a driver. */
#ifndef WHYDROP_COUNTER_H
#define WHYDROP_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "known/class.h"

/* Does the kernel's drop event, which is all that the module sees, fire for such a loss? */
enum loss_seen {
	LOSS_SEEN,	/* each time */
	LOSS_PARTLY,	/* for some of them */
	LOSS_UNSEEN,	/* never */
	LOSS_NONE,	/* nothing was lost: a warning that it may be */
};

struct counter {
	const char	*layer;
	const char	*name;
	enum loss_seen	seen;
	/*
	 * The reasons that the event has, apart by blanks: of all kernels together, each
	 * of which has some of them. NULL: the kernel gives none, or there is no event.
	 */
	const char	*reasons;
	/* The counter that has the same packets, too; NULL: none. It is not added up. */
	const char	*part_of;
	/* What it mostly means; INTENT_UNKNOWN: what its reasons do, see counter_intent(). */
	enum intent	intent;
	const char	*why;		/* not seen, or only partly: a few words; NULL if seen */
	const char	*meaning;	/* what was lost there, and how that comes */
	const char	*look;		/* COMMAND # WHY, with DEV for a device */
};

#endif
