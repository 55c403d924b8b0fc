# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f quick.awk ROWS RAW: the table, as comments, and a line of
# KTAP for each bound and, if there is something of a slow copy, for its rows

BEGIN { FS = "|" }

NR == FNR {
	if ($4 == "-")
		base = $1
	names[++count] = $1
	bound[$1] = $2
	base_of[$1] = base
	title[$1] = $7
	bounds += $2 ~ /[0-9]/
	next
}

{
	split($0, field, " ")
	add(field[1], field[3] / field[2])
	slow += field[1] ~ /\/slow$/
}

function added(row,	name)
{
	name = row
	sub(/\/slow$/, "", name)
	return median(row) - median(base_of[name])
}

function limit(row,	word)
{
	if (bound[row] !~ /\+/)
		return bound[row]
	split(bound[row], word, "+")
	return added(word[1]) + word[2]
}

function result(good, what)
{
	printf "%sok %d %s\n", good ? "" : "not ", ++results, what
}

END {
	print "KTAP version 1"
	printf "1..%d\n", slow ? 2 * bounds : bounds
	printf "# %-40s %9s %7s %7s\n", "added instructions per drop", "median", "spread", "bound"
	for (i = 1; i <= count; i++) {
		row = names[i]
		printf "# %-40s %9.1f %7.1f", title[row], base_of[row] == row ? median(row) : added(row),
		       highest(row) - lowest(row)
		if (bound[row] ~ /[0-9]/)
			printf " %7.0f", limit(row)
		print ""
	}
	for (i = 1; i <= count; i++) {
		row = names[i]
		if (bound[row] !~ /[0-9]/)
			continue
		result(added(row) <= limit(row), sprintf("%s takes %.0f, at most %.0f",
							 row, added(row), limit(row)))
		if (slow)
			result(added(row "/slow") > limit(row),
			       sprintf("%s: 100 more would be noticed", row))
	}
}
