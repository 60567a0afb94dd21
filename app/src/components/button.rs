//! Buttons, and links that look like them.

use icondata_core::Icon as IconData;
use leptos::{ev::MouseEvent, prelude::*};

use super::label::Icon;

/// How much weight a button has on its page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The one thing that the page is for.
    Primary,
    /// Everything else.
    #[default]
    Normal,
    /// Destroys something.
    Danger,
    /// Without a border: inside tables and headers.
    Quiet,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Normal => "normal",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

/// How large a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    #[default]
    Normal,
    Small,
    /// Shows its icon alone; the label is its accessible name.
    Icon,
}

impl Size {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Small => "small",
            Self::Icon => "icon",
        }
    }
}

/// A button. With a reason in `disabled` it stays in the tab order, does nothing, and says why on hover and focus.
#[component]
pub fn Button(
    /// Its word: the verb that the button does.
    #[prop(into)]
    label: Signal<String>,
    /// Spoken after the label, to tell equal buttons apart: what it is about.
    #[prop(optional, into)]
    about: Option<String>,
    #[prop(optional)] kind: Kind,
    #[prop(optional)] size: Size,
    #[prop(optional)] icon: Option<IconData>,
    /// Why it cannot be used now; `None` where it can.
    #[prop(optional, into)]
    disabled: Signal<Option<String>>,
    /// True while what it began goes on.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Submits the form that it stands in.
    #[prop(optional)]
    submit: bool,
    /// Id of the form to submit, where the button stands outside of it.
    #[prop(optional, into)]
    form: Option<String>,
    /// Sent with the form when this button submits it.
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional, into)] value: Option<String>,
    /// Takes the whole width.
    #[prop(optional)]
    wide: bool,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional, into)] on_click: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    let off = move || disabled.with(Option::is_some) || busy.get();
    let click = move |event: MouseEvent| {
        if off() {
            event.prevent_default();
        } else if let Some(on_click) = on_click {
            on_click.run(event);
        }
    };
    view! {
        <span class="reasoned" data-wide=wide>
            <button
                class="button"
                id=id
                // A refused submit must not submit without scripts either.
                type=move || if submit && !off() { "submit" } else { "button" }
                data-kind=kind.as_str()
                data-size=size.as_str()
                data-wide=wide
                form=form
                name=name
                value=value
                aria-label=move || (size == Size::Icon).then(|| label.get())
                aria-disabled=move || off().then_some("true")
                aria-busy=move || busy.get().then_some("true")
                aria-description=move || disabled.get()
                on:click=click
            >
                {icon.map(|icon| view! { <Icon icon/> })}
                {move || (size != Size::Icon).then(|| view! { <span>{label.get()}</span> })}
                {about.map(|about| view! { <span class="visually-hidden">{format!(" {about}")}</span> })}
            </button>
            {move || disabled.get().map(|why| view! { <span class="reason" aria-hidden="true">{why}</span> })}
        </span>
    }
}

/// A link that looks like a button: for actions that lead to a page.
#[component]
pub fn LinkButton(
    #[prop(into)] label: String,
    /// Spoken after the label, to tell equal buttons apart: what it is about.
    #[prop(optional, into)]
    about: Option<String>,
    #[prop(into)] href: String,
    #[prop(optional)] kind: Kind,
    #[prop(optional)] size: Size,
    #[prop(optional)] icon: Option<IconData>,
    /// Why it cannot be used now; `None` where it can.
    #[prop(optional, into)]
    disabled: Signal<Option<String>>,
    /// Loads the page anew instead of within the app.
    #[prop(optional)]
    reload: bool,
    /// Keeps the scroll position.
    #[prop(optional)]
    stay: bool,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    let (name, word) = if size == Size::Icon { (Some(label), None) } else { (None, Some(label)) };
    view! {
        <span class="reasoned">
            <a
                class="button"
                id=id
                href=move || disabled.with(Option::is_none).then(|| href.clone())
                role="link"
                tabindex="0"
                rel=reload.then_some("external")
                data-noscroll=stay
                data-kind=kind.as_str()
                data-size=size.as_str()
                aria-label=name
                aria-disabled=move || disabled.with(Option::is_some).then_some("true")
                aria-description=move || disabled.get()
            >
                {icon.map(|icon| view! { <Icon icon/> })}
                {word.map(|word| view! { <span>{word}</span> })}
                {about.map(|about| view! { <span class="visually-hidden">{format!(" {about}")}</span> })}
            </a>
            {move || disabled.get().map(|why| view! { <span class="reason" aria-hidden="true">{why}</span> })}
        </span>
    }
}
