//! Backup policies: list, page, create, edit, delete.

use aws::AwsErrorKind;
use model::{
    PolicyId,
    access::Action,
    audit::AuditAction,
    failure::{FieldProblem, count},
    organization::PolicyRecord,
    policies::{
        CONTENT_CHARACTERS, DESCRIPTION_CHARACTERS, NAME_CHARACTERS, PolicyDetail, PolicyDraft, PolicyQuery,
        PolicySummary, PolicyTarget, fingerprint,
    },
};
use policy::{Document, Severity};

use crate::{
    Caller, Portal, PortalError,
    audit::{Change, Done},
    authorize,
    directory::{Place, PolicyEntry},
    sight::Sight,
};

impl Portal {
    /// All backup policies that match, by name.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn list_policies(
        &self,
        caller: &Caller,
        query: &PolicyQuery,
    ) -> Result<Vec<PolicySummary>, PortalError> {
        authorize(caller, Action::Read)?;
        let sight = self.sight(caller).await?;
        let mut rows: Vec<PolicySummary> = sight
            .policies()
            .filter(|entry| matches(entry, query))
            .map(|entry| summary(&sight, entry))
            .collect();
        rows.sort_by_cached_key(|row| (row.name.to_lowercase(), row.id.clone()));
        Ok(rows)
    }

    /// One policy in full.
    ///
    /// # Errors
    /// Where there is no such policy, the caller may not read, or the database fails.
    pub async fn policy(&self, caller: &Caller, id: &str) -> Result<PolicyDetail, PortalError> {
        authorize(caller, Action::Read)?;
        self.detail(caller, &policy_id(id)?).await
    }

    /// A policy's page as the store has it now, and as the caller may see it.
    pub(crate) async fn detail(&self, caller: &Caller, id: &PolicyId) -> Result<PolicyDetail, PortalError> {
        let sight = self.sight(caller).await?;
        let entry = sight.policy(id).ok_or(NO_POLICY)?;
        Ok(detail(&sight, entry))
    }

    /// Creates a policy.
    ///
    /// # Errors
    /// Where a field or the document is refused, the caller may not, or AWS or the database fails.
    pub async fn create_policy(&self, caller: &Caller, draft: PolicyDraft) -> Result<PolicyId, PortalError> {
        authorize(caller, Action::WritePolicy)?;
        self.check_draft(&draft)?;
        let change = Change { action: AuditAction::PolicyCreated, target: "", target_name: &draft.name };
        self.audited(caller, change, async |aws| {
            let written = aws
                .create_policy(&draft.name, &draft.description, &draft.content)
                .await
                .map_err(|e| name_taken(e, &draft.name))?;
            let record = written.value;
            self.store().put_policy(&record, self.now()).await?;
            let detail = format!("{}, {}", record.id, count(draft.content.chars().count(), "character"));
            Ok(Done { value: record.id, request_id: written.request_id, detail })
        })
        .await
    }

    /// Writes a policy, if AWS still has what it had when the editor opened it. AWS keeps no version of policies, so the
    /// present one is read first; the moment between that and the write cannot be closed from outside AWS.
    ///
    /// # Errors
    /// `Stale` where somebody else changed it; else as for creating.
    pub async fn update_policy(
        &self,
        caller: &Caller,
        id: &str,
        opened: &str,
        draft: PolicyDraft,
    ) -> Result<PolicyDetail, PortalError> {
        authorize(caller, Action::WritePolicy)?;
        let id = policy_id(id)?;
        self.check_draft(&draft)?;
        let current = self.refresh_policy(&id).await?;
        if fingerprint(&current.name, &current.description, &current.content) != opened {
            return Err(PortalError::Stale(Box::new(self.detail(caller, &id).await?)));
        }
        let change =
            Change { action: AuditAction::PolicyEdited, target: id.as_str(), target_name: &draft.name };
        self.audited(caller, change, async |aws| {
            let written = aws
                .update_policy(&id, &draft.name, &draft.description, &draft.content)
                .await
                .map_err(|e| name_taken(e, &draft.name))?;
            // What AWS has now, not what we sent: an empty description, for one, does not replace an older one there.
            let record = self.refresh_policy(&id).await?;
            Ok(Done { value: (), request_id: written.request_id, detail: what_changed(&current, &record) })
        })
        .await?;
        self.detail(caller, &id).await
    }

    /// Deletes an unattached policy.
    ///
    /// # Errors
    /// `Conflict` where it is attached; else where the caller may not, or AWS or the database fails.
    pub async fn delete_policy(&self, caller: &Caller, id: &str) -> Result<(), PortalError> {
        authorize(caller, Action::DeletePolicy)?;
        let id = policy_id(id)?;
        let current = self.refresh_policy(&id).await?;
        let change =
            Change { action: AuditAction::PolicyDeleted, target: id.as_str(), target_name: &current.name };
        self.audited(caller, change, async |aws| {
            let written = match aws.delete_policy(&id).await {
                Err(e) if matches!(e.kind, AwsErrorKind::Conflict { .. }) => {
                    let reason = "The policy is attached. Detach it from every target, then delete it.";
                    return Err(PortalError::Conflict(reason.to_owned()));
                }
                other => other?,
            };
            self.store().remove_policy(&id).await?;
            // The text is gone from AWS after this: the audit list keeps the last of it by its fingerprint.
            let print = fingerprint(&current.name, &current.description, &current.content);
            Ok(Done { value: (), request_id: written.request_id, detail: format!("fingerprint {print}") })
        })
        .await
    }

    /// Reads a policy from AWS and keeps it. What somebody else changed is told as what the sync finds is.
    async fn refresh_policy(&self, id: &PolicyId) -> Result<PolicyRecord, PortalError> {
        match self.aws().describe_policy(id).await {
            Ok(record) if self.store().see_policy(&record, self.now()).await? => Ok(record),
            Ok(_) => Err(NO_POLICY),
            Err(e) if matches!(e.kind, AwsErrorKind::NotFound) => {
                self.store().see_policy_gone(id, self.now()).await?;
                Err(NO_POLICY)
            }
            Err(e) => Err(e.into()),
        }
    }

    /// What can be refused before AWS is asked: AWS itself says only that something is wrong, never where.
    fn check_draft(&self, draft: &PolicyDraft) -> Result<(), PortalError> {
        let mut fields = Vec::new();
        let mut wrong =
            |field: &str, message: String| fields.push(FieldProblem { field: field.to_owned(), message });
        let name = draft.name.chars().count();
        if draft.name.trim().is_empty() || name > NAME_CHARACTERS {
            wrong("name", format!("Enter a name of 1 to {NAME_CHARACTERS} characters; this one has {name}."));
        }
        let description = draft.description.chars().count();
        if description > DESCRIPTION_CHARACTERS {
            wrong(
                "description",
                format!("Use at most {DESCRIPTION_CHARACTERS} characters; these are {description}."),
            );
        }
        let content = draft.content.chars().count();
        if content > CONTENT_CHARACTERS {
            let help = "Save it without white space, or split it into two policies.";
            wrong(
                "content",
                format!("AWS takes at most {CONTENT_CHARACTERS} characters; these are {content}. {help}"),
            );
        }
        if !fields.is_empty() {
            return Err(PortalError::Invalid(fields));
        }
        let document = Document::parse(&draft.content).map_err(PortalError::InvalidDocument)?;
        let errors = errors(policy::admission::check(&document, self.now()));
        if errors.is_empty() { Ok(()) } else { Err(PortalError::InvalidDocument(errors)) }
    }
}

/// No policy of that id.
pub(crate) const NO_POLICY: PortalError = PortalError::NotFound { what: "backup policy" };

pub(crate) fn policy_id(text: &str) -> Result<PolicyId, PortalError> {
    text.parse().map_err(|_| NO_POLICY)
}

fn errors(problems: Vec<policy::Problem>) -> Vec<policy::Problem> {
    problems.into_iter().filter(|p| p.severity == Severity::Error).collect()
}

fn name_taken(error: aws::AwsError, name: &str) -> PortalError {
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

fn what_changed(before: &PolicyRecord, after: &PolicyRecord) -> String {
    let mut parts = Vec::new();
    if before.name != after.name {
        parts.push(format!("renamed from “{}”", before.name));
    }
    if before.description != after.description {
        parts.push("description".to_owned());
    }
    if before.content != after.content {
        let [old, new] = [before, after].map(|r| r.content.chars().count());
        parts.push(format!("document, {old} to {new} characters"));
    }
    if parts.is_empty() { "nothing differs".into() } else { parts.join(", ") }
}

fn matches(entry: &PolicyEntry, query: &PolicyQuery) -> bool {
    let attached = match query.attached.as_str() {
        "attached" => !entry.targets.is_empty(),
        "unattached" => entry.targets.is_empty(),
        _ => true,
    };
    let text = query.q.trim().to_lowercase();
    let record = &entry.stored.record;
    let mut texts = [record.name.as_str(), record.id.as_str(), record.description.as_str()]
        .into_iter()
        .chain(entry.plans.iter().map(String::as_str));
    attached && (text.is_empty() || texts.any(|t| t.to_lowercase().contains(&text)))
}

fn summary(sight: &Sight, entry: &PolicyEntry) -> PolicySummary {
    let record = &entry.stored.record;
    let of = |severity| entry.problems.iter().filter(|p| p.severity == severity).count() as u64;
    let targets = sight.targets(entry).count();
    PolicySummary {
        id: record.id.clone(),
        name: record.name.clone(),
        description: record.description.clone(),
        plans: entry.plans.clone(),
        targets: targets as u64,
        attached_elsewhere: targets < entry.targets.len(),
        accounts: sight.accounts_reached(&entry.targets),
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        characters: record.content.chars().count() as u64,
        changed_at: entry.stored.changed_at,
    }
}

fn detail(sight: &Sight, entry: &PolicyEntry) -> PolicyDetail {
    let record = &entry.stored.record;
    let targets: Vec<PolicyTarget> = sight.targets(entry).map(|place| target(sight, place)).collect();
    PolicyDetail {
        id: record.id.clone(),
        arn: record.arn.clone(),
        name: record.name.clone(),
        description: record.description.clone(),
        content: record.content.clone(),
        attached_elsewhere: targets.len() < entry.targets.len(),
        targets,
        accounts: sight.accounts_reached(&entry.targets),
        problems: entry.problems.clone(),
        seen_at: entry.stored.seen_at.min(entry.stored.targets_seen_at),
    }
}

fn target(sight: &Sight, place: &Place) -> PolicyTarget {
    PolicyTarget {
        node: place.reference(),
        ancestors: sight.ancestors(place).iter().map(|a| a.reference()).collect(),
        accounts: sight.accounts_at(&place.node.id),
    }
}
