-- Events of many hosts, as whydrop-spool writes them and whydrop-ship inserts them:
--
--	clickhouse-client -n <tables.sql
--
-- Tested with 18.16, which is Debian's. Newer versions have LowCardinality(String) and
-- CODEC(ZSTD) for the columns of text, DateTime64 for the time, and
-- TTL day + INTERVAL 30 DAY instead of expire.sql; these were not tried.

CREATE DATABASE IF NOT EXISTS whydrop;

-- Lines go in here, of any type, and into the tables below; this keeps nothing.
CREATE TABLE IF NOT EXISTS whydrop.feed
(
    type String,
    node Nullable(String),
    boot_id Nullable(String),
    load_id Nullable(String),
    cpu Nullable(UInt16),
    seq Nullable(UInt64),
    time Nullable(String),
    reason Nullable(String),
    subsys Nullable(String),
    class Nullable(String),
    intent Nullable(String),
    dev Nullable(String),
    netns Nullable(UInt32),
    proto Nullable(String),
    src Nullable(String),
    dst Nullable(String),
    sport Nullable(UInt16),
    dport Nullable(UInt16),
    len Nullable(UInt32),
    at Nullable(String),
    stack Array(String),
    count Nullable(UInt64),
    cause Nullable(String),
    moment DateTime MATERIALIZED parseDateTimeBestEffortOrZero(ifNull(time, '')),
    day Date MATERIALIZED toDate(if(moment >= now() - 2592000 AND moment <= now() + 86400, moment, now())),
    nanosecond UInt32 MATERIALIZED toUInt32OrZero(substring(ifNull(time, ''), 21, 9))
) ENGINE = Null;

-- An event is known by (load_id, cpu, seq). One that came twice, after a crash, is there twice
-- until ClickHouse has merged the two, which it does some time later, or by
-- OPTIMIZE TABLE whydrop.drops PARTITION '2026-11-29' FINAL. day is that of time, or of the
-- arrival if the clock of the host is wrong by more than a day, or 30 days behind.
CREATE TABLE IF NOT EXISTS whydrop.drops
(
    node String,
    boot_id String,
    load_id String,
    cpu UInt16,
    seq UInt64,
    time DateTime,
    nanosecond UInt32,
    day Date,
    reason String,
    subsys String,
    class String,
    intent String,
    dev String,
    netns UInt32,
    proto String,
    src String,
    dst String,
    sport UInt16,
    dport UInt16,
    len UInt32,
    at String,
    stack Array(String)
) ENGINE = ReplacingMergeTree
PARTITION BY day
ORDER BY (load_id, cpu, seq);

CREATE MATERIALIZED VIEW IF NOT EXISTS whydrop.feed_drops TO whydrop.drops AS
SELECT
    ifNull(node, '') AS node,
    ifNull(boot_id, '') AS boot_id,
    ifNull(load_id, '') AS load_id,
    assumeNotNull(cpu) AS cpu,
    assumeNotNull(seq) AS seq,
    moment AS time,
    nanosecond,
    day,
    ifNull(reason, '') AS reason,
    ifNull(subsys, '') AS subsys,
    ifNull(class, '') AS class,
    ifNull(intent, '') AS intent,
    ifNull(dev, '') AS dev,
    ifNull(netns, 0) AS netns,
    ifNull(proto, '') AS proto,
    ifNull(src, '') AS src,
    ifNull(dst, '') AS dst,
    ifNull(sport, 0) AS sport,
    ifNull(dport, 0) AS dport,
    ifNull(len, 0) AS len,
    ifNull(at, '') AS at,
    stack
FROM whydrop.feed
WHERE type = 'drop' AND isNotNull(cpu) AND isNotNull(seq);

-- What a host could not read. seq is the number of the first event; -1 of cpu, and count 0:
-- how many is not known.
CREATE TABLE IF NOT EXISTS whydrop.lost
(
    node String,
    boot_id String,
    load_id String,
    cpu Int32,
    cause String,
    seq UInt64,
    count UInt64,
    received DateTime
) ENGINE = ReplacingMergeTree(count)
PARTITION BY toDate(received)
ORDER BY (load_id, cpu, cause, seq);

CREATE MATERIALIZED VIEW IF NOT EXISTS whydrop.feed_lost TO whydrop.lost AS
SELECT
    ifNull(node, '') AS node,
    ifNull(boot_id, '') AS boot_id,
    ifNull(load_id, '') AS load_id,
    toInt32(ifNull(toInt32(cpu), -1)) AS cpu,
    ifNull(cause, '') AS cause,
    ifNull(seq, 0) AS seq,
    ifNull(count, 0) AS count,
    now() AS received
FROM whydrop.feed
WHERE type = 'lost';

-- Lines per minute. Those that came twice count twice here, for ever.
CREATE MATERIALIZED VIEW IF NOT EXISTS whydrop.minutes
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, minute, node, reason, class, intent, dev)
AS SELECT
    day,
    toStartOfMinute(moment) AS minute,
    ifNull(node, '') AS node,
    ifNull(reason, '') AS reason,
    ifNull(class, '') AS class,
    ifNull(intent, '') AS intent,
    ifNull(dev, '') AS dev,
    count() AS lines
FROM whydrop.feed
WHERE type = 'drop' AND isNotNull(cpu) AND isNotNull(seq)
GROUP BY day, minute, node, reason, class, intent, dev;
