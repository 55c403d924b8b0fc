// SPDX-License-Identifier: GPL-2.0
/*
 * Creates the files, in a task. All are read-only, without write, ioctl or mmap: lockdown
 * allows no others, and no reader can change what another one sees.
 */
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include "compat.h"
#include "show/debugfs.h"
#include "show/report.h"
#include "show/stream.h"
#include "show/text.h"

static struct dentry *dir;

static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
	const void *data;
} files[] = {
	{ "README", 0444, &whydrop_report_fops, whydrop_show_readme },
	{ "events", 0400, &whydrop_view_fops, &whydrop_text_ops },
	{ "events_pipe", 0400, &whydrop_view_fops, &whydrop_text_pipe_ops },
	{ "raw", 0400, &whydrop_view_fops, &whydrop_stream_ops },
	{ "reasons", 0400, &whydrop_report_fops, whydrop_show_reasons },
	{ "stacks", 0400, &whydrop_stacks_fops, NULL },
	{ "format", 0400, &whydrop_report_fops, whydrop_show_format },
	{ "stats", 0400, &whydrop_report_fops, whydrop_show_stats },
};

int whydrop_debugfs_init(void)
{
	unsigned int i;
	int ret;

	dir = debugfs_create_dir(KBUILD_MODNAME, NULL);
	ret = whydrop_dentry_error(dir);
	if (ret) {
		pr_err("debugfs is not available (error %d), so nothing could be read: not loading. Is debugfs=off on the kernel command line?\n",
		       ret);
		return ret;
	}
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		struct dentry *file = debugfs_create_file(files[i].name, files[i].mode, dir,
							  (void *)files[i].data, files[i].fops);

		ret = whydrop_dentry_error(file);
		if (ret) {
			pr_err("cannot create debugfs file %s: error %d\n", files[i].name, ret);
			debugfs_remove_recursive(dir);
			return ret;
		}
	}
	return 0;
}

void whydrop_debugfs_exit(void)
{
	debugfs_remove_recursive(dir);
}
