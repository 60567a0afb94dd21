//! Policies: created, written, deleted. AWS keeps no versions of them.

use async_trait::async_trait;
use aws::{Aws, AwsError, AwsErrorKind};
use model::{
    PolicyId,
    audit::{AuditDetail, PolicyStamp},
    change::{CreatePolicy, DeletePolicy, EditPolicy, Effect},
    event::EventKind,
    organization::PolicyRecord,
    policies::{PolicyDetail, PolicyDraft, fingerprint},
};
use policy::Document;
use store::{Actor, Subject};
use time::OffsetDateTime;

use super::{Accepted, Check, Kind, Look, accepted, look};
use crate::{Portal, PortalError, policies::NO_POLICY};

fn of_policy(id: &PolicyId) -> Subject {
    Subject::alone(format!("policy:{id}"))
}

/// AWS has one backup policy of a name at most.
fn of_name(name: &str) -> Subject {
    Subject::alone(format!("policy name:{name}"))
}

fn name_taken(error: AwsError, name: &str) -> PortalError {
    match &error.kind {
        AwsErrorKind::Conflict { reason } if reason == "DuplicatePolicyException" => {
            PortalError::field("name", format!("A backup policy called “{name}” exists already. Choose another name."))
        }
        AwsErrorKind::Malformed => PortalError::Conflict(
            "AWS refuses the document without saying where, and our checks find nothing wrong. Compare it with AWS's documentation, and report it to us.".into(),
        ),
        _ => error.into(),
    }
}

/// What AWS has is what was to be written. An empty description does not replace an older one there.
fn is_as_written(found: &PolicyRecord, draft: &PolicyDraft, before: Option<&PolicyRecord>) -> bool {
    let kept = draft.description.is_empty().then(|| before.map(|record| &record.description)).flatten();
    found.name == draft.name
        && same_text(&found.content, &draft.content)
        && (found.description == draft.description || kept == Some(&found.description))
}

/// AWS is known to keep texts as they are sent; if it ever does not, white space must not make a change look undone.
fn same_text(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    one == other || read(one).is_some_and(|one| Some(one) == read(other))
}

#[async_trait]
impl Kind for CreatePolicy {
    fn subjects(&self) -> Vec<Subject> {
        vec![of_name(&self.draft.name)]
    }

    fn effects(&self) -> Vec<Effect> {
        let created = Effect::any(EventKind::PolicyCreated).becoming(&self.draft.content);
        vec![Effect { subject_name: Some(self.draft.name.clone()), ..created }]
    }

    async fn check(&mut self, _: &Portal, _: &Actor) -> Result<Check, PortalError> {
        // A name that is taken is AWS's to refuse: it would be asked for every policy first.
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        let PolicyDraft { name, description, content } = &self.draft;
        let written = aws.create_policy(name, description, content).await?;
        self.made = Some(written.value);
        Ok(Accepted { request_id: written.request_id, already: false })
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        let mut token = None;
        loop {
            let page = portal.aws().policies_page(token.as_deref()).await?;
            if let Some(found) = page.rows.into_iter().find(|head| head.name == self.draft.name) {
                let record = portal.aws().describe_policy(&found.id).await?;
                let ours = is_as_written(&record, &self.draft, None);
                self.made = Some(record).filter(|_| ours);
                return Ok(look(ours));
            }
            match page.next {
                Some(next) => token = Some(next),
                None => return Ok(Look::NotDone),
            }
        }
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        if let Some(made) = &self.made {
            portal.store().put_policy(made, portal.now()).await?;
        }
        Ok(())
    }

    fn refused(&self, error: AwsError) -> PortalError {
        name_taken(error, &self.draft.name)
    }

    fn detail(&self) -> AuditDetail {
        AuditDetail::Policy { before: None, after: self.made.as_ref().map(PolicyStamp::from) }
    }
}

/// A policy's page without its targets: whoever shows it knows which of them may be seen.
fn unattached(record: PolicyRecord, now: OffsetDateTime) -> PolicyDetail {
    let PolicyRecord { id, arn, name, description, content } = record;
    let problems = match Document::parse(&content) {
        Ok(document) => policy::admission::check(&document, now),
        Err(problems) => problems,
    };
    PolicyDetail {
        id,
        arn,
        name,
        description,
        content,
        unread: None,
        targets_unread: None,
        targets: Vec::new(),
        undone: Vec::new(),
        accounts: 0,
        attached_elsewhere: false,
        problems,
        seen_at: now,
    }
}

#[async_trait]
impl Kind for EditPolicy {
    fn subjects(&self) -> Vec<Subject> {
        vec![of_policy(&self.policy.id), of_name(&self.draft.name)]
    }

    fn effects(&self) -> Vec<Effect> {
        let PolicyDraft { name, description, content } = &self.draft;
        let of = |kind, after: &String| Effect::of(kind, &self.policy.id).becoming(after);
        vec![
            of(EventKind::PolicyEdited, content),
            of(EventKind::PolicyRenamed, name),
            of(EventKind::PolicyDescribed, description),
        ]
    }

    async fn check(&mut self, portal: &Portal, _: &Actor) -> Result<Check, PortalError> {
        let current = portal.refresh_policy(&self.policy.id).await?;
        if fingerprint(&current.name, &current.description, &current.content) != self.opened {
            return Err(PortalError::Stale(Box::new(unattached(current, portal.now()))));
        }
        let unchanged = is_as_written(&current, &self.draft, Some(&current));
        self.before = Some(current);
        Ok(if unchanged { Check::AlreadySo } else { Check::Send })
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        let PolicyDraft { name, description, content } = &self.draft;
        let written = aws.update_policy(&self.policy.id, name, description, content).await?;
        // As far as is known until it is read again.
        self.after = self.before.clone().map(|before| PolicyRecord {
            name: name.clone(),
            description: if description.is_empty() { before.description } else { description.clone() },
            content: content.clone(),
            ..before
        });
        Ok(Accepted { request_id: written.request_id, already: false })
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        let found = match portal.aws().describe_policy(&self.policy.id).await {
            Err(error) if error.is_not_found() => return Ok(Look::NotDone),
            answer => answer?,
        };
        let done = is_as_written(&found, &self.draft, self.before.as_ref());
        self.after = Some(found).filter(|_| done);
        Ok(look(done))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        // What AWS has now, not what was sent: an empty description, for one, does not replace an older one there.
        self.after = Some(portal.refresh_policy(&self.policy.id).await?);
        Ok(())
    }

    fn refused(&self, error: AwsError) -> PortalError {
        if error.is_not_found() { NO_POLICY } else { name_taken(error, &self.draft.name) }
    }

    fn detail(&self) -> AuditDetail {
        let [before, after] = [&self.before, &self.after].map(|one| one.as_ref().map(PolicyStamp::from));
        AuditDetail::Policy { before, after }
    }
}

#[async_trait]
impl Kind for DeletePolicy {
    fn subjects(&self) -> Vec<Subject> {
        vec![of_policy(&self.policy.id)]
    }

    fn effects(&self) -> Vec<Effect> {
        vec![Effect::of(EventKind::PolicyDeleted, &self.policy.id)]
    }

    async fn check(&mut self, portal: &Portal, _: &Actor) -> Result<Check, PortalError> {
        // The text is gone from AWS after this: the step keeps the last of it.
        self.before = Some(portal.refresh_policy(&self.policy.id).await?);
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        accepted(aws.delete_policy(&self.policy.id).await)
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        match portal.aws().describe_policy(&self.policy.id).await {
            Err(error) if error.is_not_found() => Ok(Look::Done),
            answer => answer.map(|_| Look::NotDone).map_err(PortalError::from),
        }
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        Ok(portal.store().remove_policy(&self.policy.id).await?)
    }

    fn refused(&self, error: AwsError) -> PortalError {
        match error.kind {
            AwsErrorKind::Conflict { .. } => PortalError::Conflict(
                "The policy is attached. Detach it from every target, then delete it.".into(),
            ),
            _ => error.into(),
        }
    }

    fn detail(&self) -> AuditDetail {
        AuditDetail::Policy { before: self.before.as_ref().map(PolicyStamp::from), after: None }
    }
}
