-- What people asked Holdfast to change in AWS, step by step, and what became of each step.

CREATE TABLE change_sets (
    change_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT change_sets_pkey PRIMARY KEY,
    title text NOT NULL,
    asked_by text NOT NULL,
    -- Who that is; null once nobody can say.
    user_id bigint,
    session text NOT NULL,
    address text NOT NULL,
    asked_at timestamptz NOT NULL,
    ended_at timestamptz,
    state text NOT NULL CONSTRAINT change_sets_state_check
        CHECK (state IN ('running', 'settling', 'done', 'stopped')),
    -- Whether another process goes on with it when the one that carries it out dies; if not, it stops where it was.
    resumes boolean NOT NULL
);

CREATE TABLE change_steps (
    change_id bigint NOT NULL CONSTRAINT change_steps_change_id_fkey REFERENCES change_sets,
    n integer NOT NULL,
    -- What is done, with what was found in AWS just before; tagged by its kind.
    body jsonb NOT NULL,
    -- Names of what no other step may change at the same time.
    subjects text[] NOT NULL,
    -- How the change would look to somebody who compares two readings of AWS.
    effects jsonb NOT NULL DEFAULT '[]',
    state text NOT NULL CONSTRAINT change_steps_state_check
        CHECK (state IN ('waiting', 'sent', 'done', 'failed', 'unknown')),
    sent_at timestamptz,
    ended_at timestamptz,
    request_id text,
    failure jsonb,
    -- The event of the audit list that began it.
    audit_seq bigint,
    -- Whether the tables that pages read show it.
    refreshed boolean NOT NULL DEFAULT false,
    CONSTRAINT change_steps_pkey PRIMARY KEY (change_id, n)
);
-- What is not settled yet, and what a reading of AWS may still find: always few.
CREATE INDEX change_steps_open_idx ON change_steps (change_id, n)
    WHERE state IN ('sent', 'unknown') OR state = 'done' AND NOT refreshed;
