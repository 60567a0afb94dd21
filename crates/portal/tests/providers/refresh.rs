//! Sessions that are refreshed with what a provider gives for that.

use std::{collections::HashMap, sync::Arc};

use model::audit::AuditAction;
use portal::{Portal, ProviderEntry, Visitor, tasks::Outcome};
use serde_json::{Value, json};
use store::{
    Actor, NewAudit, REFRESH_SESSION, SESSION_PROVIDER, SESSION_USER, SessionStore, Task, UserId,
    testing::lock_waiters,
};
use time::{Duration, OffsetDateTime};
use tokio::sync::Semaphore;
use tower_sessions::{
    SessionStore as _,
    session::{Id, Record},
};

use super::{Corp, MAPPED, NOW, portal_with, roles};

const REFRESHED: &str = "people = \"first-sign-in\"\nscopes = [\"openid\", \"offline_access\"]\n\
    [provider.refresh]\nminutes = 15\n\
    [[provider.mapping]]\ngroup = \"operators\"\nrole = \"operator\"\n\
    [[provider.mapping]]\ngroup = \"sales\"\nrole = \"viewer\"\nplaces = [\"ou-abcd-11111111\"]\n";
/// What the provider gave first.
const FIRST: &str = "a refresh token, the 1.";

const fn later(minutes: i64) -> OffsetDateTime {
    NOW.saturating_add(Duration::minutes(minutes))
}

/// A session of Bob's in a browser of his.
struct Browser {
    id: Id,
    user: UserId,
}

impl Corp {
    async fn refreshed() -> Self {
        let corp = Self::start(REFRESHED).await;
        corp.at.world().refresh.given = true;
        corp
    }

    fn sessions(&self, now: fn() -> OffsetDateTime) -> SessionStore {
        SessionStore::new(self.house.database.store.clone(), now)
    }

    /// Another process, at some other time.
    fn elsewhere(&self, now: fn() -> OffsetDateTime) -> Portal {
        self.at.world().now = now().unix_timestamp();
        let providers = self.at.configuration(REFRESHED);
        portal_with(&self.house.database.store, self.house.aws.clone(), now, providers)
    }

    async fn browser(&self) -> Browser {
        let entry = self.sign_in().await.unwrap();
        self.browser_of(&entry).await
    }

    async fn browser_of(&self, entry: &ProviderEntry) -> Browser {
        let user = entry.caller.user_id();
        let at = serde_json::to_value(&entry.session).unwrap();
        let data = HashMap::from([(SESSION_USER.to_owned(), json!(user)), (SESSION_PROVIDER.to_owned(), at)]);
        let mut record = Record { id: Id::default(), data, expiry_date: NOW + Duration::hours(2) };
        let sessions = self.sessions(|| NOW);
        sessions.create(&mut record).await.unwrap();
        if let Some(token) = &entry.refresh_token {
            assert!(sessions.keep_refresh_token(&record.id, token).await.unwrap());
        }
        Browser { id: record.id, user }
    }

    async fn goes_on(&self, browser: &Browser, now: fn() -> OffsetDateTime) -> bool {
        self.sessions(now).load(&browser.id).await.unwrap().is_some()
    }

    async fn roles_of(&self, browser: &Browser) -> Vec<model::Role> {
        let origin = portal::Origin::default();
        roles(&self.portal.caller(browser.user, origin, None).await.unwrap().unwrap())
    }

    async fn task(&self, at: OffsetDateTime) -> Option<Task> {
        let store = &self.house.database.store;
        store.take_task(&[REFRESH_SESSION], at, at + Duration::minutes(1)).await.unwrap()
    }

    /// Does what is due as a worker does, of one task; `None` where nothing is.
    async fn work(&self, portal: &Portal, at: OffsetDateTime) -> Option<Outcome> {
        let task = self.task(at).await?;
        let outcome = portal.refresh_session(&task).await.unwrap();
        let store = &self.house.database.store;
        assert!(match &outcome {
            Outcome::Done => store.finish_task(&task).await.unwrap(),
            Outcome::Again { at } => store.put_off_task(&task, *at, None).await.unwrap(),
            Outcome::Failed { problem, at } => {
                store.put_off_task(&task, at.unwrap_or(later(999)), Some(problem)).await.unwrap()
            }
        });
        Some(outcome)
    }

    fn shown_and_taken(&self) -> (usize, usize) {
        let refresh = &self.at.world().refresh;
        (refresh.shown, refresh.taken)
    }

    fn taken_and_revoked(&self) -> (usize, usize) {
        let refresh = &self.at.world().refresh;
        (refresh.taken, refresh.revoked.len())
    }

    /// Ends a session that the provider has refused, and lets go of its token.
    async fn let_go(&self, portal: &Portal, at: OffsetDateTime) {
        assert_eq!(self.work(portal, at).await, Some(Outcome::Again { at }));
        assert_eq!(self.work(portal, at).await, Some(Outcome::Done));
        assert_eq!(self.work(portal, at).await, None);
    }
}

#[tokio::test]
async fn changed_and_lost_groups_count_at_the_refresh_without_signing_in_anew() {
    let corp = Corp::refreshed().await;
    let bob = corp.browser().await;
    assert_eq!(corp.roles_of(&bob).await, [model::Role::Operator]);
    corp.at.person("bob", &["sales"]);
    assert_eq!(corp.work(&corp.portal, later(14)).await, None, "it is not due");
    let quarter = corp.elsewhere(|| later(15));
    assert_eq!(corp.work(&quarter, later(15)).await, Some(Outcome::Again { at: later(30) }));
    assert_eq!(corp.roles_of(&bob).await, [model::Role::Viewer]);
    assert!(corp.goes_on(&bob, || later(74)).await, "an hour from then on");
    assert!(!corp.goes_on(&bob, || later(75)).await);

    corp.at.person("bob", &[]);
    let half = corp.elsewhere(|| later(30));
    assert_eq!(corp.work(&half, later(30)).await, Some(Outcome::Again { at: later(45) }));
    assert!(corp.roles_of(&bob).await.is_empty() && corp.goes_on(&bob, || later(89)).await);
    assert_eq!(corp.count(AuditAction::GroupsMapped).await, 2);
    assert_eq!(corp.at.world().refresh.taken, 2);
}

#[tokio::test]
async fn no_session_is_refreshed_beyond_the_time_that_any_has() {
    let corp = Corp::refreshed().await;
    let bob = corp.browser().await;
    let sessions = corp.sessions(|| NOW);
    let mut record = sessions.load(&bob.id).await.unwrap().unwrap();
    record.expiry_date = NOW + Duration::days(2);
    sessions.save(&record).await.unwrap();
    let store = &corp.house.database.store;
    let task = corp.task(later(15)).await.unwrap();
    let id = task.key.parse().unwrap();
    assert!(store.prolong_session(id, later(15), NOW + Duration::hours(13)).await.unwrap());
    assert!(corp.goes_on(&bob, || later(12 * 60 - 1)).await && !corp.goes_on(&bob, || later(12 * 60)).await);
}

#[tokio::test]
async fn whom_the_provider_refuses_is_out() {
    for error in ["invalid_grant", "interaction_required", "access_denied"] {
        let corp = Corp::refreshed().await;
        let bob = corp.browser().await;
        let body: &'static str = format!("{{\"error\": \"{error}\"}}").leak();
        corp.at.world().refresh.refuses = Some((400, body));
        let portal = corp.elsewhere(|| later(15));
        corp.let_go(&portal, later(15)).await;
        assert!(!corp.goes_on(&bob, || later(15)).await, "{error}");
        assert_eq!(corp.count(AuditAction::SessionsEnded).await, 1);
        assert_eq!(corp.at.world().refresh.revoked, [FIRST]);
    }
}

#[tokio::test]
async fn who_is_somebody_else_at_the_provider_now_is_out() {
    for without_id_token in [false, true] {
        let corp = Corp::refreshed().await;
        let bob = corp.browser().await;
        corp.at.person("eve", &["operators", "sales"]);
        corp.at.world().user_info = json!({"sub": "eve", "groups": ["operators", "sales"]});
        corp.at.world().refresh.without_id_token = without_id_token;
        let portal = corp.elsewhere(|| later(15));
        corp.let_go(&portal, later(15)).await;
        assert!(!corp.goes_on(&bob, || later(15)).await);
        assert_eq!(corp.roles_of(&bob).await, [model::Role::Operator], "and gets nothing of hers");
    }
}

#[tokio::test]
async fn a_provider_that_is_away_or_not_believed_ends_nothing_before_the_hour_and_lengthens_nothing() {
    let corp = Corp::refreshed().await;
    let bob = corp.browser().await;
    corp.at.person("bob", &["sales"]);
    let portal = corp.elsewhere(|| later(15));
    let at = Some(later(16));
    let mut failed = 0;
    let mut fails = async |what: &Value| {
        let outcome = corp.work(&portal, later(15 + failed)).await;
        assert!(
            matches!(&outcome, Some(Outcome::Failed { at: again, .. }) if *again == at),
            "{what}: {outcome:?}"
        );
        failed = 1;
        assert_eq!(corp.roles_of(&bob).await, [model::Role::Operator], "{what}");
        assert!(corp.goes_on(&bob, || later(59)).await && !corp.goes_on(&bob, || later(60)).await, "{what}");
    };
    for refuses in [
        (503, "{}"),
        (500, "{\"error\": \"server_error\"}"),
        (400, "{\"error\": \"temporarily_unavailable\"}"),
        (401, "{\"error\": \"invalid_client\"}"),
        (200, "nothing that can be read"),
    ] {
        corp.at.world().refresh.refuses = Some(refuses);
        fails(&json!(refuses)).await;
    }
    corp.at.world().refresh.refuses = None;
    let now = later(15).unix_timestamp();
    for spoilt in [
        json!({"aud": "another"}),
        json!({"iss": "https://id.example.com"}),
        json!({"nonce": "another"}),
        json!({"exp": now - 61}),
        json!({"iat": now - 601}),
        json!({"groups": {"a": 1}}),
    ] {
        corp.at.world().spoilt = spoilt.clone();
        fails(&spoilt).await;
    }
    corp.at.world().spoilt = json!({});
    assert_eq!(corp.work(&portal, later(16)).await, Some(Outcome::Again { at: later(30) }));
    assert_eq!(corp.roles_of(&bob).await, [model::Role::Viewer], "and goes on where it left off");
}

#[tokio::test]
async fn a_session_that_was_not_refreshed_in_time_has_ended_and_its_token_is_revoked() {
    let corp = Corp::refreshed().await;
    let bob = corp.browser().await;
    let portal = corp.elsewhere(|| later(60));
    assert_eq!(corp.work(&portal, later(60)).await, Some(Outcome::Done));
    assert!(!corp.goes_on(&bob, || later(60)).await);
    assert_eq!(corp.taken_and_revoked(), (0, 1));
}

#[tokio::test]
async fn a_token_that_comes_for_another_takes_its_place_at_once() {
    let corp = Corp::refreshed().await;
    corp.at.world().refresh.rotates = true;
    let bob = corp.browser().await;
    // What comes with it is not believed, and the old one is used up.
    corp.at.world().spoilt = json!({"aud": "another"});
    let portal = corp.elsewhere(|| later(15));
    assert!(matches!(corp.work(&portal, later(15)).await, Some(Outcome::Failed { .. })));
    corp.at.world().spoilt = json!({});
    assert_eq!(corp.work(&portal, later(16)).await, Some(Outcome::Again { at: later(30) }));
    let portal = corp.elsewhere(|| later(30));
    assert_eq!(corp.work(&portal, later(30)).await, Some(Outcome::Again { at: later(45) }));
    assert_eq!(corp.shown_and_taken(), (3, 3));
    assert!(corp.goes_on(&bob, || later(89)).await);
}

#[tokio::test]
async fn of_two_processes_that_are_at_one_token_at_once_one_uses_it_and_the_session_goes_on() {
    let corp = Corp::refreshed().await;
    corp.at.world().refresh.rotates = true;
    let bob = corp.browser().await;
    let gate = Arc::new(Semaphore::new(0));
    corp.at.world().refresh.gate = Some(gate.clone());
    let (one, two) = (corp.elsewhere(|| later(15)), corp.elsewhere(|| later(15)));
    // The lease of the first was lost to the second while it was under way.
    let task = corp.task(later(15)).await.unwrap();
    let again = task.clone();
    let first = tokio::spawn(async move { one.refresh_session(&task).await });
    while corp.at.world().refresh.shown == 0 {
        tokio::task::yield_now().await;
    }
    let second = tokio::spawn(async move { two.refresh_session(&again).await });
    while lock_waiters(&corp.house.database.store).await == 0 {
        tokio::task::yield_now().await;
    }
    gate.add_permits(2);
    for done in [first, second] {
        assert_eq!(done.await.unwrap().unwrap(), Outcome::Again { at: later(30) });
    }
    assert_eq!(corp.shown_and_taken(), (1, 1));
    assert!(corp.goes_on(&bob, || later(74)).await);
}

#[tokio::test]
async fn however_a_session_ends_its_token_is_revoked_and_gone() {
    let corp = Corp::refreshed().await;
    let (store, admin) = (&corp.house.database.store, &corp.house.admin);
    let event = || NewAudit::done(Actor::default(), AuditAction::SessionsEnded);
    for (n, way) in
        ["sign out", "one", "others", "by an administrator", "disabled", "logout token", "deleted"]
            .into_iter()
            .enumerate()
    {
        let bob = corp.browser().await;
        match way {
            "sign out" => corp.sessions(|| NOW).delete(&bob.id).await.unwrap(),
            "one" => {
                let name = store::session_name(&bob.id);
                assert!(store.end_session(bob.user, &name, &event(), NOW).await.unwrap());
            }
            "others" => assert_eq!(store.end_other_sessions(bob.user, "", &event(), NOW).await.unwrap(), 1),
            "by an administrator" => drop(corp.portal.end_sessions_of_person(admin, bob.user).await.unwrap()),
            "disabled" => {
                corp.portal.set_person_disabled(admin, bob.user, true).await.unwrap();
                corp.portal.set_person_disabled(admin, bob.user, false).await.unwrap();
            }
            "logout token" => {
                let token = corp.at.logout_token(&json!({"sub": "bob"}));
                let from = Visitor::from("192.0.2.9");
                assert_eq!(corp.portal.log_out_by_provider("corp", &token, from).await.unwrap(), 1);
            }
            _ => corp.portal.delete_person(admin, bob.user).await.unwrap(),
        }
        let task = corp.task(NOW).await.unwrap();
        assert_eq!(corp.portal.refresh_session(&task).await.unwrap(), Outcome::Done, "{way}");
        assert!(store.finish_task(&task).await.unwrap());
        let id = task.key.parse().unwrap();
        assert!(store.refresh_token(id, NOW).await.unwrap().is_none(), "{way}");
        assert_eq!(corp.at.world().refresh.revoked.len(), n + 1, "{way}");
    }
}

#[tokio::test]
async fn a_token_is_not_revoked_while_another_session_goes_on_at_the_same_one_of_the_provider() {
    let corp = Corp::refreshed().await;
    let (one, two) = (corp.browser().await, corp.browser().await);
    corp.sessions(|| NOW).delete(&one.id).await.unwrap();
    assert_eq!(corp.work(&corp.portal, NOW).await, Some(Outcome::Done));
    assert!(corp.at.world().refresh.revoked.is_empty());
    corp.sessions(|| NOW).delete(&two.id).await.unwrap();
    assert_eq!(corp.work(&corp.portal, NOW).await, Some(Outcome::Done));
    assert_eq!(corp.at.world().refresh.revoked.len(), 1);
}

#[tokio::test]
async fn a_token_is_kept_sealed_with_its_session_where_sessions_are_refreshed_and_nowhere_else() {
    let corp = Corp::refreshed().await;
    let entry = corp.sign_in().await.unwrap();
    assert!(!format!("{entry:?}").contains("a refresh token"));
    let bob = corp.browser_of(&entry).await;
    let data = corp.sessions(|| NOW).load(&bob.id).await.unwrap().unwrap().data;
    assert!(!format!("{data:?}").contains("a refresh token"));
    let id = corp.task(later(15)).await.unwrap().key.parse().unwrap();
    let kept = corp.house.database.store.refresh_token(id, NOW).await.unwrap().unwrap();
    assert!(!String::from_utf8_lossy(&kept.sealed).contains("refresh token"));
    assert!(!format!("{kept:?}").contains("sealed"));

    corp.at.world().refresh.given = false;
    assert!(corp.sign_in().await.unwrap().refresh_token.is_none(), "the provider gives none");
    let short = Corp::start(MAPPED).await;
    short.at.world().refresh.given = true;
    assert!(short.sign_in().await.unwrap().refresh_token.is_none(), "the file says nothing of it");
}

#[tokio::test]
async fn a_provider_that_sends_no_id_token_for_a_refresh_is_asked_who_it_is() {
    let corp = Corp::refreshed().await;
    let bob = corp.browser().await;
    corp.at.world().refresh.without_id_token = true;
    corp.at.world().user_info = json!({"sub": "bob", "email": "bob@example.com", "groups": ["sales"]});
    let portal = corp.elsewhere(|| later(15));
    assert_eq!(corp.work(&portal, later(15)).await, Some(Outcome::Again { at: later(30) }));
    assert_eq!(corp.roles_of(&bob).await, [model::Role::Viewer]);
}

#[tokio::test]
async fn what_the_provider_wants_before_it_gives_a_token_is_sent() {
    let corp =
        Corp::start("[provider.refresh]\nparameters = { prompt = \"consent\", access_type = \"offline\" }\n")
            .await;
    let back = super::BACK;
    let purpose = portal::SignInPurpose::SignIn;
    let (_, address) = corp.portal.begin_at_provider("corp", purpose, back, "/".into()).await.unwrap();
    assert!(address.contains("prompt=consent") && address.contains("access_type=offline"), "{address}");
    let identity = store::Identity { issuer: corp.at.issuer.clone(), subject: "bob".into() };
    let purpose = portal::SignInPurpose::Confirm { identity };
    let (_, address) = corp.portal.begin_at_provider("corp", purpose, back, "/".into()).await.unwrap();
    assert!(address.contains("prompt=login+consent"), "{address}");
}
