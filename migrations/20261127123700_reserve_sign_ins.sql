-- Attempts at signing in are counted before they are judged, and given back where they succeed.

CREATE SEQUENCE sign_in_attempts;
ALTER TABLE sign_in_failures ADD COLUMN attempt bigint;
CREATE INDEX sign_in_failures_attempt_idx ON sign_in_failures (attempt);

-- Counts an attempt under all keys, unless one of them has as many as it may since then: NULL. Of any number at once, no
-- more are counted: those who want a key wait for each other, and each statement here sees what others committed meanwhile.
CREATE FUNCTION reserve_sign_in(keys bytea[], limits bigint[], since timestamptz, at timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    one bytea;
    reserved bigint;
BEGIN
    FOR one IN SELECT DISTINCT k FROM unnest(keys) AS k ORDER BY k LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(encode(one, 'hex'), 7306086892318517613));
    END LOOP;
    PERFORM FROM unnest(keys, limits) AS wanted (key_hash, most)
        WHERE (SELECT count(*) FROM sign_in_failures f
            WHERE f.key_hash = wanted.key_hash AND f.failed_at >= since) >= wanted.most;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    reserved := nextval('sign_in_attempts');
    INSERT INTO sign_in_failures (key_hash, failed_at, attempt) SELECT k, at, reserved FROM unnest(keys) AS k;
    RETURN reserved;
END
$$;

-- Browsers in which somebody has signed in: attempts from these do not count for the account.
CREATE TABLE known_browsers (
    -- SHA-256 of what the cookie holds.
    token_hash bytea CONSTRAINT known_browsers_pkey PRIMARY KEY,
    user_id bigint NOT NULL CONSTRAINT known_browsers_user_id_fkey REFERENCES users ON DELETE CASCADE,
    known_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX known_browsers_user_id_idx ON known_browsers (user_id, known_at);
CREATE INDEX known_browsers_expires_at_idx ON known_browsers (expires_at);
