# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f instructions.awk TABLE RAW...: status 1 if a bound is
# exceeded, or two boots differ by more than 1 %
# awk -v quote=r ...: only the rows with this pass, for README.md; [rq]: or that one

BEGIN { FS = "|" }
FNR == 1 { file++ }
file == 1 { names[++count] = $1; pass[$1] = $2; bound[$1] = $5; title[$1] = $6; args[$1] = $4; next }
{ split($0, w, " ") }
w[1] == "skip" { why[w[2]] = substr($0, index($0, w[2]) + length(w[2]) + 1) }
w[1] == "sent" {
	add(w[2], w[4] / w[3])
	add(w[2] "/cpu", w[5] / w[3])
}

function limit(row,	word)
{
	if (bound[row] !~ /\+/)
		return bound[row]
	split(bound[row], word, "+")
	return median(word[1]) - base + word[2]
}

function thousands(value,	digits)
{
	digits = sprintf("%.0f", value)
	sub(/[0-9][0-9][0-9]$/, ",&", digits)
	sub(/^,/, "", digits)
	return digits
}

END {
	base = median("baseline")
	base_cpu = median("baseline/cpu")
	if (quote) {
		for (i = 1; i <= count; i++)
			if (pass[names[i]] ~ quote)
				printf "| %s | %s |\n", title[names[i]], thousands(median(names[i]) - base)
		exit
	}
	print "Instructions that a drop takes more than without a tool, two boots. Readers work on"
	print "the same processor: theirs is told beside it, by the CPU time that is not the sender\47s;"
	print "it comes in gusts. \"±\": by how much the boots differ, as a part of all instructions of"
	print "a drop."
	print ""
	print "| what | added | by the reader | ± | bound | |"
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
		reader = added - (median(row "/cpu") - base_cpu)
		key = row
		if (reader > 50) {
			added -= reader
			key = row "/cpu"
		}
		differ = 100 * (highest(key) - lowest(key)) / median(key)
		bad += differ > 1
		printf i == 1 ? "| %s | (%.0f in all)" : "| %s | %.0f", title[row], i == 1 ? base : added
		printf " | %s | %.2f %% |", (reader > 50 ? sprintf("%.0f", reader) : ""), differ
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
