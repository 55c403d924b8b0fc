/* SPDX-License-Identifier: GPL-2.0-only */
/* What to read, and which events of it to show. */
#ifndef WHYDROP_REQUEST_H
#define WHYDROP_REQUEST_H

#include "base/out.h"
#include "names/names.h"
#include "select/select.h"
#include "stream/inputs.h"

/* The part of the options that the rooms below the commands need. */
struct request {
	const char	*debugfs;	/* directory of the module's files */
	const char	*parameters;	/* directory of its parameters */
	const char	*file;		/* the first -f; NULL: the module */
	struct inputs	in;		/* the recordings of all -f */
	char		*again;		/* " -f FILE ...", for commands to paste; "": the module */
	struct selection sel;
	uint64_t	limit;		/* -c; UINT64_MAX: none */
	int64_t		duration_ms;	/* --duration; -1: none */
	int		ready_fd;	/* --ready-fd; -1: none */
	bool		two_streams;	/* are open at a time, and share memory */
	struct names	*names;		/* NULL: --names off */
	struct sysmap	*map;		/* -S, or NULL */
	bool		tell_nameless;	/* once, where places have no names */
	unsigned int	needs_names;	/* NAMES_...: what is shown of them */
	/* Flushed before messages; if it cannot be written, the walk ends. */
	struct out	*out;
};

#endif
