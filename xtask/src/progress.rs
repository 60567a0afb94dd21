//! What a person sees while a command works: a line for each step, with what it does now and how long it took.
//! All of it goes to standard error, so that standard output holds results only.

use std::time::{Duration, Instant};

use anyhow::Result;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Reports steps, or keeps quiet.
#[derive(Clone, Copy)]
pub struct Progress {
    quiet: bool,
}

/// A step at work.
pub struct Step(ProgressBar);

impl Step {
    /// Says what the step does now.
    pub fn now(&self, what: impl Into<String>) {
        self.0.set_message(what.into());
    }

    /// Prints a line above the step.
    pub fn print(&self, line: &str) {
        self.0.suspend(|| eprintln!("{line}"));
    }
}

impl Progress {
    pub const fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Does one step and reports it.
    ///
    /// # Errors
    /// Those of the work.
    pub fn step<T>(self, name: &str, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
        let target = if self.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}  {elapsed}  {wide_msg:.dim}") {
            bar.set_style(style);
        }
        bar.set_prefix(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        let begun = Instant::now();
        let result = work(&Step(bar.clone()));
        bar.finish_and_clear();
        if !self.quiet || result.is_err() {
            let mark = if result.is_ok() { "✓" } else { "✗" };
            eprintln!("{mark} {name}  {:.1} s", begun.elapsed().as_secs_f64());
        }
        result
    }
}
