//! The page of an account, an OU or the root.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use model::{JobFilter, access::Rights, organization::TargetDetail, paths};

use super::{attached::Attached, effective::Effective};
use crate::{
    components::{
        AccountStatus, Card, Crumb, Fact, KeyValue, LinkButton, PageHeader, Tab, Tabs, Time, icons, load_page,
    },
    error::AppError,
    server_fns,
    shell::{AuditLink, use_synced},
    words::counted,
};

/// The page of one place. `?tab=attached` shows the policies attached at or above it, `?tab=effective` an account's
/// effective policy, which is also what an account shows first.
#[component]
pub fn TargetPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let tab = Memo::new(move |_| query.with(|q| q.get("tab").unwrap_or_default()));
    let synced = use_synced();
    let target = Resource::new(move || (id.get(), synced.get()), |(id, _)| read(id));
    load_page(target, move |(target, rights)| view! { <TargetView target rights tab/> })
}

async fn read(id: String) -> Result<(TargetDetail, Option<Rights>), AppError> {
    let target = server_fns::target(id).await?;
    Ok((target, server_fns::frame().await?.me.map(|me| me.rights)))
}

#[component]
fn TargetView(target: TargetDetail, rights: Option<Rights>, tab: Memo<String>) -> impl IntoView {
    let account = target.node.id.account();
    let is_account = account.is_some();
    let crumbs = std::iter::once(Crumb::new("Organization", paths::ORGANIZATION))
        .chain(target.ancestors.iter().map(|a| Crumb::new(a.name.clone(), paths::target(&a.id))))
        .collect();
    let condition = if is_account { "account" } else { "ou" };
    let jobs = paths::jobs(&JobFilter::from_pairs([(condition, target.node.id.as_str())]).0);
    let actions = view! {
        <AuditLink id=target.node.id.as_str() rights/>
        <LinkButton label="Jobs" href=jobs icon=icons::JOBS/>
    };
    let shows_effective = Memo::new(move |_| is_account && tab.with(|tab| tab != "attached"));
    let (tabs_of, facts_of) = (target.clone(), target.clone());
    let content = move || match account.clone().filter(|_| shows_effective.get()) {
        Some(account) => view! { <Effective account/> }.into_any(),
        None => view! { <Attached target=target.clone()/> }.into_any(),
    };
    view! {
        <PageHeader
            title=facts_of.node.name.clone()
            crumbs
            subtitle=subtitle(&facts_of).into_any()
            actions=actions.into_any()
        />
        {(!is_account).then(|| facts(&facts_of))}
        {move || is_account.then(|| tabs(&tabs_of, shows_effective.get()))}
        {content}
    }
}

fn subtitle(target: &TargetDetail) -> impl IntoView + use<> {
    let node = &target.node;
    let place: Vec<_> = target.ancestors.iter().map(|a| a.name.as_str()).collect();
    let joined = node.joined_at.map(|at| format!(" · joined {}", crate::words::day(at.date())));
    let email = node.email.clone().map(|email| format!(" · {email}"));
    view! {
        <span class="cluster">
            {node.state.map(|state| view! { <AccountStatus state/> })}
            <span>
                {node.id.kind().word()}" "<code>{node.id.to_string()}</code>
                {(!place.is_empty()).then(|| format!(" · {}", place.join(" / ")))}
                {email}
                {joined}
            </span>
        </span>
    }
}

fn tabs(target: &TargetDetail, effective: bool) -> AnyView {
    let path = paths::target(&target.node.id);
    let tabs = vec![
        Tab { label: "Effective policy".into(), href: path.clone(), count: None, current: effective },
        Tab {
            label: "Attached policies".into(),
            href: format!("{path}?tab=attached"),
            count: Some(target.policies.len() as u64),
            current: !effective,
        },
    ];
    view! { <Tabs label="Views of this account" tabs/> }.into_any()
}

/// What an OU or the root holds.
fn facts(target: &TargetDetail) -> AnyView {
    let accounts = counted(target.accounts_below, "account");
    let ous = counted(target.ous_below, "OU");
    let seen_at = target.seen_at;
    let arn = target.node.arn.clone();
    view! {
        <Card>
            <KeyValue>
                <Fact label="Accounts below">{accounts}</Fact>
                <Fact label="OUs below">{ous}</Fact>
                <Fact label="ARN"><code>{arn}</code></Fact>
                {seen_at.map(|at| view! { <Fact label="Read from AWS"><Time at/></Fact> })}
            </KeyValue>
        </Card>
    }
    .into_any()
}
