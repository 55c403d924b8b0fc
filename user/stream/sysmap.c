// SPDX-License-Identifier: GPL-2.0-only
/* Reads System.map, and finds the function that an offset of the module's is in. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "stream/sysmap.h"
#include "whydrop.h"

/* The module counts from here: module/show/offset.c. */
#define ORIGIN "consume_skb"

/* Fewer would prove little. */
#define ANCHORS_MIN 4

#define STRING(name) #name,
static const char *const anchors[] = { WHYDROP_ANCHORS(STRING) };
#undef STRING

struct symbol {
	uint64_t	addr;
	const char	*name;
};

struct sysmap {
	char		*text;		/* of the file, which the names are in */
	struct symbol	*symbol;	/* of code, by address */
	size_t		nr, room;
	bool		ended;		/* the last symbol is the end of it */
	uint64_t	origin, anchor[ARRAY_SIZE(anchors)];
};

static COLD struct sysmap *refuse(struct sysmap *m, const char *path, const char *why)
{
	complain("cannot read %s: %s", path, why);
	hint("-S takes the System.map of the kernel that dropped, from its build");
	sysmap_free(m);
	return NULL;
}

/* One of several at an address is preferred as the kernel does: not weak, fewer underscores. */
static bool is_better(const char *name, const char *than, char letter)
{
	return !strchr("wW", letter) && strspn(name, "_") < strspn(than, "_");
}

/* "c0101234 T name". Return: false if the line is none of System.map. */
static bool add_line(struct sysmap *m, char *line)
{
	struct symbol s, *last = m->nr ? &m->symbol[m->nr - 1] : NULL;
	int type = 0, name = 0;
	char letter;
	size_t i;
	bool end;

	if (sscanf(line, "%" SCNx64 "%n %c %n", &s.addr, &type, &letter, &name) != 2 || type < 8 ||
	    !line[name])
		return false;
	s.name = line + name;
	end = !strcmp(s.name, "_etext");
	if (m->ended || (!end && !strchr("tTwW", letter)))
		return true;
	/* Names are shown, and looked for in what is shown. */
	for (i = 0; s.name[i]; i++)
		if (s.name[i] <= ' ' || s.name[i] > '~' || strchr("[]+/;", s.name[i]))
			return false;
	if (letter == 'T') {
		if (!strcmp(s.name, ORIGIN))
			m->origin = s.addr;
		for (i = 0; i < ARRAY_SIZE(anchors); i++)
			if (!strcmp(s.name, anchors[i]))
				m->anchor[i] = s.addr;
	}
	m->ended = end;
	if (last && s.addr <= last->addr) {
		if (s.addr == last->addr && is_better(s.name, last->name, letter))
			last->name = s.name;
		return s.addr == last->addr;
	}
	m->symbol = grow(m->symbol, m->nr, &m->room, sizeof(s));
	m->symbol[m->nr++] = s;
	return true;
}

struct sysmap *sysmap_read(const char *path)
{
	struct sysmap *m = need(calloc(1, sizeof(*m)));
	char *pos, *line;

	m->text = read_text(*path == '/' ? "" : ".", path, NULL);
	if (!m->text)
		return refuse(m, path, strerror(errno));
	for (pos = m->text; (line = next_line(&pos));)
		if (!add_line(m, line))
			return refuse(m, path, "it is no System.map");
	if (!m->origin)
		return refuse(m, path, "it has no " ORIGIN);
	return m;
}

void sysmap_free(struct sysmap *m)
{
	if (!m)
		return;
	free(m->symbol);
	free(m->text);
	free(m);
}

bool sysmap_fits(const struct sysmap *m, const char *text)
{
	unsigned int fit = 0;

	while (*text) {
		size_t i, len = strcspn(text, "+- ");

		for (i = 0; i < ARRAY_SIZE(anchors); i++) {
			if (strlen(anchors[i]) != len || strncmp(text, anchors[i], len))
				continue;
			if (m->origin + strtoll(text + len, NULL, 16) != m->anchor[i])
				return false;
			fit++;
		}
		text += strcspn(text, " ");
		text += *text == ' ';
	}
	return fit >= ANCHORS_MIN;
}

bool sysmap_is_offset(const char *text)
{
	return !strncmp(text, "text+0x", 7) || !strncmp(text, "text-0x", 7);
}

const char *sysmap_name(const struct sysmap *m, const char *text, bool place,
			char buf[SYSMAP_NAME_MAX])
{
	size_t low = 0, high = m->nr;
	uint64_t addr;
	char *end;

	if (!sysmap_is_offset(text))
		return text;
	addr = m->origin + strtoll(text + 4, &end, 16);
	/* That of a module has its name behind it. */
	if (*end)
		return text;
	/* The last one that begins before it; its end is where the next one begins. */
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (m->symbol[middle].addr < addr)
			low = middle;
		else
			high = middle;
	}
	if (place && high < m->nr && m->symbol[high].addr == addr)
		low = high++;
	if (high == m->nr || addr < m->symbol[low].addr)
		return text;
	snprintf(buf, SYSMAP_NAME_MAX, "%.200s+0x%" PRIx64 "/0x%" PRIx64, m->symbol[low].name,
		 addr - m->symbol[low].addr, m->symbol[high].addr - m->symbol[low].addr);
	return buf;
}
