-- While AWS turns the policy type on or off, nobody knows how it stands. How it stood when that was last known, and when
-- that was read, so that a change is told when it has come to its end.
ALTER TABLE organization ADD COLUMN policy_type_known boolean, ADD COLUMN policy_type_known_at timestamptz;
UPDATE organization SET policy_type_known = policy_type_enabled, policy_type_known_at = seen_at
    WHERE policy_type_enabled IS NOT NULL;

-- Whether a change that is found is one that the portal is about to make: asked at every reading.
CREATE INDEX audit_entries_begun_at_idx ON audit_entries (begun_at);
