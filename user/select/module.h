/* SPDX-License-Identifier: GPL-2.0-only */
/* The module's files and parameters that a selection depends on. */
#ifndef WHYDROP_MODULE_H
#define WHYDROP_MODULE_H

#include "select/request.h"

/* Return the text of the module's file @name, to be freed; or NULL and *@err, reported. */
char *module_table(const struct request *rq, const char *name, int *err);
/* Report that @line of the file is malformed. Return: EXIT_FAILED. */
int module_report_malformed(const struct request *rq, const char *name, const char *line);

/* Set names and subsystem of @r from SUBSYSTEM/NAME, or from a NAME of the core. */
void reason_split_label(struct reason *r, const char *label);

/* The file `reasons'. */
struct reason_table {
	char		*text;
	struct reason	*reason;
	struct reason	**index;	/* for select_check_reasons() */
	size_t		nr, room;
};

/* Return: 0, or an exit code, with the error reported. */
int module_reasons(const struct request *rq, struct reason_table *t);
void module_reasons_free(struct reason_table *t);
/* Check -r against the running kernel's reasons. */
int module_check_reasons(struct request *rq);

bool module_disabled(const struct request *rq);
/*
 * Return the value of the next parameter, from *@nr on, that keeps drops from being recorded,
 * to be freed; NULL: there are no more.
 */
char *module_filter(const struct request *rq, unsigned int *nr, const char **name);
/* Write all of these to stderr. */
void module_report_filters(const struct request *rq);
/* Say, once, why places are offsets, if the command accepts -S. */
void module_report_nameless(struct request *rq);

#endif
