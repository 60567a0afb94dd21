//! The delegation policy: what the organization's resource policy says now, what it should say, and putting it.

use leptos::prelude::*;
use model::{FailureCode, paths, settings::delegation::ResourcePolicy};

use super::{command::Elsewhere, refused::Refused};
use crate::pages::dialogs::{Failed, FormButton, failure_of, leave_when_done};
use crate::{
    components::{Comparison, Dialog, Kind, Notice, Tone},
    refused::refused as form_refused,
    server_fns::settings::PutResourcePolicy,
};

const FORM: &str = "put-resource-policy";

/// Shows the difference, and puts it.
#[component]
pub fn ReviewDialog(
    policy: ResourcePolicy,
    #[prop(optional_no_strip)] refused: Refused,
    reload: Callback<()>,
) -> impl IntoView {
    let due = policy.is_due();
    let (current, proposed, problem) = match policy {
        ResourcePolicy::Known { current, proposed } => (current, proposed, None),
        ResourcePolicy::NotAvailable => {
            (String::new(), String::new(), Some("It is not available from this endpoint.".to_owned()))
        }
        ResourcePolicy::Unknown { reason } => (String::new(), String::new(), Some(reason)),
    };
    let put = ServerAction::<PutResourcePolicy>::new();
    // Posted without scripts: then the page was made anew since, and shows what is in AWS now.
    let came_back = form_refused::<PutResourcePolicy>().is_some();
    let failure = failure_of(put);
    leave_when_done(put, || "The resource policy is put.".to_owned(), reload, paths::SETTINGS.to_owned());
    let why = problem.clone();
    let disabled = Signal::derive(move || {
        refused
            .clone()
            .or_else(|| why.clone())
            .or_else(|| (!due).then(|| "Nothing is to be changed.".to_owned()))
    });
    let (verb, kind) = if proposed.is_empty() && due {
        ("Delete policy", Kind::Danger)
    } else {
        ("Put policy", Kind::Primary)
    };
    let action = view! { <FormButton verb kind disabled busy=put.pending() form=FORM/> }.into_any();
    let body = match problem {
        Some(reason) => view! { <Notice tone=Tone::Bad title="The resource policy cannot be extended">{reason}</Notice> }.into_any(),
        None if due => view! {
            <p>"Holdfast's own statements name the registered accounts and what managing backup policies takes. All other statements stay as they are. AWS replaces the whole document."</p>
            <Difference left=current.clone() right=proposed.clone() heads=["In AWS now", "After putting it"]/>
        }
        .into_any(),
        None => view! { <Notice tone=Tone::Good title="Nothing to change">"The resource policy names exactly the registered accounts."</Notice> }.into_any(),
    };
    view! {
        <Dialog title="Review delegation policy" close=paths::SETTINGS large=true action>
            <ActionForm action=put attr:id=FORM>
                <input type="hidden" name="current" value=current/>
                <input type="hidden" name="proposed" value=proposed/>
            </ActionForm>
            {came_back.then(|| why_refused(failure, true))}
            {body}
            {(!came_back).then(|| why_refused(failure, false))}
            <Elsewhere summary="AWS CLI and console" about="Resource policy" commands=vec![
                ("Show", "aws organizations describe-resource-policy".to_owned()),
                ("Put", "aws organizations put-resource-policy --content file://policy.json".to_owned()),
            ] console="AWS Organizations, Settings, Delegated administrator for AWS Organizations"/>
        </Dialog>
    }
}

/// Why it was refused, with both versions where somebody else was faster.
fn why_refused(failure: Signal<Option<model::Failure>>, came_back: bool) -> AnyView {
    view! {
        <Failed failure/>
        {move || failure.get().and_then(|failure| outdated(failure, came_back))}
    }
    .into_any()
}

fn outdated(failure: model::Failure, came_back: bool) -> Option<AnyView> {
    let FailureCode::Outdated { shown, current } = failure.code else { return None };
    let next = if came_back {
        "Nothing was put. What follows is made from the newer version: look at it again before you put it."
    } else {
        "Nothing was put. Close this and choose Check again: then the difference to the newer version is shown."
    };
    Some(
        view! {
            <Difference left=shown right=current heads=["As it was shown", "In AWS now"]/>
            <p>{next}</p>
        }
        .into_any(),
    )
}

/// Two documents side by side, line by line.
#[component]
fn Difference(left: String, right: String, heads: [&'static str; 2]) -> impl IntoView {
    let [before, after] = heads;
    let head =
        |what: &str, text: &str| format!("{what}{}", if text.is_empty() { " (no policy)" } else { "" });
    let heads = [head(before, &left), head(after, &right)];
    view! { <Comparison left right label="Both documents, line by line" heads words=["removed: ", "added: "]/> }
}
