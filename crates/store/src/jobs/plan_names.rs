//! Names of backup plans and rules, learned from the jobs that tell them beside the ids: some jobs come with ids alone.

use std::collections::BTreeMap;

use model::{AccountId, job::Job};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;

use crate::{Store, StoreError, json};

/// A plan or one of its rules. AWS says nowhere that ids mean the same in another account or Region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlanKey {
    pub account: AccountId,
    pub region: String,
    pub plan_id: String,
    /// Empty for the plan itself.
    pub rule_id: String,
}

#[derive(Serialize, Deserialize)]
struct Named {
    #[serde(flatten)]
    key: PlanKey,
    name: String,
    #[serde(with = "time::serde::rfc3339")]
    told_at: OffsetDateTime,
}

/// Keeps the names that jobs tell; of two for one thing that of the younger job.
pub(super) async fn learn(connection: &mut PgConnection, jobs: &[Job]) -> Result<(), StoreError> {
    let names = told(jobs);
    if names.is_empty() {
        return Ok(());
    }
    // What is known already is not even locked.
    let sql = "INSERT INTO plan_names AS known (account, region, plan_id, rule_id, name, told_at)
        SELECT account, region, plan_id, rule_id, name, told_at
        FROM jsonb_to_recordset($1) AS told (account text, region text, plan_id text, rule_id text, name text,
            told_at timestamptz)
        WHERE NOT EXISTS (SELECT FROM plan_names AS same WHERE same.account = told.account
            AND same.region = told.region AND same.plan_id = told.plan_id AND same.rule_id = told.rule_id
            AND (same.name = told.name OR same.told_at >= told.told_at))
        ORDER BY account, region, plan_id, rule_id
        ON CONFLICT ON CONSTRAINT plan_names_pkey DO UPDATE SET name = excluded.name, told_at = excluded.told_at
        WHERE excluded.told_at > known.told_at";
    sqlx::query(sql).bind(json::rows(&names)?).execute(connection).await?;
    Ok(())
}

fn told(jobs: &[Job]) -> Vec<Named> {
    let mut names: BTreeMap<PlanKey, (OffsetDateTime, &str)> = BTreeMap::new();
    for job in jobs {
        let Some(plan_id) = &job.plan_id else { continue };
        let rule = job.rule_id.as_ref().zip(job.rule_name.as_deref());
        let plan = job.plan_name.as_deref().map(|name| (String::new(), name));
        for (rule_id, name) in plan.into_iter().chain(rule.map(|(id, name)| (id.clone(), name))) {
            let (account, region) = (job.account.clone(), job.region.clone());
            let key = PlanKey { account, region, plan_id: plan_id.clone(), rule_id };
            let told = (job.created_at, name);
            names.entry(key).and_modify(|known| *known = told.max(*known)).or_insert(told);
        }
    }
    let named = |(key, (told_at, name)): (PlanKey, (OffsetDateTime, &str))| Named {
        key,
        name: name.to_owned(),
        told_at,
    };
    names.into_iter().map(named).collect()
}

impl Store {
    /// The names of plans and rules that other jobs told, of those that any did.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn plan_names(&self, keys: &[PlanKey]) -> Result<BTreeMap<PlanKey, String>, StoreError> {
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let sql = "SELECT to_jsonb(n) FROM jsonb_to_recordset($1)
                AS asked (account text, region text, plan_id text, rule_id text)
            JOIN plan_names AS n USING (account, region, plan_id, rule_id)";
        let found: Vec<Json<Named>> =
            sqlx::query_scalar(sql).bind(json::rows(keys)?).fetch_all(&self.pool).await?;
        Ok(found.into_iter().map(|named| (named.0.key, named.0.name)).collect())
    }
}
