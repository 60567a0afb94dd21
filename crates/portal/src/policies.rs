//! Backup policies: list, page, create, edit, delete.

use model::{
    Failure, FailureCode, PolicyId,
    access::{Action, Resource},
    change::{CreatePolicy, DeletePolicy, EditPolicy, StepKind},
    failure::FieldProblem,
    organization::PolicyRecord,
    policies::{CONTENT_CHARACTERS, PolicyDetail, PolicyDraft, PolicyQuery, PolicySummary, PolicyTarget},
    text,
};
use policy::{Document, Severity};

use crate::{
    Caller, Portal, PortalError,
    directory::{Place, PolicyEntry},
    error::checked,
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
        self.may(caller, Action::Read, &Resource::Visible).await?;
        checked([text::SEARCH.check("q", &query.q)])?;
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
    pub async fn policy(&self, caller: &Caller, id: &PolicyId) -> Result<PolicyDetail, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        self.detail(caller, id).await
    }

    /// A policy's page as the store has it now, and as the caller may see it.
    pub(crate) async fn detail(&self, caller: &Caller, id: &PolicyId) -> Result<PolicyDetail, PortalError> {
        let sight = self.sight(caller).await?;
        let entry = sight.policy(id).ok_or(NO_POLICY)?;
        let undone = self.store().undone_attachments(id).await?;
        let undone = undone.iter().filter_map(|id| Some(sight.place(id)?.reference())).collect();
        Ok(PolicyDetail { undone, ..detail(&sight, entry) })
    }

    /// Creates a policy.
    ///
    /// # Errors
    /// Where a field or the document is refused, the caller may not, or AWS or the database fails.
    pub async fn create_policy(&self, caller: &Caller, draft: PolicyDraft) -> Result<PolicyId, PortalError> {
        self.may(caller, Action::WritePolicy, &Resource::Visible).await?;
        self.check_draft(&draft)?;
        let title = format!("Create policy “{}”", draft.name);
        let kind = StepKind::CreatePolicy(CreatePolicy { draft, made: None });
        let step = self.plan(caller, kind, &*self.unscoped_directory().await?).await?;
        let done = self.change_one(title, step).await?;
        done.made().cloned().ok_or_else(|| PortalError::Internal("a policy was made without an id".into()))
    }

    /// Writes a policy, if AWS still has what it had when the editor opened it. AWS keeps no version of policies, so the
    /// present one is read first, under a lock that all of Holdfast shares; the moment between that and the write
    /// cannot be closed against others.
    ///
    /// # Errors
    /// `Stale` where somebody else changed it; else as for creating.
    pub async fn update_policy(
        &self,
        caller: &Caller,
        id: &PolicyId,
        opened: &str,
        draft: PolicyDraft,
    ) -> Result<PolicyDetail, PortalError> {
        self.may(caller, Action::WritePolicy, &Resource::Visible).await?;
        checked([text::TOKEN.check("opened", opened)])?;
        self.check_draft(&draft)?;
        let directory = self.unscoped_directory().await?;
        let policy = directory.policy_ref(id);
        let title = format!("Edit policy “{}”", policy.name);
        let (opened, before, after) = (opened.to_owned(), None, None);
        let edit = EditPolicy { policy, opened, draft: draft.clone(), before, after };
        let step = self.plan(caller, StepKind::EditPolicy(Box::new(edit)), &directory).await?;
        let known = detail(&self.sight(caller).await?, directory.policies.get(id).ok_or(NO_POLICY)?);
        let done = match self.change_one(title, step).await {
            Err(PortalError::Failed(failure)) => return Err(self.as_seen(caller, *failure).await),
            done => done?,
        };
        match self.detail(caller, id).await {
            Ok(detail) => Ok(detail),
            // It is saved, whatever becomes of the page: what was known before, with what was written.
            Err(error) => {
                tracing::warn!(%error, "the page of a saved policy cannot be read");
                Ok(saved(known, done, draft))
            }
        }
    }

    /// A failed save for the eyes of its caller: the policy that somebody else saved, with those of its targets that the
    /// caller may see.
    async fn as_seen(&self, caller: &Caller, failure: Failure) -> PortalError {
        let FailureCode::Stale { current } = &failure.code else {
            return PortalError::Failed(Box::new(failure));
        };
        match self.detail(caller, &current.id).await {
            Ok(detail) => PortalError::Stale(Box::new(detail)),
            Err(_) => PortalError::Failed(Box::new(failure)),
        }
    }

    /// Deletes an unattached policy that still is as it was read; `read` is its fingerprint.
    ///
    /// # Errors
    /// `Stale` where somebody changed it since; as [`Self::delete_policy`].
    pub async fn delete_policy_as_read(
        &self,
        caller: &Caller,
        id: &PolicyId,
        read: &str,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::DeletePolicy, &Resource::Visible).await?;
        let current = self.detail(caller, id).await?;
        if current.fingerprint() != read {
            return Err(PortalError::Stale(Box::new(current)));
        }
        self.delete_policy(caller, id).await
    }

    /// Deletes an unattached policy.
    ///
    /// # Errors
    /// `Conflict` where it is attached; else where the caller may not, or AWS or the database fails.
    pub async fn delete_policy(&self, caller: &Caller, id: &PolicyId) -> Result<(), PortalError> {
        self.may(caller, Action::DeletePolicy, &Resource::Visible).await?;
        let directory = self.unscoped_directory().await?;
        let policy = directory.policy_ref(id);
        let title = format!("Delete policy “{}”", policy.name);
        let kind = StepKind::DeletePolicy(DeletePolicy { policy, before: None });
        let step = self.plan(caller, kind, &directory).await?;
        self.change_one(title, step).await.map(drop)
    }

    /// Reads a policy from AWS and keeps it. What somebody else changed is told as what the sync finds is.
    pub(crate) async fn refresh_policy(&self, id: &PolicyId) -> Result<PolicyRecord, PortalError> {
        match self.aws().describe_policy(id).await {
            Ok(record) if self.store().see_policy(&record, self.now()).await? => Ok(record),
            Ok(_) => Err(NO_POLICY),
            Err(e) if e.is_not_found() => {
                self.store().see_policy_gone(id, self.now()).await?;
                Err(NO_POLICY)
            }
            Err(e) => Err(e.into()),
        }
    }

    /// What can be refused before AWS is asked: AWS itself says only that something is wrong, never where.
    fn check_draft(&self, draft: &PolicyDraft) -> Result<(), PortalError> {
        let mut fields: Vec<FieldProblem> = [
            text::POLICY_NAME.check("name", &draft.name),
            text::POLICY_DESCRIPTION.check("description", &draft.description),
        ]
        .into_iter()
        .flatten()
        .collect();
        let content = draft.content.chars().count();
        if content > CONTENT_CHARACTERS {
            let help = "Save it without white space, or split it into two policies.";
            let message =
                format!("AWS takes at most {CONTENT_CHARACTERS} characters; these are {content}. {help}");
            fields.push(FieldProblem { field: "content".into(), message });
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

fn errors(problems: Vec<policy::Problem>) -> Vec<policy::Problem> {
    problems.into_iter().filter(|p| p.severity == Severity::Error).collect()
}

/// A policy's page as it is known to be after it was written.
fn saved(detail: PolicyDetail, done: StepKind, draft: PolicyDraft) -> PolicyDetail {
    let written = match done {
        StepKind::EditPolicy(edit) => edit.after,
        _ => None,
    };
    let [name, description, content] = match written {
        Some(record) => [record.name, record.description, record.content],
        None => [draft.name, draft.description, draft.content],
    };
    PolicyDetail { name, description, content, unread: None, ..detail }
}

fn matches(entry: &PolicyEntry, query: &PolicyQuery) -> bool {
    let attached = match query.attached.as_str() {
        "attached" => !entry.targets.is_empty(),
        // What was never read is not known to be unattached.
        "unattached" => entry.targets.is_empty() && !entry.may_be_attached_anywhere(),
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
        targets_unknown: entry.may_be_attached_anywhere(),
        targets: targets as u64,
        attached_elsewhere: targets < entry.targets.len(),
        accounts: sight.accounts_reached(&entry.targets),
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        unknown: entry.is_unknown(),
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
        unread: entry.unread.clone(),
        targets_unread: entry.targets_unread.clone(),
        attached_elsewhere: targets.len() < entry.targets.len(),
        targets,
        undone: Vec::new(),
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
