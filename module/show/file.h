/* SPDX-License-Identifier: GPL-2.0 */
/* Checks whether a file of the module may be opened yet, in a task. */
#ifndef WHYDROP_FILE_H
#define WHYDROP_FILE_H

#include <linux/errno.h>
#include <linux/module.h>

/**
 * whydrop_file_may_open() - can files be opened already?
 *
 * No file may be open while the module is loading: if that fails, the kernel frees the
 * module regardless of references to it.
 *
 * Context: any. Return: 0, or -EAGAIN.
 */
static inline int whydrop_file_may_open(void)
{
	return READ_ONCE(THIS_MODULE->state) == MODULE_STATE_COMING ? -EAGAIN : 0;
}

#endif /* WHYDROP_FILE_H */
