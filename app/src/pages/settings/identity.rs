//! As which account and principal Holdfast speaks to AWS, and what follows from it.

use leptos::prelude::*;
use model::settings::identity::{Identity, Standing};

use crate::components::{Card, Fact, KeyValue, Notice, Status, Tone};

/// The account, the principal, what the account is, and what can be changed from it.
#[component]
pub fn IdentityCard(identity: Identity) -> impl IntoView {
    let body = match identity {
        Identity::Known { account, name, arn, standing } => {
            let tone = match standing {
                Standing::Management => Tone::Good,
                Standing::Member { .. } => Tone::Warn,
                Standing::Unknown => Tone::Idle,
            };
            let sentences: Vec<_> =
                standing.consequences().into_iter().map(|said| view! { {said}" " }).collect();
            view! {
                <KeyValue>
                    <Fact label="Account">{name}" "<span class="mono nowrap">{account}</span></Fact>
                    <Fact label="In the organization"><Status tone word=standing.words()/></Fact>
                    <Fact label="Principal" wide=true><span class="mono">{arn}</span></Fact>
                    <Fact label="What follows" wide=true>{sentences}</Fact>
                </KeyValue>
            }
            .into_any()
        }
        Identity::Unknown { reason } => {
            view! { <Notice tone=Tone::Bad title="AWS did not tell as whom Holdfast speaks">{reason}</Notice> }
                .into_any()
        }
    };
    view! { <Card title="Holdfast at AWS" id="identity">{body}</Card> }
}
