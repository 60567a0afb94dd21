//! Tokens of the API that are none.

use super::{
    attempt::Attempt,
    portal::{Browser, World},
};

/// A token's form with a right checksum, made by nobody.
const MADE_UP: &str = "hf_0000000000000000000000000000000000000000000000000fa16679";
/// One more than an address may try.
const TRIES: usize = 21;

pub fn tokens(world: &World) -> Vec<Attempt> {
    let browser = |n: u8| Browser::new(&world.url, &format!("192.0.2.{n}"));
    let kinds = [
        "",
        "hf_",
        "null",
        &MADE_UP[..58],
        "hf_ffffffffffffffffffffffffffffffffffffffffffffffff00000000",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
        "' OR true --",
    ];
    let sent = |scheme: &str, token: &str| format!("{scheme} {token}").trim().to_owned();
    let mut attempts: Vec<Attempt> = kinds
        .iter()
        .flat_map(|token| ["Bearer", "bearer", "Basic", ""].map(|scheme| sent(scheme, token)))
        .enumerate()
        .map(|(n, value)| {
            let address = 100 + u8::try_from(n % 28).unwrap_or_default();
            let request = browser(address).get("/api/v1/policies").header("authorization", &value);
            Attempt::request(format!("authorization: {value}"), request)
        })
        .collect();
    attempts.push(Attempt::request(
        "in the address",
        browser(140).get(&format!("/api/v1/policies?access_token={MADE_UP}")),
    ));
    attempts
        .push(Attempt::request("none, to change something", browser(141).post("/api/v1/sync").body("{}")));
    let guess = || browser(142).get("/api/v1/policies").header("authorization", format!("Bearer {MADE_UP}"));
    attempts.extend((0..TRIES).map(|n| Attempt::request(format!("guessed, {n}"), guess())));
    attempts
}
