-- Passkeys (WebAuthn): a way to sign in that needs no password.

ALTER TABLE users
    -- What authenticators know a person by: random, and never an address. NULL until it is needed.
    ADD COLUMN passkey_handle bytea CONSTRAINT users_passkey_handle_key UNIQUE;

CREATE TABLE passkeys (
    passkey_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT passkeys_pkey PRIMARY KEY,
    user_id bigint NOT NULL CONSTRAINT passkeys_user_id_fkey REFERENCES users ON DELETE CASCADE,
    credential_id bytea NOT NULL CONSTRAINT passkeys_credential_id_key UNIQUE,
    -- As its owner calls it.
    name text NOT NULL,
    -- The public key and what never changes, and what changes with each use (the counter of signatures).
    static_state bytea NOT NULL,
    dynamic_state bytea NOT NULL,
    made_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX passkeys_user_id_idx ON passkeys (user_id);
