// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drivers count, as `ethtool -S' shows it. There is no rule for their names, so these
 * are patterns that fit the names of public drivers; tests/unit has a list of those.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/driver.h"

/* The first that fits is the one. */
static const struct {
	const char *drivers, *names, *counter;	/* NULL: no loss, or not one packet each */
} patterns[] = {
	{ "*", "*byte* *octet* *tstamp* *timestamp* *_irq fdir_* *cache* *tx_timeout*", NULL },
	{ "*", "*wake* *stop* *restart* *busy* *recover* *reset* *pause* *pfc* *xoff* *xon*", NULL },
	{ "veth", "rx_queue_*_xdp_drops", "xdp_drop_veth" },
	{ "*", "*xdp*err* *xdp_tx_drop* *xdp_xmit_drop* *xdp*full*", "xdp_error" },
	{ "*", "*xdp*drop* *xdp_abort* *xdp_invalid*", "xdp_drop" },
	{ "*", "*xdp*", NULL },
	{ "*", "*allowance_exceeded*", "allowance" },
	{ "*", "*csum* tx_crc* tx_fcs* tx_jabber*", NULL },
	{ "*", "*crc_err* *fcs_err* *frame_check_seq* *align_err* *alignment_err*", "damaged" },
	{ "*", "*symbol_err* *rx*jabber*", "damaged" },
	{ "*", "*rx*missed* *rx_fifo_err* *rx_over_err* *rx*overflow* *rx*overrun*", "no_buffer" },
	{ "*", "*no_buf* *nobuf* *out_of_buf* *no_dma_res* *no_desc* *nodesc*", "no_buffer" },
	{ "*", "*mbuf_lwm* *rx_resource_err*", "no_buffer" },
	{ "*", "*tx*drop* *tx*discard* *drop*tx*", "tx_drop" },
	{ "*", "*drop* *discard*", "rx_drop" },
};

const struct counter *counter_of_driver(const char *driver, const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(patterns); i++)
		if (match_glob(patterns[i].drivers, driver, false) &&
		    match_words(patterns[i].names, name, true))
			return patterns[i].counter ? counter_find("driver", patterns[i].counter) : NULL;
	return NULL;
}

static bool ask(int sock, const char *dev, void *data)
{
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	ifr.ifr_data = data;
	return !ioctl(sock, SIOCETHTOOL, &ifr);
}

/* More would be no number of counters. */
#define STATS_MAX 65536

/* Not every driver tells its name. */
static void name_driver(int sock, const char *dev, struct ethtool_drvinfo *info)
{
	*info = (struct ethtool_drvinfo){ .cmd = ETHTOOL_GDRVINFO };
	if (!ask(sock, dev, info))
		*info->driver = '\0';
	info->driver[sizeof(info->driver) - 1] = '\0';
}

static bool is_zero(const struct ethtool_stats *stats, uint32_t nr)
{
	const char *p = (const char *)stats->data;

	return !nr || (!*p && !memcmp(p, p + 1, nr * sizeof(uint64_t) - 1));
}

/* The number may be another one by now: both answers have their own. */
static void read_all(struct losses *l, int sock, const char *dev, unsigned int ifindex, uint32_t nr)
{
	unsigned int i, room = nr + 64;
	struct ethtool_gstrings *names = need(calloc(1, sizeof(*names) + room * ETH_GSTRING_LEN));
	struct ethtool_stats *stats = need(calloc(1, sizeof(*stats) + room * sizeof(uint64_t)));
	struct ethtool_drvinfo driver = { 0 };
	char name[ETH_GSTRING_LEN + 1];
	uint64_t val;

	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = nr;
	stats->cmd = ETHTOOL_GSTATS;
	stats->n_stats = nr;
	if (!ask(sock, dev, stats) || stats->n_stats != nr || is_zero(stats, nr) ||
	    !ask(sock, dev, names) || names->len != nr)
		goto out;
	for (i = 0; i < nr; i++) {
		memcpy(&val, (char *)stats->data + i * sizeof(val), sizeof(val));
		if (!val)
			continue;
		snprintf(name, sizeof(name), "%.*s", ETH_GSTRING_LEN,
			 (char *)names->data + i * ETH_GSTRING_LEN);
		/* A driver has other words for what any driver loses, but none of its own. */
		if (!counter_of_driver("", name))
			continue;
		if (!driver.cmd)
			name_driver(sock, dev, &driver);
		losses_add(l, counter_of_driver(driver.driver, name), dev, name,
			   (uint64_t)ifindex << 32 | i, val);
	}
out:
	free(names);
	free(stats);
}

void losses_read_driver(struct losses *l, int sock, const char *dev, unsigned int ifindex)
{
	struct {
		struct ethtool_sset_info info;
		uint32_t nr;
	} sets = { .info = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = BIT(ETH_SS_STATS) } };

	if (ask(sock, dev, &sets) && sets.info.sset_mask && sets.nr && sets.nr <= STATS_MAX)
		read_all(l, sock, dev, ifindex, sets.nr);
}
