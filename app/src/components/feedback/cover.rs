//! What of the lists of jobs was read, where that is not everything.

use leptos::prelude::*;
use model::job::lists::Cover;

use super::Notice;
use crate::components::Tone;

/// Says of how much the figures below are, where that is not everything: read in part, not available, denied, failed.
/// `lists` leads to the page that tells it list by list; empty on that page.
#[component]
pub fn CoverNotice(cover: Cover, #[prop(optional)] lists: &'static str) -> impl IntoView {
    let (tone, title, text) = in_words(&cover)?;
    let link = (!lists.is_empty()).then(|| view! { " "<a href=lists>"What was read, list by list"</a> });
    Some(view! { <Notice tone title>{text}{link}</Notice> })
}

/// Tone, title and text of the notice; `None` where nothing is missing.
fn in_words(cover: &Cover) -> Option<(Tone, String, String)> {
    let words = cover.words()?;
    if cover.is_not_available() {
        let text = "This endpoint offers no lists of jobs: what is shown here says nothing about backups.";
        return Some((Tone::Warn, "Jobs are not available".to_owned(), text.to_owned()));
    }
    if cover.is_on_its_way() {
        let title = format!("Jobs are being read for the first time: {} %", cover.percent());
        return Some((Tone::Info, title, format!("What is shown here is so far: {words}.")));
    }
    let text = format!("What is shown here is of {words}.");
    Some((Tone::Warn, "Not all jobs are known".to_owned(), text))
}

#[cfg(test)]
mod tests {
    use model::{
        JobKind,
        job::lists::{JobListState, ListOutcome},
    };
    use time::macros::datetime;

    use super::*;

    #[test]
    fn each_way_of_not_knowing_has_its_words_and_knowing_all_has_none() {
        let now = datetime!(2026-11-20 12:00 UTC);
        let list = |region: &str, outcome| {
            let read_at = (outcome == ListOutcome::Read).then_some(now);
            JobListState { read_at, outcome, ..JobListState::untried(region, JobKind::Backup) }
        };
        let told = |outcomes: &[ListOutcome]| {
            let regions = ["eu-central-1", "eu-west-1"];
            let lists =
                regions.iter().zip(outcomes).map(|(region, outcome)| list(region, *outcome)).collect();
            in_words(&Cover { lists, now }).map(|(_, title, text)| (title, text))
        };
        use ListOutcome::{Denied, NotAvailable, Read, Untried};
        assert_eq!(told(&[Read, Read]), None);
        assert_eq!(told(&[NotAvailable, NotAvailable]).unwrap().0, "Jobs are not available");
        assert_eq!(told(&[Read, Untried]).unwrap().0, "Jobs are being read for the first time: 50 %");
        let (title, text) = told(&[Read, Denied]).unwrap();
        assert_eq!(title, "Not all jobs are known");
        assert_eq!(text, "What is shown here is of 1 of 2 Regions; eu-west-1 never read (denied).");
        assert!(told(&[Read, NotAvailable]).unwrap().1.contains("eu-west-1 never read (not available)"));
    }
}
