/* SPDX-License-Identifier: GPL-2.0 */
/* The version: constants only. */
#ifndef WHYDROP_VERSION_H
#define WHYDROP_VERSION_H

/* The one place that has the version; dkms.conf is held against it by a test. */
#define WHYDROP_VERSION "0.1.0"

#endif /* WHYDROP_VERSION_H */
