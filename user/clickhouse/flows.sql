-- The flows with the most drops, on whichever hosts, of the last day.
SELECT proto, src, sport, dst, dport, count() AS drops,
    arraySlice(arraySort(groupUniqArray(node)), 1, 10) AS nodes,
    arraySlice(arraySort(groupUniqArray(reason)), 1, 10) AS reasons
FROM whydrop.drops
WHERE day >= today() - 1 AND time >= now() - 86400 AND src != ''
GROUP BY proto, src, sport, dst, dport
ORDER BY drops DESC, src, sport, dst, dport
LIMIT 50
