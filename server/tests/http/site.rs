//! A portal on a free port of this machine.

use std::time::Duration;

use axum::body::Bytes;
use portal::{NewAdministrator, Portal, Providers};
use reqwest::{
    Certificate, Client, RequestBuilder, Response,
    header::{ORIGIN, REFERER},
    redirect::Policy,
};
use server::{
    config::WebOptions,
    connections::{self, Limits},
    metrics, outside,
    router::router,
    site::Site,
    state::{Parts, Schema},
    tls::TlsOptions,
};
use store::{SessionStore, Store, testing::TestDatabase};
use tokio::net::TcpListener;

pub const EMAIL: &str = "ana@holdfast.example";
pub const PASSWORD: &str = "a long phrase of her own";

pub struct Running {
    pub url: String,
    /// Where metrics are told.
    pub metrics: String,
    pub portal: Portal,
    pub store: Store,
    client: Client,
    /// Dropped with the test.
    database: Option<TestDatabase>,
}

/// A portal on a fresh database.
pub async fn start() -> Running {
    let database = store::testing::database().await;
    let store = database.store.clone();
    serve(store, Some(database), Setup::default()).await
}

/// A portal on a fresh database, with this way to AWS and this much patience with requests.
pub async fn start_with(aws: &str, patience: Duration) -> Running {
    let database = store::testing::database().await;
    let setup = Setup { aws: aws.to_owned(), patience: Some(patience), ..Setup::default() };
    serve(database.store.clone(), Some(database), setup).await
}

/// A portal on a fresh database, with these limits on connections.
pub async fn start_within(limits: Limits) -> Running {
    let database = store::testing::database().await;
    serve(database.store.clone(), Some(database), Setup { limits, ..Setup::default() }).await
}

/// A portal on a fresh database, with these identity providers.
pub async fn start_with_providers(providers: Providers) -> Running {
    let database = store::testing::database().await;
    let setup = Setup { providers, ..Setup::default() };
    let running = serve(database.store.clone(), Some(database), setup).await;
    running.portal.note_providers().await.unwrap();
    running
}

/// A portal on a fresh database that ends TLS itself, with these files; and the certificate that a browser knows it by.
pub async fn start_with_tls(tls: TlsOptions, known_by: &str) -> Running {
    let database = store::testing::database().await;
    let mut running = serve(database.store.clone(), Some(database), Setup { tls, ..Setup::default() }).await;
    running.client = client_that_knows(known_by);
    running
}

/// A portal on a database of the caller's.
pub async fn start_on(store: Store) -> Running {
    store.migrate().await.unwrap();
    serve(store, None, Setup::default()).await
}

/// A portal whose database cannot be reached.
pub async fn start_without_database() -> Running {
    let options = store::Options { max_connections: 1, acquire_timeout: Duration::from_millis(100) };
    let store = Store::connect("postgres://nobody@127.0.0.1:1/none", options).unwrap();
    serve(store, None, Setup { migrated: false, ..Setup::default() }).await
}

struct Setup {
    aws: String,
    limits: Limits,
    patience: Option<Duration>,
    migrated: bool,
    providers: Providers,
    tls: TlsOptions,
}

impl Default for Setup {
    fn default() -> Self {
        let aws = "http://127.0.0.1:1".to_owned();
        Self {
            aws,
            limits: Limits::default(),
            patience: None,
            migrated: true,
            providers: Providers::default(),
            tls: TlsOptions::default(),
        }
    }
}

async fn serve(store: Store, database: Option<TestDatabase>, setup: Setup) -> Running {
    let aws = aws::Aws::connect(aws::Options::simulated(setup.aws, aws::Rates::Off)).await.unwrap();
    let (sync, _) = portal::sync::channel();
    let portal = Portal::new(portal::Parts {
        store: store.clone(),
        aws: aws.clone(),
        clock: outside::now,
        random: Box::new(outside::random()),
        simulated: true,
        regions: vec!["eu-west-1".to_owned()],
        sync,
        providers: setup.providers,
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listen = listener.local_addr().unwrap();
    let tls = setup.tls.read().unwrap();
    let options =
        WebOptions { listen, public_url: None, allow_plain_http: false, proxies: 0, tls: setup.tls };
    let web = options.web(listen).unwrap();
    let url = web.url.clone();
    let schema = Schema::default();
    if setup.migrated {
        schema.set_ready();
    }
    let sessions = SessionStore::new(store.clone(), outside::now);
    let mut parts = Parts::new(portal.clone(), sessions, schema, web, site());
    parts.patience = setup.patience.unwrap_or(parts.patience);
    let metrics = metrics(metrics::router(&aws, &parts.requests, &portal, store.clone(), tls.as_ref())).await;
    let stop = parts.stop.clone();
    tokio::spawn(connections::serve(listener, tls, router(parts), setup.limits, stop));
    Running { url, metrics, portal, store, client: client(), database }
}

async fn metrics(router: axum::Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/metrics", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn site() -> Site {
    let file = |name: &str, content: &'static str| (name.to_owned(), Bytes::from(content));
    Site::of([
        file("pkg/0123456789abcdef/holdfast.js", "export const plain = true;"),
        file("pkg/0123456789abcdef/holdfast.js.br", "brotli"),
        file("favicon.svg", "<svg/>"),
    ])
}

/// A browser of its own: cookies, and redirects that the test follows itself.
pub fn client() -> Client {
    Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap()
}

/// The same, and it knows a server by this certificate.
pub fn client_that_knows(certificate: &str) -> Client {
    let known = Certificate::from_pem(certificate.as_bytes()).unwrap();
    let client = Client::builder().cookie_store(true).redirect(Policy::none());
    client.add_root_certificate(known).build().unwrap()
}

impl Running {
    /// A page, as a browser asks for it.
    pub async fn page(&self, path: &str) -> Response {
        self.get(path).send().await.unwrap()
    }

    /// A reading request of this browser.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url)).header("accept", "text/html")
    }

    /// The stream of news, as a visible page opens it.
    pub async fn stream(&self) -> Response {
        let request = self.client.get(format!("{}{}", self.url, model::paths::LIVE));
        request.header("accept", "text/event-stream").send().await.unwrap()
    }

    /// A request that changes something, from one of our own pages.
    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url)).header(ORIGIN, &self.url)
    }

    /// A form that stands on `page`, posted to a server function by a browser without scripts.
    pub async fn plain_form(&self, page: &str, function: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.post(function).header(REFERER, format!("{}{page}", self.url));
        request.header("accept", "text/html").form(fields).send().await.unwrap()
    }

    /// The sign-in form, filled in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Response {
        let form = [("email", email), ("password", password), ("next", "/settings")];
        self.post("/auth/sign-in").form(&form).send().await.unwrap()
    }

    /// Its database, where it is a fresh one.
    pub fn database(&self) -> &TestDatabase {
        self.database.as_ref().unwrap()
    }

    /// The address of its database.
    pub fn database_url(&self) -> String {
        self.database().url.clone()
    }

    /// The same portal, seen from another browser.
    pub fn other_browser(&self) -> Self {
        let (portal, store) = (self.portal.clone(), self.store.clone());
        let (url, metrics) = (self.url.clone(), self.metrics.clone());
        Self { url, metrics, portal, store, client: client(), database: None }
    }

    /// Somebody who can sign in.
    pub async fn with_administrator(self) -> Self {
        let token = self.portal.welcome_token().await.unwrap().unwrap();
        let new = NewAdministrator {
            token,
            email: EMAIL.to_owned(),
            name: "Ana".to_owned(),
            password: PASSWORD.to_owned(),
        };
        self.portal.create_first_administrator(new).await.unwrap();
        self
    }
}

/// A header as text; empty where it is not set.
pub fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Keeps somebody out, as an administrator of everything does who stays behind.
pub async fn disable(store: &store::Store, email: &str) {
    let now = server::outside::now();
    let event = store::NewAudit::done(store::Actor::default(), model::audit::AuditAction::PersonDisabled);
    let other = store::NewUser {
        password_hash: Some("$argon2id$".to_owned()),
        ..store::testing::person("other@example.com", model::Role::Administrator)
    };
    store.create_user(other, now).await.unwrap();
    let user = store.user_by_email(email).await.unwrap().unwrap();
    store.set_user_disabled(user.id, true, &event, now).await.unwrap().unwrap();
}
