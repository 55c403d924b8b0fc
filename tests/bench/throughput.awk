# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f throughput.awk TABLE RAW

BEGIN { FS = "|" }
FNR == 1 { file++ }
file == 1 { names[++count] = $1; pass[$1] = $2; title[$1] = $6; next }
{ split($0, w, " ") }
w[1] == "skip" { why[w[2]] = substr($0, index($0, w[2]) + length(w[2]) + 1) }

# One line for each CPU that drops.
w[1] == "rate" {
	rate += w[4] / w[7] * 1e9
	if (++lines < w[3])
		next
	if (w[2] != "baseline") {
		row = w[2]
		now = rate
	} else {
		# Each row stands between two baselines: the faster one is less disturbed.
		if (row != "")
			add(row " " w[3], now / (rate > before ? rate : before))
		add("baseline " w[3], rate)
		before = rate
		row = ""
	}
	rate = lines = 0
}

function ratio(row)
{
	return sprintf("%.2f (%.2f to %.2f)", median(row), lowest(row), highest(row))
}

END {
	print "Drops per second that one and two processors reach by sending, as a ratio to that without"
	printf "any tool, measured next to it; median, least and most. Without: %.0f and %.0f drops per\n",
	       median("baseline 1"), median("baseline 2")
	print "second in the median. Both processors of the guest drop in the last column, so that what a"
	print "tool does in a process of its own comes on top."
	print ""
	print "| what | one CPU | two CPUs |"
	print "|---|---:|---:|"
	for (i = 1; i <= count; i++) {
		r = names[i]
		if (pass[r] !~ /t/)
			continue
		if (n[r " 1"] && n[r " 2"])
			printf "| %s | %s | %s |\n", title[r], ratio(r " 1"), ratio(r " 2")
		else
			printf "| %s | left out: %s | |\n", title[r], why[r]
	}
}
