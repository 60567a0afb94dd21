//! `cargo xtask abuse`: attacks on a real `holdfast serve` on loopback, while somebody who is signed in keeps working. Ends by
//! itself within minutes; its exit status is 0 only where nothing was let through and every answer was a right one.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "an attack that cannot be made is no attack")]

mod abuse {
    pub mod answer;
    pub mod attacks;
    pub mod attempt;
    #[path = "../../../crates/portal/tests/authenticator/authenticator.rs"]
    #[expect(dead_code, reason = "shared with the tests of the portal")]
    pub mod authenticator;
    pub mod directory;
    #[path = "../http/identity_provider.rs"]
    #[expect(dead_code, reason = "shared with the tests of the portal")]
    pub mod identity_provider;
    pub mod passkeys;
    pub mod portal;
    pub mod programs;
    pub mod proxy;
    pub mod signing_in;
    pub mod text;
    pub mod tls;
    pub mod tokens;
    pub mod wire;
    pub mod witness;
}

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use abuse::{
    attacks::{ATTACKS, Tally},
    portal::World,
    witness::Witness,
};

fn main() -> ExitCode {
    tokio::runtime::Runtime::new().unwrap().block_on(run())
}

async fn run() -> ExitCode {
    let bar = ProgressBar::new(u64::try_from(ATTACKS.len()).unwrap());
    bar.set_style(ProgressStyle::with_template("{spinner} {pos}/{len} {elapsed} {wide_msg}").unwrap());
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar.set_message("starting a portal");
    let world = World::start().await;
    let witness = Witness::start(&world);
    let mut all = Tally::default();
    println!("{:<44} {:>6} {:>12} {:>14}", "attack", "tried", "let through", "wrong answers");
    for attack in &ATTACKS {
        bar.set_message(attack.name);
        let tally = attack.run(&world).await;
        bar.suspend(|| tell(attack.name, &tally, attack.right));
        all.add(tally);
        bar.inc(1);
    }
    let (asked, wrong) = witness.stop().await;
    bar.finish_and_clear();
    let witnessed = Tally { tried: asked, let_through: Vec::new(), wrong };
    tell("somebody signed in, meanwhile", &witnessed, "every page as it should be");
    all.add(witnessed);
    println!("{:<44} {:>6} {:>12} {:>14}", "all", all.tried, all.let_through.len(), all.wrong.len());
    if all.let_through.is_empty() && all.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(name: &str, tally: &Tally, right: &str) {
    println!("{name:<44} {:>6} {:>12} {:>14}", tally.tried, tally.let_through.len(), tally.wrong.len());
    for (kind, cases) in [("let through", &tally.let_through), ("wrong", &tally.wrong)] {
        for case in cases.iter().take(8) {
            println!("    {kind}: {case}");
        }
        if !cases.is_empty() {
            println!("    right would be: {right}");
        }
    }
}
