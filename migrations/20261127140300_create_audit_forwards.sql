-- How far the audit list was sent on, for each destination that it was ever sent to.

CREATE TABLE audit_forwards (
    -- As it is configured.
    destination text CONSTRAINT audit_forwards_pkey PRIMARY KEY,
    -- The event and the head that were sent last; 0 before the first.
    seq bigint NOT NULL,
    head_id bigint NOT NULL,
    sent_at timestamptz,
    -- Why it does not go on, since when.
    problem text,
    failing_since timestamptz,
    CONSTRAINT audit_forwards_problem_check CHECK (num_nulls(problem, failing_since) IN (0, 2))
);
