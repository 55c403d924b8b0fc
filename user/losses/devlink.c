// SPDX-License-Identifier: GPL-2.0-only
/*
 * What hardware dropped that forwards by itself, by the devlink family of generic netlink.
 * It has a trap for each cause. Only those of the type "drop" are losses: packets of the
 * other types are handed to this host to be handled.
 */
#include <linux/devlink.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"
#include "losses/counters.h"
#include "losses/devlink.h"
#include "losses/genl.h"

/* The name of the hardware, as devlink(8) takes it. */
static bool handle_of(const struct nlmsghdr *h, char *text, size_t room)
{
	char bus[64], dev[64];

	nl_text(nl_attr(h, GENL_BODY, DEVLINK_ATTR_BUS_NAME, 1), bus, sizeof(bus));
	nl_text(nl_attr(h, GENL_BODY, DEVLINK_ATTR_DEV_NAME, 1), dev, sizeof(dev));
	snprintf(text, room, "%s/%s", bus, dev);
	return *bus && *dev;
}

static uint64_t stat_of(const struct nlmsghdr *h, uint16_t attr)
{
	const void *stats = nl_attr(h, GENL_BODY, DEVLINK_ATTR_STATS, 0);
	uint64_t val;

	return stats && nl_number(nl_attr_in(stats, attr, 4), &val) ? val : 0;
}

void losses_add_trap(const struct nlmsghdr *h, void *losses)
{
	const uint8_t *type = nl_attr(h, GENL_BODY, DEVLINK_ATTR_TRAP_TYPE, sizeof(*type));
	char where[136], name[80];

	nl_text(nl_attr(h, GENL_BODY, DEVLINK_ATTR_TRAP_NAME, 1), name, sizeof(name));
	if (!type || *type != DEVLINK_TRAP_TYPE_DROP || !*name || !handle_of(h, where, sizeof(where)))
		return;
	/* By its action, the trap drops silently, or lets this host see what it drops. */
	losses_add(losses, counter_find("nic", "trap_dropped"), where, name, 0,
		   stat_of(h, DEVLINK_ATTR_STATS_RX_DROPPED));
	losses_add(losses, counter_find("nic", "trap_reported"), where, name, 0,
		   stat_of(h, DEVLINK_ATTR_STATS_RX_PACKETS));
}

void losses_add_policer(const struct nlmsghdr *h, void *losses)
{
	char hardware[136], where[160];
	uint64_t id;

	if (!nl_number(nl_attr(h, GENL_BODY, DEVLINK_ATTR_TRAP_POLICER_ID, 4), &id) ||
	    !handle_of(h, hardware, sizeof(hardware)))
		return;
	snprintf(where, sizeof(where), "%s policer %u", hardware, (unsigned int)id);
	losses_add(losses, counter_find("nic", "policer_dropped"), where, NULL, 0,
		   stat_of(h, DEVLINK_ATTR_STATS_RX_DROPPED));
}

void losses_read_devlink(struct losses *l)
{
	struct genl_family devlink = { .name = DEVLINK_GENL_NAME };

	if (!genl_find(&devlink))
		return;
	genl_dump(&devlink, DEVLINK_CMD_TRAP_GET, NULL, 0, losses_add_trap, l);
	genl_dump(&devlink, DEVLINK_CMD_TRAP_POLICER_GET, NULL, 0, losses_add_policer, l);
}
