//! The Regions whose jobs are read: those configured, and those that policies name.

use std::{collections::BTreeSet, sync::PoisonError};

use serde_json::Value;

use super::{Sync, SyncError};

/// More Regions than AWS has; what policies name beyond that is nonsense that nobody should be asked for.
const MOST: usize = 100;

impl Sync {
    /// The Regions whose jobs are read, in alphabetical order.
    pub(super) fn regions(&self) -> Vec<String> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let all: BTreeSet<String> = self.configured.iter().chain(found.iter()).cloned().collect();
        all.into_iter().collect()
    }

    /// Looks for Regions in the policies that were read last; whether there are others than before.
    pub(super) async fn find_regions(&self) -> Result<bool, SyncError> {
        let snapshot = self.store.load_snapshot().await?;
        let named: BTreeSet<String> =
            snapshot.policies.iter().flat_map(|policy| regions_in(&policy.record.content)).collect();
        if named.len() > MOST {
            tracing::warn!(
                regions = named.len(),
                "policies name more Regions than there are; some are not read"
            );
        }
        let named: Vec<String> = named.into_iter().take(MOST).collect();
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let news = *found != named;
        *found = named;
        Ok(news)
    }
}

/// The Regions in which a policy has backups made (`regions`) or copied to (ARNs of vaults). What cannot be read names
/// none.
pub(crate) fn regions_in(content: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Ok(document) = serde_json::from_str::<Value>(content) {
        collect(&document, false, &mut found);
    }
    found
}

fn collect(value: &Value, of_regions: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                found.extend(region_of_vault(key));
                if key != "@@remove" {
                    collect(member, of_regions || key.eq_ignore_ascii_case("regions"), found);
                }
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, of_regions, found)),
        Value::String(text) if of_regions && is_region(text) => {
            found.insert(text.clone());
        }
        Value::String(text) => found.extend(region_of_vault(text)),
        _ => (),
    }
}

fn region_of_vault(text: &str) -> Option<String> {
    let mut parts = text.split(':');
    let is_vault = parts.next() == Some("arn") && parts.nth(1) == Some("backup");
    parts.next().filter(|region| is_vault && is_region(region)).map(str::to_owned)
}

/// As `eu-west-1` and `us-gov-east-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let Some((number, names)) = parts.split_last() else { return false };
    (2..=3).contains(&names.len())
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
        && names.iter().all(|name| name.len() >= 2 && name.bytes().all(|b| b.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_found_where_backups_are_made_and_where_copies_go() {
        let policy = r#"{"plans":{"daily":{
            "regions":{"@@assign":["eu-west-1","us-gov-east-1"],"@@remove":["ap-south-1"]},
            "rules":{"nightly":{"copy_actions":{"arn:aws:backup:eu-central-1:$account:backup-vault:x":{
                "target_backup_vault_arn":{"@@assign":"arn:aws:backup:eu-north-1:$account:backup-vault:x"}}},
                "note":{"@@assign":"us-east-2"}}}}}}"#;
        let found: Vec<String> = regions_in(policy).into_iter().collect();
        assert_eq!(found, ["eu-central-1", "eu-north-1", "eu-west-1", "us-gov-east-1"]);
    }

    #[test]
    fn what_is_no_region_is_not_asked() {
        for text in
            ["", "eu-west", "all", "eu-west-1a", "$region", "arn:aws:backup:eu-west-1", "../x-1", "EU-WEST-1"]
        {
            assert!(!is_region(text), "{text}");
        }
        assert!(regions_in("not json").is_empty());
    }
}
