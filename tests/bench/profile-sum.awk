# SPDX-License-Identifier: GPL-2.0
# awk -f profile-sum.awk INLINED NAMED: instructions per function

NR == FNR { inlined[$1 " " $2] = $3; next }

{
	total++
	name = $2
	if (NF > 2) {
		key = $3 " " $4
		if (key in inlined && index($2 ".", inlined[key] ".") != 1)
			name = inlined[key] ", inlined in " $2
		name = name " [whydrop]"
	}
	count[name]++
}

END {
	printf "%7d          in all\n", total
	for (name in count)
		printf "%7d %6.1f%%  %s\n", count[name], 100 * count[name] / total, name
}
