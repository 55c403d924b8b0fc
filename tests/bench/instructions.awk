# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f instructions.awk TABLE RAW...: status 1 if a bound is exceeded

BEGIN { FS = "|" }
FNR == 1 { file++ }
file == 1 { names[++count] = $1; pass[$1] = $2; bound[$1] = $5; title[$1] = $6; args[$1] = $4; next }
{ split($0, w, " ") }
w[1] == "skip" { why[w[2]] = substr($0, index($0, w[2]) + length(w[2]) + 1) }
w[1] == "sent" {
	add(w[2], w[4] / w[3])
	add(w[2] "/cpu", w[5] / w[3])
	add(w[2] "/" file, w[4] / w[3])
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
	base_cpu = median("baseline/cpu")
	print "Added instructions per drop. With a reader, its work is done by the same processor:"
	print "then what is in the sender's own CPU time is given, too. \"±\": by how much the two"
	print "boots differ, as a part of all instructions of a drop."
	print ""
	print "| what | added | sender's own | ± | bound | |"
	print "|---|---:|---:|---:|---:|---|"
	for (i = 1; i <= count; i++) {
		row = names[i]
		if (pass[row] !~ /i/)
			continue
		if (!n[row]) {
			printf "| %s | – | – | – | | left out: %s |\n", title[row], why[row]
			continue
		}
		added = median(row) - base
		own = median(row "/cpu") - base_cpu
		differ = 100 * (highest(row) - lowest(row)) / median(row)
		if (i == 1)
			printf "| %s | (%.0f in all) | |", title[row], base
		else
			printf "| %s | %.0f | %s |", title[row], added,
			       (added - own > 50 ? sprintf("%.0f", own) : "")
		printf " %.2f %% |", differ
		if (bound[row] == "-") {
			print " | |"
			continue
		}
		ok = added <= limit(row)
		bad += !ok
		printf " %.0f | %s |\n", limit(row), ok ? "holds" : "**exceeded**"
	}
	exit bad > 0
}
