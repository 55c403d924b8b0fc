/* SPDX-License-Identifier: GPL-2.0-only */
/* What --host-labels and --label put into each JSON line. */
#ifndef WHYDROP_LABELS_H
#define WHYDROP_LABELS_H

#include "stream/decode.h"

struct labels {
	bool		host;		/* node, boot_id, load_id */
	char		*own;		/* of --label, as JSON, each after a comma; or NULL */
	unsigned int	nr;		/* of these */
	char		*text;		/* all of them, likewise */
	size_t		len;
};

/* Add KEY=VALUE. Return: 0, or EXIT_USAGE, with the error reported. */
int labels_add(struct labels *l, const char *label);
/* Once the host is known, or another one. */
void labels_set_host(struct labels *l, const struct decoder *d);
void labels_free(struct labels *l);

#endif
