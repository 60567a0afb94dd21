-- Under what each account of the organization stands: its root, the OUs above it, and itself. Written with the tree.
-- Accounts that left the organization are not in it: their jobs belong to no OU.
CREATE TABLE account_ancestors (
    account text COLLATE "C" NOT NULL,
    ancestor text COLLATE "C" NOT NULL,
    CONSTRAINT account_ancestors_pkey PRIMARY KEY (ancestor, account)
);
CREATE INDEX account_ancestors_account_idx ON account_ancestors (account, ancestor);

INSERT INTO account_ancestors (account, ancestor)
    WITH RECURSIVE way (account, ancestor, parent) AS (
        SELECT id, id, parent FROM nodes WHERE id ~ '^[0-9]'
        UNION SELECT w.account, n.id, n.parent FROM way w JOIN nodes n ON n.id = w.parent
    )
    SELECT account, ancestor FROM way;
