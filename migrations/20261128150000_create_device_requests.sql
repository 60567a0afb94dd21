-- Programs that ask for a token of a person (RFC 8628), for ten minutes.

CREATE TABLE device_requests (
    request_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT device_requests_pkey PRIMARY KEY,
    -- SHA-256 of what the program asks with.
    device_hash bytea NOT NULL CONSTRAINT device_requests_device_hash_key UNIQUE,
    -- SHA-256 of what the person types; NULL once it was typed: it is good once.
    user_code_hash bytea CONSTRAINT device_requests_user_code_hash_key UNIQUE,
    -- What the token will be, as the program was told to ask.
    name text NOT NULL,
    actions text[] NOT NULL CONSTRAINT device_requests_actions_check CHECK (cardinality(actions) > 0),
    places text[] CONSTRAINT device_requests_places_check CHECK (cardinality(places) > 0),
    days bigint NOT NULL,
    token_hash bytea NOT NULL,
    token_hint text NOT NULL,
    -- Where the program asked from.
    address text NOT NULL,
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- When it last looked, and how many seconds it must wait between two looks.
    polled_at timestamptz,
    interval_seconds bigint NOT NULL,
    -- Who typed the code: nobody else sees or decides it.
    claimed_by bigint CONSTRAINT device_requests_claimed_by_fkey REFERENCES users ON DELETE CASCADE,
    decision text CONSTRAINT device_requests_decision_check CHECK (decision IN ('approved', 'refused')),
    -- The token that approving made; NULL where it was ended meanwhile.
    token_id bigint CONSTRAINT device_requests_token_id_fkey REFERENCES tokens ON DELETE SET NULL
);
CREATE INDEX device_requests_expires_at_idx ON device_requests (expires_at);
CREATE INDEX device_requests_claimed_by_idx ON device_requests (claimed_by);
CREATE INDEX device_requests_token_id_idx ON device_requests (token_id);
