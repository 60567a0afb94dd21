//! A whole portal for a test: the real Postgres, the simulator behind real HTTP, one sync done.

use std::sync::Arc;

use model::{JobKind, JobState, change::ChangeSet, job::Job};
use portal::{
    Caller, Clock, NewAdministrator, Parts, Portal, RUN_CHANGE_SET, SETTLE_STEP, sync, tasks::Outcome,
};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use simulator::proxy::Proxy;
use store::{Store, SyncPart, testing::TestDatabase};
use time::{OffsetDateTime, macros::datetime};
use tokio_util::sync::CancellationToken;

/// The fixed present of these tests.
pub const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);
pub const EMAIL: &str = "ada@example.com";
pub const PASSWORD: &str = "a long enough phrase 7";
pub const REGIONS: [&str; 3] = ["eu-central-1", "eu-west-1", "us-east-1"];

/// The name of the portal's own session at AWS.
pub const SESSION: &str = "holdfast";

pub struct House {
    pub portal: Portal,
    pub admin: Caller,
    pub database: TestDatabase,
    pub aws: aws::Aws,
    pub simulator: simulator::Simulator,
    pub endpoint: String,
    pub http: reqwest::Client,
}

impl House {
    /// Everything, with the demo organization read once.
    pub async fn with_organization() -> Self {
        let house = Self::empty().await;
        house.read(SyncPart::Organization).await;
        house
    }

    /// Everything, with the demo organization and its jobs read once. Takes a while.
    pub async fn with_jobs() -> Self {
        let house = Self::with_organization().await;
        house.read(SyncPart::Jobs).await;
        house
    }

    /// Everything, with nothing read from AWS yet.
    pub async fn empty() -> Self {
        let clock: simulator::Clock = Arc::new(|| NOW);
        let options =
            simulator::Options { effective_delay: time::Duration::ZERO, ..simulator::Options::demo(clock) };
        let simulator = simulator::Simulator::new(options).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = simulator.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let http = reqwest::Client::new();
        let database = store::testing::database().await;
        let aws = connect(&endpoint, &management(&http, &endpoint).await).await;
        let portal = portal(&database, aws.clone());
        let admin = administrator(&portal).await;
        Self { portal, admin, database, aws, simulator, endpoint, http }
    }

    /// Reads a part from AWS into the store.
    pub async fn read(&self, part: SyncPart) {
        read(&self.database.store, self.aws.clone(), part).await;
    }

    /// Carries out a change set that waits in the queue, as a worker does; answers how it stands then.
    pub async fn carry_out(&self, change: ChangeSet) -> ChangeSet {
        self.carry_out_with(&self.portal, change).await
    }

    /// The same by another portal.
    pub async fn carry_out_with(&self, portal: &Portal, change: ChangeSet) -> ChangeSet {
        let store = &self.database.store;
        let until = NOW + time::Duration::minutes(1);
        let task = store.take_task(&[RUN_CHANGE_SET], NOW, until).await.unwrap().unwrap();
        assert_eq!(task.key, change.id.to_string());
        let end = portal.run_change_set(&task, &CancellationToken::new()).await.unwrap();
        assert_eq!(end, Outcome::Done);
        assert!(store.finish_task(&task).await.unwrap());
        self.portal.change(&self.admin, change.id).await.unwrap()
    }

    /// Looks what became of a step whose look waits in the queue, as a worker does at a moment; answers whether that is known
    /// now.
    pub async fn settle(&self, portal: &Portal, at: OffsetDateTime) -> bool {
        let store = &self.database.store;
        let until = at + time::Duration::minutes(1);
        let task = store.take_task(&[SETTLE_STEP], at, until).await.unwrap().unwrap();
        match portal.settle_step(&task).await.unwrap() {
            Outcome::Done => store.finish_task(&task).await.unwrap(),
            Outcome::Again { at } => {
                store.put_off_task(&task, at, None).await.unwrap();
                false
            }
            other => panic!("{other:?}"),
        }
    }

    /// Another portal on the same database, behind a proxy that can spoil what AWS answers, at some other time.
    pub async fn behind_proxy(&self, clock: Clock) -> (Portal, Proxy) {
        let proxy = Proxy::start(&self.endpoint).await.unwrap();
        let aws = connect(&proxy.url(), &management(&self.http, &self.endpoint).await).await;
        (portal_on(&self.database.store, aws, clock), proxy)
    }

    /// A portal and its administrator on another database, which has read the organization through a proxy.
    pub async fn elsewhere(&self, store: &Store) -> (Portal, Caller, Proxy) {
        let proxy = Proxy::start(&self.endpoint).await.unwrap();
        let aws = connect(&proxy.url(), &management(&self.http, &self.endpoint).await).await;
        let portal = portal_on(store, aws.clone(), || NOW);
        let admin = administrator(&portal).await;
        read(store, aws, SyncPart::Organization).await;
        (portal, admin, proxy)
    }

    /// Ends all that was made to go wrong.
    pub async fn heal(&self) {
        self.http.delete(format!("{}/_control/faults", self.endpoint)).send().await.unwrap();
    }

    /// Another portal on the same database, which speaks as another account of the organization.
    pub async fn portal_of(&self, account: &str) -> Portal {
        portal(&self.database, connect(&self.endpoint, account).await)
    }

    /// Leaves the organization with nothing but consolidated billing.
    pub async fn take_all_features(&self) {
        let features = json!({"FeatureSet": "CONSOLIDATED_BILLING"});
        self.http.put(format!("{}/_control/features", self.endpoint)).json(&features).send().await.unwrap();
    }

    /// Moves AWS's clock this far from the test's.
    pub async fn move_clock(&self, seconds: i64) {
        let clock = json!({"offset": seconds});
        self.http.put(format!("{}/_control/clock", self.endpoint)).json(&clock).send().await.unwrap();
    }

    /// Makes AWS misbehave: `kind` is throttle, deny, stall, error500 or drop.
    pub async fn fault(&self, kind: &str, operation: &str) {
        let fault = json!({"kind": kind, "operation": operation, "delay": 10_000});
        self.http.post(format!("{}/_control/faults", self.endpoint)).json(&fault).send().await.unwrap();
    }

    /// Somebody with this role.
    pub async fn person(&self, role: model::Role) -> Caller {
        let user = store::testing::person(&format!("{}@example.com", role.as_str()), role);
        let id = self.database.store.create_user(user, NOW).await.unwrap();
        self.portal.caller(id, portal::Origin::default(), Some(NOW)).await.unwrap().unwrap()
    }
}

/// A backup job that went well.
pub fn job() -> Job {
    Job {
        kind: JobKind::Backup,
        id: "job-1".into(),
        account: "111111111111".parse().unwrap(),
        region: REGIONS[0].into(),
        state: JobState::Completed,
        message: None,
        message_category: None,
        resource_type: None,
        resource_arn: None,
        resource_name: None,
        vault: None,
        vault_arn: None,
        source_vault_arn: None,
        recovery_point_arn: None,
        created_resource_arn: None,
        role_arn: None,
        plan_id: None,
        plan_name: None,
        rule_id: None,
        rule_name: None,
        policy_made: false,
        planned: Some(false),
        restore_testing_plan: None,
        created_by_job_id: None,
        parent_job_id: None,
        is_parent: false,
        size: None,
        percent: None,
        created_at: NOW,
        completed_at: None,
        start_by: None,
    }
}

/// The way to AWS by a role in an account.
pub async fn connect(endpoint: &str, account: &str) -> aws::Aws {
    let mut options = aws::Options::simulated(endpoint, aws::Rates::Off);
    options.attempt_timeout = std::time::Duration::from_secs(2);
    options.deadline = std::time::Duration::from_secs(4);
    let arn = format!("arn:aws:iam::{account}:role/Holdfast");
    options.role = Some(aws::RoleToAssume { arn, external_id: None, session_name: SESSION.to_owned() });
    aws::Aws::connect(options).await.unwrap()
}

fn portal(database: &TestDatabase, aws: aws::Aws) -> Portal {
    portal_on(&database.store, aws, || NOW)
}

pub fn portal_on(store: &Store, aws: aws::Aws, clock: Clock) -> Portal {
    portal_with(store, aws, clock, portal::Providers::default())
}

/// The same with identity providers.
pub fn portal_with(store: &Store, aws: aws::Aws, clock: Clock, providers: portal::Providers) -> Portal {
    let (handle, _) = sync::channel();
    Portal::new(Parts {
        store: store.clone(),
        aws,
        clock,
        random: Box::new(StdRng::seed_from_u64(7)),
        simulated: true,
        regions: REGIONS.map(str::to_owned).to_vec(),
        sync: handle,
        providers,
    })
}

async fn administrator(portal: &Portal) -> Caller {
    let token = portal.welcome_token().await.unwrap().unwrap();
    let new = NewAdministrator { token, email: EMAIL.into(), name: "Ada".into(), password: PASSWORD.into() };
    portal.create_first_administrator(new).await.unwrap()
}

async fn read(store: &Store, aws: aws::Aws, part: SyncPart) {
    let regions = REGIONS.map(str::to_owned).to_vec();
    let (_, wake) = sync::channel();
    let sync = sync::Sync::new(store.clone(), aws, || NOW, regions, wake, sync::Options::default());
    sync.read_once(part).await.unwrap();
}

/// The account that manages the simulated organization.
pub async fn management(http: &reqwest::Client, endpoint: &str) -> String {
    let about = http.get(format!("{endpoint}/_control")).send().await.unwrap();
    let about: serde_json::Value = about.json().await.unwrap();
    about["management"].as_str().unwrap().to_owned()
}
