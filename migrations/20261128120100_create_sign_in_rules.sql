-- Rules about signing in that administrators set: one row.
CREATE TABLE sign_in_rules (
    only_one boolean NOT NULL DEFAULT true CONSTRAINT sign_in_rules_pkey PRIMARY KEY
        CONSTRAINT sign_in_rules_only_one_check CHECK (only_one),
    -- Who must have a second factor.
    second_factor text NOT NULL DEFAULT 'nobody'
        CONSTRAINT sign_in_rules_second_factor_check CHECK (second_factor IN ('nobody', 'administrators', 'everybody')),
    -- While local sign-in is off: the one local account that still signs in, since when, by whom it was set, and when that
    -- account was used last.
    break_glass bigint CONSTRAINT sign_in_rules_break_glass_fkey REFERENCES users DEFERRABLE INITIALLY DEFERRED,
    local_off_at timestamptz,
    local_off_by text NOT NULL DEFAULT '',
    break_glass_used_at timestamptz,
    CONSTRAINT sign_in_rules_local_off_check CHECK ((break_glass IS NULL) = (local_off_at IS NULL))
);
INSERT INTO sign_in_rules DEFAULT VALUES;
