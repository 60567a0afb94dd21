//! One policy: its tabs, and what can be done with it.

mod delete;

use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_params_map, use_query_map},
};
use model::{
    Failure, PolicyId, access, organization::NodeRef, paths, policies::PolicyDetail, session::RefusedPost,
};

use super::{
    attach::targets::Targets,
    viewer::{Latest, Loaded, Viewer, viewer},
    workspace::{
        EditorMode, Workspace,
        draft::Draft,
        leave::{self, Guard},
        save::{SaveButtons, SaveForm, Unsaved},
        saving::Saving,
    },
};
use crate::{
    components::{
        Absent, Card, Crumb, Kind, LinkButton, Notice, PageHeader, Tab, Tabs, Time, Tone, icons, load_page,
        use_toasts,
    },
    refused::refused,
    server_fns::{self, policies::UpdatePolicy},
    shell::{AuditLink, use_frame},
    words,
};
use delete::{DeleteButton, DeletePolicy};

/// A policy's page. What its address adds (`/attach`) is shown over it.
#[component]
pub fn PolicyPage() -> impl IntoView {
    provide_context(Latest::default());
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let frame = use_frame();
    let data = Resource::new(
        move || id.get(),
        move |id| async move { Ok((viewer(frame).await?, server_fns::policy(id).await?)) },
    );
    provide_context(Loaded(data));
    let refused = refused::<UpdatePolicy>();
    let refused = move |id: &PolicyId| refused.clone().filter(|(post, _)| post.field("id") == id.as_str());
    view! {
        {load_page(data, move |(viewer, detail)| {
            let refused = refused(&detail.id);
            view! { <Policy viewer detail refused/> }
        })}
        <Outlet/>
    }
}

/// The tabs, by the address's `tab`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    Editor,
    Json,
    Targets,
}

impl View {
    const ALL: [(Self, &'static str, &'static str); 3] =
        [(Self::Editor, "", "Editor"), (Self::Json, "json", "JSON"), (Self::Targets, "targets", "Targets")];

    fn of(tab: &str) -> Self {
        Self::ALL.iter().find(|(_, name, _)| *name == tab).map_or(Self::Editor, |(view, ..)| *view)
    }
}

#[component]
fn Policy(
    viewer: Viewer,
    detail: PolicyDetail,
    #[prop(optional_no_strip)] refused: Option<(RefusedPost, Failure)>,
) -> impl IntoView {
    let id = detail.id.clone();
    let query = use_query_map();
    let view = Memo::new(move |_| View::of(&query.with(|q| q.get("tab").unwrap_or_default())));
    let draft = Draft::begin(
        Some(id.clone()),
        detail.draft(),
        viewer.now,
        viewer.why_not(access::Action::WritePolicy),
    )
    .resume(refused);
    let unread = detail.unread.clone().map(|reason| unread(&reason, detail.content.is_empty()));
    let unknown = detail.unread.is_some() && detail.content.is_empty();
    let targets_unread = detail.targets_unread.clone().map(targets_unread);
    let newest = newest(detail);
    let saving = saving(draft, id.clone());
    let tabs = {
        let id = id.clone();
        move || view! { <Tabs label="Views of this policy" tabs=tabs(&id, view.get(), newest.with(known_targets))/> }
    };
    let edits = Memo::new(move |_| view.get() != View::Targets);
    let mode =
        Signal::derive(move || if view.get() == View::Json { EditorMode::Json } else { EditorMode::Form });
    let attach_denied = viewer.why_not(access::Action::AttachPolicy);
    let asks = Memo::new(move |_| query.with(|q| q.get("ask").unwrap_or_default()) == "delete");
    let delete = {
        let id = id.clone();
        move || {
            asks.get().then(|| view! { <DeletePolicy id=id.clone() name=newest.with(|n| n.name.clone())/> })
        }
    };
    view! {
        <Guard draft home=paths::policy(&id)/>
        <Head draft saving newest edits viewer/>
        {unread}
        {targets_unread}
        {move || newest.with(|newest| undone(&newest.undone))}
        {tabs}
        {move || if unknown && edits.get() {
            // An editor would begin with an empty document, which is not what AWS has.
            view! { <Card><Absent title="The document is not known" text="It appears here once AWS shows it." icon=icons::POLICY/></Card> }.into_any()
        } else if edits.get() {
            view! {
                <SaveForm draft saving/>
                <Workspace draft mode/>
            }.into_any()
        } else {
            view! { <Targets newest denied=attach_denied.clone()/> }.into_any()
        }}
        {delete}
    }
}

/// Why the document is an older one, or none.
fn unread(reason: &str, never: bool) -> AnyView {
    let (title, rest) = if never {
        (
            "AWS does not show this policy's document",
            "What it does to the accounts that it reaches is not known",
        )
    } else {
        (
            "AWS does not show this policy's document any more",
            "What is shown is what it was when it was read last",
        )
    };
    view! { <Notice tone=Tone::Warn title>{format!("{rest}. Why: {reason}.")}</Notice> }.into_any()
}

fn targets_unread(reason: String) -> AnyView {
    view! {
        <Notice tone=Tone::Warn title="AWS does not show what this policy is attached to">
            {format!("It may apply to accounts that are not named here. Why: {reason}.")}
        </Notice>
    }
    .into_any()
}

/// Somebody else takes again what is attached here.
fn undone(targets: &[NodeRef]) -> Option<AnyView> {
    if targets.is_empty() {
        return None;
    }
    let named: Vec<_> = targets
        .iter()
        .map(|target| view! { <li><a href=paths::target(&target.id)>{target.name.clone()}</a></li> })
        .collect();
    Some(
        view! {
            <Notice tone=Tone::Warn title="Another tool seems to look after this policy">
                "What was attached here was detached again outside Holdfast within the hour, more than once, at "
                <ul class="inline-list">{named}</ul>
                " Attach it where that tool is told what to attach."
            </Notice>
        }
        .into_any(),
    )
}

/// What is known of the policy now.
fn newest(loaded: PolicyDetail) -> Signal<PolicyDetail> {
    let Latest(latest) = expect_context();
    Signal::derive(move || {
        latest.with(|latest| latest.as_ref().filter(|l| l.id == loaded.id).unwrap_or(&loaded).clone())
    })
}

/// How a change is saved. What was typed is taken from the work, so that nothing depends on which fields are on screen.
fn saving(draft: Draft, id: PolicyId) -> Saving {
    let Latest(latest) = expect_context();
    let toasts = use_toasts();
    let save = Action::new(move |(): &()| {
        let (sent, opened) = untrack(|| (draft.typed(), draft.opened.get()));
        let id = id.clone();
        async move {
            let (name, text) = (sent.name.clone(), sent.content.clone());
            let answer = server_fns::update_policy(
                id.to_string(),
                opened,
                sent.name.clone(),
                sent.description.clone(),
                sent.content.clone(),
            )
            .await;
            match answer {
                Ok(detail) => {
                    let saved = detail.draft();
                    // What was typed while the answer was on its way stays.
                    if draft.is_still(&sent) {
                        draft.restart(saved)
                    } else {
                        draft.rebase(saved)
                    }
                    leave::forget(Some(&id));
                    latest.set(Some(detail));
                    toasts.say(
                        Tone::Good,
                        format!("Saved “{name}”. AWS brings it to the accounts within a few minutes."),
                    );
                }
                Err(error) => draft.failure.set(Some((error.into_failure(), text))),
            }
        }
    });
    Saving {
        url: <UpdatePolicy as server_fn::ServerFn>::url(),
        run: Callback::new(move |()| {
            save.dispatch(());
        }),
        pending: save.pending().into(),
    }
}

#[component]
fn Head(
    draft: Draft,
    saving: Saving,
    newest: Signal<PolicyDetail>,
    edits: Memo<bool>,
    viewer: Viewer,
) -> impl IntoView {
    let name = Memo::new(move |_| newest.with(|n| n.name.clone()));
    let (attach_denied, delete_denied) =
        (viewer.why_not(access::Action::AttachPolicy), viewer.why_not(access::Action::DeletePolicy));
    let rights = viewer.rights;
    move || {
        let id = newest.with_untracked(|n| n.id.clone());
        let (href, attach_denied, delete_denied) =
            (paths::attach(&id), attach_denied.clone(), delete_denied.clone());
        let subtitle = view! {
            {move || newest.with(attached_to)}
            " · read from AWS at "
            {move || { let at = newest.with(|n| n.seen_at); view! { <Time at/> } }}
            " "
            <Unsaved draft/>
        };
        let actions = view! {
            <AuditLink id=id.as_str() rights=rights.clone()/>
            <DeleteButton newest denied=delete_denied/>
            {move || {
                let kind = if edits.get() { Kind::Normal } else { Kind::Primary };
                view! { <LinkButton label="Attach" href=href.clone() kind icon=icons::ATTACH disabled=attach_denied.clone() stay=true/> }
            }}
            {move || edits.get().then(|| view! { <SaveButtons draft saving label="Save changes"/> })}
        };
        view! {
            <PageHeader
                title=name.get()
                crumbs=vec![Crumb::new("Policies", paths::POLICIES)]
                subtitle=subtitle.into_any()
                actions=actions.into_any()
            />
        }
    }
}

/// “Attached to Production and 2 more targets · 4,180 accounts”.
fn attached_to(detail: &PolicyDetail) -> String {
    let accounts = words::counted(detail.accounts, "account");
    if known_targets(detail).is_none() {
        return "Where it is attached is not known".into();
    }
    match detail.targets.as_slice() {
        [] => "Not attached to any target".into(),
        [only] => format!("Attached to {} · {accounts}", only.node.name),
        [first, more @ ..] => {
            format!(
                "Attached to {} and {} · {accounts}",
                first.node.name,
                words::counted(more.len() as u64, "more target")
            )
        }
    }
}

/// How many targets there are; `None` where AWS has never shown them.
fn known_targets(detail: &PolicyDetail) -> Option<u64> {
    let unknown = detail.targets.is_empty() && detail.targets_unread.is_some();
    (!unknown).then_some(detail.targets.len() as u64)
}

fn tabs(id: &PolicyId, shown: View, targets: Option<u64>) -> Vec<Tab> {
    View::ALL
        .iter()
        .map(|(view, name, label)| Tab {
            label: (*label).to_owned(),
            href: paths::policy_tab(id, name),
            count: targets.filter(|_| *view == View::Targets),
            current: *view == shown,
        })
        .collect()
}
