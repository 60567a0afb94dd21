//! Whatever steps of change sets are open: what they do themselves is not told, and all else is.

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use super::*;

const ROUNDS: i64 = 40;
const TEXTS: [&str; 3] = ["{}", "{\"plans\":{}}", "{ }"];
const NAMES: [&str; 2] = ["Daily", "Weekly"];
const TARGETS: [&str; 3] = [ROOT, OU, ACCOUNT];

/// A difference, as far as a step may explain it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
struct Found {
    kind: String,
    subject: String,
    subject_name: String,
    target: String,
    after: Option<String>,
}

/// What AWS shows.
struct World {
    read: Read,
    settings: BTreeMap<String, String>,
}

impl World {
    fn random(rng: &mut StdRng) -> Self {
        let mut read = Read { policy_type: Some(rng.random()), policies: Vec::new(), ..first() };
        for n in 1..=4 {
            if rng.random_bool(0.2) {
                continue;
            }
            let record = model::organization::PolicyRecord {
                name: (*NAMES.choose(rng).unwrap()).into(),
                description: (*NAMES.choose(rng).unwrap()).into(),
                ..policy(n, TEXTS.choose(rng).unwrap())
            };
            let targets = TARGETS.into_iter().filter(|_| rng.random()).collect();
            read.policies.push((record, targets));
        }
        let on_or_off = |rng: &mut StdRng| if rng.random() { "on" } else { "off" }.to_owned();
        let settings = ["one", "two"].map(|name| (name.to_owned(), on_or_off(rng)));
        Self { read, settings: settings.into() }
    }

    /// Reads it; answers what is told of it.
    async fn seen(&self, db: &TestDatabase, at: OffsetDateTime) -> Vec<Found> {
        let sql = "SELECT coalesce(max(event_id), 0) FROM events";
        let last: i64 = sqlx::query_scalar(sql).fetch_one(&db.store.pool).await.unwrap();
        let known = db.store.seen_settings().await.unwrap().remove("area");
        let was = |name| known.as_ref().and_then(|known| known.settings.get(name));
        let changed = self.settings.iter().filter(|(name, value)| was(*name) != Some(*value));
        let changed: Vec<_> = changed
            .map(|(name, value)| ChangedSetting {
                kind: EventKind::SwitchTurned,
                subject: name.clone(),
                subject_name: String::new(),
                before: None,
                after: Some(value.clone()),
            })
            .collect();
        db.store.see_settings("area", &self.settings, known.as_ref(), &changed, at).await.unwrap();
        import(db, &self.read, at).await;
        let sql = "SELECT * FROM events WHERE event_id > $1 ORDER BY event_id";
        sqlx::query_as(sql).bind(last).fetch_all(&db.store.pool).await.unwrap()
    }
}

impl Found {
    /// The effect of a step that did just this, or, more often, something like it.
    fn nearly(&self, rng: &mut StdRng) -> Effect {
        let Self { kind, subject, subject_name, target, after } = self.clone();
        let created = kind == EventKind::PolicyCreated.as_str();
        let mut effect = Effect {
            kind,
            subject: (!created).then_some(subject),
            subject_name: created.then_some(subject_name),
            target: Some(target),
            after,
        };
        match rng.random_range(0..12) {
            0 if !created => effect.subject = Some(id(rng.random_range(1..6)).to_string()),
            1 => effect.subject_name = Some((*NAMES.choose(rng).unwrap()).into()),
            2 | 3 => effect.target = Some((*TARGETS.choose(rng).unwrap()).into()),
            4 | 5 => effect.after = Some((*TEXTS.choose(rng).unwrap()).into()),
            6 | 7 => effect.kind = EventKind::TABLE.choose(rng).unwrap().1.into(),
            8 => effect.after = None,
            _ => (),
        }
        effect
    }

    fn is_explained_by(&self, effect: &Effect) -> bool {
        let same = |wanted: &Option<String>, found: &String| wanted.as_ref().is_none_or(|w| w == found);
        effect.kind == self.kind
            && same(&effect.subject, &self.subject)
            && same(&effect.subject_name, &self.subject_name)
            && same(&effect.target, &self.target)
            && (effect.after.is_none() || effect.after == self.after)
    }
}

/// Takes a step as far as chance has it. Whether it is open then: others must not be told of what it does.
async fn take(db: &TestDatabase, effect: &Effect, rng: &mut StdRng) -> (StepRow, bool) {
    let step = sent(db, any_kind(), std::slice::from_ref(effect)).await;
    match rng.random_range(0..6) {
        0 | 1 => (),
        2 => end(db, &step, StepState::Unknown).await,
        3 => end(db, &step, StepState::Done).await,
        4 => {
            end(db, &step, StepState::Done).await;
            db.store.step_refreshed(&step).await.unwrap();
            return (step, false);
        }
        _ => {
            end(db, &step, StepState::Failed).await;
            return (step, false);
        }
    }
    (step, true)
}

#[tokio::test]
async fn an_open_step_hides_what_it_does_itself_and_nothing_of_another_subject_target_or_text() {
    // In the first nobody uses Holdfast, so that all is told.
    let (control, db) = (database().await, database().await);
    let mut rng = StdRng::seed_from_u64(20_261_127);
    let (mut hidden, mut vain) = (0, 0);
    for round in 0..ROUNDS {
        let (world, at) = (World::random(&mut rng), NOW + Duration::minutes(round));
        let found = world.seen(&control, at).await;
        let (mut steps, mut open) = (Vec::new(), Vec::new());
        for one in &found {
            let effect = one.nearly(&mut rng);
            let (step, is_open) = take(&db, &effect, &mut rng).await;
            steps.push(step);
            open.extend(is_open.then_some(effect));
        }
        let told = world.seen(&db, at).await;
        let is_ours = |one: &Found| open.iter().any(|effect| one.is_explained_by(effect));
        let (ours, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_ours);
        assert_eq!(told, others, "round {round}: {open:#?}");
        hidden += ours.len();
        vain += open.iter().filter(|effect| !ours.iter().any(|one| one.is_explained_by(effect))).count();
        // Settled before the next one.
        for step in steps {
            let sql = "UPDATE change_steps SET state = 'done', refreshed = true WHERE change_id = $1";
            sqlx::query(sql).bind(step.change.0).execute(&db.store.pool).await.unwrap();
        }
    }
    assert!(hidden > 50 && vain > 50, "{hidden} {vain}");
}
