-- People and groups that directories tell of by SCIM 2.0, each of the provider that its people sign in at.

CREATE TABLE provisioned_people (
    -- Random: names them to the directory.
    person_id text CONSTRAINT provisioned_people_pkey PRIMARY KEY,
    issuer text NOT NULL,
    user_name text NOT NULL,
    external_id text,
    -- What else the directory tells: names and e-mail addresses.
    attributes jsonb NOT NULL,
    -- What the directory says; who is not active is out.
    active boolean NOT NULL,
    -- NULL: an administrator deleted them.
    user_id bigint CONSTRAINT provisioned_people_user_id_fkey REFERENCES users ON DELETE SET NULL,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX provisioned_people_user_name_key ON provisioned_people (issuer, lower(user_name));
CREATE UNIQUE INDEX provisioned_people_external_id_key ON provisioned_people (issuer, external_id);
CREATE UNIQUE INDEX provisioned_people_user_id_key ON provisioned_people (user_id, issuer);

CREATE TABLE provisioned_groups (
    group_id text CONSTRAINT provisioned_groups_pkey PRIMARY KEY,
    issuer text NOT NULL,
    display_name text NOT NULL,
    external_id text,
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX provisioned_groups_display_name_idx ON provisioned_groups (issuer, display_name);
CREATE INDEX provisioned_groups_external_id_idx ON provisioned_groups (issuer, external_id);

CREATE TABLE provisioned_members (
    group_id text NOT NULL CONSTRAINT provisioned_members_group_id_fkey
        REFERENCES provisioned_groups ON DELETE CASCADE,
    person_id text NOT NULL CONSTRAINT provisioned_members_person_id_fkey
        REFERENCES provisioned_people ON DELETE CASCADE,
    CONSTRAINT provisioned_members_pkey PRIMARY KEY (group_id, person_id)
);
CREATE INDEX provisioned_members_person_id_idx ON provisioned_members (person_id);

-- `disabled` is what counts: by an administrator's hand, or by a directory. What one did the other does not undo.
ALTER TABLE users ADD COLUMN disabled_by_hand boolean NOT NULL DEFAULT false;
UPDATE users SET disabled_by_hand = disabled;

-- Of an identity of a provider with a directory: the value of the claim by which the directory names the person.
ALTER TABLE identities ADD COLUMN directory_key text;
CREATE INDEX identities_directory_key_idx ON identities (issuer, directory_key);
