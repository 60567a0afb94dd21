-- What the sync does now, and how its parts ended last.

CREATE TABLE sync_progress (
    only_row boolean CONSTRAINT sync_progress_pkey PRIMARY KEY DEFAULT true
        CONSTRAINT sync_progress_only_row_check CHECK (only_row),
    step text NOT NULL,
    done bigint NOT NULL,
    of bigint,
    at timestamptz NOT NULL
);

CREATE TABLE sync_results (
    part text CONSTRAINT sync_results_pkey PRIMARY KEY
        CONSTRAINT sync_results_part_check CHECK (part IN ('organization', 'jobs')),
    at timestamptz NOT NULL,
    -- In words for people; null where it went well.
    problem text
);
