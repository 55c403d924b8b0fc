/* SPDX-License-Identifier: GPL-2.0 */
/* Creates and removes the files, in a task. */
#ifndef WHYDROP_DEBUGFS_H
#define WHYDROP_DEBUGFS_H

/**
 * whydrop_debugfs_init() - create the files
 *
 * Context: task. Return: 0, or a negative errno with a line in the log.
 */
int whydrop_debugfs_init(void);
void whydrop_debugfs_exit(void);

#endif /* WHYDROP_DEBUGFS_H */
