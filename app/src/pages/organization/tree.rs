//! The tree of the organization.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use model::{
    organization::{Coverage, Tree, TreeQuery},
    paths,
};

use super::{
    keys::{on_keydown, one_tab_stop},
    rows::Rows,
};
use crate::{
    components::{
        Absent, Button, Card, Choice, FilterForm, LinkButton, NoMatch, PageHeader, SearchInput, Select,
        icons, load_page,
    },
    server_fns,
    shell::use_synced,
    words::{counted, thousands, total},
};

/// The organization page: its address says what is open and what is searched for. Follows each sync.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    let query = use_query_map();
    let query = Memo::new(move |_| query.with(read));
    let synced = use_synced();
    let tree = Resource::new(move || (query.get(), synced.get()), |(query, _)| server_fns::tree(query));
    let rows = Rows::new(query);
    load_page(tree, move |tree| view! { <TreeView tree query=query.get_untracked() rows=rows.clone()/> })
}

fn read(map: &ParamsMap) -> TreeQuery {
    let get = |name| map.get(name).unwrap_or_default();
    TreeQuery { q: get("q").trim().to_owned(), open: get("open"), more: get("more"), only: get("only") }
}

/// Path of the tree page that shows this much.
pub(super) fn path(query: &TreeQuery) -> String {
    let pairs = [("q", &query.q), ("only", &query.only), ("open", &query.open), ("more", &query.more)];
    let parts: Vec<_> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        // Commas may stand in a query as they are, and keep long lists readable.
        .map(|(name, value)| format!("{name}={}", paths::encode(value).replace("%2C", ",")))
        .collect();
    if parts.is_empty() {
        paths::ORGANIZATION.into()
    } else {
        format!("{}?{}", paths::ORGANIZATION, parts.join("&"))
    }
}

#[component]
fn TreeView(tree: Tree, query: TreeQuery, rows: Rows) -> impl IntoView {
    let subtitle = format!(
        "{} in {} · up to {} backup policies on each",
        counted(tree.accounts, "account"),
        counted(tree.ous, "OU"),
        tree.policies_per_target
    );
    let (search, only) = (query.q.clone(), query.only.clone());
    let found = found(&tree, &query);
    let table = table(tree, &query, &rows);
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
    if !query.is_narrowed() {
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

fn table(tree: Tree, query: &TreeQuery, rows: &Rows) -> AnyView {
    if tree.rows.is_empty() {
        return if !query.is_narrowed() {
            let text = "Accounts, OUs and their policies appear here once they are read from AWS. The top bar says how far it is.";
            view! { <Card><Absent title="The organization is not read yet" text icon=icons::ORGANIZATION/></Card> }
                .into_any()
        } else {
            view! { <Card><NoMatch what="accounts or OUs" clear=paths::ORGANIZATION/></Card> }.into_any()
        };
    }
    let shown = tree.rows.len();
    let rows = rows.view(&tree.rows);
    let body = NodeRef::new();
    one_tab_stop(body);
    let keydown = on_keydown(tree.rows);
    view! {
        <div class="table-frame">
            <table class="table tree-table" role="treegrid" aria-label="Organization" aria-readonly="true">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Name"</th>
                        <th role="columnheader" scope="col">"State"</th>
                        <th role="columnheader" scope="col" class="number">"Accounts"</th>
                        <th role="columnheader" scope="col">"Attached policies"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup" node_ref=body on:keydown=keydown>{rows}</tbody>
            </table>
        </div>
        <p class="muted small">{format!("{} rows shown.", thousands(shown as u64))}</p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_shown() {
        assert_eq!(path(&TreeQuery::default()), "/organization");
        let query = TreeQuery {
            q: "a b&c".into(),
            open: "ou-ab12-11111111,ou-ab12-22222222".into(),
            ..TreeQuery::default()
        };
        assert_eq!(path(&query), "/organization?q=a%20b%26c&open=ou-ab12-11111111,ou-ab12-22222222");
    }
}
