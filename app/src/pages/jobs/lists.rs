//! The foot of the jobs page: how new each list is, what could not be read, and why.

use leptos::prelude::*;
use model::job::lists::{AccountsRead, Cover, JobListState, OddRow};

use crate::{
    components::{Pill, Time, Tone},
    words::counted,
};

/// Odd rows named on the page; the rest is counted.
const NAMED: usize = 10;

/// How new the jobs of each Region are, what could not be read, and rows that AWS sent in a form of its own.
#[component]
pub fn Lists(cover: Cover) -> impl IntoView {
    let mut regions: Vec<&str> = cover.lists.iter().map(|list| list.region.as_str()).collect();
    regions.dedup();
    let ages: Vec<_> = regions.iter().map(|region| age(region, &cover)).collect();
    let problems: Vec<_> = cover.lists.iter().filter_map(problem).collect();
    let problems = (!problems.is_empty())
        .then(|| view! { <ul class="region-problems" aria-label="Not read">{problems}</ul> });
    (!regions.is_empty()).then(|| {
        view! {
            <div class="newest">
                <span>"Jobs read at"</span>
                <ul aria-label="When the jobs of each Region were read">{ages}</ul>
            </div>
            {problems}
            {odd(&cover)}
        }
    })
}

/// A Region is as old as that of its lists that was read longest ago, and has no age while one never was.
fn age(region: &str, cover: &Cover) -> AnyView {
    let lists = || cover.lists.iter().filter(|list| list.region == region);
    let read_at = lists().map(|list| list.read_at).min().flatten();
    let part = lists().any(|list| list.read_at.is_some());
    let read = match read_at {
        Some(at) => view! { <Time at/> }.into_any(),
        None if part => "not all kinds yet".into_any(),
        None => "not yet".into_any(),
    };
    view! { <li><span class="mono">{region.to_owned()}</span>" "{read}</li> }.into_any()
}

fn problem(list: &JobListState) -> Option<AnyView> {
    let accounts = list.accounts.map(accounts);
    let words: Vec<String> = list.problem.clone().into_iter().chain(accounts).collect();
    let label = format!("{} jobs of {}", list.kind.word(), list.region);
    (!words.is_empty())
        .then(|| view! { <li><Pill text=label tone=Tone::Warn/>" "{words.join(". ")}</li> }.into_any())
}

/// How far a list is that is asked for account by account.
fn accounts(AccountsRead { read, of, oldest_at }: AccountsRead) -> String {
    let oldest =
        oldest_at.map(|at| format!(", the oldest at {}", crate::words::moment(at, time::UtcOffset::UTC)));
    format!(
        "Asked account by account: {read} of {} read{}",
        counted(of, "account"),
        oldest.unwrap_or_default()
    )
}

/// “3 jobs could not be read”, and why.
fn odd(cover: &Cover) -> Option<AnyView> {
    let rows = cover.odd_rows();
    let more = cover.lists.iter().any(|list| list.odd_more);
    let title = odd_title(&rows, more)?;
    let items: Vec<_> =
        rows.iter().take(NAMED).map(|(list, row)| view! { <li>{odd_words(list, row)}</li> }).collect();
    let rest = rows.len().saturating_sub(NAMED);
    let rest = (rest > 0 || more).then(|| view! { <li>"The log names the others."</li> });
    Some(
        view! {
            <details class="odd-rows">
                <summary>{title}</summary>
                <ul>{items}{rest}</ul>
                <p>"They are asked for again every hour."</p>
            </details>
        }
        .into_any(),
    )
}

/// How many rows are missing, and how many are shown without a member.
fn odd_title(rows: &[(&JobListState, &OddRow)], more: bool) -> Option<String> {
    let at_least = if more { "At least " } else { "" };
    let count = |kept: bool| rows.iter().filter(|(_, row)| row.kept == kept).count() as u64;
    let lost =
        (count(false) > 0).then(|| format!("{at_least}{} could not be read", counted(count(false), "job")));
    let kept = (count(true) > 0)
        .then(|| format!("{} shown without what AWS sent in another form", counted(count(true), "job")));
    match (lost, kept) {
        (Some(lost), Some(kept)) => Some(format!("{lost}, {kept}")),
        (lost, kept) => lost.or(kept),
    }
}

fn odd_words(list: &JobListState, row: &OddRow) -> String {
    let id =
        row.id.as_deref().map_or_else(|| "a job without a readable id".to_owned(), |id| format!("job {id}"));
    let OddRow { member, why, .. } = row;
    format!("{} list of {}, {id}: {member} {why}", list.kind.word(), list.region)
}

#[cfg(test)]
mod tests {
    use model::JobKind;

    use super::*;

    #[test]
    fn odd_rows_are_counted_and_named_with_list_member_and_reason() {
        let list = JobListState::untried("eu-west-1", JobKind::Copy);
        let lost = OddRow::lost(Some("c-1".into()), "AccountId", "is missing");
        let kept = OddRow { kept: true, ..OddRow::lost(None, "PercentDone", "is a number") };
        assert_eq!(odd_title(&[], false), None);
        assert_eq!(odd_title(&[(&list, &lost)], true).unwrap(), "At least 1 job could not be read");
        let both = odd_title(&[(&list, &lost), (&list, &kept)], false).unwrap();
        assert_eq!(both, "1 job could not be read, 1 job shown without what AWS sent in another form");
        assert_eq!(odd_words(&list, &lost), "Copy list of eu-west-1, job c-1: AccountId is missing");
    }
}
