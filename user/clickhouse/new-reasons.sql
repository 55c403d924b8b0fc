-- Hosts that have a reason since less than an hour, and had not in the week before.
SELECT node, reason, min(minute) AS since, sum(lines) AS drops
FROM whydrop.minutes
WHERE day >= today() - 7
GROUP BY node, reason
HAVING since >= now() - 3600
ORDER BY drops DESC, node, reason
