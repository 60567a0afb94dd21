-- What job states mean, once for all statements; `model::JobState` says the same, and a test holds the two together.
-- Constants to the planner, so that the partial indexes that spell these states serve `state = ANY (…)` too.

-- AWS may still change them.
CREATE FUNCTION open_job_states() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['created', 'pending', 'running', 'aborting', 'unknown'];

-- Ended, and nothing is protected.
CREATE FUNCTION failed_job_states() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['failed', 'expired', 'aborted'];

-- Ended well, but not wholly.
CREATE FUNCTION job_states_with_issues() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY['completed_with_issues', 'partial'];
