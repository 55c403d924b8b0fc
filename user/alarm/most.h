/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps what is most frequent, in a bound of memory whatever comes. */
#ifndef WHYDROP_MOST_H
#define WHYDROP_MOST_H

#include <stddef.h>
#include <stdint.h>

#define MOST_MAX 16
/* No text is longer, so that a line fits in a buffer. */
#define ALARM_TEXT 400

/* What more than a sixteenth of all have is among them; counts are lower bounds. */
struct most {
	size_t		nr;
	struct most_one {
		uint64_t	count;
		uint32_t	number;
		char		*text;
	} one[MOST_MAX];
};

/* @text, which is copied, and @number are the key. */
void most_add(struct most *m, const char *text, uint32_t number, uint64_t count);
/* Return the most frequent one; NULL: there is none. */
const struct most_one *most_first(const struct most *m);
void most_clear(struct most *m);

#endif
