// SPDX-License-Identifier: GPL-2.0-only
/* Keeps what is most frequent: the algorithm of Misra and Gries, with weights. */
#include <stdlib.h>
#include <string.h>

#include "alarm/most.h"
#include "base/util.h"

/* Make room by taking from all what the rarest has, or @count. Return: what is left of it. */
static uint64_t take_from_all(struct most *m, uint64_t count)
{
	uint64_t least = count;
	size_t i, nr = 0;

	for (i = 0; i < m->nr; i++)
		least = MIN(least, m->one[i].count);
	for (i = 0; i < m->nr; i++) {
		m->one[i].count -= least;
		if (m->one[i].count)
			m->one[nr++] = m->one[i];
		else
			free(m->one[i].text);
	}
	m->nr = nr;
	return count - least;
}

void most_add(struct most *m, const char *text, uint32_t number, uint64_t count)
{
	size_t i;

	for (i = 0; i < m->nr; i++) {
		if (m->one[i].number == number && !strncmp(m->one[i].text, text, ALARM_TEXT)) {
			m->one[i].count += count;
			return;
		}
	}
	if (m->nr == MOST_MAX)
		count = take_from_all(m, count);
	if (count)
		m->one[m->nr++] = (struct most_one){
			count, number, text_copy(text, strnlen(text, ALARM_TEXT))
		};
}

const struct most_one *most_first(const struct most *m)
{
	const struct most_one *first = NULL;
	size_t i;

	for (i = 0; i < m->nr; i++)
		if (!first || m->one[i].count > first->count)
			first = &m->one[i];
	return first;
}

void most_clear(struct most *m)
{
	while (m->nr)
		free(m->one[--m->nr].text);
}
