// SPDX-License-Identifier: GPL-2.0
/*
 * paramfuzz - random texts into a filter's parameter
 *
 * usage: paramfuzz FILE COUNT [SEED]
 *
 * Half programs of random instructions, half texts that are nearly one. What
 * is refused must be so with EINVAL and leave the old text in force; what is
 * accepted must be what is read. Prints accepted= refused=; exit status 1 if
 * it was otherwise.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t state;

static uint32_t rnd(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 16) % below;
}

/* operands that mean something: edges, ancillary loads, random ones */
static uint32_t operand(void)
{
	switch (rnd(5)) {
	case 0: return rnd(16);
	case 1: return 0xfffff000 + rnd(80);	/* SKF_AD_OFF */
	case 2: return 0xffe00000 + rnd(64);	/* SKF_LL_OFF */
	case 3: return 0xfff00000 + rnd(64);	/* SKF_NET_OFF */
	default: return rnd(UINT32_MAX);
	}
}

static void program(char *s, size_t room)
{
	static const uint16_t codes[] = {
		0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x80, 0x00, 0x60, 0x01, 0x61, 0x81, 0xb1,
		0x02, 0x03, 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x34, 0x3c, 0x44, 0x54, 0x64, 0x6c,
		0x74, 0x7c, 0x84, 0x94, 0x9c, 0xa4, 0xac, 0x05, 0x15, 0x1d, 0x25, 0x35, 0x45,
		0x07, 0x87, 0x06, 0x16,
	};
	unsigned int nr = 1 + rnd(rnd(8) ? 6 : 150), i;
	size_t n;

	n = snprintf(s, room, "%u", rnd(50) ? nr : rnd(5000));
	for (i = 0; i < nr && n < room; i++) {
		unsigned int code = rnd(30) ? codes[rnd(sizeof(codes) / sizeof(*codes))] :
					      rnd(70000);
		unsigned int k = operand(), left = nr - i;

		if (i == nr - 1 && rnd(4))
			code = 6;
		if (rnd(3) && ((code & 7) == 2 || (code & 7) == 3 || (code & 7) == 4 ||
			       code == 0x60 || code == 0x61 || (code & 7) == 5))
			k = 1 + rnd(15);
		n += snprintf(s + n, room - n, ",%u %u %u %u", code,
			      rnd(30) ? rnd(left) : rnd(300), rnd(30) ? rnd(left) : rnd(300),
			      code == 5 && rnd(9) ? rnd(left) : k);
	}
}

static void near(char *s, size_t room)
{
	static const char letters[] = "0123456789 ,\t-+x!*aF\\%\"'";
	unsigned int i, n, changes = rnd(4) + 1;

	program(s, room);
	n = strlen(s);
	for (i = 0; n && i < changes; i++)
		s[rnd(n)] = rnd(8) ? letters[rnd(sizeof(letters) - 1)] : (char)(1 + rnd(255));
	if (!rnd(4))
		s[rnd(n + 1)] = '\0';
	if (!strcspn(s, " \t\n\v\f\r"))
		strcpy(s, "x");
}

static const char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\n\v\f\r\xa0");
	for (n = strlen(s); n && strchr(" \t\n\v\f\r\xa0", s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static void get(const char *file, char *s, size_t room)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, s, room - 1);

	s[n > 0 ? n : 0] = '\0';
	close(fd);
}

int main(int argc, char **argv)
{
	static char text[4000], was[8192], now[8192];
	unsigned long i, count, accepted = 0, refused = 0;
	ssize_t n;
	int fd, err;

	if (argc < 3)
		return 2;
	count = strtoul(argv[2], NULL, 0);
	state = argc > 3 ? strtoull(argv[3], NULL, 0) : 1;
	state = state * 0x9e3779b97f4a7c15u + 1;
	get(argv[1], was, sizeof(was));
	for (i = 0; i < count; i++) {
		(rnd(2) ? program : near)(text, sizeof(text) - 1);
		fd = open(argv[1], O_WRONLY | O_CLOEXEC);
		n = write(fd, text, strlen(text));
		err = errno;
		close(fd);
		get(argv[1], now, sizeof(now));
		if (n < 0 ? err != EINVAL || strcmp(was, now) :
			    strcmp(trim(text), trim(now))) {
			printf("text %lu: %s\nwrite %zd errno %d\nwas %s\nnow %s\n", i, text, n,
			       err, was, now);
			return 1;
		}
		*(n < 0 ? &refused : &accepted) += 1;
		get(argv[1], was, sizeof(was));
	}
	printf("accepted=%lu refused=%lu\n", accepted, refused);
	return 0;
}
