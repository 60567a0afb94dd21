//! The first page: is the organization protected right now.

mod chart;
mod figures;

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{
    job::lists::Cover,
    organization::{Coverage, NodeRef, Part, UnreadPart},
    overview::{Cause, Overview},
    paths,
};
use time::Date;

use self::{
    chart::JobsPerDay,
    figures::{Figures, jobs_path},
};
use crate::{
    components::{
        Absent, Card, Column, CoverNotice, Kind, LinkButton, Notice, PageHeader, Row, Size, Table, Tone,
        icons, load_page,
    },
    server_fns,
    shell::{NotRead, NotReady, ValidityNotKnown, use_synced},
    words::{self, counted, thousands},
};

/// The most invalid accounts named in the notice; the rest is counted.
const NAMED: usize = 5;

/// The overview. Follows each sync.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let synced = use_synced();
    let overview = Resource::new(move || synced.get(), |_| server_fns::overview());
    load_page(overview, |overview| view! { <OverviewView overview/> })
}

#[component]
fn OverviewView(overview: Overview) -> impl IntoView {
    if !overview.organization_read {
        return view! {
            <PageHeader title="Overview" top=true/>
            <Card><NotRead what="Figures of accounts, policies and jobs" icon=icons::ORGANIZATION/></Card>
        }
        .into_any();
    }
    // Of which of them jobs are known is said below.
    let regions: BTreeSet<&str> = overview.cover.lists.iter().map(|list| list.region.as_str()).collect();
    let regions = counted(regions.len() as u64, "Region");
    let subtitle = format!(
        "{} · {} · {} · {regions}",
        counted(overview.active_accounts, "active account"),
        counted(overview.ous, "OU"),
        counted(overview.policies, "backup policy"),
    );
    view! {
        <PageHeader title="Overview" top=true subtitle=subtitle.into_any()/>
        <NotReady/>
        {unread(&overview.unread)}
        {outdated(&overview.invalid_accounts)}
        {(!overview.invalid_is_known).then(|| view! { <ValidityNotKnown/> })}
        <CoverNotice cover=overview.cover.clone() lists=paths::JOBS/>
        <Figures overview=overview.clone()/>
        <div class="overview-row">
            <JobsPerDay days=overview.days cover=overview.cover.clone()/>
            {causes(overview.causes, overview.causes_since, &overview.cover)}
        </div>
    }
    .into_any()
}

/// What could not be read when the rest was. Parts of one kind that share their reason are told together.
fn unread(parts: &[UnreadPart]) -> Option<AnyView> {
    if parts.is_empty() {
        return None;
    }
    let groups = alike(parts);
    let more = groups.len().saturating_sub(NAMED);
    let named: Vec<_> = groups.into_iter().take(NAMED).map(unread_group).collect();
    let more =
        (more > 0).then(|| view! { <li>{format!("and {} more reasons", thousands(more as u64))}</li> });
    let title = format!("{} of the organization could not be read", counted(parts.len() as u64, "part"));
    Some(
        view! {
            <Notice tone=Tone::Warn title>
                "What is shown of them is older, or nothing. They are asked for again at every reading."
                <ul class="plain-list">{named}{more}</ul>
            </Notice>
        }
        .into_any(),
    )
}

/// Parts of one kind with one reason together, in the order in which they come first.
fn alike(parts: &[UnreadPart]) -> Vec<Vec<&UnreadPart>> {
    let mut groups: Vec<Vec<&UnreadPart>> = Vec::new();
    for part in parts {
        let same = |group: &&mut Vec<&UnreadPart>| {
            group.first().is_some_and(|first| first.part == part.part && first.reason == part.reason)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(part),
            None => groups.push(vec![part]),
        }
    }
    groups
}

fn unread_group(parts: Vec<&UnreadPart>) -> Option<AnyView> {
    let first = parts.first()?;
    let ids: Vec<_> = parts
        .iter()
        .take(NAMED)
        .map(|part| {
            let id = part.id.clone();
            let href = match part.part {
                Part::PolicyText | Part::PolicyTargets => part.id.parse().ok().map(|id| paths::policy(&id)),
                Part::Order | Part::Ous => part.id.parse().ok().map(|id| paths::target(&id)),
                Part::Row => None,
            };
            match href {
                Some(href) => view! { <li><a href=href>{id}</a></li> }.into_any(),
                None => view! { <li>{id}</li> }.into_any(),
            }
        })
        .collect();
    let more = (parts.len() > NAMED)
        .then(|| view! { <li>{format!("{} more", thousands((parts.len() - NAMED) as u64))}</li> });
    let (what, reason) = (first.part.words(), first.reason.clone());
    Some(view! { <li>{what}" "<ul class="inline-list">{ids}{more}</ul>": "{reason}</li> }.into_any())
}

/// Accounts whose effective policy AWS refuses run on an older one: the first thing to know.
fn outdated(accounts: &[NodeRef]) -> Option<AnyView> {
    let count = accounts.len();
    if count == 0 {
        return None;
    }
    let named: Vec<_> = accounts
        .iter()
        .take(NAMED)
        .map(|account| view! { <li><a href=paths::target(&account.id)>{account.name.clone()}</a></li> })
        .collect();
    let more = (count > NAMED).then(|| {
        let all = format!("and {} more", thousands((count - NAMED) as u64));
        view! { <li><a href=paths::organization_only(Coverage::Outdated)>{all}</a></li> }
    });
    let title = match count {
        1 => "1 account runs on an outdated policy".to_owned(),
        n => format!("{} accounts run on an outdated policy", thousands(n as u64)),
    };
    Some(
        view! {
            <Notice tone=Tone::Bad title>
                "The effective policy is invalid, and AWS keeps the last valid one: "
                <ul class="inline-list">{named}{more}</ul>
            </Notice>
        }
        .into_any(),
    )
}

fn causes(causes: Vec<Cause>, since: Date, cover: &Cover) -> AnyView {
    const FAILED: (&str, &str) = ("state", "failed,expired,aborted");
    let since = since.to_string();
    let rows = causes
        .into_iter()
        .map(|cause| {
            let jobs = jobs_path(&[FAILED, ("cause", &cause.category), ("from", &since)]);
            Row::new(vec![
                view! {
                    <a href=jobs><strong>{words::cause(&cause.category)}</strong></a>
                    <span class="sub cause-example">{cause.example}</span>
                }
                .into_any(),
                thousands(cause.jobs).into_any(),
                thousands(cause.accounts).into_any(),
            ])
        })
        .collect();
    let (title, text, icon) = match cover.words() {
        None => {
            let text = "No backup, copy or restore job failed in the last 7 days.".to_owned();
            ("No job failed", text, icons::GOOD)
        }
        Some(_) if cover.is_not_available() => {
            ("Jobs are not available", "This endpoint offers no lists of jobs.".to_owned(), icons::JOBS)
        }
        Some(words) if cover.has_any() => {
            let text = format!("None of the jobs that were read failed in the last 7 days: {words}.");
            ("No failed job so far", text, icons::JOBS)
        }
        Some(words) => {
            let text = format!("The causes of failed jobs appear here once jobs are read: {words}.");
            ("Jobs are not read yet", text, icons::JOBS)
        }
    };
    let absent = view! { <Absent title text icon/> }.into_any();
    let failed = jobs_path(&[FAILED, ("from", &since)]);
    let actions =
        view! { <LinkButton label="Failed jobs, 7 days" href=failed kind=Kind::Quiet size=Size::Small/> }
            .into_any();
    let columns = vec![Column::new("Cause"), Column::number("Jobs"), Column::number("Accounts")];
    view! {
        <Card title="Why jobs failed" actions flush=true>
            <Table caption="Most frequent causes of the last 7 days" columns rows absent/>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    #[test]
    fn unread_parts_of_one_kind_and_reason_are_told_together_and_none_is_lost() {
        let part = |part, id: &str, reason: &str| UnreadPart {
            part,
            id: id.into(),
            reason: reason.into(),
            since: OffsetDateTime::UNIX_EPOCH,
        };
        let parts = [
            part(Part::PolicyText, "p-a", "denied"),
            part(Part::PolicyTargets, "p-a", "denied"),
            part(Part::PolicyText, "p-b", "denied"),
            part(Part::PolicyText, "p-c", "throttled"),
        ];
        let groups = alike(&parts);
        let ids: Vec<Vec<&str>> =
            groups.iter().map(|group| group.iter().map(|part| part.id.as_str()).collect()).collect();
        assert_eq!(ids, [vec!["p-a", "p-b"], vec!["p-a"], vec!["p-c"]]);
    }
}
