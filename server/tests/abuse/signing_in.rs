//! Passwords, codes, cookies and links that are not somebody's own.

use super::{
    answer::Answer,
    attempt::Attempt,
    portal::{Browser, OTHER, OWNER, PASSWORD, World},
};

/// Each from a few addresses of its own, at the account of the owner.
pub fn from_many_addresses(world: &World) -> Vec<Attempt> {
    let guess = |n: usize| {
        let browser = world.stranger(&format!("198.51.100.{}", n % 40));
        Attempt::request(format!("guess {n}"), browser.sign_in(OWNER, &format!("a wrong guess {n}")))
    };
    (0..90).map(guess).collect()
}

pub fn from_one_address(world: &World) -> Vec<Attempt> {
    let browser = world.stranger("192.0.2.1");
    let guess = |n: usize| {
        let email = format!("nobody{n}@holdfast.example");
        Attempt::request(format!("guess {n}"), browser.sign_in(&email, "a wrong guess"))
    };
    (0..100).map(guess).collect()
}

/// What stands left of the address that the proxy saw is the client's own word.
pub fn made_up_addresses(world: &World) -> Vec<Attempt> {
    let guess = |n: usize| {
        let browser = world.stranger(&format!("10.0.{n}.1, evil, 192.0.2.2"));
        Attempt::request(format!("guess {n}"), browser.sign_in(&format!("no{n}@x.example"), "a wrong guess"))
    };
    (0..50).map(guess).collect()
}

/// No more than so many were judged.
pub fn judged(answers: &[(String, Answer)], most: usize) -> Option<String> {
    let judged = answers.iter().filter(|(_, answer)| answer.location.contains("problem=credentials")).count();
    (judged > most || judged == 0).then(|| format!("{judged} were judged, {most} may be"))
}

pub fn owner(world: &World) -> Vec<Attempt> {
    vec![Attempt::request("the right password", world.known.sign_in(OWNER, PASSWORD))]
}

pub fn codes(world: &World) -> Vec<Attempt> {
    let browser = world.stranger("192.0.2.3");
    let code = |n: usize| {
        let form = [("code", format!("{n:06}")), ("next", "/settings".to_owned())];
        Attempt::request(format!("code {n}"), browser.post("/auth/code").form(&form))
    };
    (0..20).map(code).collect()
}

fn with_cookie(world: &World, what: &str, value: &str) -> Attempt {
    let request = world.stranger("192.0.2.4").get("/settings").header("cookie", value);
    Attempt::request(what, request)
}

pub fn forged_cookies(world: &World) -> Vec<Attempt> {
    let long = "A".repeat(4000);
    let values = [
        "",
        "0",
        "1",
        "null",
        "AAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAA==",
        "' OR '1'='1",
        "../../x",
        "%00",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbmEifQ.",
        "-1",
        "\u{fc}\u{fc}",
        long.as_str(),
    ];
    let names = ["holdfast", "__Host-holdfast", "holdfast-browser", "id", "session"];
    let attempts = names.iter().flat_map(|name| {
        values
            .iter()
            .map(move |value| with_cookie(world, &format!("{name}={value:.20}"), &format!("{name}={value}")))
    });
    attempts.collect()
}

/// The value of a cookie that an answer sets.
fn set(answer: &reqwest::Response, name: &str) -> String {
    let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let mut values = cookies.filter_map(|cookie| cookie.strip_prefix(&format!("{name}=")));
    values.next().and_then(|rest| rest.split(';').next()).unwrap_or_default().to_owned()
}

/// Asks with a cookie alone.
async fn settings(url: &str, cookie: String) -> Answer {
    let stranger = Browser::new(url, "192.0.2.5");
    Answer::of(stranger.get("/settings").header("cookie", cookie).send().await).await
}

/// A session of the other administrator, from a browser of their own.
async fn session(url: &str) -> (Browser, String, String) {
    let browser = Browser::new(url, "203.0.113.9");
    let answer = browser.sign_in(OTHER, PASSWORD).send().await.unwrap();
    let (session, known) = (set(&answer, "holdfast"), set(&answer, "holdfast-browser"));
    assert!(!session.is_empty() && !known.is_empty(), "the sign-in sets cookies");
    (browser, session, known)
}

pub fn replayed_cookies(world: &World) -> Vec<Attempt> {
    let url = world.url.clone();
    let at = |what: &str, spoil: fn(&str, &str) -> String| {
        let url = url.clone();
        Attempt::doing(what, async move {
            let (_, id, known) = session(&url).await;
            settings(&url, spoil(&id, &known)).await
        })
    };
    let signed_out = url.clone();
    let fixed = url.clone();
    vec![
        Attempt::doing("after signing out", async move {
            let (browser, id, _) = session(&signed_out).await;
            browser.post("/auth/sign-out").send().await.unwrap();
            settings(&signed_out, format!("holdfast={id}")).await
        }),
        Attempt::doing("an id that was there before the sign-in", async move {
            let planted = "AAAAAAAAAAAAAAAAAAAAAQ";
            let browser = Browser::new(&fixed, "203.0.113.9");
            let request = browser.sign_in(OTHER, PASSWORD).header("cookie", format!("holdfast={planted}"));
            request.send().await.unwrap();
            settings(&fixed, format!("holdfast={planted}")).await
        }),
        at("the browser's secret as a session", |_, known| format!("holdfast={known}")),
        at("the browser's secret alone", |_, known| format!("holdfast-browser={known}")),
        at("the session under another name", |id, _| format!("__Host-holdfast={id}")),
        at("the session cut short", |id, _| format!("holdfast={}", &id[..id.len() - 1])),
        at("the session, a letter changed", |id, _| {
            let first = if id.starts_with('A') { 'B' } else { 'A' };
            format!("holdfast={first}{}", &id[1..])
        }),
        at("the session doubled", |id, _| format!("holdfast={id}{id}")),
    ]
}

pub fn links(world: &World) -> Vec<Attempt> {
    let made_up = "A".repeat(43);
    let long = "x".repeat(5000);
    let tokens = [world.used_link.as_str(), made_up.as_str(), "", "' OR 1=1 --", "\u{0}", long.as_str()];
    let browser = world.stranger("192.0.2.6");
    let mut attempts = Vec::new();
    for token in tokens {
        let form = [("token", token), ("email", "x@holdfast.example"), ("name", "X"), ("password", PASSWORD)];
        for path in ["/auth/welcome", "/auth/join"] {
            let what = format!("{path} {token:.20}");
            attempts.push(Attempt::request(what, browser.post(path).form(&form)));
        }
    }
    attempts
}
