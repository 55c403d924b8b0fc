# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f traces.awk TABLE RAW

FNR == 1 { file++ }
file == 2 && $1 == "traces" { add($2 " " $3, $5 / $4) }

END {
	print "Time of a drop with 24 frames, twelve of them in a module, as a ratio to that without"
	print "whydrop: median. Cold: the first drop since a module came or went, when no address is known.\n"
	print "| stacks | walked | unwound |"
	print "|---|---:|---:|"
	k = split("1 300 cold", what, " ")
	for (i = 1; i <= k; i++)
		printf "| %s | %.2f | %.2f |\n", what[i],
		       median("auto " what[i]) / median("none " what[i]),
		       median("unwind " what[i]) / median("none " what[i])
}
