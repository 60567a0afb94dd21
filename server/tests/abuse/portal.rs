//! The portal that is attacked: `holdfast serve` on the simulator, with a private database and an identity provider.

use std::{
    fs::{self, Permissions},
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use reqwest::{Client, RequestBuilder, header::ORIGIN, redirect::Policy};
use serde_json::{Value, json};
use server::outside;
use store::private::PrivatePostgres;
use tempfile::TempDir;

use super::identity_provider::{CLIENT, IdentityProvider, OTHER_SCIM_TOKEN, SCIM_TOKEN, SECRET};

pub const OWNER: &str = "ana@holdfast.example";
pub const OTHER: &str = "mallory@holdfast.example";
pub const PASSWORD: &str = "a long phrase of her own";

/// The proxy in front: its issuer, and its header.
pub const EDGE: &str = "https://edge.example";
pub const EDGE_HEADER: &str = "x-edge-assertion";

const HOLDFAST: &str = env!("CARGO_BIN_EXE_holdfast");
const INVITE: &str = "/rpc/app/server_fns/team/invite_person";

/// A program beside us, ended with this value.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A browser: cookies, and an address that the proxy in front saw.
#[derive(Clone)]
pub struct Browser {
    pub url: String,
    pub from: String,
    client: Client,
}

impl Browser {
    /// Without cookies.
    pub fn new(url: &str, from: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none());
        // What takes longer is not answered.
        let client = client.timeout(Duration::from_secs(100)).build().unwrap();
        Self { url: url.to_owned(), from: from.to_owned(), client }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        let request = self.client.get(format!("{}{path}", self.url));
        request.header("x-forwarded-for", &self.from).header("accept", "text/html")
    }

    /// From a page of the portal, as far as headers tell.
    pub fn post(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.url));
        request.header("x-forwarded-for", &self.from).header(ORIGIN, &self.url)
    }

    pub fn sign_in(&self, email: &str, password: &str) -> RequestBuilder {
        self.post("/auth/sign-in").form(&[("email", email), ("password", password), ("next", "/settings")])
    }
}

/// All that attacks need.
pub struct World {
    pub url: String,
    pub provider: IdentityProvider,
    /// An administrator, signed in.
    pub owner: Browser,
    /// Where she signed in before, and signed out again.
    pub known: Browser,
    /// Another one, whose session is used for what a signed-in person could send.
    pub other: Browser,
    /// A link that was used.
    pub used_link: String,
    /// An administrator's own token for the API.
    pub personal: String,
    /// Where another process of the same portal ends TLS itself, as `127.0.0.1:port`.
    pub tls: String,
    /// What its certificate is known by.
    pub certificate: String,
    _programs: [Program; 3],
    _database: PrivatePostgres,
    _folder: TempDir,
}

impl World {
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("holdfast-abuse-").tempdir().unwrap();
        // The database's own user has to pass.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let database = PrivatePostgres::start(&folder.path().join("database")).unwrap();
        let provider = IdentityProvider::start(outside::now().unix_timestamp()).await;
        let (simulator, mut said) = start(Command::new(HOLDFAST).args(["simulator", "--port", "0"]));
        let aws = line(&mut said, "http");
        let configuration = Configuration::new(folder.path(), database.url(), &aws, &provider);
        let (portal, mut said) = start(&mut configuration.serve("holdfast.log"));
        let link = line(&mut said, "http");
        // Nobody reads the rest, and the pipe must not fill.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let (url, token) = link.split_once("/welcome?token=").unwrap();
        let owner = Browser::new(url, "203.0.113.7");
        let token = percent_decode(token);
        let form = [("token", token.as_str()), ("email", OWNER), ("name", "Ana"), ("password", PASSWORD)];
        let answer = owner.post("/auth/welcome").form(&form).send().await.unwrap();
        assert_eq!(answer.headers()["location"], "/", "the first administrator");
        let known = Browser::new(url, "203.0.113.10");
        known.sign_in(OWNER, PASSWORD).send().await.unwrap();
        known.post("/auth/sign-out").send().await.unwrap();
        let (other, used_link) = join(&owner, url).await;
        let personal = token_of(&owner).await;
        let made =
            rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        let port = free_port().await;
        let (encrypted, mut said) = start(&mut configuration.serve_with_tls(&made, port));
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        let tls = format!("127.0.0.1:{port}");
        until_it_listens(&tls).await;
        Self {
            url: url.to_owned(),
            provider,
            owner,
            known,
            other,
            used_link,
            personal,
            tls,
            certificate: made.cert.pem(),
            _programs: [portal, encrypted, simulator],
            _database: database,
            _folder: folder,
        }
    }

    /// Somebody new, from an address.
    pub fn stranger(&self, from: &str) -> Browser {
        Browser::new(&self.url, from)
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }
}

/// What portals are started with.
struct Configuration {
    folder: PathBuf,
    settings: Vec<(&'static str, String)>,
}

impl Configuration {
    fn new(folder: &Path, database: &str, aws: &str, provider: &IdentityProvider) -> Self {
        let issuer = &provider.issuer;
        let providers = format!(
            "[[provider]]\nname = \"corp\"\ntitle = \"Corp\"\nissuer = \"{issuer}\"\nclient_id = \"{CLIENT}\"\n\
             client_secret_env = \"ABUSE_SECRET\"\ngroups_claim = \"groups\"\npeople = \"first-sign-in\"\n\
             [[provider.mapping]]\ngroup = \"admins\"\nrole = \"administrator\"\n\
             {}{}\
             [[provider]]\nkind = \"proxy\"\nname = \"edge\"\ntitle = \"Edge\"\nissuer = \"{EDGE}\"\n\
             header = \"{EDGE_HEADER}\"\naudience = \"{CLIENT}\"\nkeys_url = \"{issuer}/keys\"\n\
             groups_claim = \"groups\"\npeople = \"first-sign-in\"\n\
             [[provider.mapping]]\ngroup = \"admins\"\nrole = \"administrator\"\n",
            directory("staff", "ABUSE_SCIM_TOKEN"),
            directory("guests", "ABUSE_OTHER_SCIM_TOKEN"),
        );
        let file = folder.join("providers.toml");
        fs::write(&file, providers).unwrap();
        let text = |value: &str| value.to_owned();
        let settings = vec![
            ("HOLDFAST_PROVIDERS_FILE", file.display().to_string()),
            ("DATABASE_URL", text(database)),
            ("HOLDFAST_LISTEN", text("127.0.0.1:0")),
            ("HOLDFAST_REGIONS", text("eu-west-1")),
            ("HOLDFAST_PROXIES", text("1")),
            ("ABUSE_SECRET", text(SECRET)),
            ("ABUSE_SCIM_TOKEN", text(SCIM_TOKEN)),
            ("ABUSE_OTHER_SCIM_TOKEN", text(OTHER_SCIM_TOKEN)),
            ("AWS_ENDPOINT_URL", text(aws)),
            ("AWS_REGION", text("us-east-1")),
            ("AWS_ACCESS_KEY_ID", text("none")),
            ("AWS_SECRET_ACCESS_KEY", text("none")),
        ];
        Self { folder: folder.to_owned(), settings }
    }

    fn serve(&self, log: &str) -> Command {
        let log = fs::File::create(self.folder.join(log)).unwrap();
        let mut command = Command::new(HOLDFAST);
        command.arg("serve").stderr(log).envs(self.settings.clone());
        command
    }

    fn serve_with_tls(&self, made: &rcgen::CertifiedKey<rcgen::KeyPair>, port: u16) -> Command {
        let put = |name: &str, text: String| {
            let path = self.folder.join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let mut command = self.serve("holdfast-tls.log");
        command
            .env("HOLDFAST_LISTEN", format!("127.0.0.1:{port}"))
            .env("HOLDFAST_TLS_CERT_FILE", put("certificate.pem", made.cert.pem()))
            .env("HOLDFAST_TLS_KEY_FILE", put("key.pem", made.signing_key.serialize_pem()));
        command
    }
}

/// A provider that nobody signs in at, whose directory tells of people.
fn directory(name: &str, token: &str) -> String {
    format!(
        "[[provider]]\nname = \"{name}\"\ntitle = \"{name}\"\nissuer = \"https://{name}.example\"\n\
         client_id = \"{CLIENT}\"\nclient_secret_env = \"ABUSE_SECRET\"\npeople = \"directory\"\n\
         [provider.scim]\ntoken_env = \"{token}\"\n\
         [[provider.mapping]]\ngroup = \"admins\"\nrole = \"administrator\"\n"
    )
}

async fn free_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

async fn until_it_listens(address: &str) {
    while tokio::net::TcpStream::connect(address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A token of an administrator's own, for reading.
async fn token_of(owner: &Browser) -> String {
    let form = [("name", "abuse"), ("actions[]", "read"), ("scope", "all"), ("days", "1")];
    let made: Value = owner
        .post("/rpc/app/server_fns/team/make_token")
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    made["token"].as_str().unwrap().to_owned()
}

fn start(command: &mut Command) -> (Program, BufReader<ChildStdout>) {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    (Program(child), said)
}

/// The next line that begins so.
fn line(said: &mut BufReader<ChildStdout>, begins: &str) -> String {
    let mut line = String::new();
    while !line.starts_with(begins) {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "the program ended");
    }
    line.trim().to_owned()
}

/// A second administrator, by a link that is used up then.
async fn join(owner: &Browser, url: &str) -> (Browser, String) {
    let fields = [("email", OTHER), ("name", "Mallory"), ("role", "administrator"), ("scope", "all")];
    let link: Value = owner.post(INVITE).form(&fields).send().await.unwrap().json().await.unwrap();
    let path = link["path"].as_str().unwrap();
    let token = percent_decode(path.split_once("token=").unwrap().1);
    let other = Browser::new(url, "203.0.113.8");
    let form = [("token", token.as_str()), ("name", "Mallory"), ("password", PASSWORD)];
    let joined = other.post("/auth/join").form(&form).send().await.unwrap();
    assert_eq!(joined.headers()["location"], "/", "{}", json!(link));
    (other, token)
}

fn percent_decode(text: &str) -> String {
    form_urlencoded::parse(text.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}
