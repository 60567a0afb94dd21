-- What people were given: a role, where it holds, and where it is from. Grants count side by side.

CREATE TABLE grants (
    grant_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT grants_pkey PRIMARY KEY,
    user_id bigint NOT NULL CONSTRAINT grants_user_id_fkey REFERENCES users ON DELETE CASCADE,
    role text NOT NULL CONSTRAINT grants_role_check
        CHECK (role IN ('viewer', 'auditor', 'operator', 'policy_author', 'approver', 'administrator')),
    -- Roots, OUs and accounts, each with what is below it; NULL: everywhere.
    places text[] CONSTRAINT grants_places_check CHECK (cardinality(places) > 0),
    source text NOT NULL CONSTRAINT grants_source_check CHECK (source IN ('by_hand', 'invitation', 'mapping')),
    -- Sign-in name of who gave it; empty for what was there before, and for a mapping.
    given_by text NOT NULL,
    -- Of a mapping: the provider, and the group that it came with.
    provider text NOT NULL,
    provider_group text NOT NULL,
    given_at timestamptz NOT NULL
);
CREATE INDEX grants_user_id_idx ON grants (user_id);

INSERT INTO grants (user_id, role, source, given_by, provider, provider_group, given_at)
SELECT user_id, role, 'by_hand', '', '', '', created_at FROM users;

ALTER TABLE users
    DROP COLUMN role,
    -- Who was invited has none yet, and who signs in elsewhere never has one.
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD COLUMN password_changed_at timestamptz,
    ADD COLUMN last_sign_in_at timestamptz;

-- Each lets one person set how they sign in, once. A newer one ends the older.
CREATE TABLE sign_in_links (
    token_hash bytea CONSTRAINT sign_in_links_pkey PRIMARY KEY,
    user_id bigint NOT NULL CONSTRAINT sign_in_links_user_id_key UNIQUE
        CONSTRAINT sign_in_links_user_id_fkey REFERENCES users ON DELETE CASCADE,
    purpose text NOT NULL CONSTRAINT sign_in_links_purpose_check CHECK (purpose IN ('invitation', 'reset')),
    made_by text NOT NULL,
    expires_at timestamptz NOT NULL
);

-- One-time codes by an authenticator app (RFC 6238).
CREATE TABLE code_secrets (
    user_id bigint CONSTRAINT code_secrets_pkey PRIMARY KEY
        CONSTRAINT code_secrets_user_id_fkey REFERENCES users ON DELETE CASCADE,
    -- Sealed with the installation's key.
    secret bytea NOT NULL,
    -- NULL until a code of it was typed: an app that never got it locks nobody out.
    confirmed_at timestamptz,
    -- The time step of the newest code that was taken: none is taken twice.
    last_step bigint NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    user_id bigint NOT NULL CONSTRAINT recovery_codes_user_id_fkey REFERENCES users ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash)
);

-- Keys of this installation, for those that no file gives.
CREATE TABLE installation_keys (
    name text CONSTRAINT installation_keys_pkey PRIMARY KEY,
    key bytea NOT NULL
);
