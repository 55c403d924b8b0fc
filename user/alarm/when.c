// SPDX-License-Identifier: GPL-2.0-only
/* Parses the rules of alarms. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alarm/most.h"
#include "alarm/when.h"
#include "base/util.h"

#define RATE_MAX 1e12
#define TIME_MAX_MS (INT64_C(7) * 86400000)

static const struct unit {
	const char	*name;
	int64_t		ms;
} units[] = {
	{ "s", 1000 }, { "min", 60000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
};

static COLD int wrong(const struct alarm_when *w, const char *at, const char *what)
{
	complain("--when `%s', column %zu: %s", w->text, at - w->text + 1, what);
	hint("REASON or CLASS > RATE for TIME, as 'NO_SOCKET > 10/s for 30s'");
	return EXIT_USAGE;
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* A number without sign, exponent or other bases; NULL: it is none, or too large. */
static const char *parse_number(const char *p, double max, double *val)
{
	size_t len = strspn(p, "0123456789.");
	char text[32], *end;

	snprintf(text, sizeof(text), "%.*s", (int)MIN(len, sizeof(text) - 1), p);
	*val = strtod(text, &end);
	return len && len < sizeof(text) && !*end && *val <= max ? p + len : NULL;
}

/* A unit of time; NULL: it is none. */
static const char *parse_unit(const char *p, int64_t *ms)
{
	size_t i, len = strspn(p, "abcdefghijklmnopqrstuvwxyz");

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (strlen(units[i].name) == len && !strncmp(p, units[i].name, len)) {
			*ms = units[i].ms;
			return p + len;
		}
	}
	return NULL;
}

/* Classes and intents are words in lower case, with dashes; reasons are not. */
static bool is_class(const char *list)
{
	const char *p = list + (*list == '!');

	if (!islower((unsigned char)*p))
		return false;
	for (; *p && *p != ','; p++)
		if (isupper((unsigned char)*p) || *p == '_')
			return false;
	return true;
}

static int parse_list(struct alarm_when *w, size_t len)
{
	char *list = text_copy(w->text, len);
	int err;

	while (len && (list[len - 1] == ' ' || list[len - 1] == '\t'))
		list[--len] = '\0';
	err = is_class(list) ? select_class(&w->sel, list) : select_reason(&w->sel, list);
	free(list);
	return err;
}

static int parse_time(struct alarm_when *w, const char *p)
{
	const char *at = p;
	int64_t unit = 1000;
	double val;

	if (strncmp(p, "for", 3) || (p[3] != ' ' && p[3] != '\t'))
		return wrong(w, p, "`for TIME' or the end is expected");
	at = skip_blanks(p + 3);
	p = parse_number(at, TIME_MAX_MS, &val);
	if (!p)
		return wrong(w, at, "a time is expected, such as 30s or 5min");
	at = p;
	if (isalpha((unsigned char)*p))
		p = parse_unit(p, &unit);
	if (!p)
		return wrong(w, at, "a unit of time is s, min, h or d");
	if (val * unit > TIME_MAX_MS)
		return wrong(w, at, "a time is 7 days at most");
	w->for_ms = val * unit;
	p = skip_blanks(p);
	return *p ? wrong(w, p, "the end is expected") : 0;
}

int when_parse(struct alarm_when *w, const char *text)
{
	const char *p = text + strcspn(text, ">"), *at;
	int err;

	*w = (struct alarm_when){ .text = text, .unit_ms = 1000 };
	if (!*p)
		return wrong(w, p, "`> RATE' is missing");
	if (strlen(text) > ALARM_TEXT)
		return wrong(w, text + ALARM_TEXT, "a rule is not longer");
	if (p == skip_blanks(text))
		return wrong(w, p, "a reason or a class is expected before it");
	err = parse_list(w, p - text);
	if (err) {
		hint("it is of --when '%s'", text);
		return err;
	}
	at = skip_blanks(p + 1);
	p = parse_number(at, RATE_MAX, &w->limit);
	if (!p)
		return wrong(w, at, "a rate is expected, such as 10/s or 5/min");
	at = p;
	if (*p == '/')
		p = parse_unit(p + 1, &w->unit_ms);
	if (!p || w->unit_ms > 3600000)
		return wrong(w, at, "a rate is per /s, /min or /h");
	p = skip_blanks(p);
	return *p ? parse_time(w, p) : 0;
}

void when_free(struct alarm_when *w)
{
	select_free(&w->sel);
}

bool when_same(const struct alarm_when *a, const struct alarm_when *b)
{
	char *x = select_text(&a->sel), *y = select_text(&b->sel);
	bool same = x && y && !strcmp(x, y) && a->limit == b->limit &&
		    a->unit_ms == b->unit_ms && a->for_ms == b->for_ms;

	free(x);
	free(y);
	return same;
}

bool when_matches(struct alarm_when *w, const struct reason *r)
{
	struct reason one = *r;

	/* These are kept for one selection, and there are several. */
	one.match = 0;
	return select_reason_match(&w->sel, &one) &&
	       select_class_match(&w->sel, &one, NULL, NULL, 0);
}
