// SPDX-License-Identifier: GPL-2.0-only
/* Draws lines on a terminal and reads keys; the only file that uses ncurses. */
#include <stdio.h>
#include <stdlib.h>

#include "base/screen.h"

#ifdef HAVE_NCURSES

#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#include "base/util.h"

enum { PAIR_WARN = 1, PAIR_BOLD };

/* A line said in the middle of the screen would be seen by nobody. */
static void redirect_stderr(struct screen *s)
{
	s->kept_stderr = memfd_create("stderr", MFD_CLOEXEC);
	s->saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (s->kept_stderr >= 0 && s->saved_stderr >= 0 && isatty(STDERR_FILENO))
		dup2(s->kept_stderr, STDERR_FILENO);
}

static void restore_stderr(struct screen *s)
{
	char buf[4096];
	ssize_t n;

	if (s->saved_stderr >= 0)
		dup2(s->saved_stderr, STDERR_FILENO);
	lseek(s->kept_stderr, 0, SEEK_SET);
	while (s->kept_stderr >= 0 && (n = read(s->kept_stderr, buf, sizeof(buf))) > 0)
		if (write(STDERR_FILENO, buf, n) != n)
			break;
	close(s->saved_stderr);
	close(s->kept_stderr);
}

bool screen_usable(const char **why)
{
	const char *term = getenv("TERM");
	int known, fd = -1;

	*why = "stdout is not a terminal";
	if (!isatty(STDOUT_FILENO))
		return false;
	*why = "TERM is not set";
	if (!term || !*term)
		return false;
	*why = "this kind of terminal cannot be drawn on";
	if (!strcmp(term, "dumb") || setupterm(term, STDOUT_FILENO, &known) == ERR)
		return false;
	del_curterm(cur_term);
	*why = "there is no terminal to read keys from";
	if (isatty(STDIN_FILENO))
		return true;
	fd = open("/dev/tty", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool screen_open(struct screen *s, bool color)
{
	memset(s, 0, sizeof(*s));
	s->in = isatty(STDIN_FILENO) ? fdopen(dup(STDIN_FILENO), "r") : fopen("/dev/tty", "re");
	s->out = fdopen(dup(STDOUT_FILENO), "w");
	setlocale(LC_CTYPE, "");
	if (s->in && s->out)
		s->term = newterm(NULL, s->out, s->in);
	if (!s->term) {
		complain("cannot draw on this terminal: %s", strerror(errno));
		if (s->in)
			fclose(s->in);
		if (s->out)
			fclose(s->out);
		return false;
	}
	redirect_stderr(s);
	set_term(s->term);
	s->fd = fileno(s->in);
	cbreak();
	noecho();
	nonl();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	set_escdelay(50);
	curs_set(0);
	s->color = color && has_colors();
	if (s->color) {
		start_color();
		use_default_colors();
		init_pair(PAIR_WARN, COLOR_RED, -1);
		init_pair(PAIR_BOLD, COLOR_CYAN, -1);
	}
	getmaxyx(stdscr, s->height, s->width);
	return true;
}

void screen_close(struct screen *s)
{
	if (!s->term)
		return;
	endwin();
	delscreen(s->term);
	fclose(s->in);
	fclose(s->out);
	s->term = NULL;
	restore_stderr(s);
}

void screen_begin(struct screen *s)
{
	getmaxyx(stdscr, s->height, s->width);
	werase(stdscr);
}

void screen_line(struct screen *s, int row, const char *text, size_t len, enum style style)
{
	attr_t attr[] = {
		[STYLE_PLAIN] = A_NORMAL, [STYLE_BOLD] = A_BOLD, [STYLE_FAINT] = A_DIM,
		[STYLE_SELECTED] = A_REVERSE, [STYLE_WARN] = A_BOLD,
	};
	short pair = s->color && style == STYLE_WARN ? PAIR_WARN :
		     s->color && style == STYLE_BOLD ? PAIR_BOLD : 0;
	const char *end = text + len;
	mbstate_t state = { 0 };
	int column = 0, taken;
	wchar_t c[2] = { 0 };
	size_t n;

	if (row < 0 || row >= s->height)
		return;
	wmove(stdscr, row, 0);
	wattr_set(stdscr, attr[style], pair, NULL);
	for (; text < end && *text != '\n'; text += n) {
		n = mbrtowc(c, text, end - text, &state);
		taken = n && n < (size_t)-2 ? wcwidth(*c) : -1;
		if (taken < 0) {
			/* Not of this locale. */
			memset(&state, 0, sizeof(state));
			*c = '?';
			taken = n = 1;
		}
		if (column + taken > s->width)
			break;
		waddnwstr(stdscr, c, 1);
		column += taken;
	}
	for (; style == STYLE_SELECTED && column < s->width; column++)
		waddnwstr(stdscr, L" ", 1);
	wattr_set(stdscr, A_NORMAL, 0, NULL);
}

void screen_end(struct screen *s)
{
	(void)s;
	wrefresh(stdscr);
}

int screen_key(struct screen *s)
{
	int key = wgetch(stdscr);

	switch (key) {
	case ERR: return KEY_IS_NONE;
	case KEY_UP: return KEY_IS_UP;
	case KEY_DOWN: return KEY_IS_DOWN;
	case KEY_PPAGE: return KEY_IS_PAGE_UP;
	case KEY_NPAGE: return KEY_IS_PAGE_DOWN;
	case KEY_HOME: return KEY_IS_HOME;
	case KEY_END: return KEY_IS_END;
	case KEY_ENTER: case '\r': case '\n': return KEY_IS_ENTER;
	case 27: return KEY_IS_ESCAPE;
	case KEY_RESIZE:
		getmaxyx(stdscr, s->height, s->width);
		return KEY_IS_RESIZE;
	case 12:
		clearok(stdscr, TRUE);
		return KEY_IS_RESIZE;
	default: return key;
	}
}

#else

bool screen_usable(const char **why)
{
	*why = "built without ncurses (Debian: libncurses-dev)";
	return false;
}

bool screen_open(struct screen *s, bool color)
{
	(void)s, (void)color;
	return false;
}

void screen_close(struct screen *s)
{
	(void)s;
}

void screen_begin(struct screen *s)
{
	(void)s;
}

void screen_line(struct screen *s, int row, const char *text, size_t len, enum style style)
{
	(void)s, (void)row, (void)text, (void)len, (void)style;
}

void screen_end(struct screen *s)
{
	(void)s;
}

int screen_key(struct screen *s)
{
	(void)s;
	return KEY_IS_ENDED;
}

#endif
