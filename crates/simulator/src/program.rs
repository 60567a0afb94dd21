//! The simulator as a program of its own: its options, and serving until it is stopped.

use crate::endpoint::serve;
use crate::journal::StartError;
use crate::options::{Clock, Options, Organization};
use crate::proxy::{How, Proxy, Spoil};
use crate::rates::Rates;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use time::Duration;
use tokio::net::TcpListener;

/// The lists of jobs of AWS Backup.
const JOB_LISTS: &str = "GET /*-jobs*";

/// Options of the program.
#[derive(Debug, Clone, clap::Args)]
pub struct Program {
    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 4600)]
    port: u16,
    /// demo: 250 accounts; scale: 10,000 accounts
    #[arg(long, default_value = "demo")]
    organization: Organization,
    /// Throttle by AWS's published request rates: on, off, or a factor to scale them by
    #[arg(long, default_value = "off")]
    rates: Rates,
    /// The same seed gives the same organization and jobs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// An organization that has only consolidated billing, not all features
    #[arg(long)]
    billing_only: bool,
    /// Milliseconds by which effective policies lag behind changes
    #[arg(long, default_value_t = 2000)]
    effective_delay: u32,
    /// File that keeps changes over restarts
    #[arg(long)]
    state_file: Option<PathBuf>,
    /// Spoil the lists of jobs of one Region, as eu-west-1=html-403 (html-STATUS, empty, garble, cut or lose)
    #[arg(long, hide = true)]
    spoil: Option<SpoiltRegion>,
}

/// A Region whose lists of jobs do not arrive as they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SpoiltRegion {
    region: String,
    how: How,
}

impl FromStr for SpoiltRegion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (region, how) = text.split_once('=').ok_or("expected REGION=HOW")?;
        let how = match how {
            "empty" => How::Empty,
            "garble" => How::Garble,
            "cut" => How::Cut,
            "lose" => How::Lose,
            _ => {
                let status = how.strip_prefix("html-").and_then(|status| status.parse().ok());
                How::Html(status.ok_or("expected html-STATUS, empty, garble, cut or lose")?)
            }
        };
        Ok(Self { region: region.to_owned(), how })
    }
}

impl Program {
    /// Serves until the task is dropped. Prints the address first, for people and for programs that asked for any port.
    ///
    /// # Errors
    /// If the simulator cannot start, or the listener fails.
    pub async fn run(self, now: Clock) -> Result<(), StartError> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|source| StartError::Address { address, source })?;
        let mut url = format!("http://{}", listener.local_addr().map_err(StartError::Listen)?);
        let proxy = match &self.spoil {
            Some(spoilt) => Some(before(&url, spoilt).await?),
            None => None,
        };
        if let Some(proxy) = &proxy {
            url = proxy.url();
        }
        println!("{url}");
        serve(listener, self.options(now)).await
    }

    fn options(self, now: Clock) -> Options {
        Options {
            organization: self.organization,
            seed: self.seed,
            rates: self.rates,
            billing_only: self.billing_only,
            effective_delay: Duration::milliseconds(i64::from(self.effective_delay)),
            state_file: self.state_file,
            ..Options::demo(now)
        }
    }
}

async fn before(endpoint: &str, spoilt: &SpoiltRegion) -> Result<Proxy, StartError> {
    let proxy = Proxy::start(endpoint).await.map_err(StartError::Listen)?;
    proxy.spoil(Spoil::new(JOB_LISTS, spoilt.how).in_region(&spoilt.region));
    Ok(proxy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spoilt_region_is_named_with_the_way_it_is_spoilt() {
        let read = |text: &str| text.parse::<SpoiltRegion>();
        let expected = SpoiltRegion { region: "eu-west-1".to_owned(), how: How::Html(403) };
        assert_eq!(read("eu-west-1=html-403"), Ok(expected));
        assert_eq!(read("eu-west-1=cut").unwrap().how, How::Cut);
        assert!(read("eu-west-1").is_err() && read("eu-west-1=html").is_err());
    }
}
