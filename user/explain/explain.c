// SPDX-License-Identifier: GPL-2.0-only
/* Looks up the advice on a reason or a place, and fits it to the case at hand. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "stream/decode.h"
#include "explain/explain.h"
#include "explain/table.h"

const struct explain *explain_find(const char *label)
{
	size_t i;

	for (i = 0; i < nr_explain; i++)
		if (match_words(explain_table[i].names, label, false))
			return &explain_table[i];
	return NULL;
}

bool explain_is_word(const char *s)
{
	size_t i;

	for (i = 0; s[i]; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("_./@:", s[i]) && (s[i] != '-' || !i))
			return false;
	return i;
}

static size_t put_char(char *out, size_t at, size_t room, char c)
{
	if (at + 1 < room)
		out[at++] = c;
	return at;
}

/* "whydrop list", at @p: how long; 0: it is something else. */
static size_t whydrop_command_length(const char *p)
{
	size_t len = sizeof("whydrop ") - 1;

	if (strncmp(p, "whydrop ", len))
		return 0;
	while (isalpha((unsigned char)p[len]))
		len++;
	return len;
}

char *explain_line(const char **pos, const struct explain_words *words, char *out, size_t room,
		   char **why)
{
	const char *p = *pos, *val, *again = words->again;
	size_t n = 0, len;

	/* A command that is cut would be another one. */
	if (again && strlen(again) > room / 2)
		again = " -f FILE";

	if (!*p)
		return NULL;
	while (*p && *p != '\n') {
		for (len = 0; isalnum((unsigned char)p[len]) || p[len] == '_'; len++)
			;
		val = NULL;
		if (again && len == 7 && whydrop_command_length(p)) {
			for (len = whydrop_command_length(p); len; len--)
				n = put_char(out, n, room, *p++);
			for (val = again; *val; val++)
				n = put_char(out, n, room, *val);
			continue;
		}
		if (len == 6 && !strncmp(p, "REASON", 6))
			val = words->reason;
		else if (len == 3 && !strncmp(p, "DEV", 3))
			val = words->dev;
		if (val && explain_is_word(val)) {
			/* sysctl separates by dots, unless it is one of a name. */
			bool dotted = p > *pos && p[-1] == '.';

			for (; *val; val++)
				n = put_char(out, n, room, dotted && *val == '.' ? '/' : *val);
			p += len;
			continue;
		}
		len = len ? len : 1;
		while (len--)
			n = put_char(out, n, room, *p++);
	}
	out[n] = '\0';
	*pos = p + (*p == '\n');
	*why = strstr(out, " # ");
	if (*why) {
		**why = '\0';
		*why += 3;
	}
	return out;
}
