//! Signing in and out, over HTTP.

use reqwest::{Response, StatusCode, header::SET_COOKIE};

use super::site::{EMAIL, PASSWORD, disable, header, start};

fn session_cookie(response: &Response) -> Option<String> {
    let cookies = response.headers().get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    cookies.into_iter().find(|cookie| cookie.starts_with("holdfast=")).map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn signing_in_leads_where_one_wanted_to_go_with_a_cookie_that_scripts_cannot_read() {
    let site = start().await.with_administrator().await;
    let answer = site.sign_in(EMAIL, PASSWORD).await;
    assert_eq!((answer.status(), header(&answer, "location")), (StatusCode::SEE_OTHER, "/settings"));
    let cookie = session_cookie(&answer).unwrap();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert_eq!(site.page("/settings").await.status(), StatusCode::OK);
    assert_eq!(site.page("/no-such-page").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&site.page("/sign-in?next=/jobs").await, "location"), "/jobs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrong_address_and_wrong_password_get_the_same_answer() {
    let site = start().await.with_administrator().await;
    for (email, password) in [(EMAIL, "not her phrase at all"), ("nobody@holdfast.example", PASSWORD)] {
        let answer = site.sign_in(email, password).await;
        assert_eq!(header(&answer, "location"), "/sign-in?next=%2Fsettings&problem=credentials");
        assert_eq!(session_cookie(&answer), None);
        let page = site.page("/sign-in?problem=credentials").await.text().await.unwrap();
        assert!(page.contains(&format!("value=\"{email}\"")), "the address is kept: {page}");
        assert!(!page.contains(password), "the password is not");
        let later = site.page("/sign-in").await.text().await.unwrap();
        assert!(!later.contains(email), "the address is kept for one view");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_sign_in_begins_a_session_of_its_own_and_ends_the_one_before() {
    let site = start().await.with_administrator().await;
    let first = session_cookie(&site.sign_in(EMAIL, PASSWORD).await).unwrap();
    let second = session_cookie(&site.sign_in(EMAIL, PASSWORD).await).unwrap();
    let id = |cookie: &str| cookie.split(';').next().unwrap().to_owned();
    assert_ne!(id(&first), id(&second));
    let stranger = site.other_browser();
    let old = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = old
        .get(format!("{}/settings", stranger.url))
        .header("accept", "text/html")
        .header("cookie", id(&first))
        .send()
        .await
        .unwrap();
    assert_eq!(header(&answer, "location"), "/sign-in?next=%2Fsettings&problem=ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn signing_out_ends_the_session() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    let answer = site.post("/auth/sign-out").send().await.unwrap();
    assert_eq!(header(&answer, "location"), "/sign-in");
    assert_eq!(site.page("/settings").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_disabled_user_is_out_at_once() {
    let site = start().await.with_administrator().await;
    site.sign_in(EMAIL, PASSWORD).await;
    disable(&site.store, EMAIL).await;
    assert_eq!(site.page("/settings").await.status(), StatusCode::SEE_OTHER);
    let again = site.sign_in(EMAIL, PASSWORD).await;
    assert!(header(&again, "location").contains("problem=credentials"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_link_for_the_first_administrator_works_once() {
    let site = start().await;
    let token = site.portal.welcome_token().await.unwrap().unwrap();
    let welcome = |password: &'static str| {
        let form = [("token", token.as_str()), ("email", EMAIL), ("name", "Ana"), ("password", password)];
        site.post("/auth/welcome").form(&form).send()
    };
    let weak = welcome("short").await.unwrap();
    assert!(header(&weak, "location").ends_with("problem=fields"), "{weak:?}");
    let page = site.page(header(&weak, "location")).await.text().await.unwrap();
    assert!(page.contains("12 to 128 characters") && page.contains(EMAIL), "{page}");

    let made = welcome(PASSWORD).await.unwrap();
    assert_eq!(header(&made, "location"), "/");
    assert_eq!(site.page("/settings").await.status(), StatusCode::OK);
    let again = welcome(PASSWORD).await.unwrap();
    assert!(header(&again, "location").ends_with("problem=token"), "{again:?}");
}
