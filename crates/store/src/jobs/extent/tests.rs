use std::collections::{BTreeMap, BTreeSet};

use model::{JobState, job::Job, organization::OrganizationFacts};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use time::{Date, Duration, macros::date};

use super::*;
use crate::{
    JobQuery,
    import::tests::node,
    jobs::tests::{NOW, job},
    testing::{TestDatabase, database},
};

const ROOT: &str = "r-ab12";
const OU: &str = "ou-ab12-aaaaaaaa";
const INNER: &str = "ou-ab12-bbbbbbbb";
const OTHER: &str = "ou-ab12-cccccccc";
const ONE: &str = "111111111111";
const TWO: &str = "222222222222";
const THREE: &str = "333333333333";
/// Not in the organization.
const GONE: &str = "999999999999";

/// Imports an organization of these nodes, each with its parent.
async fn import(db: &TestDatabase, nodes: &[(&str, Option<&str>)]) {
    let import = db.store.begin_import(NOW).await.unwrap().id;
    let facts = OrganizationFacts {
        id: "o-abc".into(),
        arn: String::new(),
        management_account: ONE.parse().unwrap(),
        all_features: true,
    };
    db.store.stage_facts(import, &facts, Some(true)).await.unwrap();
    let nodes: Vec<_> = nodes.iter().map(|(id, parent)| node(id, *parent)).collect();
    db.store.stage_nodes(import, &nodes).await.unwrap();
    db.store.promote(import, NOW).await.unwrap();
}

/// Root ── OU ── Inner ── 1; OU ── 2; Other ── 3.
const TREE: [(&str, Option<&str>); 7] = [
    (ROOT, None),
    (OU, Some(ROOT)),
    (INNER, Some(OU)),
    (OTHER, Some(ROOT)),
    (ONE, Some(INNER)),
    (TWO, Some(OU)),
    (THREE, Some(OTHER)),
];

/// The tree with another place for an account, or without it.
fn tree_with(account: &str, parent: Option<&'static str>) -> Vec<(&'static str, Option<&'static str>)> {
    let others = TREE.into_iter().filter(|(id, _)| *id != account);
    let moved = TREE.into_iter().find(|(id, _)| *id == account && parent.is_some());
    others.chain(moved.map(|(id, _)| (id, parent))).collect()
}

fn within(places: &[&str]) -> Extent {
    Extent::Within(places.iter().map(|id| id.parse().unwrap()).collect())
}

fn job_of(n: u32, account: &str) -> Job {
    Job { account: account.parse().unwrap(), ..job(n) }
}

/// The numbers of the jobs, and that as many are counted.
async fn found(db: &TestDatabase, extent: Extent) -> Vec<u32> {
    let query = JobQuery { extent, size: 100, ..JobQuery::default() };
    let page = db.store.jobs(&query).await.unwrap();
    let counted: u64 = db.store.count_by_state(&query).await.unwrap().iter().map(|(_, n)| n.count).sum();
    assert_eq!((page.total.count, counted), (page.rows.len() as u64, page.rows.len() as u64), "{query:?}");
    page.rows.iter().map(|row| row.id[4..].parse().unwrap()).collect()
}

async fn one_job_each(db: &TestDatabase) {
    let jobs = [(1, ONE), (2, TWO), (3, THREE), (9, GONE)].map(|(n, account)| job_of(n, account));
    db.store.upsert_jobs(&jobs, NOW).await.unwrap();
}

#[tokio::test]
async fn jobs_of_a_place_are_those_of_the_accounts_at_and_below_it() {
    let db = database().await;
    import(&db, &TREE).await;
    one_job_each(&db).await;
    assert_eq!(found(&db, Extent::All).await, [1, 2, 3, 9]);
    for (places, expected) in [
        (&[ROOT][..], &[1, 2, 3][..]),
        (&[OU], &[1, 2]),
        (&[INNER], &[1]),
        (&[ONE], &[1]),
        (&[INNER, OTHER], &[1, 3]),
        (&[OU, INNER, ONE], &[1, 2]),
        (&["ou-ab12-zzzzzzzz"], &[]),
        (&[], &[]),
        // Of an account that left, only who asks for all or for it by name finds them.
        (&[GONE], &[]),
    ] {
        assert_eq!(found(&db, within(places)).await, expected, "{places:?}");
    }
    let named =
        |extent| JobQuery { accounts: vec![GONE.parse().unwrap()], extent, size: 10, ..JobQuery::default() };
    assert_eq!(db.store.jobs(&named(Extent::All)).await.unwrap().rows.len(), 1);
    assert_eq!(db.store.jobs(&named(within(&[ROOT]))).await.unwrap().rows.len(), 0);
    let both = JobQuery {
        accounts: vec![ONE.parse().unwrap()],
        extent: within(&[OU]),
        size: 10,
        ..JobQuery::default()
    };
    assert_eq!(db.store.jobs(&both).await.unwrap().rows[0].id, "job-0001");
}

#[tokio::test]
async fn jobs_follow_an_account_that_moves_and_leave_every_ou_with_one_that_goes() {
    let db = database().await;
    import(&db, &TREE).await;
    one_job_each(&db).await;
    let below = async || [found(&db, within(&[OU])).await, found(&db, within(&[OTHER])).await];
    assert_eq!(below().await, [vec![1, 2], vec![3]]);
    import(&db, &tree_with(ONE, Some(OTHER))).await;
    assert_eq!(below().await, [vec![2], vec![1, 3]]);
    import(&db, &tree_with(ONE, None)).await;
    assert_eq!(below().await, [vec![2], vec![3]]);
    assert_eq!(found(&db, Extent::All).await, [1, 2, 3, 9]);
    // An OU that moves takes its accounts along.
    import(&db, &tree_with(INNER, Some(OTHER))).await;
    assert_eq!(below().await, [vec![2], vec![1, 3]]);
}

#[tokio::test]
async fn ancestors_are_those_of_the_tree_after_any_change_of_it() {
    let db = database().await;
    let mut random = StdRng::seed_from_u64(11);
    for turn in 0..12 {
        let ous: Vec<String> = (0..6).map(|n| format!("ou-ab12-{n:08}")).collect();
        let mut parents: BTreeMap<String, String> = BTreeMap::new();
        for (n, ou) in ous.iter().enumerate() {
            // Below the root or an OU that stands earlier: no circles.
            let above = ous[..n].choose(&mut random).filter(|_| n % 3 != 0);
            parents.insert(ou.clone(), above.cloned().unwrap_or_else(|| ROOT.to_owned()));
        }
        for account in 0..random.random_range(1..30) {
            parents.insert(format!("{account:012}"), ous.choose(&mut random).unwrap().clone());
        }
        let nodes: Vec<_> = parents.iter().map(|(id, parent)| (id.as_str(), Some(parent.as_str()))).collect();
        import(&db, &[&nodes[..], &[(ROOT, None)]].concat()).await;
        let expected: BTreeSet<(String, String)> = parents
            .keys()
            .filter(|id| id.len() == 12)
            .flat_map(|id| {
                let way = std::iter::successors(Some(id.clone()), |at| parents.get(at).cloned());
                way.map(|ancestor| (id.clone(), ancestor))
            })
            .collect();
        let rows: Vec<(String, String)> = sqlx::query_as("SELECT account, ancestor FROM account_ancestors")
            .fetch_all(&db.store.pool)
            .await
            .unwrap();
        assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), expected, "turn {turn}");
    }
}

#[tokio::test]
async fn the_migration_finds_the_ancestors_of_what_is_there_already() {
    const MIGRATION: &str =
        include_str!("../../../../../migrations/20261127093000_create_account_ancestors.sql");
    let db = database().await;
    import(&db, &TREE).await;
    one_job_each(&db).await;
    sqlx::query("DELETE FROM account_ancestors").execute(&db.store.pool).await.unwrap();
    assert!(found(&db, within(&[ROOT])).await.is_empty());
    let fill: &str = &MIGRATION[MIGRATION.find("INSERT INTO").unwrap()..];
    sqlx::query(fill).execute(&db.store.pool).await.unwrap();
    assert_eq!(found(&db, within(&[ROOT])).await, [1, 2, 3]);
    assert_eq!(found(&db, within(&[OU])).await, [1, 2]);
}

/// More accounts in the OU than are looked up one by one.
#[tokio::test]
async fn jobs_of_a_large_ou_are_found_and_counted_as_those_of_a_small_one() {
    let db = database().await;
    let large: Vec<String> = (1..=300).map(|n| format!("{n:012}")).collect();
    let mut nodes = TREE.to_vec();
    nodes.extend(large.iter().map(|id| (id.as_str(), Some(OU))));
    import(&db, &nodes).await;
    let jobs: Vec<Job> = (0..60)
        .map(|n| {
            let account = if n % 3 == 0 { THREE } else { &large[n as usize * 4] };
            let created_at = NOW - Duration::days(i64::from(n) * 2);
            let state = if n % 5 == 0 { JobState::Failed } else { JobState::Completed };
            Job { created_at, state, ..job_of(n, account) }
        })
        .collect();
    db.store.upsert_jobs(&jobs, NOW).await.unwrap();
    let expected = |other: bool| (0..60).filter(|n| (n % 3 == 0) == other).collect::<Vec<u32>>();
    assert_eq!(found(&db, within(&[OU])).await, expected(false));
    assert_eq!(found(&db, within(&[OTHER])).await, expected(true));
    let failed =
        JobQuery { extent: within(&[OU]), states: vec![JobState::Failed], size: 100, ..JobQuery::default() };
    let rows = db.store.jobs(&failed).await.unwrap().rows;
    assert_eq!(rows.len(), expected(false).iter().filter(|n| **n % 5 == 0).count());
}

#[tokio::test]
async fn figures_of_parts_add_up_to_those_of_the_whole() {
    let db = database().await;
    import(&db, &TREE).await;
    let jobs: Vec<Job> = (0..40u32)
        .map(|n| Job {
            state: [JobState::Completed, JobState::Failed, JobState::Partial][n as usize % 3],
            message_category: Some(["KMS", "AccessDenied"][n as usize % 2].to_owned()),
            message: Some(format!("of {}", [ONE, TWO, THREE][n as usize % 3])),
            created_at: NOW - Duration::hours(i64::from(n) * 3),
            ..job_of(n, [ONE, TWO, THREE][n as usize % 3])
        })
        .collect();
    db.store.upsert_jobs(&jobs, NOW).await.unwrap();
    let (from, to): (Date, Date) = (date!(2026 - 11 - 15), date!(2026 - 11 - 20));
    let days = async |extent: Extent| -> Vec<[u64; 3]> {
        let days = db.store.days_of_jobs(&extent, from, to).await.unwrap();
        assert_eq!(days.len(), 6);
        days.iter().map(|day| [day.completed, day.with_issues, day.failed]).collect()
    };
    let (all, one, rest) =
        (days(Extent::All).await, days(within(&[INNER])).await, days(within(&[TWO, OTHER])).await);
    for ((all, one), rest) in all.iter().zip(&one).zip(&rest) {
        assert_eq!(*all, [0, 1, 2].map(|n| one[n] + rest[n]));
    }
    assert!(one.iter().all(|[_, with_issues, failed]| (*with_issues, *failed) == (0, 0)));
    let since = async |extent: Extent| {
        db.store.jobs_between(&extent, NOW - Duration::DAY, NOW + Duration::DAY).await.unwrap()
    };
    assert_eq!((since(Extent::All).await.failed, since(within(&[OU])).await.failed), (3, 3));
    assert_eq!(since(within(&[INNER])).await.failed, 0);
    let causes = async |extent: Extent| {
        let causes = db.store.causes(&extent, NOW - Duration::days(9), 5).await.unwrap();
        causes.iter().map(|c| (c.category.clone(), c.jobs, c.accounts, c.example.clone())).collect::<Vec<_>>()
    };
    let of = |category: &str, jobs, account: &str| (category.to_owned(), jobs, 1, format!("of {account}"));
    assert_eq!(causes(within(&[OU])).await, [of("AccessDenied", 7, TWO), of("KMS", 6, TWO)]);
    assert_eq!(causes(within(&[OTHER])).await, []);
}

#[tokio::test]
async fn choices_of_a_part_are_what_its_jobs_have() {
    let db = database().await;
    import(&db, &TREE).await;
    let rds = Job {
        region: "us-east-1".into(),
        resource_type: Some("RDS".into()),
        vault: Some("Secret".into()),
        state: JobState::Failed,
        message_category: Some("KMS".into()),
        ..job_of(3, THREE)
    };
    let untyped = Job { resource_type: None, vault: None, ..job_of(4, TWO) };
    db.store.upsert_jobs(&[job_of(1, ONE), job_of(2, TWO), rds, untyped], NOW).await.unwrap();
    let below_ou = db.store.job_choices(&within(&[OU])).await.unwrap();
    assert_eq!(
        (below_ou.regions, below_ou.resource_types),
        (vec!["eu-west-1".to_owned()], vec!["EBS".to_owned()])
    );
    assert_eq!((below_ou.vaults, below_ou.categories), (vec!["Default".to_owned()], Vec::new()));
    let other = db.store.job_choices(&within(&[OTHER])).await.unwrap();
    let all = db.store.job_choices(&Extent::All).await.unwrap();
    assert_eq!((other.vaults, other.categories), (vec!["Secret".to_owned()], vec!["KMS".to_owned()]));
    assert_eq!(all.vaults, ["Default", "Secret"]);
}
