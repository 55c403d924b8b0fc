/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads NAME records: the name of a namespace, the process of a socket. */
#ifndef WHYDROP_OWNER_H
#define WHYDROP_OWNER_H

#include <stdbool.h>
#include <stdint.h>

struct owner {
	unsigned int	kind;			/* enum whydrop_name_kind */
	uint32_t	id;
	const char	*name, *comm, *unit;	/* in the record; NULL: it has none */
	int		pid;			/* 0: it has none */
};

/* Read the strings from @pos up to @end. Return: false if one of them does not end. */
bool owner_decode(struct owner *o, const char *pos, const char *end);

#endif
