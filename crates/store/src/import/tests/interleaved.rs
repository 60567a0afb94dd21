//! Imports among changes of the portal and of others, in an order that a seed decides.

use std::collections::{BTreeMap, BTreeSet};

use model::event::EventFilter;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use super::*;

const PLACES: [&str; 3] = [ROOT, OU, ACCOUNT];

/// Texts and targets, as AWS has them.
type There = BTreeMap<u32, (String, BTreeSet<&'static str>)>;

/// What the import does next.
#[derive(Clone, Copy, PartialEq)]
enum Step {
    Begin,
    List,
    Read,
    Carry,
    Promote,
}

struct World {
    db: TestDatabase,
    random: StdRng,
    aws: There,
    step: Step,
    made: u32,
    minute: i64,
    /// Each text is another.
    texts: u32,
}

impl World {
    async fn new(seed: u64) -> Self {
        let db = database().await;
        let aws = (1..=4).map(|n| (n, ("{}".to_owned(), BTreeSet::from([PLACES[n as usize % 3]])))).collect();
        let policies: Vec<(u32, &[&str])> =
            (1..=4).map(|n| (n, std::slice::from_ref(&PLACES[n as usize % 3]))).collect();
        imported(&db, &policies, NOW).await;
        Self { db, random: StdRng::seed_from_u64(seed), aws, step: Step::Begin, made: 4, minute: 0, texts: 0 }
    }

    fn now(&self) -> OffsetDateTime {
        NOW + Duration::minutes(self.minute)
    }

    /// A change in AWS, which the portal notes where it is its own.
    async fn change(&mut self, ours: bool) {
        let store = self.db.store.clone();
        let known: Vec<u32> = self.aws.keys().copied().collect();
        let n = known.choose(&mut self.random).copied().unwrap_or_default();
        let place = *PLACES.choose(&mut self.random).unwrap();
        // The portal changes none that it does not know.
        let ours = ours && self.here().await.contains_key(&n);
        self.texts += 1;
        let text = format!("{{\"{}\":{}}}", if ours { "ours" } else { "theirs" }, self.texts);
        match self.random.random_range(0..6) {
            0 => {
                self.made += 1;
                self.aws.insert(self.made, (text.clone(), BTreeSet::new()));
                if ours {
                    store.put_policy(&policy(self.made, &text), self.now()).await.unwrap();
                }
            }
            1 if known.len() > 2 => {
                self.aws.remove(&n);
                if ours {
                    store.remove_policy(&id(n)).await.unwrap();
                }
            }
            2 => {
                self.aws.entry(n).and_modify(|there| there.0.clone_from(&text));
                if ours {
                    store.put_policy(&policy(n, &text), self.now()).await.unwrap();
                }
            }
            3 | 4 => {
                self.aws.entry(n).and_modify(|there| {
                    there.1.insert(place);
                });
                if ours {
                    store.put_attachment(&id(n), &target(place)).await.unwrap();
                }
            }
            _ => {
                self.aws.entry(n).and_modify(|there| {
                    there.1.remove(place);
                });
                if ours {
                    store.remove_attachment(&id(n), &target(place)).await.unwrap();
                }
            }
        }
    }

    /// The next step of the import; what it has asked of AWS is staged after `meanwhile` changes.
    async fn import(&mut self, meanwhile: usize, ours: bool) {
        // Also after an interruption.
        let import = self.db.store.begin_import(self.now()).await.unwrap().id;
        let (read, due) = (self.aws.clone(), self.due(import).await);
        for _ in 0..meanwhile {
            self.change(ours).await;
        }
        let store = &self.db.store;
        self.step = match self.step {
            Step::Begin => {
                store.stage_facts(import, &facts(), Some(true)).await.unwrap();
                let nodes = [node(ROOT, None), node(OU, Some(ROOT)), node(ACCOUNT, Some(OU))];
                store.stage_nodes(import, &nodes).await.unwrap();
                Step::List
            }
            Step::List => {
                let heads: Vec<_> = read.keys().map(|n| policy(*n, "")).collect();
                store.stage_policies(import, &heads).await.unwrap();
                Step::Read
            }
            Step::Read => self.read(import, &read, due).await,
            Step::Carry => {
                store.carry_policies(import).await.unwrap();
                Step::Promote
            }
            Step::Promote => {
                match store.promote(import, self.now()).await {
                    Ok(()) => self.minute += 10,
                    // What the portal attached while others deleted it; it is read again.
                    Err(StoreError::Inconsistent { .. }) => (),
                    Err(error) => panic!("{error}"),
                }
                Step::Begin
            }
        };
    }

    /// Texts and targets that are due.
    async fn due(&self, import: i64) -> [Vec<DuePolicy>; 2] {
        let since = Some(self.now() - Duration::HOUR);
        let texts = self.db.store.staged_texts_due(import, since).await.unwrap();
        [texts, self.db.store.staged_targets_due(import, since).await.unwrap()]
    }

    /// Stages what must be read, and some of the rest.
    async fn read(&mut self, import: i64, read: &There, [texts, targets]: [Vec<DuePolicy>; 2]) -> Step {
        let store = self.db.store.clone();
        let enough = self.random.random_bool(0.3);
        let number = |due: &DuePolicy| due.policy.as_str()[2..].parse::<u32>().unwrap();
        if let Some(due) = texts.iter().find(|due| due.must || !enough) {
            match read.get(&number(due)) {
                Some((text, _)) => store.stage_text(import, &policy(number(due), text)).await.unwrap(),
                None => store.unstage_policy(import, &due.policy).await.unwrap(),
            }
        }
        if let Some(due) = targets.iter().find(|due| due.must || !enough) {
            match read.get(&number(due)) {
                Some((_, places)) => {
                    let places: Vec<TargetId> = places.iter().map(|place| target(place)).collect();
                    store.stage_attachments(import, &due.policy, &places).await.unwrap();
                }
                None => store.unstage_policy(import, &due.policy).await.unwrap(),
            }
        }
        let must = texts.iter().chain(&targets).filter(|due| due.must).count();
        if must == 0 && (enough || texts.is_empty() && targets.is_empty()) { Step::Carry } else { Step::Read }
    }

    /// What readers see.
    async fn here(&self) -> There {
        let snapshot = self.db.store.load_snapshot().await.unwrap();
        let attached = attached(&snapshot);
        let places = |n: u32| {
            let on = |place: &&str| attached.iter().any(|(target, policy)| target == place && *policy == n);
            PLACES.into_iter().filter(on).collect()
        };
        let entry = |p: &crate::StoredPolicy| {
            let n = p.record.id.as_str()[2..].parse().unwrap();
            (n, (p.record.content.clone(), places(n)))
        };
        snapshot.policies.iter().map(entry).collect()
    }

    async fn events(&self) -> u64 {
        self.db.store.events(&EventFilter::default(), &crate::Visible::All).await.unwrap().total.count
    }
}

#[tokio::test]
async fn what_the_portal_alone_changes_is_never_undone_nor_told_whatever_an_import_does_meanwhile() {
    for seed in 0..4 {
        let mut world = World::new(seed).await;
        for turn in 0..100 {
            let meanwhile = world.random.random_range(0..3);
            world.import(meanwhile, true).await;
            assert_eq!(world.here().await, world.aws, "seed {seed}, turn {turn}");
        }
        assert!(world.minute > 0, "no import came to its end");
        assert_eq!(world.events().await, 0, "seed {seed}");
    }
}

#[tokio::test]
async fn what_others_change_while_an_import_reads_is_there_when_all_was_read_again() {
    for seed in 100..104 {
        let mut world = World::new(seed).await;
        for _ in 0..80 {
            let (meanwhile, ours) = (world.random.random_range(0..3), world.random.random_bool(0.6));
            world.import(meanwhile, ours).await;
        }
        while world.step != Step::Begin {
            world.import(0, true).await;
        }
        // So long after that everything must be read.
        world.minute += 61;
        world.import(0, true).await;
        while world.step != Step::Begin {
            world.import(0, true).await;
        }
        assert_eq!(world.here().await, world.aws, "seed {seed}");
        let told: Vec<String> = sqlx::query_scalar("SELECT after FROM events WHERE after IS NOT NULL")
            .fetch_all(&world.db.store.pool)
            .await
            .unwrap();
        assert!(told.iter().all(|text| text.contains("theirs")), "seed {seed}: invented in {told:?}");
        assert_eq!(
            told.iter().collect::<BTreeSet<_>>().len(),
            told.len(),
            "seed {seed}: doubled in {told:?}"
        );
        for (text, _) in world.aws.values().filter(|(text, _)| text.contains("theirs")) {
            assert!(told.contains(text), "seed {seed}: {text} is not in {told:?}");
        }
    }
}
