-- Who did what: one row an event, each with the hash of the row before it. What is done to AWS has an event when it is
-- begun, before AWS is asked, and another when it is known what came of it.

CREATE TABLE audit_events (
    -- Without gaps.
    seq bigint CONSTRAINT audit_events_pkey PRIMARY KEY,
    -- The event that this one goes on with; its own number where it begins something.
    entry bigint NOT NULL,
    at timestamptz NOT NULL,
    person text NOT NULL,
    -- The first characters of the session's hash, and the network address; empty where there is none.
    session text NOT NULL,
    address text NOT NULL,
    action text COLLATE "C" NOT NULL,
    subject text NOT NULL,
    subject_name text NOT NULL,
    target text NOT NULL,
    target_name text NOT NULL,
    change_id bigint,
    step integer,
    outcome text NOT NULL CONSTRAINT audit_events_outcome_check
        CHECK (outcome IN ('begun', 'succeeded', 'failed', 'unknown')),
    request_ids text[] NOT NULL,
    -- `json`, not `jsonb`: the hash is over the text as it was written.
    detail json NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL
);

-- One field of what is hashed: its length in bytes and itself, so that no two rows read alike.
CREATE FUNCTION audit_field(field text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN field IS NULL THEN '-'::bytea
        ELSE convert_to(octet_length(convert_to(field, 'UTF8')) || ':' || field, 'UTF8') END
$$;

CREATE FUNCTION audit_hash(e audit_events) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(
        e.previous_hash
        || audit_field(e.seq::text)
        || audit_field(e.entry::text)
        || audit_field((extract(epoch FROM e.at) * 1000000)::bigint::text)
        || audit_field(e.person)
        || audit_field(e.session)
        || audit_field(e.address)
        || audit_field(e.action)
        || audit_field(e.subject)
        || audit_field(e.subject_name)
        || audit_field(e.target)
        || audit_field(e.target_name)
        || audit_field(e.change_id::text)
        || audit_field(e.step::text)
        || audit_field(e.outcome)
        || audit_field(array_to_string(e.request_ids, ' '))
        || audit_field(e.detail::text)
    )
$$;

-- Numbers and hashes are the database's: whoever writes, the chain is whole. The lock is kept until the end of the
-- transaction, so that the row before is there for good when the next one is written.
CREATE FUNCTION chain_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last audit_events;
BEGIN
    PERFORM pg_advisory_xact_lock(7233173838382854772);
    SELECT * INTO last FROM audit_events ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.entry := coalesce(NEW.entry, NEW.seq);
    NEW.previous_hash := coalesce(last.hash, sha256(''::bytea));
    NEW.hash := audit_hash(NEW);
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_events_chain BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION chain_audit_event();

-- Entries of earlier versions, in the order in which they were written. Attachments named their target in words only,
-- policies that were created their id, and sign-ins their address. What was begun and never ended was left so by a process
-- that died: nobody knows what it did. An older process that is about to write one is waited for.
LOCK TABLE audit_outcomes, audit_entries IN ACCESS EXCLUSIVE MODE;
WITH parsed AS (
    SELECT e.*, o.*, e.audit_id AS id,
        CASE WHEN e.action IN ('policy_attached', 'policy_detached')
            THEN regexp_match(o.detail, '(?:to|from) (.*) \((r-[0-9a-z]+|ou-[0-9a-z]+-[0-9a-z]+|[0-9]{12})\)$') END AS place,
        CASE WHEN e.action = 'policy_created'
            THEN substring(o.detail FROM '^(p-[0-9a-zA-Z_]+), [0-9]+ characters?$') END AS made,
        CASE WHEN e.action IN ('sign_in', 'sign_in_refused', 'sign_out')
            THEN substring(o.detail FROM '^from (.*)$') END AS came_from
    FROM audit_entries e LEFT JOIN audit_outcomes o USING (audit_id)
), old AS (
    SELECT *, 0 AS part, begun_at AS at, 'begun' AS event, '{}'::text[] AS requests, NULL AS words, target AS about
    FROM parsed
    UNION ALL
    SELECT *, 1, coalesce(ended_at, begun_at), coalesce(outcome, 'unknown'),
        array_remove(ARRAY[aws_request_id], NULL),
        coalesce(detail, 'Left open by an earlier version of Holdfast, which ended before it knew.'),
        coalesce(made, target)
    FROM parsed
), numbered AS (
    SELECT *, row_number() OVER (ORDER BY id, part) AS place_in_list FROM old
)
INSERT INTO audit_events (seq, entry, at, person, session, address, action, subject, subject_name, target, target_name,
    outcome, request_ids, detail, previous_hash, hash)
SELECT 0, place_in_list - part, at, actor, '', coalesce(came_from, ''), action, about, target_name,
    coalesce(place[2], ''), coalesce(place[1], ''), event, requests,
    CASE WHEN coalesce(words, '') = '' THEN '{"kind":"nothing"}'
        ELSE json_build_object('kind', 'text', 'text', words) END,
    '', ''
FROM numbered ORDER BY place_in_list;

-- An older process that still runs can write no entry from here on, and so makes no change.
DROP TABLE audit_outcomes;
DROP TABLE audit_entries;

CREATE INDEX audit_events_entry_idx ON audit_events (entry, seq);
CREATE INDEX audit_events_action_idx ON audit_events (action, seq) WHERE entry = seq;
CREATE INDEX audit_events_subject_idx ON audit_events (subject, seq) WHERE entry = seq;
CREATE INDEX audit_events_target_idx ON audit_events (target, seq) WHERE entry = seq AND target <> '';
CREATE INDEX audit_events_change_idx ON audit_events (change_id, step) WHERE change_id IS NOT NULL;

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
