// SPDX-License-Identifier: GPL-2.0-only
/* Shows the advice of `whydrop explain', and what is known of places. */
#include <stdio.h>
#include <string.h>

#include "commands/advice.h"
#include "known/drop.h"

static const struct explain_words none;

void advice_words(struct out *o, const char *first, const char *indent, const char *words)
{
	int width = o->columns >= 40 && o->columns < 80 ? o->columns : 80;
	int used = strlen(first);
	bool start = true;
	size_t len;

	out_str(o, first);
	for (; *words; words += len + (words[len] == ' ')) {
		len = strcspn(words, " ");
		if (!start && used + 1 + (int)len > width) {
			out_fmt(o, "\n%s", indent);
			used = strlen(indent);
		} else if (!start) {
			out_chr(o, ' ');
			used++;
		}
		out_text(o, words, len);
		used += len;
		start = false;
	}
	out_chr(o, '\n');
}

static const char *const intent_text[] = {
	[INTENT_USUAL] = "usual on a healthy host",
	[INTENT_SUSPICIOUS] = "suspicious: a fault elsewhere or a wrong setting",
	[INTENT_BAD] = "bad: no room, or something is broken",
};

void advice_class(struct out *o, const struct drop_class *c)
{
	char line[160];

	if (!c->name || c->intent == INTENT_UNKNOWN)
		return;
	snprintf(line, sizeof(line), "%s, mostly %s", c->name, intent_text[c->intent]);
	advice_words(o, "  Kind: ", "    ", line);
}

void advice_intent(struct out *o, enum intent intent)
{
	out_fmt(o, "  Mostly %s\n", intent_text[intent]);
}

void advice_title(struct out *o, const char *title)
{
	out_color(o, COLOR_FAINT);
	out_fmt(o, "# %s", title);
	out_color(o, COLOR_OFF);
	out_chr(o, '\n');
}

void advice_command(struct out *o, const char *command, const char *why)
{
	if (why && strlen(command) + strlen(why) > 72)
		out_fmt(o, "  # %s\n", why);
	out_str(o, "  ");
	out_text(o, command, strlen(command));
	if (why && strlen(command) + strlen(why) <= 72) {
		out_color(o, COLOR_FAINT);
		out_fmt(o, "  # %s", why);
		out_color(o, COLOR_OFF);
	}
	out_chr(o, '\n');
}

void advice_json_texts(struct out *o, const char *key, const char *lines)
{
	char line[512], *why;
	bool first = true;

	out_json_key(o, key);
	out_chr(o, '[');
	for (; lines && explain_line(&lines, &none, line, sizeof(line), &why); first = false) {
		out_str(o, first ? "" : ",");
		out_json(o, line, strlen(line));
	}
	out_chr(o, ']');
}

void advice_json_command(struct out *o, bool *first, const char *command, const char *why)
{
	out_str(o, *first ? "{\"command\":" : ",{\"command\":");
	out_json(o, command, strlen(command));
	out_json_str(o, "why", why);
	out_chr(o, '}');
	*first = false;
}

/* The places of these drops of which something is known, most frequent first. */
static const struct known_place *next_place(const struct topic *topic, size_t *i)
{
	const struct known_place *about;
	size_t j;

	for (; *i < topic->places.nr; ++*i) {
		about = topic->places.row[*i].about;
		for (j = 0; about && j < *i; j++)
			if (topic->places.row[j].about == about)
				break;
		if (about && j == *i)
			return topic->places.row[(*i)++].about;
	}
	return NULL;
}

const char *advice_first(const struct topic *topic, const struct explain_words *words, char *text,
			 size_t room)
{
	const struct known_place *about = topic->places.nr ? topic->places.row->about : NULL;
	const char *pos, *at;
	char line[256], *why;

	pos = about ? about->advice : topic->explain ? topic->explain->advice :
	      "see its place: whydrop stacks -r REASON";
	explain_line(&pos, words, line, sizeof(line), &why);
	if (about) {
		at = topic->places.row->decided ? topic->places.row->decided : topic->places.row->text;
		snprintf(text, room, "%.*s: %s", (int)strcspn(at, "+. "), at, line);
	} else {
		snprintf(text, room, "%s", line);
	}
	return text;
}

const char *advice_of(const char *place, const struct explain_words *words, char *text,
		      size_t room)
{
	struct seen seen = { .text = (char *)place };
	struct topic topic = { .explain = explain_find(words->reason), .places.row = &seen,
			       .places.nr = !!place };

	if (place)
		seen.about = place_find(words->reason, place);
	return advice_first(&topic, words, text, room);
}

static struct explain_words words_at(const struct seen *s, struct explain_words words)
{
	words.dev = *s->dev ? s->dev : NULL;
	return words;
}

/* What is known of a place: all that stands in its entry but the advice. */
static void show_about(struct out *o, const struct known_place *p,
		       const struct explain_words *words)
{
	char line[512], *why;
	const char *pos;

	advice_words(o, "  ", "  ", p->meaning);
	for (pos = p->causes; explain_line(&pos, &none, line, sizeof(line), &why);)
		advice_words(o, "  - ", "    ", line);
	for (pos = p->look; explain_line(&pos, words, line, sizeof(line), &why);)
		advice_command(o, line, why);
}

void advice_places(struct out *o, const struct topic *topic, const struct explain_words *words,
		   uint64_t limit)
{
	const struct known_place *p;
	struct explain_words here;
	const struct seen *s;
	char title[128];
	const char *at;
	size_t i = 0;

	for (; limit && (p = next_place(topic, &i)); limit--) {
		s = &topic->places.row[i - 1];
		at = s->decided ? s->decided : s->text;
		snprintf(title, sizeof(title), "At %.*s", (int)strcspn(at, "+. "), at);
		advice_title(o, title);
		here = words_at(s, *words);
		show_about(o, p, &here);
	}
}

void advice_json_seen(struct out *o, const struct seen *s, const struct explain_words *words)
{
	const struct explain_words here = words_at(s, *words);

	advice_json_place(o, s->about, &here);
}

void advice_json_place(struct out *o, const struct known_place *p,
		       const struct explain_words *words)
{
	char line[512], *why;
	bool first = true;
	const char *pos;

	out_json_key(o, "advice");
	pos = p ? p->advice : "";
	if (explain_line(&pos, words, line, sizeof(line), &why))
		out_json(o, line, strlen(line));
	else
		out_str(o, "null");
	out_json_str(o, "meaning", p ? p->meaning : NULL);
	advice_json_texts(o, "causes", p ? p->causes : NULL);
	out_str(o, ",\"look\":[");
	for (pos = p ? p->look : ""; explain_line(&pos, words, line, sizeof(line), &why);)
		advice_json_command(o, &first, line, why);
	out_chr(o, ']');
}

static void json_names(struct out *o, const char *names)
{
	size_t len;

	for (; *names; names += len + strspn(names + len, " ")) {
		len = strcspn(names, " ");
		out_json(o, names, len);
		out_str(o, names[len] ? "," : "");
	}
}

/* Does @word name one of the functions, or as a pattern any of them? */
static bool is_named(const struct known_place *p, const char *word)
{
	const char *names = p->names;
	char name[128];
	size_t len;

	if (place_matches(names, word))
		return true;
	for (; *names; names += len + strspn(names + len, " ")) {
		len = strcspn(names, " ");
		snprintf(name, sizeof(name), "%.*s", (int)len, names);
		if (match_words(word, name, false))
			return true;
	}
	return false;
}

int advice_on_place(struct options *opt, const char *word)
{
	const struct explain_words words = { .again = opt->rq.again };
	const struct known_place *p;
	struct out *o = opt->out;
	unsigned int shown = 0;
	size_t i;

	for (i = 0; i < nr_known_places; i++) {
		p = &known_places[i];
		/*
		 * Of a function it is one entry alone, as for a drop of most kernels; of all
		 * functions, those that these kernels give no reason at.
		 */
		if (!is_named(p, word) || (p->unnamed && !strcmp(word, "*")) ||
		    (!strpbrk(word, "*?[") && (shown || (p->unnamed && place_find("NOT_SPECIFIED", word)))))
			continue;
		shown++;
		if (opt->json) {
			out_str(o, "{\"type\":\"place\",\"functions\":[");
			json_names(o, p->names);
			out_chr(o, ']');
			out_json_str(o, "class", p->class.name);
			out_json_str(o, "intent", p->class.name ? intent_word(p->class.intent) : NULL);
			advice_json_place(o, p, &words);
			out_str(o, "}\n");
			continue;
		}
		out_str(o, shown > 1 ? "\n" : "");
		out_color(o, COLOR_BAD);
		advice_words(o, "@", "  ", p->names);
		out_color(o, COLOR_OFF);
		advice_class(o, &p->class);
		advice_words(o, "  First: ", "    ", p->advice);
		show_about(o, p, &words);
	}
	if (shown)
		return 0;
	complain("nothing is known of the place '%s'; `whydrop stacks' has its callers", word);
	return EXIT_USAGE;
}

int advice_hint(const struct options *opt, int err)
{
	size_t i;
	int j;

	if (err == EXIT_SOURCE && !opt->nr_arg)
		hint("to explain a REASON needs no module: whydrop explain NO_SOCKET");
	for (j = 0; err == EXIT_USAGE && j < opt->nr_arg; j++)
		for (i = 0; i < nr_known_places; i++)
			if (place_matches(known_places[i].names, opt->arg[j])) {
				hint("a place in the kernel: whydrop explain%s @%s", opt->rq.again ?: "",
				     opt->arg[j]);
				break;
			}
	return err;
}
