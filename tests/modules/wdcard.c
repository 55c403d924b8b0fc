// SPDX-License-Identifier: GPL-2.0
/*
 * A network card that loses what its parameters say: its device has no kind, as those of
 * cards, and counts as they do, by queue as well if the kernel has that. What it is given
 * to send, it forgets.
 */
#include <linux/ethtool.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#ifdef HAVE_QUEUE_STATS
#include <net/netdev_queues.h>
#endif

static ulong missed, crc, length, dropped, xdp, nobuf, queue_drops, queue_overruns, sent_drops;
static char *name = "card0";

module_param(missed, ulong, 0644);
module_param(crc, ulong, 0644);
module_param(length, ulong, 0644);
module_param(dropped, ulong, 0644);
module_param(xdp, ulong, 0644);
module_param(nobuf, ulong, 0644);
/* Of queue 3 of four; the last one of sending in queue 1 of two. */
module_param(queue_drops, ulong, 0644);
module_param(queue_overruns, ulong, 0644);
module_param(sent_drops, ulong, 0644);
module_param(name, charp, 0444);

static struct net_device *card;

static netdev_tx_t card_xmit(struct sk_buff *skb, struct net_device *dev)
{
	dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
}

static void card_stats(struct net_device *dev, struct rtnl_link_stats64 *s)
{
	s->rx_missed_errors = missed;
	s->rx_crc_errors = crc;
	s->rx_length_errors = length;
	s->rx_errors = crc + length;
	s->rx_dropped = dropped;
}

static const struct net_device_ops card_ops = {
	.ndo_start_xmit = card_xmit,
	.ndo_get_stats64 = card_stats,
};

static const char card_strings[][ETH_GSTRING_LEN] = {
	"rx_packets", "rx_queue_3_xdp_drop", "rx_no_buffer_count", "rx_csum_errors",
};

static int card_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(card_strings) : -EOPNOTSUPP;
}

static void card_names(struct net_device *dev, u32 set, u8 *data)
{
	memcpy(data, card_strings, sizeof(card_strings));
}

static void card_values(struct net_device *dev, struct ethtool_stats *stats, u64 *data)
{
	data[0] = 1234;
	data[1] = xdp;
	data[2] = nobuf;
	data[3] = 77;
}

static const struct ethtool_ops card_ethtool_ops = {
	.get_sset_count = card_count,
	.get_strings = card_names,
	.get_ethtool_stats = card_values,
};

#ifdef HAVE_QUEUE_STATS
static void card_rx(struct net_device *dev, int queue, struct netdev_queue_stats_rx *s)
{
	s->packets = 1000 + queue;
	s->hw_drops = queue == 3 ? queue_drops : 0;
	s->hw_drop_overruns = queue == 3 ? queue_overruns : 0;
}

static void card_tx(struct net_device *dev, int queue, struct netdev_queue_stats_tx *s)
{
	s->packets = 1000 + queue;
	s->hw_drops = queue == 1 ? sent_drops : 0;
}

static const struct netdev_stat_ops card_stat_ops = {
	.get_queue_stats_rx = card_rx,
	.get_queue_stats_tx = card_tx,
};
#endif

static int __init card_init(void)
{
	int err;

	card = alloc_netdev_mqs(0, name, NET_NAME_USER, ether_setup, 2, 4);
	if (!card)
		return -ENOMEM;
	card->netdev_ops = &card_ops;
	card->ethtool_ops = &card_ethtool_ops;
#ifdef HAVE_QUEUE_STATS
	card->stat_ops = &card_stat_ops;
#endif
	eth_hw_addr_random(card);
	err = register_netdev(card);
	if (err)
		free_netdev(card);
	return err;
}

static void __exit card_exit(void)
{
	unregister_netdev(card);
	free_netdev(card);
}

module_init(card_init);
module_exit(card_exit);
MODULE_DESCRIPTION("A network card that loses what it is told to");
MODULE_LICENSE("GPL");
