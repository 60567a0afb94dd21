-- How the settings stood that no table of the organization has: as last read, or as Holdfast set them since. A row for each
-- part that AWS is asked for at once, so that what cannot be read is not taken for what is gone.

CREATE TABLE seen_settings (
    area text CONSTRAINT seen_settings_pkey PRIMARY KEY,
    -- By name; the values are texts, as `on`, a name or a document.
    settings jsonb NOT NULL,
    seen_at timestamptz NOT NULL,
    -- Grows with every reading and writing, so that an answer from before a change is told from one after it.
    version bigint NOT NULL DEFAULT 1
);

-- seen_switches is not read any more; it stays for processes that still run the version before.
INSERT INTO seen_settings (area, settings, seen_at)
    SELECT area, jsonb_object_agg(switch, CASE WHEN is_on THEN 'on' ELSE 'off' END), max(seen_at)
    FROM (
        SELECT *, CASE WHEN switch = 'trusted_access' THEN switch ELSE 'global_settings' END AS area
        FROM seen_switches
        WHERE switch IN ('trusted_access', 'cross_account_backup', 'delegated_administration', 'multi_party_approval')
    ) AS seen
    GROUP BY area;
