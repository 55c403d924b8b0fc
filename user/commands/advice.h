/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of what `whydrop explain' shows. */
#ifndef WHYDROP_ADVICE_H
#define WHYDROP_ADVICE_H

#include "stream/place.h"
#include "explain/seen.h"
#include "commands/command.h"

/* A paragraph: @first, then words kept whole, further lines with @indent. */
void advice_words(struct out *o, const char *first, const char *indent, const char *words);

/* A line about its kind, if anything is known of it. */
void advice_class(struct out *o, const struct drop_class *c);
/* The same of what has no class. */
void advice_intent(struct out *o, enum intent intent);

void advice_title(struct out *o, const char *title);

/* A command to paste; its comment in front of it if both do not fit. */
void advice_command(struct out *o, const char *command, const char *why);

/* The lines as an array, and an element of an array of commands. */
void advice_json_texts(struct out *o, const char *key, const char *lines);
void advice_json_command(struct out *o, bool *first, const char *command, const char *why);

/*
 * "PLACE: WHAT TO DO" by the most frequent place, if something is known of it; else
 * what to do about the reason.
 */
const char *advice_first(const struct topic *topic, const struct explain_words *words, char *text,
			 size_t room);

/*
 * Live, of a reason of netfilter: the only rule of nftables at the hook of most of these drops
 * that drops any packet now, if there is only one; as a line, and as the value of a key.
 */
void advice_rule(struct out *o, const struct topics *t, const struct topic *topic);
void advice_json_rule(struct out *o, const struct topics *t, const struct topic *topic);

/* The same of the reason of @words and its most frequent place, NULL if that is not known. */
const char *advice_of(const char *place, const struct explain_words *words, char *text,
		      size_t room);

/* What is known of the @limit most frequent places. */
void advice_places(struct out *o, const struct topic *topic, const struct explain_words *words,
		   uint64_t limit);

/* The members of an object, of nothing if @p is NULL. */
void advice_json_place(struct out *o, const struct known_place *p,
		       const struct explain_words *words);
/* The same of a place where drops were seen, with their device. */
void advice_json_seen(struct out *o, const struct seen *s, const struct explain_words *words);

/*
 * What is known of the function @word, or of all that a pattern fits. Return: 0,
 * or an exit code, with the error reported.
 */
int advice_on_place(struct options *opt, const char *word);

/*
 * If what is no reason is a function that something is known of, say so; or, if there is no
 * module to ask, what can be asked without. Return: @err, the exit code.
 */
int advice_hint(const struct options *opt, int err);

#endif
