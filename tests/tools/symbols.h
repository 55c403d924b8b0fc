/* SPDX-License-Identifier: GPL-2.0 */
/* Names of places in the kernel as addresses, by /proc/kallsyms, and back. */
#ifndef WHYDROP_TOOLS_SYMBOLS_H
#define WHYDROP_TOOLS_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "util.h"

/* A frame of whydrop's: what its name may be the address of. */
struct frame {
	const char *text;
	unsigned int nr;
	uint64_t *at;
};

#define BUCKETS		(1 << 18)

static struct symbol {
	const char *name;	/* "name" or "name [module]" */
	uint64_t at;
	struct symbol *next;
} *by_name[BUCKETS];

static struct symbol *symbols;
static size_t nsymbols;

static uint32_t hash(const char *s, size_t len)
{
	uint32_t h = 2166136261u;

	while (len--)
		h = (h ^ (unsigned char)*s++) * 16777619;
	return h % BUCKETS;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* "ffffffff81000000 T name\t[module]" */
static void read_symbols(void)
{
	char *p = slurp("/proc/kallsyms", NULL), *end, *tab;
	size_t i, lines = 0;

	for (end = p; *end; end++)
		lines += *end == '\n';
	symbols = zalloc(lines * sizeof(*symbols));
	for (; *p && (end = strchr(p, '\n')); p = end + 1) {
		*end = 0;
		symbols[nsymbols].at = strtoull(p, &p, 16);
		if (!strchr("tTwW", p[1]))
			continue;
		p += 3;
		tab = strchr(p, '\t');
		if (tab)
			*tab = ' ';
		symbols[nsymbols++].name = p;
	}
	qsort(symbols, nsymbols, sizeof(*symbols), by_address);
	for (i = 0; i < nsymbols; i++) {
		struct symbol **b = &by_name[hash(symbols[i].name, strlen(symbols[i].name))];

		symbols[i].next = *b;
		*b = &symbols[i];
	}
}

/* The symbol that an address is in, or before. */
__attribute__((unused)) static const char *symbol_of(uint64_t at)
{
	size_t from = 0, to = nsymbols;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (symbols[mid].at <= at)
			from = mid + 1;
		else
			to = mid;
	}
	return from ? symbols[from - 1].name : "?";
}

/* "name+0x1/0x2 [module]", of which there are few different ones */
static const struct frame *frame_of(const char *text)
{
	static struct known {
		struct frame frame;
		struct known *next;
	} *known[4096];
	struct known **b = &known[hash(text, strlen(text)) % 4096], *k;
	const char *plus = strstr(text, "+0x"), *module = strchr(text, '[');
	char name[1024];
	struct symbol *s;
	uint64_t off;

	for (k = *b; k; k = k->next)
		if (!strcmp(k->frame.text, text))
			return &k->frame;
	k = zalloc(sizeof(*k));
	k->frame.text = text;
	k->next = *b;
	*b = k;
	if (!plus)
		return &k->frame;
	off = strtoull(plus + 1, NULL, 16);
	snprintf(name, sizeof(name), "%.*s%s%s", (int)(plus - text), text, module ? " " : "",
		 module ? module : "");
	for (s = by_name[hash(name, strlen(name))]; s; s = s->next)
		if (!strcmp(s->name, name)) {
			k->frame.at = realloc(k->frame.at, (k->frame.nr + 1) * sizeof(uint64_t));
			if (!k->frame.at)
				die("out of memory");
			k->frame.at[k->frame.nr++] = s->at + off;
		}
	return &k->frame;
}

/*
 * Is that frame at this address? What is in no symbol has no name, either: on ARM, that is
 * where a processor goes on as soon as it has page tables, and behind an interrupt, rubbish.
 */
static bool is(const struct frame *f, uint64_t at)
{
	unsigned int i;

	if (!strcmp(f->text, "[unknown]"))
		return nsymbols && (at < symbols[0].at || at > symbols[nsymbols - 1].at);
	for (i = 0; i < f->nr; i++)
		if (f->at[i] == at)
			return true;
	return false;
}

#endif
