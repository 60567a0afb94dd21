-- Work that outlives the request that asked for it. Whoever takes a task has a lease on it until a moment; after that
-- others may take it. A task that is done is deleted.

CREATE TABLE tasks (
    task_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT tasks_pkey PRIMARY KEY,
    kind text NOT NULL,
    -- What it is about: of one kind there is one task for each key.
    key text NOT NULL,
    payload jsonb NOT NULL,
    run_at timestamptz NOT NULL,
    -- How often it was taken. Also the fence: who took it earlier can no longer renew, end or put it off.
    attempts integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    -- Why the last attempt ended without success.
    problem text,
    CONSTRAINT tasks_kind_key_key UNIQUE (kind, key)
);
CREATE INDEX tasks_run_at_idx ON tasks (run_at, task_id);
