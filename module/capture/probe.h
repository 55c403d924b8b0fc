/* SPDX-License-Identifier: GPL-2.0 */
/* Registers the probe, in a task. */
#ifndef WHYDROP_PROBE_H
#define WHYDROP_PROBE_H

/**
 * whydrop_probe_register() - let drops be seen from here on
 *
 * All that a drop touches must be ready. Context: task; calls of this and
 * the next one must not run at the same time. Return: 0 or a negative errno.
 */
int whydrop_probe_register(void);

/**
 * whydrop_probe_unregister() - no drop is seen any more when this returns
 *
 * Does nothing if the probe is not registered. Context: task, may sleep.
 * Return: 0, or -ENOMEM on old kernels with other probes attached: then it
 * still is registered.
 */
int whydrop_probe_unregister(void);

#endif /* WHYDROP_PROBE_H */
