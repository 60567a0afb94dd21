//! The first page: is the organization protected right now.

mod chart;
mod figures;

use leptos::prelude::*;
use model::{
    organization::NodeRef,
    overview::{Cause, Overview},
    paths,
};

use self::{
    chart::JobsPerDay,
    figures::{Figures, jobs_path},
};
use crate::{
    components::{
        Absent, Card, Column, Kind, LinkButton, Notice, PageHeader, Row, Size, Table, Tone, icons, load_page,
    },
    server_fns,
    shell::use_synced,
    words::{counted, thousands},
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
    let regions = match overview.regions.len() {
        0 => "jobs not read yet".to_owned(),
        n => counted(n as u64, "Region"),
    };
    let subtitle = format!(
        "{} · {} · {} · {regions}",
        counted(overview.active_accounts, "active account"),
        counted(overview.ous, "OU"),
        counted(overview.policies, "backup policy"),
    );
    view! {
        <PageHeader title="Overview" top=true subtitle=subtitle.into_any()/>
        {invalid(&overview.invalid_accounts)}
        <Figures overview=overview.clone()/>
        <div class="overview-row">
            <JobsPerDay days=overview.days/>
            {causes(overview.causes)}
        </div>
    }
}

/// Accounts whose effective policy AWS refuses run on an older one: the first thing to know.
fn invalid(accounts: &[NodeRef]) -> Option<AnyView> {
    let count = accounts.len();
    if count == 0 {
        return None;
    }
    let named: Vec<_> = accounts
        .iter()
        .take(NAMED)
        .map(|account| view! { <li><a href=paths::target(&account.id)>{account.name.clone()}</a></li> })
        .collect();
    let more = (count > NAMED)
        .then(|| view! { <li>{format!("and {} more", thousands((count - NAMED) as u64))}</li> });
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

fn causes(causes: Vec<Cause>) -> AnyView {
    let rows = causes
        .into_iter()
        .map(|cause| {
            Row::new(vec![
                view! {
                    <strong>{title(&cause.category)}</strong>
                    <span class="sub cause-example">{cause.example}</span>
                }
                .into_any(),
                thousands(cause.jobs).into_any(),
                thousands(cause.accounts).into_any(),
            ])
        })
        .collect();
    let absent = view! {
        <Absent title="No job failed" text="No backup, copy or restore job failed in the last 7 days." icon=icons::GOOD/>
    }
    .into_any();
    let failed = jobs_path(&[("state", "failed,expired,aborted"), ("from", "7d")]);
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

/// AWS's message category as words: `AccessDenied` becomes “Access denied”.
fn title(category: &str) -> String {
    if category.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
        let lower = category.replace('_', " ").to_ascii_lowercase();
        return sentence(&lower);
    }
    let mut words = String::with_capacity(category.len() + 4);
    let mut before = ' ';
    for c in category.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
        before = c;
    }
    sentence(&words)
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_read_as_words() {
        for (category, words) in [
            ("AccessDenied", "Access denied"),
            ("VSS_ERROR", "Vss error"),
            ("other", "Other"),
            ("", ""),
            ("Vault not found", "Vault not found"),
        ] {
            assert_eq!(title(category), words);
        }
    }
}
