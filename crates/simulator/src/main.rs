//! `simulator`: AWS Organizations and AWS Backup of a seeded organization, on loopback.

use clap::Parser;
use simulator::Program;
use std::sync::Arc;
use time::OffsetDateTime;
use tracing_subscriber::EnvFilter;

/// AWS Organizations and AWS Backup of a seeded organization, on loopback.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    program: Program,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")))
        .init();
    #[allow(clippy::disallowed_methods, reason = "a program of its own reads the real clock")]
    let now = Arc::new(OffsetDateTime::now_utc);
    Ok(Arguments::parse().program.run(now).await?)
}
