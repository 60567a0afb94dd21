use serde_json::json;

use super::*;

const USER: ResourceKind = ResourceKind::User;

/// The user of RFC 7643, 8.2, as far as it is kept.
fn bjensen() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "2819c223-7f76-453a-919d-413861904646",
        "externalId": "701984",
        "userName": "bjensen@example.com",
        "name": {"formatted": "Ms. Barbara J Jensen, III", "familyName": "Jensen", "givenName": "Barbara"},
        "displayName": "Babs Jensen",
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": true},
            {"value": "babs@jensen.org", "type": "home"}
        ],
        "active": true,
        "meta": {"resourceType": "User", "lastModified": "2011-05-13T04:42:34Z"}
    })
}

const ROOT: &str = "https://backup.example.com/scim/v2";
const ISSUER: &str = "https://id.example.com";
const CHANGED_AT: time::OffsetDateTime = time::macros::datetime!(2011-05-13 04:42:34 UTC);
/// Of the person, and of the group.
const ID: &str = "2819c223-7f76-453a-919d-413861904646";

/// A directory that has told of the user of RFC 7643, 8.2, as far as it is kept, and of a group with her in it.
async fn told() -> store::testing::TestDatabase {
    let database = store::testing::database().await;
    let directory = ProvisioningDirectory {
        issuer: ISSUER,
        provider: "corp",
        actor: Actor::default(),
        person_key: store::ProvisionedKey::ExternalId,
        key_is_subject: true,
        group_key: store::ProvisionedKey::Name,
        map: None,
    };
    let person = store::PutProvisionedPerson {
        id: ID.into(),
        user_name: "bjensen@example.com".into(),
        external_id: Some("701984".into()),
        active: true,
        attributes: ["name", "displayName", "emails"]
            .map(|name| (name.to_owned(), bjensen()[name].clone()))
            .into_iter()
            .collect::<Map<_, _>>()
            .into(),
        email: "bjensen@example.com".into(),
        name: "Babs Jensen".into(),
    };
    let store = &database.store;
    store.put_provisioned_person(&directory, None, &person, CHANGED_AT).await.unwrap().unwrap();
    let group = store::PutProvisionedGroup {
        id: ID.into(),
        display_name: "Tour Guides".into(),
        external_id: None,
        members: vec![ID.into()],
    };
    store.put_provisioned_group(&directory, None, &group, CHANGED_AT).await.unwrap().unwrap();
    database
}

/// Whether a filter leaves what was told.
async fn leaves(store: &store::Store, kind: ResourceKind, text: &str) -> bool {
    let filter = filter::compile(kind, &filter::parse(text).unwrap(), ROOT).unwrap();
    let range = ProvisionedRange { skip: 0, count: 10 };
    let (total, shown) = match kind {
        ResourceKind::User => {
            let page = store.provisioned_people(ISSUER, Some(&filter), range).await.unwrap();
            (page.total, page.resources.len())
        }
        ResourceKind::Group => {
            let page = store.provisioned_groups(ISSUER, Some(&filter), range).await.unwrap();
            (page.total, page.resources.len())
        }
    };
    assert_eq!(usize::try_from(total).unwrap(), shown, "{text}");
    total == 1
}

#[tokio::test]
async fn filters_of_the_rfc_leave_what_they_say() {
    let database = told().await;
    for (text, left) in [
        (r#"userName Eq "BJENSEN@example.com""#, true),
        (r#"username eq "john""#, false),
        (r#"name.familyName co "ense""#, true),
        (r#"userName sw "bj""#, true),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#, false),
        (r#"title pr"#, false),
        (r#"displayName pr and not (title pr)"#, true),
        (r#"meta.lastModified gt "2011-05-13T04:42:33.5Z""#, true),
        (r#"meta.lastModified ge "2011-05-13T06:42:34+02:00""#, true),
        (r#"meta.lastModified lt "2011-05-13T04:42:34Z""#, false),
        (r#"active eq true and userName ew ".COM""#, true),
        (r#"active eq "False""#, false),
        (r#"title eq null or title eq "x""#, true),
        (r#"externalId eq "701984" and emails co "JENSEN.org""#, true),
        (r#"emails[type eq "work" and value co "@example.com"] or title pr"#, true),
        (r#"emails[type eq "home" and value co "@example.com"]"#, false),
        (r#"emails[type eq "work"] and (userName ne "x" or active ne true)"#, true),
        (r#"emails.type eq "other""#, false),
        (r#"externalId ne "701984""#, false),
        (r#"userName eq "' OR true --""#, false),
        (r#"userName co "%""#, false),
        (r#"userName eq "bjensen\u0000@example.com""#, false),
        (r#"not (userName eq "bjensen\u0000@example.com")"#, true),
        (r#"active pr and name pr and meta pr and emails pr"#, true),
        (r#"active ne true"#, false),
        (r#"emails[primary eq true and type eq "work"]"#, true),
        (r#"emails[primary eq true and type eq "home"]"#, false),
        (r#"not (emails[type eq "other"]) and not (title co "x")"#, true),
        (r#"emails eq null"#, false),
        (r#"name[familyName eq "jensen"]"#, true),
        (r#"displayName ge "babs jensen" and displayName lt "babs jensenz""#, true),
        (r#"meta.resourceType eq "User" and schemas co "core:2.0:User""#, true),
        (r#"meta.version eq "W/\"1\"" and meta.created sw "2011-05-13T04:42:34Z""#, true),
        (
            r#"meta.location eq "https://backup.example.com/scim/v2/Users/2819c223-7f76-453a-919d-413861904646""#,
            true,
        ),
    ] {
        assert_eq!(leaves(&database.store, USER, text).await, left, "{text}");
    }
    for (text, left) in [
        (r#"displayName eq "Tour Guides""#, true),
        (r#"displayName eq "tour guides""#, false),
        (r#"members[value eq "2819c223-7f76-453a-919d-413861904646"]"#, true),
        (r#"members.value eq "other" or members.display eq "bjensen@example.com""#, true),
        (r#"members pr and externalId eq null"#, true),
        (r#"active eq true"#, false),
    ] {
        assert_eq!(leaves(&database.store, ResourceKind::Group, text).await, left, "{text}");
    }
    for (text, left) in [(r#"externalId eq "7019""#, false), (r#"externalId ge "701983""#, true)] {
        assert_eq!(leaves(&database.store, USER, text).await, left, "{text}");
    }
}

#[tokio::test]
async fn thousands_of_people_are_read_a_page_at_a_time() {
    let database = store::testing::database().await;
    let sql = format!(
        "INSERT INTO provisioned_people (person_id, issuer, user_name, attributes, active, version, created_at, changed_at)
        SELECT 'id-' || n, '{ISSUER}', 'person-' || n || '@example.com', '{{}}', n % 2 = 0, 1,
            '2026-11-20Z'::timestamptz + make_interval(secs => n), '2026-11-20Z' FROM generate_series(1, 5000) AS n"
    );
    database.as_owner(&["provisioned_people"], &sql).await;
    let page = async |filter: &str, skip, count| {
        let filter = (!filter.is_empty())
            .then(|| filter::compile(USER, &filter::parse(filter).unwrap(), ROOT).unwrap());
        let range = ProvisionedRange { skip, count };
        let page = database.store.provisioned_people(ISSUER, filter.as_ref(), range).await.unwrap();
        let mut ids = page.resources.iter().map(|person| person.id.as_str());
        (page.total, ids.clone().count(), ids.next_back().unwrap_or_default().to_owned())
    };
    assert_eq!(page("", 0, 200).await, (5_000, 200, "id-200".into()));
    assert_eq!(page("", 4_900, 200).await, (5_000, 100, "id-5000".into()));
    assert_eq!(page("", 9_000, 200).await, (5_000, 0, String::new()));
    assert_eq!(page("", 0, 0).await, (5_000, 0, String::new()));
    assert_eq!(page("active eq true", 2_400, 200).await, (2_500, 100, "id-5000".into()));
    assert_eq!(page(r#"userName eq "PERSON-4711@example.com""#, 0, 200).await, (1, 1, "id-4711".into()));
}

#[test]
fn a_filter_that_cannot_be_read_or_is_without_end_is_refused() {
    let invalid = |refused: ProvisioningRefusal| {
        matches!(refused, ProvisioningRefusal::Invalid { kind: "invalidFilter", .. })
    };
    for wrong in
        ["userName", "userName eq", "userName eq x", "(userName pr", "emails[type eq \"x\"", "pr pr pr"]
    {
        assert!(invalid(filter::parse(wrong).unwrap_err()), "{wrong}");
    }
    assert!(filter::parse(&format!("userName eq \"{}\"", "x".repeat(5_000))).is_err());
    let deep = format!("{}id pr{}", "not (".repeat(30), ")".repeat(30));
    let many = vec!["id pr"; 101].join(" or ");
    for endless in [deep, many] {
        let parsed = filter::parse(&endless).unwrap();
        assert!(invalid(filter::compile(USER, &parsed, ROOT).unwrap_err()), "{endless}");
    }
}

fn patched(kind: ResourceKind, before: Value, operations: Value) -> Result<Value, String> {
    let mut said = before.as_object().unwrap().clone();
    let request = serde_json::from_value(json!({"Operations": operations})).unwrap();
    patch::patch(kind, &mut said, &request).map_err(|refusal| match refusal {
        ProvisioningRefusal::Invalid { kind, .. } => kind.to_owned(),
        other => other.to_string(),
    })?;
    Ok(Value::Object(said))
}

#[test]
fn people_are_changed_as_the_rfc_entra_id_and_okta_send_it() {
    let before = json!({"userName": "b", "active": true, "name": {"familyName": "J", "givenName": "B"},
        "emails": [{"value": "w@example.com", "type": "work"}]});
    let changed = |operations: Value, path: &str| {
        let after = patched(USER, before.clone(), operations).unwrap();
        after.pointer(path).cloned().unwrap_or_default()
    };
    for (operations, path, value) in [
        // Entra ID.
        (json!([{"op": "Replace", "path": "active", "value": "False"}]), "/active", json!(false)),
        (json!([{"op": "Add", "path": "name.givenName", "value": "Barb"}]), "/name/givenName", json!("Barb")),
        (
            json!([{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "n@example.com"}]),
            "/emails/0",
            json!({"value": "n@example.com", "type": "work"}),
        ),
        (
            json!([{"op": "Add", "path": "emails[type eq \"home\"].value", "value": "h@example.com"}]),
            "/emails/1",
            json!({"type": "home", "value": "h@example.com"}),
        ),
        (
            json!([{"op": "replace", "value": {"name.familyName": "K", "active": "True",
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "IT"}}]),
            "/name",
            json!({"givenName": "B", "familyName": "K"}),
        ),
        (
            json!([{"op": "Replace", "value": {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "x"}}},
                {"op": "Add", "path": "addresses[type eq \"work\"].country", "value": "CH"},
                {"op": "Add", "path": "urn:ietf:params:scim:schemas:core:2.0:User:displayName", "value": "D"}]),
            "/displayName",
            json!("D"),
        ),
        // Okta.
        (json!([{"op": "replace", "value": {"active": false}}]), "/active", json!(false)),
        // The RFC.
        (
            json!([{"op": "add", "value": {"emails": [{"value": "babs@jensen.org", "type": "home"}], "displayName": "B"}}]),
            "/emails/1/value",
            json!("babs@jensen.org"),
        ),
        (json!([{"op": "remove", "path": "emails[type eq \"work\"]"}]), "/emails", Value::Null),
        (json!([{"op": "remove", "path": "name.givenName"}]), "/name", json!({"familyName": "J"})),
        (
            json!([{"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": "x@example.com", "primary": true}}]),
            "/emails",
            json!([{"value": "x@example.com", "type": "work", "primary": true}]),
        ),
        (
            json!([{"op": "add", "path": "emails", "value": [{"value": "a@example.com", "primary": true}]},
                {"op": "add", "path": "emails", "value": {"value": "b@example.com", "primary": true}}]),
            "/emails/1/primary",
            json!(false),
        ),
    ] {
        assert_eq!(changed(operations.clone(), path), value, "{operations}");
    }
    for (operations, kind) in [
        (json!([{"op": "remove"}]), "noTarget"),
        (json!([{"op": "replace", "path": "emails[type co \"x\"].value", "value": "x"}]), "noTarget"),
        (json!([{"op": "replace", "path": "emails[", "value": "x"}]), "invalidPath"),
        (json!([{"op": "replace", "path": "userName[value eq \"x\"]", "value": "x"}]), "invalidPath"),
        (json!([{"op": "replace", "path": "userName.x", "value": "x"}]), "invalidPath"),
        (json!([{"op": "replace", "path": "active", "value": "perhaps"}]), "invalidValue"),
        (json!([{"op": "replace", "path": "displayName", "value": {"x": 1}}]), "invalidValue"),
        (json!([{"op": "replace", "value": "x"}]), "invalidValue"),
        (json!([{"op": "move", "path": "active", "value": true}]), "invalidSyntax"),
        (json!([{"op": "replace", "path": "id", "value": "x"}]), "This attribute is read only."),
    ] {
        assert_eq!(patched(USER, before.clone(), operations.clone()).unwrap_err(), kind, "{operations}");
    }
}

#[test]
fn members_come_and_go_as_the_rfc_entra_id_and_okta_send_it() {
    let before = json!({"displayName": "G", "members": [{"value": "a"}, {"value": "b"}, {"value": "c"}]});
    let members = |operations: Value| {
        let after = patched(ResourceKind::Group, before.clone(), operations).unwrap();
        let members = after.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
        members.iter().map(|member| member["value"].as_str().unwrap()).collect::<Vec<_>>().join("")
    };
    for (operations, left) in [
        (json!([{"op": "Add", "path": "members", "value": [{"value": "d"}, {"value": "a"}]}]), "bcda"),
        (json!([{"op": "Remove", "path": "members", "value": [{"value": "b"}, {"value": "x"}]}]), "ac"),
        (json!([{"op": "remove", "path": "members[value eq \"b\"]"}]), "ac"),
        (json!([{"op": "remove", "path": "members[value eq \"a\" or value eq \"c\"]"}]), "b"),
        (json!([{"op": "remove", "path": "members"}]), ""),
        (json!([{"op": "replace", "path": "members", "value": [{"value": "d", "display": "x"}]}]), "d"),
        (json!([{"op": "replace", "value": {"id": "its own", "displayName": "H"}}]), "abc"),
        (json!([{"op": "add", "value": {"members": [{"value": "d"}]}}]), "abcd"),
        (json!([{"op": "remove", "path": "members[value eq \"A\"]"}]), "abc"),
    ] {
        assert_eq!(members(operations.clone()), left, "{operations}");
    }
}

#[test]
fn what_cannot_be_kept_is_left_out_and_what_is_wrong_refused() {
    let kept = USER.read(&bjensen()).unwrap();
    assert_eq!(
        kept.keys().collect::<Vec<_>>(),
        ["externalId", "userName", "name", "displayName", "emails", "active"]
    );
    for wrong in [
        json!("text"),
        json!({"displayName": "nobody"}),
        json!({"userName": ""}),
        json!({"userName": 7}),
        json!({"userName": "a\u{202e}b"}),
        json!({"userName": "x".repeat(1_025)}),
        json!({"userName": ["a"]}),
        json!({"userName": "a", "emails": [{"type": "work"}]}),
        json!({"userName": "a", "active": 1}),
    ] {
        assert!(USER.read(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_projection_has_the_id_and_what_was_asked_for() {
    let user = bjensen();
    let keys = |attributes: &str, excluded: &str| {
        let left = project(&user, attributes, excluded);
        left.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(keys("USERNAME,title", ""), "schemas id userName");
    assert_eq!(keys("urn:ietf:params:scim:schemas:core:2.0:User:name.familyName", ""), "schemas id name");
    assert_eq!(project(&user, "name.familyname", "")["name"], json!({"familyName": "Jensen"}));
    assert_eq!(keys("", "emails, id,meta,name"), "schemas id externalId userName displayName active");
    assert_eq!(project(&user, "", "emails.type")["emails"][1], json!({"value": "babs@jensen.org"}));
}
