//! The reference page of the language, written from the table.

use std::fmt::Write;

use super::regions::REGIONS;
use super::resource_types::RESOURCE_TYPES;
use super::{Form, Key, Kind, rows};

const INTRODUCTION: &str = "\
# The backup-policy language

Every key that AWS Organizations accepts in a backup policy, as Holdfast knows it. This page is written from the table in
`crates/policy/src/vocabulary/table.rs`; after a change there, renew it by
`UPDATE_DOCS=1 cargo test -p policy --test reference_page`.

A policy is a JSON object with the one key `plans`, of at most 10,000 characters, no key twice. Every setting is an object
of operators:

| Operator | On single values | On lists |
|---|---|---|
| `@@assign` | replaces what was inherited | replaces the whole list |
| `@@append` | not accepted | adds values that are not there yet |
| `@@remove` | not accepted | takes values out |
| `@@operators_allowed_for_child_policies` | what lower levels may still do | the same; also on objects, where it decides whether lower levels may add keys |

Within a level (root, OU or account) the oldest attachment's `@@assign` counts, then every `@@append`, then every `@@remove`.
A control binds lower levels only and protects its own place, not what is nested below.

`*` in a place stands for a name the author chooses. *Document* means that AWS refuses a document without the key,
*result* that the effective policy becomes invalid without it.
";

/// The page, as Markdown.
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    section(&mut page, "Plans", |place| {
        !place.starts_with("plans/*/rules/") && !place.starts_with("plans/*/selections/")
    });
    section(&mut page, "Rules", |place| place.starts_with("plans/*/rules/"));
    section(&mut page, "Selections", |place| place.starts_with("plans/*/selections/"));
    page.push_str("\n## Resource types\n\nA selection names types by these patterns, or every type by `*`. In GovCloud and China the partition differs.\n\n| Pattern | Resources |\n|---|---|\n");
    for known in &RESOURCE_TYPES {
        let _ = writeln!(page, "| `arn:aws:{}` | {} |", known.pattern, known.name);
    }
    page.push_str("\n## Regions\n\n| Code | Region |\n|---|---|\n");
    for region in &REGIONS {
        let _ = writeln!(page, "| `{}` | {} |", region.code, region.name);
    }
    page
}

fn section(page: &mut String, title: &str, belongs: fn(&str) -> bool) {
    let _ = write!(
        page,
        "\n## {title}\n\n| Place | Holds | Needed in | Without it | Meaning |\n|---|---|---|---|---|\n"
    );
    for (place, key) in rows().into_iter().filter(|(place, _)| belongs(place)) {
        let _ = writeln!(
            page,
            "| `{place}` | {} | {} | {} | {} |",
            holds(key),
            needed(key),
            default(key),
            key.help.replace('|', "\\|"),
        );
    }
}

fn holds(key: &Key) -> String {
    let mut text = match key.kind {
        Kind::Object(_) => "object".to_owned(),
        Kind::Named(Form::TagId, _) => "entries named by their tag key".to_owned(),
        Kind::Named(form, _) => format!("entries, each under {}", form.describe()),
        Kind::Scalar(form) => form.describe(),
        Kind::List { of, .. } => format!("list, each {}", of.describe()),
    };
    match key.elements {
        Some((least, usize::MAX)) => {
            let _ = write!(text, "; at least {least}");
        }
        Some((least, most)) => {
            let _ = write!(text, "; {least} to {most}");
        }
        None => {}
    }
    if let Some(most) = key.quota {
        let _ = write!(text, "; at most {most} by AWS Backup's quotas");
    }
    text
}

fn default(key: &Key) -> String {
    let counted = key.default.bytes().all(|byte| byte.is_ascii_digit()) && !key.default.is_empty();
    if counted { format!("{} {}", key.default, key.unit) } else { key.default.to_owned() }
}

fn needed(key: &Key) -> String {
    let places = match (key.need.in_document, key.need.in_effective) {
        (true, true) => "document, result",
        (true, false) => "document",
        (false, true) => "result",
        (false, false) => "",
    };
    let unless = key.need.unless.map(|other| format!(" unless `{other}`"));
    format!("{places}{}", unless.unwrap_or_default())
}
