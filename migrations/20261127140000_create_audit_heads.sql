-- The end of the audit list, signed from time to time. Whoever owns the database can make a new chain, and no signature of
-- a key that is kept elsewhere.

-- Keys that heads were signed with. A key that Holdfast made for itself has its seed here; of one that is given to it in a
-- file, only the public half is known.
CREATE TABLE audit_keys (
    -- The first 16 hexadecimal digits of the SHA-256 of the public key.
    key_id text COLLATE "C" CONSTRAINT audit_keys_pkey PRIMARY KEY,
    public_key bytea NOT NULL CONSTRAINT audit_keys_public_key_check CHECK (octet_length(public_key) = 32),
    seed bytea CONSTRAINT audit_keys_seed_check CHECK (octet_length(seed) = 32),
    known_at timestamptz NOT NULL
);
-- There is one key of our own at most.
CREATE UNIQUE INDEX audit_keys_own_idx ON audit_keys ((true)) WHERE seed IS NOT NULL;

CREATE TABLE audit_heads (
    head_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_heads_pkey PRIMARY KEY,
    -- The newest event when it was signed, and its hash.
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    at timestamptz NOT NULL,
    key_id text COLLATE "C" NOT NULL CONSTRAINT audit_heads_key_id_fkey REFERENCES audit_keys,
    signature bytea NOT NULL
);
CREATE INDEX audit_heads_seq_idx ON audit_heads (seq, head_id);

CREATE TRIGGER audit_keys_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_heads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
