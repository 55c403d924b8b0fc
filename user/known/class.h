/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells what kind of drop a reason is. */
#ifndef WHYDROP_CLASS_H
#define WHYDROP_CLASS_H

#include <stddef.h>

/*
 * What drops of a kind mostly mean on a healthy host. Whether they are a fault is a matter
 * of their rate, and of who should have got the packets: no class proves one.
 */
enum intent {
	INTENT_UNKNOWN,		/* nothing is known, or too much is possible */
	INTENT_USUAL,		/* wanted, or of no consequence */
	INTENT_SUSPICIOUS,	/* somebody else's fault, or a wrong setting here */
	INTENT_BAD,		/* this host lacks room, or something is broken */
	INTENT_MIXED,		/* of several drops that do not have the same */
	INTENT_NR,
};

struct drop_class {
	const char	*name;		/* "errors/l3/no-route" */
	enum intent	intent;
};

/* The class of drops that nothing is known of. */
extern const struct drop_class class_unknown;

/* Return the class of the reason NAME or SUBSYSTEM/NAME, or class_unknown. */
const struct drop_class *class_of(const char *label);

const char *intent_word(enum intent intent);

/* Add one drop's class to that of several, which begins without a name. */
void class_add(struct drop_class *sum, const struct drop_class *c);

/* The classes of reasons: the first row with the name applies. */
struct reason_class {
	const char	*names;		/* apart by blanks; globs */
	struct drop_class class;
};

extern const struct reason_class classes[];
extern const size_t nr_classes;

#endif
