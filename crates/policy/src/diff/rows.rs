//! Which keys of a policy stand for something an administrator counts, and how each setting is compared.

use super::at::At;
use super::{Change, ChangeKind as Kind, Effect, compare};
use crate::fragment::Setting;
use crate::path::Path;

/// Puts the difference of one setting into words.
pub(super) type Compare = fn(&At, Option<&Setting>, Option<&Setting>) -> Vec<Change>;

/// What is known about a place of the language; `*` in a place stands for any one key.
pub(super) enum Row {
    /// Something that is there or not: one change says so, whatever it holds.
    Thing { place: &'static str, added: (Kind, Effect), lost: (Kind, Effect) },
    /// A setting.
    Leaf { place: &'static str, compare: Compare },
}

impl Row {
    fn place(&self) -> &'static str {
        match self {
            Self::Thing { place, .. } | Self::Leaf { place, .. } => place,
        }
    }
}

const fn protects(place: &'static str, added: Kind, lost: Kind) -> Row {
    Row::Thing { place, added: (added, Effect::Strengthens), lost: (lost, Effect::Weakens) }
}

const fn narrows_by(place: &'static str) -> Row {
    Row::Thing {
        place,
        added: (Kind::SelectionNarrowed, Effect::Weakens),
        lost: (Kind::SelectionWidened, Effect::Strengthens),
    }
}

const fn tag(place: &'static str) -> Row {
    Row::Thing {
        place,
        added: (Kind::TagsChanged, Effect::Neutral),
        lost: (Kind::TagsChanged, Effect::Neutral),
    }
}

const fn leaf(place: &'static str, compare: Compare) -> Row {
    Row::Leaf { place, compare }
}

static ROWS: [Row; 44] = [
    protects("plans/*", Kind::PlanAdded, Kind::PlanLost),
    leaf("plans/*/regions", compare::regions),
    protects("plans/*/rules/*", Kind::RuleAdded, Kind::RuleLost),
    leaf("plans/*/rules/*/schedule_expression", compare::schedule),
    leaf("plans/*/rules/*/target_backup_vault_name", compare::vault),
    leaf("plans/*/rules/*/target_logically_air_gapped_backup_vault_arn", compare::air_gapped_vault),
    leaf("plans/*/rules/*/start_backup_window_minutes", compare::window),
    leaf("plans/*/rules/*/complete_backup_window_minutes", compare::window),
    leaf("plans/*/rules/*/enable_continuous_backup", compare::continuous),
    leaf("plans/*/rules/*/lifecycle/delete_after_days", compare::retention),
    leaf("plans/*/rules/*/lifecycle/move_to_cold_storage_after_days", compare::cold_storage),
    leaf("plans/*/rules/*/lifecycle/opt_in_to_archive_for_supported_resources", compare::archive),
    protects("plans/*/rules/*/copy_actions/*", Kind::CopyAdded, Kind::CopyLost),
    leaf("plans/*/rules/*/copy_actions/*/target_backup_vault_arn", compare::copy_target),
    leaf("plans/*/rules/*/copy_actions/*/lifecycle/delete_after_days", compare::copy_retention),
    leaf("plans/*/rules/*/copy_actions/*/lifecycle/move_to_cold_storage_after_days", compare::cold_storage),
    leaf(
        "plans/*/rules/*/copy_actions/*/lifecycle/opt_in_to_archive_for_supported_resources",
        compare::archive,
    ),
    tag("plans/*/rules/*/recovery_point_tags/*"),
    leaf("plans/*/rules/*/recovery_point_tags/*/tag_key", compare::tag),
    leaf("plans/*/rules/*/recovery_point_tags/*/tag_value", compare::tag),
    leaf("plans/*/rules/*/index_actions/resource_types", compare::index),
    protects("plans/*/rules/*/scan_actions/*", Kind::ScanAdded, Kind::ScanLost),
    leaf("plans/*/rules/*/scan_actions/*/scan_mode", compare::scan_mode),
    protects("plans/*/selections/tags/*", Kind::SelectionAdded, Kind::SelectionLost),
    leaf("plans/*/selections/tags/*/iam_role_arn", compare::role),
    leaf("plans/*/selections/tags/*/tag_key", compare::selection_key),
    leaf("plans/*/selections/tags/*/tag_value", compare::chosen),
    narrows_by("plans/*/selections/tags/*/conditions/*/*"),
    leaf("plans/*/selections/tags/*/conditions/*/*/condition_key", compare::selection_key),
    leaf("plans/*/selections/tags/*/conditions/*/*/condition_value", compare::selection_key),
    protects("plans/*/selections/resources/*", Kind::SelectionAdded, Kind::SelectionLost),
    leaf("plans/*/selections/resources/*/iam_role_arn", compare::role),
    leaf("plans/*/selections/resources/*/resource_types", compare::chosen_types),
    leaf("plans/*/selections/resources/*/not_resource_types", compare::left_out),
    narrows_by("plans/*/selections/resources/*/conditions/*/*"),
    leaf("plans/*/selections/resources/*/conditions/*/*/condition_key", compare::selection_key),
    leaf("plans/*/selections/resources/*/conditions/*/*/condition_value", compare::selection_key),
    leaf("plans/*/advanced_backup_settings/*/*", compare::advanced),
    tag("plans/*/backup_plan_tags/*"),
    leaf("plans/*/backup_plan_tags/*/tag_key", compare::tag),
    leaf("plans/*/backup_plan_tags/*/tag_value", compare::tag),
    protects("plans/*/scan_settings/*", Kind::ScanAdded, Kind::ScanLost),
    leaf("plans/*/scan_settings/*/resource_types", compare::scanned),
    leaf("plans/*/scan_settings/*/scanner_role_arn", compare::role),
];

pub(super) fn row(path: &Path) -> Option<&'static Row> {
    ROWS.iter().find(|row| {
        let mut place = row.place().split('/');
        let same =
            path.segments().iter().all(|key| place.next().is_some_and(|part| part == "*" || part == &**key));
        same && place.next().is_none()
    })
}

/// True for lists that name what is not backed up.
pub(super) fn narrows(path: &Path) -> bool {
    path.last().is_some_and(|key| &**key == "not_resource_types")
}
