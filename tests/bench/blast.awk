# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f blast.awk TABLE RAW: status 1 if whydrop does not tell of each
# drop, or a reader of its takes more than 4 MB

BEGIN { FS = "|" }
FNR == 1 { file++ }
file == 1 { names[++count] = $1; pass[$1] = $2; title[$1] = $6; next }
{ split($0, w, " ") }
w[1] == "skip" { why[w[2]] = substr($0, index($0, w[2]) + length(w[2]) + 1) }
w[1] == "blast" {
	drops[w[2]] = w[3]
	delivered[w[2]] = w[4]
	lost[w[2]] = w[5]
	armed[w[2]] = w[6]
	kb[w[2]] = w[7]
}

END {
	print "As many drops as the guest makes, one sender, default buffers, the reader running. Of"
	print "several readers the one that got least. Whydrop tells losses of any drop, the others'"
	print "are compared with those sent. \"Starts\": until the tracepoint has its probe. Memory: of"
	print "all readers; whydrop\47s are to take 4 MB each at most."
	print ""
	print "| what | drops | delivered | told as lost | neither | starts | reader's memory |"
	print "|---|---:|---:|---:|---:|---:|---:|"
	for (i = 1; i <= count; i++) {
		r = names[i]
		if (pass[r] !~ /b/)
			continue
		if (r in drops && title[r] ~ /whydrop/) {
			bad += drops[r] != delivered[r] + lost[r]
			bad += kb[r] > 4096 * (r ~ /8raw/ ? 8 : 1)
		}
		if (r in drops)
			printf "| %s | %d | %d | %d | %d | %.2f s | %s |\n", title[r], drops[r],
			       delivered[r], lost[r], drops[r] - delivered[r] - lost[r], armed[r] / 1e6,
			       kb[r] ? sprintf("%.1f MB", kb[r] / 1024) : "–"
		else
			printf "| %s | left out: %s | | | | | |\n", title[r], why[r]
	}
	exit bad > 0
}
