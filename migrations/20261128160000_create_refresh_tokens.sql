-- What lets Holdfast ask an identity provider anew who the person of a session is: sealed, and with that session alone.

CREATE TABLE refresh_tokens (
    token_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
    -- None once the session has ended, in whatever way: the token is revoked then, and removed.
    session bytea
        CONSTRAINT refresh_tokens_session_key UNIQUE
        CONSTRAINT refresh_tokens_session_fkey REFERENCES sessions ON DELETE SET NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    -- The provider's name of its own session.
    sid text,
    sealed bytea NOT NULL,
    -- Grows with each token that the provider puts in its place.
    version bigint NOT NULL DEFAULT 1,
    -- When the provider is asked next.
    due_at timestamptz NOT NULL
);
CREATE INDEX refresh_tokens_identity_idx ON refresh_tokens (issuer, subject);

-- Each token has a task of its own, which is due at once when the session ends: there are many ways to end one.
CREATE FUNCTION hurry_refresh_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tasks SET run_at = to_timestamp(0) WHERE kind = 'refresh_session' AND key = NEW.token_id::text;
    RETURN NULL;
END $$;
CREATE TRIGGER refresh_tokens_session_ended AFTER UPDATE OF session ON refresh_tokens
    FOR EACH ROW WHEN (NEW.session IS NULL) EXECUTE FUNCTION hurry_refresh_task();
