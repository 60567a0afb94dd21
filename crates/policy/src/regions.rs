//! The Regions that a policy names.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::choices::spells;
use crate::document::{Document, Node, Value};
use crate::operator::Operator;

/// The Regions in which a policy has backups made (`regions`) or copied to (ARNs of vaults), by how they are written: not
/// only those in [`crate::vocabulary::regions::region`]. What it takes out of an inherited list does not count.
#[must_use]
pub fn regions_in(document: &Document) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    collect(document.root(), false, &mut found);
    found
}

fn collect(node: &Node, of_regions: bool, found: &mut BTreeSet<Arc<str>>) {
    for member in node.members() {
        found.extend(region_of_vault(&member.key));
        if Operator::of_key(&member.key) != Some(Operator::Remove) {
            collect(&member.node, of_regions || spells("regions", &member.key), found);
        }
    }
    node.elements().iter().for_each(|element| collect(element, of_regions, found));
    match &node.value {
        Value::String(text) if of_regions && is_region(text) => {
            found.insert(text.clone());
        }
        Value::String(text) => found.extend(region_of_vault(text)),
        _ => {}
    }
}

fn region_of_vault(text: &str) -> Option<Arc<str>> {
    let mut parts = text.split(':');
    let is_vault = parts.next() == Some("arn") && parts.nth(1) == Some("backup");
    parts.next().filter(|region| is_vault && is_region(region)).map(Into::into)
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

    fn found(policy: &str) -> Vec<String> {
        regions_in(&Document::parse(policy).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn regions_are_found_where_backups_are_made_and_where_copies_go() {
        let policy = r#"{"plans":{"daily":{
            "regions":{"@@assign":["eu-west-1","us-gov-east-1"],"@@remove":["ap-south-1"]},
            "rules":{"nightly":{"copy_actions":{"arn:aws:backup:eu-central-1:$account:backup-vault:x":{
                "target_backup_vault_arn":{"@@assign":"arn:aws:backup:eu-north-1:$account:backup-vault:x"}}},
                "note":{"@@assign":"us-east-2"}}}}}}"#;
        assert_eq!(found(policy), ["eu-central-1", "eu-north-1", "eu-west-1", "us-gov-east-1"]);
    }

    #[test]
    fn keys_count_however_they_are_capitalized() {
        let policy =
            r#"{"plans":{"daily":{"REGIONS":{"@@Assign":["eu-west-1"],"@@Remove":["ap-south-1"]}}}}"#;
        assert_eq!(found(policy), ["eu-west-1"]);
    }

    #[test]
    fn what_is_no_region_is_not_asked() {
        for text in
            ["", "eu-west", "all", "eu-west-1a", "$region", "arn:aws:backup:eu-west-1", "../x-1", "EU-WEST-1"]
        {
            assert!(!is_region(text), "{text}");
        }
    }
}
