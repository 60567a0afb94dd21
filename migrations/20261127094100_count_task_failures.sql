-- How often in a row a task has failed: decides how long it rests. Ending without failure forgets it.
ALTER TABLE tasks ADD COLUMN failures integer NOT NULL DEFAULT 0;
