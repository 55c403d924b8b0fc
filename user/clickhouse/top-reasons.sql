-- The most frequent reasons over all hosts, of the last day.
SELECT reason, class, intent, sum(lines) AS drops, uniq(node) AS hosts
FROM whydrop.minutes
WHERE day >= today() - 1 AND minute >= now() - 86400
GROUP BY reason, class, intent
ORDER BY drops DESC, reason
LIMIT 20
