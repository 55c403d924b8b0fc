-- Stacks of all hosts as folded lines, for flame graphs, of the last day:
--
--	clickhouse-client <flame.sql | flamegraph.pl >fleet.svg
SELECT concat(arrayStringConcat(arrayReverse(arrayMap(f -> splitByChar('+', f)[1],
        empty(stack) ? [at] : stack)), ';'), ';', reason, ' ', toString(count()))
FROM whydrop.drops
WHERE day >= today() - 1 AND time >= now() - 86400
GROUP BY stack, at, reason
ORDER BY count() DESC, reason
FORMAT TSVRaw
