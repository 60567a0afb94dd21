//! A new policy.

use form::templates::{TEMPLATES, Template, template};
use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::hooks::use_query_map;
use model::{Failure, access, paths, policies::PolicyDraft, session::RefusedPost};

use super::{
    viewer::{Viewer, viewer},
    workspace::{
        EditorMode, Workspace,
        draft::Draft,
        leave::{self, Guard},
        save::{SaveButtons, SaveForm, Unsaved},
        saving::Saving,
    },
};
use crate::{
    components::{Crumb, FailureView, PageHeader, Tab, Tabs, load_page},
    refused::refused,
    server_fns::{self, policies::CreatePolicy},
    shell::use_frame,
};

/// The page of a policy that does not exist yet.
#[component]
pub fn NewPolicyPage() -> impl IntoView {
    let frame = use_frame();
    let data = Resource::new(|| (), move |()| viewer(frame));
    let refused = refused::<CreatePolicy>();
    load_page(data, move |viewer| view! { <NewPolicy viewer refused=refused.clone()/> })
}

#[component]
fn NewPolicy(
    viewer: Viewer,
    #[prop(optional_no_strip)] refused: Option<(RefusedPost, Failure)>,
) -> impl IntoView {
    let query = use_query_map();
    let param = move |name: &'static str| query.with(|q| q.get(name).unwrap_or_default());
    let chosen = template(&query.with_untracked(|q| q.get("start").unwrap_or_default()));
    let denied = viewer.why_not(access::Action::WritePolicy);
    let draft = Draft::begin(None, begun_from(chosen), viewer.now, denied.clone()).resume(refused);
    let saving = saving(draft);
    let json = Memo::new(move |_| param("tab") == "json");
    let tabs = move || view! { <Tabs label="Editors" tabs=tabs(json.get(), &param("start"))/> };
    let mode = Signal::derive(move || if json.get() { EditorMode::Json } else { EditorMode::Form });
    let actions = view! { <SaveButtons draft saving label="Create policy"/> };
    let subtitle = view! { "It has no effect until it is attached to a target " <Unsaved draft/> };
    let not_allowed = denied.map(|needs| {
        view! { <FailureView failure=model::FailureCode::Denied { needs }.into()/> }
    });
    view! {
        <Guard draft home=paths::NEW_POLICY.to_owned()/>
        <PageHeader
            title="Create policy"
            crumbs=vec![Crumb::new("Policies", paths::POLICIES)]
            subtitle=subtitle.into_any()
            actions=actions.into_any()
        />
        {not_allowed}
        {tabs}
        <Templates draft/>
        <SaveForm draft saving/>
        <Workspace draft mode/>
    }
}

fn begun_from(template: Template) -> PolicyDraft {
    PolicyDraft { content: template.content.to_owned(), ..PolicyDraft::default() }
}

/// What a new policy can begin with; gone once somebody has begun to change it.
#[component]
fn Templates(draft: Draft) -> impl IntoView {
    let untouched =
        Memo::new(move |_| draft.saved.with(|saved| draft.text.with(|text| *text == saved.content)));
    let choice = move |template: Template| {
        let chosen = move || draft.saved.with(|saved| saved.content == template.content);
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            draft.text.set(template.content.to_owned());
            draft.saved.update(|saved| saved.content = template.content.to_owned());
        };
        view! {
            <li>
                <a
                    class="start"
                    href=format!("{}?start={}", paths::NEW_POLICY, template.key)
                    data-noscroll=""
                    aria-current=move || chosen().then_some("true")
                    on:click=choose
                >
                    <strong>{template.title}</strong>
                    <span class="sub">{template.help}</span>
                </a>
            </li>
        }
    };
    let choices = move || {
        untouched.get().then(|| {
            let choices: Vec<_> = TEMPLATES.into_iter().map(choice).collect();
            view! { <nav aria-label="Begin with"><ul class="starts">{choices}</ul></nav> }
        })
    };
    view! { <div class="starts-frame">{choices}</div> }
}

/// How the policy is created. The server goes to its page afterwards.
fn saving(draft: Draft) -> Saving {
    let create = Action::new(move |(): &()| {
        let typed = untrack(|| draft.typed());
        async move {
            let PolicyDraft { name, description, content } = typed;
            let text = content.clone();
            match server_fns::create_policy(name, description, content).await {
                Ok(_) => leave::forget(None),
                Err(error) => draft.failure.set(Some((error.into_failure(), text))),
            }
        }
    });
    Saving {
        url: <CreatePolicy as server_fn::ServerFn>::url(),
        run: Callback::new(move |()| {
            create.dispatch(());
        }),
        pending: create.pending().into(),
    }
}

fn tabs(json: bool, start: &str) -> Vec<Tab> {
    let query = |tab: &str| {
        let parts = [("tab", tab), ("start", start)];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| format!("{k}={}", paths::encode(v)))
            .collect();
        if parts.is_empty() {
            paths::NEW_POLICY.to_owned()
        } else {
            format!("{}?{}", paths::NEW_POLICY, parts.join("&"))
        }
    };
    vec![
        Tab { label: "Editor".into(), href: query(""), count: None, current: !json },
        Tab { label: "JSON".into(), href: query("json"), count: None, current: json },
    ]
}
