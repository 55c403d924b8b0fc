# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f quick.awk ROWS TABLE README RAW: the figures, as comments; a
# line of KTAP for each bound and, if a slow copy was measured, for its rows; and
# whether README.md and tests/bench/README.md have these figures; -v other=NAME: they are of
# that kernel, and no README has them

BEGIN { FS = "|" }
FNR == 1 { file++ }

file == 1 {
	if ($4 == "-")
		base = $1
	names[++count] = $1
	bound[$1] = $2
	base_of[$1] = base
	title[$1] = $7
	bounds += $2 ~ /[0-9]/
	next
}

file == 2 {
	if ($1 in title)
		name_of[$6] = $1
	next
}

file == 3 {
	what = $2
	gsub(/^ | $/, "", what)
	gsub(/[ ,]/, "", $3)
	if (what in name_of)
		quoted[name_of[what]] = $3
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

# The README's figures are those of another boot, perhaps of a neighbor of this kernel.
function strayed(	row, list, distance)
{
	for (row in quoted) {
		distance = quoted[row] - added(row)
		if (distance < 0)
			distance = -distance
		if (distance > 30 && distance > added(row) / 50)
			list = list sprintf(", %s %d for %.0f", row, quoted[row], added(row))
		seen++
	}
	return seen ? substr(list, 3) : "no figure found"
}

function result(good, what)
{
	printf "%sok %d %s\n", good ? "" : "not ", ++results, what
}

END {
	print "KTAP version 1"
	printf "1..%d\n", (slow ? 2 * bounds : bounds) + !other
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
	if (other)
		exit
	wrong = strayed()
	result(wrong == "", "README.md has these figures")
	if (wrong != "")
		print "# " wrong ": tests/bench/full, then tests/bench/report --readme"
}
