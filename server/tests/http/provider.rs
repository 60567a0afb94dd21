//! Signing in at an identity provider, as a browser goes there and back.

use futures::future::join_all;
use reqwest::{Response, StatusCode, header::SET_COOKIE};
use serde_json::json;
use server::outside;

use super::{
    identity_provider::IdentityProvider,
    site::{EMAIL, PASSWORD, Running, header, start_with_providers},
};

const MAPPED: &str =
    "people = \"first-sign-in\"\n[[provider.mapping]]\ngroup = \"admins\"\nrole = \"administrator\"\n";

async fn corp() -> (Running, IdentityProvider) {
    let at = IdentityProvider::start(outside::now().unix_timestamp()).await;
    at.person("bob", &["admins"]);
    let site = start_with_providers(at.configuration(MAPPED)).await.with_administrator().await;
    (site, at)
}

/// The address that the provider sends a browser back to, which was sent there from `path`.
async fn there_and_back(site: &Running, at: &IdentityProvider, path: &str) -> String {
    let answer = site.page(path).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{}", header(&answer, "location"));
    let came = at.approve(header(&answer, "location"));
    let fields = [("code", came.code.as_str()), ("state", came.state.as_str())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("/auth/oidc/corp/callback?{query}")
}

async fn sign_in(site: &Running, at: &IdentityProvider) -> Response {
    let back = there_and_back(site, at, "/auth/oidc/corp?next=/settings").await;
    // As browsers say it of a redirect that another site began.
    site.get(&back).header("sec-fetch-site", "cross-site").send().await.unwrap()
}

fn led_to(answer: &Response) -> &str {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    header(answer, "location")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_browser_goes_to_the_provider_and_comes_back_signed_in() {
    let (site, at) = corp().await;
    let page = site.page("/sign-in?next=/settings").await.text().await.unwrap();
    assert!(page.contains("href=\"/auth/oidc/corp?next=%2Fsettings\""), "{page}");
    assert!(page.contains("Sign in with Corp"), "{page}");
    let answer = sign_in(&site, &at).await;
    assert_eq!(led_to(&answer), "/settings");
    let cookie = answer.headers().get(SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(site.page("/team").await.status(), StatusCode::OK);
    let team = site.page("/team").await.text().await.unwrap();
    assert!(team.contains("group admins at corp") && team.contains("factors are kept there"), "{team}");
    assert_eq!(
        led_to(&site.page("/auth/oidc/corp?next=/jobs").await),
        "/jobs",
        "nobody is signed out by a link"
    );
    assert_eq!(site.page("/team").await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_answer_counts_in_the_browser_that_asked_and_of_many_at_once_one_does() {
    let (site, at) = corp().await;
    let back = there_and_back(&site, &at, "/auth/oidc/corp?next=/settings").await;
    let not_pending = "/sign-in?problem=provider-not-pending";
    assert_eq!(led_to(&site.other_browser().page(&back).await), not_pending);
    let other = site.other_browser();
    there_and_back(&other, &at, "/auth/oidc/corp").await;
    let swapped = other.page(&back).await;
    assert_eq!(led_to(&swapped), not_pending, "a state of another browser, and its own is used up");
    let answers = join_all((0..8).map(|_| site.page(&back))).await;
    let signed_in = answers.iter().filter(|answer| led_to(answer) == "/settings").count();
    assert_eq!(signed_in, 1);
    let page = site.page("/sign-in?problem=provider-not-pending").await;
    assert_eq!(led_to(&page), "/", "and that one is signed in");
    assert_eq!(led_to(&site.page(&back).await), not_pending);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_provider_ends_a_session_without_a_browser_and_nobody_else_does() {
    let (site, at) = corp().await;
    assert_eq!(led_to(&sign_in(&site, &at).await), "/settings");
    let local = site.other_browser();
    local.sign_in(EMAIL, PASSWORD).await;
    let end = async |token: String| {
        let post = reqwest::Client::new().post(format!("{}/auth/oidc/corp/logout", site.url));
        post.form(&[("logout_token", token)]).send().await.unwrap().status()
    };
    assert_eq!(
        end(at.logout_token(&json!({"sid": "session of bob", "aud": "another"}))).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(end(at.logout_token(&json!({"sid": "session of eve"}))).await, StatusCode::OK);
    assert_eq!(end(at.logout_token(&json!({"sub": "eve", "sid": "session of bob"}))).await, StatusCode::OK);
    assert_eq!(site.page("/team").await.status(), StatusCode::OK, "it is of somebody else");
    assert_eq!(end(at.logout_token(&json!({"sid": "session of bob"}))).await, StatusCode::OK);
    assert!(led_to(&site.page("/team").await).starts_with("/sign-in"), "by the provider's session");
    sign_in(&site, &at).await;
    let token = at.logout_token(&json!({"sub": "bob"}));
    assert_eq!(end(at.logout_token(&json!({"sub": "bob", "jti": null}))).await, StatusCode::BAD_REQUEST);
    assert_eq!(site.page("/team").await.status(), StatusCode::OK, "without an id it could be sent again");
    assert_eq!(end(token.clone()).await, StatusCode::OK);
    assert!(led_to(&site.page("/team").await).starts_with("/sign-in"), "by the person");
    sign_in(&site, &at).await;
    assert_eq!(end(token).await, StatusCode::BAD_REQUEST, "it was followed before");
    assert_eq!(site.page("/team").await.status(), StatusCode::OK);
    assert_eq!(end(at.logout_token(&json!({"sub": "bob"}))).await, StatusCode::OK);
    assert!(led_to(&site.page("/team").await).starts_with("/sign-in"), "by the person");
    assert_eq!(local.page("/team").await.status(), StatusCode::OK, "a local session stays");
    let post = reqwest::Client::new().post(format!("{}/auth/oidc/corp", site.url));
    assert_eq!(
        post.send().await.unwrap().status(),
        StatusCode::FORBIDDEN,
        "nothing else goes without an origin"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn signing_out_leads_on_to_the_provider_with_its_own_token_as_a_hint() {
    let (site, at) = corp().await;
    sign_in(&site, &at).await;
    let answer = site.post("/auth/sign-out").form(&[("x", "")]).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let page = answer.text().await.unwrap();
    assert!(page.contains(&format!("url={}/end?id_token_hint=ey", at.issuer)), "{page}");
    assert!(page.contains("client_id=holdfast") && page.contains("post_logout_redirect_uri="), "{page}");
    assert!(led_to(&site.page("/team").await).starts_with("/sign-in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_came_by_a_provider_confirms_there_and_not_by_a_password() {
    let (site, at) = corp().await;
    let long_ago = outside::now().unix_timestamp() - 3_600;
    at.world().spoilt = json!({"auth_time": long_ago});
    sign_in(&site, &at).await;
    let page = site.page("/confirm?next=/team").await.text().await.unwrap();
    assert!(page.contains("Sign in again with Corp") && !page.contains("type=\"password\""), "{page}");
    let confirm = "/auth/oidc/corp?next=%2Fteam&confirm=1";
    let old = there_and_back(&site, &at, confirm).await;
    assert_eq!(led_to(&site.page(&old).await), "/confirm?next=%2Fteam&problem=provider-not-anew");
    at.world().spoilt = json!({});
    let back = there_and_back(&site, &at, confirm).await;
    assert_eq!(led_to(&site.page(&back).await), "/team");
    let team = site.page("/team").await.text().await.unwrap();
    assert!(!team.contains("Changes here ask for your password"), "{team}");
    let nobody = site.other_browser();
    assert!(led_to(&nobody.page(confirm).await).starts_with("/sign-in"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn another_site_leads_nobody_into_a_link_of_its_choice() {
    let (site, _at) = corp().await;
    let start = site.get("/auth/oidc/corp?token=abc").header("sec-fetch-site", "cross-site");
    assert_eq!(led_to(&start.send().await.unwrap()), "/sign-in");
    let outward = site.page("/auth/oidc/corp?next=https://evil.example").await;
    assert!(!header(&outward, "location").contains("evil"), "{}", header(&outward, "location"));
    assert_eq!(site.page("/auth/oidc/none").await.status(), StatusCode::NOT_FOUND);
}
