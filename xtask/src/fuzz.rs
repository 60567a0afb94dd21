//! `cargo xtask fuzz`: mutated input for the policy language, for a bounded time and from a printed seed.
//!
//! Runs on the stable toolchain, with overflow checks where it is built without optimization. A case depends on the
//! seed and its number alone, so what is found can be run again.

mod cases;
mod random;

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use random::Random;

/// Fuzz the policy language.
#[derive(Clone, clap::Args)]
pub struct Fuzz {
    /// How long, all targets together
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    seconds: u64,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run one case of one target again: its name and number
    #[arg(long, num_args = 2, value_names = ["TARGET", "NUMBER"])]
    case: Option<Vec<String>>,
}

/// Something that takes random input and holds promises.
struct Target {
    name: &'static str,
    /// Makes up the input, to be shown if it breaks a promise.
    input: fn(&mut Random) -> Vec<String>,
    /// What must hold of it.
    check: fn(&[String]) -> Result<(), String>,
}

const TARGETS: [Target; 3] = [
    Target { name: "parse", input: cases::text, check: cases::parse },
    Target { name: "merge", input: cases::policies, check: cases::merge },
    Target { name: "cron", input: cases::schedule, check: cases::cron },
];

/// Runs every target for its share of the time.
///
/// # Errors
/// The first input that panics or breaks a promise.
pub fn run(options: &Fuzz) -> Result<()> {
    if let Some([name, number]) = options.case.as_deref() {
        return again(options.seed, name, number);
    }
    let share = Duration::from_secs(options.seconds) / u32::try_from(TARGETS.len())?;
    println!("seed {}, {share:?} for each target", options.seed);
    for target in &TARGETS {
        let begun = Instant::now();
        let mut number = 0;
        while begun.elapsed() < share {
            target.case(options.seed, number)?;
            number += 1;
        }
        println!("{:<6} {number:>9} inputs, all promises held", target.name);
    }
    Ok(())
}

fn again(seed: u64, name: &str, number: &str) -> Result<()> {
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        bail!("there is no target {name}");
    };
    target.case(seed, number.parse()?)?;
    println!("all promises held");
    Ok(())
}

impl Target {
    fn case(&self, seed: u64, number: u64) -> Result<()> {
        let input = (self.input)(&mut Random::of_case(seed, number));
        let broken = match catch_unwind(|| (self.check)(&input)) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(promise)) => promise,
            Err(_) => "it panicked".to_owned(),
        };
        let Self { name, .. } = self;
        bail!(
            "{name}: {broken}\ninput: {input:#?}\nagain: cargo xtask fuzz --seed {seed} --case {name} {number}"
        )
    }
}

#[cfg(test)]
mod tests {
    use policy::{Document, schedule::Cron};

    use super::*;

    #[test]
    fn a_panic_and_a_broken_promise_end_the_run_with_the_way_to_run_it_again() {
        let input = |_: &mut Random| vec!["odd".to_owned()];
        for check in [(|_: &[String]| panic!()) as fn(&[String]) -> _, |_| Err("broken".to_owned())] {
            let error = Target { name: "t", input, check }.case(7, 3).unwrap_err().to_string();
            assert!(error.contains("odd") && error.ends_with("--seed 7 --case t 3"), "{error}");
        }
    }

    #[test]
    fn much_of_the_input_gets_past_the_reader() {
        let inputs = |make: fn(&mut Random) -> Vec<String>| {
            (0..400).filter_map(move |number| make(&mut Random::of_case(1, number)).into_iter().next())
        };
        let read = inputs(cases::text).filter(|text| Document::parse(text).is_ok()).count();
        let cron = inputs(cases::schedule).filter(|text| Cron::parse(text).is_ok()).count();
        let merged =
            |number| policy::merge::merge(&cases::levels(&cases::policies(&mut Random::of_case(1, number))));
        let merged = (0..400).map(merged).filter(|merged| merged.settings().len() > 3).count();
        assert!((60..340).contains(&read) && (100..380).contains(&cron), "{read} texts, {cron} schedules");
        assert!(merged >= 100, "{merged} policies");
    }

    #[test]
    fn a_case_is_the_same_every_time() {
        let case = |number| cases::policies(&mut Random::of_case(5, number));
        assert_eq!(case(9), case(9));
        assert_ne!(case(9), case(10));
    }
}
