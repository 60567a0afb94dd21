//! What a team's sign-in is over HTTP: links, one-time codes, a password shown again.

use leptos::server_fn::axum::server_fn_paths;
use model::{
    Role,
    access::{Grant, Scope},
};
use portal::{Caller, Invitation, Origin};
use reqwest::{Response, StatusCode, header::SET_COOKIE};

use super::site::{EMAIL, PASSWORD, Running, header, start};

const BOB: &str = "bob@example.com";
const THEIRS: &str = "a phrase of somebody else 8";

async fn administrator(site: &Running) -> Caller {
    let ada = site.store.user_by_email(EMAIL).await.unwrap().unwrap();
    let now = server::outside::now();
    site.portal.caller(ada.id, Origin::default(), Some(now)).await.unwrap().unwrap()
}

/// Invites Bob; answers the path of the link.
async fn invited(site: &Running) -> String {
    let grant = Grant { role: Role::Viewer, scope: Scope::All };
    let bob = Invitation { email: BOB.into(), name: "Bob".into(), grant };
    site.portal.invite_person(&administrator(site).await, bob).await.unwrap().path
}

async fn join(site: &Running, link: &str, password: &str) -> Response {
    let token = link.split_once("token=").unwrap().1;
    site.post("/auth/join")
        .form(&[("token", token), ("name", "Bob"), ("password", password)])
        .send()
        .await
        .unwrap()
}

fn session(answer: &Response) -> Option<String> {
    let cookies = answer.headers().get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.into_iter().find(|cookie| cookie.starts_with("holdfast="))?;
    cookie.split(';').next().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_link_lets_in_once_and_a_mistyped_password_does_not_use_it_up() {
    let site = start().await.with_administrator().await;
    let link = invited(&site).await;
    let page = site.page(&link).await.text().await.unwrap();
    assert!(page.contains(BOB) && page.contains("Join Holdfast"), "{page}");
    let weak = join(&site, &link, "short").await;
    assert!(header(&weak, "location").ends_with("problem=fields"), "{weak:?}");
    let page = site.page(header(&weak, "location")).await.text().await.unwrap();
    assert!(page.contains("12 to 128 characters"), "{page}");
    let joined = join(&site, &link, THEIRS).await;
    assert_eq!(header(&joined, "location"), "/");
    assert_eq!(site.page("/account").await.status(), StatusCode::OK);
    let page = site.page("/team").await;
    assert_eq!(page.status(), StatusCode::FORBIDDEN, "a viewer");
    let again = join(&site.other_browser(), &link, THEIRS).await;
    assert!(header(&again, "location").ends_with("problem=token"), "{again:?}");
    let page = site.other_browser().page(&link).await.text().await.unwrap();
    assert!(page.contains("This link does not work"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn made_up_links_are_limited_by_address_and_each_wrong_one_says_the_same() {
    let site = start().await.with_administrator().await;
    let link = invited(&site).await;
    for n in 0..20 {
        let answer = join(&site, &format!("/join?token=made-up-{n}"), THEIRS).await;
        assert!(header(&answer, "location").ends_with("problem=token"), "{answer:?}");
    }
    let limited = join(&site, &link, THEIRS).await;
    assert!(header(&limited, "location").ends_with("problem=limited"), "{limited:?}");
    let (path, _) = server_fn_paths().find(|(path, _)| path.ends_with("/join_link")).unwrap();
    let asked = site.post(path).json(&serde_json::json!({"token": "made-up"})).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_password_alone_opens_nothing_where_a_code_is_asked_for() {
    let site = start().await.with_administrator().await;
    let ada = administrator(&site).await;
    let secret = site.portal.begin_codes(&ada).await.unwrap().secret;
    let totp = totp_rs::Builder::new()
        .with_secret(totp_rs::Secret::try_from_base32(secret).unwrap())
        .build()
        .unwrap();
    let code = |later: u64| {
        let now = u64::try_from(server::outside::now().unix_timestamp()).unwrap();
        totp.generate(now + 30 * later).to_string()
    };
    let recovery = site.portal.finish_codes(&ada, &code(0)).await.unwrap();

    let half = site.sign_in(EMAIL, PASSWORD).await;
    assert!(header(&half, "location").starts_with("/sign-in/code?next=%2Fsettings"), "{half:?}");
    let opened = site.page("/settings").await;
    assert!(header(&opened, "location").starts_with("/sign-in"), "{opened:?}");
    let (path, _) = server_fn_paths().find(|(path, _)| path.ends_with("/settings")).unwrap();
    let asked = site.post(path).json(&serde_json::json!({})).send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::UNAUTHORIZED);
    let confirm =
        site.post("/auth/confirm").form(&[("password", PASSWORD), ("next", "/")]).send().await.unwrap();
    assert_eq!(confirm.status(), StatusCode::UNAUTHORIZED);

    let with = async |code: &str| {
        let form = [("code", code), ("next", "/settings")];
        site.post("/auth/code").form(&form).send().await.unwrap()
    };
    let wrong = with("000000").await;
    assert!(header(&wrong, "location").ends_with("problem=credentials"), "{wrong:?}");
    let right = with(&recovery[0]).await;
    assert_eq!(header(&right, "location"), "/settings");
    assert_eq!(site.page("/settings").await.status(), StatusCode::OK);
    // A browser in which nobody typed the password is asked for it.
    let elsewhere = site.other_browser();
    let form = [("code", recovery[1].as_str()), ("next", "/settings")];
    let none = elsewhere.post("/auth/code").form(&form).send().await.unwrap();
    assert!(header(&none, "location").starts_with("/sign-in?"), "{none:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_session_that_may_more_has_a_new_id_and_the_old_one_is_worth_nothing() {
    let site = start().await.with_administrator().await;
    let before = session(&site.sign_in(EMAIL, PASSWORD).await).unwrap();
    let confirm = async |password: &str| {
        let form = [("password", password), ("next", "//evil.example")];
        site.post("/auth/confirm").form(&form).send().await.unwrap()
    };
    let wrong = confirm("not the password").await;
    assert!(header(&wrong, "location").ends_with("problem=credentials"), "{wrong:?}");
    let right = confirm(PASSWORD).await;
    assert_eq!(header(&right, "location"), "/", "and to no other site");
    let after = session(&right).unwrap();
    assert_ne!(before, after);
    let with = async |cookie: &str| {
        let request = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let request = request.get(format!("{}/account", site.url)).header("cookie", cookie);
        request.header("accept", "text/html").send().await.unwrap().status()
    };
    assert_eq!((with(&before).await, with(&after).await), (StatusCode::SEE_OTHER, StatusCode::OK));
}
