-- A reading of the organization may leave texts and targets of policies to the next one. What it leaves out is carried
-- over from what readers see, and keeps the time at which it was read.
ALTER TABLE policies ADD COLUMN targets_seen_at timestamptz;
UPDATE policies SET targets_seen_at = seen_at;
ALTER TABLE policies ALTER COLUMN targets_seen_at SET NOT NULL;

-- Null where this import read it, or has not read it yet.
ALTER TABLE staged_policies ADD COLUMN text_seen_at timestamptz, ADD COLUMN targets_seen_at timestamptz;
