//! Everybody who can sign in, for administrators.

mod about;
mod invite;
mod mapping;
mod rights;
mod roles;
mod service;
mod sign_in;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    Action, Total,
    access::{Resource as On, Scope},
    paths,
    session::Me,
    team::{GivenGrant, GrantSource, Member, Team},
};

use crate::{
    components::{
        Column, Icon, LinkButton, Menu, NoMatch, Notice, PageHeader, Pill, Row, Tab, Table, Tabs, Time, Tone,
        icons, load_page,
    },
    error::AppError,
    server_fns,
    words::counted,
};
use about::{About, AboutDialog};
use invite::InviteDialog;
pub use mapping::TryMappingPage;
use rights::RightsDialog;
use roles::RolesCard;
use service::{ServiceAccountDialog, ServiceTokenDialog, TokensDialog};
use sign_in::SignInCard;

/// Which of them are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Only {
    Everybody,
    WithoutFactor,
    Disabled,
}

impl Only {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Everybody, "", "Everybody"),
        (Self::WithoutFactor, "without-factor", "Without a second factor"),
        (Self::Disabled, "disabled", "Disabled"),
    ];

    fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|(_, known, _)| *known == name).map_or(Self::Everybody, |(only, ..)| only)
    }

    fn takes(self, member: &Member) -> bool {
        match self {
            Self::Everybody => true,
            Self::WithoutFactor => !member.disabled && !member.service && !member.means.second_factor(),
            Self::Disabled => member.disabled,
        }
    }
}

/// The page of the team. `?only=` narrows it; `?do=` and `?person=` name the dialog that is open.
#[component]
pub fn TeamPage() -> impl IntoView {
    let query = use_query_map();
    let get = move |name: &'static str| query.with(|q| q.get(name)).unwrap_or_default();
    let team = Resource::new(|| (), |()| read());
    let reload = Callback::new(move |()| team.refetch());
    load_page(team, move |(team, me)| {
        let dialog = {
            let team = team.clone();
            move || {
                let member =
                    get("person").parse().ok().and_then(|id: i64| team.members.iter().find(|m| m.id == id));
                match (get("do").as_str(), member) {
                    ("service", _) => Some(view! { <ServiceAccountDialog reload/> }.into_any()),
                    ("tokens", Some(member)) => {
                        let (member, team) = (member.clone(), team.clone());
                        Some(view! { <TokensDialog member team reload/> }.into_any())
                    }
                    ("new-token", Some(member)) if member.service => {
                        Some(view! { <ServiceTokenDialog member=member.clone() reload/> }.into_any())
                    }
                    ("invite", _) => Some(view! { <InviteDialog reload/> }.into_any()),
                    ("rights", Some(member)) => Some(
                        view! { <RightsDialog member=member.clone() kept=team.kept(member) reload/> }
                            .into_any(),
                    ),
                    (name, Some(member)) => About::from_name(name).map(|what| {
                        view! { <AboutDialog what member=member.clone() kept=team.kept(member) reload/> }
                            .into_any()
                    }),
                    (name, None) => sign_in::dialog(name, &team, reload),
                }
            }
        };
        let refused = me.as_ref().and_then(|me| me.why_not(Action::ManageTeam, &On::Organization));
        let refused_rules = refused.clone();
        let confirmed = me.is_none_or(|me| me.confirmed);
        let shown = {
            let team = team.clone();
            move || list(&team, Only::from_name(&get("only")))
        };
        let invite = view! {
            <LinkButton label="New service account" href=with("do=service") stay=true disabled=refused.clone()/>
            <LinkButton label="Invite" icon=icons::ADD kind=crate::components::Kind::Primary href=with("do=invite") stay=true disabled=refused/>
        };
        let subtitle = "Who may do what, and how they sign in. The last administrator who can sign in cannot be removed.";
        view! {
            <PageHeader title="Team" count=Some(Total::exactly(team.members.len() as u64)) subtitle=subtitle.into_any() actions=invite.into_any()/>
            {(!confirmed).then(confirm_first)}
            {shown}
            <SignInCard team=team.clone() refused=refused_rules/>
            <RolesCard/>
            {dialog}
        }
    })
}

async fn read() -> Result<(Team, Option<Me>), AppError> {
    let team = server_fns::team().await?;
    Ok((team, server_fns::frame().await?.me))
}

/// What changes here wants a password or factor of the last minutes: better asked for before anything is typed.
pub(super) fn confirm_first() -> AnyView {
    let here = leptos_router::hooks::use_location().pathname.get_untracked();
    let action =
        view! { <LinkButton label="Show that it is you" href=paths::confirm_then(&here) reload=true/> };
    view! {
        <div class="page-notice">
            <Notice tone=Tone::Info title="Changes here ask for your password, a code or a passkey" action=action.into_any()>
                "You can look without it."
            </Notice>
        </div>
    }
    .into_any()
}

fn with(query: &str) -> String {
    format!("{}?{query}", paths::TEAM)
}

fn list(team: &Team, only: Only) -> AnyView {
    let tabs = Only::ALL.map(|(one, name, label)| Tab {
        label: label.to_owned(),
        href: if name.is_empty() { paths::TEAM.to_owned() } else { with(&format!("only={name}")) },
        count: Some(team.members.iter().filter(|member| one.takes(member)).count() as u64),
        current: one == only,
    });
    let columns = vec![
        Column::new("Person"),
        Column::new("Role"),
        Column::new("Limited to"),
        Column::new("Signs in with"),
        Column::number("Sessions"),
        Column::new("Last sign-in"),
        Column::unseen("Actions"),
    ];
    let rows =
        team.members.iter().filter(|member| only.takes(member)).map(|member| row(team, member)).collect();
    let absent = view! { <NoMatch what="people" clear=paths::TEAM/> };
    view! {
        <Tabs label="People" tabs=tabs.to_vec()/>
        <Table caption="People, by name" columns rows absent=absent.into_any()/>
    }
    .into_any()
}

fn row(team: &Team, member: &Member) -> Row {
    let signed_in = match member.last_sign_in_at {
        Some(at) => view! { <Time at now=Some(team.now)/> }.into_any(),
        None => view! { <span class="muted">"never"</span> }.into_any(),
    };
    Row::new(vec![
        person(team, member),
        each(&member.given, |given| {
            view! { <span>{given.grant.role.word()}</span>{source(given)} }.into_any()
        }),
        each(&member.given, |given| scope(team, given)),
        means(member),
        member.sessions.to_string().into_any(),
        signed_in,
        actions(team, member),
    ])
}

fn person(team: &Team, member: &Member) -> AnyView {
    let own = (member.id == team.own_id).then(|| view! { " "<span class="muted">"you"</span> });
    let link = member.link.map(|link| {
        let left = (link.expires_at - team.now).whole_hours().max(0);
        let text = format!(
            "{}, {} left",
            link_word(link.purpose),
            counted(u64::try_from(left).unwrap_or_default(), "hour")
        );
        view! { " "<Pill text tone=Tone::Info icon=icons::CLOCK/> }
    });
    let told = member.directory.is_some();
    let invited = (member.link.is_none() && !member.means.any() && !told && !member.service)
        .then(|| view! { " "<Pill text="link has ended" tone=Tone::Warn icon=icons::WARN/> });
    let service = member.service.then(|| view! { " "<Pill text="service account" icon=icons::SETTINGS/> });
    let glass = team
        .rules
        .is_break_glass(member.id)
        .then(|| view! { " "<Pill text="break-glass account" tone=Tone::Warn icon=icons::KEY/> });
    let out = (!member.disabled && member.means.any() && !member.can_sign_in())
        .then(|| view! { " "<Pill text="cannot sign in: local sign-in is off" tone=Tone::Idle icon=icons::STOPPED/> });
    let disabled =
        member.disabled.then(|| view! { " "<Pill text="disabled" tone=Tone::Idle icon=icons::STOPPED/> });
    view! { <strong>{member.name.clone()}</strong>{own}{service}{link}{invited}{glass}{out}{disabled}<span class="sub">{member.email.clone()}</span> }
        .into_any()
}

const fn link_word(purpose: model::team::LinkPurpose) -> &'static str {
    match purpose {
        model::team::LinkPurpose::Invitation => "invited",
        model::team::LinkPurpose::Reset => "reset link",
    }
}

/// One line for each grant; they count side by side.
fn each(given: &[GivenGrant], line: impl Fn(&GivenGrant) -> AnyView) -> AnyView {
    if given.is_empty() {
        return view! { <span class="muted">"none"</span> }.into_any();
    }
    given
        .iter()
        .map(|given| view! { <div class="grant-line">{line(given)}</div> })
        .collect::<Vec<_>>()
        .into_any()
}

fn source(given: &GivenGrant) -> Option<AnyView> {
    matches!(given.source, GrantSource::Mapping { .. })
        .then(|| view! { <span class="sub">{given.source.words()}</span> }.into_any())
}

fn scope(team: &Team, given: &GivenGrant) -> AnyView {
    match &given.grant.scope {
        Scope::All => view! { <Pill text="everything" icon=icons::ROOT/> }.into_any(),
        Scope::Below(tops) => tops
            .iter()
            .map(|top| {
                let name = team.place(top.as_str()).to_owned();
                view! { <Pill text=name icon=icons::OU href=paths::target(top)/>" " }
            })
            .collect::<Vec<_>>()
            .into_any(),
    }
}

fn means(member: &Member) -> AnyView {
    if member.service {
        return view! { "tokens only" }.into_any();
    }
    let directory = member.directory.as_ref().map(|directory| {
        let from = if directory.active { "from the directory of" } else { "kept out by the directory of" };
        view! { <span class="sub">{format!("{from} {}", directory.title)}</span> }
    });
    if !member.means.any() {
        return view! { <span class="muted">"nothing yet"</span>{directory} }.into_any();
    }
    let (icon, tone) = if member.means.second_factor() { (icons::KEY, "") } else { (icons::WARN, "warn") };
    let kept = (!member.means.password && !member.means.providers.is_empty())
        .then(|| view! { <span class="sub">"factors are kept there"</span> });
    let more = (!member.means.second_factor()).then(|| view! { <span class="sub">"no second factor"</span> });
    view! { <span class="factors" data-tone=tone><Icon icon/>{member.means.words()}</span>{kept}{more}{directory} }
        .into_any()
}

fn actions(team: &Team, member: &Member) -> AnyView {
    let (id, kept) = (member.id, team.kept(member));
    let fitting = About::ALL.into_iter().filter(|what| what.fits(member));
    let about: Vec<_> = fitting
        .map(|what| {
            let href = with(&format!("do={}&person={id}", what.name()));
            view! { <a class="menu-item" href=href data-noscroll="">{what.label()}</a> }.into_any()
        })
        .collect();
    let summary =
        view! { <span class="button" data-size="small" data-kind="quiet">"Change"</span> }.into_any();
    view! {
        <div class="row-actions">
            <Menu label=format!("Change {}", member.name) summary class="menu-end">
                <a class="menu-item" href=with(&format!("do=rights&person={id}")) data-noscroll="">"Change role"</a>
                <a class="menu-item" href=with(&format!("do=tokens&person={id}")) data-noscroll="">"Tokens"</a>
                {about}
                {kept.map(|why| view! { <p class="menu-note">{why}</p> })}
            </Menu>
        </div>
    }
    .into_any()
}
