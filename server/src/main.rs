//! `holdfast`: see `holdfast --help`.

use std::process::ExitCode;

use server::cli::Cli;

/// The system's allocator costs a third of the processor here, and keeps what a burst took.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    Cli::of_process().run()
}
