/* SPDX-License-Identifier: GPL-2.0 */
/* Writes the binary stream of uapi/whydrop.h, for a task that reads. */
#ifndef WHYDROP_STREAM_H
#define WHYDROP_STREAM_H

#include "show/view.h"

/* The binary stream of uapi/whydrop.h. */
extern const struct whydrop_view_ops whydrop_stream_ops;

/* Generate the id of this load. Task, once. */
void whydrop_stream_init(void);

#endif /* WHYDROP_STREAM_H */
