// SPDX-License-Identifier: GPL-2.0-only
/* Tells which function a packet was dropped in. */
#include <stdio.h>
#include <string.h>

#include "stream/decode.h"
#include "stream/place.h"

/* The symbol, without offset and module, nor what the compiler appends (.isra.0). */
static void copy_symbol(char *out, size_t room, const char *text)
{
	/* [unloaded module] and the like have none: all of it. */
	snprintf(out, room, "%.*s", (int)strcspn(text, *text == '[' ? "" : "+. "), text);
}

bool place_is_in(const char *text, const char *symbol)
{
	size_t len = strlen(symbol);

	return !strncmp(text, symbol, len) && strchr("+. ", text[len]);
}

bool place_matches(const char *patterns, const char *text)
{
	char symbol[128];

	copy_symbol(symbol, sizeof(symbol), text);
	return match_words(patterns, symbol, false);
}

/* They free what others give them. */
static bool is_freeing_helper(const char *text)
{
	return place_matches("skb_queue_purge skb_queue_purge_reason skb_rbtree_purge "
			     "kfree_skb_list kfree_skb_list_reason rtnl_kfree_skbs "
			     "dev_kfree_skb_any_reason __dev_kfree_skb_any", text);
}

const char *place_decided_by(const struct stack *st)
{
	const char *text = st->place->text;
	bool inside = false;
	unsigned int i;

	if (!is_freeing_helper(text))
		return text;
	for (i = 0; i < st->nr; i++) {
		if (is_freeing_helper(st->frame[i]->text))
			inside = true;
		else if (inside)
			return st->frame[i]->text;
	}
	return text;
}
