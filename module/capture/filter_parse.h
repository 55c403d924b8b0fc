/* SPDX-License-Identifier: GPL-2.0 */
/* Parses the texts of filters, in a task. */
#ifndef WHYDROP_FILTER_PARSE_H
#define WHYDROP_FILTER_PARSE_H

#include "capture/filter_list.h"

struct bpf_prog;

/*
 * Each function parses the text of the parameter of its name. Context: task. Return: 0,
 * -ENOMEM, or -EINVAL with a line in the log that says what is wrong and where.
 */

/* @strict: a name that no reason has is an error; @slots: whether they pass. */
int whydrop_parse_reasons(const char *text, bool strict, bool *slots);
int whydrop_parse_devs(const char *text, struct whydrop_filter_list *list);
int whydrop_parse_netns(const char *text, struct whydrop_filter_list *list);
int whydrop_parse_packet(const char *text, struct bpf_prog **prog);

#endif /* WHYDROP_FILTER_PARSE_H */
