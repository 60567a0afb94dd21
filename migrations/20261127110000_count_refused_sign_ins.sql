-- Refused sign-ins by whom, where from and in which hour. The first of an hour is in the audit list, the others are
-- counted here: strangers cannot fill that list.

CREATE TABLE refused_sign_ins (
    person text NOT NULL,
    address text NOT NULL,
    hour timestamptz NOT NULL,
    refused bigint NOT NULL,
    CONSTRAINT refused_sign_ins_pkey PRIMARY KEY (person, address, hour)
);
