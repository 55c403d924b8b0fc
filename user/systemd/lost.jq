# What is missing of a feed, by load of the module and CPU: of the numbers from the first to
# the last, those that no line has. The feed has reported some as lost; the others are gone
# since then, as when the journal removed them before somebody read them, and the exit status
# is 1. Of the journal, and of the files of somebody who reads it bit by bit:
#
#	journalctl -u whydrop-feed -o cat | jq -Rnr -f lost.jq
#	cat *.jsonl | jq -Rnr -f lost.jq
#
# Lines may come in any order, and twice. Those that the feed leaves out by -r or a filter
# are missing here: use the module's own reasons or packet_filter, which number what is left.

# Take the numbers from $from to before $to; as $what.
def covered($from; $to; $what):
	if $to > .next then
		(if $from > .next then .gaps += [[.next, $from]] else . end) |
		.[$what] += $to - ([$from, .next] | max) | .next = $to
	else . end |
	if .gaps != [] and $from < .gaps[-1][1] then
		(.gaps | map(.[1] - .[0]) | add) as $before |
		.gaps |= [.[] | [.[0], ([.[1], $from] | min)], [([.[0], $to] | max), .[1]] | select(.[0] < .[1])] |
		.[$what] += $before - (.gaps | map(.[1] - .[0]) | add // 0)
	else . end;

reduce (inputs | fromjson? | objects |
	select(.load_id and (.cpu | numbers) and (.seq | numbers) and
	       (.type == "drop" or (.type == "lost" and .cause == "overwritten" and (.count | numbers))))) as $l
	({}; .[$l.load_id + "\t\($l.cpu)"] |= (
		. // { node: $l.node, from: $l.seq, next: $l.seq, drop: 0, lost: 0, gaps: [] } |
		(if $l.seq < .from then .gaps = [[$l.seq, .from]] + .gaps | .from = $l.seq else . end) |
		covered($l.seq; $l.seq + ($l.count // 1); $l.type))) |
[to_entries[] | .key as $key | .value | .untold = (.gaps | map(.[1] - .[0]) | add // 0) |
	{ untold, line: "\(.node)\t\($key)\t\(.from)\t\(.next - .from)\t\(.drop)\t\(.next - .from - .drop)\t\(.lost)\t\(.untold)" }] |
"host\tload_id\tcpu\tfrom\tnumbers\tevents\tmissing\ttold\tuntold", (sort_by(-.untold)[].line | gsub("[^ -~\t]"; "?")),
(map(.untold) | add // 0 | select(. > 0) | "\(.) events are missing that nobody has reported as lost\n" | halt_error(1))
