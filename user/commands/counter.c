// SPDX-License-Identifier: GPL-2.0-only
/* Explains what a counter of lost packets means, for `whydrop explain'. */
#include <string.h>

#include "commands/advice.h"
#include "commands/counter.h"
#include "commands/losses_show.h"
#include "losses/counters.h"
#include "losses/driver.h"

static const struct explain_words no_words;

static void show_text(struct out *o, const struct counter *c)
{
	const char *pos = c->look;
	char line[512], *why;

	out_color(o, COLOR_BAD);
	out_str(o, c->name);
	out_color(o, COLOR_OFF);
	out_fmt(o, "\n  A counter of the layer %s", c->layer);
	if (c->part_of)
		out_fmt(o, "; %s has the same packets", c->part_of);
	out_chr(o, '\n');
	advice_words(o, "  ", "  ", c->meaning);
	out_fmt(o, "  Does whydrop see it? %s%s%s\n", loss_seen_word[c->seen], c->why ? ": " : "",
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
	out_json_str(o, "seen", loss_seen_word[c->seen]);
	out_json_str(o, "why", c->why);
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

static void show(struct options *opt, const struct counter *c, bool more)
{
	if (opt->json) {
		show_json(opt->out, c);
	} else {
		out_str(opt->out, more ? "\n" : "");
		show_text(opt->out, c);
	}
}

bool explain_counter(struct options *opt, const char *word, unsigned int *shown)
{
	const struct counter *c;
	unsigned int nr = 0;
	size_t i = 0;

	while ((c = counter_next(&i)))
		if (!strcmp(c->name, word))
			show(opt, c, *shown + nr++);
	/* As drivers call theirs, which may be anything. */
	if (!nr && (c = match_words("rx* tx* port.* *_rx_* *_tx_*", word, false) ?
			counter_of_driver("", word) : NULL))
		show(opt, c, *shown + nr++);
	*shown += nr;
	return nr;
}
