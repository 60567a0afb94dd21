//! The tree of the organization.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    TargetKind,
    organization::{Coverage, Tree, TreeQuery, TreeRow},
    paths,
};

use crate::{
    components::{
        Absent, AccountStatus, Button, Card, Choice, FilterForm, LinkButton, NoMatch, OrganizationTree,
        PageHeader, Pill, SearchInput, Select, Status, Tone, TreeColumn, TreeEnd, TreeLayout, TreeState,
        icons, load_page, tree_query,
    },
    server_fns,
    shell::{NotRead, ValidityNotKnown, use_synced},
    words::{counted, thousands, total},
};

/// The organization page: its address says what is open and what is searched for. Follows each sync.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    let query = use_query_map();
    let query = Memo::new(move |_| query.with(tree_query));
    let synced = use_synced();
    let tree = Resource::new(move || (query.get(), synced.get()), |(query, _)| server_fns::tree(query));
    let state = TreeState::new(paths::ORGANIZATION, query, None);
    load_page(tree, move |tree| view! { <TreeView tree query=query.get_untracked() state=state.clone()/> })
}

#[component]
fn TreeView(tree: Tree, query: TreeQuery, state: TreeState) -> impl IntoView {
    let subtitle = if tree.read {
        format!(
            "{} in {} · up to {} backup policies on each",
            counted(tree.accounts, "account"),
            counted(tree.ous, "OU"),
            tree.policies_per_target
        )
    } else {
        "Not read from AWS yet".to_owned()
    };
    let (search, only) = (query.q.clone(), query.only.clone());
    let found = found(&tree, &query);
    let table = table(tree, &query, state);
    view! {
        <PageHeader title="Organization" subtitle=subtitle.into_any()/>
        <FilterForm action=paths::ORGANIZATION label="Search the organization">
            <SearchInput name="q" label="Search by name, id or email" value=search/>
            <Select name="only" label="Show" choices=sorts() value=only/>
            <Button label="Search" submit=true/>
            {found}
        </FilterForm>
        {table}
    }
}

fn sorts() -> Vec<Choice> {
    let sorts = Coverage::TABLE.iter().map(|(_, name, words)| Choice::new(*name, *words));
    std::iter::once(Choice::new("", "All accounts and OUs")).chain(sorts).collect()
}

/// How many match, and the way back to all.
fn found(tree: &Tree, query: &TreeQuery) -> Option<AnyView> {
    // Where AWS does not tell what is asked for, none is not what was found.
    let unknown = tree.rows.is_empty() && is_half_known(tree, query);
    if !query.is_narrowed() || !tree.read || unknown {
        return None;
    }
    let words =
        if tree.total.count == 1 { "1 match".into() } else { format!("{} matches", total(tree.total)) };
    Some(
        view! {
            <span role="status" class="muted">{words}</span>
            <LinkButton label="Clear filter" href=paths::ORGANIZATION icon=icons::CLOSE/>
        }
        .into_any(),
    )
}

fn table(tree: Tree, query: &TreeQuery, state: TreeState) -> AnyView {
    if !tree.read {
        return view! { <Card><NotRead what="Accounts, OUs and their policies" icon=icons::ORGANIZATION/></Card> }
            .into_any();
    }
    let half = is_half_known(&tree, query).then(|| view! { <ValidityNotKnown/> }.into_any());
    if tree.rows.is_empty() && half.is_some() {
        let text = "Holdfast itself finds no effective policy invalid here.";
        let all = view! { <LinkButton label="Clear filter" href=paths::ORGANIZATION/> }.into_any();
        return view! {
            {half}
            <Card><Absent title="Not known" text icon=icons::HELP action=all/></Card>
        }
        .into_any();
    }
    if tree.rows.is_empty() {
        return view! {
            <Card><NoMatch what="accounts or OUs" clear=paths::ORGANIZATION/></Card>
        }
        .into_any();
    }
    let shown = tree.rows.len();
    view! {
        {half}
        <OrganizationTree state=state.clone() rows=tree.rows.clone() layout=TreeLayout::Grid(&COLUMNS)/>
        <p class="muted small">{format!("{} rows shown.", thousands(shown as u64))}</p>
        <TreeEnd state tree/>
    }
    .into_any()
}

/// Whether the filter asks for what AWS does not tell, so that only Holdfast's own finding counts.
fn is_half_known(tree: &Tree, query: &TreeQuery) -> bool {
    query.coverage() == Some(Coverage::Outdated) && !tree.invalid_is_known
}

/// What stands beside the names.
static COLUMNS: [TreeColumn; 3] = [
    TreeColumn { title: "State", label: "State", number: false, cell: state },
    TreeColumn { title: "Accounts", label: "Accounts", number: true, cell: accounts },
    TreeColumn { title: "Attached policies", label: "Attached", number: false, cell: attached },
];

fn state(row: &TreeRow) -> AnyView {
    let outdated = row.outdated.then(|| view! { <Status tone=Tone::Bad word="Outdated policy"/> });
    let state = row.state.map(|state| view! { <AccountStatus state/> });
    view! { <span class="cluster">{state}{outdated}</span> }.into_any()
}

fn accounts(row: &TreeRow) -> AnyView {
    (row.kind() != TargetKind::Account).then(|| thousands(row.accounts_below)).into_any()
}

fn attached(row: &TreeRow) -> AnyView {
    let policies: Vec<_> = row
        .policies
        .iter()
        .map(|p| view! { <Pill text=p.name.clone() href=paths::policy(&p.id) tone=Tone::Accent icon=icons::POLICY/> })
        .collect();
    (!policies.is_empty()).then(|| view! { <span class="pills">{policies}</span> }).into_any()
}
