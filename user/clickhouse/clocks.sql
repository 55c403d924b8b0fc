-- Hosts whose clock was wrong by more than a day when they sent: their events are filed under
-- the day of arrival, and not among those of the last day.
SELECT node, day, min(time) AS earliest, max(time) AS latest, count() AS drops
FROM whydrop.drops
WHERE toDate(time) != day
GROUP BY node, day
ORDER BY day DESC, drops DESC, node
