/* SPDX-License-Identifier: GPL-2.0 */
/* What every file of the module asks when it is opened, in a task. */
#ifndef WHYDROP_FILE_H
#define WHYDROP_FILE_H

#include <linux/errno.h>
#include <linux/module.h>

/**
 * whydrop_file_may_open() - can files be opened already?
 *
 * While it loads, the module has no files open: were it to fail yet, the kernel
 * would free it under them, whatever references they have.
 *
 * Context: any. Return: 0, or -EAGAIN.
 */
static inline int whydrop_file_may_open(void)
{
	return READ_ONCE(THIS_MODULE->state) == MODULE_STATE_COMING ? -EAGAIN : 0;
}

#endif /* WHYDROP_FILE_H */
