// SPDX-License-Identifier: GPL-2.0-only
/* Prints the counters of `whydrop metrics --losses'. */
#include <stdlib.h>
#include <string.h>

#include "commands/losses_metrics.h"
#include "commands/losses_show.h"
#include "format/openmetrics.h"
#include "losses/counters.h"
#include "losses/order.h"
#include "losses/take.h"

static void put_label(struct out *o, const char *name, const char *value, char before)
{
	out_chr(o, before);
	out_str(o, name);
	out_str(o, "=\"");
	openmetrics_value(o, value, strlen(value));
	out_chr(o, '"');
}

static bool is_same(const struct loss_row *a, const struct loss_row *b)
{
	return !strcmp(a->counter->layer, b->counter->layer) && !strcmp(a->where, b->where) &&
	       !strcmp(loss_name(a), loss_name(b));
}

static void put_row(struct out *o, const struct loss_row *r, uint64_t count)
{
	out_str(o, "whydrop_losses_total");
	put_label(o, "layer", r->counter->layer, '{');
	put_label(o, "where", r->where, ',');
	put_label(o, "counter", loss_name(r), ',');
	put_label(o, "seen", counter_seen(r->counter), ',');
	out_str(o, "} ");
	out_u64(o, count);
	out_chr(o, '\n');
}

static int by_labels(const void *a, const void *b)
{
	const struct loss_row *x = *(struct loss_row *const *)a, *y = *(struct loss_row *const *)b;
	int diff = strcmp(x->counter->layer, y->counter->layer);

	diff = diff ? diff : strcmp(x->where, y->where);
	return diff ? diff : strcmp(loss_name(x), loss_name(y));
}

void metrics_losses(struct out *o, bool into_file)
{
	const char *name = into_file ? "whydrop_losses_total" : "whydrop_losses";
	struct loss_row **rows;
	struct losses l;
	size_t i, nr;
	uint64_t sum = 0;

	losses_take(&l);
	rows = losses_sorted(&l, &nr);
	qsort(rows, nr, sizeof(*rows), by_labels);
	out_fmt(o, "# HELP %s Packets that counters of the kernel and of drivers say were lost.\n", name);
	out_fmt(o, "# TYPE %s counter\n", name);
	for (i = 0; i < nr; i++) {
		if (!strcmp(rows[i]->counter->layer, "socket"))
			continue;
		/* A sample has one value, however many rows have these labels. */
		sum += rows[i]->count;
		if (i + 1 < nr && is_same(rows[i], rows[i + 1]))
			continue;
		put_row(o, rows[i], sum);
		sum = 0;
	}
	free(rows);
	losses_free(&l);
}
