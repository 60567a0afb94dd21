//! Delegated administrators of AWS Backup: both halves.

use async_trait::async_trait;
use aws::{Aws, AwsError};
use model::{
    AccountId,
    audit::AuditDetail,
    change::{Effect, PutResourcePolicy, RESOURCE_POLICY, RegisterAdministrator, RemoveAdministrator},
    event::EventKind,
    text::unix_lines,
};
use store::{Actor, Subject};

use super::{ADMINISTRATORS, Accepted, Check, Kind, Look, accepted, look};
use crate::{Portal, PortalError, seen::Area, settings::delegation::proposal};

fn subjects(account: &AccountId) -> Vec<Subject> {
    vec![Subject::alone(format!("administrator:{account}")), Subject::shared(ADMINISTRATORS)]
}

async fn is_registered(portal: &Portal, account: &AccountId) -> Result<bool, PortalError> {
    Ok(portal.aws().delegated_administrators().await?.iter().any(|found| found.account == *account))
}

#[async_trait]
impl Kind for RegisterAdministrator {
    fn subjects(&self) -> Vec<Subject> {
        subjects(&self.account)
    }

    fn effects(&self) -> Vec<Effect> {
        vec![Effect::of(EventKind::AdministratorRegistered, &self.account)]
    }

    async fn check(&mut self, _: &Portal, _: &Actor) -> Result<Check, PortalError> {
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        accepted(aws.register_delegated_administrator(&self.account).await)
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        Ok(look(is_registered(portal, &self.account).await?))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        portal.own_change(Area::Administrators, self.account.as_str(), Some(&self.name)).await
    }
}

#[async_trait]
impl Kind for RemoveAdministrator {
    fn subjects(&self) -> Vec<Subject> {
        subjects(&self.account)
    }

    fn effects(&self) -> Vec<Effect> {
        vec![Effect::of(EventKind::AdministratorRemoved, &self.account)]
    }

    async fn check(&mut self, _: &Portal, _: &Actor) -> Result<Check, PortalError> {
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        accepted(aws.deregister_delegated_administrator(&self.account).await)
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        Ok(look(!is_registered(portal, &self.account).await?))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        portal.own_change(Area::Administrators, self.account.as_str(), None).await
    }
}

#[async_trait]
impl Kind for PutResourcePolicy {
    fn subjects(&self) -> Vec<Subject> {
        vec![Subject::alone(RESOURCE_POLICY), Subject::alone(ADMINISTRATORS)]
    }

    fn effects(&self) -> Vec<Effect> {
        let changed = Effect::of(EventKind::ResourcePolicyChanged, RESOURCE_POLICY);
        vec![match self.wanted() {
            Some(text) => changed.becoming(text),
            None => changed,
        }]
    }

    async fn check(&mut self, portal: &Portal, _: &Actor) -> Result<Check, PortalError> {
        // AWS knows no version of it: asking just before, under our own lock, is as near as one can come.
        let now = portal.aws().resource_policy().await?.unwrap_or_default();
        if unix_lines(&now) != self.current {
            return Err(PortalError::Outdated { shown: self.current.clone(), current: now });
        }
        let registered: Vec<AccountId> =
            portal.aws().delegated_administrators().await?.into_iter().map(|a| a.account).collect();
        let ours = proposal(&now, &registered, portal.unscoped_directory().await?.facts.as_ref())
            .map_err(PortalError::Conflict)?;
        if unix_lines(&ours) != self.proposed {
            return Err(PortalError::Conflict(
                "The delegated administrators changed since this was shown. Review the delegation policy again.".into(),
            ));
        }
        let check = if ours == now { Check::AlreadySo } else { Check::Send };
        (self.proposed, self.accounts) = (ours, registered);
        Ok(check)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        accepted(match self.wanted() {
            Some(text) => aws.put_resource_policy(text).await,
            None => aws.delete_resource_policy().await,
        })
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        let now = portal.aws().resource_policy().await?.unwrap_or_default();
        Ok(look(now == self.proposed))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        portal.own_change(Area::ResourcePolicy, RESOURCE_POLICY, self.wanted()).await
    }

    fn detail(&self) -> AuditDetail {
        AuditDetail::ResourcePolicy { deleted: self.wanted().is_none(), accounts: self.accounts.clone() }
    }
}
