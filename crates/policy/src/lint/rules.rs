//! Advice on retention, windows and vaults.

use super::findings::{Findings, child, entries, number, text};
use crate::merge::Place;
use crate::path::Path;
use crate::rules::ARCHIVE_DISTANCE_DAYS;
use crate::vocabulary::{self, Kind};

/// A start window above this is called very long.
const LONG_START_WINDOW: u64 = 24 * 60;
/// AWS Backup's defaults, in minutes.
const START_WINDOW: u64 = 8 * 60;
const COMPLETION_WINDOW: u64 = 7 * 24 * 60;

pub(super) fn check(plan_path: &Path, plan: &Place, findings: &mut Findings) {
    quotas(plan_path, plan, findings);
    let path = plan_path.join("rules");
    if let Some(rules) = child(plan, "rules") {
        findings.names(&path, rules);
    }
    for (name, rule) in entries(plan, "rules") {
        let path = path.join(name.clone());
        lifecycle(&path, rule, findings);
        retention(&path, rule, findings);
        windows(&path, rule, findings);
        if text(rule, "target_backup_vault_name") == Some("Default") {
            let at = path.join("target_backup_vault_name");
            findings.add(
                "HF028",
                &at,
                "the vault Default is not there in accounts that never used the console",
            );
        }
        for (key, copy) in entries(rule, "copy_actions") {
            lifecycle(&path.join("copy_actions").join(key.clone()), copy, findings);
        }
    }
    continuous(&path, plan, findings);
}

/// HF001, for a rule or a copy.
fn lifecycle(path: &Path, owner: &Place, findings: &mut Findings) {
    let Some(lifecycle) = child(owner, "lifecycle") else { return };
    let days =
        number(lifecycle, "move_to_cold_storage_after_days").zip(number(lifecycle, "delete_after_days"));
    let Some((cold, delete)) = days else { return };
    let archive = text(lifecycle, "opt_in_to_archive_for_supported_resources") == Some("true");
    if !archive && delete < cold.saturating_add(ARCHIVE_DISTANCE_DAYS) {
        let at = path.join("lifecycle").join("delete_after_days");
        let message = format!("deletion after {delete} days is too soon after cold storage at {cold} days");
        findings.add("HF001", &at, message);
    }
}

/// HF003 and HF005.
fn retention(path: &Path, rule: &Place, findings: &mut Findings) {
    let lifecycle = child(rule, "lifecycle");
    let cold = lifecycle.and_then(|lifecycle| text(lifecycle, "move_to_cold_storage_after_days"));
    if text(rule, "enable_continuous_backup") == Some("true") && cold.is_some() {
        findings.add(
            "HF003",
            &path.join("enable_continuous_backup"),
            "continuous backup cannot use cold storage",
        );
    }
    let delete = lifecycle.and_then(|lifecycle| text(lifecycle, "delete_after_days"));
    if findings.complete && delete.is_none() {
        findings.add("HF005", path, "recovery points are never deleted");
    }
}

/// HF007 and HF030.
fn windows(path: &Path, rule: &Place, findings: &mut Findings) {
    let start = number(rule, "start_backup_window_minutes");
    let complete = number(rule, "complete_backup_window_minutes");
    // In a document alone, the one that is missing may come from another policy.
    let known = findings.complete || (start.is_some() && complete.is_some());
    let (start_or_default, complete_or_default) =
        (start.unwrap_or(START_WINDOW), complete.unwrap_or(COMPLETION_WINDOW));
    if known && (start.is_some() || complete.is_some()) && complete_or_default <= start_or_default {
        let key =
            if complete.is_some() { "complete_backup_window_minutes" } else { "start_backup_window_minutes" };
        let message = format!(
            "{complete_or_default} minutes to complete, and up to {start_or_default} pass before the start"
        );
        findings.add("HF007", &path.join(key), message);
    }
    if let Some(start) = start.filter(|start| *start > LONG_START_WINDOW) {
        let message = format!("a job may wait {start} minutes for its start");
        findings.add("HF030", &path.join("start_backup_window_minutes"), message);
    }
}

/// HF020.
fn continuous(path: &Path, plan: &Place, findings: &mut Findings) {
    let rules = entries(plan, "rules").into_iter();
    let mut rules = rules.filter(|(_, rule)| text(rule, "enable_continuous_backup") == Some("true"));
    let Some((first, _)) = rules.next() else { return };
    for (name, _) in rules {
        let at = path.join(name.clone()).join("enable_continuous_backup");
        findings.add("HF020", &at, format!("rule “{first}” of this plan backs up continuously too"));
    }
}

/// HF013 wherever the vocabulary knows a limit that Organizations does not enforce on a document.
fn quotas(path: &Path, place: &Place, findings: &mut Findings) {
    let Some(row) = vocabulary::lookup(path) else { return };
    let most = row.quota.or_else(|| row.elements.map(|(_, most)| most).filter(|_| !findings.complete));
    let count = match row.kind {
        Kind::Scalar(_) | Kind::List { .. } => place.value().map_or(0, |value| value.values().len()),
        // Conditions are counted over all their operators.
        Kind::Object(_) if row.quota.is_some() => {
            place.remaining().map(|(_, child)| child.remaining().count()).sum()
        }
        Kind::Object(_) | Kind::Named(..) => place.remaining().count(),
    };
    if let Some(most) = most.filter(|most| count > *most) {
        findings.add(
            "HF013",
            path,
            format!("{count} in {}, AWS Backup takes at most {most}", row.title.to_lowercase()),
        );
    }
    for (key, below) in place.remaining() {
        quotas(&path.join(key.clone()), below, findings);
    }
}
