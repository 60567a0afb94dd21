use std::io;

use super::*;

struct Sources;

impl ProviderSources for Sources {
    fn file(&self, path: &str) -> io::Result<String> {
        if path == "/run/secret" { Ok(" s3cret-value\n".into()) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn variable(&self, name: &str) -> Option<String> {
        let text = match name {
            "CORP_SECRET" => "from the environment",
            "SCIM" => "ZGlyZWN0b3J5IHRva2VuIG51bWJlciBvbmU",
            "SHORT" => "ZGlyZWN0b3J5IHRva2Vu",
            "DULL" => "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            _ => return None,
        };
        Some(text.into())
    }
}

const WHOLE: &str = r#"
    [[provider]]
    name = "corp"
    title = "Corp"
    issuer = "https://id.example.com/realm"
    client_id = "holdfast"
    client_secret_file = "/run/secret"
    scopes = ["openid", "email", "groups"]
    groups_claim = "groups"
    people = "first-sign-in"
    session_minutes = 30

    [[provider.mapping]]
    group = "backup-admins"
    role = "administrator"

    [[provider.mapping]]
    group = "sales-backup"
    role = "viewer"
    places = ["ou-root-sales123", "111122223333"]

    [[provider]]
    name = "second"
    title = "Second"
    issuer = "https://second.example.com"
    client_id = "holdfast"
    client_secret_env = "CORP_SECRET"
"#;

#[test]
fn a_whole_file_is_read_with_its_defaults() {
    let [(corp, Way::Openid(client)), (second, Way::Openid(other))] =
        <[_; 2]>::try_from(parse(WHOLE, &Sources).unwrap()).unwrap()
    else {
        panic!("both are of OpenID Connect");
    };
    assert_eq!(client.secret.secret(), "s3cret-value");
    assert!(corp.people == People::FirstSignIn && corp.verified_email);
    assert_eq!((corp.session.as_secs(), second.session.as_secs()), (1_800, 3_600));
    let groups = ["sales-backup".to_owned(), "other".to_owned()];
    let mapped = corp.mapped(&groups);
    assert_eq!(mapped.len(), 1);
    assert_eq!(mapped[0].grant.words(), "viewer of ou-root-sales123, 111122223333");
    assert_eq!(mapped[0].source.words(), "group sales-backup at corp");
    assert_eq!(other.secret.secret(), "from the environment");
    assert_eq!(second.people, People::Invitation, "by invitation only where nothing is said");
    assert!(second.mapped(&groups).is_empty());
    assert!(client.refresh.is_none() && other.refresh.is_none());
    assert!(parse("", &Sources).unwrap().is_empty());
}

#[test]
fn sessions_are_refreshed_four_times_within_their_length_where_nothing_else_is_said() {
    let refreshed = |line: &str| {
        let text = WHOLE.replace("session_minutes = 30", &format!("session_minutes = 30\nrefresh = {line}"));
        let (_, Way::Openid(client)) = parse(&text, &Sources).unwrap().swap_remove(0) else {
            panic!("{text}")
        };
        client.refresh.unwrap()
    };
    assert_eq!(refreshed("{}").every, time::Duration::minutes(7));
    let told = refreshed("{ minutes = 1, parameters = { prompt = \"consent\", access_type = \"offline\" } }");
    assert_eq!((told.every, told.consent), (time::Duration::minutes(1), true));
    assert_eq!(told.parameters.into_iter().collect::<Vec<_>>(), [("access_type".into(), "offline".into())]);
}

#[test]
fn a_secret_does_not_show_in_debug() {
    let shown = format!("{:?}", parse(WHOLE, &Sources).unwrap());
    assert!(shown.contains("corp") && !shown.contains("s3cret") && !shown.contains("environment"), "{shown}");
}

#[test]
fn what_is_wrong_in_the_file_is_told_with_the_provider_and_what_to_write() {
    for (was, wrong, told) in [
        ("name = \"corp\"", "name = \"Corp/x\"", "“Corp/x”"),
        ("name = \"second\"", "name = \"corp\"", "two providers are named “corp”"),
        ("https://second.example.com", "https://id.example.com/realm", "two providers have the issuer"),
        ("https://second.example.com", "http://second.example.com", "is no issuer"),
        ("https://second.example.com", "https://a:b@second.example.com", "is no issuer"),
        ("title = \"Corp\"", "title = \"  \"", "the title"),
        ("/run/secret", "/run/none", "cannot be read from /run/none"),
        ("CORP_SECRET", "NO_SUCH", "cannot be read from NO_SUCH: it is not set"),
        ("client_secret_env = \"CORP_SECRET\"", "", "either client_secret_file or client_secret_env"),
        ("\"openid\", ", "", "openid among them"),
        ("session_minutes = 30", "session_minutes = 721", "5 to 720"),
        ("role = \"viewer\"", "role = \"boss\"", "“boss”, which is no role: use one of viewer"),
        ("\"111122223333\"", "\"everything\"", "“everything”, which is no id"),
        ("places = [\"ou-root-sales123\", \"111122223333\"]", "places = []", "no places"),
        ("people = \"first-sign-in\"", "people = \"all\"", "unknown variant"),
        ("groups_claim", "group_claim", "unknown field `group_claim`"),
        (
            "session_minutes = 30",
            "session_minutes = 30\nrefresh = { minutes = 16 }",
            "must be 1 to 15, half of",
        ),
        (
            "session_minutes = 30",
            "refresh = { parameters = { state = \"x\" } }",
            "\"state\", which cannot be sent",
        ),
        ("session_minutes = 30", "refresh = { parameters = { prompt = \"none\" } }", "can be consent alone"),
    ] {
        assert!(WHOLE.contains(was), "{was}");
        let error = parse(&WHOLE.replace(was, wrong), &Sources).err().unwrap().to_string();
        assert!(error.contains(told), "{wrong}: {error}");
    }
}

#[test]
fn a_directory_needs_a_token_that_cannot_be_guessed_and_a_claim_that_stays_the_same() {
    let directory = "client_secret_env = \"CORP_SECRET\"\npeople = \"directory\"\n[provider.scim]\ntoken_env = \"SCIM\"\n";
    let text = WHOLE.replace("client_secret_env = \"CORP_SECRET\"", directory);
    let (second, _) = parse(&text, &Sources).unwrap().pop().unwrap();
    let scim = second.scim.unwrap();
    assert!(scim.takes("ZGlyZWN0b3J5IHRva2VuIG51bWJlciBvbmU"));
    assert!(!scim.takes("ZGlyZWN0b3J5IHRva2VuIG51bWJlciBvbm") && !scim.takes(""));
    for (was, wrong, told) in [
        ("\"SCIM\"", "\"SHORT\"", "too easy to guess"),
        ("\"SCIM\"", "\"DULL\"", "too easy to guess"),
        ("token_env = \"SCIM\"", "", "either token_file or token_env"),
        ("token_env = \"SCIM\"", "token_env = \"NONE\"", "token cannot be read from NONE"),
        (
            "token_env = \"SCIM\"",
            "token_env = \"SCIM\"\nclaim = \"email\"",
            "email is no claim to know people by",
        ),
        ("people = \"directory\"", "people = \"first-sign-in\"", "would come again"),
        ("[provider.scim]\ntoken_env = \"SCIM\"", "", "needs scim"),
        ("token_env = \"SCIM\"", "token_env = \"SCIM\"\ngroups = \"all\"", "unknown variant"),
    ] {
        assert!(text.contains(was), "{was}");
        let error = parse(&text.replace(was, wrong), &Sources).err().unwrap().to_string();
        assert!(error.contains(told), "{wrong}: {error}");
    }
}

#[test]
fn a_proxy_needs_a_header_an_audience_and_keys_that_only_it_can_sign_with() {
    let text = r#"
        [[provider]]
        kind = "proxy"
        name = "edge"
        title = "Edge"
        issuer = "https://team.example.com"
        header = "Cf-Access-Jwt-Assertion"
        audience = "tag"
        keys_url = "https://team.example.com/certs"
        algorithms = ["RS256"]
    "#;
    assert!(matches!(parse(text, &Sources).unwrap().as_slice(), [(_, Way::Proxy(_))]));
    for (was, wrong, told) in [
        ("header = \"Cf-Access-Jwt-Assertion\"", "", "header is needed"),
        ("Cf-Access-Jwt-Assertion", "no header", "is no name of a header"),
        ("audience = \"tag\"", "audience = \" \"", "audience is needed"),
        ("[\"RS256\"]", "[\"RS256\", \"HS256\"]", "algorithms has one that is not signed"),
        ("[\"RS256\"]", "[\"none\"]", "algorithms has one that is not signed"),
        ("[\"RS256\"]", "[]", "algorithms has one that is not signed"),
        ("keys_url = \"https", "keys_url = \"http", "keys_url is no https:// address"),
        ("keys_url = \"https://team.example.com/certs\"", "", "keys_url or keys_file is needed"),
        (
            "keys_url = \"https://team.example.com/certs\"",
            "keys_file = \"/run/secret\"",
            "neither a set of keys",
        ),
        ("kind = \"proxy\"", "", "header does not belong to a provider of this kind"),
        ("kind = \"proxy\"", "kind = \"proxy\"\nscopes = [\"openid\"]", "scopes does not belong"),
        ("kind = \"proxy\"", "kind = \"header\"", "unknown variant"),
    ] {
        assert!(text.contains(was), "{was}");
        let error = parse(&text.replace(was, wrong), &Sources).err().unwrap().to_string();
        assert!(error.contains(told), "{wrong}: {error}");
    }
}
