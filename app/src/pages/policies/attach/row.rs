//! What the tree of the attach dialog says of a target, and whether it may be chosen.

use leptos::prelude::*;
use model::{
    PolicyId,
    organization::{AccountState, Attachability, TreeRow},
};

use crate::{
    components::{AccountStatus, ChoiceRow, Pill, Tone, icons},
    words,
};

/// A target's row in the dialog that attaches `policy`, where a target takes `per_target` policies at most.
pub fn choice_row(row: &TreeRow, policy: &PolicyId, per_target: u64) -> ChoiceRow {
    let attachability = row.attachability(policy, per_target);
    ChoiceRow {
        fixed: match attachability {
            Attachability::Free => None,
            Attachability::Attached => Some(true),
            Attachability::Full => Some(false),
        },
        spoken: spoken(row, attachability, per_target),
        end: end(row, attachability, per_target),
    }
}

/// “3 of 10 policies”.
fn quota(row: &TreeRow, per_target: u64) -> String {
    format!("{} of {per_target} policies", row.policies.len())
}

/// The state of an account that is not active.
fn inactive(row: &TreeRow) -> Option<AccountState> {
    row.state.filter(|state| *state != AccountState::Active)
}

fn spoken(row: &TreeRow, attachability: Attachability, per_target: u64) -> String {
    let state = inactive(row).map(|state| format!(", {}", state.word().to_lowercase())).unwrap_or_default();
    let why = match attachability {
        Attachability::Free => "",
        Attachability::Attached => ", attached here",
        Attachability::Full => ", takes no more policies",
    };
    format!("{} {}, {}{state}{why}", row.kind().word(), row.name, quota(row, per_target))
}

fn end(row: &TreeRow, attachability: Attachability, per_target: u64) -> AnyView {
    let accounts = (row.accounts_below > 0).then(|| words::counted(row.accounts_below, "account"));
    let quota = quota(row, per_target);
    let mark = match attachability {
        Attachability::Attached => {
            view! { <Pill text="attached here" tone=Tone::Accent icon=icons::CHECK/> }.into_any()
        }
        Attachability::Full => {
            view! { <Pill text=format!("{quota}: detach one first") tone=Tone::Warn icon=icons::LOCK/> }
                .into_any()
        }
        Attachability::Free => view! { <span class="attach-quota">{quota}</span> }.into_any(),
    };
    view! {
        {inactive(row).map(|state| view! { <AccountStatus state/> })}
        {accounts.map(|accounts| view! { <span class="attach-accounts">{accounts}</span> })}
        {mark}
    }
    .into_any()
}
