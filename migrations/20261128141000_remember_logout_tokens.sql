-- Logout tokens that were followed, while they are valid: none is followed twice.
CREATE TABLE used_logout_tokens (
    issuer text NOT NULL,
    -- SHA-256 of its `jti`.
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT used_logout_tokens_pkey PRIMARY KEY (issuer, token_hash)
);
CREATE INDEX used_logout_tokens_expires_at_idx ON used_logout_tokens (expires_at);
