/* SPDX-License-Identifier: GPL-2.0-only */
/* Explains counters of lost packets. */
#ifndef WHYDROP_CMD_COUNTER_H
#define WHYDROP_CMD_COUNTER_H

#include "commands/command.h"

/*
 * Explain the counters that @word names, in all layers, or those that a driver
 * may call so. False: there are none. @shown: how many things stand above it already.
 */
bool explain_counter(struct options *opt, const char *word, unsigned int *shown);

/* Write a paragraph about the counters that have drops of this reason, if there are any. */
void counters_show(struct out *o, const char *label);
/* The same as a member of a JSON object. */
void counters_json(struct out *o, const char *label);

#endif
