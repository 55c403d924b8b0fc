-- Prints what removes the days before the last 30; for sh, from cron:
--
--	clickhouse-client <expire.sql | clickhouse-client -n
SELECT DISTINCT concat('ALTER TABLE whydrop.', table, ' DROP PARTITION ''', partition, ''';')
FROM system.parts
WHERE database = 'whydrop' AND table IN ('drops', 'lost') AND active
    AND toDate(partition) < today() - 30
FORMAT TSVRaw
