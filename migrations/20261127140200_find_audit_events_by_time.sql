-- no-transaction
-- The audit list is searched by time.
CREATE INDEX CONCURRENTLY audit_events_at_idx ON audit_events (at, seq) WHERE entry = seq;
