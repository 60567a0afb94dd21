-- Who people are at identity providers (OpenID Connect): the issuer and the subject, never an e-mail address.

-- The providers of the newest start: who is at none of them cannot sign in by it.
CREATE TABLE sign_in_providers (
    issuer text CONSTRAINT sign_in_providers_pkey PRIMARY KEY,
    -- As addresses and grants name it.
    name text NOT NULL CONSTRAINT sign_in_providers_name_key UNIQUE,
    title text NOT NULL
);

CREATE TABLE identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id bigint NOT NULL CONSTRAINT identities_user_id_fkey REFERENCES users ON DELETE CASCADE,
    linked_at timestamptz NOT NULL,
    CONSTRAINT identities_pkey PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_user_id_idx ON identities (user_id);

-- Of a session that was begun at a provider: by these the provider ends it.
ALTER TABLE sessions
    ADD COLUMN provider_issuer text,
    ADD COLUMN provider_subject text,
    ADD COLUMN provider_sid text;
CREATE INDEX sessions_provider_idx ON sessions (provider_issuer, provider_subject) WHERE provider_issuer IS NOT NULL;
