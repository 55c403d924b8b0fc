// SPDX-License-Identifier: GPL-2.0-only
/* Explains what a counter of lost packets means, for `whydrop explain'. */
#include <stdio.h>
#include <string.h>

#include "commands/advice.h"
#include "commands/counter.h"
#include "losses/counters.h"
#include "losses/driver.h"

static const struct explain_words no_words;

/* @word: what it was asked for by, which a driver may have its own for. */
static void show_text(struct out *o, const struct counter *c, const char *word)
{
	const char *pos = c->look;
	char line[512], *why;

	out_color(o, COLOR_BAD);
	out_text(o, word, strlen(word));
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
	snprintf(line, sizeof(line), "A counter of the layer %s%s%s%s%s", c->layer,
		 strcmp(c->name, word) ? ", of the kind " : "", strcmp(c->name, word) ? c->name : "",
		 c->part_of ? "; the same packets are in " : "", c->part_of ? c->part_of : "");
	advice_words(o, "  ", "  ", line);
	advice_intent(o, counter_intent(c));
	advice_words(o, "  ", "  ", c->meaning);
	out_fmt(o, "  Does whydrop see it? %s%s%s\n", counter_seen(c), c->why ? ": " : "",
		c->why ? c->why : "");
	if (c->reasons)
		advice_words(o, "  By the reasons: ", "    ", c->reasons);
	advice_title(o, "Look at");
	while (explain_line(&pos, &no_words, line, sizeof(line), &why))
		advice_command(o, line, why);
}

static void show_json(struct out *o, const struct counter *c)
{
	const char *names = c->reasons ? c->reasons : "", *pos = c->look;
	char line[512], *why;
	bool first = true;
	size_t len;

	out_str(o, "{\"type\":\"counter_meaning\"");
	out_json_str(o, "layer", c->layer);
	out_json_str(o, "counter", c->name);
	out_json_str(o, "seen", counter_seen(c));
	out_json_str(o, "why", c->why);
	out_json_str(o, "intent", intent_word(counter_intent(c)));
	out_str(o, ",\"reasons\":[");
	for (; *names; names += len + strspn(names + len, " ")) {
		len = strcspn(names, " ");
		out_json(o, names, len);
		out_str(o, names[len] ? "," : "");
	}
	out_chr(o, ']');
	out_json_str(o, "part_of", c->part_of);
	out_json_str(o, "meaning", c->meaning);
	out_str(o, ",\"look\":[");
	while (explain_line(&pos, &no_words, line, sizeof(line), &why))
		advice_json_command(o, &first, line, why);
	out_str(o, "]}\n");
}

static void show(struct options *opt, const struct counter *c, const char *word, bool more)
{
	if (opt->json) {
		show_json(opt->out, c);
	} else {
		out_str(opt->out, more ? "\n" : "");
		show_text(opt->out, c, word);
	}
}

bool explain_counter(struct options *opt, const char *word, unsigned int *shown)
{
	const struct counter *c;
	unsigned int nr = 0;
	size_t i = 0;

	while ((c = counter_next(&i)))
		if (!strcmp(c->name, word))
			show(opt, c, word, *shown + nr++);
	/* As drivers call theirs, which may be anything. */
	if (!nr && (c = match_words("rx* tx* port.* *_rx_* *_tx_*", word, false) ?
			counter_of_driver("", word) : NULL))
		show(opt, c, word, *shown + nr++);
	*shown += nr;
	return nr;
}

/*
 * The next one that has the reason. That it has none is one of several causes of many
 * counters, and says nothing.
 */
static const struct counter *next_of_reason(const char *label, size_t *i)
{
	const struct counter *c;

	while ((c = counter_next(i)))
		if (c->reasons && strcmp(label, "NOT_SPECIFIED") && match_words(c->reasons, label, false))
			return c;
	return NULL;
}

void counters_show(struct out *o, const char *label)
{
	const struct counter *c;
	size_t i = 0, len = 0;
	char text[1024];

	while ((c = next_of_reason(label, &i)) && len < sizeof(text))
		len += snprintf(text + len, sizeof(text) - len, "%s%s (%s)", len ? ", " : "", c->name,
				c->layer);
	if (!len)
		return;
	advice_words(o, "  # `whydrop losses' also has them as: ", "  # ", text);
}

void counters_json(struct out *o, const char *label)
{
	const struct counter *c;
	bool first = true;
	size_t i = 0;

	out_str(o, ",\"counted_by\":[");
	for (; (c = next_of_reason(label, &i)); first = false) {
		out_str(o, first ? "{\"layer\":" : ",{\"layer\":");
		out_json(o, c->layer, strlen(c->layer));
		out_json_str(o, "counter", c->name);
		out_chr(o, '}');
	}
	out_chr(o, ']');
}
