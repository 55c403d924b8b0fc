// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps some events of each stack, from its first to its last: each one at first; when there
 * are too many, every other one goes, and from then on half as many are kept.
 */
#include <stdlib.h>
#include <string.h>

#include "tally/picks.h"

#define PICKS_OF_STACK 512

static void free_pick(struct pick *pick)
{
	enum cube_dim i;

	for (i = 0; i < CUBE_DIMS; i++)
		pick->of[i]->refs--;
	free(pick->text);
}

static void thin_out(struct picker *p, struct picks *of)
{
	size_t i;

	for (i = 0; i < of->nr; i++) {
		if (i % 2)
			free_pick(&of->pick[i]);
		else
			of->pick[i / 2] = of->pick[i];
	}
	p->nr -= of->nr / 2;
	of->nr -= of->nr / 2;
	of->stride *= 2;
}

bool pick_wants(struct picker *p, const struct cube_row *row)
{
	struct cube_value *stack = row->of[CUBE_STACK];
	struct picks *of = stack->picks;

	if (!p->max)
		p->max = PICKS_OF_STACK;
	if (!of) {
		/* One of each is kept already. */
		if (p->max == 1 && p->nr >= PICKS_MAX)
			return false;
		of = stack->picks = need(calloc(1, sizeof(*of)));
		of->stride = 1;
		of->next = p->all;
		p->all = of;
	}
	return of->seen++ % of->stride == 0;
}

void pick_keep(struct picker *p, const struct cube_row *row, uint64_t nth, const char *text,
	       size_t len)
{
	struct picks *of = row->of[CUBE_STACK]->picks;
	struct pick *pick;
	enum cube_dim i;

	of->pick = grow(of->pick, of->nr, &of->room, sizeof(*of->pick));
	pick = &of->pick[of->nr++];
	p->nr++;
	pick->nth = nth;
	memcpy(pick->of, row->of, sizeof(pick->of));
	for (i = 0; i < CUBE_DIMS; i++)
		pick->of[i]->refs++;
	pick->text = text_copy(text, len);
	pick->len = len;
	while (of->nr > p->max)
		thin_out(p, of);
	while (p->nr > PICKS_MAX && p->max > 1) {
		p->max /= 2;
		for (of = p->all; of; of = of->next)
			while (of->nr > p->max)
				thin_out(p, of);
	}
}

static int by_nth(const void *a, const void *b)
{
	const struct pick *x = *(const struct pick *const *)a, *y = *(const struct pick *const *)b;

	return (x->nth > y->nth) - (x->nth < y->nth);
}

const struct pick **picker_all(const struct picker *p)
{
	const struct pick **all = need(calloc(p->nr + 1, sizeof(*all)));
	const struct picks *of;
	size_t i, n = 0;

	for (of = p->all; of; of = of->next)
		for (i = 0; i < of->nr; i++)
			all[n++] = &of->pick[i];
	qsort(all, n, sizeof(*all), by_nth);
	return all;
}

void picker_free(struct picker *p)
{
	struct picks *of;

	while ((of = p->all)) {
		p->all = of->next;
		while (of->nr)
			free_pick(&of->pick[--of->nr]);
		free(of->pick);
		free(of);
	}
	memset(p, 0, sizeof(*p));
}
