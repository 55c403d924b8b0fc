/* SPDX-License-Identifier: GPL-2.0-only */
/* An input of the fuzzer: which command on which machine, and a recording's records. */
#ifndef FUZZ_RECORDS_H
#define FUZZ_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <whydrop.h>

/*
 * At the start of an input. Behind it @words_len bytes of words for the command
 * line, each with a NUL behind it, @text_len bytes of one of the module's text files,
 * and the recording.
 */
struct head {
	uint8_t		view;		/* number of a command line */
	uint8_t		keys;		/* that are pressed in `top'; also details of faults */
	uint8_t		columns;	/* of the terminal; below 128: there is none */
	uint8_t		how;		/* enum how */
	uint8_t		fault;		/* enum fault, or above: none */
	uint8_t		times;		/* the records come again: see times_of() */
	uint8_t		from;		/* those from this one on */
	uint8_t		vary;		/* enum vary */
	uint16_t	words_len;
	uint16_t	text_len;
};

/* How the recording gets to the program. */
enum how {
	HOW_FILE, HOW_STDIN, HOW_PIPE, HOW_FILES, HOW_DIRECTORY, HOW_PATTERN, HOW_TWICE,
	HOW_LIVE, HOW_NR,
};

/* What is another one each time that the records come again. */
enum vary {
	VARY_STACKS	= 1 << 0,	/* ids of stacks */
	VARY_REASONS	= 1 << 1,	/* numbers of reasons */
	VARY_SEQ	= 1 << 2,	/* numbers and times of events */
	VARY_FLOWS	= 1 << 3,	/* addresses, devices, namespaces, tasks */
	VARY_TEXTS	= 1 << 4,	/* names of reasons, places, keys */
	VARY_CPUS	= 1 << 5,
	VARY_RANDOM	= 1 << 6,	/* in no order */
	VARY_BACK	= 1 << 7,	/* and then the first one again */
};

static inline unsigned int times_of(uint8_t times)
{
	return times < 192 ? 1 : 1u << (times - 192) / 3;
}

/* Bytes of the record or header at @p; 0: of no whole one. */
size_t record_size(const uint8_t *p, size_t left, bool *swap);
bool is_header(const uint8_t *p, size_t left);
uint16_t record_type(const uint8_t *p, bool swap);

/*
 * The recording as the program gets it. Return its length, at most @max. It has
 * no more than @records_max records, if it has no more at first.
 */
size_t records_repeat(uint8_t *to, size_t max, const uint8_t *p, size_t len, const struct head *h,
		      size_t records_max);

/* mutate.c: another input out of this one, for either engine. */
size_t mutate(uint8_t *p, size_t len, size_t max, uint32_t seed,
	      size_t (*bytes)(uint8_t *p, size_t len, size_t max));
/* One of the head of @x and records of both. */
size_t cross(const uint8_t *x, size_t x_len, const uint8_t *y, size_t y_len, uint8_t *to,
	     size_t max, uint32_t seed);

/* program.c */
void program_init(void);
/* Run it; a finding does not come back. */
void program_run(const uint8_t *p, size_t len);
/* Was that one with many records? Then it is not to be kept: it takes long. */
bool program_was_large(void);
/* The most that one has taken. */
void program_report(void);
extern const size_t nr_views;

#endif
