//! What a proxy in front says of people with each request, in real signed tokens.

use model::{Role, access::Grant};
use portal::{Caller, Invitation, Origin, ProviderSources, Providers};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use server::outside;

use super::{
    identity_provider::{CLIENT, IdentityProvider, Signed},
    site::{EMAIL, PASSWORD, Running, header, start_with_providers},
};

const HEADER: &str = "cf-access-jwt-assertion";
const BALANCER: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/edge/0123456789abcdef";

struct Nothing;

impl ProviderSources for Nothing {
    fn file(&self, _path: &str) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}

/// A portal behind a proxy whose keys are those of an identity provider.
struct Edge {
    site: Running,
    at: IdentityProvider,
}

impl Edge {
    async fn start(keys: &str, more: &str) -> Self {
        let at = IdentityProvider::start(outside::now().unix_timestamp()).await;
        let issuer = &at.issuer;
        let text = format!(
            "[[provider]]\nkind = \"proxy\"\nname = \"edge\"\ntitle = \"Edge\"\nissuer = \"{issuer}\"\n\
             header = \"{HEADER}\"\naudience = \"{CLIENT}\"\nkeys_url = \"{issuer}{keys}\"\ngroups_claim = \"groups\"\n\
             {more}\n[[provider.mapping]]\ngroup = \"readers\"\nrole = \"auditor\"\n"
        );
        let site =
            start_with_providers(Providers::parse(&text, &Nothing).unwrap()).await.with_administrator().await;
        Self { site, at }
    }

    async fn open() -> Self {
        Self::start("/keys", "people = \"first-sign-in\"").await
    }

    fn says(&self, subject: &str, over: Value) -> String {
        self.at.person(subject, &["readers"]);
        self.at.assertion(&json!({}), &over)
    }

    async fn ask(browser: &Running, assertion: &str) -> Response {
        browser.get("/account").header(HEADER, assertion).send().await.unwrap()
    }

    async fn administrator(&self) -> Caller {
        let ana = self.site.store.user_by_email(EMAIL).await.unwrap().unwrap();
        let now = Some(outside::now());
        self.site.portal.caller(ana.id, Origin::default(), now).await.unwrap().unwrap()
    }
}

async fn shows(answer: Response, email: &str) -> bool {
    answer.status() == StatusCode::OK && answer.text().await.unwrap().contains(email)
}

fn is_nobody(answer: &Response) -> bool {
    header(answer, "location").starts_with("/sign-in")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whom_a_proxy_vouches_for_is_in_with_the_request_and_out_without_it() {
    let edge = Edge::open().await;
    let browser = edge.site.other_browser();
    let bob = edge.says("bob", json!({}));
    assert!(shows(Edge::ask(&browser, &bob).await, "bob@example.com").await);
    assert_eq!(browser.get("/audit").header(HEADER, &bob).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(edge.at.world().key_reads, 1, "keys are kept");
    let sessions = edge.site.portal.team(&edge.administrator().await).await.unwrap();
    let bobs = sessions.members.iter().find(|member| member.email == "bob@example.com").unwrap();
    assert_eq!((bobs.sessions, bobs.role()), (1, Some(Role::Auditor)), "one session for all of it");
    // The session alone is nobody's, and a bare name never is anybody's.
    assert!(is_nobody(&browser.page("/account").await));
    assert!(is_nobody(&Edge::ask(&browser, "bob@example.com").await));
    let twice = browser.get("/account").header(HEADER, &bob).header(HEADER, &bob).send().await.unwrap();
    assert!(is_nobody(&twice), "no proxy sends two");
    assert!(shows(Edge::ask(&browser, &format!("Bearer {bob}")).await, "bob@example.com").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn another_person_in_the_assertion_ends_the_session() {
    let edge = Edge::open().await;
    let browser = edge.site.other_browser();
    let (bob, eve) = (edge.says("bob", json!({})), edge.says("eve", json!({})));
    assert!(shows(Edge::ask(&browser, &bob).await, "bob@example.com").await);
    assert!(shows(Edge::ask(&browser, &eve).await, "eve@example.com").await);
    let team = edge.site.portal.team(&edge.administrator().await).await.unwrap();
    let sessions = |email: &str| team.members.iter().find(|member| member.email == email).unwrap().sessions;
    assert_eq!((sessions("bob@example.com"), sessions("eve@example.com")), (0, 1));
    // Also one that was begun with a password.
    let local = edge.site.other_browser();
    local.sign_in(EMAIL, PASSWORD).await;
    assert!(shows(local.page("/account").await, EMAIL).await);
    assert!(shows(Edge::ask(&local, &eve).await, "eve@example.com").await);
    assert!(is_nobody(&local.page("/account").await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_assertion_that_is_not_believed_is_nobody() {
    let edge = Edge::open().await;
    let now = outside::now().unix_timestamp();
    for over in [
        json!({"aud": "another"}),
        json!({"aud": null}),
        json!({"aud": ["another"]}),
        json!({"iss": "https://evil.example"}),
        json!({"iss": null}),
        json!({"exp": now - 120}),
        json!({"exp": null}),
        json!({"iat": now + 600}),
        json!({"nbf": now + 600}),
        json!({"sub": null}),
        json!({"sub": ""}),
    ] {
        let bad = edge.says("bob", over.clone());
        assert!(is_nobody(&Edge::ask(&edge.site.other_browser(), &bad).await), "{over}");
    }
    for signed in [Signed::Not, Signed::WithPublicKey, Signed::ByAnother] {
        edge.at.world().signed = signed;
        let bad = edge.says("bob", json!({}));
        assert!(is_nobody(&Edge::ask(&edge.site.other_browser(), &bad).await), "{signed:?}");
    }
    edge.at.world().signed = Signed::Right;
    let good = edge.says("bob", json!({"aud": ["another", CLIENT]}));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let other = edge.says("eve", json!({}));
    let swapped = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
    for bad in [format!("{signed}."), signed.to_owned(), format!("{good}.x"), swapped, "x".repeat(7_000)] {
        assert!(is_nobody(&Edge::ask(&edge.site.other_browser(), &bad).await), "{bad}");
    }
    assert!(shows(Edge::ask(&edge.site.other_browser(), &good).await, "bob@example.com").await);
    let team = edge.site.portal.team(&edge.administrator().await).await.unwrap();
    assert_eq!(team.members.len(), 2, "nobody was made of the others");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_load_balancer_of_aws_is_known_by_its_arn_its_client_and_its_own_key() {
    let more = format!("people = \"first-sign-in\"\nsigner = \"{BALANCER}\"\nalgorithms = [\"ES256\"]");
    let edge = Edge::start("/pem/{kid}", &more).await;
    let says = |header: Value| {
        edge.at.person("bob", &["readers"]);
        // It says its client in the header, and no audience; and it writes padding.
        edge.at.padded_assertion(&header, &json!({"aud": null}))
    };
    let own = json!({"signer": BALANCER, "client": CLIENT});
    assert!(shows(Edge::ask(&edge.site.other_browser(), &says(own.clone())).await, "bob@example.com").await);
    for (field, value) in [
        ("signer", json!(BALANCER.replace("edge", "evil"))),
        ("signer", Value::Null),
        ("client", json!("another")),
        ("client", Value::Null),
        ("kid", json!("../../other")),
        ("alg", json!("RS256")),
    ] {
        let mut header = own.clone();
        header[field] = value.clone();
        assert!(is_nobody(&Edge::ask(&edge.site.other_browser(), &says(header)).await), "{field} {value}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn by_invitation_somebody_of_a_proxy_takes_a_link_and_others_are_told_why_not() {
    let edge = Edge::start("/keys", "people = \"invitation\"").await;
    let bob = edge.says("bob", json!({}));
    let browser = edge.site.other_browser();
    assert!(is_nobody(&Edge::ask(&browser, &bob).await));
    let why = browser.get("/auth/oidc/edge?next=/account").header(HEADER, &bob).send().await.unwrap();
    assert_eq!(header(&why, "location"), "/sign-in?next=%2Faccount&problem=provider-not-invited");
    // Somebody whom nobody knows there may have a local account.
    let local = edge.site.other_browser();
    let form = [("email", EMAIL), ("password", PASSWORD), ("next", "/account")];
    local.post("/auth/sign-in").header(HEADER, &bob).form(&form).send().await.unwrap();
    assert!(shows(Edge::ask(&local, &bob).await, EMAIL).await);
    let grant = Grant { role: Role::Viewer, ..Grant::WHOLE };
    let invitation = Invitation { email: "robert@example.com".into(), name: "Bob".into(), grant };
    let link = edge.site.portal.invite_person(&edge.administrator().await, invitation).await.unwrap().path;
    let token = link.split_once("token=").unwrap().1;
    let joined = browser.get(&format!("/auth/oidc/edge?token={token}")).header(HEADER, &bob);
    assert_eq!(header(&joined.send().await.unwrap(), "location"), "/");
    assert!(shows(Edge::ask(&browser, &bob).await, "robert@example.com").await);
    let confirm =
        browser.get("/auth/oidc/edge?confirm=1&next=/team").header(HEADER, &bob).send().await.unwrap();
    assert_eq!(header(&confirm, "location"), "/confirm?next=%2Fteam&problem=provider-not-anew");
}
