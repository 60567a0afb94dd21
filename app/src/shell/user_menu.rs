//! Who is signed in.

use leptos::prelude::*;
use model::{paths, session::Me};

use super::{frame::with_frame, preferences::PreferenceChoices};
use crate::components::{Icon, Menu, icons};

/// Who is signed in, how the site looks, and signing out.
#[component]
pub fn UserMenu() -> impl IntoView {
    with_frame(|frame| match frame.me {
        Some(me) => menu(me),
        None => ().into_any(),
    })
}

fn menu(Me { email, name, rights, .. }: Me) -> AnyView {
    let summary = view! { <span class="avatar">{initials(&name)}</span> }.into_any();
    view! {
        <Menu label="Your account" summary>
            <div class="menu-head">
                <strong>{name}</strong>
                <span class="sub">{email}</span>
                <span class="sub">"Role: "{rights.words()}</span>
            </div>
            <a class="menu-item" href=paths::ACCOUNT>
                <Icon icon=icons::PERSON/>
                <span>"Your account"</span>
            </a>
            <hr/>
            <PreferenceChoices/>
            <hr/>
            <form method="post" action=paths::POST_SIGN_OUT>
                <button class="menu-item" type="submit">
                    <Icon icon=icons::SIGN_OUT/>
                    <span>"Sign out"</span>
                </button>
            </form>
        </Menu>
    }
    .into_any()
}

/// First letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_last_name() {
        assert_eq!(initials("Ana Maria Kovač"), "AK");
        assert_eq!(initials("ana"), "A");
        assert_eq!(initials("  "), "");
    }
}
