//! Advice on copies and on what ARNs name.

use super::findings::{Findings, entries, text, values};
use crate::merge::Place;
use crate::path::Path;
use crate::vocabulary::regions::{Partition, region};

pub(super) fn check(plan_path: &Path, plan: &Place, findings: &mut Findings) {
    let regions = values(plan, "regions");
    let partition = regions.first().and_then(|code| region(code)).map(|region| region.partition);
    if let Some(partition) = partition {
        arns(plan_path, plan, partition, findings);
    }
    for (name, rule) in entries(plan, "rules") {
        let rule_path = plan_path.join("rules").join(name.clone());
        findings.names(&rule_path.join("copy_actions"), rule.child("copy_actions").unwrap_or(rule));
        for (key, copy) in entries(rule, "copy_actions") {
            let at = rule_path.join("copy_actions").join(key.clone());
            let arn = text(copy, "target_backup_vault_arn").unwrap_or(key);
            destination(&at, arn, rule, regions, findings);
        }
    }
}

/// HF015, HF016 and HF017.
fn destination(at: &Path, arn: &str, rule: &Place, regions: &[std::sync::Arc<str>], findings: &mut Findings) {
    let mut parts = arn.splitn(7, ':').skip(3);
    let (Some(to_region), Some(account), Some(_), Some(vault)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return;
    };
    let same_region = regions.iter().any(|region| &**region == to_region);
    if account == "$account" {
        if same_region && text(rule, "target_backup_vault_name") == Some(vault) {
            findings.add("HF015", at, format!("in {to_region} the copy goes to the vault it is made from"));
        }
        return;
    }
    findings.add("HF017", at, format!("the copy goes to account {account}"));
    let other = regions.iter().find(|region| &***region != to_region);
    if let Some(other) = other {
        findings.add("HF016", at, format!("from {other} the copy goes to {to_region} in account {account}"));
    }
}

/// HF018 for every ARN below.
fn arns(path: &Path, place: &Place, partition: Partition, findings: &mut Findings) {
    let named = place.value().into_iter().flat_map(|value| value.values());
    for arn in named {
        if Partition::of_arn(arn).is_some_and(|named| named != partition) {
            findings.add("HF018", path, format!("{arn} is not in partition {}", partition.code()));
        }
    }
    for (key, child) in place.remaining() {
        arns(&path.join(key.clone()), child, partition, findings);
    }
}
