-- Programs ask in the name of a user, by a token. A service account is a user whom nothing lets in but tokens.

ALTER TABLE users ADD COLUMN service boolean NOT NULL DEFAULT false;

CREATE TABLE tokens (
    token_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT tokens_pkey PRIMARY KEY,
    user_id bigint NOT NULL CONSTRAINT tokens_user_id_fkey REFERENCES users ON DELETE CASCADE,
    -- SHA-256: what is hashed is random enough.
    token_hash bytea NOT NULL CONSTRAINT tokens_token_hash_key UNIQUE,
    hint text NOT NULL,
    name text NOT NULL,
    actions text[] NOT NULL CONSTRAINT tokens_actions_check CHECK (cardinality(actions) > 0),
    -- Roots, OUs and accounts, each with what is below it; NULL: everywhere.
    places text[] CONSTRAINT tokens_places_check CHECK (cardinality(places) > 0),
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    used_from text NOT NULL DEFAULT ''
);
CREATE INDEX tokens_user_id_idx ON tokens (user_id);
