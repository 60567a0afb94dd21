//! What proves that the list is whole: its newest signed head, and the copy that is sent on.

use leptos::prelude::*;
use model::audit::{AuditListProof, ForwardProblem, Forwarding, SignedHead};

use crate::{
    components::{Notice, Time, Tone, load},
    server_fns,
    words::counted,
};

/// Lines about the newest head, and how far the list was sent on.
#[component]
pub fn Proof() -> impl IntoView {
    let proof = Resource::new(|| (), |()| server_fns::audit_proof());
    load(proof, |proof| match proof {
        None => partial(),
        Some(AuditListProof { head, forwarding }) => view! {
            <p class="audit-proof">{signed(head)}" "{forwarding.as_ref().map(sent)}</p>
            {forwarding.and_then(|forwarding| forwarding.problem).map(failing)}
        }
        .into_any(),
    })
}

/// For somebody who has a part of the organization: what is in this list, and what is not.
fn partial() -> AnyView {
    let words = "You see what was done to your part of the organization and above it, to policies and to settings, and what you did yourself. The whole list, and what proves it, is for those who may see everything.";
    view! { <p class="audit-proof">{words}</p> }.into_any()
}

fn signed(head: Option<SignedHead>) -> AnyView {
    match head {
        None => "The end of this list was not signed yet.".into_any(),
        Some(SignedHead { seq, at, key, .. }) => view! {
            {format!("Signed up to entry {seq} at ")}<Time at/>" with the key "<code>{key}</code>
            "; "<code>"holdfast audit verify"</code>" proves it."
        }
        .into_any(),
    }
}

fn sent(forwarding: &Forwarding) -> AnyView {
    let behind = match forwarding.behind {
        0 => "all of it".to_owned(),
        behind => format!("{} behind", counted(behind, "event")),
    };
    view! { "Sent on to "<code>{forwarding.destination.clone()}</code>{format!(": {behind}.")} }.into_any()
}

fn failing(ForwardProblem { reason, since }: ForwardProblem) -> AnyView {
    view! {
        <Notice tone=Tone::Bad title="The audit list is not sent on">
            "Since "<Time at=since/>": "{reason}". Nothing is lost: it goes on where it was."
        </Notice>
    }
    .into_any()
}
