//! `simulator`: AWS Organizations and AWS Backup of a seeded organization, on loopback.

use anyhow::Context;
use clap::Parser;
use simulator::{Options, Organization, Rates};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// AWS Organizations and AWS Backup of a seeded organization, on loopback.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 4600)]
    port: u16,
    /// demo: 250 accounts; scale: 10,000 accounts.
    #[arg(long, default_value = "demo")]
    organization: Organization,
    /// Throttle by AWS's published request rates: on, off, or a factor to scale them by.
    #[arg(long, default_value = "off")]
    rates: Rates,
    /// The same seed gives the same organization and jobs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// An organization that has only consolidated billing, not all features.
    #[arg(long)]
    billing_only: bool,
    /// Milliseconds by which effective policies lag behind changes.
    #[arg(long, default_value_t = 2000)]
    effective_delay: u32,
    /// File that keeps changes over restarts.
    #[arg(long)]
    state_file: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")))
        .init();
    let arguments = Arguments::parse();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    // For people, and for programs that asked for any free port.
    println!("http://{}", listener.local_addr()?);
    Ok(simulator::serve(listener, options(arguments)).await?)
}

#[allow(clippy::disallowed_methods, reason = "a program of its own reads the real clock")]
fn options(arguments: Arguments) -> Options {
    Options {
        organization: arguments.organization,
        seed: arguments.seed,
        rates: arguments.rates,
        billing_only: arguments.billing_only,
        effective_delay: Duration::milliseconds(i64::from(arguments.effective_delay)),
        state_file: arguments.state_file,
        ..Options::demo(Arc::new(OffsetDateTime::now_utc))
    }
}
