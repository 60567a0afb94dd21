//! Attaching and detaching: several targets at once, each with a result and an audit entry of its own.

use aws::{AwsError, AwsErrorKind, Written};
use model::{PolicyId, TargetId, access::Action, audit::AuditAction, policies::TargetResult};

use crate::{
    Caller, Portal, PortalError,
    audit::{Change, Done},
    authorize,
    directory::Directory,
    policies::{NO_POLICY, policy_id},
};

/// Targets of one request at most: at AWS's two writes a second this is under a minute.
const TARGETS: usize = 100;

/// Which of the two is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Attach,
    Detach,
}

impl Portal {
    /// Attaches a policy to several targets.
    ///
    /// # Errors
    /// Where nothing could be tried: no such policy, no target, too many, or the caller may not.
    pub async fn attach_policy(
        &self,
        caller: &Caller,
        id: &str,
        targets: &[String],
    ) -> Result<Vec<TargetResult>, PortalError> {
        self.each_target(caller, id, targets, Verb::Attach).await
    }

    /// Detaches a policy from several targets.
    ///
    /// # Errors
    /// As for attaching.
    pub async fn detach_policy(
        &self,
        caller: &Caller,
        id: &str,
        targets: &[String],
    ) -> Result<Vec<TargetResult>, PortalError> {
        self.each_target(caller, id, targets, Verb::Detach).await
    }

    async fn each_target(
        &self,
        caller: &Caller,
        id: &str,
        targets: &[String],
        verb: Verb,
    ) -> Result<Vec<TargetResult>, PortalError> {
        authorize(caller, Action::AttachPolicy)?;
        let id = policy_id(id)?;
        let directory = self.unscoped_directory().await?;
        let name = directory.policies.get(&id).ok_or(NO_POLICY)?.stored.record.name.clone();
        let targets = parse(targets)?;
        let mut results = Vec::with_capacity(targets.len());
        // One after the other: AWS allows two writes a second, and refuses two changes of the tree at once.
        for target in targets {
            let done = self.one_target(caller, &id, &name, &target, &directory, verb).await;
            let failure = done.err().map(PortalError::into_failure);
            results.push(TargetResult { name: directory.name(&target), id: target, failure });
        }
        Ok(results)
    }

    /// Attaches a policy to one target, with an audit entry.
    pub(crate) async fn attach_one(
        &self,
        caller: &Caller,
        policy: &PolicyId,
        policy_name: &str,
        target: &TargetId,
        directory: &Directory,
    ) -> Result<(), PortalError> {
        self.one_target(caller, policy, policy_name, target, directory, Verb::Attach).await
    }

    async fn one_target(
        &self,
        caller: &Caller,
        policy: &PolicyId,
        policy_name: &str,
        target: &TargetId,
        directory: &Directory,
        verb: Verb,
    ) -> Result<(), PortalError> {
        let target_name = directory.name(target);
        let change = Change { action: verb.action(), target: policy.as_str(), target_name: policy_name };
        self.audited(caller, change, async |aws| {
            let written = settled(match verb {
                Verb::Attach => aws.attach_policy(policy, target).await,
                Verb::Detach => aws.detach_policy(policy, target).await,
            })?;
            match verb {
                Verb::Attach => self.store().put_attachment(policy, target).await?,
                Verb::Detach => self.store().remove_attachment(policy, target).await?,
            }
            let (words, request_id) = match written {
                Some(id) => (verb.word(), id),
                None => (verb.was_so(), None),
            };
            Ok(Done { value: (), request_id, detail: format!("{words} {target_name} ({target})") })
        })
        .await
    }
}

impl Verb {
    const fn action(self) -> AuditAction {
        match self {
            Self::Attach => AuditAction::PolicyAttached,
            Self::Detach => AuditAction::PolicyDetached,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Attach => "attached to",
            Self::Detach => "detached from",
        }
    }

    const fn was_so(self) -> &'static str {
        match self {
            Self::Attach => "was attached already to",
            Self::Detach => "was not attached any more to",
        }
    }
}

/// The request id of a write; `None` where things were so already, which is what was wanted.
fn settled(result: Result<Written<()>, AwsError>) -> Result<Option<Option<String>>, AwsError> {
    match result {
        Ok(written) => Ok(Some(written.request_id)),
        Err(error) if matches!(error.kind, AwsErrorKind::AlreadyDone) => Ok(None),
        Err(error) => Err(error),
    }
}

fn parse(targets: &[String]) -> Result<Vec<TargetId>, PortalError> {
    if targets.is_empty() {
        return Err(PortalError::field("targets", "Choose at least one target."));
    }
    if targets.len() > TARGETS {
        let message = format!("Choose at most {TARGETS} targets at once, or a place higher up in the tree.");
        return Err(PortalError::field("targets", message));
    }
    let mut parsed: Vec<TargetId> = Vec::with_capacity(targets.len());
    for text in targets {
        let id: TargetId = text
            .trim()
            .parse()
            .map_err(|e: model::IdError| PortalError::field("targets", format!("{e}.")))?;
        if !parsed.contains(&id) {
            parsed.push(id);
        }
    }
    Ok(parsed)
}
