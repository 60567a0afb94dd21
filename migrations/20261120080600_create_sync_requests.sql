-- How often a sync was asked for: the process that was asked may not be the one that syncs.
CREATE TABLE sync_requests (
    only_row boolean CONSTRAINT sync_requests_pkey PRIMARY KEY DEFAULT true
        CONSTRAINT sync_requests_only_row_check CHECK (only_row),
    requests bigint NOT NULL
);
INSERT INTO sync_requests (requests) VALUES (0);
