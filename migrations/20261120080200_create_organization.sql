-- The organization as it was last read whole, with what was changed through the portal since. Readers see one
-- generation at a time. What an import reads is staged beside it and takes its place in one transaction.

CREATE TABLE organization (
    only_row boolean CONSTRAINT organization_pkey PRIMARY KEY DEFAULT true
        CONSTRAINT organization_only_row_check CHECK (only_row),
    -- Grows with every change to anything in the tables below. Whoever changes something locks this row first.
    generation bigint NOT NULL DEFAULT 0,
    facts jsonb,
    policy_type_enabled boolean,
    -- When the reading of what is here began; null before the first import.
    seen_at timestamptz
);
INSERT INTO organization DEFAULT VALUES;

-- Columns are called as the fields of the model.
CREATE TABLE nodes (
    id text COLLATE "C" CONSTRAINT nodes_pkey PRIMARY KEY,
    parent text COLLATE "C",
    name text NOT NULL,
    arn text NOT NULL,
    email text,
    state text,
    joined_at timestamptz
);

CREATE TABLE policies (
    id text COLLATE "C" CONSTRAINT policies_pkey PRIMARY KEY,
    arn text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    content text NOT NULL,
    changed_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);

CREATE TABLE attachments (
    target text COLLATE "C" NOT NULL CONSTRAINT attachments_target_fkey REFERENCES nodes ON DELETE CASCADE,
    policy text COLLATE "C" NOT NULL CONSTRAINT attachments_policy_fkey REFERENCES policies ON DELETE CASCADE,
    -- Order of attachment among the target's policies, as far as it is known.
    position integer NOT NULL,
    CONSTRAINT attachments_pkey PRIMARY KEY (target, policy)
);
CREATE INDEX attachments_policy_idx ON attachments (policy);

-- The import that is under way: one at most. Everything staged goes with it.
CREATE TABLE imports (
    import_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT imports_pkey PRIMARY KEY,
    only_row boolean NOT NULL DEFAULT true CONSTRAINT imports_only_row_key UNIQUE
        CONSTRAINT imports_only_row_check CHECK (only_row),
    begun_at timestamptz NOT NULL,
    promoted_at timestamptz,
    facts jsonb,
    policy_type_enabled boolean,
    -- The portal switched the policy type since the import began: what the import reads of it may be older.
    policy_type_fixed boolean NOT NULL DEFAULT false,
    -- All attachments went since the import began: those that it reads may be older.
    attachments_cleared boolean NOT NULL DEFAULT false
);

CREATE TABLE import_steps (
    import_id bigint CONSTRAINT import_steps_import_id_fkey REFERENCES imports ON DELETE CASCADE,
    step text,
    done boolean NOT NULL,
    cursor text,
    CONSTRAINT import_steps_pkey PRIMARY KEY (import_id, step)
);

CREATE TABLE staged_nodes (
    import_id bigint CONSTRAINT staged_nodes_import_id_fkey REFERENCES imports ON DELETE CASCADE,
    id text COLLATE "C",
    parent text COLLATE "C",
    name text NOT NULL,
    arn text NOT NULL,
    email text,
    state text,
    joined_at timestamptz,
    CONSTRAINT staged_nodes_pkey PRIMARY KEY (import_id, id)
);

-- “fixed”: the portal wrote it since the import began, so nothing that the import reads may replace it.
-- “removed”: and what it wrote is that it is gone.
CREATE TABLE staged_policies (
    import_id bigint CONSTRAINT staged_policies_import_id_fkey REFERENCES imports ON DELETE CASCADE,
    id text COLLATE "C",
    arn text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    -- Null until it is read: lists of policies come without their texts.
    content text,
    targets_read boolean NOT NULL DEFAULT false,
    fixed boolean NOT NULL DEFAULT false,
    removed boolean NOT NULL DEFAULT false,
    listed bigint GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT staged_policies_pkey PRIMARY KEY (import_id, id)
);

CREATE TABLE staged_attachments (
    import_id bigint CONSTRAINT staged_attachments_import_id_fkey REFERENCES imports ON DELETE CASCADE,
    policy text COLLATE "C",
    target text COLLATE "C",
    fixed boolean NOT NULL DEFAULT false,
    removed boolean NOT NULL DEFAULT false,
    CONSTRAINT staged_attachments_pkey PRIMARY KEY (import_id, policy, target)
);
