//! What the filter of a part of the organization can be set to.

use sqlx::QueryBuilder;

use super::Extent;
use crate::{Store, StoreError};

/// The values that jobs have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownChoices {
    pub regions: Vec<String>,
    pub resource_types: Vec<String>,
    /// At most 200, most used first.
    pub vaults: Vec<String>,
    /// Message categories of jobs that did not simply complete, at most 200; `""` for none.
    pub categories: Vec<String>,
}

/// Vaults are not counted by account: those of so many of the newest jobs are found.
const JOBS: i64 = 1_000;

impl Store {
    pub(super) async fn choices_within(&self, extent: &Extent) -> Result<KnownChoices, StoreError> {
        // Told apart early: an account has a row for each sort and month.
        let mut sql = QueryBuilder::new(
            "WITH c AS (SELECT DISTINCT region, resource_type,
                    CASE WHEN state = ANY (job_states_with_issues() || failed_job_states()) THEN category END AS category
                FROM job_counts WHERE span = 'month' AND account <> '' AND jobs > 0",
        );
        extent.narrow(&mut sql);
        sql.push(
            ") SELECT 'region', region FROM c UNION SELECT 'resource_type', resource_type FROM c
            WHERE resource_type <> '' UNION SELECT 'category', category FROM c
            WHERE category IS NOT NULL ORDER BY 1, 2",
        );
        let rows: Vec<(String, String)> = sql.build_query_as().fetch_all(&self.pool).await?;
        let of = |name: &str| {
            let named = rows.iter().filter(|(facet, _)| facet == name);
            named.map(|(_, value)| value.clone()).take(200).collect::<Vec<_>>()
        };
        let vaults = self.vaults_within(extent).await?;
        Ok(KnownChoices {
            vaults,
            regions: of("region"),
            resource_types: of("resource_type"),
            categories: of("category"),
        })
    }

    async fn vaults_within(&self, extent: &Extent) -> Result<Vec<String>, StoreError> {
        let mut sql = QueryBuilder::new("SELECT vault FROM (SELECT vault FROM jobs WHERE vault IS NOT NULL");
        extent.narrow(&mut sql);
        sql.push(" ORDER BY created_at DESC, kind DESC, id DESC LIMIT ").push_bind(JOBS);
        sql.push(") AS newest GROUP BY vault ORDER BY count(*) DESC, vault LIMIT 200");
        Ok(sql.build_query_scalar().fetch_all(&self.pool).await?)
    }
}
