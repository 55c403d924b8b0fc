# SPDX-License-Identifier: GPL-2.0
# awk -f median.awk -f storm.awk RAW: rates with and without, and their ratio

$1 == "storm" {
	count[$2] += $4
	ns[$2] += $7
	rate[$2, $3] += $4 / $7
	slices = $3 + 1
}

$1 == "stacks" {
	recorded += $2
	with_stack += $3
}

END {
	for (i = 0; i < slices; i++)
		add("ratio", rate["with", i] / rate["without", i])
	ratio = (count["with"] / ns["with"]) / (count["without"] / ns["without"])
	printf "drops per second and CPU: %.0f without whydrop, %.0f with it\n",
	       count["without"] / ns["without"] * 1e9, count["with"] / ns["with"] * 1e9
	printf "%.0f drops with whydrop, %.1f %% of them with a stack\n", count["with"],
	       100 * with_stack / (recorded + !recorded)
	printf "rate kept: %.1f %% in all; %d pairs of slices: lowest %.1f %%, median %.1f %%\n",
	       100 * ratio, slices, 100 * lowest("ratio"), 100 * median("ratio")
	exit median("ratio") < 0.8
}
