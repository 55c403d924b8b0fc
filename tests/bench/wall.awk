# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f wall.awk TABLE RAW

BEGIN { FS = "|" }
FNR == 1 { file++ }
file == 1 { names[++count] = $1; pass[$1] = $2; title[$1] = $6; next }
{ split($0, w, " ") }
w[1] == "skip" { why[w[2]] = substr($0, index($0, w[2]) + length(w[2]) + 1) }

# Each row stands between two baselines: the faster one is less disturbed.
w[1] == "sent" && w[2] == "baseline" {
	now = w[6] / w[3]
	if (row != "")
		add(row, time / (now < before ? now : before))
	add("baseline", now)
	before = now
	row = ""
	next
}
w[1] == "sent" { row = w[2]; time = w[6] / w[3] }

END {
	printf "Time of a drop as a ratio to that without any tool, measured next to it; two\n"
	printf "processors, one of which drops. Without: %.1f µs at least, %.1f in the median.\n\n",
	       lowest("baseline") / 1e3, median("baseline") / 1e3
	print "| what | minimum | median |"
	print "|---|---:|---:|"
	for (i = 2; i <= count; i++) {
		r = names[i]
		if (pass[r] !~ /w/)
			continue
		if (n[r])
			printf "| %s | %.2f | %.2f |\n", title[r], lowest(r), median(r)
		else
			printf "| %s | left out: %s | |\n", title[r], why[r]
	}
}
