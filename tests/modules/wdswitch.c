// SPDX-License-Identifier: GPL-2.0
/*
 * A switch that forwards by itself, and drops what its parameters say: silently by one
 * trap, reported by another one, and by the limit for what is meant for the host. What a
 * third trap hands to the host is not dropped.
 */
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/skbuff.h>
#include <net/devlink.h>

/* Before 5.19, all of it takes the lock itself, and the traps come last. */
#ifdef HAVE_DEVL_LOCK
#define CALL(function) devl_##function
#else
#define CALL(function) devlink_##function
#define devl_lock(devlink)
#define devl_unlock(devlink)
#endif

static ulong policed;

module_param(policed, ulong, 0644);
#ifdef HAVE_TRAP_DROP_COUNTER
static ulong dropped;

module_param(dropped, ulong, 0644);
#endif

static struct platform_device *board;
static struct devlink *devlink;
static void *reported_trap, *handed_trap;

static const struct devlink_trap_policer policers[] = {
	DEVLINK_TRAP_POLICER(7, 1000, 128, 8000, 1, 1024, 1),
};

static const struct devlink_trap_group groups[] = {
	DEVLINK_TRAP_GROUP_GENERIC(L3_DROPS, 7),
	DEVLINK_TRAP_GROUP_GENERIC(L3_EXCEPTIONS, 7),
};

#define L3_DROPS DEVLINK_TRAP_GROUP_GENERIC_ID_L3_DROPS
#define L3_EXCEPTIONS DEVLINK_TRAP_GROUP_GENERIC_ID_L3_EXCEPTIONS

static const struct devlink_trap traps[] = {
	DEVLINK_TRAP_GENERIC(DROP, DROP, BLACKHOLE_ROUTE, L3_DROPS, 0),
	DEVLINK_TRAP_GENERIC(DROP, TRAP, SIP_MC, L3_DROPS, 0),
	DEVLINK_TRAP_GENERIC(EXCEPTION, TRAP, TTL_ERROR, L3_EXCEPTIONS, 0),
};

static int switch_trap_init(struct devlink *dl, const struct devlink_trap *trap, void *ctx)
{
	if (trap->id == DEVLINK_TRAP_GENERIC_ID_SIP_MC)
		reported_trap = ctx;
	if (trap->id == DEVLINK_TRAP_GENERIC_ID_TTL_ERROR)
		handed_trap = ctx;
	return 0;
}

static int switch_trap_action(struct devlink *dl, const struct devlink_trap *trap,
			      enum devlink_trap_action action, struct netlink_ext_ack *extack)
{
	return 0;
}

static int switch_policer_count(struct devlink *dl, const struct devlink_trap_policer *policer,
				u64 *drops)
{
	*drops = policed;
	return 0;
}

#ifdef HAVE_TRAP_DROP_COUNTER
static int switch_trap_count(struct devlink *dl, const struct devlink_trap *trap, u64 *drops)
{
	*drops = trap->id == DEVLINK_TRAP_GENERIC_ID_BLACKHOLE_ROUTE ? dropped : 0;
	return 0;
}
#endif

static const struct devlink_ops ops = {
	.trap_init = switch_trap_init,
	.trap_action_set = switch_trap_action,
	.trap_policer_counter_get = switch_policer_count,
#ifdef HAVE_TRAP_DROP_COUNTER
	.trap_drop_counter_get = switch_trap_count,
#endif
};

/* Report so many packets by the trap @kp->arg. */
static int set_report(const char *val, const struct kernel_param *kp)
{
	struct sk_buff *skb;
	unsigned int n;
	int ret;

	for (ret = kstrtouint(val, 0, &n); !ret && n; n--) {
		skb = alloc_skb(64, GFP_KERNEL);
		if (!skb)
			return -ENOMEM;
		skb_put_zero(skb, 64);
		local_bh_disable();
		devlink_trap_report(devlink, skb, *(void **)kp->arg, NULL, NULL);
		local_bh_enable();
		consume_skb(skb);
	}
	return ret;
}

static const struct kernel_param_ops report_ops = { .set = set_report };

static int register_traps(void)
{
	int err;

	err = CALL(trap_policers_register)(devlink, policers, ARRAY_SIZE(policers));
	if (err)
		return err;
	err = CALL(trap_groups_register)(devlink, groups, ARRAY_SIZE(groups));
	if (err)
		goto no_groups;
	err = CALL(traps_register)(devlink, traps, ARRAY_SIZE(traps), NULL);
	if (!err)
		return 0;
	CALL(trap_groups_unregister)(devlink, groups, ARRAY_SIZE(groups));
no_groups:
	CALL(trap_policers_unregister)(devlink, policers, ARRAY_SIZE(policers));
	return err;
}

static void unregister_traps(void)
{
	CALL(traps_unregister)(devlink, traps, ARRAY_SIZE(traps));
	CALL(trap_groups_unregister)(devlink, groups, ARRAY_SIZE(groups));
	CALL(trap_policers_unregister)(devlink, policers, ARRAY_SIZE(policers));
}

/* Newer kernels want a device that has a driver. */
static int switch_probe(struct platform_device *pdev)
{
	int err;

#ifdef HAVE_DEVL_LOCK
	devlink = devlink_alloc(&ops, 0, &pdev->dev);
	err = devlink ? 0 : -ENOMEM;
#else
	devlink = devlink_alloc(&ops, 0);
	err = devlink ? devlink_register(devlink, &pdev->dev) : -ENOMEM;
#endif
	if (err)
		goto fail;
	devl_lock(devlink);
	err = register_traps();
	devl_unlock(devlink);
#ifdef HAVE_DEVL_LOCK
	if (!err)
		devlink_register(devlink);
#else
	if (err)
		devlink_unregister(devlink);
#endif
	if (!err)
		return 0;
fail:
	if (devlink)
		devlink_free(devlink);
	return err;
}

static struct platform_driver driver = { .driver = { .name = "wdswitch" } };

static int __init switch_init(void)
{
	board = platform_create_bundle(&driver, switch_probe, NULL, 0, NULL, 0);
	return PTR_ERR_OR_ZERO(board);
}

static void __exit switch_exit(void)
{
#ifdef HAVE_DEVL_LOCK
	devlink_unregister(devlink);
#endif
	devl_lock(devlink);
	unregister_traps();
	devl_unlock(devlink);
#ifndef HAVE_DEVL_LOCK
	devlink_unregister(devlink);
#endif
	devlink_free(devlink);
	platform_device_unregister(board);
	platform_driver_unregister(&driver);
}

module_init(switch_init);
module_exit(switch_exit);
module_param_cb(reported, &report_ops, &reported_trap, 0200);
module_param_cb(handed, &report_ops, &handed_trap, 0200);
MODULE_DESCRIPTION("A switch that drops what it is told to");
MODULE_LICENSE("GPL");
