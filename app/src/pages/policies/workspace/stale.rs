//! Somebody else changed the policy: both versions side by side, and the choice between them.

use leptos::{ev::MouseEvent, prelude::*};
use model::{
    paths,
    policies::{PolicyDetail, PolicyDraft},
};

use super::{
    draft::Draft,
    saving::{FORM_ID, Saving},
};
use crate::components::{Button, Card, Comparison, Kind, Notice, Size, Tone};

/// Both versions, with what to do: save ours over theirs, or take theirs.
#[component]
pub fn Stale(draft: Draft, saving: Saving, current: PolicyDetail) -> impl IntoView {
    let theirs = current.draft();
    let (over, take) = (theirs.clone(), theirs.clone());
    // Both work without scripts too: as a submit that says what it overwrites, and as a link to the policy's page.
    let save_over = move |event: MouseEvent| {
        event.prevent_default();
        draft.rebase(over.clone());
        saving.run.run(());
    };
    let take_theirs = move |event: MouseEvent| {
        event.prevent_default();
        draft.restart(take.clone());
    };
    let heads = ["Yours, not saved", "Theirs, in AWS now"].map(str::to_owned);
    let naming = naming(draft, &current.draft());
    let actions = view! {
        <a class="button" data-size="small" role="button" href=paths::policy(&current.id) on:click=take_theirs>"Take theirs"</a>
        <Button
            label="Save mine over it"
            size=Size::Small
            kind=Kind::Danger
            submit=true
            form=FORM_ID
            name="opened"
            value=current.fingerprint()
            busy=saving.pending
            on_click=save_over
        />
    };
    view! {
        <Notice tone=Tone::Warn title="Somebody changed this policy while you edited">
            "Nothing was overwritten. Compare both versions, then take theirs or save yours over it. What you typed stays until then."
        </Notice>
        <Card title="Both versions" actions=actions.into_any() flush=true>
            {naming}
            <Comparison left=draft.text right=theirs.content label="Both versions, line by line" heads words=["only in yours: ", "only in theirs: "]/>
        </Card>
    }
}

/// Name and description, where they differ too.
fn naming(draft: Draft, theirs: &PolicyDraft) -> Vec<AnyView> {
    let pair = |what: &'static str, mine: RwSignal<String>, theirs: String| {
        let shown = theirs.clone();
        let differs = move || mine.with(|mine| *mine != shown);
        view! {
            <p class="compare-naming" hidden=move || !differs()>
                {what}": yours “"{move || mine.get()}"”, theirs “"{theirs}"”"
            </p>
        }
        .into_any()
    };
    vec![
        pair("Name", draft.name, theirs.name.clone()),
        pair("Description", draft.description, theirs.description.clone()),
    ]
}
