//! What directories tell by SCIM, over HTTP: who comes, changes and goes, and who may what from then on.

use futures::future::join_all;
use model::{Role, access::Grant, audit::AuditFilter};
use portal::{Caller, Origin};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use server::outside;

use super::{
    identity_provider::{IdentityProvider, NEXT_SCIM_TOKEN, SCIM_TOKEN},
    site::{EMAIL, Running, header, start_with_providers},
};

const DIRECTORY: &str = "people = \"directory\"\n[provider.scim]\ntoken_env = \"SCIM_TOKEN\"\n\
    next_token_env = \"NEXT_SCIM_TOKEN\"\n[[provider.mapping]]\ngroup = \"admins\"\nrole = \"administrator\"\n\
    [[provider.mapping]]\ngroup = \"readers\"\nrole = \"auditor\"\n";

/// A portal whose provider has a directory, and its local administrator.
struct Corp {
    site: Running,
    at: IdentityProvider,
    http: reqwest::Client,
}

impl Corp {
    async fn start() -> Self {
        Self::start_with(DIRECTORY).await
    }

    async fn start_with(configuration: &str) -> Self {
        let at = IdentityProvider::start(outside::now().unix_timestamp()).await;
        let site = start_with_providers(at.configuration(configuration)).await.with_administrator().await;
        Self { site, at, http: reqwest::Client::new() }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/scim/v2{path}", self.site.url));
        request.bearer_auth(SCIM_TOKEN).header("content-type", "application/scim+json; charset=utf-8")
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Response {
        self.request(method, path).body(body.to_string()).send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&answer, "content-type"), "application/scim+json");
        answer.json().await.unwrap()
    }

    async fn created(&self, path: &str, body: Value) -> String {
        let answer = self.send(Method::POST, path, &body).await;
        assert_eq!(answer.status(), StatusCode::CREATED, "{body}");
        let location = header(&answer, "location").to_owned();
        let made: Value = answer.json().await.unwrap();
        let id = made["id"].as_str().unwrap().to_owned();
        assert_eq!(location, format!("{}/scim/v2{path}/{id}", self.site.url));
        assert_eq!(made["meta"]["location"], location);
        id
    }

    async fn person(&self, name: &str) -> String {
        let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name,
            "externalId": name, "displayName": name.to_uppercase(), "active": true,
            "emails": [{"value": format!("{name}@example.com"), "type": "work", "primary": true}]});
        self.created("/Users", body).await
    }

    async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        self.created("/Groups", json!({"displayName": name, "members": members})).await
    }

    async fn patch(&self, path: &str, operations: Value) -> Response {
        let body =
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        self.send(Method::PATCH, path, &body).await
    }

    /// What an error says: status, kind, and that its body is one.
    async fn error(answer: Response) -> (u16, String) {
        assert_eq!(header(&answer, "content-type"), "application/scim+json");
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
        assert_eq!(body["status"], status.to_string());
        assert!(!body["detail"].as_str().unwrap().is_empty());
        (status, body["scimType"].as_str().unwrap_or_default().to_owned())
    }

    /// A browser in which somebody goes to the provider and comes back; with the page that it is led to.
    async fn sign_in(&self, subject: &str) -> (Running, String) {
        let browser = self.site.other_browser();
        self.at.person(subject, &["a group of the claim"]);
        let there = browser.page("/auth/oidc/corp?next=/settings").await;
        let came = self.at.approve(header(&there, "location"));
        let fields = [("code", came.code.as_str()), ("state", came.state.as_str())];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let back = browser.page(&format!("/auth/oidc/corp/callback?{query}")).await;
        let led = header(&back, "location").to_owned();
        (browser, led)
    }

    async fn administrator(&self) -> Caller {
        let ana = self.site.store.user_by_email(EMAIL).await.unwrap().unwrap();
        let now = Some(outside::now());
        self.site.portal.caller(ana.id, Origin::default(), now).await.unwrap().unwrap()
    }

    async fn member(&self, name: &str) -> Option<model::team::Member> {
        let team = self.site.portal.team(&self.administrator().await).await.unwrap();
        team.members.into_iter().find(|member| member.email == format!("{name}@example.com"))
    }

    /// Actions of the directory in the audit list, the newest first, with their words.
    async fn audited(&self) -> Vec<(String, String)> {
        let filter = AuditFilter { actor: "Corp (directory)".into(), ..AuditFilter::default() };
        let page =
            self.site.store.audit(store::AuditSearch::of_all(&filter, Default::default())).await.unwrap();
        let entry =
            |entry: model::audit::AuditEntry| (entry.action.as_str().to_owned(), entry.detail.words());
        page.rows.into_iter().map(entry).collect()
    }
}

async fn is_out(browser: &Running) -> bool {
    header(&browser.page("/account").await, "location").starts_with("/sign-in")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whom_a_directory_adds_signs_in_with_what_their_groups_stand_for() {
    let corp = Corp::start().await;
    let (_, led) = corp.sign_in("bob").await;
    assert_eq!(led, "/sign-in?next=%2Fsettings&problem=provider-not-invited", "in no directory");
    let bob = corp.person("bob").await;
    corp.group("admins", &[&bob]).await;
    let member = corp.member("bob").await.unwrap();
    assert_eq!((member.role(), member.means.any()), (Some(Role::Administrator), false));
    assert!(member.directory.is_some_and(|directory| directory.title == "Corp" && directory.active));
    let (browser, led) = corp.sign_in("bob").await;
    assert_eq!(led, "/settings");
    assert_eq!(browser.page("/team").await.status(), StatusCode::OK);
    let member = corp.member("bob").await.unwrap();
    assert_eq!(member.given.len(), 1, "groups of the claim stand for nothing: {:?}", member.given);
    let audited: Vec<String> = corp.audited().await.into_iter().map(|(action, _)| action).collect();
    assert_eq!(audited, ["groups_mapped", "directory_group_changed", "directory_person_added"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_not_active_is_out_with_that_request_and_an_administrators_hand_stays() {
    let corp = Corp::start().await;
    let bob = corp.person("bob").await;
    corp.group("readers", &[&bob]).await;
    let (browser, _) = corp.sign_in("bob").await;
    assert!(!is_out(&browser).await);
    let operation = |active: Value| json!([{"op": "Replace", "path": "active", "value": active}]);
    let answer = corp.patch(&format!("/Users/{bob}"), operation("False".into())).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.json::<Value>().await.unwrap()["active"], false);
    assert!(is_out(&browser).await);
    assert_eq!(corp.audited().await[0].0, "person_disabled");
    assert!(corp.sign_in("bob").await.1.contains("problem=provider-disabled"));
    let ana = corp.administrator().await;
    let id = corp.member("bob").await.unwrap().id;
    let refused = corp.site.portal.set_person_disabled(&ana, id, false).await.unwrap_err();
    assert!(refused.to_string().contains("Corp"), "{refused}");

    assert_eq!(corp.patch(&format!("/Users/{bob}"), operation(true.into())).await.status(), StatusCode::OK);
    assert_eq!(corp.sign_in("bob").await.1, "/settings");
    corp.site.portal.set_person_disabled(&ana, id, true).await.unwrap();
    for active in [json!(false), json!(true)] {
        assert_eq!(corp.patch(&format!("/Users/{bob}"), operation(active)).await.status(), StatusCode::OK);
        assert!(corp.member("bob").await.unwrap().disabled, "what an administrator did stays");
    }
    corp.site.portal.set_person_disabled(&ana, id, false).await.unwrap();
    let (browser, led) = corp.sign_in("bob").await;
    assert_eq!(led, "/settings");
    let removed = corp.request(Method::DELETE, &format!("/Users/{bob}")).send().await.unwrap();
    assert_eq!(removed.status(), StatusCode::NO_CONTENT);
    assert!(is_out(&browser).await && corp.member("bob").await.is_none());
    assert!(corp.sign_in("bob").await.1.contains("problem=provider-not-invited"), "and comes not again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rights_come_and_go_with_membership_at_once_and_given_ones_stay() {
    let corp = Corp::start().await;
    let (bob, eve) = (corp.person("bob").await, corp.person("eve").await);
    let ana = corp.administrator().await;
    let id = corp.member("bob").await.unwrap().id;
    let viewer = Grant { role: Role::Viewer, ..Grant::WHOLE };
    corp.site.portal.give_rights(&ana, id, viewer).await.unwrap();
    let readers = corp.group("readers", &[&bob, &eve]).await;
    let role = async |name: &str| corp.member(name).await.unwrap().role();
    let (browser, _) = corp.sign_in("bob").await;
    assert_eq!(role("bob").await, Some(Role::Auditor));
    // As Entra ID sends it, and Okta.
    let path = format!("/Groups/{readers}");
    let remove = json!([{"op": "Remove", "path": "members", "value": [{"value": bob}]}]);
    assert_eq!(corp.patch(&path, remove).await.status(), StatusCode::OK);
    assert!(is_out(&browser).await, "who may less signs in anew");
    assert_eq!((role("bob").await, role("eve").await), (Some(Role::Viewer), Some(Role::Auditor)));
    let remove = json!([{"op": "remove", "path": format!("members[value eq \"{eve}\"]")}]);
    assert_eq!(corp.patch(&path, remove).await.status(), StatusCode::OK);
    assert_eq!(role("eve").await, None);
    let rename = json!([{"op": "replace", "value": {"id": readers, "displayName": "others"}}]);
    corp.patch(&path, json!([{"op": "add", "path": "members", "value": [{"value": eve}]}])).await;
    assert_eq!(role("eve").await, Some(Role::Auditor));
    assert_eq!(corp.patch(&path, rename).await.status(), StatusCode::OK);
    assert_eq!(role("eve").await, None, "of another name it stands for nothing");
    let put = json!({"displayName": "readers", "members": [{"value": eve}, {"value": bob}]});
    assert_eq!(corp.send(Method::PUT, &path, &put).await.status(), StatusCode::OK);
    assert_eq!((role("bob").await, role("eve").await), (Some(Role::Auditor), Some(Role::Auditor)));
    let removed = corp.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(removed.status(), StatusCode::NO_CONTENT);
    assert_eq!((role("bob").await, role("eve").await), (Some(Role::Viewer), None));
    let (action, words) = corp.audited().await.remove(2);
    assert_eq!((action.as_str(), words.as_str()), ("directory_group_changed", "Removed. Left: bob, eve."));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_address_is_never_taken_over_and_a_changed_key_ends_the_identity() {
    let corp = Corp::start().await;
    let body = json!({"userName": "ana", "externalId": "ana", "emails": [{"value": EMAIL.to_uppercase()}]});
    let taken = corp.send(Method::POST, "/Users", &body).await;
    assert_eq!(Corp::error(taken).await, (409, "uniqueness".into()));
    let bob = corp.person("bob").await;
    let (browser, _) = corp.sign_in("bob").await;
    let path = format!("/Users/{bob}");
    let email = json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": EMAIL}]);
    assert_eq!(Corp::error(corp.patch(&path, email).await).await, (409, "uniqueness".into()));
    assert_eq!(corp.get(&path).await["emails"][0]["value"], "bob@example.com", "nothing has changed");
    let key = json!([{"op": "replace", "path": "externalId", "value": "another"}]);
    assert_eq!(corp.patch(&path, key).await.status(), StatusCode::OK);
    assert!(is_out(&browser).await);
    assert!(corp.sign_in("bob").await.1.contains("provider-not-invited"), "that is nobody now");
    assert_eq!(corp.sign_in("another").await.1, "/settings");
    let team = corp.site.portal.team(&corp.administrator().await).await.unwrap();
    assert_eq!(team.members.len(), 2, "and it is the same person here");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_signed_in_before_is_bound_by_identity_and_not_by_address() {
    let invited = DIRECTORY
        .replace("\"directory\"", "\"invitation\"")
        .replace("[provider.scim]\n", "[provider.scim]\nclaim = \"oid\"\n");
    let corp = Corp::start_with(&invited).await;
    let invitation = portal::Invitation {
        email: "old@example.com".into(),
        name: "Old".into(),
        grant: Grant { role: Role::Viewer, ..Grant::WHOLE },
    };
    let ana = corp.administrator().await;
    let link = corp.site.portal.invite_person(&ana, invitation).await.unwrap().path;
    let browser = corp.site.other_browser();
    let token = link.split_once("token=").unwrap().1;
    corp.at.world().spoilt = json!({"oid": "object 7"});
    corp.at.person("pairwise", &[]);
    let there = browser.page(&format!("/auth/oidc/corp?token={token}")).await;
    let came = corp.at.approve(header(&there, "location"));
    let fields = [("code", came.code.as_str()), ("state", came.state.as_str())];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    assert_eq!(header(&browser.page(&format!("/auth/oidc/corp/callback?{query}")).await, "location"), "/");
    let body = json!({"userName": "new@example.com", "externalId": "object 7"});
    let id = corp.created("/Users", body).await;
    assert!(corp.member("new").await.is_none(), "it is the same person");
    let old = corp.member("old").await.unwrap();
    assert!(old.directory.is_some() && old.role() == Some(Role::Viewer));
    let put = json!({"userName": "new@example.com", "externalId": "object 7", "active": false});
    assert_eq!(corp.send(Method::PUT, &format!("/Users/{id}"), &put).await.status(), StatusCode::OK);
    assert!(is_out(&browser).await && corp.member("new").await.unwrap().disabled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_administrator_who_can_sign_in_stays() {
    let corp = Corp::start().await;
    let bob = corp.person("bob").await;
    let admins = corp.group("admins", &[&bob]).await;
    corp.sign_in("bob").await;
    let ana = corp.administrator().await;
    corp.site.portal.set_person_disabled(&ana, ana.user_id(), true).await.unwrap();
    let path = format!("/Users/{bob}");
    let out = corp.patch(&path, json!([{"op": "replace", "value": {"active": false}}])).await;
    assert_eq!(Corp::error(out).await, (409, String::new()));
    let removed = corp.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(Corp::error(removed).await, (409, String::new()));
    let key = corp.patch(&path, json!([{"op": "replace", "path": "externalId", "value": "x"}])).await;
    assert_eq!(Corp::error(key).await, (409, String::new()));
    let left = corp.patch(&format!("/Groups/{admins}"), json!([{"op": "remove", "path": "members"}])).await;
    assert_eq!(Corp::error(left).await, (409, String::new()));
    let removed = corp.request(Method::DELETE, &format!("/Groups/{admins}")).send().await.unwrap();
    assert_eq!(Corp::error(removed).await, (409, String::new()));
    assert_eq!(corp.get(&path).await["active"], true);
    let refused = corp.audited().await;
    assert!(refused.iter().take(5).all(|(_, words)| words.contains("last administrator")), "{refused:?}");
    assert_eq!(corp.sign_in("bob").await.1, "/settings");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn only_tokens_of_a_directory_are_taken_and_wrong_ones_are_limited_by_address() {
    let corp = Corp::start().await;
    let ask = async |header: Option<&str>| {
        let request = corp.http.get(format!("{}/scim/v2/Users", corp.site.url));
        let request =
            header.into_iter().fold(request, |request, value| request.header("authorization", value));
        request.send().await.unwrap()
    };
    for right in [SCIM_TOKEN, NEXT_SCIM_TOKEN] {
        assert_eq!(ask(Some(&format!("bearer {right}"))).await.status(), StatusCode::OK);
    }
    let wrong = [None, Some("Bearer "), Some(SCIM_TOKEN), Some("Basic eDp5"), Some("Bearer wrong")];
    for wrong in wrong {
        let answer = ask(wrong).await;
        assert_eq!(header(&answer, "www-authenticate"), "Bearer");
        assert_eq!(Corp::error(answer).await, (401, String::new()));
    }
    let answers = join_all((0..40).map(|_| ask(Some("Bearer guess")))).await;
    let judged = answers.iter().filter(|answer| answer.status() == StatusCode::UNAUTHORIZED).count();
    assert_eq!(judged, 20 - wrong.len());
    assert_eq!(ask(Some("Bearer guess")).await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(Some(&format!("Bearer {SCIM_TOKEN}"))).await.status(), StatusCode::OK);
    // A session is no token, and says nothing here.
    corp.site.sign_in(EMAIL, super::site::PASSWORD).await;
    let by_session = corp.site.get("/scim/v2/Users").send().await.unwrap();
    assert_eq!(by_session.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lists_are_filtered_and_paged_as_the_rfc_says() {
    let corp = Corp::start().await;
    for name in ["ada", "bob", "cem"] {
        corp.person(name).await;
    }
    let names = |list: &Value| -> Vec<String> {
        let all = list["Resources"].as_array().unwrap();
        all.iter().map(|user| user["userName"].as_str().unwrap().to_owned()).collect()
    };
    let list = corp.get("/Users?startIndex=2&count=1").await;
    assert_eq!(
        (&list["totalResults"], &list["startIndex"], &list["itemsPerPage"]),
        (&3.into(), &2.into(), &1.into())
    );
    assert_eq!(names(&list), ["bob"]);
    assert_eq!(names(&corp.get("/Users?startIndex=0&count=-1").await), Vec::<String>::new());
    assert_eq!(names(&corp.get("/Users?startIndex=9").await), Vec::<String>::new());
    assert_eq!(names(&corp.get("/Users?filter=userName+eq+%22ADA%22").await), ["ada"]);
    assert_eq!(names(&corp.get("/Users?filter=externalId+eq+%22cem%22&attributes=userName").await), ["cem"]);
    assert_eq!(
        names(&corp.get("/Users?filter=emails.value+sw+%22b%22+or+userName+eq+%22cem%22").await),
        ["bob", "cem"]
    );
    let group = corp.group("readers", &[]).await;
    let members =
        format!("/Groups?filter=id+eq+%22{group}%22+and+members+eq+%22x%22&excludedAttributes=members");
    assert_eq!(corp.get(&members).await["totalResults"], 0);
    assert_eq!(
        corp.get("/Groups?filter=displayName+eq+%22readers%22").await["Resources"][0]["id"],
        group.as_str()
    );
    for (path, kind) in
        [("/Users?filter=userName+is+x", "invalidFilter"), ("/Users?count=many", "invalidSyntax")]
    {
        let answer = corp.request(Method::GET, path).send().await.unwrap();
        assert_eq!(Corp::error(answer).await, (400, kind.into()), "{path}");
    }
    for path in [
        "/ServiceProviderConfig",
        "/ResourceTypes",
        "/ResourceTypes/User",
        "/Schemas",
        "/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group",
    ] {
        corp.get(path).await;
    }
    for (method, path, status) in [
        (Method::GET, "/Users/none", 404),
        (Method::GET, "/Me", 404),
        (Method::GET, "/Schemas?filter=x", 403),
        (Method::DELETE, "/Users", 405),
        (Method::POST, "/Schemas", 405),
    ] {
        let answer = corp.request(method, path).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_at_once_are_all_made_and_an_expected_version_counts() {
    let corp = Corp::start().await;
    let mut people = Vec::new();
    for name in ["ada", "bob", "cem", "eve"] {
        people.push(corp.person(name).await);
    }
    let path = format!("/Groups/{}", corp.group("readers", &[]).await);
    let add =
        |id: &String| corp.patch(&path, json!([{"op": "add", "path": "members", "value": [{"value": id}]}]));
    let answers = join_all(people.iter().map(add)).await;
    assert!(answers.iter().all(|answer| answer.status() == StatusCode::OK));
    let group = corp.get(&path).await;
    assert_eq!(group["members"].as_array().unwrap().len(), 4);
    let version = group["meta"]["version"].as_str().unwrap();
    let put = json!({"displayName": "readers"}).to_string();
    let request = corp.request(Method::PUT, &path).header("if-match", "W/\"1\"").body(put.clone());
    assert_eq!(Corp::error(request.send().await.unwrap()).await, (412, String::new()));
    let request = corp.request(Method::PUT, &path).header("if-match", version).body(put);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    let known = corp.request(Method::GET, &path).header("if-none-match", "W/\"6\"").send().await.unwrap();
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);

    let same = corp.send(Method::POST, "/Users", &json!({"userName": "ADA", "externalId": "x"})).await;
    assert_eq!(Corp::error(same).await, (409, "uniqueness".into()));
    let same = corp.send(Method::POST, "/Groups", &json!({"displayName": "readers"})).await;
    assert_eq!(Corp::error(same).await, (409, "uniqueness".into()));
    let stranger = json!({"displayName": "x", "members": [{"value": "nobody"}]});
    assert_eq!(
        Corp::error(corp.send(Method::POST, "/Groups", &stranger).await).await,
        (400, "invalidValue".into())
    );
    let text = corp.http.post(format!("{}/scim/v2/Users", corp.site.url)).bearer_auth(SCIM_TOKEN);
    let text = text.header("content-type", "text/plain").body("{}").send().await.unwrap();
    assert_eq!(Corp::error(text).await, (400, "invalidSyntax".into()));
    let large = json!({"userName": "x".repeat(2 << 20)});
    assert_eq!(Corp::error(corp.send(Method::POST, "/Users", &large).await).await.0, 413);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_directory_that_is_none_any_more_lets_nobody_back_in() {
    let corp = Corp::start().await;
    let (bob, _) = (corp.person("bob").await, corp.person("eve").await);
    corp.patch(&format!("/Users/{bob}"), json!([{"op": "replace", "value": {"active": false}}])).await;
    let provider = store::SignInProvider {
        issuer: corp.at.issuer.clone(),
        name: "corp".into(),
        title: "Corp".into(),
        directory: false,
    };
    corp.site.store.put_sign_in_providers(&[provider]).await.unwrap();
    let (bob, eve) = (corp.member("bob").await.unwrap(), corp.member("eve").await.unwrap());
    assert_eq!((bob.disabled, eve.disabled, bob.directory), (true, false, None));
}
