-- What was attached where when the policy type was about to be turned off: AWS forgets it, and it can be put back.

CREATE TABLE attachment_exports (
    export_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT attachment_exports_pkey PRIMARY KEY,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL,
    -- Target by target; at each target in the order of attachment.
    attachments jsonb NOT NULL
);

CREATE TRIGGER attachment_exports_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attachment_exports
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
