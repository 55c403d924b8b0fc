# SPDX-License-Identifier: GPL-2.0
# awk -v overhead=TICKS -f median.awk -f host.awk ROWS TIMES: the table. TIMES is sorted:
#	STATE|CPUS|CACHE|READERS|ROUND|drops|N, ...|clock|TICKS|NS or ...|TICKS|COUNT

BEGIN {
	title["off"] = "off (`enabled=0`)"
	title["refused"] = "refused by the reason filter"
	title["event"] = "event without stack"
	title["stack"] = "event with 16 frames"
	title["storm"] = "event in a storm, `stack_rate` spent"
}

FNR == 1 { file++ }
file == 1 { rows[++count] = $1 "|" $2 "|" $3 "|" $4; next }
FNR == 1 { FS = "|"; $0 = $0 }
$6 == "drops" { next }
$6 == "clock" { ticks += $7; ns += $8; next }
{
	row = $1 "|" $2 "|" $3 "|" $4
	if (!((row, $6) in times))
		values[row] = values[row] " " $6
	times[row, $6] += $7
	sum[row] += $7
	round = row SUBSEP $5
	each[round] = each[round] " " $6
	of[round, $6] = $7
	in_round[round] += $7
	rounds = $5 > rounds ? $5 : rounds
}

# Return the least value that @part of all are not above, of a list that need not be sorted.
function quantile(list, name, all, part, array,	n, v, i, j, t, seen)
{
	n = split(list, v, " ")
	for (i = 2; i <= n; i++) {
		t = v[i]
		for (j = i - 1; j > 0 && v[j] + 0 > t + 0; j--)
			v[j + 1] = v[j]
		v[j + 1] = t
	}
	for (i = 1; i <= n; i++) {
		seen += array[name, v[i]]
		if (seen >= part * all)
			break
	}
	t = (v[i > n ? n : i] - overhead) * ns / ticks
	return t < 0 ? 0 : t
}

END {
	printf "Reading the clock takes %.1f ns, which are taken off; a tick is %.2f ns. Times are 0.8 %% off\n",
	       overhead * ns / ticks, ns / ticks
	print "at most, as they are counted in classes. Added: to the median without whydrop. ±: half of"
	print "what the rounds' medians differ by."
	print ""
	print "| whydrop | CPUs | cache | readers | timed | median | 99 % | 99.9 % | added | ± |"
	print "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|"
	for (i = 1; i <= count; i++) {
		row = rows[i]
		split(row, w, "|")
		middle = quantile(values[row], row, sum[row], 0.5, times)
		for (r = 1; r <= rounds; r++)
			add(row, quantile(each[row, r], row SUBSEP r, in_round[row, r], 0.5, of))
		off = "off|" w[2] "|" w[3] "|0"
		base = off in sum ? quantile(values[off], off, sum[off], 0.5, times) : 0
		printf "| %s | %d | %s | %d | %d | %.0f | %.0f | %.0f | %s | %.0f |\n", title[w[1]], w[2], w[3], w[4],
		       sum[row], middle, quantile(values[row], row, sum[row], 0.99, times),
		       quantile(values[row], row, sum[row], 0.999, times),
		       off in sum && w[1] != "off" ? sprintf("%.0f", middle - base) : "", (highest(row) - lowest(row)) / 2
	}
}
