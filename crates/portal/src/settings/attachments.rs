//! What turning off the policy type destroys: exported before, put back after.

use std::collections::{BTreeMap, HashSet};

use futures::{StreamExt, TryStreamExt, stream};
use model::{
    PolicyId, TargetId,
    access::{Action, Resource},
    change::{AttachPolicy, ChangeSet, StepKind},
    failure::count,
    organization::{NodeRef, PolicyRef},
    settings::export::{AttachmentExport, ExportView, ExportedAttachment, Standing, attachments_fingerprint},
};

use crate::{
    Caller, Portal, PortalError,
    directory::{Directory, Place},
    error::aws_words,
    sight::Sight,
};

/// Policies whose targets are asked for at once; AWS's rate decides how fast it goes.
const ASKED_AT_ONCE: usize = 4;
/// Named in a refusal.
const NAMED: usize = 5;

const NO_EXPORT: PortalError = PortalError::NotFound { what: "export of that number" };

impl Portal {
    /// An export of attachments, as far as the caller may see their targets, to be kept as a file.
    ///
    /// # Errors
    /// Where the caller may not read, there is no such export, or the database fails.
    pub async fn attachment_export(&self, caller: &Caller, id: i64) -> Result<AttachmentExport, PortalError> {
        self.may(caller, Action::Export, &Resource::Visible).await?;
        let mut export = self.store().attachment_export(id).await?.ok_or(NO_EXPORT)?;
        let sight = self.sight_for(caller, Action::Export).await?;
        export.attachments.retain(|attachment| standing_in(attachment, &sight).is_some());
        Ok(export)
    }

    /// An export beside how things stand today.
    ///
    /// # Errors
    /// Where the caller may not read, there is no such export, or the database fails.
    pub async fn exported_attachments(&self, caller: &Caller, id: i64) -> Result<ExportView, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let export = self.store().attachment_export(id).await?.ok_or(NO_EXPORT)?;
        let AttachmentExport { id, at, by, attachments } = export;
        let sight = self.sight(caller).await?;
        let rows = attachments.into_iter().filter_map(|a| Some((standing_in(&a, &sight)?, a)));
        Ok(ExportView { id, at, by, rows: rows.map(|(standing, a)| (a, standing)).collect() })
    }

    /// Attaches what is missing of an export, in its order, as one change set. Where one is not done, those after it at
    /// its target wait: their order counts.
    ///
    /// # Errors
    /// Where nothing was begun: no such export, nothing of it is missing, the policy type is off, or the caller may not
    /// attach at one of the targets.
    pub async fn put_back_attachments(&self, caller: &Caller, id: i64) -> Result<ChangeSet, PortalError> {
        self.may(caller, Action::AttachPolicy, &Resource::Visible).await?;
        let export = self.store().attachment_export(id).await?.ok_or(NO_EXPORT)?;
        self.policy_type_must_be_on().await?;
        let directory = self.unscoped_directory().await?;
        let missing: Vec<ExportedAttachment> = export
            .attachments
            .into_iter()
            .filter(|attachment| standing(attachment, &directory) == Standing::Missing)
            .collect();
        if missing.is_empty() {
            return Err(PortalError::Conflict(
                "Nothing of this export can be put back: look at how each stands.".into(),
            ));
        }
        let title = format!("Put back {} of export {id}", count(missing.len(), "attachment"));
        let mut steps = Vec::with_capacity(missing.len());
        for ExportedAttachment { target, policy } in missing {
            let attach = AttachPolicy { policy, target, export: Some(id) };
            steps.push(self.plan(caller, StepKind::AttachPolicy(attach), &directory).await?);
        }
        self.change_many(title, steps).await
    }

    async fn policy_type_must_be_on(&self) -> Result<(), PortalError> {
        match self.aws().policy_type().await? {
            aws::PolicyTypeStatus::Enabled => Ok(()),
            aws::PolicyTypeStatus::Disabled => Err(PortalError::Conflict(
                "The backup policy type is off. Turn it on first, then put the attachments back.".into(),
            )),
            aws::PolicyTypeStatus::Changing => Err(PortalError::Conflict(
                "AWS is still changing the backup policy type. Try again in a minute.".into(),
            )),
        }
    }

    /// Writes down what AWS has attached now, asked live; answers the export, or `None` where nothing is attached.
    /// Refuses where that is more than what was shown: then it must be shown first.
    pub(crate) async fn export_attachments(
        &self,
        by: &str,
        directory: &Directory,
        shown: &str,
    ) -> Result<Option<(i64, Vec<ExportedAttachment>)>, PortalError> {
        let known = attachments(directory);
        if attachments_fingerprint(&known) != shown {
            return Err(PortalError::Conflict(
                "The list of attachments changed since it was shown. Look at it again, then confirm.".into(),
            ));
        }
        let live = self.live_attachments(directory).await?;
        let known: HashSet<_> = known.into_iter().map(|(node, policy)| (node.id, policy.id)).collect();
        let more: Vec<String> = live
            .iter()
            .filter(|a| !known.contains(&(a.target.id.clone(), a.policy.id.clone())))
            .map(|a| format!("“{}” at {} ({})", a.policy.name, a.target.name, a.target.id))
            .collect();
        if let Some(some) = more.get(..more.len().min(NAMED)).filter(|some| !some.is_empty()) {
            // The next sync shows them; then they can be confirmed.
            self.0.sync.request(store::SyncPart::Organization);
            return Err(PortalError::Conflict(format!(
                "AWS has {} that the list does not show yet: {}{}. A sync has been asked for. Look at the list again when it is done, then confirm.",
                count(more.len(), "attachment"),
                some.join(", "),
                if more.len() > NAMED { ", …" } else { "" },
            )));
        }
        if live.is_empty() {
            return Ok(None);
        }
        let id = self.store().add_attachment_export(by, &live, self.now()).await?;
        Ok(Some((id, live)))
    }

    /// Every attachment that AWS has now: target by target in the tree's order, at each in the order that is known.
    async fn live_attachments(&self, directory: &Directory) -> Result<Vec<ExportedAttachment>, PortalError> {
        let mut policies: BTreeMap<PolicyId, String> = BTreeMap::new();
        let mut token = None;
        loop {
            let page = self.aws().policies_page(token.as_deref()).await.map_err(unread)?;
            policies.extend(page.rows.into_iter().map(|head| (head.id, head.name)));
            match page.next {
                Some(next) => token = Some(next),
                None => break,
            }
        }
        let asked = stream::iter(policies.keys().cloned()).map(|id| async move {
            let targets = self.targets_of(&id).await?;
            Ok::<_, PortalError>(targets.into_iter().map(|t| (t, id.clone())).collect::<Vec<_>>())
        });
        let pairs: Vec<Vec<(TargetId, PolicyId)>> =
            asked.buffer_unordered(ASKED_AT_ONCE).try_collect().await?;
        let mut pairs: Vec<(TargetId, PolicyId)> = pairs.into_iter().flatten().collect();
        pairs.sort_by_key(|(target, policy)| order(directory, target, policy));
        let named = |(target, policy): (TargetId, PolicyId)| {
            let name = policies.get(&policy).cloned().unwrap_or_default();
            ExportedAttachment {
                target: NodeRef { name: directory.name(&target), id: target },
                policy: PolicyRef { id: policy, name },
            }
        };
        Ok(pairs.into_iter().map(named).collect())
    }

    async fn targets_of(&self, policy: &PolicyId) -> Result<Vec<TargetId>, PortalError> {
        let (mut targets, mut token) = (Vec::new(), None);
        loop {
            let page = match self.aws().targets_page(policy, token.as_deref()).await {
                // Deleted since it was listed: what is deleted was attached nowhere.
                Err(error) if error.is_not_found() => return Ok(Vec::new()),
                answer => answer.map_err(unread)?,
            };
            targets.extend(page.rows);
            match page.next {
                Some(next) => token = Some(next),
                None => return Ok(targets),
            }
        }
    }
}

/// Without a full list nothing is turned off.
fn unread(error: aws::AwsError) -> PortalError {
    tracing::warn!(%error, "attachments cannot be exported");
    PortalError::Conflict(format!(
        "Nothing was turned off, since the attachments could not be exported first: {} answers “{}”.",
        error.operation,
        aws_words(&error)
    ))
}

/// Where an attachment stands among all; what is not known comes last.
fn order(directory: &Directory, target: &TargetId, policy: &PolicyId) -> (usize, TargetId, usize, PolicyId) {
    let place = directory.position(target).unwrap_or(usize::MAX);
    let at = directory.place(target).and_then(|p| p.policies.iter().position(|id| id == policy));
    (place, target.clone(), at.unwrap_or(usize::MAX), policy.clone())
}

fn standing(attachment: &ExportedAttachment, directory: &Directory) -> Standing {
    let ExportedAttachment { target, policy } = attachment;
    stands(policy, directory.place(&target.id), directory.policies.contains_key(&policy.id))
}

/// What turning off the policy type detaches, target by target from the root down.
pub(super) fn attachments(directory: &Directory) -> Vec<(NodeRef, PolicyRef)> {
    let at = |place: &Place| {
        let node = place.reference();
        place.policies.iter().map(|id| (node.clone(), directory.policy_ref(id))).collect::<Vec<_>>()
    };
    directory.places.iter().flat_map(at).collect()
}

/// The same, as a caller may see it; `None` where they may not see the target.
pub(super) fn standing_in(attachment: &ExportedAttachment, sight: &Sight) -> Option<Standing> {
    let ExportedAttachment { target, policy } = attachment;
    let place = sight.shown(&target.id);
    let told = place.is_some() || sight.is_whole();
    told.then(|| stands(policy, place, sight.policy(&policy.id).is_some()))
}

fn stands(policy: &PolicyRef, target: Option<&Place>, exists: bool) -> Standing {
    match target {
        None => Standing::TargetGone,
        Some(place) if place.policies.contains(&policy.id) => Standing::Attached,
        Some(_) if !exists => Standing::PolicyGone,
        Some(_) => Standing::Missing,
    }
}
