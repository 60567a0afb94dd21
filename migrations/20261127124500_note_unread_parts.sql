-- Parts of the organization that AWS does not show, of one reading that showed the others: what is known of them is older,
-- or nothing. A policy whose text was never read has an empty one, which AWS never has.
CREATE TABLE unread_parts (
    part text NOT NULL,
    id text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT unread_parts_pkey PRIMARY KEY (part, id)
);

CREATE TABLE staged_unread_parts (
    import_id bigint CONSTRAINT staged_unread_parts_import_id_fkey REFERENCES imports ON DELETE CASCADE,
    part text,
    id text COLLATE "C",
    reason text NOT NULL,
    CONSTRAINT staged_unread_parts_pkey PRIMARY KEY (import_id, part, id)
);
