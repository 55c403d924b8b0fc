/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells what kind of drop a reason is. */
#ifndef WHYDROP_CLASS_H
#define WHYDROP_CLASS_H

/*
 * What drops of a kind mostly mean on a healthy host. Whether they are a fault is a matter
 * of their rate, and of who should have got the packets: no class proves one.
 */
enum intent {
	INTENT_UNKNOWN,		/* the reason does not tell: its place may */
	INTENT_USUAL,		/* wanted, or of no consequence */
	INTENT_SUSPICIOUS,	/* somebody else's fault, or a wrong setting here */
	INTENT_BAD,		/* this host lacks room, or something is broken */
};

struct drop_class {
	const char	*names;		/* of reasons, apart by blanks; globs */
	const char	*name;		/* "errors/l3/no-route" */
	enum intent	intent;
};

/* That of the reason NAME or SUBSYSTEM/NAME; never NULL, but perhaps unknown. */
const struct drop_class *class_of(const char *label);
const char *intent_word(enum intent intent);

#endif
