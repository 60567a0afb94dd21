//! Who Holdfast is at AWS.

use aws::{AwsError, CallerIdentity};
use model::{
    AccountId,
    organization::OrganizationFacts,
    settings::{
        delegation::{Delegation, Granted, ResourcePolicy, allows, granted},
        identity::{Identity, Standing},
    },
};

use super::read::reason;
use crate::{Portal, sight::Sight};

/// What turning the policy type takes.
const TURN_POLICY_TYPE: [&str; 2] = ["organizations:EnablePolicyType", "organizations:DisablePolicyType"];

impl Portal {
    pub(super) fn identity(
        &self,
        sight: &Sight,
        caller: &Result<CallerIdentity, AwsError>,
        organization: &Result<OrganizationFacts, AwsError>,
        delegation: &Delegation,
    ) -> Identity {
        let caller = match caller {
            Ok(caller) => caller,
            Err(error) => return Identity::Unknown { reason: reason(error) },
        };
        // What was read before will do: an organization keeps its management account.
        let facts = organization.as_ref().ok().or(sight.facts());
        let standing = match facts.map(|facts| &facts.management_account) {
            None => Standing::Unknown,
            Some(management) if *management == caller.account => Standing::Management,
            Some(management) => member(&caller.account, management, delegation),
        };
        Identity::Known {
            account: caller.account.to_string(),
            name: sight.account_name(&caller.account),
            arn: caller.arn.clone(),
            standing,
        }
    }
}

fn member(account: &AccountId, management: &AccountId, delegation: &Delegation) -> Standing {
    let registered = delegation.registered().any(|one| one.account == *account);
    let (granted, turns_policy_type) = match &delegation.policy {
        ResourcePolicy::Known { current, .. } => {
            (granted(current, account), allows(current, account, &TURN_POLICY_TYPE))
        }
        _ => (Granted::Unknown, false),
    };
    Standing::Member {
        management: management.to_string(),
        registered: delegation.problem.is_none().then_some(registered),
        granted,
        turns_policy_type,
    }
}
