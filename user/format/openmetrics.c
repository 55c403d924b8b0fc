// SPDX-License-Identifier: GPL-2.0-only
/* Writes values of labels, for Prometheus. */
#include <string.h>

#include "base/util.h"
#include "format/openmetrics.h"

void openmetrics_value(struct out *o, const char *s, size_t len)
{
	static const size_t most = 256;
	size_t start, nr, i;
	char text[4 * 256];

	out_reserve(o, 8 * most);
	start = o->nr;
	out_text(o, s, MIN(len, most));
	nr = o->nr - start;
	memcpy(text, o->buf + start, nr);
	o->nr = start;
	for (i = 0; i < nr; i++) {
		if (text[i] == '"' || text[i] == '\\')
			out_chr(o, '\\');
		out_chr(o, text[i]);
	}
}
