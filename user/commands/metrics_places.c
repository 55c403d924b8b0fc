// SPDX-License-Identifier: GPL-2.0-only
/* Makes the metric that tells alerts where a reason mostly is, and what to do first. */
#include <string.h>

#include "commands/advice.h"
#include "commands/metrics_places.h"
#include "format/openmetrics.h"
#include "tally/table.h"

/* Of the rows of a reason, the one with most drops; NULL: it has none. */
static const struct stack_row *most_frequent(const struct stack_table *t, const struct reason *r)
{
	const struct stack_row *most = NULL;
	size_t i;

	for (i = 0; i < t->nr; i++)
		if (!strcmp(t->row[i].reason.label, r->label) &&
		    (!most || t->row[i].count > most->count))
			most = &t->row[i];
	return most;
}

static void put_label(struct out *o, const char *word, const char *text, size_t len)
{
	out_str(o, word);
	openmetrics_value(o, text, len);
}

int metrics_places(struct out *o, const struct request *rq, const struct reason_table *reasons)
{
	const struct stack_row *row;
	struct stack_table table;
	const struct reason *r;
	char advice[512];
	const char *at;
	size_t i;
	int err = table_read(rq, &table);

	out_str(o, "# HELP whydrop_reason_info Most frequent place of a reason, and what to do first.\n"
		   "# TYPE whydrop_reason_info gauge\n");
	for (i = 0; !err && i < reasons->nr; i++) {
		r = &reasons->reason[i];
		if (!r->count)
			continue;
		row = most_frequent(&table, r);
		at = row ? row->stack->place->text : "unknown";
		advice_of(row ? at : NULL, &(struct explain_words){ .reason = r->label }, advice,
			  sizeof(advice));
		put_label(o, "whydrop_reason_info{reason=\"", r->name, strlen(r->name));
		put_label(o, "\",subsys=\"", r->subsys, strlen(r->subsys));
		put_label(o, "\",at=\"", at, strcspn(at, "+"));
		put_label(o, "\",advice=\"", advice, strlen(advice));
		out_str(o, "\"} 1\n");
	}
	if (!err)
		table_free(&table);
	return err;
}
