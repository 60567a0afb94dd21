-- Refused access of people who are signed in, by whom, to what, and in which hour. The first of an hour is in the audit
-- list, the others are counted here: nobody can fill that list.

CREATE TABLE refused_access (
    person text NOT NULL,
    -- As `access_refused` names it in its detail, and whether a fresh password or factor was all that it wanted.
    action text COLLATE "C" NOT NULL,
    unconfirmed boolean NOT NULL,
    hour timestamptz NOT NULL,
    refused bigint NOT NULL,
    CONSTRAINT refused_access_pkey PRIMARY KEY (person, action, unconfirmed, hour)
);
