//! How places of a policy are called in a sentence.

use crate::path::Path;
use crate::vocabulary::{self, Kind};

/// What a setting belongs to: `rule “nightly” of plan “daily”`.
pub(super) fn subject(path: &Path) -> String {
    let keys: Vec<&str> = path.segments().iter().map(|key| &**key).collect();
    match keys.as_slice() {
        ["plans", plan, "rules", rule, rest @ ..] => {
            let rule = format!("rule “{rule}” of plan “{plan}”");
            match rest {
                ["copy_actions", vault, ..] => format!("the copy to {vault} in {rule}"),
                ["recovery_point_tags", tag] => format!("recovery point tag “{tag}” of {rule}"),
                ["scan_actions", _] => format!("the malware scan of {rule}"),
                _ => rule,
            }
        }
        ["plans", plan, "selections", _, selection, rest @ ..] => {
            let selection = format!("selection “{selection}” of plan “{plan}”");
            match rest {
                ["conditions", _, condition, ..] => format!("condition “{condition}” of {selection}"),
                _ => selection,
            }
        }
        ["plans", plan, "backup_plan_tags", tag] => format!("tag “{tag}” of plan “{plan}”"),
        ["plans", plan, "scan_settings", _] => format!("the malware scan settings of plan “{plan}”"),
        ["plans", plan, ..] => format!("plan “{plan}”"),
        _ => "the policy".to_owned(),
    }
}

/// A place with what it belongs to: `“Delete after” of rule “nightly” of plan “daily”`.
pub(super) fn setting(path: &Path) -> String {
    let Some(row) = vocabulary::lookup(path) else { return format!("“{path}”") };
    match (row.key, &row.kind) {
        ("" | "*", _) => subject(path),
        (_, Kind::Scalar(_) | Kind::List { .. } | Kind::Object(_) | Kind::Named(..))
            if path.segments().len() > 1 =>
        {
            format!("“{}” of {}", row.title, subject(path))
        }
        _ => "the list of plans".to_owned(),
    }
}

pub(super) fn sentence_case(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
