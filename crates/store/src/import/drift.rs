//! What an import finds changed in AWS that nobody changed through the portal.

use sqlx::PgConnection;

use crate::{StoreError, events::not_ours};

/// Compares what is staged with what readers see, and writes down what differs. The portal's own changes are in both
/// before they get here; one that is in AWS and not yet in the store is known by the step of its change
/// set. The first reading of an organization finds nothing changed.
const DRIFT: &str = concat!(
    "
    WITH import AS (
        SELECT promoted_at, facts, policy_type_enabled FROM imports WHERE import_id = $1
    ), known AS (
        SELECT o.seen_at AS since, o.facts, o.policy_type_known, o.policy_type_known_at
        FROM organization o, import i
        WHERE o.seen_at IS NOT NULL AND o.facts ->> 'id' = i.facts ->> 'id'
    ), new_nodes AS (
        SELECT * FROM staged_nodes WHERE import_id = $1
    ), new_policies AS (
        SELECT * FROM staged_policies WHERE import_id = $1 AND NOT removed
    ), new_attachments AS (
        SELECT a.policy, a.target FROM staged_attachments a JOIN new_policies p ON p.id = a.policy
        WHERE a.import_id = $1 AND NOT a.removed
    ), changed_nodes AS (
        SELECT coalesce(n.id, o.id) AS id, coalesce(n.name, o.name) AS name,
            CASE WHEN coalesce(n.id, o.id) ~ '^[0-9]' THEN 'account' ELSE 'ou' END AS sort,
            o.id IS NOT NULL AS was, n.id IS NOT NULL AS is_there, o.parent AS old_parent, n.parent AS new_parent,
            o.name AS old_name, n.name AS new_name, o.state AS old_state, n.state AS new_state
        FROM nodes o FULL JOIN new_nodes n USING (id)
        WHERE (o.parent, o.name, o.state) IS DISTINCT FROM (n.parent, n.name, n.state)
            OR o.id IS NULL OR n.id IS NULL
    ), changed_policies AS (
        SELECT coalesce(n.id, o.id) AS id, coalesce(n.name, o.name) AS name, o.id IS NOT NULL AS was,
            n.id IS NOT NULL AS is_there, o.name AS old_name, n.name AS new_name,
            o.description AS old_description, n.description AS new_description,
            o.content AS old_content, n.content AS new_content
        FROM policies o FULL JOIN new_policies n USING (id)
    ), found (rank, kind, subject, subject_name, target, target_name, before, after) AS (
        SELECT 1, n.sort || '_' || c.what, n.id, n.name, '', '', c.before, c.after
        FROM changed_nodes n
        LEFT JOIN nodes o ON o.id = n.old_parent LEFT JOIN new_nodes p ON p.id = n.new_parent
        CROSS JOIN LATERAL (VALUES
            ('added', NOT was, NULL, format('%s (%s)', p.name, p.id)),
            ('removed', NOT is_there, format('%s (%s)', o.name, o.id), NULL),
            ('moved', was AND is_there AND old_parent <> new_parent,
                format('%s (%s)', o.name, o.id), format('%s (%s)', p.name, p.id)),
            -- The name of an OU that nobody showed was its id.
            ('renamed', was AND is_there AND old_name NOT IN (new_name, n.id), old_name, new_name),
            ('state', was AND is_there AND old_state <> new_state, old_state, new_state)
        ) AS c (what, holds, before, after) WHERE c.holds
        UNION ALL
        SELECT 2, 'policy_' || c.what, n.id, n.name, '', '', c.before, c.after
        FROM changed_policies n CROSS JOIN LATERAL (VALUES
            ('created', NOT was, NULL, nullif(new_content, '')),
            ('deleted', NOT is_there, nullif(old_content, ''), NULL),
            -- One that was never read before is not another now.
            ('edited', was AND is_there AND old_content NOT IN (new_content, ''), old_content, new_content),
            ('renamed', was AND is_there AND old_name <> new_name, old_name, new_name),
            ('described', was AND is_there AND old_description <> new_description, old_description, new_description)
        ) AS c (what, holds, before, after) WHERE c.holds
        UNION ALL
        -- What was attached to an account or OU that is gone went with it.
        SELECT 3, CASE WHEN n.policy IS NULL THEN 'policy_detached' ELSE 'policy_attached' END,
            policy, p.name, target, t.name, NULL, NULL
        FROM attachments o FULL JOIN new_attachments n USING (policy, target)
        JOIN changed_policies p ON p.id = policy JOIN new_nodes t ON t.id = target
        WHERE (n.policy IS NULL OR o.policy IS NULL)
            -- What could not be read before is not new.
            AND NOT EXISTS (SELECT FROM unread_parts u WHERE u.part = 'policy_targets' AND u.id = policy)
        UNION ALL
        SELECT 0, 'switch_turned', c.name, '', '', '', CASE WHEN was_on THEN 'on' ELSE 'off' END,
            CASE WHEN is_on THEN 'on' ELSE 'off' END
        FROM known k, import i, LATERAL (VALUES
            ('policy_type', k.policy_type_known, i.policy_type_enabled),
            ('all_features', (k.facts ->> 'all_features')::boolean, (i.facts ->> 'all_features')::boolean)
        ) AS c (name, was_on, is_on) WHERE was_on <> is_on
    )
    INSERT INTO events (since, seen_at, kind, subject, subject_name, target, target_name, before, after)
    -- Texts and targets may have been read later, or longer ago, than the tree; the policy type may have been changing.
    SELECT CASE WHEN f.subject = 'policy_type' THEN coalesce(k.policy_type_known_at, k.since)
            WHEN p.id IS NULL THEN k.since WHEN f.kind = 'policy_edited' THEN p.seen_at
            WHEN f.kind IN ('policy_attached', 'policy_detached') THEN p.targets_seen_at ELSE k.since END,
        i.promoted_at, f.kind, f.subject, f.subject_name, f.target, f.target_name, f.before, f.after
    FROM known k, import i, found f LEFT JOIN policies p ON p.id = f.subject
    WHERE ",
    not_ours!(),
    " ORDER BY f.rank, f.kind, f.subject, f.target"
);

/// Notes the differences; call it when the import's time of promotion is set and before anything of it is taken over.
pub(super) async fn note(connection: &mut PgConnection, import: i64) -> Result<(), StoreError> {
    sqlx::query(DRIFT).bind(import).execute(connection).await?;
    Ok(())
}
