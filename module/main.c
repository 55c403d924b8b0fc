// SPDX-License-Identifier: GPL-2.0
/*
 * Starts and stops the stages of a drop's way, in their order, and handles the loading and
 * unloading of other modules: in a task, which may sleep.
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include "capture/cpu.h"
#include "capture/device.h"
#include "capture/filter.h"
#include "capture/netdev.h"
#include "capture/packet.h"
#include "capture/stack_free.h"
#include "capture/stack_table.h"
#include "capture/walk.h"
#include "show/debugfs.h"
#include "show/stream.h"
#include "show/symbol.h"
#include "show/view.h"
#include "param.h"
#include "version.h"

/* Stacks of unloaded modules stay in the table until there is little room for new ones. */
static void free_stacks_if_full(void)
{
	if (whydrop_stacks_half_full())
		whydrop_stacks_free();
}

static int module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	const struct module *mod = data;

	switch (event) {
	case MODULE_STATE_COMING:
		whydrop_walk_invalidate();
		whydrop_symbols_coming(mod);
		free_stacks_if_full();
		return NOTIFY_DONE;
	case MODULE_STATE_LIVE:
		/* Its init section is freed next. */
		whydrop_walk_invalidate();
		whydrop_symbols_going(mod, true);
		break;
	case MODULE_STATE_GOING:
		whydrop_walk_invalidate();
		whydrop_symbols_going(mod, false);
		free_stacks_if_full();
		break;
	default:
		return NOTIFY_DONE;
	}
	/* Modules may register and unregister reasons. */
	whydrop_filter_refresh();
	return NOTIFY_DONE;
}

/* Called first: the kernel resolves a module's addresses before it reports the module. */
static struct notifier_block module_notifier = {
	.notifier_call = module_event,
	.priority = INT_MAX,
};

static int __init whydrop_init(void)
{
	int ret;

	whydrop_stream_init();
	whydrop_packet_init();
	whydrop_device_init();
	ret = whydrop_walk_init();
	if (ret)
		goto err_none;
	ret = whydrop_stacks_init(whydrop_max_stacks());
	if (ret)
		goto err_walk;
	ret = whydrop_cpus_init(whydrop_ring_bytes());
	if (ret)
		goto err_stacks;
	ret = whydrop_netdev_init();
	if (ret)
		goto err_cpus;
	ret = register_module_notifier(&module_notifier);
	if (ret)
		goto err_netdev;
	ret = whydrop_debugfs_init();
	if (ret)
		goto err_module_notifier;
	whydrop_walk_selftest();
	ret = whydrop_params_start();
	if (ret)
		goto err_debugfs;
	pr_info("version %s, see debugfs " KBUILD_MODNAME "/README\n", WHYDROP_VERSION);
	return 0;

err_debugfs:
	whydrop_debugfs_exit();
	whydrop_view_exit();
err_module_notifier:
	unregister_module_notifier(&module_notifier);
err_netdev:
	whydrop_netdev_exit();
err_cpus:
	whydrop_cpus_exit();
err_stacks:
	whydrop_stacks_exit();
err_walk:
	whydrop_walk_exit();
err_none:
	if (ret == -ENOMEM)
		pr_err("not enough memory for a ring of %zu KiB per CPU and %u stacks: lower ring_kb or max_stacks\n",
		       whydrop_ring_bytes() / 1024, whydrop_max_stacks());
	return ret;
}

static void __exit whydrop_exit(void)
{
	whydrop_params_stop();
	whydrop_debugfs_exit();
	whydrop_view_exit();
	unregister_module_notifier(&module_notifier);
	whydrop_netdev_exit();
	whydrop_cpus_exit();
	whydrop_stacks_exit();
	whydrop_walk_exit();
}

module_init(whydrop_init);
module_exit(whydrop_exit);

MODULE_DESCRIPTION("Records dropped packets with reason, place and stack");
MODULE_AUTHOR("The whydrop developers");
MODULE_LICENSE("GPL");
MODULE_VERSION(WHYDROP_VERSION);
