//! The organization: the frame around every page, the tree, one place in it, and the search that jumps anywhere.

use model::{
    TargetKind,
    access::Action,
    organization::{AttachedPolicy, Jump, TargetDetail, Tree, TreeQuery},
    paths,
    session::{Frame, Freshness, OrganizationHead},
};
use store::SyncPart;

use crate::{Caller, Portal, PortalError, authorize, directory::Directory, off_reactor, tree};

/// Hits of the jump search at most.
const HITS: usize = 20;

impl Portal {
    /// What every page shows around its content; for nobody, nothing but whether this is a simulation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn frame(&self, caller: Option<&Caller>) -> Result<Frame, PortalError> {
        let nobody = Frame {
            me: None,
            organization: None,
            freshness: Freshness::default(),
            simulated: self.0.simulated,
        };
        let Some(caller) = caller else { return Ok(nobody) };
        authorize(caller, Action::Read)?;
        let directory = self.directory().await?;
        let mut freshness = self.store().freshness(self.now()).await?;
        freshness.now = Some(self.now());
        Ok(Frame {
            me: Some(caller.me()),
            organization: head(&directory),
            freshness,
            simulated: self.0.simulated,
        })
    }

    /// The tree, as far as the query opens it.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn tree(&self, caller: &Caller, query: &TreeQuery) -> Result<Tree, PortalError> {
        authorize(caller, Action::Read)?;
        let (directory, query, now) = (self.directory().await?, query.clone(), self.now());
        off_reactor(move || tree::tree(&directory, &query, now)).await
    }

    /// One place with everything that applies there.
    ///
    /// # Errors
    /// Where there is no such place, the caller may not read, or the database fails.
    pub async fn target(&self, caller: &Caller, id: &str) -> Result<TargetDetail, PortalError> {
        authorize(caller, Action::Read)?;
        let not_found = || PortalError::NotFound { what: "root, OU or account" };
        let id = id.parse().map_err(|_| not_found())?;
        let directory = self.directory().await?;
        let place = directory.place(&id).ok_or_else(not_found)?;
        let ancestors = directory.ancestors(place);
        let policies = directory.levels(place).flat_map(|level| {
            let attached = |id| AttachedPolicy {
                policy: directory.policy_ref(id),
                at: level.reference(),
                direct: level.node.id == place.node.id,
            };
            level.policies.iter().map(attached).collect::<Vec<_>>()
        });
        Ok(TargetDetail {
            policies: policies.collect(),
            ancestors: ancestors.iter().map(|a| a.reference()).collect(),
            node: place.node.clone(),
            accounts_below: place.accounts_below,
            ous_below: place.ous_below,
            seen_at: directory.seen_at(place),
        })
    }

    /// Accounts, OUs, policies, jobs and pages whose name or id holds the text; at most 20.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn jump(&self, caller: &Caller, text: &str) -> Result<Vec<Jump>, PortalError> {
        authorize(caller, Action::Read)?;
        let typed = text.trim();
        let text = typed.to_lowercase();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let directory = self.directory().await?;
        let mut hits = pages(&text);
        hits.extend(policies(&directory, &text));
        hits.extend(places(&directory, &text));
        hits.truncate(HITS);
        if hits.is_empty() && text.len() >= 4 {
            hits.extend(self.jobs_by_id(typed).await?);
        }
        Ok(hits)
    }

    /// Asks AWS again now: for everything, or for jobs alone.
    ///
    /// # Errors
    /// Where the caller may not, or the audit entry cannot be written.
    pub async fn request_sync(&self, caller: &Caller, jobs_only: bool) -> Result<(), PortalError> {
        authorize(caller, Action::Sync)?;
        let change = crate::audit::Change {
            action: model::audit::AuditAction::SyncRequested,
            target: "",
            target_name: "",
        };
        self.audited(caller, change, async |_| {
            if !jobs_only {
                self.0.sync.request(SyncPart::Organization);
            }
            self.0.sync.request(SyncPart::Jobs);
            let detail = if jobs_only { "asked for new jobs" } else { "asked for a sync" };
            Ok(crate::audit::Done { value: (), request_id: None, detail: detail.into() })
        })
        .await
    }
}

fn head(directory: &Directory) -> Option<OrganizationHead> {
    let facts = directory.facts.as_ref()?;
    Some(OrganizationHead {
        id: facts.id.clone(),
        name: directory.organization_name().unwrap_or_else(|| facts.id.clone()),
        management_account_id: facts.management_account.to_string(),
    })
}

fn pages(text: &str) -> Vec<Jump> {
    const PAGES: [(&str, &str); 7] = [
        ("Overview", paths::OVERVIEW),
        ("Organization", paths::ORGANIZATION),
        ("Policies", paths::POLICIES),
        ("Create policy", paths::NEW_POLICY),
        ("Jobs", paths::JOBS),
        ("Settings", paths::SETTINGS),
        ("Audit", paths::AUDIT),
    ];
    let found = PAGES.into_iter().filter(|(title, _)| title.to_lowercase().contains(text));
    found
        .map(|(title, href)| Jump {
            kind: "Page".into(),
            title: title.into(),
            hint: href.into(),
            href: href.into(),
        })
        .collect()
}

fn policies(directory: &Directory, text: &str) -> Vec<Jump> {
    let found = directory.policies.values().map(|p| &p.stored.record).filter(|record| {
        record.name.to_lowercase().contains(text) || record.id.as_str().to_lowercase().contains(text)
    });
    found
        .take(HITS / 2)
        .map(|record| Jump {
            kind: "Policy".into(),
            title: record.name.clone(),
            hint: record.id.to_string(),
            href: paths::policy(&record.id),
        })
        .collect()
}

fn places(directory: &Directory, text: &str) -> Vec<Jump> {
    let found = directory.places.iter().filter(|p| p.text.contains(text)).take(HITS);
    found
        .map(|place| Jump {
            kind: place.node.id.kind().word().into(),
            title: place.node.name.clone(),
            hint: if place.node.id.kind() == TargetKind::Account {
                place.node.id.to_string()
            } else {
                directory
                    .ancestors(place)
                    .iter()
                    .map(|a| a.node.name.as_str())
                    .collect::<Vec<_>>()
                    .join(" / ")
            },
            href: paths::target(&place.node.id),
        })
        .collect()
}
