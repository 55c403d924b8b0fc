// SPDX-License-Identifier: GPL-2.0-only
/* Makes the labels of JSON lines: whose they are, and what their owner calls it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "base/util.h"
#include "format/labels.h"

#define KEY_MAX 32
#define VALUE_MAX 256
#define LABELS_MAX 16

/* Append what @o has to *@text, of *@len bytes. */
static COLD void append(char **text, size_t *len, struct out *o)
{
	*text = need(realloc(*text, *len + o->nr + 1));
	memcpy(*text + *len, o->buf, o->nr);
	*len += o->nr;
	(*text)[*len] = '\0';
	o->nr = 0;
}

COLD int labels_add(struct labels *l, const char *label)
{
	size_t key = strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789_"), len;
	const char *value = label + key + 1;
	struct out *o;
	char text[KEY_MAX + 8];

	if (!key || key > KEY_MAX || label[key] != '=') {
		complain("--label: `%s' is not KEY=VALUE with a KEY of up to %d of a-z, 0-9 and _", label,
			 KEY_MAX);
		return EXIT_USAGE;
	}
	if (strlen(value) > VALUE_MAX) {
		complain("--label %.*s: the value is longer than %d bytes", (int)key, label, VALUE_MAX);
		return EXIT_USAGE;
	}
	if (l->nr++ == LABELS_MAX) {
		complain("--label: more than %d", LABELS_MAX);
		return EXIT_USAGE;
	}
	/* The prefix: no key that lines get later is the same. */
	snprintf(text, sizeof(text), "label_%.*s", (int)key, label);
	o = need(calloc(1, sizeof(*o)));
	out_json_str(o, text, value);
	out_chr(o, '\0');
	snprintf(text, sizeof(text), ",\"label_%.*s\":", (int)key, label);
	if (l->own && strstr(l->own, text)) {
		complain("--label: %.*s is given twice", (int)key, label);
		free(o);
		return EXIT_USAGE;
	}
	len = l->own ? strlen(l->own) : 0;
	append(&l->own, &len, o);
	free(o);
	return 0;
}

COLD void labels_set_host(struct labels *l, const struct decoder *d)
{
	static const char *const keys[] = { "node", "boot_id", "load_id" };
	struct out *o;
	size_t i;

	if (!l->host && !l->own)
		return;
	o = need(calloc(1, sizeof(*o)));
	for (i = 0; l->host && i < ARRAY_SIZE(keys); i++)
		out_json_str(o, keys[i], decoder_meta(d, keys[i]));
	if (l->own)
		out_str(o, l->own);
	l->len = 0;
	append(&l->text, &l->len, o);
	free(o);
}

void labels_free(struct labels *l)
{
	free(l->own);
	free(l->text);
}
