-- People, how they sign in, and what they are signed in with.

CREATE TABLE users (
    user_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT users_pkey PRIMARY KEY,
    -- Lower-cased: two spellings are one person.
    email text NOT NULL CONSTRAINT users_email_key UNIQUE,
    name text NOT NULL,
    -- The whole PHC string: algorithm, parameters, salt and hash.
    password_hash text NOT NULL,
    role text NOT NULL
        CONSTRAINT users_role_check CHECK (role IN ('viewer', 'auditor', 'operator', 'policy_author', 'administrator')),
    disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Each lets one person become the first administrator, once.
CREATE TABLE welcome_tokens (
    token_hash text CONSTRAINT welcome_tokens_pkey PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

-- Refused sign-ins, for limits. The key (an address, an account) is hashed: people type passwords into the wrong field.
CREATE TABLE sign_in_failures (
    key_hash bytea NOT NULL,
    failed_at timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_key_idx ON sign_in_failures (key_hash, failed_at);
CREATE INDEX sign_in_failures_failed_at_idx ON sign_in_failures (failed_at);

CREATE TABLE sessions (
    -- SHA-256 of the id in the cookie: whoever reads this table cannot use what they find.
    id_hash bytea CONSTRAINT sessions_pkey PRIMARY KEY,
    user_id bigint CONSTRAINT sessions_user_id_fkey REFERENCES users ON DELETE CASCADE,
    -- JSON, but never asked for its parts.
    data text NOT NULL,
    created_at timestamptz NOT NULL,
    -- Ends when unused until then; moves with use.
    expires_at timestamptz NOT NULL,
    -- Ends then in any case.
    ends_at timestamptz NOT NULL
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);
CREATE INDEX sessions_expires_at_idx ON sessions (least(expires_at, ends_at));
