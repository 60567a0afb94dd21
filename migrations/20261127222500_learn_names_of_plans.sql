-- Names of plans and their rules, as jobs tell them: AWS gives some jobs the ids alone.

ALTER TABLE jobs ADD COLUMN rule_id text;

-- NULL for what was read before creators were kept: then “no creator” is not what AWS told. Old rows had no other value to
-- tell those apart, and what AWS still lists is read again below.
ALTER TABLE jobs DROP COLUMN planned;
ALTER TABLE jobs ADD COLUMN planned boolean;

CREATE TABLE plan_names (
    account text COLLATE "C" NOT NULL,
    region text COLLATE "C" NOT NULL,
    plan_id text COLLATE "C" NOT NULL,
    -- '' for the plan itself.
    rule_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    -- When the job was created that told the name first.
    told_at timestamptz NOT NULL,
    CONSTRAINT plan_names_pkey PRIMARY KEY (account, region, plan_id, rule_id)
);

-- Jobs created before this are read again once.
ALTER TABLE job_watermarks ADD COLUMN again_until timestamptz;
UPDATE job_watermarks SET again_until = read_up_to;
