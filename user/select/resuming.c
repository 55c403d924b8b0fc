// SPDX-License-Identifier: GPL-2.0-only
/* Leaves out what a reader that resumes has written out before, and tells what it lost. */
#include "base/util.h"
#include "select/resume.h"
#include "select/resuming.h"

static int put_item(void *arg, const struct item *it)
{
	struct stream *s = arg;

	lost_add(&s->lost, it);
	return s->item(s, it);
}

bool resuming_before(struct stream *s, struct item *it, int *stop)
{
	int err = 0;

	if (it->type != ITEM_HEADER && it->type != ITEM_META)
		err = resume_tell(s->resume, put_item, s);
	if (!err && it->type == ITEM_EVENT)
		err = resume_event(s->resume, &it->event->ev, put_item, s);
	/* 1: it was written out before. */
	*stop = MIN(err, 0);
	return err || (it->type == ITEM_LOST && !resume_lost(s->resume, it));
}

void resuming_after(struct stream *s, const struct item *it, uint64_t before)
{
	if (it->type == ITEM_META)
		resume_begin(s->resume, &s->dec);
	if (it->type == ITEM_EVENT && s->shown + s->skipped != before)
		resume_passed(s->resume, &it->event->ev);
}
