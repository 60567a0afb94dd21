//! What a page must say before anything else: that AWS is not set up for backup policies, or that nothing was read yet.

use icondata_core::Icon as IconData;
use leptos::prelude::*;
use model::{
    paths,
    session::Frame,
    settings::{Setting, SettingText},
};

use super::frame::follow_frame;
use crate::components::{Absent, Kind, LinkButton, Notice, Size, Tone};

/// The needed settings that are off, each with what is so while it is. Nothing where none is.
#[component]
pub fn NotReady() -> impl IntoView {
    follow_frame(|frame| {
        let Some(tone) = tone(&frame.not_ready) else { return ().into_any() };
        let items: Vec<_> = frame.not_ready.iter().map(|setting| item(setting.text())).collect();
        let title = match frame.not_ready.as_slice() {
            [one] => format!("{} is off", one.text().title),
            several => format!("{} needed settings are off", several.len()),
        };
        let action = view! { <LinkButton label="Open settings" href=paths::SETTINGS kind=Kind::Normal size=Size::Small/> };
        view! {
            <div class="page-notice">
                <Notice tone title action=action.into_any()><ul class="plain-list">{items}</ul></Notice>
            </div>
        }
        .into_any()
    })
}

fn item(text: &'static SettingText) -> AnyView {
    let href = format!("{}#{}", paths::SETTINGS, text.name);
    view! { <li><a href=href>{text.title}</a>": "{text.while_off}</li> }.into_any()
}

/// Without these no backup is made by a policy; without the others something is missing or unseen.
fn tone(off: &[Setting]) -> Option<Tone> {
    let stops_backups = |setting: &Setting| matches!(setting, Setting::AllFeatures | Setting::PolicyType);
    match off {
        [] => None,
        off if off.iter().any(stops_backups) => Some(Tone::Bad),
        _ => Some(Tone::Warn),
    }
}

/// The mark beside “Settings” in the navigation.
#[component]
pub(super) fn SettingsMark() -> impl IntoView {
    follow_frame(|frame| {
        let Some(tone) = tone(&frame.not_ready) else { return ().into_any() };
        let words = format!(", {} off", frame.not_ready.len());
        view! {
            <span class="navigation-mark" data-tone=tone.as_str() aria-hidden="true"></span>
            <span class="visually-hidden">{words}</span>
        }
        .into_any()
    })
}

/// In the place of what comes from AWS's organization while nothing of it was ever read: that it is being read, or why it
/// could not be.
#[component]
pub fn NotRead(
    /// What appears here (“Accounts, OUs and their policies”).
    #[prop(into)]
    what: String,
    icon: IconData,
) -> impl IntoView {
    follow_frame(move |frame| {
        let (title, text) = not_read(frame, &what);
        view! { <Absent title text icon/> }.into_any()
    })
}

/// Where AWS does not say which effective policies it finds invalid, “none” is not what it says.
#[component]
pub fn ValidityNotKnown() -> impl IntoView {
    view! {
        <Notice tone=Tone::Info title="AWS does not tell which effective policies it finds invalid">
            "Only accounts count whose effective policy Holdfast itself finds invalid. "
            <a href=paths::PERMISSIONS>"Permissions"</a>" says why."
        </Notice>
    }
}

fn not_read(frame: &Frame, what: &str) -> (&'static str, String) {
    match &frame.freshness.problem {
        Some(problem) => {
            // The reason stands above, on every page.
            let why = if frame.outsider.is_some() { String::new() } else { format!("{problem} ") };
            let text =
                format!("{why}{what} appear here once they were read; Holdfast tries again by itself.");
            ("Nothing could be read from AWS yet", text)
        }
        None => (
            "The organization is not read yet",
            format!("{what} appear here once they are read from AWS. The top bar says how far it is."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use model::session::Freshness;

    use super::*;

    #[test]
    fn what_stops_backups_is_worse_than_what_hides_them() {
        assert_eq!(tone(&[]), None);
        assert_eq!(tone(&[Setting::TrustedAccess, Setting::CrossAccountBackup]), Some(Tone::Warn));
        assert_eq!(tone(&[Setting::TrustedAccess, Setting::PolicyType]), Some(Tone::Bad));
    }

    #[test]
    fn a_reading_that_failed_is_not_called_one_that_is_under_way() {
        let frame = |problem: Option<&str>| Frame {
            me: None,
            organization: None,
            part: None,
            not_ready: Vec::new(),
            outsider: None,
            freshness: Freshness { problem: problem.map(str::to_owned), ..Freshness::default() },
            simulated: false,
        };
        let (title, text) = not_read(&frame(Some("The account belongs to no organization.")), "Accounts");
        assert!(!title.contains("not read yet") && text.contains("no organization"), "{title} {text}");
        let (title, _) = not_read(&frame(None), "Accounts");
        assert!(title.contains("not read yet"), "{title}");
        let mut outside = frame(Some("AWS tells nothing."));
        outside.outsider =
            Some(model::session::Outsider { account: "111111111111".into(), management: None });
        assert!(!not_read(&outside, "Accounts").1.contains("AWS tells nothing."), "that is said above");
    }

    #[test]
    fn every_needed_setting_says_what_is_so_while_it_is_off_and_no_optional_one_does() {
        for text in Setting::table() {
            assert_eq!(text.while_off.is_empty(), text.optional, "{}", text.name);
        }
    }
}
