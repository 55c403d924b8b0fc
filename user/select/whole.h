/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells whether a stream has all events. */
#ifndef WHYDROP_WHOLE_H
#define WHYDROP_WHOLE_H

#include "select/walk.h"

/*
 * After a walk: did it have all selected drops since the module was loaded or reset? False
 * if that is not certain.
 */
bool stream_is_whole(const struct stream *s);

#endif
