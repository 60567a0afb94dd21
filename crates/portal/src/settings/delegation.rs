//! Delegated administrators: both halves, read live and changed by the management account.

use std::collections::BTreeMap;

use aws::{Aws, AwsError};
use model::{
    AccountId, TargetId,
    access::{Action, Resource},
    change::{PutResourcePolicy, RegisterAdministrator, RemoveAdministrator, StepKind},
    organization::{AccountState, OrganizationFacts},
    settings::{
        SettingState,
        delegation::{
            DelegatedAdministrator, Delegation, Granted, Owner, ResourcePolicy, accounts_named, granted,
            propose,
        },
    },
    text::{self, unix_lines},
};

use super::{answers::Delegated, unread};
use crate::{Caller, Portal, PortalError, directory::Directory, error::checked, sight::Sight};

impl Portal {
    /// Makes an account a delegated administrator of AWS Backup. It may manage backup policies only once the resource
    /// policy says so too.
    ///
    /// # Errors
    /// `Invalid` for an account that cannot be one; else where the caller may not, or AWS refuses.
    pub async fn register_delegated_administrator(
        &self,
        caller: &Caller,
        account: AccountId,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ChangeSettings, &Resource::Visible).await?;
        let directory = self.unscoped_directory().await?;
        let name = can_be_registered(&account, &directory)?;
        let title = format!("Register “{name}” as delegated administrator");
        let kind = StepKind::RegisterAdministrator(RegisterAdministrator { account, name });
        self.change_one(title, self.plan(caller, kind, &directory).await?).await.map(drop)
    }

    /// Takes from an account to be a delegated administrator of AWS Backup. The resource policy stays as it is.
    ///
    /// # Errors
    /// Where the caller may not, or AWS refuses.
    pub async fn remove_delegated_administrator(
        &self,
        caller: &Caller,
        account: AccountId,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ChangeSettings, &Resource::Visible).await?;
        let directory = self.unscoped_directory().await?;
        let name = directory.account_name(&account);
        let title = format!("Remove “{name}” as delegated administrator");
        let kind = StepKind::RemoveAdministrator(RemoveAdministrator { account, name });
        self.change_one(title, self.plan(caller, kind, &directory).await?).await.map(drop)
    }

    /// Puts the resource policy that was shown as `proposed`, if AWS still has the one that was shown as `current`.
    /// An empty text stands for no policy.
    ///
    /// # Errors
    /// `Outdated` with both texts where somebody changed it meanwhile; else where the caller may not, or AWS refuses.
    pub async fn put_resource_policy(
        &self,
        caller: &Caller,
        current: &str,
        proposed: &str,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ChangeSettings, &Resource::Visible).await?;
        checked([
            text::RESOURCE_POLICY.check("current", current),
            text::RESOURCE_POLICY.check("proposed", proposed),
        ])?;
        let (current, proposed) = (unix_lines(current), unix_lines(proposed));
        let put = PutResourcePolicy { current, proposed, accounts: Vec::new() };
        let step =
            self.plan(caller, StepKind::PutResourcePolicy(put), &*self.unscoped_directory().await?).await?;
        self.change_one("Change the resource policy".into(), step).await.map(drop)
    }
}

impl Delegated {
    pub async fn ask(aws: &Aws) -> Self {
        let (registered, policy) = tokio::join!(aws.delegated_administrators(), aws.resource_policy());
        Self { registered, policy }
    }

    /// Both halves together, with the names that a person may see.
    pub fn delegation(&self, sight: &Sight) -> Delegation {
        let Self { registered, policy } = self;
        let content = policy.as_ref().ok().map(|content| content.clone().unwrap_or_default());
        let halves = |account: AccountId, registered: bool, since| DelegatedAdministrator {
            name: sight.account_name(&account),
            granted: content.as_deref().map_or(Granted::Unknown, |c| granted(c, &account)),
            account,
            registered,
            since,
        };
        let mut all: BTreeMap<AccountId, DelegatedAdministrator> = BTreeMap::new();
        for account in content.as_deref().map(accounts_named).unwrap_or_default() {
            all.insert(account.clone(), halves(account, false, None));
        }
        for found in registered.iter().flatten() {
            all.insert(found.account.clone(), halves(found.account.clone(), true, found.since));
        }
        let accounts: Option<Vec<AccountId>> =
            registered.as_ref().ok().map(|list| list.iter().map(|a| a.account.clone()).collect());
        Delegation {
            administrators: all.into_values().collect(),
            problem: registered.as_ref().err().map(|error| match unread(error) {
                SettingState::Unknown { reason } => reason,
                _ => "The AWS endpoint in use does not offer this.".into(),
            }),
            policy: resource_policy(policy, accounts.as_deref(), sight.facts()),
        }
    }
}

fn resource_policy(
    policy: &Result<Option<String>, AwsError>,
    registered: Option<&[AccountId]>,
    facts: Option<&OrganizationFacts>,
) -> ResourcePolicy {
    let current = match policy {
        Ok(content) => content.clone().unwrap_or_default(),
        Err(error) => {
            return match unread(error) {
                SettingState::Unknown { reason } => ResourcePolicy::Unknown { reason },
                _ => ResourcePolicy::NotAvailable,
            };
        }
    };
    // Who should be named is not known: then nothing is proposed.
    let Some(registered) = registered else {
        return ResourcePolicy::Known { proposed: current.clone(), current };
    };
    match proposal(&current, registered, facts) {
        Ok(proposed) => ResourcePolicy::Known { current, proposed },
        Err(reason) => ResourcePolicy::Unknown { reason },
    }
}

pub(crate) fn proposal(
    current: &str,
    registered: &[AccountId],
    facts: Option<&OrganizationFacts>,
) -> Result<String, String> {
    let unread = || "The organization has not been read yet. Wait for the first sync.".to_owned();
    let facts = facts.ok_or_else(unread)?;
    let owner = Owner {
        partition: facts.arn.split(':').nth(1).unwrap_or("aws"),
        management_account: facts.management_account.as_str(),
        organization: &facts.id,
    };
    propose(current, registered, owner).map_err(|error| error.to_string())
}

/// The account's name, or why AWS would refuse it.
fn can_be_registered(account: &AccountId, directory: &Directory) -> Result<String, PortalError> {
    let place = directory.place(&TargetId::from(account.clone())).ok_or_else(|| {
        PortalError::field(
            "account",
            "No account of this organization has this id. A new one shows after the next sync.",
        )
    })?;
    if directory.facts.as_ref().is_some_and(|f| f.management_account == *account) {
        return Err(PortalError::field("account", "The management account administers AWS Backup already."));
    }
    if place.node.state != Some(AccountState::Active) {
        return Err(PortalError::field(
            "account",
            "Only an active account can be a delegated administrator.",
        ));
    }
    Ok(place.node.name.clone())
}
