/* SPDX-License-Identifier: GPL-2.0-only */
/* A full-screen terminal: draws lines and reads keys. */
#ifndef WHYDROP_SCREEN_H
#define WHYDROP_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

struct screen {
	void	*term;		/* SCREEN; NULL: not open */
	void	*in, *out;	/* FILE */
	int	fd;		/* to wait for keys on */
	int	height, width;
	bool	color;
	int	saved_stderr, kept_stderr;
};

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_FAINT, STYLE_SELECTED, STYLE_WARN };

enum {
	KEY_IS_NONE = -1,
	KEY_IS_UP = 0x10000, KEY_IS_DOWN, KEY_IS_PAGE_UP, KEY_IS_PAGE_DOWN,
	KEY_IS_HOME, KEY_IS_END, KEY_IS_ENTER, KEY_IS_ESCAPE, KEY_IS_RESIZE, KEY_IS_ENDED,
};

/* Is stdout a terminal that can be drawn on? If not, *@why says why not. */
bool screen_usable(const char **why);
/*
 * Open it. Keys come from stdin or, if that is no terminal, from the controlling one. Output
 * to stderr is kept until it is closed. Return: false if it failed, with the error reported.
 */
bool screen_open(struct screen *s, bool color);
void screen_close(struct screen *s);

void screen_begin(struct screen *s);
/* Write escaped text to a line, cut at its end; the rest of the line is cleared. */
void screen_line(struct screen *s, int row, const char *text, size_t len, enum style style);
void screen_end(struct screen *s);
/* Return a key, KEY_IS_..., or KEY_IS_NONE if there is none: does not wait. */
int screen_key(struct screen *s);

#endif
