# SPDX-License-Identifier: GPL-2.0
# awk -f profile.awk SECTIONS SYMBOLS PCS: for each address, in order:
#	ADDRESS FUNCTION [SECTION OFFSET], the latter in the module
# Addresses are compared as text: all have sixteen digits.

FILENAME == ARGV[1] { base[++sections] = $1; section[sections] = $2; next }
FILENAME == ARGV[2] { start[++symbols] = $2; symbol[symbols] = $3; next }

# find(A, COUNT, ADDRESS): the last entry that is not above it
function find(a, count, address,	lo, hi, mid)
{
	lo = 1
	hi = count
	while (lo < hi) {
		mid = int((lo + hi + 1) / 2)
		if (a[mid] <= address)
			lo = mid
		else
			hi = mid - 1
	}
	return lo
}

# The last eight digits will do for a difference.
function number(digits,	i, n)
{
	digits = substr(digits, 9)
	for (i = 1; i <= 8; i++)
		n = n * 16 + index("0123456789abcdef", substr(digits, i, 1)) - 1
	return n
}

BEGIN { sections = symbols = 0 }

{
	name = symbol[find(start, symbols, $1)]
	if ($1 >= base[1]) {
		s = find(base, sections, $1)
		printf "%s %s %s %x\n", $1, name, section[s], number($1) - number(base[s])
	} else {
		print $1, name
	}
}
