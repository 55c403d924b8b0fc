/* SPDX-License-Identifier: GPL-2.0-only */
/* What a reader that resumes does with each item of a stream. */
#ifndef WHYDROP_RESUMING_H
#define WHYDROP_RESUMING_H

#include "select/walk.h"

/* Before an item is dealt with. Return: whether it must not be; else *@stop is 0. */
bool resuming_before(struct stream *s, struct item *it, int *stop);
/* Behind it; @before: how many events the stream had dealt with before it. */
void resuming_after(struct stream *s, const struct item *it, uint64_t before);

#endif
