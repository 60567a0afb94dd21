-- AWS writes job ids in capitals, people type them as they like: they are compared folded.
--
-- Not CONCURRENTLY: Postgres cannot do so on a partitioned table, and this file cannot name its months, which come and
-- go. Readers go on; the sync's writes of jobs wait (a few seconds for each million of rows), or are given up and
-- repeated from its watermark.
CREATE INDEX jobs_lower_id_idx ON jobs (lower(id));
