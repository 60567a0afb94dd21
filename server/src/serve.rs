//! `holdfast serve`: the portal for a real organization.

use std::{net::SocketAddr, time::Duration};

use aws::RoleToAssume;
use model::paths;
use portal::{Portal, WELCOME_HOURS};

use crate::{
    audit::AuditOptions,
    config::WebOptions,
    log::LogFormat,
    outside,
    start::{STOP_WITHIN_SECONDS, Start, StartError},
    state::Schema,
};

/// Options of `holdfast serve`. AWS itself is configured as for every AWS program: `AWS_PROFILE`, `AWS_ENDPOINT_URL`, instance roles.
#[derive(Debug, clap::Args)]
pub struct ServeOptions {
    #[command(flatten)]
    web: WebOptions,
    #[command(flatten)]
    audit: AuditOptions,
    /// A PostgreSQL 15 or newer, such as postgres://holdfast:secret@db.example.com/holdfast
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Regions whose backup jobs are read, separated by commas
    #[arg(long, env = "HOLDFAST_REGIONS", value_delimiter = ',', required = true)]
    regions: Vec<String>,
    /// Days for which jobs are kept, rounded up to whole months
    #[arg(long, env = "HOLDFAST_KEEP_JOBS_DAYS", default_value_t = 400, value_parser = clap::value_parser!(u16).range(31..=3660))]
    keep_jobs_days: u16,
    /// A role to take on in AWS
    #[arg(long, env = "HOLDFAST_ROLE_ARN")]
    role_arn: Option<String>,
    /// The external id that the role asks for
    #[arg(long, env = "HOLDFAST_EXTERNAL_ID", requires = "role_arn")]
    external_id: Option<String>,
    /// Address and port of the metrics for Prometheus, such as 127.0.0.1:9464; none without it
    #[arg(long, env = "HOLDFAST_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// Seconds for which the end of the process waits at most for changes that were begun
    #[arg(long, env = "HOLDFAST_STOP_WITHIN_SECONDS", default_value_t = STOP_WITHIN_SECONDS)]
    stop_within_seconds: u16,
    /// A TOML file of the identity providers that people sign in at; docs/sign-in.md has examples
    #[arg(long, env = "HOLDFAST_PROVIDERS_FILE")]
    providers_file: Option<String>,
    /// How to write the log
    #[arg(long, env = "HOLDFAST_LOG_FORMAT", value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// Where it cannot start.
pub async fn serve(options: ServeOptions) -> Result<(), StartError> {
    let ServeOptions {
        web,
        audit,
        metrics_listen,
        database_url,
        regions,
        keep_jobs_days,
        stop_within_seconds,
        role_arn,
        external_id,
        providers_file,
        ..
    } = options;
    let role = role_arn.map(|arn| RoleToAssume { arn, external_id, session_name: "holdfast".to_owned() });
    let aws = aws::Options { role, ..aws::Options::default() };
    let keep_jobs = time::Duration::days(keep_jobs_days.into());
    let sync = portal::sync::Options { keep_jobs, ..portal::sync::Options::default() };
    let stop_within = Duration::from_secs(stop_within_seconds.into());
    let simulated = false;
    let providers = outside::providers(providers_file.as_deref())?;
    let start = Start {
        web,
        metrics_listen,
        database_url,
        aws,
        regions,
        sync,
        providers,
        stop_within,
        simulated,
        audit,
    };
    let running = start.start().await?;
    tracing::info!(url = running.web.url, "serving");
    let welcome =
        tokio::spawn(welcome(running.portal.clone(), running.web.url.clone(), running.schema.clone()));
    let ended = running.until_stopped().await;
    welcome.abort();
    ended
}

/// Prints the one-time link for the first administrator, where nobody can sign in yet.
async fn welcome(portal: Portal, url: String, schema: Schema) {
    schema.ready().await;
    loop {
        match portal.welcome_token().await {
            Ok(None) => return,
            Ok(Some(token)) => {
                let link = format!("{url}{}?token={}", paths::WELCOME, paths::encode(&token));
                println!(
                    "Create the first administrator with this link (good once, for {WELCOME_HOURS} hours):\n{link}"
                );
                return;
            }
            Err(error) => tracing::warn!(%error, "cannot ask whether there is an administrator"),
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}
