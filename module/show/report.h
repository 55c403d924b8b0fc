/* SPDX-License-Identifier: GPL-2.0 */
/* Files that show the current state to a task that reads. */
#ifndef WHYDROP_REPORT_H
#define WHYDROP_REPORT_H

#include <linux/fs.h>

/* inode->i_private of files with whydrop_report_fops is their show function. */
struct seq_file;

typedef int (*whydrop_show_fn)(struct seq_file *m, void *unused);

int whydrop_show_readme(struct seq_file *m, void *unused);
int whydrop_show_reasons(struct seq_file *m, void *unused);
int whydrop_show_stats(struct seq_file *m, void *unused);
int whydrop_show_format(struct seq_file *m, void *unused);

extern const struct file_operations whydrop_report_fops;
extern const struct file_operations whydrop_stacks_fops;

#endif /* WHYDROP_REPORT_H */
