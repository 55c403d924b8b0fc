// SPDX-License-Identifier: GPL-2.0
/* Reads, waits and seeks in an open file, for all formats alike, in a task, which may sleep. */
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/ktime.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "compat.h"
#include "show/file.h"
#include "show/view.h"

/*
 * A drop wakes nobody, because that would cost more than all the rest of it. As long as
 * readers wait, this polls for drops and wakes them.
 */
#define TICK	max(HZ / 50, 1)

static DECLARE_WAIT_QUEUE_HEAD(waiters);
static void poll_drops(struct work_struct *work);
static DECLARE_DELAYED_WORK(ticker, poll_drops);
static u64 seen_before;			/* used by the ticker only */
static unsigned int generation;		/* incremented when there is something new */

static void poll_drops(struct work_struct *work)
{
	struct whydrop_cpu *c;
	int cpu = -1;
	u64 seen = 0;

	while ((c = whydrop_next_cpu(&cpu)))
		seen += atomic64_read(&c->ring.head) + local64_read(&c->lost_nmi) +
			local64_read(&c->lost_nobuf);
	if (seen != seen_before) {
		seen_before = seen;
		WRITE_ONCE(generation, generation + 1);
		wake_up_interruptible_all(&waiters);
	}
	/* No barrier: a reader that is about to wait starts the ticker itself. */
	if (waitqueue_active(&waiters))
		schedule_delayed_work(&ticker, TICK);
}

static void rewind_view(struct whydrop_view *v)
{
	if (v->ops->priv_bytes)
		memset(v->priv, 0, v->ops->priv_bytes());
	v->started = false;
	v->off = 0;
	v->len = 0;
	v->until = v->ops->follow ? U64_MAX : ktime_get_mono_fast_ns();
}

static int view_open(struct inode *inode, struct file *file)
{
	const struct whydrop_view_ops *ops = inode->i_private;
	struct whydrop_view *v;
	int ret = whydrop_file_may_open();

	if (ret)
		return ret;
	ret = -ENOMEM;
	v = kzalloc(sizeof(*v), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	mutex_init(&v->lock);
	v->ops = ops;
	v->buf = kvmalloc(WHYDROP_VIEW_BYTES, GFP_KERNEL);
	if (!v->buf)
		goto err_view;
	if (ops->priv_bytes) {
		v->priv = kvzalloc(ops->priv_bytes(), GFP_KERNEL);
		if (!v->priv)
			goto err_buf;
	}
	ret = whydrop_cursor_init(&v->cursor);
	if (ret)
		goto err_priv;
	rewind_view(v);
	file->private_data = v;
	return 0;

err_priv:
	kvfree(v->priv);
err_buf:
	kvfree(v->buf);
err_view:
	kfree(v);
	return ret;
}

static int view_release(struct inode *inode, struct file *file)
{
	struct whydrop_view *v = file->private_data;

	whydrop_cursor_exit(&v->cursor);
	kvfree(v->priv);
	kvfree(v->buf);
	kfree(v);
	return 0;
}

/*
 * Fill the buffer if it is empty. Called with the lock held, which it releases while it
 * waits. Return: 1, or 0 at the end, or a negative errno.
 */
static int fill_view(struct whydrop_view *v, struct file *file)
{
	while (v->off == v->len) {
		unsigned int before = READ_ONCE(generation);
		long ret;

		v->off = 0;
		v->len = 0;
		v->ops->fill(v);
		v->started = true;
		if (v->len)
			break;
		if (!v->ops->follow)
			return 0;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		schedule_delayed_work(&ticker, TICK);
		mutex_unlock(&v->lock);
		ret = wait_event_interruptible_timeout(waiters, READ_ONCE(generation) != before,
						       HZ);
		mutex_lock(&v->lock);
		if (ret < 0)
			return -ERESTARTSYS;
	}
	return 1;
}

/* Return how many bytes of the buffer fit into @count bytes, in whole units. */
static size_t count_whole_units(const struct whydrop_view *v, size_t count)
{
	size_t end = v->off;

	while (end < v->len) {
		size_t unit = v->ops->unit(v->buf + end);

		if (end + unit - v->off > count)
			break;
		end += unit;
	}
	return end - v->off;
}

static ssize_t view_read(struct file *file, char __user *to, size_t count, loff_t *ppos)
{
	struct whydrop_view *v = file->private_data;
	ssize_t ret;

	if (!count)
		return 0;
	if (mutex_lock_interruptible(&v->lock))
		return -ERESTARTSYS;
	ret = fill_view(v, file);
	if (ret <= 0)
		goto out;
	count = v->ops->unit ? count_whole_units(v, count) : min(count, v->len - v->off);
	ret = -EINVAL;
	if (!count)
		goto out;
	ret = -EFAULT;
	if (copy_to_user(to, v->buf + v->off, count))
		goto out;
	v->off += count;
	*ppos += count;
	ret = count;
out:
	mutex_unlock(&v->lock);
	return ret;
}

static __poll_t view_poll(struct file *file, poll_table *wait)
{
	struct whydrop_view *v = file->private_data;
	__poll_t mask = 0;

	poll_wait(file, &waiters, wait);
	mutex_lock(&v->lock);
	if (!v->started || v->off < v->len || !v->ops->follow ||
	    whydrop_cursor_ready(&v->cursor))
		mask = EPOLLIN | EPOLLRDNORM;
	mutex_unlock(&v->lock);
	schedule_delayed_work(&ticker, TICK);
	return mask;
}

static void restart_view(struct whydrop_view *v, struct file *file)
{
	rewind_view(v);
	whydrop_cursor_rewind(&v->cursor);
	file->f_pos = 0;
}

/*
 * Skip to offset @to, from the start of the file if that is before the buffer. Programs
 * seek in text files as in any regular one: head seeks back behind the last line that it
 * printed, tail and dd skip what they do not want.
 */
static loff_t seek_text(struct whydrop_view *v, struct file *file, loff_t to)
{
	int ret;

	if (to < 0)
		return -EINVAL;
	if (to < file->f_pos - (loff_t)v->off)
		restart_view(v, file);
	while (to > file->f_pos + (loff_t)(v->len - v->off)) {
		/* What does not exist yet cannot be skipped. */
		if (v->ops->follow)
			return -EINVAL;
		file->f_pos += v->len - v->off;
		v->off = v->len;
		/* Not restarted: an offset from the position would count twice. */
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
		ret = fill_view(v, file);
		if (ret < 0)
			return ret;
		/* Behind the end there is nothing to read, as in a regular file. */
		if (!ret)
			break;
	}
	v->off = clamp_t(loff_t, v->off + to - file->f_pos, 0, v->len);
	file->f_pos = to;
	return to;
}

static loff_t view_llseek(struct file *file, loff_t offset, int whence)
{
	struct whydrop_view *v = file->private_data;
	loff_t ret = 0;

	if (mutex_lock_interruptible(&v->lock))
		return -ERESTARTSYS;
	if (whence == SEEK_CUR)
		offset += file->f_pos;
	if (whence == SEEK_SET && !offset) {
		restart_view(v, file);
	} else if (whence == SEEK_END && !offset && v->ops->follow) {
		/* As for /dev/kmsg: behind the newest. Other files would have to be read. */
		rewind_view(v);
		whydrop_cursor_skip(&v->cursor);
		file->f_pos = 0;
	} else if (whence != SEEK_SET && whence != SEEK_CUR) {
		ret = -EINVAL;
	} else if (v->ops->unit) {
		/* Only whole records are read: there is no seeking within them. */
		ret = offset == file->f_pos ? offset : -EINVAL;
	} else {
		ret = seek_text(v, file, offset);
	}
	mutex_unlock(&v->lock);
	return ret;
}

const struct file_operations whydrop_view_fops = {
	.owner = THIS_MODULE,
	.open = view_open,
	.release = view_release,
	.read = view_read,
	.poll = view_poll,
	.llseek = view_llseek,
};

void whydrop_view_exit(void)
{
	cancel_delayed_work_sync(&ticker);
}
