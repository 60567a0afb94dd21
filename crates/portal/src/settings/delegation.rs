//! Delegated administrators: both halves, read live and changed by the management account.

use std::collections::BTreeMap;

use aws::{Aws, AwsError};
use model::{
    AccountId, TargetId,
    access::Action,
    audit::AuditAction,
    organization::{AccountState, OrganizationFacts},
    settings::{
        SettingState,
        delegation::{
            DelegatedAdministrator, Delegation, Granted, Owner, ResourcePolicy, accounts_named, granted,
            propose,
        },
    },
};

use super::{settled, unread};
use crate::{
    Caller, Portal, PortalError,
    audit::{Change, Done},
    authorize,
    directory::Directory,
    seen::{Area, RESOURCE_POLICY, RESOURCE_POLICY_NAME},
    sight::Sight,
};

impl Portal {
    /// Makes an account a delegated administrator of AWS Backup. It may manage backup policies only once the resource
    /// policy says so too.
    ///
    /// # Errors
    /// `Invalid` for an account that cannot be one; else where the caller may not, or AWS refuses.
    pub async fn register_delegated_administrator(
        &self,
        caller: &Caller,
        account: &str,
    ) -> Result<(), PortalError> {
        authorize(caller, Action::ChangeSettings)?;
        let directory = self.unscoped_directory().await?;
        let account = account_id(account)?;
        let name = can_be_registered(&account, &directory)?;
        let change = Change {
            action: AuditAction::AdministratorRegistered,
            target: account.as_str(),
            target_name: &name,
        };
        self.audited(caller, change, async |aws| {
            let written = settled(aws.register_delegated_administrator(&account).await)?;
            self.own_change(Area::Administrators, account.as_str(), Some(&name)).await?;
            Ok(Done { value: (), request_id: written, detail: "registered for backup.amazonaws.com".into() })
        })
        .await
    }

    /// Takes from an account to be a delegated administrator of AWS Backup. The resource policy stays as it is.
    ///
    /// # Errors
    /// `Invalid` for what is no account id; else where the caller may not, or AWS refuses.
    pub async fn remove_delegated_administrator(
        &self,
        caller: &Caller,
        account: &str,
    ) -> Result<(), PortalError> {
        authorize(caller, Action::ChangeSettings)?;
        let directory = self.unscoped_directory().await?;
        let account = account_id(account)?;
        let name = directory.account_name(&account);
        let change = Change {
            action: AuditAction::AdministratorRemoved,
            target: account.as_str(),
            target_name: &name,
        };
        self.audited(caller, change, async |aws| {
            let written = settled(aws.deregister_delegated_administrator(&account).await)?;
            self.own_change(Area::Administrators, account.as_str(), None).await?;
            Ok(Done { value: (), request_id: written, detail: "removed from backup.amazonaws.com".into() })
        })
        .await
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
        authorize(caller, Action::ChangeSettings)?;
        let change = Change {
            action: AuditAction::ResourcePolicyPut,
            target: RESOURCE_POLICY,
            target_name: RESOURCE_POLICY_NAME,
        };
        let (current, proposed) = (lines(current), lines(proposed));
        self.audited(caller, change, async |aws| self.replace_policy(&aws, &current, &proposed).await).await
    }

    async fn replace_policy(
        &self,
        aws: &Aws,
        current: &str,
        proposed: &str,
    ) -> Result<Done<()>, PortalError> {
        let directory = self.unscoped_directory().await?;
        // AWS knows no version of it: asking just before is as near as one can come.
        let now = aws.resource_policy().await?.unwrap_or_default();
        if lines(&now) != current {
            return Err(PortalError::Outdated { shown: current.to_owned(), current: now });
        }
        let registered: Vec<AccountId> =
            aws.delegated_administrators().await?.into_iter().map(|a| a.account).collect();
        let ours = proposal(&now, &registered, directory.facts.as_ref()).map_err(PortalError::Conflict)?;
        if lines(&ours) != proposed {
            return Err(PortalError::Conflict(
                "The delegated administrators changed since this was shown. Review the delegation policy again.".into(),
            ));
        }
        if ours == now {
            return Ok(Done { value: (), request_id: None, detail: "was so already".into() });
        }
        let (written, what) = if ours.is_empty() {
            (aws.delete_resource_policy().await, "deleted")
        } else {
            (aws.put_resource_policy(&ours).await, "put")
        };
        let request_id = settled(written)?;
        let kept = Some(ours.as_str()).filter(|text| !text.is_empty());
        self.own_change(Area::ResourcePolicy, RESOURCE_POLICY, kept).await?;
        let names: Vec<&str> = registered.iter().map(AccountId::as_str).collect();
        let whom = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        Ok(Done { value: (), request_id, detail: format!("{what}; our statements name {whom}") })
    }

    pub(super) async fn delegation(&self, sight: &Sight) -> Delegation {
        let aws = self.aws();
        let (registered, policy) = tokio::join!(aws.delegated_administrators(), aws.resource_policy());
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
            policy: resource_policy(&policy, accounts.as_deref(), sight.facts()),
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

fn proposal(
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

fn account_id(text: &str) -> Result<AccountId, PortalError> {
    text.trim().parse().map_err(|e: model::IdError| PortalError::field("account", format!("{e}.")))
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

/// A form that a browser posts has other line ends than what was shown.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}
