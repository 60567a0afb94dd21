//! `holdfast providers try`: what a token would stand for, before anybody signs in with it.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

const FILE: &str = r#"
[[provider]]
name = "corp"
title = "Corp"
issuer = "https://id.example.com"
client_id = "holdfast"
client_secret_env = "CORP_SECRET"
groups_claim = "realm.groups"
people = "first-sign-in"

[[provider.mapping]]
group = "sales"
role = "viewer"
places = ["111122223333"]
"#;

/// What it prints about claims, and its exit status.
fn tried(provider: &str, text: &str) -> (String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("providers.toml");
    std::fs::write(&file, FILE).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_holdfast"))
        .args(["providers", "try", provider, "--providers-file", file.to_str().unwrap()])
        .env("CORP_SECRET", "a secret")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (String::from_utf8(said).unwrap(), output.status.code())
}

#[test]
fn a_token_and_its_claims_say_the_same_with_each_row() {
    let claims = r#"{"iss": "https://id.example.com", "sub": "7", "email": "bob@example.com", "email_verified": true,
        "aud": "holdfast", "iat": 1700000000, "exp": 1700000300, "realm": {"groups": ["sales", "every\u001bbody"]}}"#;
    let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let token = format!("{}.{}.{}", part(r#"{"alg": "RS256"}"#), part(claims), part("signature"));
    let expected = "Issuer: right. It is https://id.example.com.\nAudience: right. It is for holdfast.\n\
        Times: too old for a sign-in. It expired at 2023-11-14T22:18:20Z.\nWho: 7 at https://id.example.com\nGroups: sales, every\u{fffd}body\n\
        Grant: viewer of 111122223333, group sales at corp\nNo row names: every\u{fffd}body\n";
    let alone = "Signature: not checked. These are claims alone, without a signature.\n";
    // Nobody is at its address.
    let of_a_token = "Signature: not checked. The provider gives no usable answer now.\n";
    for (text, signature) in [(claims, alone), (&token, of_a_token)] {
        let (said, status) = tried("corp", text);
        let said: String =
            said.lines().filter(|line| !line.contains("WARN")).map(|line| format!("{line}\n")).collect();
        assert_eq!((said, status), (format!("{signature}{expected}"), Some(0)));
    }
}

#[test]
fn what_would_be_refused_is_told() {
    let (said, status) = tried("corp", r#"{"iss": "https://other.example.com", "realm": {"groups": 7}}"#);
    assert_eq!(status, Some(1));
    for told in ["The issuer is https://other.example.com", "no sub", "no email", "no list of texts"] {
        assert!(said.contains(told), "{told}: {said}");
    }
    for (provider, text) in [("corp", "no token"), ("none", "{}")] {
        let (said, status) = tried(provider, text);
        assert_eq!(status, Some(2), "{said}");
    }
}
