-- What is missing of each load of the module, by CPU: of the numbers from the first to the
-- last, since yesterday, those that no event here has. The host has told of some; the others
-- were lost on their way, or are still in its spool.
SELECT any(node) AS host, load_id, cpu,
    max(last) - min(first) + 1 AS numbers,
    sum(here) AS events,
    numbers - events AS missing,
    least(sum(said), missing) AS told,
    missing - told AS untold
FROM
(
    SELECT node, load_id, toInt32(cpu) AS cpu, toInt64(min(seq)) AS first, toInt64(max(seq)) AS last,
        toInt64(uniqExact(seq)) AS here, toInt64(0) AS said
    FROM whydrop.drops
    WHERE day >= today() - 1
    GROUP BY node, load_id, cpu
    UNION ALL
    SELECT node, load_id, cpu, toInt64(min(seq)) AS first, toInt64(max(seq + largest)) - 1 AS last,
        toInt64(0) AS here, toInt64(sum(largest)) AS said
    FROM
    (
        SELECT node, load_id, cpu, seq, max(count) AS largest
        FROM whydrop.lost
        WHERE received >= today() - 1 AND cause = 'overwritten' AND cpu >= 0 AND count > 0
        GROUP BY node, load_id, cpu, seq
    )
    GROUP BY node, load_id, cpu
)
GROUP BY load_id, cpu
ORDER BY missing DESC, host, load_id, cpu
