-- A database as the version with migrations up to 20261121103500 left it: made by that version against the simulator
-- (a few entries and all jobs by its store alone), written by pg_dump --inserts --no-owner --no-privileges.
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE FUNCTION public.count_changed_jobs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.count_new_jobs() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.counted_under(account text, at timestamp with time zone) RETURNS TABLE(span text, account text, on_day date)
    LANGUAGE sql STABLE
    AS $_$
    SELECT s.span, a.account, date_trunc(s.span, at AT TIME ZONE 'UTC')::date
    FROM (VALUES ('day'), ('month')) AS s (span), (VALUES ($1), ('')) AS a (account)
$_$;

CREATE FUNCTION public.drop_job_months(before date) RETURNS integer
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.make_job_months(instants timestamp with time zone[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public._sqlx_migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);

CREATE TABLE public.attachment_exports (
    export_id bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    attachments jsonb NOT NULL
);

ALTER TABLE public.attachment_exports ALTER COLUMN export_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.attachment_exports_export_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.attachments (
    target text NOT NULL COLLATE pg_catalog."C",
    policy text NOT NULL COLLATE pg_catalog."C",
    "position" integer NOT NULL
);

CREATE TABLE public.audit_entries (
    audit_id bigint NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    target_name text NOT NULL
);

ALTER TABLE public.audit_entries ALTER COLUMN audit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_entries_audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.audit_outcomes (
    audit_id bigint NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    aws_request_id text,
    detail text NOT NULL,
    CONSTRAINT audit_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['succeeded'::text, 'failed'::text])))
);

CREATE TABLE public.events (
    event_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL,
    subject_name text NOT NULL,
    target text DEFAULT ''::text NOT NULL,
    target_name text DEFAULT ''::text NOT NULL,
    before text,
    after text
);

ALTER TABLE public.events ALTER COLUMN event_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.events_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.import_steps (
    import_id bigint NOT NULL,
    step text NOT NULL,
    done boolean NOT NULL,
    cursor text
);

CREATE TABLE public.imports (
    import_id bigint NOT NULL,
    only_row boolean DEFAULT true NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    promoted_at timestamp with time zone,
    facts jsonb,
    policy_type_enabled boolean,
    policy_type_fixed boolean DEFAULT false NOT NULL,
    attachments_cleared boolean DEFAULT false NOT NULL,
    CONSTRAINT imports_only_row_check CHECK (only_row)
);

ALTER TABLE public.imports ALTER COLUMN import_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.imports_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.invalid_accounts (
    account text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.job_counts (
    span text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    on_day date NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL COLLATE pg_catalog."C",
    jobs bigint NOT NULL,
    CONSTRAINT job_counts_span_check CHECK ((span = ANY (ARRAY['day'::text, 'month'::text])))
)
PARTITION BY RANGE (on_day);

CREATE TABLE public.job_counts_2026_09 (
    span text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    on_day date NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL COLLATE pg_catalog."C",
    jobs bigint NOT NULL,
    CONSTRAINT job_counts_span_check CHECK ((span = ANY (ARRAY['day'::text, 'month'::text])))
);

CREATE TABLE public.job_counts_2026_10 (
    span text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    on_day date NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL COLLATE pg_catalog."C",
    jobs bigint NOT NULL,
    CONSTRAINT job_counts_span_check CHECK ((span = ANY (ARRAY['day'::text, 'month'::text])))
);

CREATE TABLE public.job_counts_2026_11 (
    span text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    on_day date NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    resource_type text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL COLLATE pg_catalog."C",
    jobs bigint NOT NULL,
    CONSTRAINT job_counts_span_check CHECK ((span = ANY (ARRAY['day'::text, 'month'::text])))
);

CREATE TABLE public.job_facets (
    facet text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    jobs bigint NOT NULL,
    last_on date NOT NULL
);

CREATE TABLE public.job_watermarks (
    region text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    read_up_to timestamp with time zone,
    read_at timestamp with time zone,
    problem text,
    page_cursor text
);

CREATE TABLE public.jobs (
    kind text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    message text,
    message_category text,
    resource_type text COLLATE pg_catalog."C",
    resource_arn text,
    resource_name text,
    vault text COLLATE pg_catalog."C",
    vault_arn text,
    source_vault_arn text,
    recovery_point_arn text,
    created_resource_arn text,
    role_arn text,
    plan_id text,
    plan_name text,
    rule_name text,
    policy_made boolean NOT NULL,
    parent_job_id text COLLATE pg_catalog."C",
    is_parent boolean NOT NULL,
    size bigint,
    percent smallint,
    created_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    start_by timestamp with time zone,
    seen_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL
)
PARTITION BY RANGE (created_at);

CREATE TABLE public.jobs_2026_09 (
    kind text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    message text,
    message_category text,
    resource_type text COLLATE pg_catalog."C",
    resource_arn text,
    resource_name text,
    vault text COLLATE pg_catalog."C",
    vault_arn text,
    source_vault_arn text,
    recovery_point_arn text,
    created_resource_arn text,
    role_arn text,
    plan_id text,
    plan_name text,
    rule_name text,
    policy_made boolean NOT NULL,
    parent_job_id text COLLATE pg_catalog."C",
    is_parent boolean NOT NULL,
    size bigint,
    percent smallint,
    created_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    start_by timestamp with time zone,
    seen_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.jobs_2026_10 (
    kind text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    message text,
    message_category text,
    resource_type text COLLATE pg_catalog."C",
    resource_arn text,
    resource_name text,
    vault text COLLATE pg_catalog."C",
    vault_arn text,
    source_vault_arn text,
    recovery_point_arn text,
    created_resource_arn text,
    role_arn text,
    plan_id text,
    plan_name text,
    rule_name text,
    policy_made boolean NOT NULL,
    parent_job_id text COLLATE pg_catalog."C",
    is_parent boolean NOT NULL,
    size bigint,
    percent smallint,
    created_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    start_by timestamp with time zone,
    seen_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.jobs_2026_11 (
    kind text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    account text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    message text,
    message_category text,
    resource_type text COLLATE pg_catalog."C",
    resource_arn text,
    resource_name text,
    vault text COLLATE pg_catalog."C",
    vault_arn text,
    source_vault_arn text,
    recovery_point_arn text,
    created_resource_arn text,
    role_arn text,
    plan_id text,
    plan_name text,
    rule_name text,
    policy_made boolean NOT NULL,
    parent_job_id text COLLATE pg_catalog."C",
    is_parent boolean NOT NULL,
    size bigint,
    percent smallint,
    created_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    start_by timestamp with time zone,
    seen_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL
);

CREATE TABLE public.nodes (
    id text NOT NULL COLLATE pg_catalog."C",
    parent text COLLATE pg_catalog."C",
    name text NOT NULL,
    arn text NOT NULL,
    email text,
    state text,
    joined_at timestamp with time zone
);

CREATE TABLE public.organization (
    only_row boolean DEFAULT true NOT NULL,
    generation bigint DEFAULT 0 NOT NULL,
    facts jsonb,
    policy_type_enabled boolean,
    seen_at timestamp with time zone,
    policy_type_known boolean,
    policy_type_known_at timestamp with time zone,
    invalid_seen_at timestamp with time zone,
    CONSTRAINT organization_only_row_check CHECK (only_row)
);

CREATE TABLE public.policies (
    id text NOT NULL COLLATE pg_catalog."C",
    arn text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    content text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    targets_seen_at timestamp with time zone NOT NULL
);

CREATE TABLE public.seen_settings (
    area text NOT NULL,
    settings jsonb NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    version bigint DEFAULT 1 NOT NULL
);

CREATE TABLE public.seen_switches (
    switch text NOT NULL,
    is_on boolean NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    version bigint DEFAULT 1 NOT NULL
);

CREATE TABLE public.sessions (
    id_hash bytea NOT NULL,
    user_id bigint,
    data text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL
);

CREATE TABLE public.sign_in_failures (
    key_hash bytea NOT NULL,
    failed_at timestamp with time zone NOT NULL
);

CREATE TABLE public.staged_attachments (
    import_id bigint NOT NULL,
    policy text NOT NULL COLLATE pg_catalog."C",
    target text NOT NULL COLLATE pg_catalog."C",
    fixed boolean DEFAULT false NOT NULL,
    removed boolean DEFAULT false NOT NULL,
    place integer
);

CREATE TABLE public.staged_nodes (
    import_id bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    parent text COLLATE pg_catalog."C",
    name text NOT NULL,
    arn text NOT NULL,
    email text,
    state text,
    joined_at timestamp with time zone
);

CREATE TABLE public.staged_policies (
    import_id bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    arn text NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    content text,
    targets_read boolean DEFAULT false NOT NULL,
    fixed boolean DEFAULT false NOT NULL,
    removed boolean DEFAULT false NOT NULL,
    listed bigint NOT NULL,
    text_seen_at timestamp with time zone,
    targets_seen_at timestamp with time zone
);

ALTER TABLE public.staged_policies ALTER COLUMN listed ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.staged_policies_listed_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sync_progress (
    only_row boolean DEFAULT true NOT NULL,
    step text NOT NULL,
    done bigint NOT NULL,
    of bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT sync_progress_only_row_check CHECK (only_row)
);

CREATE TABLE public.sync_requests (
    only_row boolean DEFAULT true NOT NULL,
    requests bigint NOT NULL,
    jobs_requests bigint DEFAULT 0 NOT NULL,
    CONSTRAINT sync_requests_only_row_check CHECK (only_row)
);

CREATE TABLE public.sync_results (
    part text NOT NULL,
    at timestamp with time zone NOT NULL,
    problem text,
    CONSTRAINT sync_results_part_check CHECK ((part = ANY (ARRAY['organization'::text, 'jobs'::text])))
);

CREATE TABLE public.users (
    user_id bigint NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL,
    disabled boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'auditor'::text, 'operator'::text, 'policy_author'::text, 'administrator'::text])))
);

ALTER TABLE public.users ALTER COLUMN user_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.welcome_tokens (
    token_hash text NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.job_counts ATTACH PARTITION public.job_counts_2026_09 FOR VALUES FROM ('2026-09-01') TO ('2026-10-01');

ALTER TABLE ONLY public.job_counts ATTACH PARTITION public.job_counts_2026_10 FOR VALUES FROM ('2026-10-01') TO ('2026-11-01');

ALTER TABLE ONLY public.job_counts ATTACH PARTITION public.job_counts_2026_11 FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');

ALTER TABLE ONLY public.jobs ATTACH PARTITION public.jobs_2026_09 FOR VALUES FROM ('2026-09-01 00:00:00+00') TO ('2026-10-01 00:00:00+00');

ALTER TABLE ONLY public.jobs ATTACH PARTITION public.jobs_2026_10 FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');

ALTER TABLE ONLY public.jobs ATTACH PARTITION public.jobs_2026_11 FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');

INSERT INTO public._sqlx_migrations VALUES
	(20261120080000, 'create users', '2026-11-27 16:16:45.058229+00', true, '\xe19cca555b8d61496e43ce77b0de6abf80c953404ff10b7ada8cc8c7189c51f7b0aa36a1648b3c4b419b9591d3464930', 23622324),
	(20261120080100, 'create audit', '2026-11-27 16:16:45.082436+00', true, '\xacf06436b27efd23dca99227f063761db4fac2c3c3abdb48a129b0ee2410563c32421c9645624df219b0a2f638bab827', 12186838),
	(20261120080200, 'create organization', '2026-11-27 16:16:45.094806+00', true, '\xe42957a37433023ecb32193da4b26b7060f7fd97b97e91aba96303b654aff7b91b3afcbfe25bd672d9779afc96dbed8d', 33663728),
	(20261120080300, 'create jobs', '2026-11-27 16:16:45.133992+00', true, '\xa44c600b29183cb11f16dba70b996b68a16c6de1e1b8cf6aae79966ec8553c820bc4ac9c294814116524c46bd7be91bf', 21140389),
	(20261120080400, 'create sync', '2026-11-27 16:16:45.158434+00', true, '\xc2c712a4bf39f34e36b5d0116a4f713b2e4df6188cfa9074f67a6760db44fcea304abd742093dd9f14723c4851ba2f3d', 23526785),
	(20261120080500, 'stage order', '2026-11-27 16:16:45.179132+00', true, '\x3908a01a1de70f0b1552d117e8a92997111fcf78b678ad857229f523d14db529f5244591261256a00477b506b3dc005e', 14727753),
	(20261120080600, 'create sync requests', '2026-11-27 16:16:45.194116+00', true, '\xa96a61462c0ed4bd35861bf388015b97f2c74153647af64b0ff9776247befc461f50ee9067e782b8dd4059d3ae663e41', 1353759),
	(20261120090500, 'create events', '2026-11-27 16:16:45.195561+00', true, '\xc79faff84806f43be576374364fca8b682e483c9c46b6aed7ab570182f07f8d7e1223be8ae6ed31076261ea31da35284', 14494599),
	(20261121070000, 'create attachment exports', '2026-11-27 16:16:45.210343+00', true, '\x52ecadd65f575443d4befbe5684bf6379777445fec1ee5c356a272ef2ff1005489c78038dfbd71dac98ac5f225509141', 11224792),
	(20261121091000, 'carry policies', '2026-11-27 16:16:45.221835+00', true, '\x0b458616037d396ef867fa1df72336709f34205fc0217c4df6661c15753c8d3c9e3bf44dbe0da15fb6bdb41560735ac2', 797907),
	(20261121094500, 'remember policy type', '2026-11-27 16:16:45.222709+00', true, '\x7dcacdd71f8315484b86c4c283f4429ed829f45183459be28a8e78c4aded2d1d3bb72a913c40940f57c12567d1224e80', 815034),
	(20261121101000, 'create invalid accounts', '2026-11-27 16:16:45.223604+00', true, '\x737bc15a82ada5f1ec185fbee6aaf40fea8e61da9da231081a41588d46576d26fff73ef60a10b9c3fddc350ba1706518', 4597153),
	(20261121103200, 'create seen settings', '2026-11-27 16:16:45.228327+00', true, '\xe87f581ebd5df0d4dac2613991eae87dc4d12e0807ffea29ce95d3b94031ca0095a9ded51c21848ea79b273d8cec9a1a', 17384953),
	(20261121103500, 'count requests for jobs', '2026-11-27 16:16:45.245897+00', true, '\xbf81803ea3a489cb40fb9217f3fb59811196e31673922d5b4907f7dcec3433d721e8920ebf27538c541ad91ee32cbaac', 1358209);

INSERT INTO public.attachment_exports OVERRIDING SYSTEM VALUE VALUES
	(1, '2026-11-20 12:17:00+00', 'ada@example.com', '[{"policy": {"id": "p-jm33kjf6pq", "name": "org-guardrails"}, "target": {"id": "r-art0", "name": "Root"}}, {"policy": {"id": "p-33xob2xc4p", "name": "baseline-daily"}, "target": {"id": "ou-art0-xlv048oz", "name": "Infrastructure"}}, {"policy": {"id": "p-p2tmry28d9", "name": "Extra nightly 2"}, "target": {"id": "268065459009", "name": "network-01"}}, {"policy": {"id": "p-p2tmry28d9", "name": "Extra nightly 2"}, "target": {"id": "943378028112", "name": "network-02"}}, {"policy": {"id": "p-6lsiepxtro", "name": "production-critical"}, "target": {"id": "ou-art0-0nnxflcg", "name": "Regulated"}}, {"policy": {"id": "p-33xob2xc4p", "name": "baseline-daily"}, "target": {"id": "ou-art0-x6z58r73", "name": "Security"}}, {"policy": {"id": "p-33xob2xc4p", "name": "baseline-daily"}, "target": {"id": "ou-art0-xmd2vyx4", "name": "Workloads"}}, {"policy": {"id": "p-iq4fz3xbu0", "name": "nonprod-weekly"}, "target": {"id": "ou-art0-4pv3ji3i", "name": "Development"}}, {"policy": {"id": "p-6lsiepxtro", "name": "production-critical"}, "target": {"id": "ou-art0-1ncu9bel", "name": "Production"}}, {"policy": {"id": "p-qeed5e5eca", "name": "retail-additions"}, "target": {"id": "ou-art0-ka6g93gh", "name": "Retail"}}, {"policy": {"id": "p-9k7ogtp77f", "name": "point-in-time"}, "target": {"id": "490467208420", "name": "pos-berlin"}}, {"policy": {"id": "p-iq4fz3xbu0", "name": "nonprod-weekly"}, "target": {"id": "ou-art0-86dcntfi", "name": "Staging"}}]');

INSERT INTO public.attachments VALUES
	('r-art0', 'p-jm33kjf6pq', 0),
	('ou-art0-xlv048oz', 'p-33xob2xc4p', 0),
	('268065459009', 'p-p2tmry28d9', 0),
	('943378028112', 'p-p2tmry28d9', 0),
	('ou-art0-0nnxflcg', 'p-6lsiepxtro', 0),
	('ou-art0-x6z58r73', 'p-33xob2xc4p', 0),
	('ou-art0-xmd2vyx4', 'p-33xob2xc4p', 0),
	('ou-art0-4pv3ji3i', 'p-iq4fz3xbu0', 0),
	('ou-art0-0nnxflcg', 'p-eu6rptqcbg', 1),
	('435606719786', 'p-p2tmry28d9', 0);

INSERT INTO public.audit_entries OVERRIDING SYSTEM VALUE VALUES
	(1, '2026-11-20 12:00:00+00', 'ada@example.com', 'first_administrator_created', '', ''),
	(2, '2026-11-20 12:01:00+00', 'ada@example.com', 'sign_in', '', ''),
	(3, '2026-11-20 12:02:00+00', 'ada@example.com', 'sign_in_refused', '', ''),
	(4, '2026-11-20 12:02:00+00', 'nobody@example.com', 'sign_in_refused', '', ''),
	(5, '2026-11-20 12:03:00+00', 'ada@example.com', 'sign_out', '', ''),
	(6, '2026-11-20 12:04:00+00', 'ada@example.com', 'sync_requested', '', ''),
	(7, '2026-11-20 12:04:00+00', 'ada@example.com', 'sync_requested', '', ''),
	(8, '2026-11-20 12:09:00+00', 'policy_author@example.com', 'policy_created', '', 'Extra nightly'),
	(9, '2026-11-20 12:10:00+00', 'policy_author@example.com', 'policy_edited', 'p-p2tmry28d9', 'Extra nightly 2'),
	(10, '2026-11-20 12:11:00+00', 'policy_author@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(11, '2026-11-20 12:11:00+00', 'policy_author@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(12, '2026-11-20 12:11:00+00', 'policy_author@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(13, '2026-11-20 12:11:00+00', 'policy_author@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(14, '2026-11-20 12:11:00+00', 'policy_author@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(15, '2026-11-20 12:12:00+00', 'policy_author@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(16, '2026-11-20 12:12:00+00', 'ada@example.com', 'policy_deleted', 'p-p2tmry28d9', 'Extra nightly 2'),
	(17, '2026-11-20 12:13:00+00', 'policy_author@example.com', 'policy_detached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(18, '2026-11-20 12:13:00+00', 'policy_author@example.com', 'policy_detached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(19, '2026-11-20 12:13:00+00', 'policy_author@example.com', 'policy_detached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(20, '2026-11-20 12:13:00+00', 'policy_author@example.com', 'policy_created', '', 'Made by mistake'),
	(21, '2026-11-20 12:13:00+00', 'policy_author@example.com', 'policy_created', '', 'Made by mistake'),
	(22, '2026-11-20 12:14:00+00', 'ada@example.com', 'policy_deleted', 'p-wxrvo99exh', 'Made by mistake'),
	(23, '2026-11-20 12:14:00+00', 'ada@example.com', 'setting_turned_off', 'cross_account_backup', 'Cross-account backup'),
	(24, '2026-11-20 12:14:00+00', 'ada@example.com', 'setting_turned_off', 'opt_in/eu-west-1/S3', 'Opt-in of S3 in eu-west-1'),
	(25, '2026-11-20 12:15:00+00', 'ada@example.com', 'administrator_registered', '119920250737', 'backup-vaults'),
	(26, '2026-11-20 12:15:00+00', 'ada@example.com', 'resource_policy_put', 'resource_policy', 'Resource policy of the organization'),
	(27, '2026-11-20 12:16:00+00', 'ada@example.com', 'administrator_removed', '559410473983', 'security-audit'),
	(28, '2026-11-20 12:16:00+00', 'ada@example.com', 'setting_turned_off', 'trusted_access', 'Trusted access for AWS Backup'),
	(29, '2026-11-20 12:17:00+00', 'ada@example.com', 'setting_turned_off', 'policy_type', 'Backup policy type'),
	(30, '2026-11-20 12:19:00+00', 'ada@example.com', 'setting_turned_on', 'policy_type', 'Backup policy type'),
	(31, '2026-11-20 12:19:00+00', 'ada@example.com', 'policy_attached', 'p-jm33kjf6pq', 'org-guardrails'),
	(32, '2026-11-20 12:19:00+00', 'ada@example.com', 'policy_attached', 'p-33xob2xc4p', 'baseline-daily'),
	(33, '2026-11-20 12:19:00+00', 'ada@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(34, '2026-11-20 12:19:00+00', 'ada@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 2'),
	(35, '2026-11-20 12:19:00+00', 'ada@example.com', 'policy_attached', 'p-6lsiepxtro', 'production-critical'),
	(36, '2026-11-20 12:19:00+00', 'ada@example.com', 'policy_attached', 'p-33xob2xc4p', 'baseline-daily'),
	(37, '2026-11-20 12:19:00+00', 'ada@example.com', 'policy_attached', 'p-33xob2xc4p', 'baseline-daily'),
	(38, '2026-11-20 12:19:00+00', 'ada@example.com', 'policy_attached', 'p-iq4fz3xbu0', 'nonprod-weekly'),
	(39, '2026-11-20 12:40:00+00', 'ada@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 3'),
	(40, '2026-11-20 12:40:00+00', 'ada@example.com', 'policy_detached', 'p-p2tmry28d9', 'Extra nightly 3'),
	(41, '2026-11-20 12:40:00+00', 'ada@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 3'),
	(42, '2026-11-20 12:40:00+00', 'ada@example.com', 'all_features_requested', 'all_features', 'All features'),
	(43, '2026-11-20 12:40:00+00', 'ada@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 3'),
	(44, '2026-11-20 12:41:00+00', 'ada@example.com', 'setting_turned_on', 'multi_party_approval', 'Multi-party approval'),
	(45, '2026-11-20 12:52:00+00', 'policy_author@example.com', 'policy_attached', 'p-p2tmry28d9', 'Extra nightly 3');

INSERT INTO public.audit_outcomes VALUES
	(1, '2026-11-20 12:00:00+00', 'succeeded', NULL, 'from the one-time link'),
	(2, '2026-11-20 12:01:00+00', 'succeeded', NULL, 'from 192.0.2.1'),
	(3, '2026-11-20 12:02:00+00', 'failed', NULL, 'from 192.0.2.9'),
	(4, '2026-11-20 12:02:00+00', 'failed', NULL, 'from 2001:db8::9'),
	(5, '2026-11-20 12:03:00+00', 'succeeded', NULL, 'from 192.0.2.1'),
	(6, '2026-11-20 12:04:00+00', 'succeeded', NULL, 'asked for a sync'),
	(7, '2026-11-20 12:04:00+00', 'succeeded', NULL, 'asked for new jobs'),
	(8, '2026-11-20 12:09:00+00', 'succeeded', 'e3c4156f-4bd1-4c3f-a6ba-f48421864012', 'p-p2tmry28d9, 405 characters'),
	(9, '2026-11-20 12:10:00+00', 'succeeded', '01068119-7549-4c16-bfb8-768fa2c13cb9', 'renamed from “Extra nightly”, description, document, 405 to 405 characters'),
	(10, '2026-11-20 12:11:00+00', 'succeeded', 'b8da7ed5-fb71-4ec4-870e-8d10a10906ae', 'attached to Root (r-art0)'),
	(11, '2026-11-20 12:11:00+00', 'succeeded', '4801e696-e1de-43e8-be89-03a79cb0b86d', 'attached to Infrastructure (ou-art0-xlv048oz)'),
	(12, '2026-11-20 12:11:00+00', 'succeeded', '45234efe-ffd8-459c-8828-cd20a11c912d', 'attached to network-01 (268065459009)'),
	(13, '2026-11-20 12:11:00+00', 'succeeded', '61f5fe4a-b51e-49f8-a9b3-318c0c8cdd22', 'attached to network-02 (943378028112)'),
	(14, '2026-11-20 12:11:00+00', 'failed', 'df974605-1f99-45fb-9770-d5eb40480246', 'AttachPolicy: not found [request df974605-1f99-45fb-9770-d5eb40480246]'),
	(15, '2026-11-20 12:12:00+00', 'succeeded', NULL, 'was attached already to network-01 (268065459009)'),
	(16, '2026-11-20 12:12:00+00', 'failed', NULL, 'The policy is attached. Detach it from every target, then delete it.'),
	(17, '2026-11-20 12:13:00+00', 'succeeded', '252828ec-f8fb-4638-b15b-2f33e2c1479b', 'detached from Root (r-art0)'),
	(18, '2026-11-20 12:13:00+00', 'succeeded', '7eb2c4f3-43be-44e5-af02-6c5e77d8cec9', 'detached from Infrastructure (ou-art0-xlv048oz)'),
	(19, '2026-11-20 12:13:00+00', 'succeeded', NULL, 'was not attached any more to Root (r-art0)'),
	(20, '2026-11-20 12:13:00+00', 'succeeded', 'c44c12ce-9108-4579-81d0-e597613f8025', 'p-wxrvo99exh, 405 characters'),
	(21, '2026-11-20 12:13:00+00', 'failed', NULL, '1 wrong fields'),
	(22, '2026-11-20 12:14:00+00', 'succeeded', '1a6442c6-bcdc-48de-a2a2-6e0a45fe921f', 'fingerprint 8d0d4d6b787930a76c0ecce869bdd660'),
	(23, '2026-11-20 12:14:00+00', 'succeeded', 'a44809af-8548-4d4b-a95c-f0371d374fac', ''),
	(24, '2026-11-20 12:14:00+00', 'succeeded', 'db099337-f586-4907-9caa-ce4e5fbbdf02', ''),
	(25, '2026-11-20 12:15:00+00', 'succeeded', 'e6513686-9a5b-4e8e-b2b6-ac840abbc2e0', 'registered for backup.amazonaws.com'),
	(26, '2026-11-20 12:15:00+00', 'succeeded', '8c14e999-189e-44ef-b696-5b24fb2b3808', 'put; our statements name 119920250737, 559410473983'),
	(27, '2026-11-20 12:16:00+00', 'succeeded', 'ee6a56e2-7bd2-4015-8449-5a0e26f9fdc1', 'removed from backup.amazonaws.com'),
	(28, '2026-11-20 12:16:00+00', 'failed', '2408e67d-1352-4875-95de-7fc4ee5fc422', 'DisableAWSServiceAccess: refused: DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE (You have delegated administrators for this service. Deregister them first.) [request 2408e67d-1352-4875-95de-7fc4ee5fc422]'),
	(29, '2026-11-20 12:17:00+00', 'succeeded', '3df0429b-0fe3-462c-8241-9085d3b3114e', 'detached 12 attachments (export 1): p-jm33kjf6pq at r-art0, p-33xob2xc4p at ou-art0-xlv048oz, p-p2tmry28d9 at 268065459009, p-p2tmry28d9 at 943378028112, p-6lsiepxtro at ou-art0-0nnxflcg, p-33xob2xc4p at ou-art0-x6z58r73, p-33xob2xc4p at ou-art0-xmd2vyx4, p-iq4fz3xbu0 at ou-art0-4pv3ji3i, p-6lsiepxtro at ou-art0-1ncu9bel, p-qeed5e5eca at ou-art0-ka6g93gh, p-9k7ogtp77f at 490467208420, p-iq4fz3xbu0 at ou-art0-86dcntfi'),
	(30, '2026-11-20 12:19:00+00', 'succeeded', 'c77de721-9714-4a47-9e91-84d03269111b', ''),
	(31, '2026-11-20 12:19:00+00', 'succeeded', '6372cba0-b399-492c-83ef-7780ef3865d3', 'attached to Root (r-art0)'),
	(32, '2026-11-20 12:19:00+00', 'succeeded', '6e874bbd-0f1c-4859-b6da-d6cd4cbf3533', 'attached to Infrastructure (ou-art0-xlv048oz)'),
	(33, '2026-11-20 12:19:00+00', 'succeeded', '018294f9-be2b-4f73-8d88-d2262544eab7', 'attached to network-01 (268065459009)'),
	(34, '2026-11-20 12:19:00+00', 'succeeded', '9e4e7ad8-01f3-409d-9261-f19ad72a58a8', 'attached to network-02 (943378028112)'),
	(35, '2026-11-20 12:19:00+00', 'succeeded', 'fabfa0d4-0957-4170-b771-bc3c899905ad', 'attached to Regulated (ou-art0-0nnxflcg)'),
	(36, '2026-11-20 12:19:00+00', 'succeeded', '99390f09-5715-49ca-9928-727c26f39a7c', 'attached to Security (ou-art0-x6z58r73)'),
	(37, '2026-11-20 12:19:00+00', 'succeeded', 'f81ea083-4b05-4e10-820e-4b1c4b8e014b', 'attached to Workloads (ou-art0-xmd2vyx4)'),
	(38, '2026-11-20 12:19:00+00', 'succeeded', '01374e8d-394f-42b3-8a61-0500511a5240', 'attached to Development (ou-art0-4pv3ji3i)'),
	(39, '2026-11-20 12:40:02+00', 'succeeded', '11111111-2222-4333-8444-555555555555', 'attached to payments (123456789012)'),
	(40, '2026-11-20 12:40:02+00', 'succeeded', '11111111-2222-4333-8444-555555555556', 'detached from From here to there (old) (ou-ab12-12345678)'),
	(41, '2026-11-20 12:40:02+00', 'succeeded', NULL, 'was attached already to Root (r-ab12)'),
	(42, '2026-11-20 12:40:02+00', 'succeeded', '11111111-2222-4333-8444-555555555557', 'request h-abcdef123456'),
	(44, '2026-11-20 12:41:02+00', 'failed', '11111111-2222-4333-8444-555555555558', 'a name with a replaced zero: �, a "quote" and a \ backslash'),
	(45, '2026-11-20 12:52:00+00', 'succeeded', '2e50eac7-edd8-4c35-8cf9-51057939a72d', 'attached to shared-01 (435606719786)');

INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(1, '2026-11-20 12:29:00+00', '2026-11-20 12:39:00+00', 'administrator_removed', '119920250737', 'backup-vaults', '', '', 'Registered', 'Not registered'),
	(2, '2026-11-20 12:29:00+00', '2026-11-20 12:39:00+00', 'policy_created', 'p-eu6rptqcbg', 'Theirs', '', '', NULL, '{"plans":{"extra":{"regions":{"@@assign":["eu-west-1"]},"rules":{"nightly":{"schedule_expression":{"@@assign":"cron(0 3 ? * * *)"},"target_backup_vault_name":{"@@assign":"Default"},"lifecycle":{"delete_after_days":{"@@assign":"35"}}}},"selections":{"tags":{"tagged":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/BackupRole"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["yes"]}}}}}}}'),
	(3, '2026-11-20 12:29:00+00', '2026-11-20 12:39:00+00', 'policy_described', 'p-p2tmry28d9', 'Extra nightly 3', '', '', 'Ünits & “quotes”', 'theirs'),
	(4, '2026-11-20 12:29:00+00', '2026-11-20 12:39:00+00', 'policy_edited', 'p-p2tmry28d9', 'Extra nightly 3', '', '', '{"plans":{"extra":{"regions":{"@@assign":["eu-west-1"]},"rules":{"nightly":{"schedule_expression":{"@@assign":"cron(0 3 ? * * *)"},"target_backup_vault_name":{"@@assign":"Default"},"lifecycle":{"delete_after_days":{"@@assign":"40"}}}},"selections":{"tags":{"tagged":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/BackupRole"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["yes"]}}}}}}}', '{"plans":{"extra":{"regions":{"@@assign":["eu-west-1"]},"rules":{"nightly":{"schedule_expression":{"@@assign":"cron(0 3 ? * * *)"},"target_backup_vault_name":{"@@assign":"Default"},"lifecycle":{"delete_after_days":{"@@assign":"35"}}}},"selections":{"tags":{"tagged":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/BackupRole"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["yes"]}}}}}}}'),
	(5, '2026-11-20 12:29:00+00', '2026-11-20 12:39:00+00', 'policy_renamed', 'p-p2tmry28d9', 'Extra nightly 3', '', '', 'Extra nightly 2', 'Extra nightly 3'),
	(6, '2026-11-20 12:29:00+00', '2026-11-20 12:39:00+00', 'policy_attached', 'p-eu6rptqcbg', 'Theirs', 'ou-art0-0nnxflcg', 'Regulated', NULL, NULL);

INSERT INTO public.import_steps VALUES
	(4, 'facts', true, 'r-art0'),
	(4, 'accounts', false, 'W3sic2NvcGUiOjMwOTcwMDYwMDg0MzI2NTMsImFmdGVyIjoiMTY1MTMyMzA5NDQ0IiwiaG9sbG93IjpmYWxzZX0sMjE2MzI1ODU4OF0'),
	(4, 'policies', true, NULL),
	(4, 'ous/r-art0', true, NULL);

INSERT INTO public.imports OVERRIDING SYSTEM VALUE VALUES
	(4, true, '2026-11-20 12:51:00+00', NULL, '{"id": "o-gubs0jq3cq", "arn": "arn:aws:organizations::302569489982:organization/o-gubs0jq3cq", "all_features": true, "management_account": "302569489982"}', true, false, false);

INSERT INTO public.invalid_accounts VALUES
	('268065459009');

INSERT INTO public.job_counts_2026_09 VALUES
	('day', '', '2026-09-20', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('day', '', '2026-09-21', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '', '2026-09-22', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('day', '', '2026-09-25', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('day', '', '2026-09-26', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '', '2026-09-27', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('day', '', '2026-09-28', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '', '2026-09-30', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('day', '268065459009', '2026-09-20', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('day', '268065459009', '2026-09-28', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '435606719786', '2026-09-26', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '458931319870', '2026-09-25', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('day', '574746003513', '2026-09-27', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('day', '943378028112', '2026-09-21', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '943378028112', '2026-09-30', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('day', '957508692822', '2026-09-22', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('month', '', '2026-09-01', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('month', '', '2026-09-01', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('month', '', '2026-09-01', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('month', '', '2026-09-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 2),
	('month', '', '2026-09-01', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('month', '', '2026-09-01', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('month', '', '2026-09-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('month', '268065459009', '2026-09-01', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('month', '268065459009', '2026-09-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('month', '435606719786', '2026-09-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('month', '458931319870', '2026-09-01', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('month', '574746003513', '2026-09-01', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('month', '943378028112', '2026-09-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('month', '943378028112', '2026-09-01', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('month', '957508692822', '2026-09-01', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('day', '', '2026-09-23', 'backup', 'eu-west-1', 'completed', 'EBS', '', 1),
	('day', '', '2026-09-23', 'backup', 'eu-west-1', 'running', 'EBS', '', 0),
	('day', '198488064531', '2026-09-23', 'backup', 'eu-west-1', 'completed', 'EBS', '', 1),
	('day', '198488064531', '2026-09-23', 'backup', 'eu-west-1', 'running', 'EBS', '', 0),
	('month', '', '2026-09-01', 'backup', 'eu-west-1', 'completed', 'EBS', '', 1),
	('month', '', '2026-09-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 0),
	('month', '198488064531', '2026-09-01', 'backup', 'eu-west-1', 'completed', 'EBS', '', 1),
	('month', '198488064531', '2026-09-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 0);

INSERT INTO public.job_counts_2026_10 VALUES
	('day', '', '2026-10-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '', '2026-10-02', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('day', '', '2026-10-03', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '', '2026-10-05', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('day', '', '2026-10-06', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '', '2026-10-07', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('day', '', '2026-10-08', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '', '2026-10-10', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('day', '', '2026-10-11', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '', '2026-10-12', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('day', '', '2026-10-13', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '', '2026-10-15', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('day', '', '2026-10-16', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '', '2026-10-17', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('day', '', '2026-10-18', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '', '2026-10-20', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('day', '', '2026-10-21', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '', '2026-10-22', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('day', '', '2026-10-23', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '', '2026-10-25', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('day', '', '2026-10-26', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '', '2026-10-27', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('day', '', '2026-10-28', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '', '2026-10-30', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('day', '', '2026-10-31', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '198488064531', '2026-10-02', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('day', '198488064531', '2026-10-11', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '198488064531', '2026-10-20', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('day', '198488064531', '2026-10-28', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '268065459009', '2026-10-07', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('day', '268065459009', '2026-10-16', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '268065459009', '2026-10-25', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('day', '435606719786', '2026-10-05', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('day', '435606719786', '2026-10-13', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '435606719786', '2026-10-22', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('day', '435606719786', '2026-10-31', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '458931319870', '2026-10-03', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '458931319870', '2026-10-12', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('day', '458931319870', '2026-10-21', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '458931319870', '2026-10-30', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('day', '574746003513', '2026-10-06', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '574746003513', '2026-10-15', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('day', '574746003513', '2026-10-23', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '943378028112', '2026-10-08', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '943378028112', '2026-10-17', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('day', '943378028112', '2026-10-26', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '957508692822', '2026-10-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '957508692822', '2026-10-10', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('day', '957508692822', '2026-10-18', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '957508692822', '2026-10-27', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('month', '', '2026-10-01', 'backup', 'eu-central-1', 'completed', '', '', 2),
	('month', '', '2026-10-01', 'backup', 'eu-central-1', 'completed', 'EBS', '', 2),
	('month', '', '2026-10-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 5),
	('month', '', '2026-10-01', 'copy', 'eu-central-1', 'expired', '', '', 2),
	('month', '', '2026-10-01', 'copy', 'eu-central-1', 'expired', 'RDS', '', 2),
	('month', '', '2026-10-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 4),
	('month', '', '2026-10-01', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 2),
	('month', '', '2026-10-01', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 2),
	('month', '', '2026-10-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 4),
	('month', '198488064531', '2026-10-01', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('month', '198488064531', '2026-10-01', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('month', '198488064531', '2026-10-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('month', '198488064531', '2026-10-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('month', '268065459009', '2026-10-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('month', '268065459009', '2026-10-01', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('month', '268065459009', '2026-10-01', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('month', '435606719786', '2026-10-01', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('month', '435606719786', '2026-10-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('month', '435606719786', '2026-10-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('month', '435606719786', '2026-10-01', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('month', '458931319870', '2026-10-01', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('month', '458931319870', '2026-10-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('month', '458931319870', '2026-10-01', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('month', '458931319870', '2026-10-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('month', '574746003513', '2026-10-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('month', '574746003513', '2026-10-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('month', '574746003513', '2026-10-01', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('month', '943378028112', '2026-10-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('month', '943378028112', '2026-10-01', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('month', '943378028112', '2026-10-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('month', '957508692822', '2026-10-01', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('month', '957508692822', '2026-10-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('month', '957508692822', '2026-10-01', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('month', '957508692822', '2026-10-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1);

INSERT INTO public.job_counts_2026_11 VALUES
	('day', '', '2026-11-01', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('day', '', '2026-11-02', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '', '2026-11-04', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('day', '', '2026-11-05', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '', '2026-11-06', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('day', '', '2026-11-07', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '', '2026-11-09', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('day', '', '2026-11-10', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '', '2026-11-11', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('day', '', '2026-11-12', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '', '2026-11-14', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('day', '', '2026-11-15', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '', '2026-11-16', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('day', '', '2026-11-17', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '198488064531', '2026-11-06', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('day', '198488064531', '2026-11-15', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '268065459009', '2026-11-02', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '268065459009', '2026-11-11', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('day', '435606719786', '2026-11-09', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('day', '435606719786', '2026-11-17', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '458931319870', '2026-11-07', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('day', '458931319870', '2026-11-16', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('day', '574746003513', '2026-11-01', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('day', '574746003513', '2026-11-10', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('day', '943378028112', '2026-11-04', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('day', '943378028112', '2026-11-12', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '957508692822', '2026-11-05', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('day', '957508692822', '2026-11-14', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('month', '', '2026-11-01', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('month', '', '2026-11-01', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('month', '', '2026-11-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 2),
	('month', '', '2026-11-01', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('month', '', '2026-11-01', 'copy', 'eu-central-1', 'expired', 'RDS', '', 2),
	('month', '', '2026-11-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 2),
	('month', '', '2026-11-01', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1),
	('month', '', '2026-11-01', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('month', '', '2026-11-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 3),
	('month', '198488064531', '2026-11-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('month', '198488064531', '2026-11-01', 'restore', 'eu-central-1', 'failed', 'S3', 'ACCESS_DENIED', 1),
	('month', '268065459009', '2026-11-01', 'backup', 'eu-central-1', 'completed', 'EBS', '', 1),
	('month', '268065459009', '2026-11-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('month', '435606719786', '2026-11-01', 'copy', 'eu-central-1', 'expired', '', '', 1),
	('month', '435606719786', '2026-11-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('month', '458931319870', '2026-11-01', 'backup', 'eu-west-1', 'running', 'EBS', '', 1),
	('month', '458931319870', '2026-11-01', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('month', '574746003513', '2026-11-01', 'copy', 'eu-central-1', 'expired', 'RDS', '', 1),
	('month', '574746003513', '2026-11-01', 'restore', 'eu-west-1', 'partial', 'S3', '', 1),
	('month', '943378028112', '2026-11-01', 'backup', 'eu-central-1', 'completed', '', '', 1),
	('month', '943378028112', '2026-11-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('month', '957508692822', '2026-11-01', 'copy', 'eu-west-1', 'completed', 'RDS', '', 1),
	('month', '957508692822', '2026-11-01', 'restore', 'eu-central-1', 'failed', '', 'ACCESS_DENIED', 1);

INSERT INTO public.job_facets VALUES
	('region', 'eu-central-1', 24, '2026-11-16'),
	('region', 'eu-west-1', 24, '2026-11-17'),
	('resource_type', 'EBS', 12, '2026-11-15'),
	('resource_type', 'RDS', 12, '2026-11-16'),
	('resource_type', 'S3', 12, '2026-11-17'),
	('vault', 'Default', 48, '2026-11-17');

INSERT INTO public.job_watermarks VALUES
	('eu-central-1', 'backup', '2026-11-20 12:38:00+00', '2026-11-20 12:41:00+00', NULL, NULL),
	('eu-central-1', 'copy', '2026-11-20 12:38:00+00', '2026-11-20 12:41:00+00', NULL, NULL),
	('eu-central-1', 'restore', '2026-11-20 12:38:00+00', '2026-11-20 12:41:00+00', NULL, NULL),
	('eu-west-1', 'backup', '2026-11-20 12:38:00+00', '2026-11-20 12:41:00+00', 'AWS does not answer.', '2026-11-19T00:00:00Z next-page'),
	('eu-west-1', 'copy', '2026-11-20 12:38:00+00', '2026-11-20 12:41:00+00', 'AWS does not answer.', '2026-11-19T00:00:00Z next-page'),
	('eu-west-1', 'restore', '2026-11-20 12:38:00+00', '2026-11-20 12:41:00+00', 'AWS does not answer.', '2026-11-19T00:00:00Z next-page'),
	('us-east-1', 'backup', NULL, NULL, NULL, NULL),
	('us-east-1', 'copy', NULL, NULL, NULL, NULL),
	('us-east-1', 'restore', NULL, NULL, NULL, NULL);

INSERT INTO public.jobs_2026_09 VALUES
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000000', '268065459009', 'eu-central-1', 'completed', NULL, NULL, NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 0, NULL, '2026-09-20 01:30:00+00', '2026-09-20 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000001', '943378028112', 'eu-west-1', 'completed', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 1000000000, NULL, '2026-09-21 07:30:00+00', '2026-09-21 08:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000002', '957508692822', 'eu-central-1', 'failed', 'Access denied', 'ACCESS_DENIED', 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 2000000000, NULL, '2026-09-22 13:30:00+00', '2026-09-22 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000004', '458931319870', 'eu-central-1', 'expired', NULL, NULL, NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 4000000000, NULL, '2026-09-25 01:30:00+00', '2026-09-25 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000005', '435606719786', 'eu-west-1', 'partial', NULL, NULL, 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 5000000000, NULL, '2026-09-26 07:30:00+00', '2026-09-26 08:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000006', '574746003513', 'eu-central-1', 'completed', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 6000000000, NULL, '2026-09-27 13:30:00+00', '2026-09-27 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000007', '268065459009', 'eu-west-1', 'completed', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 7000000000, NULL, '2026-09-28 19:30:00+00', '2026-09-28 20:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000008', '943378028112', 'eu-central-1', 'failed', 'Access denied', 'ACCESS_DENIED', NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 8000000000, NULL, '2026-09-30 01:30:00+00', '2026-09-30 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000003', '198488064531', 'eu-west-1', 'completed', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 3000000000, NULL, '2026-09-23 19:30:00+00', '2026-11-20 12:41:00+00', NULL, '2026-11-20 12:41:00+00', 2);

INSERT INTO public.jobs_2026_10 VALUES
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000009', '957508692822', 'eu-west-1', 'running', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 9000000000, NULL, '2026-10-01 07:30:00+00', NULL, NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000010', '198488064531', 'eu-central-1', 'expired', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 10000000000, NULL, '2026-10-02 13:30:00+00', '2026-10-02 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000011', '458931319870', 'eu-west-1', 'partial', NULL, NULL, 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 11000000000, NULL, '2026-10-03 19:30:00+00', '2026-10-03 20:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000012', '435606719786', 'eu-central-1', 'completed', NULL, NULL, NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 12000000000, NULL, '2026-10-05 01:30:00+00', '2026-10-05 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000013', '574746003513', 'eu-west-1', 'completed', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 13000000000, NULL, '2026-10-06 07:30:00+00', '2026-10-06 08:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000014', '268065459009', 'eu-central-1', 'failed', 'Access denied', 'ACCESS_DENIED', 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 14000000000, NULL, '2026-10-07 13:30:00+00', '2026-10-07 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000015', '943378028112', 'eu-west-1', 'running', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 15000000000, NULL, '2026-10-08 19:30:00+00', NULL, NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000016', '957508692822', 'eu-central-1', 'expired', NULL, NULL, NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 16000000000, NULL, '2026-10-10 01:30:00+00', '2026-10-10 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000017', '198488064531', 'eu-west-1', 'partial', NULL, NULL, 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 17000000000, NULL, '2026-10-11 07:30:00+00', '2026-10-11 08:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000018', '458931319870', 'eu-central-1', 'completed', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 18000000000, NULL, '2026-10-12 13:30:00+00', '2026-10-12 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000019', '435606719786', 'eu-west-1', 'completed', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 19000000000, NULL, '2026-10-13 19:30:00+00', '2026-10-13 20:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000020', '574746003513', 'eu-central-1', 'failed', 'Access denied', 'ACCESS_DENIED', NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 20000000000, NULL, '2026-10-15 01:30:00+00', '2026-10-15 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000021', '268065459009', 'eu-west-1', 'running', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 21000000000, NULL, '2026-10-16 07:30:00+00', NULL, NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000022', '943378028112', 'eu-central-1', 'expired', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 22000000000, NULL, '2026-10-17 13:30:00+00', '2026-10-17 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000023', '957508692822', 'eu-west-1', 'partial', NULL, NULL, 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 23000000000, NULL, '2026-10-18 19:30:00+00', '2026-10-18 20:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000024', '198488064531', 'eu-central-1', 'completed', NULL, NULL, NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 24000000000, NULL, '2026-10-20 01:30:00+00', '2026-10-20 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000025', '458931319870', 'eu-west-1', 'completed', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 25000000000, NULL, '2026-10-21 07:30:00+00', '2026-10-21 08:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000026', '435606719786', 'eu-central-1', 'failed', 'Access denied', 'ACCESS_DENIED', 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 26000000000, NULL, '2026-10-22 13:30:00+00', '2026-10-22 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000027', '574746003513', 'eu-west-1', 'running', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 27000000000, NULL, '2026-10-23 19:30:00+00', NULL, NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000028', '268065459009', 'eu-central-1', 'expired', NULL, NULL, NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 28000000000, NULL, '2026-10-25 01:30:00+00', '2026-10-25 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000029', '943378028112', 'eu-west-1', 'partial', NULL, NULL, 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 29000000000, NULL, '2026-10-26 07:30:00+00', '2026-10-26 08:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000030', '957508692822', 'eu-central-1', 'completed', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 30000000000, NULL, '2026-10-27 13:30:00+00', '2026-10-27 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000031', '198488064531', 'eu-west-1', 'completed', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 31000000000, NULL, '2026-10-28 19:30:00+00', '2026-10-28 20:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000032', '458931319870', 'eu-central-1', 'failed', 'Access denied', 'ACCESS_DENIED', NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 32000000000, NULL, '2026-10-30 01:30:00+00', '2026-10-30 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000033', '435606719786', 'eu-west-1', 'running', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 33000000000, NULL, '2026-10-31 07:30:00+00', NULL, NULL, '2026-11-20 12:41:00+00', 1);

INSERT INTO public.jobs_2026_11 VALUES
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000034', '574746003513', 'eu-central-1', 'expired', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 34000000000, NULL, '2026-11-01 13:30:00+00', '2026-11-01 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000035', '268065459009', 'eu-west-1', 'partial', NULL, NULL, 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 35000000000, NULL, '2026-11-02 19:30:00+00', '2026-11-02 20:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000036', '943378028112', 'eu-central-1', 'completed', NULL, NULL, NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 36000000000, NULL, '2026-11-04 01:30:00+00', '2026-11-04 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000037', '957508692822', 'eu-west-1', 'completed', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 37000000000, NULL, '2026-11-05 07:30:00+00', '2026-11-05 08:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000038', '198488064531', 'eu-central-1', 'failed', 'Access denied', 'ACCESS_DENIED', 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 38000000000, NULL, '2026-11-06 13:30:00+00', '2026-11-06 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000039', '458931319870', 'eu-west-1', 'running', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 39000000000, NULL, '2026-11-07 19:30:00+00', NULL, NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000040', '435606719786', 'eu-central-1', 'expired', NULL, NULL, NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 40000000000, NULL, '2026-11-09 01:30:00+00', '2026-11-09 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000041', '574746003513', 'eu-west-1', 'partial', NULL, NULL, 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 41000000000, NULL, '2026-11-10 07:30:00+00', '2026-11-10 08:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000042', '268065459009', 'eu-central-1', 'completed', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 42000000000, NULL, '2026-11-11 13:30:00+00', '2026-11-11 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000043', '943378028112', 'eu-west-1', 'completed', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 43000000000, NULL, '2026-11-12 19:30:00+00', '2026-11-12 20:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000044', '957508692822', 'eu-central-1', 'failed', 'Access denied', 'ACCESS_DENIED', NULL, NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 44000000000, NULL, '2026-11-14 01:30:00+00', '2026-11-14 02:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('backup', '8F2C1A9B-77AA-41D5-9C1E-000000000045', '198488064531', 'eu-west-1', 'running', NULL, NULL, 'EBS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 45000000000, NULL, '2026-11-15 07:30:00+00', NULL, NULL, '2026-11-20 12:41:00+00', 1),
	('copy', '8F2C1A9B-77AA-41D5-9C1E-000000000046', '458931319870', 'eu-central-1', 'expired', NULL, NULL, 'RDS', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, NULL, false, 46000000000, NULL, '2026-11-16 13:30:00+00', '2026-11-16 14:30:00+00', NULL, '2026-11-20 12:41:00+00', 1),
	('restore', '8F2C1A9B-77AA-41D5-9C1E-000000000047', '435606719786', 'eu-west-1', 'partial', NULL, NULL, 'S3', NULL, NULL, 'Default', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, 47000000000, NULL, '2026-11-17 19:30:00+00', '2026-11-17 20:30:00+00', NULL, '2026-11-20 12:41:00+00', 1);

INSERT INTO public.nodes VALUES
	('r-art0', NULL, 'Root', 'arn:aws:organizations::302569489982:root/o-gubs0jq3cq/r-art0', NULL, NULL, NULL),
	('111364511973', 'ou-art0-86dcntfi', 'staging-18', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/111364511973', 'aws+staging-18@northwick.example', 'active', '2023-09-15 07:19:49+00'),
	('115771672472', 'ou-art0-01u664j0', 'warehouse-frankfurt', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/115771672472', 'aws+warehouse-frankfurt@northwick.example', 'active', '2024-07-29 13:18:48+00'),
	('119920250737', 'ou-art0-x6z58r73', 'backup-vaults', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/119920250737', 'aws+backup-vaults@northwick.example', 'active', '2024-05-04 22:42:33+00'),
	('126498873913', 'ou-art0-xlsthk09', 'retail-dev-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/126498873913', 'aws+retail-dev-02@northwick.example', 'active', '2023-05-08 06:33:10+00'),
	('126780510776', 'ou-art0-ck57ikh6', 'pos-dresden', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/126780510776', 'aws+pos-dresden@northwick.example', 'active', '2025-03-31 12:59:35+00'),
	('126903549290', 'ou-art0-3dhil4f8', 'data-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/126903549290', 'aws+data-08@northwick.example', 'active', '2024-07-23 22:25:04+00'),
	('127262633563', 'ou-art0-br5sfha2', 'logistics-dev-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/127262633563', 'aws+logistics-dev-02@northwick.example', 'active', '2025-02-11 06:49:03+00'),
	('127787225483', 'ou-art0-01u664j0', 'warehouse-geneva', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/127787225483', 'aws+warehouse-geneva@northwick.example', 'active', '2024-06-10 08:14:29+00'),
	('135288914948', 'ou-art0-ck57ikh6', 'pos-antwerp', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/135288914948', 'aws+pos-antwerp@northwick.example', 'active', '2025-08-15 11:21:29+00'),
	('141022067449', 'ou-art0-ck57ikh6', 'pos-ghent', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/141022067449', 'aws+pos-ghent@northwick.example', 'active', '2025-06-24 12:41:34+00'),
	('143532371721', 'ou-art0-jc0ve27j', 'shop-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/143532371721', 'aws+shop-07@northwick.example', 'active', '2025-05-06 19:59:18+00'),
	('147688651795', 'ou-art0-ck57ikh6', 'pos-nantes', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/147688651795', 'aws+pos-nantes@northwick.example', 'active', '2024-04-27 10:23:35+00'),
	('152525111244', 'ou-art0-jc0ve27j', 'shop-13', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/152525111244', 'aws+shop-13@northwick.example', 'active', '2024-04-03 18:37:18+00'),
	('152633886153', 'ou-art0-ck57ikh6', 'pos-linz', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/152633886153', 'aws+pos-linz@northwick.example', 'active', '2025-01-02 15:52:33+00'),
	('155817429843', 'ou-art0-01u664j0', 'warehouse-dresden', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/155817429843', 'aws+warehouse-dresden@northwick.example', 'active', '2024-12-10 05:38:59+00'),
	('156070587874', 'ou-art0-w0sncoip', 'sandbox-13', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/156070587874', 'aws+sandbox-13@northwick.example', 'active', '2024-12-28 00:38:34+00'),
	('158137481978', 'ou-art0-3ge0vm37', 'former-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/158137481978', 'aws+former-01@northwick.example', 'suspended', '2025-04-08 04:10:03+00'),
	('159130464289', 'ou-art0-ck57ikh6', 'pos-bremen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/159130464289', 'aws+pos-bremen@northwick.example', 'active', '2023-05-12 17:26:51+00'),
	('161481178381', 'ou-art0-jc0ve27j', 'shop-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/161481178381', 'aws+shop-09@northwick.example', 'active', '2025-05-30 14:36:38+00'),
	('165132309444', 'ou-art0-86dcntfi', 'staging-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/165132309444', 'aws+staging-09@northwick.example', 'active', '2024-01-25 23:18:25+00'),
	('ou-art0-0nnxflcg', 'r-art0', 'Regulated', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-0nnxflcg', NULL, NULL, NULL),
	('ou-art0-3ge0vm37', 'r-art0', 'Suspended', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-3ge0vm37', NULL, NULL, NULL),
	('ou-art0-w0sncoip', 'r-art0', 'Sandbox', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-w0sncoip', NULL, NULL, NULL),
	('ou-art0-x6z58r73', 'r-art0', 'Security', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-x6z58r73', NULL, NULL, NULL),
	('ou-art0-xlv048oz', 'r-art0', 'Infrastructure', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-xlv048oz', NULL, NULL, NULL),
	('ou-art0-xmd2vyx4', 'r-art0', 'Workloads', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-xmd2vyx4', NULL, NULL, NULL),
	('166381447189', 'ou-art0-jc0ve27j', 'shop-22', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/166381447189', 'aws+shop-22@northwick.example', 'active', '2024-03-13 06:08:27+00'),
	('167078082794', 'ou-art0-jc0ve27j', 'shop-18', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/167078082794', 'aws+shop-18@northwick.example', 'active', '2023-08-21 22:41:14+00'),
	('169921317550', 'ou-art0-01u664j0', 'warehouse-basel', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/169921317550', 'aws+warehouse-basel@northwick.example', 'active', '2025-08-19 03:57:51+00'),
	('169992267115', 'ou-art0-ck57ikh6', 'pos-essen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/169992267115', 'aws+pos-essen@northwick.example', 'active', '2023-06-26 14:40:14+00'),
	('171142695262', 'ou-art0-jc0ve27j', 'shop-21', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/171142695262', 'aws+shop-21@northwick.example', 'active', '2025-07-06 04:43:13+00'),
	('171561263378', 'ou-art0-s448y44p', 'finance-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/171561263378', 'aws+finance-03@northwick.example', 'active', '2024-10-28 03:14:38+00'),
	('180027907504', 'ou-art0-jc0ve27j', 'shop-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/180027907504', 'aws+shop-06@northwick.example', 'active', '2024-12-18 02:01:59+00'),
	('180526156086', 'ou-art0-01u664j0', 'warehouse-essen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/180526156086', 'aws+warehouse-essen@northwick.example', 'active', '2025-01-20 02:13:11+00'),
	('184564453324', 'ou-art0-86dcntfi', 'staging-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/184564453324', 'aws+staging-11@northwick.example', 'active', '2023-09-24 13:33:46+00'),
	('185459779943', 'ou-art0-tfrbf4fr', 'claims-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/185459779943', 'aws+claims-02@northwick.example', 'active', '2025-09-20 02:12:51+00'),
	('186975720777', 'ou-art0-ck57ikh6', 'pos-madrid', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/186975720777', 'aws+pos-madrid@northwick.example', 'active', '2023-09-20 15:24:30+00'),
	('198488064531', 'ou-art0-7fbrspsg', 'network-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/198488064531', 'aws+network-04@northwick.example', 'active', '2023-10-31 04:35:59+00'),
	('206983861252', 'ou-art0-w0sncoip', 'sandbox-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/206983861252', 'aws+sandbox-07@northwick.example', 'active', '2024-07-14 21:05:32+00'),
	('210951440759', 'ou-art0-otzmmesy', 'payments-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/210951440759', 'aws+payments-03@northwick.example', 'active', '2023-07-28 22:12:44+00'),
	('211213701110', 'ou-art0-86dcntfi', 'staging-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/211213701110', 'aws+staging-10@northwick.example', 'active', '2024-05-02 12:27:21+00'),
	('348731074587', 'ou-art0-4pv3ji3i', 'dev-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/348731074587', 'aws+dev-03@northwick.example', 'active', '2023-08-22 23:38:46+00'),
	('212582250070', 'ou-art0-01u664j0', 'warehouse-bilbao', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/212582250070', 'aws+warehouse-bilbao@northwick.example', 'active', '2024-05-18 23:00:20+00'),
	('212689350546', 'ou-art0-hinztwfc', 'shared-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/212689350546', 'aws+shared-07@northwick.example', 'active', '2024-05-25 12:14:32+00'),
	('215050214006', 'ou-art0-w0sncoip', 'sandbox-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/215050214006', 'aws+sandbox-08@northwick.example', 'active', '2024-10-26 05:39:28+00'),
	('215337546655', 'ou-art0-01u664j0', 'warehouse-brussels', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/215337546655', 'aws+warehouse-brussels@northwick.example', 'active', '2024-08-24 23:53:31+00'),
	('217210536505', 'ou-art0-01u664j0', 'warehouse-amsterdam', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/217210536505', 'aws+warehouse-amsterdam@northwick.example', 'active', '2024-05-20 12:05:19+00'),
	('ou-art0-otzmmesy', 'ou-art0-0nnxflcg', 'Payments', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-otzmmesy', NULL, NULL, NULL),
	('ou-art0-tfrbf4fr', 'ou-art0-0nnxflcg', 'Claims', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-tfrbf4fr', NULL, NULL, NULL),
	('220124223240', 'ou-art0-3dhil4f8', 'data-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/220124223240', 'aws+data-05@northwick.example', 'active', '2024-08-11 13:24:27+00'),
	('227230891595', 'ou-art0-br5sfha2', 'logistics-dev-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/227230891595', 'aws+logistics-dev-06@northwick.example', 'active', '2025-04-10 04:03:16+00'),
	('229813931498', 'ou-art0-otzmmesy', 'payments-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/229813931498', 'aws+payments-01@northwick.example', 'active', '2023-05-26 18:40:06+00'),
	('231509321223', 'ou-art0-v45trc5q', 'fleet-12', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/231509321223', 'aws+fleet-12@northwick.example', 'active', '2025-02-28 03:57:02+00'),
	('240730682300', 'ou-art0-01u664j0', 'warehouse-ghent', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/240730682300', 'aws+warehouse-ghent@northwick.example', 'active', '2025-05-01 13:47:08+00'),
	('241020162645', 'ou-art0-btrfmjcl', 'store-brussels', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/241020162645', 'aws+store-brussels@northwick.example', 'active', '2024-05-01 12:52:24+00'),
	('242948013977', 'ou-art0-4pv3ji3i', 'dev-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/242948013977', 'aws+dev-01@northwick.example', 'active', '2024-08-25 03:06:30+00'),
	('245336906295', 'ou-art0-v45trc5q', 'fleet-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/245336906295', 'aws+fleet-01@northwick.example', 'active', '2025-05-11 20:58:40+00'),
	('246753652010', 'ou-art0-tfrbf4fr', 'claims-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/246753652010', 'aws+claims-08@northwick.example', 'active', '2023-12-26 02:52:34+00'),
	('254641988848', 'ou-art0-br5sfha2', 'logistics-dev-13', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/254641988848', 'aws+logistics-dev-13@northwick.example', 'active', '2024-10-17 14:29:52+00'),
	('261984736425', 'ou-art0-xlsthk09', 'retail-dev-12', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/261984736425', 'aws+retail-dev-12@northwick.example', 'active', '2024-11-03 09:07:18+00'),
	('262013440430', 'ou-art0-4pv3ji3i', 'dev-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/262013440430', 'aws+dev-02@northwick.example', 'active', '2025-03-04 04:58:37+00'),
	('262346827083', 'ou-art0-3dhil4f8', 'data-14', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/262346827083', 'aws+data-14@northwick.example', 'active', '2024-05-17 17:00:17+00'),
	('268065459009', 'ou-art0-7fbrspsg', 'network-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/268065459009', 'aws+network-01@northwick.example', 'active', '2024-08-20 13:36:23+00'),
	('270731086227', 'ou-art0-otzmmesy', 'payments-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/270731086227', 'aws+payments-08@northwick.example', 'active', '2023-05-12 06:33:48+00'),
	('289315072399', 'ou-art0-br5sfha2', 'logistics-dev-14', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/289315072399', 'aws+logistics-dev-14@northwick.example', 'active', '2023-08-17 23:10:20+00'),
	('291689852686', 'ou-art0-br5sfha2', 'logistics-dev-16', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/291689852686', 'aws+logistics-dev-16@northwick.example', 'active', '2023-08-03 18:29:22+00'),
	('295255473890', 'ou-art0-ck57ikh6', 'pos-geneva', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/295255473890', 'aws+pos-geneva@northwick.example', 'active', '2025-04-05 13:48:31+00'),
	('301653147165', 'ou-art0-w0sncoip', 'sandbox-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/301653147165', 'aws+sandbox-06@northwick.example', 'active', '2025-04-14 17:40:30+00'),
	('302569489982', 'r-art0', 'northwick-management', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/302569489982', 'aws+northwick-management@northwick.example', 'active', '2024-01-16 02:43:47+00'),
	('309165392779', 'ou-art0-xlsthk09', 'retail-dev-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/309165392779', 'aws+retail-dev-11@northwick.example', 'active', '2023-05-26 05:43:22+00'),
	('314048422611', 'ou-art0-s448y44p', 'finance-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/314048422611', 'aws+finance-10@northwick.example', 'active', '2023-12-28 09:59:00+00'),
	('318696717312', 'ou-art0-br5sfha2', 'logistics-dev-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/318696717312', 'aws+logistics-dev-11@northwick.example', 'active', '2025-04-30 10:50:40+00'),
	('321407900308', 'ou-art0-xlsthk09', 'retail-dev-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/321407900308', 'aws+retail-dev-10@northwick.example', 'active', '2024-05-21 03:55:29+00'),
	('322819728043', 'ou-art0-w0sncoip', 'sandbox-14', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/322819728043', 'aws+sandbox-14@northwick.example', 'active', '2023-08-17 22:08:08+00'),
	('324694994606', 'ou-art0-v45trc5q', 'fleet-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/324694994606', 'aws+fleet-07@northwick.example', 'active', '2025-09-20 00:13:31+00'),
	('338924077217', 'ou-art0-jc0ve27j', 'shop-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/338924077217', 'aws+shop-03@northwick.example', 'active', '2024-02-25 17:28:43+00'),
	('340996532117', 'ou-art0-ck57ikh6', 'pos-malmo', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/340996532117', 'aws+pos-malmo@northwick.example', 'active', '2024-01-28 11:01:44+00'),
	('344624494065', 'ou-art0-xlsthk09', 'retail-dev-20', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/344624494065', 'aws+retail-dev-20@northwick.example', 'suspended', '2025-09-08 10:37:21+00'),
	('347744862444', 'ou-art0-01u664j0', 'warehouse-lille', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/347744862444', 'aws+warehouse-lille@northwick.example', 'active', '2024-06-01 15:13:20+00'),
	('348025068532', 'ou-art0-w0sncoip', 'sandbox-12', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/348025068532', 'aws+sandbox-12@northwick.example', 'active', '2024-09-19 21:18:03+00'),
	('348211459490', 'ou-art0-01u664j0', 'warehouse-bordeaux', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/348211459490', 'aws+warehouse-bordeaux@northwick.example', 'active', '2025-03-20 03:45:10+00'),
	('348255311676', 'ou-art0-ck57ikh6', 'pos-lille', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/348255311676', 'aws+pos-lille@northwick.example', 'active', '2023-08-13 13:36:45+00'),
	('ou-art0-1ncu9bel', 'ou-art0-xmd2vyx4', 'Production', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-1ncu9bel', NULL, NULL, NULL),
	('348964401726', 'ou-art0-v45trc5q', 'fleet-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/348964401726', 'aws+fleet-10@northwick.example', 'active', '2024-09-01 23:29:34+00'),
	('355589524270', 'ou-art0-ck57ikh6', 'pos-hanover', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/355589524270', 'aws+pos-hanover@northwick.example', 'active', '2025-03-28 08:11:35+00'),
	('356301816197', 'ou-art0-btrfmjcl', 'store-barcelona', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/356301816197', 'aws+store-barcelona@northwick.example', 'active', '2023-12-13 09:48:30+00'),
	('356965842549', 'ou-art0-otzmmesy', 'payments-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/356965842549', 'aws+payments-07@northwick.example', 'active', '2024-06-09 05:02:28+00'),
	('357992217633', 'ou-art0-xlsthk09', 'retail-dev-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/357992217633', 'aws+retail-dev-01@northwick.example', 'active', '2023-09-09 15:43:47+00'),
	('360762403315', 'ou-art0-ck57ikh6', 'pos-lyon', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/360762403315', 'aws+pos-lyon@northwick.example', 'active', '2024-05-30 21:07:27+00'),
	('ou-art0-br5sfha2', 'ou-art0-4pv3ji3i', 'Logistics', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-br5sfha2', NULL, NULL, NULL),
	('ou-art0-xlsthk09', 'ou-art0-4pv3ji3i', 'Retail', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-xlsthk09', NULL, NULL, NULL),
	('ou-art0-4pv3ji3i', 'ou-art0-xmd2vyx4', 'Development', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-4pv3ji3i', NULL, NULL, NULL),
	('ou-art0-86dcntfi', 'ou-art0-xmd2vyx4', 'Staging', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-86dcntfi', NULL, NULL, NULL),
	('ou-art0-7fbrspsg', 'ou-art0-xlv048oz', 'Network', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-7fbrspsg', NULL, NULL, NULL),
	('ou-art0-hinztwfc', 'ou-art0-xlv048oz', 'Shared Services', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-hinztwfc', NULL, NULL, NULL),
	('499765203617', 'ou-art0-3ge0vm37', 'former-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/499765203617', 'aws+former-03@northwick.example', 'suspended', '2023-05-24 11:35:53+00'),
	('507469115177', 'ou-art0-01u664j0', 'warehouse-hanover', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/507469115177', 'aws+warehouse-hanover@northwick.example', 'active', '2025-09-12 15:59:57+00'),
	('518842327840', 'ou-art0-w0sncoip', 'sandbox-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/518842327840', 'aws+sandbox-04@northwick.example', 'active', '2025-10-13 22:40:48+00'),
	('524815056821', 'ou-art0-01u664j0', 'warehouse-bremen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/524815056821', 'aws+warehouse-bremen@northwick.example', 'active', '2023-05-03 02:44:44+00'),
	('526004879572', 'ou-art0-tfrbf4fr', 'claims-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/526004879572', 'aws+claims-05@northwick.example', 'active', '2023-11-07 09:22:31+00'),
	('534242888968', 'ou-art0-v45trc5q', 'fleet-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/534242888968', 'aws+fleet-02@northwick.example', 'active', '2023-10-31 09:26:35+00'),
	('538328967450', 'ou-art0-xlsthk09', 'retail-dev-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/538328967450', 'aws+retail-dev-09@northwick.example', 'active', '2025-04-07 10:07:56+00'),
	('542640608582', 'ou-art0-w0sncoip', 'sandbox-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/542640608582', 'aws+sandbox-09@northwick.example', 'active', '2025-06-28 14:52:03+00'),
	('544168199522', 'ou-art0-xlsthk09', 'retail-dev-19', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/544168199522', 'aws+retail-dev-19@northwick.example', 'active', '2024-02-20 10:28:50+00'),
	('546231391278', 'ou-art0-s448y44p', 'finance-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/546231391278', 'aws+finance-01@northwick.example', 'active', '2025-08-02 11:19:04+00'),
	('548177008553', 'ou-art0-jc0ve27j', 'shop-19', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/548177008553', 'aws+shop-19@northwick.example', 'active', '2024-06-03 21:02:02+00'),
	('548301607887', 'ou-art0-xlsthk09', 'retail-dev-18', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/548301607887', 'aws+retail-dev-18@northwick.example', 'active', '2023-07-24 13:22:53+00'),
	('557540700262', 'ou-art0-btrfmjcl', 'store-berlin', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/557540700262', 'aws+store-berlin@northwick.example', 'active', '2025-08-23 14:43:17+00'),
	('559410473983', 'ou-art0-x6z58r73', 'security-audit', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/559410473983', 'aws+security-audit@northwick.example', 'active', '2023-08-03 00:22:46+00'),
	('563854638696', 'ou-art0-tfrbf4fr', 'claims-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/563854638696', 'aws+claims-06@northwick.example', 'active', '2025-04-21 01:04:35+00'),
	('564310026914', 'ou-art0-oar0fvzc', 'logistics-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/564310026914', 'aws+logistics-01@northwick.example', 'active', '2023-11-11 13:03:07+00'),
	('572359273588', 'ou-art0-xlsthk09', 'retail-dev-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/572359273588', 'aws+retail-dev-07@northwick.example', 'active', '2024-10-17 16:07:26+00'),
	('574746003513', 'ou-art0-hinztwfc', 'shared-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/574746003513', 'aws+shared-02@northwick.example', 'active', '2023-07-27 10:32:43+00'),
	('579508888326', 'ou-art0-jc0ve27j', 'shop-15', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/579508888326', 'aws+shop-15@northwick.example', 'active', '2023-11-22 14:46:18+00'),
	('586120066260', 'ou-art0-4pv3ji3i', 'dev-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/586120066260', 'aws+dev-04@northwick.example', 'active', '2025-03-25 19:05:01+00'),
	('587163940132', 'ou-art0-br5sfha2', 'logistics-dev-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/587163940132', 'aws+logistics-dev-07@northwick.example', 'active', '2025-09-07 13:57:56+00'),
	('587809174234', 'ou-art0-86dcntfi', 'staging-21', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/587809174234', 'aws+staging-21@northwick.example', 'active', '2023-09-23 12:36:21+00'),
	('589937837657', 'ou-art0-br5sfha2', 'logistics-dev-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/589937837657', 'aws+logistics-dev-08@northwick.example', 'active', '2025-08-15 16:03:44+00'),
	('593858957947', 'ou-art0-otzmmesy', 'payments-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/593858957947', 'aws+payments-04@northwick.example', 'active', '2025-01-10 07:06:09+00'),
	('598219489085', 'ou-art0-ck57ikh6', 'pos-stuttgart', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/598219489085', 'aws+pos-stuttgart@northwick.example', 'active', '2024-11-05 21:28:14+00'),
	('599123412146', 'ou-art0-xlsthk09', 'retail-dev-16', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/599123412146', 'aws+retail-dev-16@northwick.example', 'active', '2023-06-15 15:55:42+00'),
	('603088512371', 'ou-art0-s448y44p', 'finance-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/603088512371', 'aws+finance-06@northwick.example', 'active', '2024-11-05 19:43:06+00'),
	('611082843229', 'ou-art0-s448y44p', 'finance-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/611082843229', 'aws+finance-05@northwick.example', 'active', '2023-09-15 09:28:59+00'),
	('614860406097', 'ou-art0-jc0ve27j', 'shop-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/614860406097', 'aws+shop-01@northwick.example', 'active', '2024-10-11 21:08:46+00'),
	('616595138017', 'ou-art0-br5sfha2', 'logistics-dev-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/616595138017', 'aws+logistics-dev-01@northwick.example', 'active', '2023-06-23 18:02:42+00'),
	('618676617783', 'ou-art0-hinztwfc', 'shared-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/618676617783', 'aws+shared-08@northwick.example', 'active', '2024-11-14 19:48:27+00'),
	('622717716208', 'ou-art0-86dcntfi', 'staging-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/622717716208', 'aws+staging-02@northwick.example', 'active', '2023-09-27 12:06:43+00'),
	('623364935579', 'ou-art0-86dcntfi', 'staging-14', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/623364935579', 'aws+staging-14@northwick.example', 'active', '2025-03-25 06:39:21+00'),
	('623527724392', 'ou-art0-x6z58r73', 'log-archive', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/623527724392', 'aws+log-archive@northwick.example', 'active', '2023-12-27 20:47:33+00'),
	('625669554472', 'ou-art0-btrfmjcl', 'store-amsterdam', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/625669554472', 'aws+store-amsterdam@northwick.example', 'active', '2024-06-02 06:09:14+00'),
	('639457793641', 'ou-art0-jc0ve27j', 'shop-14', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/639457793641', 'aws+shop-14@northwick.example', 'active', '2023-11-06 00:05:27+00'),
	('641452609821', 'ou-art0-tfrbf4fr', 'claims-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/641452609821', 'aws+claims-01@northwick.example', 'active', '2023-11-08 23:12:36+00'),
	('367235043535', 'ou-art0-ck57ikh6', 'pos-porto', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/367235043535', 'aws+pos-porto@northwick.example', 'active', '2024-05-21 14:26:22+00'),
	('372528411737', 'ou-art0-br5sfha2', 'logistics-dev-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/372528411737', 'aws+logistics-dev-09@northwick.example', 'active', '2023-09-04 07:00:50+00'),
	('373116151414', 'ou-art0-ck57ikh6', 'pos-rotterdam', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/373116151414', 'aws+pos-rotterdam@northwick.example', 'active', '2024-01-10 16:21:15+00'),
	('375425509790', 'ou-art0-3dhil4f8', 'data-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/375425509790', 'aws+data-06@northwick.example', 'active', '2024-10-26 02:42:55+00'),
	('381684580226', 'ou-art0-ck57ikh6', 'pos-dublin', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/381684580226', 'aws+pos-dublin@northwick.example', 'active', '2025-09-05 22:33:18+00'),
	('385938713692', 'ou-art0-ck57ikh6', 'pos-munich', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/385938713692', 'aws+pos-munich@northwick.example', 'active', '2025-09-17 15:20:06+00'),
	('387789815122', 'ou-art0-btrfmjcl', 'store-bremen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/387789815122', 'aws+store-bremen@northwick.example', 'active', '2025-06-01 23:53:17+00'),
	('389335285386', 'ou-art0-br5sfha2', 'logistics-dev-15', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/389335285386', 'aws+logistics-dev-15@northwick.example', 'active', '2024-07-23 09:31:25+00'),
	('390636093739', 'ou-art0-86dcntfi', 'staging-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/390636093739', 'aws+staging-06@northwick.example', 'active', '2025-03-11 21:16:21+00'),
	('391804078094', 'ou-art0-86dcntfi', 'staging-16', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/391804078094', 'aws+staging-16@northwick.example', 'active', '2023-12-04 13:43:04+00'),
	('398742574248', 'ou-art0-ck57ikh6', 'pos-graz', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/398742574248', 'aws+pos-graz@northwick.example', 'active', '2024-12-18 13:20:46+00'),
	('401563157345', 'ou-art0-86dcntfi', 'staging-20', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/401563157345', 'aws+staging-20@northwick.example', 'active', '2024-06-30 10:48:57+00'),
	('402681857312', 'ou-art0-ck57ikh6', 'pos-lisbon', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/402681857312', 'aws+pos-lisbon@northwick.example', 'active', '2025-04-28 21:53:52+00'),
	('405804732900', 'ou-art0-ck57ikh6', 'pos-cologne', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/405804732900', 'aws+pos-cologne@northwick.example', 'active', '2025-01-27 02:08:35+00'),
	('409954370049', 'ou-art0-w0sncoip', 'sandbox-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/409954370049', 'aws+sandbox-10@northwick.example', 'active', '2023-07-06 07:16:50+00'),
	('411090365678', 'ou-art0-3dhil4f8', 'data-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/411090365678', 'aws+data-04@northwick.example', 'active', '2025-06-19 02:08:23+00'),
	('413738223119', 'ou-art0-3dhil4f8', 'data-13', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/413738223119', 'aws+data-13@northwick.example', 'active', '2023-11-15 15:02:57+00'),
	('415200961195', 'ou-art0-xlsthk09', 'retail-dev-14', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/415200961195', 'aws+retail-dev-14@northwick.example', 'active', '2024-09-17 13:57:33+00'),
	('420448792446', 'ou-art0-86dcntfi', 'staging-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/420448792446', 'aws+staging-04@northwick.example', 'active', '2023-11-18 16:17:26+00'),
	('423592863773', 'ou-art0-v45trc5q', 'fleet-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/423592863773', 'aws+fleet-08@northwick.example', 'active', '2024-04-17 02:56:43+00'),
	('777303001755', 'ou-art0-jc0ve27j', 'shop-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/777303001755', 'aws+shop-05@northwick.example', 'active', '2023-05-15 17:06:53+00'),
	('778414687071', 'ou-art0-hinztwfc', 'shared-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/778414687071', 'aws+shared-04@northwick.example', 'active', '2024-11-05 22:50:23+00'),
	('778718838301', 'ou-art0-xlsthk09', 'retail-dev-15', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/778718838301', 'aws+retail-dev-15@northwick.example', 'active', '2025-03-28 14:58:27+00'),
	('782006367045', 'ou-art0-btrfmjcl', 'store-bordeaux', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/782006367045', 'aws+store-bordeaux@northwick.example', 'active', '2023-04-30 15:37:15+00'),
	('784717278954', 'ou-art0-s448y44p', 'finance-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/784717278954', 'aws+finance-07@northwick.example', 'active', '2023-05-09 22:45:33+00'),
	('787826617265', 'ou-art0-hinztwfc', 'shared-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/787826617265', 'aws+shared-05@northwick.example', 'active', '2024-04-21 06:09:15+00'),
	('790240074186', 'ou-art0-jc0ve27j', 'shop-17', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/790240074186', 'aws+shop-17@northwick.example', 'active', '2024-05-07 15:33:59+00'),
	('792194785849', 'ou-art0-br5sfha2', 'logistics-dev-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/792194785849', 'aws+logistics-dev-04@northwick.example', 'active', '2025-08-11 11:44:37+00'),
	('797862792616', 'ou-art0-otzmmesy', 'payments-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/797862792616', 'aws+payments-05@northwick.example', 'active', '2024-04-17 12:58:16+00'),
	('800569568355', 'ou-art0-86dcntfi', 'staging-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/800569568355', 'aws+staging-01@northwick.example', 'active', '2023-09-28 12:41:45+00'),
	('802565308245', 'ou-art0-v45trc5q', 'fleet-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/802565308245', 'aws+fleet-03@northwick.example', 'active', '2025-04-27 20:35:25+00'),
	('802981169571', 'ou-art0-oar0fvzc', 'logistics-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/802981169571', 'aws+logistics-02@northwick.example', 'active', '2025-02-07 07:53:54+00'),
	('814912390003', 'ou-art0-v45trc5q', 'fleet-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/814912390003', 'aws+fleet-09@northwick.example', 'active', '2023-07-18 01:56:40+00'),
	('816499902445', 'ou-art0-tfrbf4fr', 'claims-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/816499902445', 'aws+claims-04@northwick.example', 'active', '2024-10-16 17:47:51+00'),
	('825167283301', 'ou-art0-s448y44p', 'finance-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/825167283301', 'aws+finance-04@northwick.example', 'active', '2024-12-28 20:12:30+00'),
	('825476414986', 'ou-art0-jc0ve27j', 'shop-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/825476414986', 'aws+shop-11@northwick.example', 'active', '2025-09-29 10:26:49+00'),
	('827479579154', 'ou-art0-01u664j0', 'warehouse-dortmund', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/827479579154', 'aws+warehouse-dortmund@northwick.example', 'active', '2023-12-30 13:01:16+00'),
	('834031603381', 'ou-art0-3dhil4f8', 'data-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/834031603381', 'aws+data-07@northwick.example', 'active', '2025-03-23 10:14:21+00'),
	('840525470978', 'ou-art0-btrfmjcl', 'store-basel', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/840525470978', 'aws+store-basel@northwick.example', 'active', '2024-11-13 09:43:12+00'),
	('841653969552', 'ou-art0-jc0ve27j', 'shop-12', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/841653969552', 'aws+shop-12@northwick.example', 'active', '2025-06-07 22:55:01+00'),
	('426261412058', 'ou-art0-3dhil4f8', 'data-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/426261412058', 'aws+data-01@northwick.example', 'active', '2024-10-16 14:36:10+00'),
	('426915241330', 'ou-art0-86dcntfi', 'staging-19', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/426915241330', 'aws+staging-19@northwick.example', 'active', '2025-07-31 12:46:06+00'),
	('429113840065', 'ou-art0-jc0ve27j', 'shop-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/429113840065', 'aws+shop-02@northwick.example', 'active', '2024-05-26 04:15:19+00'),
	('435380961089', 'ou-art0-4pv3ji3i', 'dev-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/435380961089', 'aws+dev-05@northwick.example', 'active', '2023-08-19 12:06:49+00'),
	('435606719786', 'ou-art0-hinztwfc', 'shared-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/435606719786', 'aws+shared-01@northwick.example', 'active', '2024-05-03 08:17:12+00'),
	('439460709834', 'ou-art0-86dcntfi', 'staging-15', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/439460709834', 'aws+staging-15@northwick.example', 'active', '2024-01-30 11:35:31+00'),
	('449210367711', 'ou-art0-86dcntfi', 'staging-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/449210367711', 'aws+staging-08@northwick.example', 'active', '2023-05-01 20:50:56+00'),
	('449955269649', 'ou-art0-ck57ikh6', 'pos-dortmund', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/449955269649', 'aws+pos-dortmund@northwick.example', 'active', '2025-09-29 11:02:10+00'),
	('450530444940', 'ou-art0-ck57ikh6', 'pos-barcelona', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/450530444940', 'aws+pos-barcelona@northwick.example', 'active', '2025-05-10 03:49:00+00'),
	('452041320213', 'ou-art0-ck57ikh6', 'pos-amsterdam', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/452041320213', 'aws+pos-amsterdam@northwick.example', 'active', '2024-12-11 08:46:15+00'),
	('458280336583', 'ou-art0-ck57ikh6', 'pos-gothenburg', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/458280336583', 'aws+pos-gothenburg@northwick.example', 'active', '2023-06-17 19:16:16+00'),
	('458931319870', 'ou-art0-7fbrspsg', 'network-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/458931319870', 'aws+network-05@northwick.example', 'active', '2024-07-15 03:26:32+00'),
	('481003104700', 'ou-art0-s448y44p', 'finance-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/481003104700', 'aws+finance-02@northwick.example', 'active', '2024-09-13 13:04:41+00'),
	('482886556820', 'ou-art0-s448y44p', 'finance-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/482886556820', 'aws+finance-11@northwick.example', 'active', '2025-09-19 07:19:01+00'),
	('485299827160', 'ou-art0-tfrbf4fr', 'claims-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/485299827160', 'aws+claims-03@northwick.example', 'active', '2023-06-22 21:38:53+00'),
	('485585657010', 'ou-art0-ck57ikh6', 'pos-bilbao', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/485585657010', 'aws+pos-bilbao@northwick.example', 'active', '2025-01-10 09:38:14+00'),
	('490467208420', 'ou-art0-ck57ikh6', 'pos-berlin', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/490467208420', 'aws+pos-berlin@northwick.example', 'active', '2024-10-25 17:18:01+00'),
	('493751510035', 'ou-art0-86dcntfi', 'staging-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/493751510035', 'aws+staging-07@northwick.example', 'active', '2025-02-21 04:35:56+00'),
	('494989694929', 'ou-art0-3dhil4f8', 'data-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/494989694929', 'aws+data-10@northwick.example', 'active', '2025-05-10 19:03:41+00'),
	('499226291802', 'ou-art0-jc0ve27j', 'shop-20', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/499226291802', 'aws+shop-20@northwick.example', 'active', '2024-12-01 10:35:07+00'),
	('ou-art0-3dhil4f8', 'ou-art0-1ncu9bel', 'Data Platform', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-3dhil4f8', NULL, NULL, NULL),
	('ou-art0-ka6g93gh', 'ou-art0-1ncu9bel', 'Retail', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-ka6g93gh', NULL, NULL, NULL),
	('ou-art0-oar0fvzc', 'ou-art0-1ncu9bel', 'Logistics', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-oar0fvzc', NULL, NULL, NULL),
	('ou-art0-s448y44p', 'ou-art0-1ncu9bel', 'Finance', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-s448y44p', NULL, NULL, NULL),
	('641962399264', 'ou-art0-btrfmjcl', 'store-cologne', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/641962399264', 'aws+store-cologne@northwick.example', 'active', '2023-08-14 12:53:28+00'),
	('644462459110', 'ou-art0-jc0ve27j', 'shop-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/644462459110', 'aws+shop-08@northwick.example', 'active', '2023-06-16 16:22:44+00'),
	('654887189213', 'ou-art0-br5sfha2', 'logistics-dev-12', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/654887189213', 'aws+logistics-dev-12@northwick.example', 'active', '2023-09-05 18:01:49+00');
INSERT INTO public.nodes VALUES
	('ou-art0-btrfmjcl', 'ou-art0-ka6g93gh', 'Stores', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-btrfmjcl', NULL, NULL, NULL),
	('ou-art0-jc0ve27j', 'ou-art0-ka6g93gh', 'Online', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-jc0ve27j', NULL, NULL, NULL),
	('660097343723', 'ou-art0-01u664j0', 'warehouse-dublin', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/660097343723', 'aws+warehouse-dublin@northwick.example', 'active', '2025-06-13 17:29:04+00'),
	('664484036973', 'ou-art0-xlsthk09', 'retail-dev-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/664484036973', 'aws+retail-dev-04@northwick.example', 'active', '2023-10-04 20:02:55+00'),
	('667133786333', 'ou-art0-br5sfha2', 'logistics-dev-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/667133786333', 'aws+logistics-dev-05@northwick.example', 'active', '2024-06-23 18:35:07+00'),
	('669412914319', 'ou-art0-ck57ikh6', 'pos-basel', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/669412914319', 'aws+pos-basel@northwick.example', 'active', '2023-09-05 00:17:42+00'),
	('675430004295', 'ou-art0-hinztwfc', 'shared-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/675430004295', 'aws+shared-09@northwick.example', 'active', '2025-01-28 05:18:30+00'),
	('679421764457', 'ou-art0-3dhil4f8', 'data-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/679421764457', 'aws+data-03@northwick.example', 'active', '2024-02-02 11:37:36+00'),
	('682043375400', 'ou-art0-ck57ikh6', 'pos-bordeaux', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/682043375400', 'aws+pos-bordeaux@northwick.example', 'active', '2025-06-12 05:04:06+00'),
	('683489577793', 'ou-art0-otzmmesy', 'payments-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/683489577793', 'aws+payments-06@northwick.example', 'active', '2025-07-29 22:44:19+00'),
	('698616932876', 'ou-art0-3dhil4f8', 'data-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/698616932876', 'aws+data-02@northwick.example', 'active', '2024-09-13 17:17:27+00'),
	('700694145081', 'ou-art0-s448y44p', 'finance-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/700694145081', 'aws+finance-08@northwick.example', 'active', '2024-02-16 05:28:42+00'),
	('ou-art0-01u664j0', 'ou-art0-oar0fvzc', 'Warehouses', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-01u664j0', NULL, NULL, NULL),
	('ou-art0-v45trc5q', 'ou-art0-oar0fvzc', 'Fleet', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-v45trc5q', NULL, NULL, NULL),
	('ou-art0-ck57ikh6', 'ou-art0-btrfmjcl', 'Point of Sale', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-ck57ikh6', NULL, NULL, NULL),
	('842318096061', 'ou-art0-3ge0vm37', 'former-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/842318096061', 'aws+former-05@northwick.example', 'closed', '2024-09-25 07:43:56+00'),
	('845229141485', 'ou-art0-01u664j0', 'warehouse-leipzig', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/845229141485', 'aws+warehouse-leipzig@northwick.example', 'active', '2025-09-02 01:13:52+00'),
	('853740176093', 'ou-art0-v45trc5q', 'fleet-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/853740176093', 'aws+fleet-04@northwick.example', 'active', '2025-03-10 05:27:32+00'),
	('859373960135', 'ou-art0-s448y44p', 'finance-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/859373960135', 'aws+finance-09@northwick.example', 'active', '2024-05-24 03:16:47+00'),
	('878269700786', 'ou-art0-3ge0vm37', 'former-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/878269700786', 'aws+former-02@northwick.example', 'suspended', '2025-08-23 03:38:23+00'),
	('879959858089', 'ou-art0-86dcntfi', 'staging-13', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/879959858089', 'aws+staging-13@northwick.example', 'active', '2024-03-27 17:53:10+00'),
	('883321048503', 'ou-art0-xlsthk09', 'retail-dev-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/883321048503', 'aws+retail-dev-06@northwick.example', 'active', '2024-12-06 15:58:11+00'),
	('893321861282', 'ou-art0-86dcntfi', 'staging-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/893321861282', 'aws+staging-03@northwick.example', 'active', '2024-06-14 01:48:58+00'),
	('897053998817', 'ou-art0-xlsthk09', 'retail-dev-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/897053998817', 'aws+retail-dev-03@northwick.example', 'active', '2025-05-21 18:24:05+00'),
	('898052315090', 'ou-art0-jc0ve27j', 'shop-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/898052315090', 'aws+shop-04@northwick.example', 'active', '2023-05-24 08:58:38+00'),
	('899279852472', 'ou-art0-86dcntfi', 'staging-12', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/899279852472', 'aws+staging-12@northwick.example', 'active', '2024-07-15 23:25:58+00'),
	('904681950608', 'ou-art0-01u664j0', 'warehouse-antwerp', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/904681950608', 'aws+warehouse-antwerp@northwick.example', 'active', '2025-02-01 19:34:59+00'),
	('906125802602', 'ou-art0-otzmmesy', 'payments-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/906125802602', 'aws+payments-02@northwick.example', 'active', '2025-03-06 00:29:18+00'),
	('913276003832', 'ou-art0-4pv3ji3i', 'dev-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/913276003832', 'aws+dev-06@northwick.example', 'suspended', '2024-11-09 11:48:24+00'),
	('922063862291', 'ou-art0-tfrbf4fr', 'claims-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/922063862291', 'aws+claims-07@northwick.example', 'active', '2024-02-27 12:10:19+00'),
	('924420330588', 'ou-art0-3dhil4f8', 'data-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/924420330588', 'aws+data-11@northwick.example', 'active', '2024-06-14 04:04:33+00'),
	('932242965594', 'ou-art0-otzmmesy', 'payments-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/932242965594', 'aws+payments-09@northwick.example', 'active', '2023-10-06 07:53:28+00'),
	('934830928625', 'ou-art0-ck57ikh6', 'pos-copenhagen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/934830928625', 'aws+pos-copenhagen@northwick.example', 'active', '2024-07-19 16:49:59+00'),
	('936715544424', 'ou-art0-v45trc5q', 'fleet-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/936715544424', 'aws+fleet-06@northwick.example', 'active', '2024-02-04 12:23:41+00'),
	('938231846190', 'ou-art0-ck57ikh6', 'pos-oslo', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/938231846190', 'aws+pos-oslo@northwick.example', 'active', '2025-07-15 09:11:53+00'),
	('704787331735', 'ou-art0-01u664j0', 'warehouse-barcelona', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/704787331735', 'aws+warehouse-barcelona@northwick.example', 'active', '2024-05-12 04:49:35+00'),
	('705039403964', 'ou-art0-86dcntfi', 'staging-17', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/705039403964', 'aws+staging-17@northwick.example', 'active', '2025-09-24 15:53:44+00'),
	('712645702040', 'ou-art0-01u664j0', 'warehouse-graz', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/712645702040', 'aws+warehouse-graz@northwick.example', 'active', '2025-03-20 12:45:19+00'),
	('719895352527', 'ou-art0-v45trc5q', 'fleet-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/719895352527', 'aws+fleet-05@northwick.example', 'active', '2023-08-21 10:26:56+00'),
	('728806358046', 'ou-art0-ck57ikh6', 'pos-frankfurt', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/728806358046', 'aws+pos-frankfurt@northwick.example', 'active', '2025-06-14 00:41:47+00'),
	('731860002836', 'ou-art0-01u664j0', 'warehouse-hamburg', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/731860002836', 'aws+warehouse-hamburg@northwick.example', 'active', '2023-12-30 01:33:25+00'),
	('732470728691', 'ou-art0-xlsthk09', 'retail-dev-17', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/732470728691', 'aws+retail-dev-17@northwick.example', 'active', '2024-11-28 21:36:40+00'),
	('734459555184', 'ou-art0-btrfmjcl', 'store-antwerp', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/734459555184', 'aws+store-antwerp@northwick.example', 'active', '2024-08-26 00:16:33+00'),
	('735113156633', 'ou-art0-3ge0vm37', 'former-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/735113156633', 'aws+former-04@northwick.example', 'suspended', '2023-06-08 08:24:41+00'),
	('736924334365', 'ou-art0-br5sfha2', 'logistics-dev-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/736924334365', 'aws+logistics-dev-10@northwick.example', 'active', '2024-07-24 05:13:15+00'),
	('737465874093', 'ou-art0-ck57ikh6', 'pos-hamburg', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/737465874093', 'aws+pos-hamburg@northwick.example', 'active', '2023-10-02 05:31:44+00'),
	('739878380607', 'ou-art0-01u664j0', 'warehouse-copenhagen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/739878380607', 'aws+warehouse-copenhagen@northwick.example', 'active', '2025-03-21 09:01:50+00'),
	('739936602338', 'ou-art0-w0sncoip', 'sandbox-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/739936602338', 'aws+sandbox-05@northwick.example', 'active', '2023-07-04 11:30:25+00'),
	('745100274479', 'ou-art0-w0sncoip', 'sandbox-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/745100274479', 'aws+sandbox-02@northwick.example', 'active', '2023-06-18 16:17:18+00'),
	('749853061565', 'ou-art0-xlsthk09', 'retail-dev-13', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/749853061565', 'aws+retail-dev-13@northwick.example', 'active', '2025-04-30 02:00:08+00'),
	('750975338631', 'ou-art0-86dcntfi', 'staging-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/750975338631', 'aws+staging-05@northwick.example', 'active', '2023-06-15 12:01:09+00'),
	('754323137328', 'ou-art0-hinztwfc', 'shared-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/754323137328', 'aws+shared-03@northwick.example', 'active', '2023-05-19 10:20:19+00'),
	('763379171301', 'ou-art0-ck57ikh6', 'pos-brussels', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/763379171301', 'aws+pos-brussels@northwick.example', 'active', '2024-03-19 02:03:23+00'),
	('765000278507', 'ou-art0-jc0ve27j', 'shop-16', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/765000278507', 'aws+shop-16@northwick.example', 'active', '2025-08-17 05:33:45+00'),
	('775463435455', 'ou-art0-w0sncoip', 'sandbox-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/775463435455', 'aws+sandbox-11@northwick.example', 'active', '2023-07-13 07:41:30+00'),
	('939925032449', 'ou-art0-ck57ikh6', 'pos-milan', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/939925032449', 'aws+pos-milan@northwick.example', 'active', '2025-07-16 22:31:30+00'),
	('943378028112', 'ou-art0-7fbrspsg', 'network-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/943378028112', 'aws+network-02@northwick.example', 'active', '2023-08-07 20:57:36+00'),
	('951993728258', 'ou-art0-v45trc5q', 'fleet-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/951993728258', 'aws+fleet-11@northwick.example', 'active', '2024-12-23 09:03:50+00'),
	('952833751345', 'ou-art0-01u664j0', 'warehouse-cologne', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/952833751345', 'aws+warehouse-cologne@northwick.example', 'active', '2024-01-21 12:41:58+00'),
	('956295336809', 'ou-art0-x6z58r73', 'incident-response', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/956295336809', 'aws+incident-response@northwick.example', 'active', '2023-05-04 11:13:55+00'),
	('957508692822', 'ou-art0-7fbrspsg', 'network-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/957508692822', 'aws+network-03@northwick.example', 'active', '2024-10-22 20:52:53+00'),
	('960509543007', 'ou-art0-w0sncoip', 'sandbox-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/960509543007', 'aws+sandbox-03@northwick.example', 'active', '2024-10-21 17:00:50+00'),
	('964138870762', 'ou-art0-3dhil4f8', 'data-12', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/964138870762', 'aws+data-12@northwick.example', 'active', '2024-04-11 12:01:08+00'),
	('965961451668', 'ou-art0-w0sncoip', 'sandbox-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/965961451668', 'aws+sandbox-01@northwick.example', 'active', '2025-04-16 22:46:54+00'),
	('970377558662', 'ou-art0-btrfmjcl', 'store-bilbao', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/970377558662', 'aws+store-bilbao@northwick.example', 'active', '2024-03-09 10:35:09+00'),
	('974602976740', 'ou-art0-w0sncoip', 'sandbox-15', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/974602976740', 'aws+sandbox-15@northwick.example', 'active', '2025-07-12 16:57:39+00'),
	('975551999116', 'ou-art0-jc0ve27j', 'shop-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/975551999116', 'aws+shop-10@northwick.example', 'active', '2025-02-17 10:31:51+00'),
	('977412766937', 'ou-art0-3dhil4f8', 'data-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/977412766937', 'aws+data-09@northwick.example', 'active', '2023-06-28 07:57:06+00'),
	('980084510135', 'ou-art0-xlsthk09', 'retail-dev-05', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/980084510135', 'aws+retail-dev-05@northwick.example', 'active', '2023-10-24 12:23:00+00'),
	('984032261032', 'ou-art0-hinztwfc', 'shared-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/984032261032', 'aws+shared-06@northwick.example', 'active', '2023-05-04 03:49:44+00'),
	('984579109178', 'ou-art0-01u664j0', 'warehouse-berlin', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/984579109178', 'aws+warehouse-berlin@northwick.example', 'active', '2024-02-05 12:33:59+00'),
	('985807325722', 'ou-art0-01u664j0', 'warehouse-gothenburg', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/985807325722', 'aws+warehouse-gothenburg@northwick.example', 'active', '2023-05-19 03:55:41+00'),
	('986196111993', 'ou-art0-xlsthk09', 'retail-dev-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/986196111993', 'aws+retail-dev-08@northwick.example', 'active', '2023-10-15 23:34:07+00'),
	('993196631859', 'ou-art0-ck57ikh6', 'pos-leipzig', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/993196631859', 'aws+pos-leipzig@northwick.example', 'active', '2025-01-30 14:10:52+00'),
	('994696752393', 'ou-art0-br5sfha2', 'logistics-dev-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/994696752393', 'aws+logistics-dev-03@northwick.example', 'active', '2023-08-06 19:25:28+00');

INSERT INTO public.organization VALUES
	(true, 34, '{"id": "o-gubs0jq3cq", "arn": "arn:aws:organizations::302569489982:organization/o-gubs0jq3cq", "all_features": true, "management_account": "302569489982"}', true, '2026-11-20 12:39:00+00', true, '2026-11-20 12:39:00+00', '2026-11-20 12:52:00+00');

INSERT INTO public.policies VALUES
	('p-9k7ogtp77f', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-9k7ogtp77f', 'point-in-time', 'Point-in-time recovery for shops that ask for it', '{
  "plans": {
    "production": {
      "rules": {
        "nightly": {
          "enable_continuous_backup": { "@@assign": "true" },
          "lifecycle": { "delete_after_days": { "@@assign": "35" } }
        }
      }
    }
  }
}
', '2026-11-20 12:04:00+00', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00'),
	('p-33xob2xc4p', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-33xob2xc4p', 'baseline-daily', 'Daily backups of everything tagged backup-tier=standard, kept 35 days', '{
  "plans": {
    "baseline": {
      "regions": { "@@assign": ["eu-west-1", "eu-central-1", "us-east-1"] },
      "rules": {
        "daily": {
          "schedule_expression": { "@@assign": "cron(0 3 ? * * *)" },
          "start_backup_window_minutes": { "@@assign": "60" },
          "complete_backup_window_minutes": { "@@assign": "720" },
          "target_backup_vault_name": { "@@assign": "standard" },
          "lifecycle": {
            "delete_after_days": {
              "@@assign": "35",
              "@@operators_allowed_for_child_policies": ["@@none"]
            }
          },
          "recovery_point_tags": {
            "managed-by": {
              "tag_key": { "@@assign": "managed-by" },
              "tag_value": { "@@assign": "baseline-daily" }
            }
          }
        }
      },
      "selections": {
        "tags": {
          "standard-tier": {
            "iam_role_arn": { "@@assign": "arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole" },
            "tag_key": { "@@assign": "backup-tier" },
            "tag_value": { "@@assign": ["standard"] }
          }
        }
      }
    }
  }
}
', '2026-11-20 12:04:00+00', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00'),
	('p-6lsiepxtro', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-6lsiepxtro', 'production-critical', 'Nightly and monthly backups of critical resources with copies to a second Region and the vault account', '{
  "plans": {
    "production": {
      "regions": { "@@assign": ["eu-west-1", "eu-central-1"] },
      "rules": {
        "nightly": {
          "schedule_expression": { "@@assign": "cron(30 1 ? * * *)" },
          "start_backup_window_minutes": { "@@assign": "120" },
          "complete_backup_window_minutes": { "@@assign": "600" },
          "target_backup_vault_name": { "@@assign": "critical" },
          "lifecycle": {
            "delete_after_days": {
              "@@assign": "90",
              "@@operators_allowed_for_child_policies": ["@@none"]
            }
          },
          "copy_actions": {
            "arn:aws:backup:eu-central-1:$account:backup-vault:critical-copy": {
              "target_backup_vault_arn": {
                "@@assign": "arn:aws:backup:eu-central-1:$account:backup-vault:critical-copy"
              },
              "lifecycle": { "delete_after_days": { "@@assign": "30" } }
            }
          }
        },
        "monthly": {
          "schedule_expression": { "@@assign": "cron(0 4 1 * ? *)" },
          "start_backup_window_minutes": { "@@assign": "480" },
          "target_backup_vault_name": { "@@assign": "critical" },
          "lifecycle": {
            "move_to_cold_storage_after_days": { "@@assign": "30" },
            "delete_after_days": { "@@assign": "2555" }
          },
          "copy_actions": {
            "arn:aws:backup:eu-west-1:119920250737:backup-vault:central-archive": {
              "target_backup_vault_arn": {
                "@@assign": "arn:aws:backup:eu-west-1:119920250737:backup-vault:central-archive"
              },
              "lifecycle": {
                "move_to_cold_storage_after_days": { "@@assign": "30" },
                "delete_after_days": { "@@assign": "2555" }
              }
            }
          }
        }
      },
      "selections": {
        "tags": {
          "critical-tier": {
            "iam_role_arn": { "@@assign": "arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole" },
            "tag_key": { "@@assign": "backup-tier" },
            "tag_value": { "@@assign": ["critical"] }
          }
        }
      },
      "backup_plan_tags": {
        "data-class": {
          "tag_key": { "@@assign": "data-class" },
          "tag_value": { "@@assign": "confidential" }
        }
      }
    }
  }
}
', '2026-11-20 12:04:00+00', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00'),
	('p-eu6rptqcbg', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-eu6rptqcbg', 'Theirs', 'by hand', '{"plans":{"extra":{"regions":{"@@assign":["eu-west-1"]},"rules":{"nightly":{"schedule_expression":{"@@assign":"cron(0 3 ? * * *)"},"target_backup_vault_name":{"@@assign":"Default"},"lifecycle":{"delete_after_days":{"@@assign":"35"}}}},"selections":{"tags":{"tagged":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/BackupRole"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["yes"]}}}}}}}', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00'),
	('p-iq4fz3xbu0', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-iq4fz3xbu0', 'nonprod-weekly', 'Staging and development: weekly instead of daily, European Regions only', '{
  "plans": {
    "baseline": {
      "regions": { "@@remove": ["us-east-1"] },
      "rules": {
        "daily": {
          "schedule_expression": { "@@assign": "cron(0 4 ? * SAT *)" },
          "lifecycle": { "delete_after_days": { "@@assign": "7" } }
        }
      }
    }
  }
}
', '2026-11-20 12:04:00+00', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00'),
	('p-jm33kjf6pq', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-jm33kjf6pq', 'org-guardrails', 'Regions of the production and regulated plans may be added below, never taken away', '{
  "plans": {
    "production": {
      "regions": { "@@operators_allowed_for_child_policies": ["@@assign", "@@append"] }
    }
  }
}
', '2026-11-20 12:04:00+00', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00'),
	('p-p2tmry28d9', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-p2tmry28d9', 'Extra nightly 3', 'theirs', '{"plans":{"extra":{"regions":{"@@assign":["eu-west-1"]},"rules":{"nightly":{"schedule_expression":{"@@assign":"cron(0 3 ? * * *)"},"target_backup_vault_name":{"@@assign":"Default"},"lifecycle":{"delete_after_days":{"@@assign":"35"}}}},"selections":{"tags":{"tagged":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/BackupRole"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["yes"]}}}}}}}', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00'),
	('p-qeed5e5eca', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-qeed5e5eca', 'retail-additions', 'Shops: one Region more, and their own critical resources', '{
  "plans": {
    "production": {
      "regions": { "@@append": ["us-east-1"], "@@remove": ["eu-central-1"] },
      "selections": {
        "tags": {
          "critical-tier": {
            "tag_key": { "@@assign": "backup-tier" },
            "tag_value": { "@@append": ["retail-critical"] }
          }
        }
      },
      "advanced_backup_settings": {
        "ec2": { "windows_vss": { "@@assign": "enabled" } }
      }
    }
  }
}
', '2026-11-20 12:04:00+00', '2026-11-20 12:39:00+00', '2026-11-20 12:39:00+00');

INSERT INTO public.seen_settings VALUES
	('trusted_access', '{"trusted_access": "on"}', '2026-11-20 12:51:00+00', 4),
	('global_settings', '{"cross_account_backup": "off", "multi_party_approval": "off", "delegated_administration": "on"}', '2026-11-20 12:51:00+00', 5),
	('delegated_administrators', '{}', '2026-11-20 12:51:00+00', 6),
	('resource_policy', '{"resource_policy": "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Sid\": \"HoldfastReadOrganization\",\n      \"Effect\": \"Allow\",\n      \"Principal\": {\n        \"AWS\": [\n          \"arn:aws:iam::119920250737:root\",\n          \"arn:aws:iam::559410473983:root\"\n        ]\n      },\n      \"Action\": [\n        \"organizations:DescribeOrganization\",\n        \"organizations:DescribeOrganizationalUnit\",\n        \"organizations:DescribeAccount\",\n        \"organizations:DescribeResourcePolicy\",\n        \"organizations:ListRoots\",\n        \"organizations:ListOrganizationalUnitsForParent\",\n        \"organizations:ListParents\",\n        \"organizations:ListChildren\",\n        \"organizations:ListAccounts\",\n        \"organizations:ListAccountsForParent\",\n        \"organizations:ListAWSServiceAccessForOrganization\",\n        \"organizations:ListDelegatedAdministrators\",\n        \"organizations:ListTagsForResource\"\n      ],\n      \"Resource\": \"*\"\n    },\n    {\n      \"Sid\": \"HoldfastReadBackupPolicies\",\n      \"Effect\": \"Allow\",\n      \"Principal\": {\n        \"AWS\": [\n          \"arn:aws:iam::119920250737:root\",\n          \"arn:aws:iam::559410473983:root\"\n        ]\n      },\n      \"Action\": [\n        \"organizations:ListPolicies\",\n        \"organizations:DescribePolicy\",\n        \"organizations:DescribeEffectivePolicy\",\n        \"organizations:ListPoliciesForTarget\",\n        \"organizations:ListTargetsForPolicy\"\n      ],\n      \"Resource\": \"*\",\n      \"Condition\": {\n        \"StringLikeIfExists\": {\n          \"organizations:PolicyType\": [\n            \"BACKUP_POLICY\"\n          ]\n        }\n      }\n    },\n    {\n      \"Sid\": \"HoldfastWriteBackupPolicies\",\n      \"Effect\": \"Allow\",\n      \"Principal\": {\n        \"AWS\": [\n          \"arn:aws:iam::119920250737:root\",\n          \"arn:aws:iam::559410473983:root\"\n        ]\n      },\n      \"Action\": [\n        \"organizations:CreatePolicy\",\n        \"organizations:UpdatePolicy\",\n        \"organizations:DeletePolicy\",\n        \"organizations:AttachPolicy\",\n        \"organizations:DetachPolicy\"\n      ],\n      \"Resource\": [\n        \"arn:aws:organizations::302569489982:root/o-gubs0jq3cq/*\",\n        \"arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/*\",\n        \"arn:aws:organizations::302569489982:account/o-gubs0jq3cq/*\",\n        \"arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/*\"\n      ],\n      \"Condition\": {\n        \"StringLikeIfExists\": {\n          \"organizations:PolicyType\": [\n            \"BACKUP_POLICY\"\n          ]\n        }\n      }\n    },\n    {\n      \"Sid\": \"HoldfastTagBackupPolicies\",\n      \"Effect\": \"Allow\",\n      \"Principal\": {\n        \"AWS\": [\n          \"arn:aws:iam::119920250737:root\",\n          \"arn:aws:iam::559410473983:root\"\n        ]\n      },\n      \"Action\": [\n        \"organizations:TagResource\",\n        \"organizations:UntagResource\"\n      ],\n      \"Resource\": [\n        \"arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/*\"\n      ]\n    }\n  ]\n}"}', '2026-11-20 12:51:00+00', 5),
	('region/eu-central-1', '{"opt_in/eu-central-1/S3": "on", "opt_in/eu-central-1/EBS": "on", "opt_in/eu-central-1/EC2": "on", "opt_in/eu-central-1/EFS": "on", "opt_in/eu-central-1/EKS": "on", "opt_in/eu-central-1/FSx": "on", "opt_in/eu-central-1/RDS": "on", "opt_in/eu-central-1/Aurora": "on", "opt_in/eu-central-1/Neptune": "off", "opt_in/eu-central-1/DynamoDB": "on", "opt_in/eu-central-1/Redshift": "off", "opt_in/eu-central-1/DocumentDB": "on", "opt_in/eu-central-1/Timestream": "off", "full_management/eu-central-1/EFS": "on", "opt_in/eu-central-1/CloudFormation": "on", "opt_in/eu-central-1/VirtualMachine": "off", "opt_in/eu-central-1/Storage Gateway": "on", "full_management/eu-central-1/DynamoDB": "on", "opt_in/eu-central-1/SAP HANA on Amazon EC2": "on"}', '2026-11-20 12:51:00+00', 4),
	('region/eu-west-1', '{"opt_in/eu-west-1/S3": "off", "opt_in/eu-west-1/EBS": "on", "opt_in/eu-west-1/EC2": "on", "opt_in/eu-west-1/EFS": "on", "opt_in/eu-west-1/EKS": "on", "opt_in/eu-west-1/FSx": "on", "opt_in/eu-west-1/RDS": "on", "opt_in/eu-west-1/Aurora": "on", "opt_in/eu-west-1/Neptune": "off", "opt_in/eu-west-1/DynamoDB": "on", "opt_in/eu-west-1/Redshift": "off", "opt_in/eu-west-1/DocumentDB": "on", "opt_in/eu-west-1/Timestream": "off", "full_management/eu-west-1/EFS": "on", "opt_in/eu-west-1/CloudFormation": "on", "opt_in/eu-west-1/VirtualMachine": "off", "opt_in/eu-west-1/Storage Gateway": "on", "full_management/eu-west-1/DynamoDB": "on", "opt_in/eu-west-1/SAP HANA on Amazon EC2": "on"}', '2026-11-20 12:51:00+00', 5),
	('region/us-east-1', '{"opt_in/us-east-1/S3": "on", "opt_in/us-east-1/EBS": "on", "opt_in/us-east-1/EC2": "on", "opt_in/us-east-1/EFS": "on", "opt_in/us-east-1/EKS": "on", "opt_in/us-east-1/FSx": "on", "opt_in/us-east-1/RDS": "on", "opt_in/us-east-1/Aurora": "on", "opt_in/us-east-1/Neptune": "off", "opt_in/us-east-1/DynamoDB": "on", "opt_in/us-east-1/Redshift": "off", "opt_in/us-east-1/DocumentDB": "on", "opt_in/us-east-1/Timestream": "off", "full_management/us-east-1/EFS": "on", "opt_in/us-east-1/CloudFormation": "on", "opt_in/us-east-1/VirtualMachine": "off", "opt_in/us-east-1/Storage Gateway": "on", "full_management/us-east-1/DynamoDB": "on", "opt_in/us-east-1/SAP HANA on Amazon EC2": "on"}', '2026-11-20 12:51:00+00', 4);

INSERT INTO public.sessions VALUES
	('\x4cbbd8ca5215b8d161aec181a74b694f4e24b001d5b081dc0030ed797a8973e0', 5, '{"user_id":5,"csrf":"a token"}', '2026-11-20 12:41:00+00', '2026-11-20 13:11:00+00', '2026-11-21 00:41:00+00'),
	('\xb1535c7783ea8829b6b0cf67704539798b4d16c39bf0bfe09494c5d9f12eee30', 4, '{"user_id":4,"csrf":"a token"}', '2026-11-20 12:41:00+00', '2026-11-20 12:42:00+00', '2026-11-21 00:41:00+00'),
	('\x59d5966c96af7ecad5c9d2918d6582d102b2c67f6b765ea28ac24371ab4f93be', 3, '{"csrf":"a token","user_id":3}', '2026-11-20 12:41:00+00', '2026-11-20 13:11:00+00', '2026-11-21 00:41:00+00'),
	('\x6b6f14e6af2627186bf8a55e474dcf6ef3f6ce81af560da871ec51eb670171a9', 1, '{"user_id":1,"csrf":"a token"}', '2026-11-20 12:41:00+00', '2026-11-20 15:41:00+00', '2026-11-21 00:41:00+00');

INSERT INTO public.sign_in_failures VALUES
	('\x16f55e06a07f262d5b737d3381588c82563d6cb0d600e2567b84d343646d5511', '2026-11-20 12:02:00+00'),
	('\x06e9a1e9459abe8c316b5625c9cf95f12bc0748cc5b4342047f7601b301253bc', '2026-11-20 12:02:00+00'),
	('\x6c2b360e2d328938ab051eb439d19f215ed91c6a9436091472284b10ad4318db', '2026-11-20 12:02:00+00'),
	('\x4fcf8b7ff4e600bcc3121352b2b5d09f836fc1b40bbe3f1e8d8b15959a71dda2', '2026-11-20 12:02:00+00');

INSERT INTO public.staged_attachments VALUES
	(4, 'p-p2tmry28d9', '435606719786', true, false, NULL);

INSERT INTO public.staged_nodes VALUES
	(4, '166381447189', 'ou-art0-jc0ve27j', 'shop-22', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/166381447189', 'aws+shop-22@northwick.example', 'active', '2024-03-13 06:08:27+00'),
	(4, '167078082794', 'ou-art0-jc0ve27j', 'shop-18', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/167078082794', 'aws+shop-18@northwick.example', 'active', '2023-08-21 22:41:14+00'),
	(4, '169921317550', 'ou-art0-01u664j0', 'warehouse-basel', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/169921317550', 'aws+warehouse-basel@northwick.example', 'active', '2025-08-19 03:57:51+00'),
	(4, '169992267115', 'ou-art0-ck57ikh6', 'pos-essen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/169992267115', 'aws+pos-essen@northwick.example', 'active', '2023-06-26 14:40:14+00'),
	(4, '171142695262', 'ou-art0-jc0ve27j', 'shop-21', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/171142695262', 'aws+shop-21@northwick.example', 'active', '2025-07-06 04:43:13+00'),
	(4, '171561263378', 'ou-art0-s448y44p', 'finance-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/171561263378', 'aws+finance-03@northwick.example', 'active', '2024-10-28 03:14:38+00'),
	(4, '180027907504', 'ou-art0-jc0ve27j', 'shop-06', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/180027907504', 'aws+shop-06@northwick.example', 'active', '2024-12-18 02:01:59+00'),
	(4, '180526156086', 'ou-art0-01u664j0', 'warehouse-essen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/180526156086', 'aws+warehouse-essen@northwick.example', 'active', '2025-01-20 02:13:11+00'),
	(4, '184564453324', 'ou-art0-86dcntfi', 'staging-11', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/184564453324', 'aws+staging-11@northwick.example', 'active', '2023-09-24 13:33:46+00'),
	(4, '185459779943', 'ou-art0-tfrbf4fr', 'claims-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/185459779943', 'aws+claims-02@northwick.example', 'active', '2025-09-20 02:12:51+00'),
	(4, '186975720777', 'ou-art0-ck57ikh6', 'pos-madrid', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/186975720777', 'aws+pos-madrid@northwick.example', 'active', '2023-09-20 15:24:30+00'),
	(4, '198488064531', 'ou-art0-7fbrspsg', 'network-04', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/198488064531', 'aws+network-04@northwick.example', 'active', '2023-10-31 04:35:59+00'),
	(4, '206983861252', 'ou-art0-w0sncoip', 'sandbox-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/206983861252', 'aws+sandbox-07@northwick.example', 'active', '2024-07-14 21:05:32+00'),
	(4, '210951440759', 'ou-art0-otzmmesy', 'payments-03', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/210951440759', 'aws+payments-03@northwick.example', 'active', '2023-07-28 22:12:44+00'),
	(4, '211213701110', 'ou-art0-86dcntfi', 'staging-10', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/211213701110', 'aws+staging-10@northwick.example', 'active', '2024-05-02 12:27:21+00'),
	(4, '212582250070', 'ou-art0-01u664j0', 'warehouse-bilbao', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/212582250070', 'aws+warehouse-bilbao@northwick.example', 'active', '2024-05-18 23:00:20+00'),
	(4, '212689350546', 'ou-art0-hinztwfc', 'shared-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/212689350546', 'aws+shared-07@northwick.example', 'active', '2024-05-25 12:14:32+00'),
	(4, '215050214006', 'ou-art0-w0sncoip', 'sandbox-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/215050214006', 'aws+sandbox-08@northwick.example', 'active', '2024-10-26 05:39:28+00'),
	(4, '215337546655', 'ou-art0-01u664j0', 'warehouse-brussels', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/215337546655', 'aws+warehouse-brussels@northwick.example', 'active', '2024-08-24 23:53:31+00'),
	(4, '217210536505', 'ou-art0-01u664j0', 'warehouse-amsterdam', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/217210536505', 'aws+warehouse-amsterdam@northwick.example', 'active', '2024-05-20 12:05:19+00'),
	(4, '111364511973', 'ou-art0-86dcntfi', 'staging-18', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/111364511973', 'aws+staging-18@northwick.example', 'active', '2023-09-15 07:19:49+00'),
	(4, '115771672472', 'ou-art0-01u664j0', 'warehouse-frankfurt', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/115771672472', 'aws+warehouse-frankfurt@northwick.example', 'active', '2024-07-29 13:18:48+00'),
	(4, '119920250737', 'ou-art0-x6z58r73', 'backup-vaults', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/119920250737', 'aws+backup-vaults@northwick.example', 'active', '2024-05-04 22:42:33+00'),
	(4, '126498873913', 'ou-art0-xlsthk09', 'retail-dev-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/126498873913', 'aws+retail-dev-02@northwick.example', 'active', '2023-05-08 06:33:10+00'),
	(4, '126780510776', 'ou-art0-ck57ikh6', 'pos-dresden', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/126780510776', 'aws+pos-dresden@northwick.example', 'active', '2025-03-31 12:59:35+00'),
	(4, '126903549290', 'ou-art0-3dhil4f8', 'data-08', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/126903549290', 'aws+data-08@northwick.example', 'active', '2024-07-23 22:25:04+00'),
	(4, '127262633563', 'ou-art0-br5sfha2', 'logistics-dev-02', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/127262633563', 'aws+logistics-dev-02@northwick.example', 'active', '2025-02-11 06:49:03+00'),
	(4, '127787225483', 'ou-art0-01u664j0', 'warehouse-geneva', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/127787225483', 'aws+warehouse-geneva@northwick.example', 'active', '2024-06-10 08:14:29+00'),
	(4, '135288914948', 'ou-art0-ck57ikh6', 'pos-antwerp', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/135288914948', 'aws+pos-antwerp@northwick.example', 'active', '2025-08-15 11:21:29+00'),
	(4, '141022067449', 'ou-art0-ck57ikh6', 'pos-ghent', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/141022067449', 'aws+pos-ghent@northwick.example', 'active', '2025-06-24 12:41:34+00'),
	(4, '143532371721', 'ou-art0-jc0ve27j', 'shop-07', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/143532371721', 'aws+shop-07@northwick.example', 'active', '2025-05-06 19:59:18+00'),
	(4, '147688651795', 'ou-art0-ck57ikh6', 'pos-nantes', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/147688651795', 'aws+pos-nantes@northwick.example', 'active', '2024-04-27 10:23:35+00'),
	(4, '152525111244', 'ou-art0-jc0ve27j', 'shop-13', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/152525111244', 'aws+shop-13@northwick.example', 'active', '2024-04-03 18:37:18+00'),
	(4, '152633886153', 'ou-art0-ck57ikh6', 'pos-linz', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/152633886153', 'aws+pos-linz@northwick.example', 'active', '2025-01-02 15:52:33+00'),
	(4, '155817429843', 'ou-art0-01u664j0', 'warehouse-dresden', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/155817429843', 'aws+warehouse-dresden@northwick.example', 'active', '2024-12-10 05:38:59+00'),
	(4, '156070587874', 'ou-art0-w0sncoip', 'sandbox-13', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/156070587874', 'aws+sandbox-13@northwick.example', 'active', '2024-12-28 00:38:34+00'),
	(4, '158137481978', 'ou-art0-3ge0vm37', 'former-01', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/158137481978', 'aws+former-01@northwick.example', 'suspended', '2025-04-08 04:10:03+00'),
	(4, '159130464289', 'ou-art0-ck57ikh6', 'pos-bremen', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/159130464289', 'aws+pos-bremen@northwick.example', 'active', '2023-05-12 17:26:51+00'),
	(4, '161481178381', 'ou-art0-jc0ve27j', 'shop-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/161481178381', 'aws+shop-09@northwick.example', 'active', '2025-05-30 14:36:38+00'),
	(4, '165132309444', 'ou-art0-86dcntfi', 'staging-09', 'arn:aws:organizations::302569489982:account/o-gubs0jq3cq/165132309444', 'aws+staging-09@northwick.example', 'active', '2024-01-25 23:18:25+00'),
	(4, 'ou-art0-0nnxflcg', 'r-art0', 'Regulated', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-0nnxflcg', NULL, NULL, NULL),
	(4, 'ou-art0-3ge0vm37', 'r-art0', 'Suspended', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-3ge0vm37', NULL, NULL, NULL),
	(4, 'ou-art0-w0sncoip', 'r-art0', 'Sandbox', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-w0sncoip', NULL, NULL, NULL),
	(4, 'ou-art0-x6z58r73', 'r-art0', 'Security', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-x6z58r73', NULL, NULL, NULL),
	(4, 'ou-art0-xlv048oz', 'r-art0', 'Infrastructure', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-xlv048oz', NULL, NULL, NULL),
	(4, 'ou-art0-xmd2vyx4', 'r-art0', 'Workloads', 'arn:aws:organizations::302569489982:ou/o-gubs0jq3cq/ou-art0-xmd2vyx4', NULL, NULL, NULL),
	(4, 'r-art0', NULL, 'Root', 'arn:aws:organizations::302569489982:root/o-gubs0jq3cq/r-art0', NULL, NULL, NULL);

INSERT INTO public.staged_policies OVERRIDING SYSTEM VALUE VALUES
	(4, 'p-33xob2xc4p', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-33xob2xc4p', 'baseline-daily', 'Daily backups of everything tagged backup-tier=standard, kept 35 days', NULL, false, false, false, 22, NULL, NULL),
	(4, 'p-6lsiepxtro', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-6lsiepxtro', 'production-critical', 'Nightly and monthly backups of critical resources with copies to a second Region and the vault account', NULL, false, false, false, 23, NULL, NULL),
	(4, 'p-9k7ogtp77f', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-9k7ogtp77f', 'point-in-time', 'Point-in-time recovery for shops that ask for it', NULL, false, false, false, 24, NULL, NULL),
	(4, 'p-eu6rptqcbg', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-eu6rptqcbg', 'Theirs', 'by hand', NULL, false, false, false, 25, NULL, NULL),
	(4, 'p-iq4fz3xbu0', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-iq4fz3xbu0', 'nonprod-weekly', 'Staging and development: weekly instead of daily, European Regions only', NULL, false, false, false, 26, NULL, NULL),
	(4, 'p-jm33kjf6pq', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-jm33kjf6pq', 'org-guardrails', 'Regions of the production and regulated plans may be added below, never taken away', NULL, false, false, false, 27, NULL, NULL),
	(4, 'p-p2tmry28d9', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-p2tmry28d9', 'Extra nightly 3', 'theirs', NULL, false, false, false, 28, NULL, NULL),
	(4, 'p-qeed5e5eca', 'arn:aws:organizations::302569489982:policy/o-gubs0jq3cq/backup_policy/p-qeed5e5eca', 'retail-additions', 'Shops: one Region more, and their own critical resources', NULL, false, false, false, 29, NULL, NULL);

INSERT INTO public.sync_progress VALUES
	(true, 'the organization', 40, 274, '2026-11-20 12:52:00+00');

INSERT INTO public.sync_requests VALUES
	(true, 0, 0);

INSERT INTO public.sync_results VALUES
	('organization', '2026-11-20 12:41:00+00', NULL),
	('jobs', '2026-11-20 12:41:00+00', 'The jobs of eu-west-1 could not be read.');

INSERT INTO public.users OVERRIDING SYSTEM VALUE VALUES
	(1, 'ada@example.com', 'Ada', '$argon2id$v=19$m=19456,t=2,p=1$maDfpgVo4oq2IWKerWHCRQ$o2ZzEL67VCTcgB/oOY1V9tfXnrg+5u9aDMzllFqBJok', 'administrator', false, '2026-11-20 12:00:00+00', '2026-11-20 12:00:00+00'),
	(3, 'auditor@example.com', 'auditor', '', 'auditor', false, '2026-11-20 12:04:00+00', '2026-11-20 12:04:00+00'),
	(4, 'operator@example.com', 'operator', '', 'operator', false, '2026-11-20 12:04:00+00', '2026-11-20 12:04:00+00'),
	(5, 'policy_author@example.com', 'policy author', '', 'policy_author', false, '2026-11-20 12:04:00+00', '2026-11-20 12:04:00+00'),
	(2, 'viewer@example.com', 'viewer', '', 'viewer', true, '2026-11-20 12:04:00+00', '2026-11-20 12:41:00+00');

SELECT pg_catalog.setval('public.attachment_exports_export_id_seq', 1, true);

SELECT pg_catalog.setval('public.audit_entries_audit_id_seq', 45, true);

SELECT pg_catalog.setval('public.events_event_id_seq', 6, true);

SELECT pg_catalog.setval('public.imports_import_id_seq', 4, true);

SELECT pg_catalog.setval('public.staged_policies_listed_seq', 29, true);

SELECT pg_catalog.setval('public.users_user_id_seq', 5, true);

ALTER TABLE ONLY public._sqlx_migrations
    ADD CONSTRAINT _sqlx_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.attachment_exports
    ADD CONSTRAINT attachment_exports_pkey PRIMARY KEY (export_id);

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_pkey PRIMARY KEY (target, policy);

ALTER TABLE ONLY public.audit_entries
    ADD CONSTRAINT audit_entries_pkey PRIMARY KEY (audit_id);

ALTER TABLE ONLY public.audit_outcomes
    ADD CONSTRAINT audit_outcomes_pkey PRIMARY KEY (audit_id);

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.import_steps
    ADD CONSTRAINT import_steps_pkey PRIMARY KEY (import_id, step);

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_only_row_key UNIQUE (only_row);

ALTER TABLE ONLY public.imports
    ADD CONSTRAINT imports_pkey PRIMARY KEY (import_id);

ALTER TABLE ONLY public.invalid_accounts
    ADD CONSTRAINT invalid_accounts_pkey PRIMARY KEY (account);

ALTER TABLE ONLY public.job_counts
    ADD CONSTRAINT job_counts_pkey PRIMARY KEY (span, account, on_day, kind, region, state, resource_type, category);

ALTER TABLE ONLY public.job_counts_2026_09
    ADD CONSTRAINT job_counts_2026_09_pkey PRIMARY KEY (span, account, on_day, kind, region, state, resource_type, category);

ALTER TABLE ONLY public.job_counts_2026_10
    ADD CONSTRAINT job_counts_2026_10_pkey PRIMARY KEY (span, account, on_day, kind, region, state, resource_type, category);

ALTER TABLE ONLY public.job_counts_2026_11
    ADD CONSTRAINT job_counts_2026_11_pkey PRIMARY KEY (span, account, on_day, kind, region, state, resource_type, category);

ALTER TABLE ONLY public.job_facets
    ADD CONSTRAINT job_facets_pkey PRIMARY KEY (facet, value);

ALTER TABLE ONLY public.job_watermarks
    ADD CONSTRAINT job_watermarks_pkey PRIMARY KEY (region, kind);

ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id, kind, created_at);

ALTER TABLE ONLY public.jobs_2026_09
    ADD CONSTRAINT jobs_2026_09_pkey PRIMARY KEY (id, kind, created_at);

ALTER TABLE ONLY public.jobs_2026_10
    ADD CONSTRAINT jobs_2026_10_pkey PRIMARY KEY (id, kind, created_at);

ALTER TABLE ONLY public.jobs_2026_11
    ADD CONSTRAINT jobs_2026_11_pkey PRIMARY KEY (id, kind, created_at);

ALTER TABLE ONLY public.nodes
    ADD CONSTRAINT nodes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.policies
    ADD CONSTRAINT policies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.seen_settings
    ADD CONSTRAINT seen_settings_pkey PRIMARY KEY (area);

ALTER TABLE ONLY public.seen_switches
    ADD CONSTRAINT seen_switches_pkey PRIMARY KEY (switch);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id_hash);

ALTER TABLE ONLY public.staged_attachments
    ADD CONSTRAINT staged_attachments_pkey PRIMARY KEY (import_id, policy, target);

ALTER TABLE ONLY public.staged_nodes
    ADD CONSTRAINT staged_nodes_pkey PRIMARY KEY (import_id, id);

ALTER TABLE ONLY public.staged_policies
    ADD CONSTRAINT staged_policies_pkey PRIMARY KEY (import_id, id);

ALTER TABLE ONLY public.sync_progress
    ADD CONSTRAINT sync_progress_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.sync_requests
    ADD CONSTRAINT sync_requests_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.sync_results
    ADD CONSTRAINT sync_results_pkey PRIMARY KEY (part);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.welcome_tokens
    ADD CONSTRAINT welcome_tokens_pkey PRIMARY KEY (token_hash);

CREATE INDEX attachments_policy_idx ON public.attachments USING btree (policy);

CREATE INDEX audit_entries_action_idx ON public.audit_entries USING btree (action, audit_id);

CREATE INDEX audit_entries_begun_at_idx ON public.audit_entries USING btree (begun_at);

CREATE INDEX events_kind_idx ON public.events USING btree (kind, event_id);

CREATE INDEX job_counts_failed_idx ON ONLY public.job_counts USING btree (on_day, category, account) WHERE ((state = ANY (ARRAY['failed'::text, 'expired'::text, 'aborted'::text])) AND (account <> ''::text) AND (span = 'day'::text));

CREATE INDEX job_counts_2026_09_on_day_category_account_idx ON public.job_counts_2026_09 USING btree (on_day, category, account) WHERE ((state = ANY (ARRAY['failed'::text, 'expired'::text, 'aborted'::text])) AND (account <> ''::text) AND (span = 'day'::text));

CREATE INDEX job_counts_2026_10_on_day_category_account_idx ON public.job_counts_2026_10 USING btree (on_day, category, account) WHERE ((state = ANY (ARRAY['failed'::text, 'expired'::text, 'aborted'::text])) AND (account <> ''::text) AND (span = 'day'::text));

CREATE INDEX job_counts_2026_11_on_day_category_account_idx ON public.job_counts_2026_11 USING btree (on_day, category, account) WHERE ((state = ANY (ARRAY['failed'::text, 'expired'::text, 'aborted'::text])) AND (account <> ''::text) AND (span = 'day'::text));

CREATE INDEX jobs_account_idx ON ONLY public.jobs USING btree (account, created_at, kind, id);

CREATE INDEX jobs_2026_09_account_created_at_kind_id_idx ON public.jobs_2026_09 USING btree (account, created_at, kind, id);

CREATE INDEX jobs_created_at_idx ON ONLY public.jobs USING btree (created_at, kind, id);

CREATE INDEX jobs_2026_09_created_at_kind_id_idx ON public.jobs_2026_09 USING btree (created_at, kind, id);

CREATE INDEX jobs_parent_job_id_idx ON ONLY public.jobs USING btree (parent_job_id) WHERE (parent_job_id IS NOT NULL);

CREATE INDEX jobs_2026_09_parent_job_id_idx ON public.jobs_2026_09 USING btree (parent_job_id) WHERE (parent_job_id IS NOT NULL);

CREATE INDEX jobs_open_idx ON ONLY public.jobs USING btree (region, kind, created_at) WHERE (state = ANY (ARRAY['created'::text, 'pending'::text, 'running'::text, 'aborting'::text, 'unknown'::text]));

CREATE INDEX jobs_2026_09_region_kind_created_at_idx ON public.jobs_2026_09 USING btree (region, kind, created_at) WHERE (state = ANY (ARRAY['created'::text, 'pending'::text, 'running'::text, 'aborting'::text, 'unknown'::text]));

CREATE INDEX jobs_resource_arn_idx ON ONLY public.jobs USING hash (resource_arn);

CREATE INDEX jobs_2026_09_resource_arn_idx ON public.jobs_2026_09 USING hash (resource_arn);

CREATE INDEX jobs_resource_type_idx ON ONLY public.jobs USING btree (resource_type, created_at, kind, id);

CREATE INDEX jobs_2026_09_resource_type_created_at_kind_id_idx ON public.jobs_2026_09 USING btree (resource_type, created_at, kind, id);

CREATE INDEX jobs_state_idx ON ONLY public.jobs USING btree (state, created_at, kind, id) WHERE (state <> 'completed'::text);

CREATE INDEX jobs_2026_09_state_created_at_kind_id_idx ON public.jobs_2026_09 USING btree (state, created_at, kind, id) WHERE (state <> 'completed'::text);

CREATE INDEX jobs_vault_idx ON ONLY public.jobs USING btree (vault, created_at, kind, id);

CREATE INDEX jobs_2026_09_vault_created_at_kind_id_idx ON public.jobs_2026_09 USING btree (vault, created_at, kind, id);

CREATE INDEX jobs_2026_10_account_created_at_kind_id_idx ON public.jobs_2026_10 USING btree (account, created_at, kind, id);

CREATE INDEX jobs_2026_10_created_at_kind_id_idx ON public.jobs_2026_10 USING btree (created_at, kind, id);

CREATE INDEX jobs_2026_10_parent_job_id_idx ON public.jobs_2026_10 USING btree (parent_job_id) WHERE (parent_job_id IS NOT NULL);

CREATE INDEX jobs_2026_10_region_kind_created_at_idx ON public.jobs_2026_10 USING btree (region, kind, created_at) WHERE (state = ANY (ARRAY['created'::text, 'pending'::text, 'running'::text, 'aborting'::text, 'unknown'::text]));

CREATE INDEX jobs_2026_10_resource_arn_idx ON public.jobs_2026_10 USING hash (resource_arn);

CREATE INDEX jobs_2026_10_resource_type_created_at_kind_id_idx ON public.jobs_2026_10 USING btree (resource_type, created_at, kind, id);

CREATE INDEX jobs_2026_10_state_created_at_kind_id_idx ON public.jobs_2026_10 USING btree (state, created_at, kind, id) WHERE (state <> 'completed'::text);

CREATE INDEX jobs_2026_10_vault_created_at_kind_id_idx ON public.jobs_2026_10 USING btree (vault, created_at, kind, id);

CREATE INDEX jobs_2026_11_account_created_at_kind_id_idx ON public.jobs_2026_11 USING btree (account, created_at, kind, id);

CREATE INDEX jobs_2026_11_created_at_kind_id_idx ON public.jobs_2026_11 USING btree (created_at, kind, id);

CREATE INDEX jobs_2026_11_parent_job_id_idx ON public.jobs_2026_11 USING btree (parent_job_id) WHERE (parent_job_id IS NOT NULL);

CREATE INDEX jobs_2026_11_region_kind_created_at_idx ON public.jobs_2026_11 USING btree (region, kind, created_at) WHERE (state = ANY (ARRAY['created'::text, 'pending'::text, 'running'::text, 'aborting'::text, 'unknown'::text]));

CREATE INDEX jobs_2026_11_resource_arn_idx ON public.jobs_2026_11 USING hash (resource_arn);

CREATE INDEX jobs_2026_11_resource_type_created_at_kind_id_idx ON public.jobs_2026_11 USING btree (resource_type, created_at, kind, id);

CREATE INDEX jobs_2026_11_state_created_at_kind_id_idx ON public.jobs_2026_11 USING btree (state, created_at, kind, id) WHERE (state <> 'completed'::text);

CREATE INDEX jobs_2026_11_vault_created_at_kind_id_idx ON public.jobs_2026_11 USING btree (vault, created_at, kind, id);

CREATE INDEX sessions_expires_at_idx ON public.sessions USING btree (LEAST(expires_at, ends_at));

CREATE INDEX sessions_user_id_idx ON public.sessions USING btree (user_id);

CREATE INDEX sign_in_failures_failed_at_idx ON public.sign_in_failures USING btree (failed_at);

CREATE INDEX sign_in_failures_key_idx ON public.sign_in_failures USING btree (key_hash, failed_at);

ALTER INDEX public.job_counts_failed_idx ATTACH PARTITION public.job_counts_2026_09_on_day_category_account_idx;

ALTER INDEX public.job_counts_pkey ATTACH PARTITION public.job_counts_2026_09_pkey;

ALTER INDEX public.job_counts_failed_idx ATTACH PARTITION public.job_counts_2026_10_on_day_category_account_idx;

ALTER INDEX public.job_counts_pkey ATTACH PARTITION public.job_counts_2026_10_pkey;

ALTER INDEX public.job_counts_failed_idx ATTACH PARTITION public.job_counts_2026_11_on_day_category_account_idx;

ALTER INDEX public.job_counts_pkey ATTACH PARTITION public.job_counts_2026_11_pkey;

ALTER INDEX public.jobs_account_idx ATTACH PARTITION public.jobs_2026_09_account_created_at_kind_id_idx;

ALTER INDEX public.jobs_created_at_idx ATTACH PARTITION public.jobs_2026_09_created_at_kind_id_idx;

ALTER INDEX public.jobs_parent_job_id_idx ATTACH PARTITION public.jobs_2026_09_parent_job_id_idx;

ALTER INDEX public.jobs_pkey ATTACH PARTITION public.jobs_2026_09_pkey;

ALTER INDEX public.jobs_open_idx ATTACH PARTITION public.jobs_2026_09_region_kind_created_at_idx;

ALTER INDEX public.jobs_resource_arn_idx ATTACH PARTITION public.jobs_2026_09_resource_arn_idx;

ALTER INDEX public.jobs_resource_type_idx ATTACH PARTITION public.jobs_2026_09_resource_type_created_at_kind_id_idx;

ALTER INDEX public.jobs_state_idx ATTACH PARTITION public.jobs_2026_09_state_created_at_kind_id_idx;

ALTER INDEX public.jobs_vault_idx ATTACH PARTITION public.jobs_2026_09_vault_created_at_kind_id_idx;

ALTER INDEX public.jobs_account_idx ATTACH PARTITION public.jobs_2026_10_account_created_at_kind_id_idx;

ALTER INDEX public.jobs_created_at_idx ATTACH PARTITION public.jobs_2026_10_created_at_kind_id_idx;

ALTER INDEX public.jobs_parent_job_id_idx ATTACH PARTITION public.jobs_2026_10_parent_job_id_idx;

ALTER INDEX public.jobs_pkey ATTACH PARTITION public.jobs_2026_10_pkey;

ALTER INDEX public.jobs_open_idx ATTACH PARTITION public.jobs_2026_10_region_kind_created_at_idx;

ALTER INDEX public.jobs_resource_arn_idx ATTACH PARTITION public.jobs_2026_10_resource_arn_idx;

ALTER INDEX public.jobs_resource_type_idx ATTACH PARTITION public.jobs_2026_10_resource_type_created_at_kind_id_idx;

ALTER INDEX public.jobs_state_idx ATTACH PARTITION public.jobs_2026_10_state_created_at_kind_id_idx;

ALTER INDEX public.jobs_vault_idx ATTACH PARTITION public.jobs_2026_10_vault_created_at_kind_id_idx;

ALTER INDEX public.jobs_account_idx ATTACH PARTITION public.jobs_2026_11_account_created_at_kind_id_idx;

ALTER INDEX public.jobs_created_at_idx ATTACH PARTITION public.jobs_2026_11_created_at_kind_id_idx;

ALTER INDEX public.jobs_parent_job_id_idx ATTACH PARTITION public.jobs_2026_11_parent_job_id_idx;

ALTER INDEX public.jobs_pkey ATTACH PARTITION public.jobs_2026_11_pkey;

ALTER INDEX public.jobs_open_idx ATTACH PARTITION public.jobs_2026_11_region_kind_created_at_idx;

ALTER INDEX public.jobs_resource_arn_idx ATTACH PARTITION public.jobs_2026_11_resource_arn_idx;

ALTER INDEX public.jobs_resource_type_idx ATTACH PARTITION public.jobs_2026_11_resource_type_created_at_kind_id_idx;

ALTER INDEX public.jobs_state_idx ATTACH PARTITION public.jobs_2026_11_state_created_at_kind_id_idx;

ALTER INDEX public.jobs_vault_idx ATTACH PARTITION public.jobs_2026_11_vault_created_at_kind_id_idx;

CREATE TRIGGER attachment_exports_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.attachment_exports FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audit_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER audit_outcomes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_outcomes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER jobs_count_changed AFTER UPDATE ON public.jobs REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION public.count_changed_jobs();

CREATE TRIGGER jobs_count_new AFTER INSERT ON public.jobs REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.count_new_jobs();

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_policy_fkey FOREIGN KEY (policy) REFERENCES public.policies(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.attachments
    ADD CONSTRAINT attachments_target_fkey FOREIGN KEY (target) REFERENCES public.nodes(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.audit_outcomes
    ADD CONSTRAINT audit_outcomes_audit_id_fkey FOREIGN KEY (audit_id) REFERENCES public.audit_entries(audit_id);

ALTER TABLE ONLY public.import_steps
    ADD CONSTRAINT import_steps_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.imports(import_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.staged_attachments
    ADD CONSTRAINT staged_attachments_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.imports(import_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.staged_nodes
    ADD CONSTRAINT staged_nodes_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.imports(import_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.staged_policies
    ADD CONSTRAINT staged_policies_import_id_fkey FOREIGN KEY (import_id) REFERENCES public.imports(import_id) ON DELETE CASCADE;
