-- Who did what. What was begun and what came of it are two rows, so that neither is ever changed.

CREATE TABLE audit_entries (
    audit_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_entries_pkey PRIMARY KEY,
    begun_at timestamptz NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    target_name text NOT NULL
);
CREATE INDEX audit_entries_action_idx ON audit_entries (action, audit_id);

CREATE TABLE audit_outcomes (
    audit_id bigint CONSTRAINT audit_outcomes_pkey PRIMARY KEY
        CONSTRAINT audit_outcomes_audit_id_fkey REFERENCES audit_entries,
    ended_at timestamptz NOT NULL,
    outcome text NOT NULL CONSTRAINT audit_outcomes_outcome_check CHECK (outcome IN ('succeeded', 'failed')),
    aws_request_id text,
    detail text NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_outcomes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_outcomes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
