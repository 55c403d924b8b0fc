# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f quick.awk ROWS RAW: the table, and status 0 if all bounds hold, 1 if not, 2 if none

BEGIN { FS = "|" }

NR == FNR {
	names[++count] = $1
	bound[$1] = $2
	title[$1] = $6
	next
}

{
	split($0, field, " ")
	add(field[1], field[3] / field[2])
}

function limit(row,	word)
{
	if (bound[row] !~ /\+/)
		return bound[row]
	split(bound[row], word, "+")
	return median(word[1]) - base + word[2]
}

END {
	base = median("baseline")
	printf "%-58s %9s %7s %7s  %s\n", "added instructions per drop", "median", "spread",
	       "bound", "ok"
	printf "%-58s %9.1f %7.1f\n", title["baseline"], base,
	       highest("baseline") - lowest("baseline")
	for (i = 2; i <= count; i++) {
		row = names[i]
		added = median(row) - base
		printf "%-58s %9.1f %7.1f", title[row], added, highest(row) - lowest(row)
		if (bound[row] == "-") {
			print ""
			continue
		}
		ok = added <= limit(row)
		bad += !ok
		good += ok
		printf " %7.0f  %s (%+.0f)\n", limit(row), ok ? "ok" : "EXCEEDED", limit(row) - added
	}
	exit !bad ? 0 : good ? 1 : 2
}
