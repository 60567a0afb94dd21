//! Signing in at an identity provider, against a small one that speaks real HTTP and can be made to lie.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test fails where something is not as it must be")]

#[path = "house/house.rs"]
#[expect(dead_code, reason = "shared with other tests")]
mod house;
#[path = "../../../server/tests/http/identity_provider.rs"]
#[expect(dead_code, reason = "shared with the tests of the server")]
mod identity_provider;
#[path = "providers/refresh.rs"]
mod refresh;

use house::{House, NOW, portal_with};
use identity_provider::{IdentityProvider, Signed};
use model::{
    Role,
    access::{Grant, Scope},
    audit::{AuditAction, AuditFilter},
    team::{Member, TokenVerdict, rights},
};
use portal::{
    Caller, Invitation, PendingSignIn, Portal, ProviderAnswer, ProviderEntry, ProviderRefusal, SignInPurpose,
    Visitor,
};
use serde_json::{Value, json};
use store::Identity;

const BACK: &str = "http://127.0.0.1:3000/auth/oidc/corp/callback";
const MAPPED: &str = "people = \"first-sign-in\"\n[[provider.mapping]]\ngroup = \"operators\"\nrole = \"operator\"\n\
    [[provider.mapping]]\ngroup = \"sales\"\nrole = \"viewer\"\nplaces = [\"ou-abcd-11111111\"]\n";
const BY_INVITATION: &str = "";

/// A portal and the identity provider that it trusts.
struct Corp {
    house: House,
    portal: Portal,
    at: IdentityProvider,
}

impl Corp {
    async fn start(configuration: &str) -> Self {
        let house = House::with_organization().await;
        let at = IdentityProvider::start(NOW.unix_timestamp()).await;
        let providers = at.configuration(configuration);
        let portal = portal_with(&house.database.store, house.aws.clone(), || NOW, providers);
        portal.note_providers().await.unwrap();
        at.person("bob", &["operators"]);
        Self { house, portal, at }
    }

    async fn begin(&self, purpose: SignInPurpose) -> (PendingSignIn, ProviderAnswer) {
        let begun = self.portal.begin_at_provider("corp", purpose, BACK, "/jobs".into()).await;
        let (pending, address) = begun.unwrap();
        let answer = self.at.approve(&address);
        (pending, answer)
    }

    async fn finish(
        &self,
        pending: PendingSignIn,
        answer: ProviderAnswer,
    ) -> Result<ProviderEntry, ProviderRefusal> {
        let from = Visitor::from("192.0.2.1");
        self.portal.finish_at_provider("corp", pending, answer, BACK, from).await
    }

    async fn sign_in_for(&self, purpose: SignInPurpose) -> Result<ProviderEntry, ProviderRefusal> {
        let (pending, answer) = self.begin(purpose).await;
        self.finish(pending, answer).await
    }

    async fn sign_in(&self) -> Result<ProviderEntry, ProviderRefusal> {
        self.sign_in_for(SignInPurpose::SignIn).await
    }

    async fn refused(&self) -> &'static str {
        self.sign_in().await.unwrap_err().name()
    }

    async fn members(&self) -> Vec<Member> {
        self.portal.team(&self.house.admin).await.unwrap().members
    }

    async fn count(&self, action: AuditAction) -> usize {
        let filter = AuditFilter { action: action.as_str().into(), ..AuditFilter::default() };
        self.portal.audit(&self.house.admin, &filter).await.unwrap().rows.len()
    }

    /// The token of a link that an administrator has made for somebody.
    async fn invite(&self, email: &str, role: Role) -> String {
        let grant = Grant { role, scope: Scope::All };
        let invitation = Invitation { email: email.into(), name: "Robert".into(), grant };
        let link = self.portal.invite_person(&self.house.admin, invitation).await.unwrap();
        link.path.split_once("token=").unwrap().1.to_owned()
    }
}

fn roles(caller: &Caller) -> Vec<Role> {
    caller.rights().0.iter().map(|grant| grant.role).collect()
}

#[tokio::test]
async fn groups_become_grants_at_each_sign_in_and_what_was_given_stays() {
    let corp = Corp::start(MAPPED).await;
    let entry = corp.sign_in().await.unwrap();
    assert_eq!(roles(&entry.caller), [Role::Operator]);
    assert_eq!(
        (entry.session.subject.as_str(), entry.session.sid.as_deref()),
        ("bob", Some("session of bob"))
    );
    assert_eq!(entry.session.ends_at, NOW.unix_timestamp() + 3_600, "groups are read anew within an hour");
    assert_eq!(entry.confirmed_at, Some(NOW));
    let bob = corp.members().await.into_iter().find(|member| member.email == "bob@example.com").unwrap();
    assert_eq!((bob.name.as_str(), bob.means.words().as_str()), ("BOB", "Corp"));
    assert_eq!(bob.given[0].source.words(), "group operators at corp");

    let auditor = Grant { role: Role::Auditor, scope: Scope::All };
    corp.portal.give_rights(&corp.house.admin, bob.id, auditor).await.unwrap();
    corp.at.person("bob", &["sales", "unknown"]);
    let entry = corp.sign_in().await.unwrap();
    assert_eq!(roles(&entry.caller), [Role::Auditor, Role::Viewer]);
    assert!(matches!(&entry.caller.rights().0[1].scope, Scope::Below(tops) if tops.len() == 1));
    corp.at.person("bob", &[]);
    assert_eq!(
        roles(&corp.sign_in().await.unwrap().caller),
        [Role::Auditor],
        "a mapped one goes with its group"
    );
    assert_eq!(corp.count(AuditAction::GroupsMapped).await, 2);
    assert_eq!(corp.count(AuditAction::PersonCameByProvider).await, 1);
    assert_eq!(corp.count(AuditAction::SignIn).await, 3);
}

#[tokio::test]
async fn who_has_no_group_that_stands_for_anything_is_signed_in_without_a_role() {
    let corp = Corp::start(MAPPED).await;
    corp.at.person("carol", &["others"]);
    let entry = corp.sign_in().await.unwrap();
    assert!(entry.caller.rights().0.is_empty());
    let refused =
        corp.portal.tree(&entry.caller, &model::organization::TreeQuery::default()).await.unwrap_err();
    assert!(refused.into_failure().explain().text.contains("no role here yet"));
}

#[tokio::test]
async fn a_token_that_is_not_the_providers_for_us_and_now_lets_nobody_in() {
    let corp = Corp::start(MAPPED).await;
    let now = NOW.unix_timestamp();
    let people = corp.members().await.len();
    for signed in [Signed::Not, Signed::WithPublicKey, Signed::WithSecret, Signed::ByAnother] {
        corp.at.world().signed = signed;
        assert_eq!(corp.refused().await, "provider-answer", "{signed:?}");
    }
    corp.at.world().signed = Signed::Right;
    for spoilt in [
        json!({"aud": "another"}),
        json!({"aud": ["holdfast", "another"]}),
        json!({"aud": null}),
        json!({"iss": "https://id.example.com"}),
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"exp": now - 61}),
        json!({"exp": null}),
        json!({"iat": now + 61}),
        json!({"iat": now - 601}),
        json!({"auth_time": now + 61}),
        json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}),
        json!({"sub": null}),
    ] {
        corp.at.world().spoilt = spoilt.clone();
        assert_eq!(corp.refused().await, "provider-answer", "{spoilt}");
    }
    assert_eq!(corp.members().await.len(), people, "nobody was made");
    for right in [json!({"exp": now - 59}), json!({"iat": now + 59, "exp": now + 90}), json!({})] {
        corp.at.world().spoilt = right.clone();
        assert!(corp.sign_in().await.is_ok(), "clocks differ: {right}");
    }
}

#[tokio::test]
async fn a_sign_in_is_finished_where_and_when_it_was_begun_and_once() {
    let corp = Corp::start(MAPPED).await;
    let (first, answer_of_first) = corp.begin(SignInPurpose::SignIn).await;
    let (second, answer_of_second) = corp.begin(SignInPurpose::SignIn).await;
    let refusal = corp.finish(first.clone(), answer_of_second.clone()).await.unwrap_err();
    assert_eq!(refusal.name(), "provider-not-pending", "the state of another browser");
    let mixed = ProviderAnswer { state: answer_of_second.state.clone(), ..answer_of_first.clone() };
    let refusal = corp.finish(second.clone(), mixed).await.unwrap_err();
    assert_eq!(refusal.name(), "provider-answer", "a code of another browser: the verifier does not fit");
    let empty = ProviderAnswer { state: String::new(), ..answer_of_second.clone() };
    assert_eq!(corp.finish(second.clone(), empty).await.unwrap_err().name(), "provider-not-pending");
    corp.finish(second.clone(), answer_of_second.clone()).await.unwrap();
    let again = corp.finish(second, answer_of_second).await.unwrap_err();
    assert_eq!(again.name(), "provider-answer", "the code is used up");

    let late = portal_with(
        &corp.house.database.store,
        corp.house.aws.clone(),
        || NOW + time::Duration::minutes(10),
        corp.at.configuration(MAPPED),
    );
    let (pending, answer) = corp.begin(SignInPurpose::SignIn).await;
    let from = Visitor::from("192.0.2.1");
    let refusal = late.finish_at_provider("corp", pending, answer, BACK, from).await.unwrap_err();
    assert_eq!(refusal.name(), "provider-not-pending", "after ten minutes");
    let (pending, answer) = corp.begin(SignInPurpose::SignIn).await;
    let declined = ProviderAnswer { error: Some("access_denied".into()), code: String::new(), ..answer };
    assert_eq!(corp.finish(pending, declined).await.unwrap_err().name(), "provider-declined");
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_not_taken_for_the_providers() {
    let corp = Corp::start(MAPPED).await;
    corp.at.world().names_issuer = true;
    for (iss, right) in [
        (Some("https://evil.example.com".to_owned()), false),
        (None, false),
        (Some(corp.at.issuer.clone()), true),
    ] {
        let (pending, answer) = corp.begin(SignInPurpose::SignIn).await;
        let answer = ProviderAnswer { iss: iss.clone(), ..answer };
        assert_eq!(corp.finish(pending, answer).await.is_ok(), right, "{iss:?}");
    }
}

#[tokio::test]
async fn a_new_key_is_read_once_and_keys_that_there_are_not_are_not_asked_for_again_and_again() {
    let corp = Corp::start(MAPPED).await;
    corp.sign_in().await.unwrap();
    assert_eq!(corp.at.world().key_reads, 1);
    corp.at.rotate("second");
    corp.sign_in().await.unwrap();
    corp.sign_in().await.unwrap();
    assert_eq!(corp.at.world().key_reads, 2);
    for id in ["third", "fourth", "fifth"] {
        corp.at.rotate(id);
        assert_eq!(corp.refused().await, "provider-answer");
    }
    assert_eq!(corp.at.world().key_reads, 2, "at most once a minute");
}

#[tokio::test]
async fn an_address_of_a_local_account_is_not_taken_over() {
    let corp = Corp::start(MAPPED).await;
    corp.at.world().person =
        json!({"sub": "eve", "email": "ADA@example.com", "email_verified": true, "groups": []});
    assert_eq!(corp.refused().await, "provider-address-taken");
    assert_eq!(corp.count(AuditAction::SignInRefused).await, 1);
    let [ada] = corp.members().await.try_into().unwrap();
    assert!(ada.means.providers.is_empty() && ada.means.password);
}

#[tokio::test]
async fn somebody_new_needs_a_verified_address_and_groups_that_were_told() {
    let corp = Corp::start(MAPPED).await;
    for (spoilt, why) in [
        (json!({"email_verified": false}), "provider-unverified"),
        (json!({"email_verified": null}), "provider-unverified"),
        (json!({"email": "nobody"}), "provider-no-address"),
        (json!({"groups": {"a": 1}}), "provider-groups"),
        (json!({"groups": null, "_claim_names": {"groups": "src1"}}), "provider-groups"),
    ] {
        corp.at.world().spoilt = spoilt.clone();
        corp.at.world().user_info = json!({"sub": "bob"});
        assert_eq!(corp.refused().await, why, "{spoilt}");
    }
    assert_eq!(corp.members().await.len(), 1);
    corp.at.world().spoilt = json!({"email_verified": "true"});
    corp.sign_in().await.unwrap();
}

#[tokio::test]
async fn what_a_small_token_leaves_out_is_asked_for_of_the_same_person_alone() {
    let corp = Corp::start(MAPPED).await;
    corp.at.world().spoilt = json!({"email": null, "email_verified": null, "groups": null});
    let said =
        json!({"sub": "bob", "email": "bob@example.com", "email_verified": true, "groups": ["operators"]});
    corp.at.world().user_info = json!({"sub": "eve", "groups": ["operators"]});
    assert_eq!(corp.refused().await, "provider-answer");
    corp.at.world().user_info = said;
    assert_eq!(roles(&corp.sign_in().await.unwrap().caller), [Role::Operator]);
}

#[tokio::test]
async fn by_invitation_an_identity_is_linked_by_the_one_time_link_once() {
    let corp = Corp::start(BY_INVITATION).await;
    assert_eq!(corp.refused().await, "provider-not-invited");
    let token = corp.invite("robert@example.org", Role::Auditor).await;
    let join = |token: &str| SignInPurpose::Join { token: token.to_owned() };
    let entry = corp.sign_in_for(join(&token)).await.unwrap();
    assert_eq!(roles(&entry.caller), [Role::Auditor]);
    let again = corp.sign_in_for(join(&token)).await.unwrap_err();
    assert_eq!(again.name(), "provider-link-used");
    let in_again = corp.sign_in().await.unwrap();
    assert_eq!(in_again.caller.user_id(), entry.caller.user_id());
    let linked: Vec<_> = corp.members().await.into_iter().filter(|member| !member.means.password).collect();
    assert_eq!(
        (linked.len(), linked[0].email.as_str()),
        (1, "robert@example.org"),
        "the address of the invitation"
    );

    // Another invitation does not become the same identity's too, and stays good for whom it is for.
    let other = corp.invite("carol@example.org", Role::Administrator).await;
    assert_eq!(corp.sign_in_for(join(&other)).await.unwrap_err().name(), "provider-identity-taken");
    corp.at.person("carol", &[]);
    let carol = corp.sign_in_for(join(&other)).await.unwrap();
    assert_eq!(roles(&carol.caller), [Role::Administrator]);
    assert_eq!(corp.count(AuditAction::ProviderLinked).await, 2);
}

#[tokio::test]
async fn who_is_disabled_stays_out_whatever_the_provider_says() {
    let corp = Corp::start(MAPPED).await;
    let bob = corp.sign_in().await.unwrap().caller.user_id();
    corp.portal.set_person_disabled(&corp.house.admin, bob, true).await.unwrap();
    corp.at.person("bob", &["operators", "sales"]);
    assert_eq!(corp.refused().await, "provider-disabled");
    let given = corp.house.database.store.user_by_id(bob).await.unwrap().unwrap().given;
    assert_eq!(rights(&given).0.len(), 1, "and gets nothing");
}

#[tokio::test]
async fn confirming_asks_the_provider_anew_and_takes_the_same_person_alone() {
    let corp = Corp::start(MAPPED).await;
    let now = NOW.unix_timestamp();
    let entry = corp.sign_in().await.unwrap();
    let identity = Identity { issuer: entry.session.issuer, subject: entry.session.subject };
    let confirm = || SignInPurpose::Confirm { identity: identity.clone() };
    let (_, address) = corp.portal.begin_at_provider("corp", confirm(), BACK, "/team".into()).await.unwrap();
    assert!(address.contains("prompt=login") && address.contains("max_age=0"), "{address}");
    for (spoilt, why) in [
        (json!({"auth_time": now - 61}), "provider-not-anew"),
        (json!({"auth_time": null}), "provider-not-anew"),
        (json!({"sub": "eve"}), "provider-somebody-else"),
    ] {
        corp.at.world().spoilt = spoilt.clone();
        assert_eq!(corp.sign_in_for(confirm()).await.unwrap_err().name(), why, "{spoilt}");
    }
    corp.at.world().spoilt = json!({});
    let confirmed = corp.sign_in_for(confirm()).await.unwrap();
    assert!(confirmed.caller.is_confirmed());

    // A sign-in that the provider remembers from this morning is none of the last minutes.
    corp.at.world().spoilt = json!({"auth_time": now - 3_600});
    assert!(!corp.sign_in().await.unwrap().caller.is_confirmed());
    corp.at.world().spoilt = json!({"auth_time": null});
    assert!(!corp.sign_in().await.unwrap().caller.is_confirmed());
}

#[tokio::test]
async fn a_logout_token_that_is_not_the_providers_for_us_and_now_ends_nothing() {
    let corp = Corp::start(MAPPED).await;
    let now = NOW.unix_timestamp();
    let bob = json!({"sub": "bob"});
    let over = |more: Value| {
        let mut over = bob.clone();
        over.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        over
    };
    let send = async |token: String| {
        corp.portal.log_out_by_provider("corp", &token, Visitor::from("192.0.2.9")).await
    };
    for signed in [Signed::Not, Signed::WithPublicKey, Signed::WithSecret, Signed::ByAnother] {
        corp.at.world().signed = signed;
        let token = corp.at.logout_token(&bob);
        assert_eq!(send(token).await.unwrap_err().name(), "provider-answer", "{signed:?}");
    }
    corp.at.world().signed = Signed::Right;
    for spoilt in [
        json!({"aud": "another"}),
        json!({"iss": "https://id.example.com"}),
        json!({"iat": now - 601}),
        json!({"iat": null}),
        json!({"exp": now - 61}),
        json!({"events": null}),
        json!({"events": {"other": {}}}),
        json!({"nonce": "n"}),
        json!({"sub": null}),
    ] {
        let token = corp.at.logout_token(&over(spoilt.clone()));
        assert_eq!(send(token).await.unwrap_err().name(), "provider-answer", "{spoilt}");
    }
    assert_eq!(send("no token".into()).await.unwrap_err().name(), "provider-answer");
    assert_eq!(send(corp.at.logout_token(&bob)).await.unwrap(), 0, "it is right, and nobody is signed in");
}

#[tokio::test]
async fn a_token_that_is_tried_is_checked_as_at_a_sign_in_and_changes_nothing() {
    use TokenVerdict::{Old, Right, Unknown, Wrong};
    let corp = Corp::start(MAPPED).await;
    let (people, now) = (corp.members().await.len(), NOW.unix_timestamp());
    corp.at.person("carol", &["sales", "others"]);
    let tried = async |text: &str| corp.portal.try_mapping(&corp.house.admin, "corp", text).await;
    let verdicts = async |over: Value| {
        let token = corp.at.assertion(&json!({}), &over);
        let checks = tried(&token).await.unwrap().checks;
        checks.into_iter().map(|check| check.verdict).collect::<Vec<_>>()
    };
    for (over, expected) in [
        (json!({}), [Right, Right, Right, Right]),
        (json!({"iss": "https://id.example.com"}), [Right, Wrong, Right, Right]),
        (json!({"aud": ["holdfast", "another"]}), [Right, Right, Wrong, Right]),
        (json!({"aud": null, "exp": null}), [Right, Right, Wrong, Wrong]),
        (json!({"exp": now - 61}), [Right, Right, Right, Old]),
        (json!({"iat": now - 601}), [Right, Right, Right, Old]),
        (json!({"iat": now + 61}), [Right, Right, Right, Wrong]),
    ] {
        assert_eq!(verdicts(over.clone()).await, expected, "{over}");
    }
    for signed in [Signed::Not, Signed::WithPublicKey, Signed::WithSecret, Signed::ByAnother] {
        corp.at.world().signed = signed;
        assert_eq!(verdicts(json!({})).await[0], Wrong, "{signed:?}");
    }
    let trial = tried(r#"{"sub": "carol", "groups": ["sales", "others"]}"#).await.unwrap();
    assert!(trial.checks.iter().all(|check| check.verdict == Unknown), "{trial:?}");
    assert_eq!((trial.grants.len(), trial.unmapped.as_slice()), (1, &["others".to_owned()][..]));
    assert_eq!(trial.problems, ["There is no email: at a first sign-in they are refused."]);
    for wrong in ["nothing", "[]", "a.b.c", &"x".repeat(70_000)] {
        assert_eq!(tried(wrong).await.unwrap_err().into_failure().status(), 422, "{wrong:.20}");
    }
    assert_eq!(corp.members().await.len(), people);
    assert_eq!(corp.count(AuditAction::SignInRefused).await, 0);
}
