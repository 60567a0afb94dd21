//! Trying out what the groups of an identity provider stand for. The form is posted to the page itself, so that the token is in
//! no address and it works without scripts.

use leptos::prelude::*;
use model::{
    access::Scope,
    paths,
    session::ProviderLink,
    team::{GivenGrant, GrantSource, MappingPage, MappingTrial, TokenVerdict, TriedMapping},
};

use crate::{
    components::{
        Button, Card, Choice, Column, Crumb, Fact, KeyValue, Kind, Notice, PageHeader, Pill, Row, Select,
        Table, TextArea, Tone, icons, load_page,
    },
    server_fns,
};

/// The page for trying out mappings.
#[component]
pub fn TryMappingPage() -> impl IntoView {
    let page = Resource::new(|| (), |()| server_fns::mapping_page());
    load_page(page, |MappingPage { providers, tried }| {
        let subtitle =
            "What a token of an identity provider would be worth here, before anybody signs in with it.";
        let chosen = tried.as_ref().map(|tried| tried.provider.clone()).unwrap_or_default();
        let (refused, trial) = match tried.map(|TriedMapping { outcome, .. }| outcome) {
            None => (None, None),
            Some(Ok(trial)) => (None, Some(trial)),
            Some(Err(why)) => (Some(why), None),
        };
        let form = if providers.is_empty() {
            view! {
                <Notice tone=Tone::Info title="There is no identity provider">
                    "The file that HOLDFAST_PROVIDERS_FILE names has none. docs/sign-in.md says what to write there."
                </Notice>
            }
            .into_any()
        } else {
            view! { <MappingForm providers chosen refused/> }.into_any()
        };
        view! {
            <PageHeader title="Try a mapping" crumbs=vec![Crumb::new("Team", paths::TEAM)] subtitle=subtitle.into_any()/>
            <div class="stack">
                {form}
                {trial.map(|trial| view! { <Trial trial/> })}
            </div>
        }
    })
}

#[component]
fn MappingForm(providers: Vec<ProviderLink>, chosen: String, refused: Option<String>) -> impl IntoView {
    let choices = providers.into_iter().map(|provider| Choice::new(provider.name, provider.title)).collect();
    let help = "A token (JWT) that the provider made, or the claims of one as JSON. It is not kept, and nothing is changed."
        .to_owned();
    let refused = refused.map(|why| super::roles::capital(&why) + ".");
    view! {
        <Card title="Token or claims">
            <form class="form" method="post" action=paths::MAPPING autocomplete="off">
                <Select name="provider" label="Identity provider" choices value=chosen/>
                <TextArea name="token" label="Token or claims" rows=8 mono=true required=true maxlength=65_536 help=Some(help) error=refused/>
                <div><Button label="Try it" kind=Kind::Primary submit=true/></div>
            </form>
        </Card>
    }
}

/// What came of it.
#[component]
fn Trial(trial: MappingTrial) -> impl IntoView {
    let (tone, title) = if trial.is_refused() {
        (Tone::Warn, "Whoever came with this would be refused")
    } else {
        (Tone::Good, "Whoever came with this, fresh from the provider, would be let in as far as it tells")
    };
    let problems: Vec<_> =
        trial.problems.iter().map(|problem| view! { <li>{problem.clone()}</li> }).collect();
    let problems = (!problems.is_empty()).then(|| view! { <ul>{problems}</ul> });
    view! {
        <Notice tone title>
            {problems}
            "Nothing was changed, and the token was not kept. The nonce is not checked: it belongs to one sign-in."
        </Notice>
        {checks(&trial)}
        {person(&trial)}
        {grants(&trial)}
    }
}

fn checks(trial: &MappingTrial) -> AnyView {
    let rows = trial.checks.iter().map(|check| {
        let (tone, icon) = match check.verdict {
            TokenVerdict::Right => (Tone::Good, icons::CHECK),
            TokenVerdict::Old => (Tone::Warn, icons::CLOCK),
            TokenVerdict::Wrong => (Tone::Bad, icons::STOPPED),
            TokenVerdict::Unknown => (Tone::Idle, icons::INFO),
        };
        Row::new(vec![
            view! { <strong>{check.part.words()}</strong> }.into_any(),
            view! { <Pill text=check.verdict.words() tone icon/> }.into_any(),
            check.why.clone().into_any(),
        ])
    });
    let rows: Vec<Row> = rows.collect();
    let columns = ["What", "Verdict", "Why"].map(Column::new).to_vec();
    view! {
        <Card title="What a sign-in checks" flush=true>
            <Table caption="What a sign-in checks" columns rows/>
        </Card>
    }
    .into_any()
}

fn person(trial: &MappingTrial) -> AnyView {
    let (issuer, subject) = trial.identity.clone();
    let subject = if subject.is_empty() { "nobody".to_owned() } else { subject };
    let directory = trial.directory.clone().map(|(claim, value)| {
        view! { <Fact label="In the directory" wide=true>{format!("whoever has {value} ({claim})")}</Fact> }
    });
    let groups = match &trial.groups {
        None => "none are read from the token".to_owned(),
        Some(groups) if groups.is_empty() => "none".to_owned(),
        Some(groups) => groups.join(", "),
    };
    view! {
        <Card title="Who it would be">
            <KeyValue>
                <Fact label="Subject" wide=true>{subject}</Fact>
                <Fact label="Issuer" wide=true>{issuer}</Fact>
                {directory}
                <Fact label="Groups" wide=true>{groups}</Fact>
            </KeyValue>
        </Card>
    }
    .into_any()
}

fn grants(trial: &MappingTrial) -> AnyView {
    let mapped = trial.grants.iter().map(|given| {
        let GivenGrant { grant, source } = given;
        let group = match source {
            GrantSource::Mapping { group, .. } => group.clone(),
            other => other.words(),
        };
        let part = match &grant.scope {
            Scope::All => view! { <Pill text="everything" icon=icons::ROOT/> }.into_any(),
            Scope::Below(tops) => tops
                .iter()
                .map(|top| {
                    let name = trial.place(top.as_str()).to_owned();
                    view! { <Pill text=name icon=icons::OU href=paths::target(top)/>" " }
                })
                .collect::<Vec<_>>()
                .into_any(),
        };
        let role = super::roles::capital(grant.role.word());
        Row::new(vec![view! { <strong>{group}</strong> }.into_any(), role.into_any(), part])
    });
    let nothing = || view! { <span class="muted">"nothing: no row names it"</span> }.into_any();
    let unmapped = trial.unmapped.iter().map(|group| {
        Row::new(vec![view! { <strong>{group.clone()}</strong> }.into_any(), nothing(), ().into_any()])
    });
    let rows: Vec<Row> = mapped.chain(unmapped).collect();
    let columns = ["Group", "Role", "Limited to"].map(Column::new).to_vec();
    let table = if rows.is_empty() {
        view! { <p class="card-body muted">"No groups: they would sign in with what they were given by hand or by invitation."</p> }
            .into_any()
    } else {
        view! { <Table caption="What the groups stand for" columns rows/> }.into_any()
    };
    view! { <Card title="What the groups stand for" flush=true>{table}</Card> }.into_any()
}
