-- Backup, copy and restore jobs: one table in months, and beside it counts by day and month, so that figures never scan rows.
-- Made for tens of millions of rows, read newest first.

-- Columns are called as the fields of the model.
CREATE TABLE jobs (
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    message text,
    message_category text,
    resource_type text COLLATE "C",
    resource_arn text,
    resource_name text,
    vault text COLLATE "C",
    vault_arn text,
    source_vault_arn text,
    recovery_point_arn text,
    created_resource_arn text,
    role_arn text,
    plan_id text,
    plan_name text,
    rule_name text,
    policy_made boolean NOT NULL,
    parent_job_id text COLLATE "C",
    is_parent boolean NOT NULL,
    size bigint,
    percent smallint,
    created_at timestamptz NOT NULL,
    completed_at timestamptz,
    start_by timestamptz,
    -- When what is here was first read in this form.
    seen_at timestamptz NOT NULL,
    -- Grows with every change.
    version integer NOT NULL DEFAULT 1,
    -- Begins with the id, so that a job is found by its beginning too.
    CONSTRAINT jobs_pkey PRIMARY KEY (id, kind, created_at)
) PARTITION BY RANGE (created_at);

-- The list, its time range and its pages.
CREATE INDEX jobs_created_at_idx ON jobs (created_at, kind, id);
-- Conditions that leave little of it; the rest are cheaper to check on the way through the list.
CREATE INDEX jobs_account_idx ON jobs (account, created_at, kind, id);
CREATE INDEX jobs_vault_idx ON jobs (vault, created_at, kind, id);
CREATE INDEX jobs_resource_type_idx ON jobs (resource_type, created_at, kind, id);
CREATE INDEX jobs_state_idx ON jobs (state, created_at, kind, id) WHERE state <> 'completed';
-- What the sync follows to its end.
CREATE INDEX jobs_open_idx ON jobs (region, kind, created_at)
    WHERE state IN ('created', 'pending', 'running', 'aborting', 'unknown');
-- What belongs together.
CREATE INDEX jobs_parent_job_id_idx ON jobs (parent_job_id) WHERE parent_job_id IS NOT NULL;
CREATE INDEX jobs_resource_arn_idx ON jobs USING hash (resource_arn);

-- How many jobs of each sort were created on a day, and in a month (UTC; by its first day). Account '' is all accounts
-- together.
CREATE TABLE job_counts (
    span text COLLATE "C" NOT NULL CONSTRAINT job_counts_span_check CHECK (span IN ('day', 'month')),
    account text COLLATE "C" NOT NULL,
    on_day date NOT NULL,
    kind text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    -- '' for none.
    resource_type text COLLATE "C" NOT NULL,
    -- '' for none.
    category text COLLATE "C" NOT NULL,
    jobs bigint NOT NULL,
    CONSTRAINT job_counts_pkey PRIMARY KEY (span, account, on_day, kind, region, state, resource_type, category)
) PARTITION BY RANGE (on_day);
CREATE INDEX job_counts_failed_idx ON job_counts (on_day, category, account)
    WHERE state IN ('failed', 'expired', 'aborted') AND account <> '' AND span = 'day';

-- What filters can be set to.
CREATE TABLE job_facets (
    facet text COLLATE "C",
    value text COLLATE "C",
    jobs bigint NOT NULL,
    -- The youngest job's day.
    last_on date NOT NULL,
    CONSTRAINT job_facets_pkey PRIMARY KEY (facet, value)
);

-- Triggers keep the counts: they see exactly the rows that a statement wrote, whoever writes at the same time.
-- Rows are locked in the order of their keys, so that two writers never wait for each other.

-- Where a job is counted.
CREATE FUNCTION counted_under(account text, at timestamptz)
RETURNS TABLE (span text, account text, on_day date) LANGUAGE sql STABLE AS $$
    SELECT s.span, a.account, date_trunc(s.span, at AT TIME ZONE 'UTC')::date
    FROM (VALUES ('day'), ('month')) AS s (span), (VALUES ($1), ('')) AS a (account)
$$;

CREATE FUNCTION count_new_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO job_counts AS d (span, account, on_day, kind, region, state, resource_type, category, jobs)
    SELECT c.span, c.account, c.on_day, kind, region, state,
        coalesce(resource_type, ''), left(coalesce(message_category, ''), 100), count(*)
    FROM added CROSS JOIN LATERAL counted_under(account, created_at) AS c
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT ON CONSTRAINT job_counts_pkey DO UPDATE SET jobs = d.jobs + excluded.jobs;

    INSERT INTO job_facets AS f (facet, value, jobs, last_on)
    SELECT v.facet, v.value, count(*), max((created_at AT TIME ZONE 'UTC')::date)
    FROM added CROSS JOIN LATERAL
        (VALUES ('region', region), ('resource_type', resource_type), ('vault', vault)) AS v (facet, value)
    WHERE v.value IS NOT NULL
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT ON CONSTRAINT job_facets_pkey
        DO UPDATE SET jobs = f.jobs + excluded.jobs, last_on = greatest(f.last_on, excluded.last_on);
    RETURN NULL;
END
$$;

CREATE FUNCTION count_changed_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO job_counts AS d (span, account, on_day, kind, region, state, resource_type, category, jobs)
    SELECT c.span, c.account, c.on_day, kind, region, state,
        coalesce(resource_type, ''), left(coalesce(message_category, ''), 100), sum(n)
    FROM (SELECT -1 AS n, * FROM before UNION ALL SELECT 1, * FROM after) AS moved
    CROSS JOIN LATERAL counted_under(moved.account, created_at) AS c
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT ON CONSTRAINT job_counts_pkey DO UPDATE SET jobs = d.jobs + excluded.jobs;
    RETURN NULL;
END
$$;

CREATE TRIGGER jobs_count_new AFTER INSERT ON jobs
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_new_jobs();
CREATE TRIGGER jobs_count_changed AFTER UPDATE ON jobs
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION count_changed_jobs();

-- Makes sure that there is room for jobs of these months. Attaching a table that stands ready, other than making one
-- in place, lets readers go on.
CREATE FUNCTION make_job_months(instants timestamptz[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month date;
    part text;
    parent text;
BEGIN
    FOR month IN
        SELECT DISTINCT date_trunc('month', i AT TIME ZONE 'UTC')::date AS m FROM unnest(instants) AS i ORDER BY m
    LOOP
        CONTINUE WHEN to_regclass('job_counts_' || to_char(month, 'YYYY_MM')) IS NOT NULL;
        PERFORM pg_advisory_xact_lock(hashtext('job months'));
        -- Whoever held the lock may have made it. A query sees that; to_regclass may still answer from its cache.
        CONTINUE WHEN EXISTS (SELECT FROM pg_class WHERE relname = 'job_counts_' || to_char(month, 'YYYY_MM')
            AND relispartition);
        FOREACH parent IN ARRAY ARRAY['jobs', 'job_counts'] LOOP
            part := parent || '_' || to_char(month, 'YYYY_MM');
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part,
                CASE parent WHEN 'jobs' THEN month::text || ' 00:00+00' ELSE month::text END,
                CASE parent WHEN 'jobs' THEN (month + interval '1 month')::date::text || ' 00:00+00'
                    ELSE (month + interval '1 month')::date::text END);
        END LOOP;
    END LOOP;
END
$$;

-- Drops the months that end at or before a day; answers how many.
CREATE FUNCTION drop_job_months(before date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    part text;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('job months'));
    FOR part IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('jobs'::regclass, 'job_counts'::regclass)
            AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= before
        ORDER BY c.relname DESC
    LOOP
        EXECUTE format('DROP TABLE %I', part);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM job_facets WHERE last_on < before;
    RETURN dropped / 2;
END
$$;

-- How far the jobs of each Region and kind have been read.
CREATE TABLE job_watermarks (
    region text COLLATE "C",
    kind text COLLATE "C",
    -- Jobs created before this are known.
    read_up_to timestamptz,
    -- When they were last asked for to the end.
    read_at timestamptz,
    problem text,
    -- Where a reading that was broken off goes on.
    page_cursor text,
    CONSTRAINT job_watermarks_pkey PRIMARY KEY (region, kind)
);
