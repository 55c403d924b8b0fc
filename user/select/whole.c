// SPDX-License-Identifier: GPL-2.0-only
/* Finds out whether a stream has all events, from the first one on. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "select/whole.h"

/* Do the module's filters leave anything out, as the recording says? */
static bool is_filtered(const struct decoder *d)
{
	static const char *const names[] = { "reasons", "devs", "netns", "packet_filter" };
	const char *value = decoder_setting(d, "enabled");
	size_t i;

	if (!value || strcmp(value, "1") || d->setting_changes)
		return true;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		value = decoder_setting(d, names[i]);
		if (value && *value && strcmp(value, "*"))
			return true;
	}
	value = decoder_meta(d, "selected");
	return value && *value;
}

bool stream_is_whole(const struct stream *s)
{
	char *stats;
	bool whole;
	size_t i;

	for (i = 0; i < LOST_CAUSES; i++)
		if (s->lost.by_cause[i])
			return false;
	if (s->rq->file)
		return !s->dec.load && cover_is_whole(&s->cover) && !is_filtered(&s->dec);
	stats = read_text(s->rq->debugfs, "stats", NULL);
	whole = stats && strstr(stats, "\nfiltered: 0\n");
	free(stats);
	return whole;
}
