-- Read, never read, not available, denied and failed are five things: how the last attempt to read each list of jobs ended.

ALTER TABLE job_watermarks
    ADD COLUMN outcome text NOT NULL DEFAULT 'untried'
        CONSTRAINT job_watermarks_outcome_check
        CHECK (outcome IN ('untried', 'read', 'not_available', 'denied', 'failed')),
    -- When the jobs of our own account were read, where AWS gives those alone.
    ADD COLUMN own_account_at timestamptz,
    -- When asking account by account was given up, since all were refused alike.
    ADD COLUMN accounts_refused_at timestamptz,
    -- Rows that could not be read, or not in full, and the questions that bring them again.
    ADD COLUMN odd_rows jsonb NOT NULL DEFAULT '[]';

UPDATE job_watermarks SET outcome = CASE
    WHEN problem LIKE 'not available%' THEN 'not_available'
    WHEN problem LIKE 'denied%' THEN 'denied'
    WHEN problem IS NOT NULL THEN 'failed'
    WHEN read_at IS NOT NULL THEN 'read'
    ELSE 'untried' END;

-- Where AWS does not list the jobs of all accounts at once: how far each account was read.
CREATE TABLE job_account_reads (
    region text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    -- Of an account that is not active a refusal is no problem.
    active boolean NOT NULL,
    -- When it was last asked for, and last read to the end.
    asked_at timestamptz,
    read_at timestamptz,
    -- Why it could not be read, in words.
    problem text,
    CONSTRAINT job_account_reads_pkey PRIMARY KEY (region, kind, account)
);
