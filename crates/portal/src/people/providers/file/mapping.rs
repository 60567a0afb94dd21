//! Rows that say what a group stands for.

use model::{
    Role, TargetId,
    access::{Grant, Scope},
};
use serde::Deserialize;

use super::problem::ProvidersError;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingRow {
    group: String,
    role: String,
    /// OUs and accounts, with what is below them; everything without it.
    places: Option<Vec<String>>,
}

pub(super) fn mapping(name: &str, row: MappingRow) -> Result<(String, Grant), ProvidersError> {
    let MappingRow { group, role, places } = row;
    let wrong = |what: String| ProvidersError::Mapping { name: name.to_owned(), group: group.clone(), what };
    if group.is_empty() {
        return Err(wrong("a role, and has no name: write the group's".into()));
    }
    let roles = || Role::ALL.map(Role::as_str).join(", ");
    let role: Role =
        role.parse().map_err(|_| wrong(format!("“{role}”, which is no role: use one of {}", roles())))?;
    let scope = match places {
        None => Scope::All,
        Some(places) if places.is_empty() => {
            return Err(wrong("no places: name some, or leave `places` out for everything".into()));
        }
        Some(places) => {
            let id = |place: String| {
                let id = place.parse::<TargetId>();
                id.map_err(|_| wrong(format!("“{place}”, which is no id of a root, OU or account")))
            };
            Scope::Below(places.into_iter().map(id).collect::<Result<_, _>>()?)
        }
    };
    Ok((group, Grant { role, scope }))
}
