//! Somebody who is signed in and goes on working while the portal is attacked.

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{
    answer::{Answer, MARKUP},
    portal::{Browser, World},
};

/// Pages, and what stands on each.
const PAGES: [(&str, &str); 7] = [
    ("/", "Overview"),
    ("/organization", "Organization"),
    ("/policies", "Policies"),
    ("/jobs", "Jobs"),
    ("/settings", "Settings"),
    ("/team", "mallory@holdfast.example"),
    ("/audit", "Audit"),
];

pub struct Witness {
    work: JoinHandle<(usize, Vec<String>)>,
    stop: CancellationToken,
}

impl Witness {
    pub fn start(world: &World) -> Self {
        let (browser, stop) = (world.owner.clone(), CancellationToken::new());
        let until = stop.clone();
        Self { work: tokio::spawn(async move { browse(&browser, &until).await }), stop }
    }

    /// How many pages were asked for, and which were wrong.
    pub async fn stop(self) -> (usize, Vec<String>) {
        self.stop.cancel();
        self.work.await.unwrap()
    }
}

async fn browse(browser: &Browser, stop: &CancellationToken) -> (usize, Vec<String>) {
    let (mut asked, mut wrong) = (0, Vec::new());
    while !stop.is_cancelled() {
        for (path, word) in PAGES {
            let answer = Answer::of(browser.get(path).send().await).await;
            asked += 1;
            if answer.status != 200 || !answer.body.contains(word) || answer.body.contains(MARKUP) {
                wrong.push(format!("{path}: {}", answer.shown()));
            }
        }
    }
    (asked, wrong)
}
