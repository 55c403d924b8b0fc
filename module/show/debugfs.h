/* SPDX-License-Identifier: GPL-2.0 */
/* Creates and removes the files, in a task. */
#ifndef WHYDROP_DEBUGFS_H
#define WHYDROP_DEBUGFS_H

#include <linux/errno.h>
#include <linux/module.h>

/**
 * whydrop_debugfs_may_open() - what each file's open asks first
 *
 * While it loads, the module has no files open: were it to fail yet, the kernel
 * would free it under them, whatever references they have.
 *
 * Context: any. Return: 0, or -EAGAIN.
 */
static inline int whydrop_debugfs_may_open(void)
{
	return READ_ONCE(THIS_MODULE->state) == MODULE_STATE_COMING ? -EAGAIN : 0;
}

/**
 * whydrop_debugfs_init() - make the files
 *
 * Context: task. Return: 0, or a negative errno with a line in the log.
 */
int whydrop_debugfs_init(void);
void whydrop_debugfs_exit(void);

#endif /* WHYDROP_DEBUGFS_H */
