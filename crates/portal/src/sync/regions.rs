//! The Regions whose jobs are read: those configured, and those that policies name.

use std::{collections::BTreeSet, sync::PoisonError};

use policy::{Document, regions::regions_in};

use super::{Sync, error::SyncError};
use crate::off_reactor;

/// More Regions than AWS has; what policies name beyond that is nonsense that nobody should be asked for.
const MOST: usize = 100;

impl Sync {
    /// The Regions whose jobs are read, in alphabetical order.
    pub(super) fn regions(&self) -> Vec<String> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let all: BTreeSet<String> = self.configured.iter().chain(found.iter()).cloned().collect();
        all.into_iter().collect()
    }

    /// Looks for Regions in the policies that were read last; whether there are others than before.
    pub(super) async fn find_regions(&self) -> Result<bool, SyncError> {
        let texts = self.store.policy_texts().await?;
        let Ok(named) = off_reactor(move || named_in(&texts)).await else {
            tracing::error!("the policies could not be searched for Regions; those known before stay");
            return Ok(false);
        };
        if named.len() > MOST {
            tracing::warn!(
                regions = named.len(),
                "policies name more Regions than there are; some are not read"
            );
        }
        let named: Vec<String> = named.into_iter().take(MOST).collect();
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let news = *found != named;
        *found = named;
        Ok(news)
    }
}

/// What cannot be read names none.
fn named_in(texts: &[String]) -> BTreeSet<String> {
    let documents = texts.iter().filter_map(|text| Document::parse(text).ok());
    documents.flat_map(|document| regions_in(&document)).map(|region| region.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_policies_that_can_be_read_name_their_regions() {
        let policy =
            |region: &str| format!(r#"{{"plans":{{"p":{{"regions":{{"@@assign":["{region}"]}}}}}}}}"#);
        let texts = [policy("eu-west-1"), "not json".to_owned(), policy("us-east-1"), policy("eu-west-1")];
        assert_eq!(named_in(&texts), ["eu-west-1", "us-east-1"].map(str::to_owned).into());
    }
}
