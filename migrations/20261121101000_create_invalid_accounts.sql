-- Accounts whose effective backup policy AWS itself finds invalid, so that it keeps to an older one.
CREATE TABLE invalid_accounts (
    account text COLLATE "C" CONSTRAINT invalid_accounts_pkey PRIMARY KEY
);

-- When AWS last told; null where it does not.
ALTER TABLE organization ADD COLUMN invalid_seen_at timestamptz;
