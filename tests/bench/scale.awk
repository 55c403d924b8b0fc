# SPDX-License-Identifier: GPL-2.0
# awk -v dir=DIR -f scale.awk INSTRUCTIONS SCALE [CPUS]: tables, and DIR/*.dat for charts

FNR == 1 { file++ }
file == 1 { if ($1 == "sent" && $2 == "baseline") { base = $4 / $3; base_cpu = $5 / $3 } next }

$1 == "readers" {
	n1++
	readers[n1] = $2
	own[n1] = $5 / $3 - base_cpu
	all[n1] = $4 / $3 - base
	printf "%d %.1f %.1f\n", $2, own[n1], all[n1] >(dir "/readers.dat")
}
$1 == "ring" {
	n2++
	ring[n2] = $2
	ring_cost[n2] = $4 / $3 - base
	printf "%d %.1f\n", $2, ring_cost[n2] >(dir "/ring.dat")
}
$1 == "snaplen" {
	snaplen[++n4] = $2
	snap_cost[n4] = $4 / $3 - base
	printf "%d %.1f\n", $2, snap_cost[n4] >(dir "/snaplen.dat")
}
$1 == "depth" && $2 == "none" { mazed = $5 / $4 }
$1 == "depth" && $2 == "bare" { depth[++n5] = $3; bare[n5] = $5 / $4 - mazed }
$1 == "depth" && $2 == "whydrop" {
	deep[n5] = $5 / $4 - mazed
	printf "%d %.1f %.1f\n", $3, deep[n5], bare[n5] >(dir "/depth.dat")
}
$1 == "stacks" && $2 == "none" { ways[++n3] = $3; plain[$3] = $5 / $4 }
$1 == "stacks" && $2 != "none" {
	cost[$2, $3] = $5 / $4 - plain[$3]
	inline[$2, $3] = $6 ? 100 * $6 / ($6 + $7) : 0
}
$1 == "cpus" {
	time = $7 / $4
	key = $2 " " $3
	if (!(key in least) || time < least[key])
		least[key] = time
}

END {
	print "Added instructions of an event with 16 frames, by readers (`cat raw`):"
	print ""
	print "| readers | sender's own | with the readers' work |"
	print "|---:|---:|---:|"
	for (i = 1; i <= n1; i++)
		printf "| %d | %.0f | %.0f |\n", readers[i], own[i], all[i]
	print ""
	print "Of an event without stack, by size of the ring:"
	print ""
	print "| KiB | added |"
	print "|---:|---:|"
	for (i = 1; i <= n2; i++)
		printf "| %d | %.0f |\n", ring[i], ring_cost[i]
	print ""
	print "Of an event without stack, by bytes of the packet, of which there are 142:"
	print ""
	print "| snaplen | added |"
	print "|---:|---:|"
	for (i = 1; i <= n4; i++)
		printf "| %d | %.0f |\n", snaplen[i], snap_cost[i]
	print ""
	print "Of an event by frames, most of them in a module, and of the kernel\47s `stack_trace_save`:"
	print ""
	print "| stack_depth | added | stack_trace_save |"
	print "|---:|---:|---:|"
	for (i = 1; i <= n5; i++)
		printf "| %d | %.0f | %.0f |\n", depth[i], deep[i], bare[i]
	print ""
	print "Of an event with 24 frames, twelve of them in a module, by different stacks; in"
	print "brackets, how many events took their stack along since the table was full:"
	print ""
	print "| stacks | `max_stacks=4096` | `max_stacks=16384` |"
	print "|---:|---:|---:|"
	for (i = 1; i <= n3; i++) {
		w = ways[i]
		printf "%d %.1f %.1f\n", w, cost[4096, w], cost[16384, w] >(dir "/stacks.dat")
		printf "| %d | %.0f (%.0f %%) | %.0f (%.0f %%) |\n", w, cost[4096, w],
		       inline[4096, w], cost[16384, w], inline[16384, w]
	}
	if (file < 3)
		exit
	print ""
	print "Least time of a drop in µs when several processors drop at once, on a machine that"
	print "may have fewer; `stack_rate` is spent:"
	print ""
	print "| processors | without | with | ratio |"
	print "|---:|---:|---:|---:|"
	for (i = 1; i <= 4; i *= 2) {
		a = least["without " i] / 1e3
		b = least["with " i] / 1e3
		printf "| %d | %.1f | %.1f | %.2f |\n", i, a, b, b / a
		printf "%d %.3f\n", i, b / a >(dir "/cpus.dat")
	}
}
