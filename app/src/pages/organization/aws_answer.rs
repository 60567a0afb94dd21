//! What AWS itself says of an account's effective policy, beside ours.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{
    organization::{AwsEffective, EffectiveProblem},
    paths,
};
use time::OffsetDateTime;

use super::problem_list::problem_list;
use crate::{
    components::{Card, CodeBlock, Comparison, LinkButton, Notice, Size, Time, Tone},
    words::counted,
};

/// Id of the comparison of both documents.
const BOTH: &str = "both-documents";

/// Whether AWS answers the same; where it does not, why, leading to [`BothDocuments`].
#[component]
pub fn AwsAnswer(
    aws: AwsEffective,
    /// What we find wrong with it.
    found: Vec<EffectiveProblem>,
    /// Other accounts with the very same effective policy.
    shared_with: u64,
) -> impl IntoView {
    let shared = match shared_with {
        0 => "No other account has this effective policy.".to_owned(),
        n => format!("Shared with {}.", counted(n, "other account")),
    };
    match aws {
        AwsEffective::Same { computed_at, though_invalid: true } => view! {
            <Notice tone=Tone::Warn title="AWS answers the same, and does not find it invalid">
                "What AWS answers is what applies. It may still be computing: look again in a few minutes. "
                {computed(computed_at)}{shared}
            </Notice>
        }
        .into_any(),
        AwsEffective::Same { computed_at, .. } => view! {
            <Notice tone=Tone::Good title="AWS answers the same">
                {computed(computed_at)}{shared}
            </Notice>
        }
        .into_any(),
        AwsEffective::Differs { computed_at, because_invalid, problems, may_be_pending, .. } => {
            let (tone, title, why) = difference(because_invalid, may_be_pending);
            let both = format!("#{BOTH}");
            view! {
                <Notice tone title>
                    {why}" "{computed(computed_at)}
                    {reasons(problems, &found)}" "<a href=both rel="external">"Compare both documents"</a>
                </Notice>
            }
            .into_any()
        }
        AwsEffective::TypeDisabled => {
            let action =
                view! { <LinkButton label="Open settings" href=paths::SETTINGS size=Size::Small/> }.into_any();
            view! {
                <Notice tone=Tone::Warn title="The backup policy type is off" action>
                    "AWS applies no backup policy until it is on. This is what would apply."
                </Notice>
            }
            .into_any()
        }
        AwsEffective::Alone { content, computed_at } => view! {
            <Notice tone=Tone::Info title="What AWS answers">
                {computed(computed_at)}"There is nothing of Holdfast's to compare it with."
            </Notice>
            <Card title="Answered by AWS" flush=true>
                <CodeBlock content label="Effective policy answered by AWS"/>
            </Card>
        }
        .into_any(),
        AwsEffective::NotAvailable => view! {
            <Notice tone=Tone::Info title="AWS's answer is not available from this endpoint">
                "This is what Holdfast computed; there is nothing to compare it with. "{shared}
            </Notice>
        }
        .into_any(),
        AwsEffective::Failed { reason } => view! {
            <Notice tone=Tone::Warn title="AWS could not be asked">{reason}" This is what Holdfast computed. "{shared}</Notice>
        }
        .into_any(),
    }
}

/// When AWS computed its answer, or that it has none.
fn computed(at: Option<OffsetDateTime>) -> AnyView {
    match at {
        Some(at) => view! { "AWS computed its answer at "<Time at/>". " }.into_any(),
        None => "AWS has no effective policy for this account. ".into_any(),
    }
}

/// Why AWS finds it invalid, in its own words, unless we found the same.
fn reasons(problems: Vec<EffectiveProblem>, found: &[EffectiveProblem]) -> Option<AnyView> {
    if problems.is_empty() {
        return None;
    }
    let kinds = |problems: &[EffectiveProblem]| -> BTreeSet<(String, String)> {
        problems.iter().map(|p| (p.code.clone(), p.path.clone())).collect()
    };
    if kinds(&problems) == kinds(found) {
        return Some("AWS gives the same reasons.".into_any());
    }
    Some(view! { "AWS says:"{problem_list(problems)} }.into_any())
}

fn difference(because_invalid: bool, may_be_pending: bool) -> (Tone, &'static str, &'static str) {
    if because_invalid {
        let why = "The effective policy is invalid, so AWS keeps the last valid one.";
        return (Tone::Warn, "AWS applies an older policy", why);
    }
    if may_be_pending {
        let why =
            "A policy was changed a moment ago and AWS may still be computing. Look again in a few minutes.";
        return (Tone::Info, "AWS answers something else for now", why);
    }
    let why = "Holdfast and AWS compute different effective policies. What AWS answers is what applies.";
    (Tone::Bad, "AWS answers something else", why)
}

/// Both documents side by side.
#[component]
pub fn BothDocuments(ours: String, aws: String) -> impl IntoView {
    let heads = ["Computed by Holdfast", "Answered by AWS"].map(str::to_owned);
    view! {
        <Card title="Both documents" id=BOTH flush=true>
            <Comparison
                left=ours
                right=aws
                label="Both effective policies, line by line"
                heads
                words=["only in Holdfast's: ", "only in AWS's: "]
            />
        </Card>
    }
}
