/* SPDX-License-Identifier: GPL-2.0 */
/* Files that show what there is at the moment of reading, to a task. */
#ifndef WHYDROP_REPORT_H
#define WHYDROP_REPORT_H

#include <linux/fs.h>

/*
 * Files that show what there is at the moment of reading. Those of
 * whydrop_report_fops have their show function as inode->i_private.
 */
struct seq_file;

typedef int (*whydrop_show_fn)(struct seq_file *m, void *unused);

int whydrop_show_readme(struct seq_file *m, void *unused);
int whydrop_show_reasons(struct seq_file *m, void *unused);
int whydrop_show_stats(struct seq_file *m, void *unused);
int whydrop_show_format(struct seq_file *m, void *unused);

extern const struct file_operations whydrop_report_fops;
extern const struct file_operations whydrop_stacks_fops;

#endif /* WHYDROP_REPORT_H */
