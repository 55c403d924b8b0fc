// SPDX-License-Identifier: GPL-2.0-only
/* Reads NAME records: the name of a namespace, the process of a socket. */
#include <string.h>

#include "base/util.h"
#include "stream/owner.h"

bool owner_decode(struct owner *o, const char *pos, const char *end)
{
	const char *text, *nul;
	uint64_t pid;

	for (; pos < end; pos = nul + 1) {
		text = pos;
		nul = memchr(pos, '\0', end - pos);
		if (!nul)
			return false;
		if (!strncmp(text, "name=", 5) && text[5])
			o->name = text + 5;
		else if (!strncmp(text, "comm=", 5))
			o->comm = text + 5;
		else if (!strncmp(text, "unit=", 5) && text[5])
			o->unit = text + 5;
		else if (!strncmp(text, "pid=", 4) && parse_u64(text + 4, INT32_MAX, &pid))
			o->pid = pid;
	}
	return true;
}
