// SPDX-License-Identifier: GPL-2.0-only
/* Counters that are text in /proc/net: CPUs, neighbors, connections, protocols. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/proc.h"

/* Columns of /proc/net/softnet_stat, which has no names for them. */
enum { SOFTNET_DROPPED = 1, SOFTNET_SQUEEZED = 2, SOFTNET_LIMITED = 10, SOFTNET_CPU = 12 };

static void read_softnet(struct losses *l)
{
	char *text = read_text("/proc/net", "softnet_stat", NULL), *pos = text, *line, *word;
	unsigned long val[13];
	unsigned int nr, nth = 0;
	char where[32];

	while ((line = next_line(&pos))) {
		for (nr = 0; nr < ARRAY_SIZE(val) && (word = next_word(&line)); nr++)
			val[nr] = strtoul(word, NULL, 16);
		if (nr <= SOFTNET_LIMITED)
			continue;
		/* Without the number of the CPU, before 5.14, lines of those offline are missing. */
		snprintf(where, sizeof(where), nr > SOFTNET_CPU ? "cpu %lu" : "cpu line %lu",
			 nr > SOFTNET_CPU ? val[SOFTNET_CPU] : nth);
		nth++;
		losses_add(l, counter_find("softnet", "backlog_full"), where, NULL, 0,
			   val[SOFTNET_DROPPED]);
		losses_add(l, counter_find("softnet", "flow_limit"), where, NULL, 0,
			   val[SOFTNET_LIMITED]);
		losses_add(l, counter_find("softnet", "time_squeeze"), where, NULL, 0,
			   val[SOFTNET_SQUEEZED]);
	}
	free(text);
}

/* A table with names on its first line, and a line of hexadecimal numbers for each CPU. */
static bool read_per_cpu(struct losses *l, const char *dir, const char *file, const char *layer,
			 const char *where)
{
	char *text = read_text(dir, file, NULL), *pos = text, *names, *line, *word;
	const struct counter *counter[32] = { 0 };
	uint64_t sum[ARRAY_SIZE(counter)] = { 0 };
	size_t i, nr = 0;

	names = next_line(&pos);
	while (names && nr < ARRAY_SIZE(counter) && (word = next_word(&names)))
		counter[nr++] = counter_find(layer, word);
	while ((line = next_line(&pos)))
		for (i = 0; i < nr && (word = next_word(&line)); i++)
			sum[i] += strtoull(word, NULL, 16);
	for (i = 0; i < nr; i++)
		losses_add(l, counter[i], where, NULL, 0, sum[i]);
	free(text);
	return text;
}

static void read_neighbors(struct losses *l, unsigned int *left)
{
	static const char *const tables[][2] = { { "arp_cache", "IPv4" }, { "ndisc_cache", "IPv6" } };
	size_t i;

	/* There is one table for all namespaces, and only the first one shows it. */
	for (i = 0; i < ARRAY_SIZE(tables); i++)
		if (!read_per_cpu(l, "/proc/net/stat", tables[i][0], "neighbor", tables[i][1]) &&
		    !read_per_cpu(l, "/proc/1/net/stat", tables[i][0], "neighbor", tables[i][1]) && !i)
			*left |= BIT(LEFT_NEIGHBORS);
}

static void add_protocol(struct losses *l, const char *name, const char *number)
{
	uint64_t val;

	if (number && parse_u64(number, UINT64_MAX, &val))
		losses_add(l, val ? counter_find(NULL, name) : NULL, "", NULL, 0, val);
}

/* Two lines each: `Udp: InDatagrams NoPorts' and `Udp: 17 4'. */
static void read_pairs(struct losses *l, const char *file)
{
	char *text = read_text("/proc/net", file, NULL), *pos = text, *names, *numbers;
	char *prefix, *word, name[80];

	while ((names = next_line(&pos)) && (numbers = next_line(&pos))) {
		prefix = next_word(&names);
		next_word(&numbers);
		if (!prefix || !*prefix)
			continue;
		prefix[strlen(prefix) - 1] = '\0';
		while ((word = next_word(&names))) {
			snprintf(name, sizeof(name), "%s%s", prefix, word);
			add_protocol(l, name, next_word(&numbers));
		}
	}
	free(text);
}

/* A line each: `Ip6InReceives 17'. */
static void read_lines(struct losses *l, const char *file)
{
	char *text = read_text("/proc/net", file, NULL), *pos = text, *line, *name;

	while ((line = next_line(&pos)))
		if ((name = next_word(&line)))
			add_protocol(l, name, next_word(&line));
	free(text);
}

void losses_read_proc(struct losses *l, unsigned int *left)
{
	read_softnet(l);
	read_neighbors(l, left);
	read_per_cpu(l, "/proc/net/stat", "nf_conntrack", "conntrack", "");
	read_pairs(l, "snmp");
	read_pairs(l, "netstat");
	read_lines(l, "snmp6");
	read_lines(l, "xfrm_stat");
}
