//! `holdfast demo`: the portal, a PostgreSQL of its own and the AWS simulator, in one process and one data folder.

use std::{
    fs,
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use portal::{NewAdministrator, Portal};
use serde::{Deserialize, Serialize};
use simulator::{Organization, Simulator};
use store::private::PrivatePostgres;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    audit::AuditOptions,
    config::WebOptions,
    outside,
    start::{STOP_WITHIN_SECONDS, Start, StartError},
    tls::TlsOptions,
};

/// Where the simulated organization has backups.
const REGIONS: [&str; 3] = ["eu-west-1", "eu-central-1", "us-east-1"];
/// The scale organization takes minutes on a small machine.
const FIRST_IMPORT: u64 = 600;
const EMAIL: &str = "admin@holdfast.example";
const NAME: &str = "Demo administrator";

/// Options of `holdfast demo`.
#[derive(Debug, clap::Args)]
pub struct DemoOptions {
    /// Port on this machine; 0 takes any free one
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Folder that keeps what you do over restarts
    #[arg(long, default_value = ".demo")]
    data_dir: PathBuf,
    /// demo: 250 accounts; scale: 10,000 accounts
    #[arg(long, default_value = "demo")]
    organization: Organization,
    /// An AWS simulator that runs already, such as http://127.0.0.1:4566, instead of our own
    #[arg(long, conflicts_with = "organization")]
    aws_endpoint: Option<String>,
    /// Address and port of the metrics
    #[arg(long, hide = true)]
    metrics_listen: Option<SocketAddr>,
    /// Seconds for which a headless demo waits for the first reading
    #[arg(long, hide = true, default_value_t = FIRST_IMPORT)]
    first_import: u64,
    /// A file of identity providers
    #[arg(long, env = "HOLDFAST_PROVIDERS_FILE", hide = true)]
    providers_file: Option<String>,
    /// Print one line of JSON (url, email, password, aws, database) once ready, then stay quiet
    #[arg(long)]
    headless: bool,
}

/// How to sign in to a demo. It guards a simulation on this machine only, so it is kept readable beside the data.
#[derive(Debug, Serialize, Deserialize)]
struct Administrator {
    email: String,
    password: String,
}

#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    /// The simulator, for tests that change things behind the portal's back.
    aws: &'a str,
    /// The database, for tests that need what no page makes.
    database: &'a str,
    #[serde(flatten)]
    administrator: &'a Administrator,
}

/// Serves the demo until Ctrl-C or SIGTERM.
///
/// # Errors
/// Where it cannot start.
pub async fn demo(options: DemoOptions) -> Result<(), StartError> {
    let say = |text: &str| {
        if !options.headless {
            eprintln!("{text}");
        }
    };
    let name =
        if options.aws_endpoint.is_some() { "other".to_owned() } else { options.organization.to_string() };
    let folder = options.data_dir.join(name);
    fs::create_dir_all(&folder).map_err(file(&folder))?;

    say("Starting PostgreSQL …");
    let postgres = start_postgres(folder.clone()).await?;
    let (endpoint, simulator) = match options.aws_endpoint {
        Some(endpoint) => (endpoint, None),
        None => {
            say("Starting the AWS simulator …");
            let (endpoint, task) =
                start_simulator(options.organization, folder.join("simulator.json")).await?;
            (endpoint, Some(task))
        }
    };
    say("Starting the portal …");
    let running = Start {
        web: WebOptions {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, options.port)),
            public_url: None,
            allow_plain_http: false,
            proxies: 0,
            tls: TlsOptions::default(),
        },
        metrics_listen: options.metrics_listen,
        database_url: postgres.url().to_owned(),
        aws: aws::Options::simulated(endpoint.clone(), aws::Rates::Off),
        regions: REGIONS.map(str::to_owned).to_vec(),
        sync: portal::sync::Options::default(),
        stop_within: Duration::from_secs(STOP_WITHIN_SECONDS.into()),
        providers: outside::providers(options.providers_file.as_deref())?,
        simulated: true,
        audit: AuditOptions::default(),
    }
    .start()
    .await?;
    running.schema.ready().await;
    let administrator = administrator(&running.portal, &folder.join("administrator.json")).await?;
    if options.headless {
        // Whoever asks for JSON wants to use what the pages show.
        let _ = tokio::time::timeout(Duration::from_secs(options.first_import), running.first_import()).await;
    }
    let ready = Ready {
        url: &running.web.url,
        aws: &endpoint,
        database: postgres.url(),
        administrator: &administrator,
    };
    announce(options.headless, &ready, &folder);

    let ended = running.until_stopped().await;
    say("Stopping …");
    if let Some(simulator) = simulator {
        simulator.abort();
    }
    // Waits until the database has closed its files.
    drop(tokio::task::spawn_blocking(move || postgres.stop()).await);
    ended
}

async fn start_postgres(folder: PathBuf) -> Result<PrivatePostgres, StartError> {
    let started = tokio::task::spawn_blocking(move || PrivatePostgres::start(&folder)).await;
    Ok(started.map_err(|error| StartError::Runtime(error.into()))??)
}

/// The simulator on a free port of this machine.
async fn start_simulator(
    organization: Organization,
    state_file: PathBuf,
) -> Result<(String, JoinHandle<()>), StartError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listen = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let endpoint = format!("http://{}", listener.local_addr().map_err(listen)?);
    let options = simulator::Options {
        organization,
        state_file: Some(state_file),
        ..simulator::Options::demo(Arc::new(outside::now))
    };
    let made = tokio::task::spawn_blocking(move || Simulator::new(options)).await;
    let simulator = made.map_err(|error| StartError::Runtime(error.into()))??;
    let serving = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, simulator.router()).await {
            tracing::error!(%error, "the simulator stopped");
        }
    });
    Ok((endpoint, serving))
}

/// The administrator of earlier, or a new one with a random password.
async fn administrator(portal: &Portal, path: &Path) -> Result<Administrator, StartError> {
    let kept = fs::read(path).ok().and_then(|json| serde_json::from_slice::<Administrator>(&json).ok());
    let known = kept.is_some();
    let administrator = kept.unwrap_or_else(|| Administrator {
        email: EMAIL.to_owned(),
        password: hex::encode(outside::random_bytes::<8>()),
    });
    if !known {
        keep(path, &administrator).map_err(file(path))?;
    }
    if let Some(token) = portal.welcome_token().await.map_err(StartError::Administrator)? {
        let Administrator { email, password } = &administrator;
        let new = NewAdministrator {
            token,
            email: email.clone(),
            name: NAME.to_owned(),
            password: password.clone(),
        };
        portal.create_first_administrator(new).await.map_err(StartError::Administrator)?;
    }
    Ok(administrator)
}

fn keep(path: &Path, administrator: &Administrator) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let json = serde_json::to_vec_pretty(administrator)?;
    fs::File::options().create(true).truncate(true).write(true).mode(0o600).open(path)?.write_all(&json)
}

fn announce(headless: bool, ready: &Ready<'_>, folder: &Path) {
    let text = if headless {
        serde_json::to_string(ready).unwrap_or_default()
    } else {
        let Ready { url, administrator: Administrator { email, password }, .. } = ready;
        format!(
            "\n  Holdfast is at  {url}\n  Sign in as      {email}\n  with password   {password}\n\n  \
             The organization is simulated. What you do is kept in {}.\n  Ctrl-C stops everything.\n",
            folder.display()
        )
    };
    // A reader that has gone away is no reason to stop.
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

fn file(path: &Path) -> impl FnOnce(io::Error) -> StartError {
    let path = path.display().to_string();
    move |source| StartError::File { path, source }
}
