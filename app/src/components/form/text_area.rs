//! Text of several lines.

use leptos::{html, prelude::*};

use super::field::{Field, described_by};

/// A labelled text of several lines. Uncontrolled unless `bind` is given; what was typed before the page came alive
/// is kept.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    /// Keeps a signal and the text the same.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    #[prop(default = 4)] rows: u16,
    #[prop(optional, into)] help: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] required: bool,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional)] mono: bool,
    /// To move the cursor from outside.
    #[prop(optional)]
    node_ref: NodeRef<html::Textarea>,
    #[prop(optional, into)] id: Option<String>,
    /// Id of the form that it belongs to, where it stands outside of it.
    #[prop(optional, into)]
    form: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    if let Some(bound) = bind {
        keep_same(node_ref, bound);
    }
    let first = bind.map_or(value, |b| b.get_untracked());
    // leptos writes a textarea's child into the page unescaped, so the text goes in as HTML that we have escaped.
    let first = escape(&first);
    view! {
        <Field id=id.clone() label help error optional>
            <textarea
                class="input"
                id=id.clone()
                name=name
                form=form
                rows=rows.to_string()
                node_ref=node_ref
                data-mono=mono
                required=required
                maxlength=maxlength.map(|n| n.to_string())
                spellcheck=mono.then_some("false")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described_by(&id)
                on:input=move |event| if let Some(bound) = bind { bound.set(event_target_value(&event)) }
                inner_html=first
            ></textarea>
        </Field>
    }
}

/// Takes over what was typed before hydration, then follows the signal.
fn keep_same(node: NodeRef<html::Textarea>, bound: RwSignal<String>) {
    Effect::new(move |before: Option<()>| {
        let wanted = bound.get();
        let Some(text) = node.get() else { return };
        if text.value() == wanted {
            return;
        }
        if before.is_none() { bound.set(text.value()) } else { text.set_value(&wanted) }
    });
}

/// Text as HTML, for the `inner_html` of a textarea: leptos writes its child unescaped.
#[must_use]
pub fn escape(text: &str) -> String {
    html_escape::encode_text(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_element() {
        assert_eq!(escape("</textarea><b>&amp;"), "&lt;/textarea&gt;&lt;b&gt;&amp;amp;");
    }
}
