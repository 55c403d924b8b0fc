/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells whether a stream has all events. */
#ifndef WHYDROP_WHOLE_H
#define WHYDROP_WHOLE_H

#include "select/walk.h"

/*
 * Behind a walk: are all drops there that were selected, since the module was loaded or
 * reset? Only if that is for sure.
 */
bool stream_is_whole(const struct stream *s);

#endif
