-- What changed in AWS outside Holdfast: found by comparing what is read with what was read before.

CREATE TABLE events (
    event_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT events_pkey PRIMARY KEY,
    -- It happened after the first of these and before the second: when it was last seen otherwise, and when it was seen.
    since timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    kind text COLLATE "C" NOT NULL,
    -- Id of the policy, account or OU, or a switch's name; and its name, as it was last.
    subject text NOT NULL,
    subject_name text NOT NULL,
    -- Where a policy was attached or detached; empty elsewhere.
    target text NOT NULL DEFAULT '',
    target_name text NOT NULL DEFAULT '',
    -- What changed, as it was and as it is: a policy's text, a name, a state, a parent. Null for none.
    before text,
    after text
);
CREATE INDEX events_kind_idx ON events (kind, event_id);

CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How the switches stood that no table above has: as last read, or as Holdfast set them since.
CREATE TABLE seen_switches (
    switch text CONSTRAINT seen_switches_pkey PRIMARY KEY,
    is_on boolean NOT NULL,
    seen_at timestamptz NOT NULL,
    -- Grows with every reading and writing, so that an answer from before a change is told from one after it.
    version bigint NOT NULL DEFAULT 1
);
